"""/behorigheter: who may do what, given and taken away by whoever showed lately who they are (S6, S8, S9)."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn import clock, database
from elearn.identity import actions, grants, passwords
from elearn.identity.models import LoginSession
from elearn.journal.models import JournalEntry
from elearn.people.models import AccessGrant, OrgUnit, Person
from tests.web import town

PASSWORD = "tolv gröna äggkoppar"


@pytest.fixture
def people(sqlite_app: Flask) -> dict[str, int]:
    return town.build(sqlite_app.extensions["elearn"].engine).people


@pytest.fixture
def client(sqlite_app: Flask, people: dict[str, int]) -> FlaskClient:
    return town.login(sqlite_app, people["administrator"])


def send(client: FlaskClient, id: int, act: str, role: str, department: str = "") -> TestResponse:
    token = town.token_in(client.get("/behorigheter").text)
    form = {"csrf_token": token, "gor": act, "roll": role, "forvaltning": department}
    return client.post(f"/behorigheter/{id}", data=form)


def held(app: Flask, id: int) -> set[tuple[str, str | None]]:
    with database.snapshot(app.extensions["elearn"].engine) as session:
        rows = session.execute(
            sa.select(AccessGrant.role, OrgUnit.code)
            .outerjoin(OrgUnit, OrgUnit.id == AccessGrant.unit_id)
            .where(AccessGrant.person_id == id)
        )
        return {(role, code) for role, code in rows}


def log_in_earlier(app: Flask, ago: dt.timedelta) -> None:
    with database.transaction(app.extensions["elearn"].engine) as session:
        session.execute(sa.update(LoginSession).values(began_at=clock.now() - ago))


def test_a_role_is_given_and_taken_away_and_ends_the_logins(
    sqlite_app: Flask, client: FlaskClient, people: dict[str, int]
) -> None:
    """S6, S8."""
    sara = people["employee"]
    hers = town.login(sqlite_app, sara)
    assert hers.get("/").status_code == 200
    assert send(client, sara, "ge", "coordinator", "S").status_code == 303
    assert held(sqlite_app, sara) == {("coordinator", "S")}
    assert hers.get("/").status_code == 303
    page = client.get(f"/behorigheter/{sara}").text
    assert "Sara Employee har nu behörigheten förvaltningssamordnare." in page
    assert "Förvaltningssamordnare, Socialförvaltningen" in page
    assert send(client, sara, "ta", "coordinator", "S").status_code == 303
    assert held(sqlite_app, sara) == set()
    with database.snapshot(sqlite_app.extensions["elearn"].engine) as session:
        last = session.execute(
            sa.select(JournalEntry.kind, JournalEntry.actor).order_by(JournalEntry.id.desc()).limit(2)
        )
        mine = f"person:{people['administrator']}"
        assert [tuple(row) for row in last] == [("revoked-role", mine), ("granted-role", mine)]


@pytest.mark.parametrize("act", ["ge", "ta"])
def test_the_same_button_twice_changes_nothing_more(
    sqlite_app: Flask, client: FlaskClient, people: dict[str, int], act: str
) -> None:
    answers = [send(client, people["employee"], act, "vpc").status_code for _ in range(2)]
    assert answers == [303, 303]
    assert "Inget är ändrat." in client.get(f"/behorigheter/{people['employee']}").text
    assert held(sqlite_app, people["employee"]) == ({("vpc", None)} if act == "ge" else set())


def test_nobody_gives_themselves_more(sqlite_app: Flask, client: FlaskClient, people: dict[str, int]) -> None:
    """S6."""
    mirjam = people["administrator"]
    assert "Du kan inte ge dig själv en behörighet." in client.get(f"/behorigheter/{mirjam}").text
    refused = send(client, mirjam, "ge", "vpc")
    assert refused.status_code == 409
    assert held(sqlite_app, mirjam) == {("administrator", None)}


def test_the_last_administrator_who_can_log_in_stays(
    sqlite_app: Flask, client: FlaskClient, people: dict[str, int]
) -> None:
    """S6: a second one counts once there is a way in."""
    mirjam, karin = people["administrator"], people["vpc"]
    assert actions.LAST_ADMINISTRATOR in send(client, mirjam, "ta", "administrator").text
    send(client, karin, "ge", "administrator")
    assert send(client, mirjam, "ta", "administrator").status_code == 409
    assert held(sqlite_app, mirjam) == {("administrator", None)}
    town.login(sqlite_app, karin)
    assert send(client, mirjam, "ta", "administrator").status_code == 303
    assert held(sqlite_app, mirjam) == set()
    assert client.get("/behorigheter").status_code == 303


@pytest.mark.parametrize(
    ("role", "department", "sentence"),
    [
        ("", "", "Välj en behörighet."),
        ("manager", "", "Välj en behörighet."),
        ("kejsare", "", "Välj en behörighet."),
        ("coordinator", "", "Välj förvaltningen"),
        ("coordinator", "UF1", "Förskolan Ängen är ingen förvaltning"),
    ],
)
def test_what_is_missing_is_told_at_its_field(
    sqlite_app: Flask,
    client: FlaskClient,
    people: dict[str, int],
    role: str,
    department: str,
    sentence: str,
) -> None:
    refused = send(client, people["employee"], "ge", role, department)
    assert refused.status_code == 422
    assert f"Fel: {sentence}" in refused.text
    assert held(sqlite_app, people["employee"]) == set()


def test_who_has_left_gets_no_role_and_who_does_not_exist_is_not_found(
    client: FlaskClient, people: dict[str, int]
) -> None:
    assert client.get(f"/behorigheter/{people['ex-employee']}").status_code == 404
    assert client.get("/behorigheter/99999").status_code == 404


def test_people_are_found_by_name_and_number_and_a_protected_identity_by_its_number_alone(
    sqlite_app: Flask, client: FlaskClient, people: dict[str, int]
) -> None:
    """S52."""
    assert f"/behorigheter/{people['employee']}" in client.get("/behorigheter?sok=SARA+emp").text
    with database.transaction(sqlite_app.extensions["elearn"].engine) as session:
        session.execute(sa.update(Person).where(Person.id == people["employee"]).values(is_protected=True))
    assert f"/behorigheter/{people['employee']}" not in client.get("/behorigheter?sok=sara").text
    found = client.get("/behorigheter?sok=N-EMPLOYEE").text
    assert f"/behorigheter/{people['employee']}" in found
    pages = found + client.get(f"/behorigheter/{people['employee']}").text
    assert grants.PROTECTED in pages
    assert "Sara" not in pages


@pytest.mark.parametrize(("minutes", "is_asked"), [(14, False), (16, True)])
def test_a_login_of_more_than_a_quarter_is_asked_who_it_is(
    sqlite_app: Flask, client: FlaskClient, people: dict[str, int], minutes: int, is_asked: bool
) -> None:
    """S6."""
    sara = people["employee"]
    log_in_earlier(sqlite_app, dt.timedelta(minutes=minutes))
    page = client.get(f"/behorigheter/{sara}")
    assert (page.headers.get("Location") == f"/bekrafta?vidare=/behorigheter/{sara}") == is_asked
    assert send(client, sara, "ge", "vpc").status_code == 303
    assert held(sqlite_app, sara) == (set() if is_asked else {("vpc", None)})


def test_the_password_shows_who_it_is_and_leads_back(
    sqlite_app: Flask, client: FlaskClient, people: dict[str, int]
) -> None:
    """S6, S8: a new session in place of the old one."""
    with database.transaction(sqlite_app.extensions["elearn"].engine) as session:
        session.execute(
            sa.update(Person)
            .where(Person.id == people["administrator"])
            .values(password_hash=passwords.hash_password(PASSWORD))
        )
    log_in_earlier(sqlite_app, dt.timedelta(hours=1))
    with client.session_transaction() as cookie:
        before = cookie["_user_id"]
    page = client.get("/bekrafta?vidare=/behorigheter/1").text
    form = {"csrf_token": town.token_in(page), "vidare": "/behorigheter/1"}
    wrong = client.post("/bekrafta", data={**form, "losenord": "fel lösenord helt"})
    assert wrong.status_code == 422
    assert "Fel: Lösenordet stämmer inte." in wrong.text
    assert client.get("/behorigheter/1").status_code == 303
    right = client.post("/bekrafta", data={**form, "losenord": PASSWORD})
    assert (right.status_code, right.headers["Location"]) == (303, "/behorigheter/1")
    assert client.get("/behorigheter/1").status_code == 200
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != before
        cookie["_user_id"] = before
    assert client.get("/").status_code == 303  # the old session is over


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_way_back_is_a_page_of_our_own(
    sqlite_app: Flask, client: FlaskClient, people: dict[str, int], target: str
) -> None:
    """S26."""
    assert client.get("/bekrafta", query_string={"vidare": target}).headers["Location"] == "/"


def test_who_is_not_logged_in_is_led_to_the_login(sqlite_app: Flask, people: dict[str, int]) -> None:
    stranger = sqlite_app.test_client()
    assert stranger.get("/bekrafta?vidare=/x").headers["Location"] == "/logga-in?vidare=/x"
    token = town.token_in(stranger.get("/logga-in").text)
    answer = stranger.post("/bekrafta", data={"csrf_token": token, "losenord": PASSWORD})
    assert answer.status_code == 401
