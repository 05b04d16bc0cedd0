"""The kompetensförsörjningsplan as files: CSV, JSON and XLSX say the same, cell by cell, from one plan."""

import csv
import datetime as dt
import io
import json
from fractions import Fraction

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from elearn.people.models import UnitKind
from elearn.reports import needs_files
from elearn.reports.needs_table import AHEAD, COLUMNS, COURSE, GROUP, NEEDED, Plan
from tests import builders

TODAY = dt.date(2026, 11, 30)
CURRICULUM = builders.curriculum({"förskola": "forskola", "skola": "skola"})
DONE = dt.date(2026, 1, 1)


@pytest.fixture
def plan(session: Session) -> Plan:
    """Two departments; the first has two roles, one who lacks the course, one who ends in each part of a year."""
    first = builders.unit(session, "U", UnitKind.DEPARTMENT, name="=Utbildning", committee="Nämnden")
    preschool = builders.unit(session, "F", parent=first, job_role="förskola", name="Förskolan Åsen")
    school = builders.unit(session, "S", parent=first, job_role="skola", name="Skolan")
    builders.unit(session, "K", UnitKind.DEPARTMENT, name="Kansliet")
    for last_day in (
        None,
        dt.date(2027, 2, 27),
        dt.date(2027, 5, 29),
        dt.date(2027, 11, 29),
        dt.date(2028, 1, 1),
    ):
        someone = builders.person(session)
        builders.employ(session, someone, preschool)
        if last_day:
            builders.recognise(session, someone, "forskola", DONE, last_day)
    builders.employ(session, builders.person(session), school)
    lengths = {"forskola": 110, "skola": 100}
    return needs_files.make_plan(session, CURRICULUM, lengths, Fraction(3, 4), TODAY)


def table(data: bytes) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")]


def test_what_the_files_say(plan: Plan) -> None:
    rows = {(row["enhetskod"], row["yrkesroll"]): row for row in table(needs_files.to_csv(plan))}
    units = ("U", ("", "förskola", "skola")), ("F", ("", "förskola")), ("S", ("", "skola")), ("K", ("",))
    assert [*rows] == [(code, role) for code, roles in units for role in roles]
    told = "målgrupp", "utbildade", "saknar kursen", "kurstimmar", "andel"
    assert [rows["U", ""][name] for name in told] == ["6", "4", "2", "3,5", "66,7"]
    assert [rows["U", "förskola"][name] for name in told] == ["5", "4", "1", "1,8", ""]
    assert [rows["U", "skola"][name] for name in told] == ["1", "0", "1", "1,7", ""]
    assert [rows["F", ""][f"går ut inom {n} månader"] for n in (3, 6, 12)] == ["1", "2", "3"]
    months = 3, 6, 12
    nothing = [rows["F", ""][f"andel om {n} månader, om inget görs"] for n in months]
    renewed = [rows["F", ""][f"andel om {n} månader, om alla förnyar"] for n in months]
    assert (nothing, renewed) == (["60,0", "40,0", "20,0"], ["80,0", "80,0", "80,0"])
    secured = [
        rows["F", ""][f"säkerställd om 12 månader, om {then}"] for then in ("inget görs", "alla förnyar")
    ]
    assert secured == ["nej", "ja"]
    assert [rows["K", ""][name] for name in ("målgrupp", "saknar kursen", "kurstimmar", "andel")] == [
        "0",
        "0",
        "0,0",
        "",
    ]
    assert rows["K", ""]["säkerställd om 3 månader, om inget görs"] == ""
    assert rows["U", ""]["enhet"] == "'=Utbildning"  # no spreadsheet runs it
    document = json.loads(needs_files.to_json(plan))
    whole = document["whole"]
    assert [whole[name] for name in ("target", "trained", "lacking", "hours")] == [6, 4, 2, 3.5]
    assert [whole[f"ending_in_{n}"] for n in months] == [1, 2, 3]
    assert [one["on"] for one in document["forecasts"]] == ["2027-02-28", "2027-05-30", "2027-11-30"]
    assert document["measure"]["units"] == {"secured": 1, "with_target": 2}
    assert document["forecasts"][0]["if_nothing"]["units"] == {"secured": 0, "with_target": 2}
    assert document["forecasts"][2]["if_renewed"]["units"] == {"secured": 1, "with_target": 2}


def in_words(value: object) -> str:
    """A value of the JSON, or of a cell, as the CSV has it."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return {"department": "förvaltning", "unit": "enhet"}.get(str(value), str(value))


def like(cell: str) -> str:
    """A cell of the CSV without the decimal that says nothing, and without the guard against formulas."""
    return cell.removesuffix(",0").removeprefix("'")


def test_csv_json_and_xlsx_say_the_same(plan: Plan) -> None:
    rows = table(needs_files.to_csv(plan))
    for row, found in zip(rows, json.loads(needs_files.to_json(plan))["rows"], strict=True):
        for column in COLUMNS:
            if column.key:
                assert in_words(found[column.key]) == like(row[column.name]), column.name
    book = CalamineWorkbook.from_filelike(io.BytesIO(needs_files.to_xlsx(plan, "Botkyrka kommun")))
    assert book.sheet_names == ["Enheter", "Yrkesroller", "Måttet", "Förklaringar"]
    sheets = {"Enheter": ((*GROUP, *NEEDED, *AHEAD), ""), "Yrkesroller": ((*GROUP, *COURSE, *NEEDED), "role")}
    for name, (columns, role) in sheets.items():
        header, *cells = book.get_sheet_by_name(name).to_python()
        assert header == [column.name for column in columns]
        wanted = [row for row in rows if bool(row["yrkesroll"]) == bool(role)]
        assert [[in_words(cell) for cell in line] for line in cells] == [
            [like(row[column.name]) for column in columns] for row in wanted
        ]
    _header, *measure = book.get_sheet_by_name("Måttet").to_python()
    assert measure[0] == [TODAY, "i dag", 0.0, 1.0, 1.0, 2.0, 33.3]
    assert measure[1] == [dt.date(2027, 2, 28), "om inget görs", 0.0, 1.0, 0.0, 2.0, 0.0]
    assert measure[6] == [dt.date(2027, 11, 30), "om alla förnyar", 0.0, 1.0, 1.0, 2.0, 33.3]
    assert len(measure) == 7


def test_no_name_stands_in_a_file(plan: Plan) -> None:
    for file_format in ("csv", "json"):
        assert b"Lind" not in needs_files.to_file(plan, file_format, "Botkyrka")


def test_every_column_is_told_once() -> None:
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)
    keys = [column.key for column in COLUMNS if column.key]
    assert len(set(keys)) == len(keys)
    assert all(column.meaning.endswith(".") for column in COLUMNS)
