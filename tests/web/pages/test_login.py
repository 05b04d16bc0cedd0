"""Logging in, choosing a password, and answers that follow through a lost login."""

import datetime as dt
import html
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from elearn import clock, database
from elearn.identity import actions, passwords
from elearn.identity import queries as identity_queries
from elearn.identity.models import LoginFailure, LoginSession
from elearn.people.models import Person
from tests import builders
from tests.content import folders
from tests.web import town

PASSWORD = "lugn promenad vid sjön"
HASH = passwords.hash_password(PASSWORD)


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        session.execute(
            sa.update(Person)
            .where(Person.id.in_([people["employee"], people["ex-employee"]]))
            .values(password_hash=HASH)
        )
    return people


def send(client: FlaskClient, name: str, password: str, **more: str):  # type: ignore[no-untyped-def]
    token = town.token_in(client.get("/logga-in").text)
    return client.post(
        "/logga-in", data={"csrf_token": token, "anstallningsnr": name, "losenord": password, **more}
    )


@pytest.mark.parametrize(
    "name", ["n-employee", " n-employee ", "employee@kommun.example", "EMPLOYEE@kommun.example"]
)
def test_number_or_mail_and_password_let_in(app: Flask, people: dict[str, int], name: str) -> None:
    client = app.test_client()
    response = send(client, name, PASSWORD, vidare="/kurs/forskola")
    assert (response.status_code, response.headers["Location"]) == (303, "/kurs/forskola")
    assert "Hej Sara" in client.get("/").text


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("n-employee", "fel lösenord här"),
        ("okänd", PASSWORD),
        ("n-ex-employee", PASSWORD),
        ("n-vpc", PASSWORD),
    ],
)
def test_whatever_is_wrong_looks_the_same(
    app: Flask, people: dict[str, int], name: str, password: str
) -> None:
    """S23: a wrong password, nobody, one who has left, one who has no password."""
    response = send(app.test_client(), name, password)
    assert response.status_code == 422
    assert '<a href="#anstallningsnr">' not in response.text
    assert '<a href="#losenord">Numret eller lösenordet stämmer inte.' in response.text
    assert "<title>Fel: Logga in" in response.text
    assert password not in response.text


def test_empty_fields_are_told_with_links(app: Flask, people: dict[str, int]) -> None:
    response = send(app.test_client(), "", "")
    assert response.status_code == 422
    assert '<a href="#anstallningsnr">Skriv ditt anställningsnummer' in response.text


def test_a_login_leads_only_to_our_own_pages(app: Flask, people: dict[str, int]) -> None:
    """S26."""
    for evil in ("//ond.se", "https://ond.se", "/\\ond.se"):
        assert send(app.test_client(), "n-employee", PASSWORD, vidare=evil).headers["Location"] == "/"


def test_after_five_failures_the_account_waits_and_others_do_not(app: Flask, people: dict[str, int]) -> None:
    """S11."""
    for _ in range(5):
        assert send(app.test_client(), "n-employee", "fel lösenord här").status_code == 422
    waiting = send(app.test_client(), "n-employee", PASSWORD)
    assert waiting.status_code == 429
    assert "Vänta" in waiting.text
    assert send(app.test_client(), "n-manager", "fel lösenord här").status_code == 422
    with database.transaction(app.extensions["elearn"].engine) as session:
        session.execute(sa.update(LoginFailure).values(failed_at=clock.now() - dt.timedelta(minutes=16)))
    assert send(app.test_client(), "n-employee", PASSWORD).status_code == 303


def change(client: FlaskClient, **fields: str):  # type: ignore[no-untyped-def]
    token = town.token_in(client.get("/losenord").text)
    return client.post("/losenord", data={"csrf_token": token, **fields})


NEW = "grön cykel över bron"


def test_a_change_of_password_ends_other_logins_and_keeps_this_one(
    app: Flask, people: dict[str, int]
) -> None:
    """S9."""
    client, other = app.test_client(), app.test_client()
    send(client, "n-employee", PASSWORD)
    send(other, "n-employee", PASSWORD)
    assert change(client, nuvarande=PASSWORD, losenord=NEW, losenord_igen=NEW).status_code == 303
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 303
    assert send(app.test_client(), "n-employee", PASSWORD).status_code == 422
    assert send(app.test_client(), "n-employee", NEW).status_code == 303


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"nuvarande": "fel", "losenord": NEW, "losenord_igen": NEW},
            "Ditt nuvarande lösenord stämmer inte.",
        ),
        ({"nuvarande": PASSWORD, "losenord": "kort", "losenord_igen": "kort"}, "minst 15 tecken"),
        (
            {"nuvarande": PASSWORD, "losenord": NEW, "losenord_igen": NEW + "x"},
            "samma lösenord i båda fälten",
        ),
        ({"nuvarande": PASSWORD, "losenord": "", "losenord_igen": ""}, "Skriv ett nytt lösenord."),
    ],
)
def test_a_password_that_cannot_be_is_422_and_changes_nothing(
    app: Flask, people: dict[str, int], fields: dict[str, str], expected: str
) -> None:
    """S13."""
    client = town.login(app, people["employee"])
    response = change(client, **fields)
    assert response.status_code == 422
    assert expected in response.text
    with database.snapshot(app.extensions["elearn"].engine) as session:
        assert session.scalar(sa.select(Person.password_hash).where(Person.id == people["employee"])) == HASH


def test_a_code_from_the_manager_chooses_a_password_once(app: Flask, people: dict[str, int]) -> None:
    engine = app.extensions["elearn"].engine
    with database.transaction(engine) as session:
        invitees = [
            one
            for one in identity_queries.people_to_invite(session, None, town.TODAY)
            if one.person.person_id == people["manager"]
        ]
        (handout,) = actions.create_invitations(session, builders.deed(now=clock.now()), invitees)
    client = app.test_client()
    response = change(client, kod=handout.code.lower().replace("-", " "), losenord=NEW, losenord_igen=NEW)
    assert response.status_code == 303
    assert "Hej Johan" in client.get("/").text
    again = change(app.test_client(), kod=handout.code, losenord=NEW, losenord_igen=NEW)
    assert again.status_code == 422
    assert "Koden stämmer inte eller har gått ut" in again.text


def test_logging_out_ends_the_row(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["employee"])
    token = town.token_in(client.get("/").text)
    response = client.post("/logga-ut", data={"csrf_token": token})
    assert (response.status_code, response.headers["Location"]) == (303, "/logga-in")
    with database.snapshot(app.extensions["elearn"].engine) as session:
        assert session.scalars(sa.select(LoginSession.ended_at)).all() != [None]


def test_personas_are_listed_in_the_demonstration_only(sqlite_url: str, tmp_path: Path) -> None:
    for is_demo in (False, True):
        app = town.application(sqlite_url, folders.write(tmp_path / "c"), demo=is_demo)
        page = app.test_client().get("/logga-in").text
        assert ("Sara Lindell" in page) is is_demo
        app.extensions["elearn"].engine.dispose()


def hidden(page: str) -> dict[str, str]:
    main = page.partition("<main")[2]
    return {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main)
    }


def test_a_form_with_an_old_token_offers_to_send_the_answers_again(
    app: Flask, people: dict[str, int]
) -> None:
    client = town.login(app, people["employee"])
    client.get("/kurs/forskola/1")
    refused = client.post(
        "/kurs/forskola/1", data={"csrf_token": "gammal", "attempt": "a", "grunder-racker": "valt"}
    )
    assert refused.status_code == 400
    fields = hidden(refused.text)
    assert fields["grunder-racker"] == "valt"
    assert fields["csrf_token"] != "gammal"
