"""Error pages: a sentence that helps, and a lesson's answers carried along to be sent again."""

import html
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from elearn.errors import Conflict, ElearnError, Forbidden, Invalid
from elearn.web.request import session as request_session
from tests import builders
from tests.content import folders
from tests.web import town
from tests.web.pages import test_learn as learn


@pytest.fixture
def sara(sqlite_app: Flask) -> FlaskClient:
    return town.login(sqlite_app, town.build(sqlite_app.extensions["elearn"].engine).people["employee"])


def carried(page: str) -> dict[str, str]:
    """The hidden fields of the form that sends the answers again."""
    form = page.partition('<form method="post" action="/kurs/forskola/1">')[2].partition("</form>")[0]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {html.unescape(name): html.unescape(value) for name, value in fields}


def fill_the_disk(**_address: object) -> tuple[str, int]:
    """SQLite's own limit of pages stands for a disk without room: the same error, from the same place."""
    request_session().connection().exec_driver_sql("PRAGMA max_page_count=1")
    builders.unit(request_session(), "NY", name="x" * 500_000)
    return "", 200


def break_down(**_address: object) -> tuple[str, int]:
    raise RuntimeError("vår")


@pytest.mark.parametrize(("view", "status"), [(fill_the_disk, 503), (break_down, 500)])
def test_answers_are_carried_over_a_fault_of_ours(
    sqlite_app: Flask, sara: FlaskClient, view: object, status: int
) -> None:
    working = sqlite_app.view_functions["lesson.submit"]
    sqlite_app.view_functions["lesson.submit"] = view  # type: ignore[assignment]
    sent = learn.lesson_answers()
    page = learn.send(sara, learn.LESSON, sent)
    assert page.status_code == status
    fields = carried(page.text)
    assert {name: fields.get(name) for name in sent} == sent
    sqlite_app.view_functions["lesson.submit"] = working
    sqlite_app.extensions["elearn"].engine.dispose()
    assert sara.post(learn.LESSON, data=fields).status_code == 303


def test_answers_are_carried_over_a_form_that_stood_open_too_long(sara: FlaskClient) -> None:
    """The token that was refused is not among them."""
    page = sara.get(learn.CHECK).text
    form = {"csrf_token": "gammal", "attempt": learn.field(page, "attempt"), **learn.lesson_answers()}
    refused = sara.post(learn.LESSON, data=form)
    assert refused.status_code == 400
    fields = carried(refused.text)
    assert fields.pop("csrf_token") not in ("gammal", "")
    assert fields == {name: value for name, value in form.items() if name != "csrf_token"}


@pytest.mark.parametrize(
    ("error", "status"), [(Forbidden("Det får VPC."), 403), (Conflict("Nytt."), 409), (Invalid("Fel."), 422)]
)
def test_a_refusal_says_its_own_sentence(
    sqlite_app: Flask, sara: FlaskClient, error: ElearnError, status: int
) -> None:
    def refuse() -> str:
        raise error

    sqlite_app.view_functions["start.start_page"] = refuse
    page = sara.get("/")
    assert page.status_code == status
    assert str(error) in page.text


def test_an_address_that_does_not_exist_says_so_and_leads_on(sara: FlaskClient) -> None:
    page = sara.get("/finns-inte")
    assert page.status_code == 404
    assert "<h1>Sidan finns inte</h1>" in page.text
    assert '<a class="btn" href="/">Till startsidan</a>' in page.text
    assert sara.delete("/").status_code == 405


MENU = re.compile(r'<nav aria-label="Sidor">.*?</nav>', re.DOTALL)


def menu(page: str) -> list[str]:
    found = MENU.search(page)
    return re.findall(r'href="([^"]+)"', found[0]) if found else []


@pytest.mark.parametrize("path", ["/min-enhet", "/kurs/finns-inte", "/tackning?datum=x"])
def test_an_error_page_keeps_the_menu_of_whoever_is_logged_in(sqlite_app: Flask, path: str) -> None:
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    vpc = town.login(sqlite_app, people["vpc"])
    page = vpc.get(path)
    assert page.status_code in (403, 404, 422)
    assert menu(page.text) == menu(vpc.get("/").text)
    assert "Inloggad som Karin Vpc" in page.text


def test_an_address_that_does_not_exist_asks_no_database_and_still_leads_back_and_out(
    sqlite_app: Flask, sara: FlaskClient
) -> None:
    page = sara.get("/finns-inte").text
    assert menu(page) == ["/", "/stod"]
    assert 'action="/logga-ut"' in page
    token = town.token_in(page)
    assert sara.post("/logga-ut", data={"csrf_token": token}).status_code == 303
    assert menu(sqlite_app.test_client().get("/finns-inte").text) == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "Hör av dig till Våldspreventivt center, VPC."),
        (
            {"contact_email": "vpc@kommun.example"},
            'Våldspreventivt center, VPC: <a href="mailto:vpc@kommun.example">vpc@kommun.example</a>.',
        ),
        (
            {"contact_phone": "08-530 610 00"},
            'Våldspreventivt center, VPC: <a class="n" href="tel:+46853061000">08-530 610 00</a>.',
        ),
        (
            {"contact_email": "vpc@kommun.example", "contact_phone": "08-530 610 00"},
            'vpc@kommun.example</a> eller <a class="n" href="tel:+46853061000">08-530 610 00</a>.',
        ),
    ],
)
def test_a_refused_page_tells_how_to_reach_vpc_as_the_municipality_has_set_it(
    sqlite_url: str, tmp_path: Path, more: dict[str, str], expected: str
) -> None:
    app = town.application(sqlite_url, folders.write(tmp_path / "c"), **more)
    people = town.build(app.extensions["elearn"].engine).people
    assert expected in town.login(app, people["employee"]).get("/tackning").text
    app.extensions["elearn"].engine.dispose()
