"""Coverage on the page and as files: the same figures, and a coordinator's own department alone."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from elearn import database
from elearn.people.models import OrgUnit, Person
from tests import builders
from tests.content import folders
from tests.web import town
from tests.web.coverage_rows import cells_of

ROLES = {"forskola": "förskola", "socialtjanst": "socialtjänst"}  # whose courses ``app`` has


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """Sara and her manager are trained: two of two in Ängen, two of three in the department."""
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        for role in ("employee", "manager"):
            someone = session.get_one(Person, people[role])
            builders.recognise(session, someone, "forskola", town.TODAY, town.TODAY.replace(year=2028))
    return people


def rows(data: bytes) -> dict[str, dict[str, str]]:
    found = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    return {row["enhetskod"]: row for row in found}


def said(page: str) -> str:
    """The sentence that the page begins with."""
    found = re.search(r'<p class="say">(.*?)</p>', page, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", "", found[1])


def test_the_page_begins_with_a_sentence_and_the_table_opens_by_links(
    app: Flask, people: dict[str, int]
) -> None:
    client = town.login(app, people["vpc"])
    page = client.get("/tackning").text
    assert said(page) == (
        "1 av 5 förvaltningar och enheter har säkerställt kunskapen: minst 90\u00a0% av dem som ska gå kursen "
        "har giltigt intyg."
    )
    assert "Förskolan Ängen" not in page
    opened = re.search(r'href="(/tackning\?oppna=U[^"]*)"', page)
    assert opened
    page = client.get(opened[1]).text
    assert re.search(r"Förskolan Ängen.*?2 av 2.*?Säkerställt.*?100,0\u00a0%", page, re.DOTALL)
    assert re.search(r"Förskolan Åsen.*?0 av 1.*?Inte än.*?0,0\u00a0%", page, re.DOTALL)
    assert re.search(r"Jouren.*?Ingen målgrupp", page, re.DOTALL)


def test_page_csv_and_json_say_the_same(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    table, document = (
        rows(client.get("/tackning/export?format=csv").data),
        json.loads(client.get("/tackning/export?format=json").data),
    )
    assert [row["code"] for row in document["rows"]] == list(table)
    for row in document["rows"]:
        cells = table[row["code"]]
        assert (cells["målgrupp"], cells["utbildade"]) == (str(row["target"]), str(row["trained"]))
        assert cells["andel"] == ("" if row["percent"] is None else f"{row['percent']:.1f}".replace(".", ","))
    assert document["measure"]["both"] == {"secured": 1, "with_target": 5}


def test_a_download_says_what_it_is(app: Flask, people: dict[str, int]) -> None:
    response = town.login(app, people["vpc"]).get("/tackning/export?format=csv&datum=2026-11-01")
    assert response.headers["Content-Disposition"] == 'attachment; filename="tackning-2026-11-01.csv"'
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert rows(response.data)["UF1"]["mätdatum"] == "2026-11-01"


def test_a_coordinator_sees_the_own_department_alone(app: Flask, people: dict[str, int]) -> None:
    """S4."""
    client = town.login(app, people["coordinator"])
    for path in ("/tackning", "/tackning?oppna=U", "/tackning?oppna=S"):
        page = client.get(path).text
        assert "Utbildningsförvaltningen" in page
        assert not re.search("Socialförvaltningen|Mottagningen|Jouren|S1", page)


def test_no_name_of_a_person_is_in_any_report(app: Flask, people: dict[str, int]) -> None:
    for role in ("vpc", "working-group", "coordinator"):
        client = town.login(app, people[role])
        for path in ("/tackning?oppna=U", "/tackning/export?format=csv"):
            assert not re.search("Sara|Nadja|Mona", client.get(path).text)


def test_a_coming_date_is_marked_as_a_forecast_and_a_wrong_one_is_422(
    app: Flask, people: dict[str, int]
) -> None:
    client = town.login(app, people["vpc"])
    assert "Prognos" not in client.get("/tackning?datum=2026-11-23").text
    forecast = client.get("/tackning?datum=2026-11-24").text
    assert "Prognos" in forecast
    assert said(forecast) == (
        "Om ingen gör mer från i dag når 1 av 5 förvaltningar och enheter gränsen den 24\u00a0november 2026."
    )
    wrong = client.get("/tackning?datum=imorgon")
    assert wrong.status_code == 422
    assert '<a href="#datum">Skriv datumet som 2026-11-23.</a>' in wrong.text
    assert "<title>Fel: Täckning" in wrong.text
    for date in ("20261123", "2026-W48-1"):
        assert client.get(f"/tackning?datum={date}").status_code == 422


def test_an_empty_municipality_is_written_not_blank(database_url: str, tmp_path: Path) -> None:
    app = town.application(database_url, folders.write(tmp_path / "c"))
    people = town.build(app.extensions["elearn"].engine).people
    page = town.login(app, people["vpc"]).get("/tackning?datum=1999-01-01").text
    assert "Ingen har någon målgrupp den här dagen" in page
    app.extensions["elearn"].engine.dispose()


def test_a_row_that_is_opened_or_closed_keeps_the_date(app: Flask, people: dict[str, int]) -> None:
    """Else yesterday's report turns into today's at the first click."""
    client = town.login(app, people["vpc"])
    page = client.get("/tackning?datum=2026-11-01").text
    opened = re.search(r'href="(/tackning\?[^"#]*oppna=U)#U"', page)
    assert opened
    page = client.get(opened[1].replace("&amp;", "&")).text
    assert "1\u00a0november 2026" in page
    closed = re.search(r'href="(/tackning[^"#]*)#U" aria-expanded="true"', page)
    assert closed
    assert closed[1] == "/tackning?datum=2026-11-01"
    assert re.search(r'#S" aria-expanded="false"', page)


def test_a_date_that_is_chosen_keeps_what_is_open(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    for path in ("/tackning?oppna=U", "/tackning?oppna=U&datum=2026-11-01", "/tackning?oppna=U&datum=x"):
        assert '<input type="hidden" name="oppna" value="U">' in client.get(path).text
    assert 'name="oppna"' not in client.get("/tackning").text
    assert 'type="date" value="2026-11-01"' in client.get("/tackning?datum=2026-11-01").text
    assert 'type="date" value=""' in client.get("/tackning?datum=x").text


@pytest.mark.parametrize(
    ("trained", "expected"),
    [
        (2, "1 av 2 enheter i Utbildningsförvaltningen har säkerställt kunskapen: minst 90\u00a0% av dem som ska gå "
            "kursen har giltigt intyg. Förvaltningen som helhet har inte nått gränsen: 66,7\u00a0%."),
        (3, "2 av 2 enheter i Utbildningsförvaltningen har säkerställt kunskapen: minst 90\u00a0% av dem som ska gå "
            "kursen har giltigt intyg. Förvaltningen som helhet har nått gränsen: 100,0\u00a0%."),
    ],
)  # fmt: skip
def test_a_coordinators_sentence_is_about_the_own_department(
    app: Flask, people: dict[str, int], trained: int, expected: str
) -> None:
    with database.transaction(app.extensions["elearn"].engine) as session:
        if trained == 3:
            neighbour = session.get_one(Person, people["neighbour"])
            builders.recognise(session, neighbour, "forskola", town.TODAY, town.TODAY.replace(year=2028))
    page = town.login(app, people["coordinator"]).get("/tackning").text
    assert said(page) == expected
    start_page = town.login(app, people["coordinator"]).get("/").text
    assert expected.partition(" Förvaltningen som helhet")[0] in re.sub("<[^>]+>", "", start_page), (
        "the same sentence"
    )
    assert "Förvaltningar</dt>" not in page
    assert "av 3<" not in page.partition("Vad gränsen betyder")[2].partition("<caption><h2>")[0], (
        "units alone"
    )
    forecast = town.login(app, people["coordinator"]).get("/tackning?datum=2026-12-24").text
    assert said(forecast).startswith("Om ingen gör mer från i dag når")
    assert "av 2 enheter i Utbildningsförvaltningen gränsen den 24\u00a0december" in said(forecast)


def test_one_department_is_a_file_of_its_own_with_the_same_rows(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    assert (
        'href="/tackning/export?format=csv&amp;forvaltning=U&amp;datum=2026-11-23">Hämta Utbildningsf'
        in client.get("/tackning").text
    )
    whole, part = (
        client.get("/tackning/export?format=csv").data,
        client.get("/tackning/export?format=csv&forvaltning=U"),
    )
    assert part.headers["Content-Disposition"] == 'attachment; filename="tackning-U-2026-11-23.csv"'
    assert rows(part.data) == {
        code: row for code, row in rows(whole).items() if code == "U" or code.startswith("UF")
    }
    assert part.data.splitlines()[0] == whole.splitlines()[0]
    for code in ("UF1", "finns-inte", "%00"):
        assert client.get(f"/tackning/export?format=csv&forvaltning={code}").status_code == 404


def test_units_of_one_name_stand_in_the_order_of_their_codes(app: Flask, people: dict[str, int]) -> None:
    with database.transaction(app.extensions["elearn"].engine) as session:
        for code in ("ZZ2", "ZZ1"):
            builders.unit(session, code, name="Samma namn")
    exported = rows(town.login(app, people["vpc"]).get("/tackning/export?format=csv").data)
    assert [code for code in exported if code.startswith("ZZ")] == ["ZZ1", "ZZ2"]


@pytest.mark.parametrize(("count", "is_shown"), [(9, False), (10, True)])
def test_the_working_group_sees_no_row_that_points_at_persons(
    app: Flask, people: dict[str, int], count: int, is_shown: bool
) -> None:
    """Both sides: of nine of whom nobody is trained everybody is known, by the setting of five. VPC sees
    both."""
    with database.transaction(app.extensions["elearn"].engine) as session:
        unit = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "S1")).one()
        for _ in range(count - 1):
            builders.employ(session, builders.person(session), unit)
    for role in ("working-group", "vpc"):
        page = town.login(app, people[role]).get("/tackning?oppna=S").text
        cells = cells_of(page)
        assert cells["S1"][0] == "Mottagningen"
        assert (f"0 av {count}" in cells["S1"]) is (is_shown or role == "vpc")
        assert (cells["S1"][-3:] == ["..", "", ".."]) is not (is_shown or role == "vpc")
        assert ("Två punkter betyder" in page) is (role == "working-group")


def test_a_report_reads_one_snapshot(app: Flask, people: dict[str, int]) -> None:
    """Somebody is employed between two selects of one page: the page does not know of it."""
    engine = app.extensions["elearn"].engine
    client = town.login(app, people["vpc"])
    before = client.get("/tackning/export?format=json").data
    added: list[bool] = []

    def employ_somebody(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not added and statement.startswith(("SELECT", "WITH")):
            added.append(True)
            with database.transaction(engine) as session:
                unit = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF1")).one()
                builders.employ(session, builders.person(session), unit)

    sa.event.listen(engine, "after_cursor_execute", employ_somebody)
    during = client.get("/tackning/export?format=json").data
    assert added
    assert during == before
    assert client.get("/tackning/export?format=json").data != before
