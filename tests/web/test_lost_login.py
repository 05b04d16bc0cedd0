"""The login is gone when a form is sent: one page asks for it, and the answers go on to their lesson
(pages.md, rule 5; S8, S10)."""

import html
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn import database
from elearn.identity import passwords
from elearn.people.models import Person
from elearn.training.models import Attempt
from tests.web import town
from tests.web.pages import test_learn as learn

PASSWORD = "lugn promenad vid sjön"
WHO = {"anstallningsnr": "n-employee", "losenord": PASSWORD}


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        known = sa.update(Person).where(Person.id.in_([people["employee"], people["neighbour"]]))
        session.execute(known.values(password_hash=passwords.hash_password(PASSWORD)))
    return people


@pytest.fixture
def sara(app: Flask, people: dict[str, int]) -> FlaskClient:
    return town.login(app, people["employee"])


def read_form(client: FlaskClient) -> dict[str, str]:
    """The lesson's form as somebody has filled it in."""
    page = client.get(learn.LESSON + "/kontrollera").text
    return {
        "csrf_token": town.token_in(page),
        "attempt": learn.field(page, "attempt"),
        **learn.lesson_answers(),
    }


def lose_cookie(client: FlaskClient) -> None:
    """The browser was closed, or the telephone has emptied its memory: the token goes with the login."""
    client.delete_cookie("elearn")


def go_idle(client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie["seen_at"] = 0


def hidden(page: str) -> dict[str, str]:
    main = page.partition("<main")[2]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main)
    return {name: html.unescape(value) for name, value in found}


def attempt_count(app: Flask) -> int:
    with database.snapshot(app.extensions["elearn"].engine) as session:
        return session.scalar(sa.select(sa.func.count(Attempt.id))) or 0


def assert_is_the_way_in(response: TestResponse) -> None:
    assert "<h1>Du har blivit utloggad</h1>" in response.text
    assert response.text.count('<form method="post" action="/logga-in"') == 1


@pytest.mark.parametrize("lose", [lose_cookie, go_idle])
def test_one_page_stands_between_the_answers_and_their_answer_page(
    app: Flask, sara: FlaskClient, lose: object
) -> None:
    form = read_form(sara)
    lose(sara)  # type: ignore[operator]
    lost = sara.post(learn.LESSON, data=form)
    assert lost.status_code == 401
    assert_is_the_way_in(lost)
    assert "Dina svar finns kvar." in lost.text
    assert attempt_count(app) == 0
    received = sara.post("/logga-in", data=hidden(lost.text) | WHO)
    assert (received.status_code, received.headers["Location"]) == (303, learn.LESSON + "/svar")
    assert attempt_count(app) == 1
    assert sara.get(learn.LESSON + "/svar").status_code == 200


def test_a_wrong_password_keeps_the_answers_and_the_next_sends_them(app: Flask, sara: FlaskClient) -> None:
    form = read_form(sara)
    lose_cookie(sara)
    lost = sara.post(learn.LESSON, data=form)
    wrong = sara.post("/logga-in", data=hidden(lost.text) | WHO | {"losenord": "fel lösenord här"})
    assert wrong.status_code == 422
    assert "Dina svar finns kvar." in wrong.text
    right = sara.post("/logga-in", data=hidden(wrong.text) | WHO)
    assert right.headers["Location"] == learn.LESSON + "/svar"
    assert attempt_count(app) == 1


def test_answers_that_miss_one_come_back_as_the_form_after_the_login(app: Flask, sara: FlaskClient) -> None:
    form = read_form(sara)
    del form["grunder-racker"]
    lose_cookie(sara)
    lost = sara.post(learn.LESSON, data=form)
    shown = sara.post("/logga-in", data=hidden(lost.text) | WHO)
    assert shown.status_code == 422
    assert f'<form method="post" action="{learn.LESSON}"' in shown.text
    assert attempt_count(app) == 0
    again = form | learn.lesson_answers() | {"csrf_token": town.token_in(shown.text)}
    assert sara.post(learn.LESSON, data=again).status_code == 303


def test_somebody_else_who_logs_in_sends_nobodys_answers(app: Flask, sara: FlaskClient) -> None:
    """On a shared computer: neither as their own nor as the other's, and without seeing them."""
    form = read_form(sara)
    lose_cookie(sara)
    lost = sara.post(learn.LESSON, data=form)
    other = sara.post("/logga-in", data=hidden(lost.text) | WHO | {"anstallningsnr": "n-neighbour"})
    assert (other.status_code, other.headers["Location"]) == (303, learn.LESSON)
    assert " checked" not in sara.get(learn.LESSON).text
    assert attempt_count(app) == 0


def test_the_cookie_of_before_the_login_is_worth_nothing_after(sara: FlaskClient) -> None:
    """S8: not even its token, though the answers went on in the same request."""
    form = read_form(sara)
    lose_cookie(sara)
    lost = sara.post(learn.LESSON, data=form)
    fields = hidden(lost.text)
    with sara.session_transaction() as cookie:
        before = dict(cookie)
    assert sara.post("/logga-in", data=fields | WHO).status_code == 303
    with sara.session_transaction() as cookie:
        assert set(cookie) == {"_user_id", "seen_at"}
        assert set(before) == {"csrf_token"}
    assert sara.post("/logga-ut", data=fields).status_code == 400


def test_what_another_site_sends_is_not_offered_to_whoever_logs_in(app: Flask, sara: FlaskClient) -> None:
    """S10: a forged form without a login does nothing, and leaves nothing for the next login to send."""
    form = read_form(sara)
    stranger = app.test_client()
    forged = stranger.post(learn.LESSON, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert forged.status_code == 401
    assert "svar-" not in forged.text
    assert attempt_count(app) == 0


def test_a_login_without_a_token_sends_nothing(app: Flask, sara: FlaskClient) -> None:
    """S10."""
    form = read_form(sara)
    carried = {f"svar-{name}": value for name, value in form.items()} | {"vidare": learn.LESSON}
    assert app.test_client().post("/logga-in", data=carried | WHO).status_code == 400
    assert attempt_count(app) == 0


def test_a_form_that_carries_no_answers_asks_for_the_login_and_leads_back(
    app: Flask, people: dict[str, int]
) -> None:
    stranger = app.test_client()
    lost = stranger.post("/kurs/forskola/1", data={"csrf_token": "x"})
    assert lost.status_code == 401
    assert_is_the_way_in(lost)
    assert "Dina svar finns kvar" not in lost.text
    assert stranger.post("/logga-in", data=hidden(lost.text) | WHO).headers["Location"] == "/kurs/forskola/1"


def test_answers_that_a_fault_of_ours_stopped_after_the_login_can_be_sent_from_its_page(
    app: Flask, sara: FlaskClient
) -> None:
    form = read_form(sara)
    lose_cookie(sara)
    fields = hidden(sara.post(learn.LESSON, data=form).text)
    engine = app.extensions["elearn"].engine

    def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO attempt"):
            raise RuntimeError("vår")

    sa.event.listen(engine, "before_cursor_execute", refuse)
    failed = sara.post("/logga-in", data=fields | WHO)
    sa.event.remove(engine, "before_cursor_execute", refuse)
    assert failed.status_code == 500
    assert f'<form method="post" action="{learn.LESSON}">' in failed.text
    assert sara.post(learn.LESSON, data=hidden(failed.text)).status_code == 303


def test_who_is_logged_in_and_sends_an_old_token_is_told_that_the_page_stood_open(
    sara: FlaskClient,
) -> None:
    refused = sara.post(learn.LESSON, data=read_form(sara) | {"csrf_token": "gammal"})
    assert refused.status_code == 400
    assert "<h1>Sidan hade stått öppen för länge</h1>" in refused.text
    assert hidden(refused.text)["csrf_token"] != "gammal"
    assert sara.post(learn.LESSON, data=hidden(refused.text)).status_code == 303
