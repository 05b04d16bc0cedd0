"""The pages of what is needed: whose figures, how many, and names only for the unit's own manager."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from elearn import database
from elearn.people.models import OrgUnit, Person, UnitKind
from tests import builders
from tests.content import folders
from tests.web import town


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    roles = {"forskola": "förskola", "socialtjanst": "socialtjänst"}
    app = town.application(sqlite_url, folders.write_roles(tmp_path / "courses", **roles))
    yield app
    app.extensions["elearn"].engine.dispose()


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """Sara's course ends within three months, her manager's within a year; nobody else is trained."""
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        for role, last_day in (("employee", dt.date(2027, 2, 22)), ("manager", dt.date(2027, 11, 22))):
            someone = session.get_one(Person, people[role])
            builders.recognise(session, someone, "forskola", dt.date(2026, 1, 1), last_day)
    return people


def words(page: str) -> str:
    """What the page's body says, in one line."""
    body = page.split("<main", 1)[1].split("</main>", maxsplit=1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ")


def said(page: str) -> str:
    found = re.search(r'<p class="say">(.*?)</p>', page, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", "", found[1]).replace("\u00a0", " ")


def test_vpc_sees_everything_and_opens_a_department(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    page = client.get("/behov").text
    assert said(page) == "Två personer saknar kursen i dag. För ytterligare 2 går den ut inom tolv månader."
    assert words(page).count("Utbildningsförvaltningen 1 1 1 2") == 1
    assert words(page).count("Socialförvaltningen 1 0 0 0") == 1
    assert "Jouren" not in page  # external: nobody there is to take the course
    assert 'href="/behov?forvaltning=U"' in page
    opened = client.get("/behov?forvaltning=U").text
    assert "Förskolan Åsen 1 0 0 0" in words(opened)
    assert "Förskolan Ängen 0 1 1 2" in words(opened)
    assert words(opened).index("Förskolan Åsen") < words(opened).index("Förskolan Ängen")  # needs most
    assert "Mottagningen" not in opened
    assert said(opened) == "En person saknar kursen i dag. För ytterligare 2 går den ut inom tolv månader."


def test_a_coordinator_sees_the_own_department_and_cannot_ask_for_another(
    app: Flask, people: dict[str, int]
) -> None:
    client = town.login(app, people["coordinator"])
    page = client.get("/behov").text
    assert "Behov i Utbildningsförvaltningen, 23 november 2026" in words(page)
    assert "Förskolan Åsen" in page
    assert "Socialförvaltningen" not in page
    for path in ("/behov", "/behov/prognos", "/behov/export"):
        assert client.get(f"{path}?forvaltning=U").status_code == 200
        refused, unknown = client.get(f"{path}?forvaltning=S"), client.get(f"{path}?forvaltning=finns-inte")
        assert (refused.status_code, town.as_seen(refused)) == (404, town.as_seen(unknown))
    rows = json.loads(client.get("/behov/export?format=json").data)["rows"]
    assert {row["code"] for row in rows} == {"U", "UF1", "UF2"}


def test_a_manager_sees_the_own_units_and_their_people_by_name(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["manager"])
    page = client.get("/behov").text
    assert said(page) == "Alla som ska gå kursen har den i dag. Inom tolv månader går den ut för 2 av dem."
    assert "Åsen" not in page
    assert "Sara" not in page
    assert 'href="/min-enhet/UF1/behov"' in page
    own = words(client.get("/min-enhet/UF1/behov").text)
    assert "Saknar kursen i dag Alla som ska gå kursen har den." in own
    assert (
        "Går ut före den 23 februari 2027 Sara Employee Barnskötare till och med den 22 februari 2027" in own
    )
    assert "Går ut före den 23 maj 2027 Ingen till." in own
    assert "Går ut före den 23 november 2027 Johan Manager Barnskötare" in own
    other, unknown = client.get("/min-enhet/UF2/behov"), client.get("/min-enhet/finns-inte/behov")
    assert (other.status_code, town.as_seen(other)) == (404, town.as_seen(unknown))
    assert {row["code"] for row in json.loads(client.get("/behov/export?format=json").data)["rows"]} == {
        "UF1"
    }


def test_no_file_and_no_page_but_the_manager_s_own_holds_a_name(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    for path in ("/behov", "/behov?forvaltning=U", "/behov/prognos", "/behov/export?format=csv"):
        text = client.get(path).text
        assert not any(name in text for name in ("Sara", "Johan", "Nadja", "Mona"))
    assert client.get("/min-enhet/UF1/behov").status_code == 403


@pytest.mark.parametrize(
    ("months", "day", "sentence"),
    [
        (3, "23 februari 2027", "Om ingenting görs når 0 av 5 förvaltningar och enheter gränsen."),
        (12, "23 november 2027", "Om ingenting görs når 0 av 5 förvaltningar och enheter gränsen."),
    ],
)
def test_the_forecast(app: Flask, people: dict[str, int], months: int, day: str, sentence: str) -> None:
    client = town.login(app, people["vpc"])
    page = client.get(f"/behov/prognos?manader={months}").text
    assert f", {day}" in words(page)
    assert said(page) == f"{sentence} Om alla gör om kursen i tid når 1 den."
    opened = words(client.get(f"/behov/prognos?manader={months}&forvaltning=U").text)
    assert f"Förskolan Ängen {'50,0 %' if months == 3 else '0,0 %'} 100,0 %" in opened


@pytest.mark.parametrize(
    "address", ["/behov/prognos?manader=4", "/behov/prognos?manader=x", "/behov/export?format=pdf"]
)
def test_what_does_not_exist(app: Flask, people: dict[str, int], address: str) -> None:
    assert town.login(app, people["vpc"]).get(address).status_code == 404


def test_a_manager_of_a_division_fetches_it_and_nothing_else(app: Flask, people: dict[str, int]) -> None:
    with database.transaction(app.extensions["elearn"].engine) as session:
        above = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "U")).one()
        for code in ("UA", "UB"):
            area = builders.unit(session, code, UnitKind.DIVISION, above)
            place = builders.unit(session, f"{code}1", parent=area, job_role="förskola")
            builders.employ(session, builders.person(session), place)
            builders.manage(session, session.get_one(Person, people["employee"]), area)
    client = town.login(app, people["employee"])
    assert client.get("/behov/export?forvaltning=UA").data.decode("utf-8-sig").count("UA") >= 2
    assert "UB" not in client.get("/behov/export?forvaltning=UA").text
    for code in ("U", "UF1", "S"):
        assert client.get(f"/behov/export?forvaltning={code}").status_code == 404
    assert "Per område" in client.get("/behov").text


def test_the_files_are_named_by_day_and_part(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    answer = client.get("/behov/export?format=xlsx&forvaltning=U")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="behov-U-2026-11-23.xlsx"'
    assert answer.data.startswith(b"PK")
    assert client.get("/behov/export").data.decode("utf-8-sig").startswith("mätdatum;nivå;")


def test_240_units_are_25_rows_until_all_are_asked_for(app: Flask, people: dict[str, int]) -> None:
    town.add_units(app.extensions["elearn"].engine, people["neighbour"])
    client = town.login(app, people["coordinator"])
    page, whole = client.get("/behov").text, client.get("/behov?visa=alla").text
    assert "25 av 242 visas." in words(page)
    assert (page.count("Enhet N"), whole.count("Enhet N")) == (25, 240)
    ahead = client.get("/behov/prognos").text
    assert "25 av 242 visas." in words(ahead)


def test_what_has_changed_is_counted_again(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    assert said(client.get("/behov").text).startswith("Två personer")
    with database.transaction(app.extensions["elearn"].engine) as session:
        unit = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF2")).one()
        builders.employ(session, builders.person(session, "Lo", "Ny"), unit)
    assert said(client.get("/behov").text).startswith("Tre personer")


def test_nobody_to_train_is_said(app: Flask, people: dict[str, int]) -> None:
    with database.transaction(app.extensions["elearn"].engine) as session:
        session.execute(sa.update(OrgUnit).values(job_role=None))
    client = town.login(app, people["vpc"])
    assert said(client.get("/behov").text) == "Här finns ingen som ska gå kursen just nu."
    assert said(client.get("/behov/prognos").text) == "Ingen har någon målgrupp den dagen."
