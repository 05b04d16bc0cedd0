"""The figures as files: which form each role gets of which part, and that every file stands in the journal."""

import csv
import io
import json
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from python_calamine import CalamineWorkbook

from elearn import database
from elearn.journal import chain, queries
from elearn.people.models import OrgUnit, Person
from elearn.reports import dictionary
from tests import builders
from tests.web import town

ROLES = {"forskola": "förskola", "socialtjanst": "socialtjänst"}  # whose courses ``app`` has


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """In Ängen 20 of 26 are trained, in Åsen 1 of 1: 21 of 27 in the department."""
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    with database.transaction(engine) as session:
        unit = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF1")).one()
        crowd = [builders.person(session) for _ in range(24)]
        for someone in crowd:
            builders.employ(session, someone, unit)
        trained = [
            *crowd[:18],
            *(session.get_one(Person, people[one]) for one in ("employee", "manager", "neighbour")),
        ]
        for someone in trained:
            builders.recognise(session, someone, "forskola", town.TODAY, town.TODAY.replace(year=2028))
    return people


def rows(data: bytes) -> dict[str, dict[str, str]]:
    found = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    return {row["enhetskod"]: row for row in found}


def entries(app: Flask) -> list[tuple[str, dict[str, str]]]:
    with database.snapshot(app.extensions["elearn"].engine) as session:
        links = list(queries.entries(session))
    assert chain.faults(links) == []
    return [(link.actor, json.loads(link.details)) for link in links if link.kind == "fetched-figures"]


@pytest.mark.parametrize(
    ("role", "form", "status", "codes"),
    [
        ("vpc", "full", 200, {"U", "UF1", "UF2", "S", "S1", "X"}),
        ("vpc", "public", 200, {"U", "UF1", "UF2", "S", "S1", "X"}),
        ("working-group", "full", 403, set()),
        ("working-group", "public", 200, {"U", "UF1", "UF2", "S", "S1", "X"}),
        ("coordinator", "full", 403, set()),
        ("coordinator", "public", 200, {"U", "UF1", "UF2"}),
        ("manager", "full", 200, {"UF1"}),
        ("manager", "public", 403, set()),
    ],
)
def test_each_role_gets_its_form_of_its_units(
    app: Flask, people: dict[str, int], role: str, form: str, status: int, codes: set[str]
) -> None:
    """S4."""
    client = town.login(app, people[role])
    for kind in ("csv", "json", "xlsx"):
        answer = client.get(f"/tackning/export?format={kind}&form={form}")
        assert answer.status_code == status
    if status == 200:
        answer = client.get(f"/tackning/export?format=csv&form={form}")
        table = rows(answer.data)
        assert set(table) == codes
        assert table["UF1"]["anställda"] == ("26" if form == "full" else "..")
        assert not [name for name in ("Sara", "Johan", "Nadja", "Mona", "Lind") if name in answer.text]


def test_without_a_form_it_is_the_first_that_one_may_have(app: Flask, people: dict[str, int]) -> None:
    for role, employees in (("vpc", "26"), ("manager", "26"), ("working-group", ".."), ("coordinator", "..")):
        table = rows(town.login(app, people[role]).get("/tackning/export?format=csv").data)
        assert table["UF1"]["anställda"] == employees


def test_the_public_file_hides_one_person_and_what_would_give_the_person_away(
    app: Flask, people: dict[str, int]
) -> None:
    """Åsen has one. Ängen less the department would be that one."""
    client = town.login(app, people["vpc"])
    table = rows(client.get("/tackning/export?format=csv&form=public").data)
    figures = {code: (row["målgrupp"], row["utbildade"], row["andel"]) for code, row in table.items()}
    assert figures["U"] == ("27", "21", "77,8")
    assert figures["UF1"] == figures["UF2"] == figures["S1"] == ("..", "..", "..")
    part = rows(client.get("/tackning/export?format=csv&form=public&forvaltning=U").data)
    assert part == {code: row for code, row in table.items() if code.startswith("U")}
    document = client.get("/tackning/export?format=json&form=public&forvaltning=U").get_json()
    assert [row["hidden"] for row in document["rows"]] == [False, True, True]
    assert document["measure"]["units"]["secured"] is None


def test_the_committee_s_departments_alone(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    table = rows(client.get("/tackning/export?format=csv&namnd=Utbildningsnämnden").data)
    assert set(table) == {"U", "UF1", "UF2"}
    assert set(rows(client.get("/tackning/export?format=csv&namnd=utbildningsnämnden ").data)) == set(table)
    for wrong in (
        "namnd=Ingen",
        "namnd=Utbildningsnämnden&forvaltning=S",
        "forvaltning=UF1",
        "forvaltning=%00",
    ):
        assert client.get(f"/tackning/export?format=csv&{wrong}").status_code == 404
    assert (
        town.login(app, people["coordinator"]).get("/tackning/export?format=csv&forvaltning=S").status_code
        == 404
    )
    assert (
        town.login(app, people["manager"]).get("/tackning/export?format=csv&forvaltning=U").status_code == 404
    )


def test_a_spreadsheet_is_what_it_says_and_the_name_tells_the_form(
    app: Flask, people: dict[str, int]
) -> None:
    client = town.login(app, people["vpc"])
    for form, name in (
        ("full", "tackning-U-2026-11-23.xlsx"),
        ("public", "tackning-U-offentlig-2026-11-23.xlsx"),
    ):
        answer = client.get(f"/tackning/export?format=xlsx&form={form}&forvaltning=U")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        header, first, *_ = (
            CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_name("Täckning").to_python()
        )
        assert dict(zip(header, first, strict=True))["målgrupp"] == 27.0


def test_every_file_stands_in_the_journal_and_the_page_says_how_often(
    app: Flask, people: dict[str, int]
) -> None:
    """Who, what, which day, form and format; a file that is refused, and a page, are none."""
    client = town.login(app, people["vpc"])
    assert "Ingen har hämtat någon fil än." in client.get("/tackning/export").text
    for _ in range(2):
        client.get("/tackning/export?format=xlsx&form=public&datum=2026-11-01")
    client.get("/tackning/export?format=csv&forvaltning=U")
    client.get("/tackning/export?format=csv&forvaltning=finns-inte")
    client.get("/tackning/export?format=doc")
    client.get("/tackning/export?format=csv&datum=imorgon")
    client.head("/tackning/export?format=csv")
    town.login(app, people["manager"]).get("/tackning/export?format=csv")
    public = {"report": "coverage", "on": "2026-11-01", "form": "public", "format": "xlsx"}
    vpc, full = (
        f"person:{people['vpc']}",
        {"report": "coverage", "on": "2026-11-23", "form": "full", "format": "csv"},
    )
    assert entries(app) == [
        (vpc, public), (vpc, public), (vpc, full | {"part": "U"}),
        (f"person:{people['manager']}", full | {"part": "own-units"}),
    ]  # fmt: skip
    page = client.get("/tackning/export").text
    told = page.partition('id="hamtade"')[2]
    assert told.index("Chefens enheter") < told.index(">U<") < told.index("Offentlig")
    assert '<td class="num" data-l="Gånger">2</td>' in told
    for role in ("manager", "coordinator", "working-group"):
        assert "Hämtade filer" not in town.login(app, people[role]).get("/tackning/export").text


def test_a_file_that_cannot_be_recorded_is_not_sent(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    with database.transaction(app.extensions["elearn"].engine) as session:
        session.execute(sa.text("ALTER TABLE journal_entry RENAME TO gone"))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/tackning/export?format=csv")
    assert answer.status_code >= 500
    assert "Ängen" not in answer.text


def test_a_wrong_date_or_format_is_told(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    wrong = client.get("/tackning/export?format=csv&datum=imorgon&forvaltning=U")
    assert wrong.status_code == 422
    assert '<a href="#datum">Skriv datumet som 2026-11-23.</a>' in wrong.text
    assert 'value="imorgon"' in wrong.text
    assert '<option value="U" selected>' in wrong.text, "what was chosen stays chosen"
    for path in ("format=doc", "format=", "format=csv&form=hemlig"):
        assert client.get(f"/tackning/export?{path}").status_code == 404


def test_the_page_offers_what_one_may_fetch(app: Flask, people: dict[str, int]) -> None:
    pages = {
        role: town.login(app, people[role]).get("/tackning/export").text
        for role in ("vpc", "manager", "coordinator", "working-group")
    }
    assert 'value="full" checked' in pages["vpc"]
    assert 'name="forvaltning"' in pages["vpc"]
    assert 'name="forvaltning"' in pages["working-group"]
    assert 'name="forvaltning"' not in pages["coordinator"] + pages["manager"]
    for role, form in (("manager", "full"), ("coordinator", "public"), ("working-group", "public")):
        assert f'<input type="hidden" name="form" value="{form}">' in pages[role]
        assert 'type="radio" name="form"' not in pages[role]


def test_the_data_dictionary_tells_every_column_of_every_report(app: Flask, people: dict[str, int]) -> None:
    """R43."""
    page = town.login(app, people["working-group"]).get("/tackning/kolumner").text
    for report in dictionary.REPORTS:
        assert f'id="{report.id}"' in page
        for column in report.columns:
            assert f"<dt>{column.name}</dt>" in page
            assert column.meaning[-1] == ".", column.name
    assert len({report.id for report in dictionary.REPORTS}) == len(dictionary.REPORTS)


def test_the_working_group_sees_the_public_form_at_every_address(app: Flask, people: dict[str, int]) -> None:
    """R31, R36: no page gives the one in Åsen away, nor Ängen, which would by subtraction, nor a person's name
    nor who is outside. The measure is told in bounds."""
    client = town.login(app, people["working-group"])
    for path in (
        "/tackning",
        "/tackning?oppna=U",
        "/tackning?sok=Ängen",
        "/tackning?niva=enhet",
        "/tackning?namnd=Utbildningsnämnden",
        "/tackning/enhet/UF1",
        "/tackning/enhet/U",
        "/",
    ):
        text = re.sub(r"<[^>]+>", " ", client.get(path).text)
        assert not re.search(r"\b20 av 26\b|\b76,9|Utanför målgruppen|Sara|Johan|Nadja|Mona|Lind", text), path
    page = client.get("/tackning?oppna=U").text
    assert re.search(r"Utbildningsförvaltningen.*?21 av 27.*?77,8", page, re.DOTALL)
    assert page.count("Visas inte") == 6, "two figures of each unit, and of the department with one"
    assert "mellan 0 och 4 av 5" in re.sub(r"<[^>]+>", "", page).lower()
    real = town.login(app, people["vpc"]).get("/tackning?oppna=U").text
    assert re.search(r"Förskolan Ängen.*?20 av 26", real, re.DOTALL)
