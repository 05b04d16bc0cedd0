"""/personal: the files of staff are sent, seen whole, and accepted or rejected (S6, S43), on both engines."""

import datetime as dt
import html
import io
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn import clock, database
from elearn.directory.models import StaffUpload
from elearn.identity import actions, grants
from elearn.identity.models import LoginSession
from elearn.journal.models import JournalEntry
from elearn.people.models import AccessRole, Employment, OrgUnit, Person
from tests import builders
from tests.web import town

UNITS = (
    "enhetskod;namn;nivå;överordnad;nämnd;yrkesroll;chef\n"
    "U;Utbildningsförvaltningen;förvaltning;;Utbildningsnämnden;;\n"
    "S;Socialförvaltningen;förvaltning;;;;\n"
    "UF1;Förskolan Ängen;enhet;U;;förskola;n-manager\n"
    "UF2;Förskolan Åsen;enhet;U;;förskola;\n"
    "S1;Mottagningen;enhet;S;;socialtjänst;\n"
)
HEADER = "anställningsnr;förnamn;efternamn;e-post;enhetskod;yrkesroll;befattning;från;till\n"
STAFF = {
    "n-employee": "Sara;Employee;employee@kommun.example;UF1",
    "n-manager": "Johan;Manager;manager@kommun.example;UF1",
    "n-coordinator": "Elif;Coordinator;coordinator@kommun.example;U",
    "n-vpc": "Karin;Vpc;vpc@kommun.example;S",
    "n-working-group": "Per;Working-group;working-group@kommun.example;S",
    "n-administrator": "Mirjam;Administrator;administrator@kommun.example;S",
    "n-auditor": "Greta;Auditor;auditor@kommun.example;S",
    "n-neighbour": "Nadja;Neighbour;neighbour@kommun.example;UF2",
    "n-social": "Mona;Social;social@kommun.example;S1",
}


def staff(**other: str | None) -> str:
    """The town's people as HR's file has them. ``other``: by role, another row or none."""
    changed = {f"n-{role.replace('_', '-')}": row for role, row in other.items()}
    rows = {**STAFF, **changed}
    return HEADER + "".join(
        f"{number};{row};;Barnskötare;2020-01-01;\n" for number, row in rows.items() if row
    )


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    return town.build(app.extensions["elearn"].engine).people


@pytest.fixture
def client(app: Flask, people: dict[str, int]) -> FlaskClient:
    return town.login(app, people["administrator"])


def send(client: FlaskClient, rows: str, units: str = UNITS, name: str = "personal.csv") -> TestResponse:
    token = town.token_in(client.get("/personal").text)
    files = {
        "csrf_token": token,
        "organisation": (io.BytesIO(units.encode()), "organisation.csv"),
        "personal": (io.BytesIO(rows.encode()), name),
    }
    return client.post("/personal", data=files)


def shown(client: FlaskClient, answer: TestResponse) -> tuple[str, str]:
    """Where the plan is, and its page."""
    assert answer.status_code == 303, answer.text
    path = answer.headers["Location"]
    return path, html.unescape(client.get(path).text)


def reply(client: FlaskClient, path: str, page: str, **fields: str) -> TestResponse:
    mark = re.search(r'name="plan" value="([0-9a-f]{64})"', page)
    assert mark
    form = {"csrf_token": town.token_in(page), "plan": mark[1], "svar": "las-in", **fields}
    return client.post(path, data=form)


def open_jobs(app: Flask) -> set[tuple[str, str]]:
    with database.snapshot(app.extensions["elearn"].engine) as session:
        rows = session.execute(
            sa.select(Person.number, OrgUnit.code)
            .join(Employment, Employment.person_id == Person.id)
            .join(OrgUnit, OrgUnit.id == Employment.unit_id)
            .where(Employment.ends_on.is_(None))
        )
        return {(number, code) for number, code in rows}


def stored(app: Flask) -> list[StaffUpload]:
    with database.snapshot(app.extensions["elearn"].engine) as session:
        found = list(session.scalars(sa.select(StaffUpload).order_by(StaffUpload.id)))
        session.expunge_all()
        return found


def test_every_change_is_seen_before_it_is_made_and_made_once(app: Flask, client: FlaskClient) -> None:
    before = open_jobs(app)
    answer = send(client, staff(social=None, new="Åke;Ek;;UF2"))
    path, page = shown(client, answer)
    for sentence in (
        "Filerna ger <em>3</em> ändringar",
        "Mona Social (n-social) slutar i Mottagningen (S1)",
        "Ny person: Åke Ek (n-new)",
        "1 av 10 pågående anställningar",
    ):
        assert (sentence in page) == (not sentence.startswith("1 av")), sentence
    assert open_jobs(app) == before
    assert reply(client, path, page).status_code == 303
    after = open_jobs(app)
    assert ("n-new", "UF2") in after
    assert ("n-social", "S1") not in after
    assert "Filerna är inlästa." in client.get(path).text
    assert reply(client, path, page).status_code == 303  # the button pressed twice
    (row,) = stored(app)
    assert (row.outcome, row.organisation, row.staff) == ("accepted", None, None)


def test_rejected_files_change_nothing_and_are_erased(app: Flask, client: FlaskClient) -> None:
    before = open_jobs(app)
    path, page = shown(client, send(client, staff(social=None)))
    assert reply(client, path, page, svar="kasta").status_code == 303
    assert open_jobs(app) == before
    (row,) = stored(app)
    assert (row.outcome, row.organisation, row.staff) == ("rejected", None, None)
    assert "Filerna kastades" in client.get(path).text


def test_the_brake_is_told_in_words_and_has_its_own_box(app: Flask, client: FlaskClient) -> None:
    """S43."""
    path, page = shown(client, send(client, staff(social=None, neighbour=None)))
    assert "2 av 10 pågående anställningar skulle sluta" in page
    assert 'name="sluta"' in page
    assert 'name="andras"' not in page
    refused = reply(client, path, page, andras="1")
    assert refused.status_code == 422
    assert '<a href="#godkann">2 av 10 pågående' in refused.text
    assert ("n-social", "S1") in open_jobs(app)
    assert reply(client, path, page, sluta="1").status_code == 303
    assert ("n-social", "S1") not in open_jobs(app)


def test_a_plan_that_is_another_by_now_is_shown_again(app: Flask, client: FlaskClient) -> None:
    path, page = shown(client, send(client, staff(new="Åke;Ek;;UF2")))
    with database.transaction(app.extensions["elearn"].engine) as session:
        builders.employ(
            session,
            builders.person(session, "Eva", "Ny", number="n-late"),
            session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF2")).one(),
        )
    again = reply(client, path, page)
    assert again.status_code == 409
    assert "Något har ändrats sedan du såg planen" in again.text
    assert "Eva Ny (n-late) slutar" in again.text
    assert ("n-new", "UF2") not in open_jobs(app)


def test_a_question_about_a_person_is_answered_on_the_page(app: Flask, client: FlaskClient) -> None:
    path, page = shown(client, send(client, staff(social="Eva;Ström;;S1")))
    assert "Mona Social med en pågående anställning, men i filen Eva Ström" in page
    assert 'value="las-in"' not in page
    token = town.token_in(page)
    chosen = client.post(f"{path}/val", data={"csrf_token": token, "person-n-social": "ny"})
    assert chosen.status_code == 303
    page = html.unescape(client.get(path).text)
    assert "Numret n-social har gått från Mona Social" in page
    assert "--same-person" not in page
    assert reply(client, path, page, sluta="1", andras="1").status_code == 303
    with database.snapshot(app.extensions["elearn"].engine) as session:
        names = {
            one.name for one in session.scalars(sa.select(Person).where(Person.number.like("n-social%")))
        }
    assert names == {"Mona Social", "Eva Ström"}


def test_faults_of_a_file_are_told_at_its_field_and_nothing_is_kept(app: Flask, client: FlaskClient) -> None:
    wrong = send(client, staff(new="Åke;Ek;;").replace("2020-01-01;\n", "1 jan;\n", 1))
    assert wrong.status_code == 422
    assert '<a href="#personal">Filen har 2 fel.' in wrong.text
    assert "personal.csv:2: från: ”1 jan” är inget datum." in wrong.text
    assert stored(app) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ((), "Välj filen med organisationen."),
        (("organisation",), "Välj filen med de anställda."),
        (("organisation", "personal"), "filen är tom"),
    ],
)
def test_a_file_that_is_missing_or_empty_is_told(
    app: Flask, client: FlaskClient, fields: tuple[str, ...], sentence: str
) -> None:
    token = town.token_in(client.get("/personal").text)
    files = {field: (io.BytesIO(b""), f"{field}.csv") for field in fields}
    answer = client.post("/personal", data={"csrf_token": token, **files})
    assert answer.status_code == 422
    assert sentence in html.unescape(answer.text)
    assert stored(app) == []


def test_faults_between_the_files_are_told_on_the_plans_page(client: FlaskClient) -> None:
    _path, page = shown(client, send(client, staff(new="Åke;Ek;;FINNS-INTE")))
    assert "Filerna går inte att läsa in som de är." in page
    assert "FINNS-INTE" in page
    assert 'value="las-in"' not in page


def test_the_same_files_twice_wait_once(app: Flask, client: FlaskClient) -> None:
    first, again = (send(client, staff(social=None)).headers["Location"] for _ in range(2))
    assert first == again
    assert len(stored(app)) == 1
    assert first in client.get("/personal").text


def test_what_ends_the_own_employment_or_the_last_administrator_is_told_before(
    app: Flask, client: FlaskClient, people: dict[str, int]
) -> None:
    """S6: nobody could give anybody a role afterwards, so that no box lets it through."""
    path, page = shown(client, send(client, staff(administrator=None)))
    assert "Din egen anställning avslutas" in page
    assert grants.LAST_BY_IMPORT in page
    assert 'value="las-in"' not in page
    assert reply(client, path, page, sluta="1", andras="1").status_code == 422
    assert ("n-administrator", "S") in open_jobs(app)
    with database.transaction(app.extensions["elearn"].engine) as session:
        deed = builders.deed(now=clock.now(), today=town.TODAY)
        actions.grant_role(session, deed, "n-vpc", AccessRole.ADMINISTRATOR, None)
        actions.set_password(session, deed, people["vpc"], "a hash")
    page = html.unescape(client.get(path).text)
    assert grants.LAST_BY_IMPORT not in page
    assert "Din egen anställning avslutas" in page
    assert reply(client, path, page, sluta="1").status_code == 303
    assert client.get("/personal").status_code == 303  # logged out (S7)


def test_a_login_of_an_hour_ago_shows_who_it_is_before_it_reads_files_in(
    app: Flask, client: FlaskClient
) -> None:
    path, page = shown(client, send(client, staff(social=None)))
    with database.transaction(app.extensions["elearn"].engine) as session:
        ago = clock.now() - dt.timedelta(minutes=16)
        session.execute(sa.update(LoginSession).values(began_at=ago))
    answer = reply(client, path, page)
    assert answer.headers["Location"] == f"/bekrafta?vidare={path}"
    assert ("n-social", "S1") in open_jobs(app)


def test_each_list_is_short_and_can_be_searched(client: FlaskClient) -> None:
    many = staff(**{f"x{number}": f"Sara;Nummer{number};;UF2" for number in range(40)})
    path, page = shown(client, send(client, many))
    assert page.count("Ny person: Sara") == 25
    assert "Visa alla 40" in page
    assert html.unescape(client.get(f"{path}?visa=person_added").text).count("Ny person: Sara") == 40
    found = client.get(f"{path}?sok=nummer39").text
    assert found.count("Ny person: Sara") == 1


def test_what_was_done_stands_in_the_journal(app: Flask, client: FlaskClient, people: dict[str, int]) -> None:
    path, page = shown(client, send(client, staff(social=None)))
    reply(client, path, page)
    path, page = shown(client, send(client, staff(social=None, new="Åke;Ek;;UF2")))
    reply(client, path, page, svar="kasta")
    with database.snapshot(app.extensions["elearn"].engine) as session:
        mine = sa.select(JournalEntry.kind).where(JournalEntry.actor == f"person:{people['administrator']}")
        kinds = list(session.scalars(mine.order_by(JournalEntry.id)))
    assert kinds == [
        "received-directory",
        "imported-directory",
        "accepted-directory",
        "received-directory",
        "rejected-directory",
    ]
