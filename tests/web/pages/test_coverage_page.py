"""Search and filters of the coverage page against the rows of the file without any; the own page of a row."""

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from elearn import database
from elearn.people.models import OrgUnit
from tests import builders
from tests.content import folders
from tests.web import town
from tests.web.coverage_rows import cells_of

KINDS = {"forvaltning": "förvaltning", "omrade": "område", "enhet": "enhet", "extern": "extern"}
NINETY = Fraction(9, 10)
Row = dict[str, str]


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """Two nämnder, four divisions and 60 units: more than a row opens to, and than a list shows."""
    courses = folders.write_roles(tmp_path / "courses", forskola="förskola", socialtjanst="socialtjänst")
    app = town.application(database_url, courses)
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    town.add_units(engine, people["manager"], division_count=4, unit_count=60)
    with database.transaction(engine) as session:
        session.execute(sa.update(OrgUnit).where(OrgUnit.code == "S").values(committee="Socialnämnden"))
        empty = builders.unit(
            session, "N3x", parent=session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "D3")).one()
        )
        builders.employ(session, builders.person(session), empty)
    app.config["people"] = people
    yield app
    engine.dispose()


def client_of(app: Flask, role: str = "vpc") -> FlaskClient:
    return town.login(app, app.config["people"][role])


def exported(app: Flask, date: str = "2026-11-23") -> list[Row]:
    """The rows of the CSV, with ``offered``, which only the JSON has."""
    client = client_of(app)
    data = client.get(f"/tackning/export?format=csv&datum={date}").data.decode("utf-8-sig")
    document = json.loads(client.get(f"/tackning/export?format=json&datum={date}").data)
    rows = csv.DictReader(io.StringIO(data, newline=""), delimiter=";")
    pairs = zip(rows, document["rows"], strict=True)
    return [row | {"erbjudna": str(other["offered"])} for row, other in pairs]


def worst_first(rows: list[Row]) -> list[Row]:
    def need(row: Row) -> tuple[bool, Fraction, int]:
        target, trained = int(row["målgrupp"]), int(row["utbildade"])
        return target == 0, Fraction(trained, target or 1), trained - target

    return sorted(rows, key=need)


def in_committee(rows: list[Row], committee: str) -> list[Row]:
    top = {row["enhetskod"]: row["överordnad"] for row in rows}
    answers = {row["enhetskod"]: row["nämnd"] for row in rows}

    def department(code: str) -> str:
        return department(top[code]) if top[code] else code

    return [row for row in rows if answers[department(row["enhetskod"])] == committee]


def wanted(rows: list[Row], text: str, level: str, is_below: bool) -> list[Row]:
    """What a plain reading of the file finds."""
    found = []
    for row in rows:
        name = f"{row['enhet']} {row['enhetskod']}".lower()
        if level and row["nivå"] != KINDS[level]:
            continue
        if is_below and (row["säkerställd"] != "nej" or (not level and row["nivå"] == "område")):
            continue
        if all(word in name for word in text.lower().split()):
            found.append(row)
    return worst_first(found)


def as_shown(row: Row) -> list[str]:
    """A row of the file as the page's cells say it: name, level, offered, trained, state, share."""
    target, space = int(row["målgrupp"]), "\N{NO-BREAK SPACE}"
    counts = f"{row['utbildade']} av {target}" if target else ""
    is_measured = target and row["nivå"] in ("förvaltning", "enhet")
    state = {"ja": "Säkerställt", "nej": "Inte än"}[row["säkerställd"]] if is_measured else ""
    share = f"{row['andel']}{space}%" if target else "Ingen målgrupp, räknas inte"
    offered = row["erbjudna"] if target else ""
    return [row["enhet"], row["nivå"].capitalize(), offered, counts, state, share]


def without_units(cells: list[str]) -> list[str]:
    """The column of units that reach the threshold stands where a row has units below it."""
    return cells if len(cells) == 6 else cells[:2] + cells[3:]


def test_every_filter_finds_the_rows_that_a_plain_search_of_the_file_finds(app: Flask) -> None:
    client, rows = client_of(app), exported(app)
    texts, levels = ("", "N1", "enhet n2", "ÄNGEN", "finns inte"), ("", *KINDS)
    committees = ("", "Utbildningsnämnden", "Socialnämnden")
    found_counts = set()
    for text, level, below, committee in itertools.product(texts, levels, ("", "1"), committees):
        if not (text or level or below):
            continue
        query = {"sok": text, "niva": level, "under": below, "namnd": committee, "visa": "alla"}
        shown = cells_of(client.get("/tackning", query_string=query).text)
        part = in_committee(rows, committee) if committee else rows
        expected = wanted(part, text, level, bool(below))
        assert list(shown) == [row["enhetskod"] for row in expected], query
        assert [without_units(cells) for cells in shown.values()] == [as_shown(row) for row in expected], (
            query
        )
        found_counts.add(len(expected))
    assert len(found_counts) > 10, "the filters tell rows apart"


def test_the_whole_tree_says_what_the_file_says(app: Flask) -> None:
    """Cell by cell from one set of figures: each row on its own page, and in the tree where it is open."""
    client, rows = client_of(app), {row["enhetskod"]: row for row in exported(app)}
    seen: dict[str, list[str]] = {}
    for code in rows:
        seen |= cells_of(client.get("/tackning", query_string={"oppna": code}).text)
    assert set(seen) >= {"U", "S", "X", "UF1", "D0", "D1", "D2", "D3", "S1"}
    for code, cells in seen.items():
        assert without_units(cells) == as_shown(rows[code])
    for code, row in rows.items():
        page = client.get(f"/tackning/enhet/{code}").text
        figures = dict(re.findall(r'<tr><th scope="row">([^<]+)</th><td class="num">([^<]+)</td>', page))
        for name in (
            "anställda",
            "målgrupp",
            "utbildade",
            "utgångna",
            "påbörjade",
            "ej påbörjade",
            "erbjudna",
        ):
            assert figures[name.capitalize()] == row[name], (code, name)
        below = {other["enhetskod"] for other in rows.values() if other["överordnad"] == code}
        assert set(cells_of(client.get(f"/tackning/enhet/{code}?visa=alla").text)) == below


def test_a_committee_has_its_own_sentence_and_figures(app: Flask) -> None:
    """R41: what is counted over its departments' rows in the file."""
    client, rows = client_of(app), exported(app)
    page = client.get("/tackning", query_string={"namnd": "Utbildningsnämnden"}).text
    part = [row for row in in_committee(rows, "Utbildningsnämnden") if row["säkerställd"]]
    units = [row["säkerställd"] for row in part if row["nivå"] == "enhet"]
    assert f"<em>{units.count('ja')} av {len(units)}</em> enheter i Utbildningsförvaltningen" in page
    assert list(cells_of(page)) == ["U"]
    assert "Täckning</b>, Utbildningsnämnden, 23\N{NO-BREAK SPACE}november 2026" in page
    assert "forvaltning=U" in page
    assert "forvaltning=S" not in page
    assert 'value="extern"' not in page


def test_what_is_open_shows_the_ten_worst_and_leads_to_the_rest(app: Flask) -> None:
    client, rows = client_of(app), exported(app)
    shown = list(cells_of(client.get("/tackning?oppna=D3").text))
    expected = [row["enhetskod"] for row in worst_first([r for r in rows if r["överordnad"] == "D3"])]
    assert len(expected) == 16
    assert [code for code in shown if code in expected] == expected[:10]
    page = client.get("/tackning?oppna=D3&datum=2026-11-01").text
    link = re.search(r'href="([^"]+)">Visa alla 16 i Område 3<', page)
    assert link
    assert link[1] == "/tackning/enhet/D3?datum=2026-11-01"
    assert list(cells_of(client.get("/tackning/enhet/D3").text)) == expected
    late = expected[-1]
    assert late in cells_of(client.get(f"/tackning?oppna={late}").text), "a row that is linked to is shown"


def test_a_long_list_is_cut_and_shown_whole_when_asked_for(app: Flask) -> None:
    client = client_of(app)
    page = client.get("/tackning?niva=enhet&datum=2026-11-01").text
    assert len(cells_of(page)) == 25
    assert "25 av 64 rader visas." in page
    link = re.search(r'href="([^"]+)">Visa alla 64<', page)
    assert link
    whole = client.get(link[1].replace("&amp;", "&")).text
    assert len(cells_of(whole)) == 64
    assert "rader visas" not in whole
    assert "1\N{NO-BREAK SPACE}november 2026" in whole


@pytest.mark.parametrize(
    "query",
    [
        {"datum": "2026-11-01", "namnd": "Utbildningsnämnden", "oppna": "D3"},
        {"datum": "2026-11-01", "namnd": "Utbildningsnämnden", "sok": "enhet å", "niva": "enhet"},
        {"datum": "2026-11-01", "under": "1"},
    ],
)
def test_every_link_keeps_the_date_and_the_filters(app: Flask, query: dict[str, str]) -> None:
    client = client_of(app)
    page = client.get("/tackning", query_string=query).text
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/tackning[^"]*)"', table)]
    assert len(links) > 2 or "sok" in query
    for link in links:
        kept = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
        assert query.items() - kept.items() <= {("oppna", query.get("oppna"))}, link
        assert client.get(link).status_code == 200
    form = page.partition('<form method="get" action="/tackning"')[2].partition("</form>")[0]
    for name, value in query.items():
        assert f'name="{name}"' in form
        assert f'value="{value}"' in form or f"<option selected>{value}" in form
    days = page.partition('aria-label="Datum"')[2].partition("</nav>")[0]
    for link in re.findall(r'href="([^"]*)"', days):
        kept = {
            name: values[0] for name, values in parse_qs(urlsplit(link.replace("&amp;", "&")).query).items()
        }
        assert {**kept, "datum": ""} == {**query, "datum": ""}
    for link in re.findall(r'href="(/tackning/export\?[^"]*)"', page):
        assert "datum=2026-11-01" in link
        assert "forvaltning=U" in link or "namnd" not in query


def test_a_day_is_one_click_away_and_a_coming_one_is_called_a_forecast(app: Flask) -> None:
    page = client_of(app).get("/tackning").text
    days = page.partition('aria-label="Datum"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]*)"[^>]*>([^<]*)<', days) == [
        ("/tackning", "I dag"),
        ("/tackning?datum=2025-12-31", "31\N{NO-BREAK SPACE}december 2025"),
        ("/tackning?datum=2026-12-31", "31\N{NO-BREAK SPACE}december 2026, prognos"),
    ]
    assert days.count('aria-current="true">I dag') == 1
    page = client_of(app).get("/tackning?datum=2026-12-31").text
    assert re.search(r'aria-current="true">31.december 2026, prognos<', page)
    assert "Prognos</span>" in page


@pytest.mark.parametrize(
    ("query", "sentence", "way_on"),
    [
        ("sok=finns-inte", "Ingen rad i urvalet har ”finns-inte” i namnet eller koden.", "Visa alla förv"),
        ("sok=%3Cb%3E", "Ingen rad i urvalet har ”&lt;b&gt;” i namnet", "Visa alla förv"),
        ("namnd=Socialn%C3%A4mnden&niva=omrade", "Det finns ingen rad på den nivån", "Visa alla förv"),
        (
            "under=1&niva=extern",
            "Ingen i urvalet ligger under gränsen, 90\N{NO-BREAK SPACE}%.",
            "Visa alla förv",
        ),
        ("namnd=Ingen", "Ingen förvaltning hör till Ingen den här dagen.", "visa alla nämnder"),
    ],
)
def test_an_empty_result_says_what_to_do(app: Flask, query: str, sentence: str, way_on: str) -> None:
    page = client_of(app).get(f"/tackning?{query}").text
    assert sentence in page
    assert way_on in page
    assert cells_of(page) == {}


def test_the_own_page_of_a_row_tells_its_share_and_leads_back(app: Flask) -> None:
    client = client_of(app)
    page = client.get("/tackning/enhet/UF1?datum=2026-11-23&under=1").text
    said = re.sub("<[^>]+>", "", page.partition('<p class="say">')[2].partition("</p>")[0])
    assert said == (
        "0 av 2 i Förskolan Ängen som ska gå kursen har giltigt intyg: 0,0\N{NO-BREAK SPACE}%. "
        "Enheten har inte nått gränsen, 90\N{NO-BREAK SPACE}%."
    )
    assert 'href="/tackning?datum=2026-11-23&amp;under=1">Täckning</a>' in page
    assert 'href="/tackning/enhet/U?datum=2026-11-23&amp;under=1">Utbildningsförvaltningen</a>' in page
    assert 'href="/tackning?oppna=U#UF1">Täckning</a>' in client.get("/tackning/enhet/UF1").text
    forecast = client.get("/tackning/enhet/UF1?datum=2027-01-01").text
    assert "Om ingen gör mer från i dag har <em>0 av 2</em> som ska gå kursen giltigt intyg den 1" in forecast
    assert "Ingen i Jouren ska gå kursen den här dagen." in client.get("/tackning/enhet/X").text
    wrong = client.get("/tackning/enhet/UF1?datum=x")
    assert wrong.status_code == 422
    assert 'href="#datum"' in wrong.text
    for code in ("finns-inte", "%00", "u"):
        assert client.get(f"/tackning/enhet/{code}").status_code == 404


def test_a_code_with_any_sign_has_a_page(app: Flask) -> None:
    code = "A/b #1&å?"
    with database.transaction(app.extensions["elearn"].engine) as session:
        builders.unit(session, code, name="Kvarnen")
    client = client_of(app)
    page = client.get("/tackning", query_string={"sok": code}).text
    address = f"/tackning/enhet/{quote(code)}?"
    assert f'href="{address}'.replace("&", "&amp;") in page
    assert client.get(address).status_code == 200


def test_a_coordinator_finds_the_own_department_alone(app: Flask) -> None:
    """S4: in search, in filters and by address."""
    client = client_of(app, "coordinator")
    for query in (
        "sok=s",
        "niva=enhet&visa=alla",
        "niva=forvaltning",
        "under=1&visa=alla",
        "namnd=Socialn%C3%A4mnden",
    ):
        page = client.get(f"/tackning?{query}").text
        assert not {"S", "S1", "X"} & set(cells_of(page))
        assert not re.search("Socialförvaltningen|Mottagningen|Jouren", page)
    for code, status in (("U", 200), ("D0", 200), ("UF1", 200), ("S", 404), ("S1", 404), ("X", 404)):
        assert client.get(f"/tackning/enhet/{code}").status_code == status


def test_the_working_group_sees_the_public_form(app: Flask) -> None:
    """R31: of a hidden row no figure, no place in an order by figures, and not whether it is below the
    threshold; of the others no count that could split a group."""
    client, rows = client_of(app, "working-group"), exported(app)
    small = {row["enhetskod"] for row in rows if 0 < int(row["målgrupp"]) < 5}
    assert len(small) > 50
    page = client.get("/tackning?niva=enhet&visa=alla").text
    shown = cells_of(page)
    hidden = [code for code, cells in shown.items() if cells[2:] == ["..", "", ".."]]
    assert small & set(shown) <= set(hidden)
    assert hidden == [row["enhetskod"] for row in rows if row["enhetskod"] in hidden]
    assert "Två punkter betyder" in page
    assert not set(hidden) & set(cells_of(client.get("/tackning?under=1&visa=alla").text))
    page = client.get("/tackning/enhet/UF1").text
    assert "Siffrorna för Förskolan Ängen visas inte." in page
    assert not re.search("av 2|Anställda|0,0", page)
    for path in ("/tackning", "/tackning/enhet/U", "/tackning?namnd=Socialn%C3%A4mnden"):
        assert not re.search("Anställda|Utanför målgruppen|Erbjudna", client.get(path).text)


def test_the_working_groups_measure_is_the_public_one(app: Flask) -> None:
    """The sentence, on the start page too, is what the public form tells; of a part of it, in bounds."""
    client, vpc = client_of(app, "working-group"), client_of(app)
    said = re.search(r"<em>(.*?)</em>", client.get("/tackning?namnd=Socialn%C3%A4mnden").text)
    assert said
    assert said[1] == "Mellan 0 och 1 av 1"
    assert "ellan 0 och 1 av 1" not in vpc.get("/tackning?namnd=Socialn%C3%A4mnden").text
    numbers = [re.findall(r"<em>([^<]*av[^<]*)</em>", client.get(path).text) for path in ("/tackning", "/")]
    assert numbers[0][0] == numbers[1][0]
