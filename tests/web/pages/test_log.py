"""/logg: the auditor reads the journal, and nobody else does (S54)."""

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import town


@pytest.fixture
def client(sqlite_app: Flask) -> FlaskClient:
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    return town.login(sqlite_app, people["auditor"])


def text(client: FlaskClient, address: str) -> str:
    return html.unescape(client.get(address).text)


def test_the_log_tells_who_did_what_and_that_it_is_whole(client: FlaskClient) -> None:
    page = text(client, "/logg")
    assert "Loggen är hel: 5 poster." in page
    assert "Gav en behörighet" in page
    assert "Greta Auditor (n-auditor)" in page
    assert "anna, från kommandoraden" in page
    assert '<a href="/logg" aria-current="page">Logg</a>' in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("slag=granted-role", "5 poster</h2>"),
        ("slag=set-goal", "0 poster</h2>"),
        ("slag=finns-inte", "0 poster</h2>"),
        ("vem=anna", "5 poster</h2>"),
        ("vem=bo", "0 poster</h2>"),
        ("fran=2020-01-01", "5 poster</h2>"),
        ("till=2020-01-01", "0 poster</h2>"),
        ("sida=99999999999999999999", "5 poster</h2>"),
        ("sida=-1", "5 poster</h2>"),
        ("kontrollera=1", "Loggen är hel"),
    ],
)
def test_the_log_is_searched(client: FlaskClient, query: str, count: str) -> None:
    answer = client.get(f"/logg?{query}")
    assert answer.status_code == 200
    assert count in answer.text


def test_a_day_that_is_none_is_told_at_its_field(client: FlaskClient) -> None:
    page = text(client, "/logg?fran=igår")
    assert "Fel: ”igår” är inget datum." in page
    assert '<a href="#fran">' in page


def test_a_persons_page_that_vpc_opens_stands_in_the_log_once(sqlite_app: Flask) -> None:
    """S54."""
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    for role in ("vpc", "vpc", "coordinator"):
        viewer = town.login(sqlite_app, people[role])
        assert viewer.get(f"/malgrupp/person/{people['employee']}").status_code == 200
    page = text(town.login(sqlite_app, people["auditor"]), "/logg?slag=looked-up-person")
    assert "1 post</h2>" in page
    assert "Karin Vpc" in page
    assert "Sara Employee (n-employee)" in page
