"""One data set in every form and format, compared cell by cell; what the public form leaves out is nowhere in
its files."""

import csv
import datetime as dt
import io
import json
import zipfile
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from python_calamine import CalamineWorkbook

from elearn.people.models import LEVEL_WORDS, UnitKind
from elearn.reports import export
from elearn.reports.coverage import Coverage
from elearn.reports.export import AnyCoverage, FileFormat
from elearn.reports.suppression import public
from tests.reports.test_export import golden
from tests.reports.test_suppression import organisations, tree

TREE = tree((0, "D", 64, 52), (1, "a", 40, 37), (1, "b", 20, 13), (1, "c", 4, 2), (0, "E", 0, 0))
KEYS = {
    "nivå": "level", "enhetskod": "code", "enhet": "name", "överordnad": "parent", "nämnd": "committee",
    "anställda": "employees", "målgrupp": "target", "utbildade": "trained", "utgångna": "expired",
    "påbörjade": "started", "ej påbörjade": "not_started", "andel": "percent", "säkerställd": "secured",
}  # fmt: skip
MORE = ("erbjudna", "undantagna", "externa", "yrkesroll utan kurs", "utan yrkesroll")
NOT_PUBLIC = ("anställda", "utgångna", "påbörjade", "ej påbörjade")
FIGURES = (*NOT_PUBLIC, "målgrupp", "utbildade", "andel", "säkerställd")


def in_csv(coverage: AnyCoverage) -> list[dict[str, str]]:
    text = export.to_csv(coverage).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def in_sheet(coverage: AnyCoverage, name: str = "Täckning") -> list[dict[str, Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(export.to_xlsx(coverage, "Botkyrka kommun")))
    header, *rows = book.get_sheet_by_name(name).to_python()
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def as_csv(value: object) -> str:
    """A spreadsheet's or the JSON's value as the CSV would write it."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, int | float):
        return f"{value:g}"
    return str(value)


def compare(coverage: AnyCoverage) -> None:
    table, sheet = in_csv(coverage), in_sheet(coverage)
    document = json.loads(export.to_json(coverage))
    assert len(table) == len(sheet) == len(document["rows"])
    for cells, typed, keyed in zip(table, sheet, document["rows"], strict=True):
        for name in cells:
            text = (
                cells[name].removesuffix(",0").replace(",", ".")
                if name in ("andel", "tröskel")
                else cells[name]
            )
            if name in typed:
                assert as_csv(typed[name]) == text, name
            else:
                assert text == ".."
            if name in KEYS:
                expected = keyed[KEYS[name]]
                if name == "nivå":
                    expected = LEVEL_WORDS[UnitKind(expected)]
                assert (".." if expected is None and text == ".." else as_csv(expected)) == text, name
        assert cells["mätdatum"] == document["as_of"]


@pytest.mark.parametrize("date", ["2026-11-30", "2026-12-01"])
def test_every_file_of_the_golden_organisation_says_the_same(date: str) -> None:
    coverage = golden(date)
    compare(coverage)
    compare(public(coverage, 2))


@settings(max_examples=40)
@given(organisations())
def test_every_file_of_any_organisation_says_the_same(coverage: Coverage) -> None:
    compare(coverage)
    compare(public(coverage, 5))


def test_the_full_spreadsheet_has_what_the_csv_has_and_more() -> None:
    [row] = [row for row in in_sheet(golden("2026-11-30")) if row["enhetskod"] == "S1"]
    assert tuple(row)[-5:] == MORE
    assert [row[name] for name in MORE[1:]] == [1, 2, 3, 4]
    assert row["mätdatum"] == dt.date(2026, 11, 30)
    assert isinstance(row["andel"], float)


def test_a_hidden_row_shows_its_name_and_no_figure() -> None:
    form = public(TREE, 5)
    assert form.hidden == {"b", "c"}
    table = {row["enhetskod"]: row for row in in_csv(form)}
    assert {table["c"][name] for name in FIGURES} == {".."}
    assert (table["c"]["enhet"], table["c"]["tröskel"], table["c"]["nivå"]) == ("c", "90,0", "enhet")
    assert {table["a"][name] for name in NOT_PUBLIC} == {".."}
    assert [table["a"][name] for name in ("målgrupp", "utbildade", "andel", "säkerställd")] == [
        "40",
        "37",
        "92,5",
        "ja",
    ]
    assert (table["E"]["målgrupp"], table["E"]["andel"]) == ("0", ""), "nobody is no secret"
    document = json.loads(export.to_json(form))
    rows = {row["code"]: row for row in document["rows"]}
    assert rows["c"] == {
        "level": "unit", "code": "c", "name": "c", "parent": "D", "committee": None, "employees": None,
        "target": None, "trained": None, "expired": None, "started": None, "not_started": None,
        "percent": None, "secured": None, "hidden": True,
    }  # fmt: skip
    assert (rows["a"]["target"], rows["a"]["percent"], rows["a"]["secured"], rows["a"]["hidden"]) == (
        40,
        92.5,
        True,
        False,
    )
    assert rows["a"]["employees"] is None
    assert (document["form"], document["small_group"]) == ("public", 5)
    assert document["measure"]["units"] == {
        "secured": None, "with_target": 3, "secured_least": 1, "secured_most": 3
    }  # fmt: skip


def test_a_unit_whose_code_is_two_points_keeps_it() -> None:
    rows = json.loads(export.to_json(public(tree((0, "..", 40, 20)), 5)))["rows"]
    assert (rows[0]["code"], rows[0]["target"], rows[0]["hidden"]) == ("..", 40, False)


def test_the_public_spreadsheet_has_no_column_that_is_never_told() -> None:
    row = in_sheet(public(TREE, 5))[0]
    assert not {*NOT_PUBLIC, *MORE} & set(row)
    assert {"målgrupp", "utbildade", "andel", "säkerställd"} < set(row)


def test_the_measure_stands_at_every_threshold() -> None:
    told = [
        (row["tröskel"], row["räknat i"], row["säkerställda"], row["andel"])
        for row in in_sheet(TREE, "Måttet")
    ]
    assert told[3:6] == [
        (90.0, "förvaltningar", 0.0, 0.0),
        (90.0, "enheter", 1.0, 33.3),
        (90.0, "båda", 1.0, 25.0),
    ]
    told = [
        (row["tröskel"], row["räknat i"], row["säkerställda"], row["andel"])
        for row in in_sheet(public(TREE, 5), "Måttet")
    ]
    assert told[3:6] == [
        (90.0, "förvaltningar", 0.0, 0.0),
        (90.0, "enheter", "1–3", ".."),
        (90.0, "båda", "1–3", ".."),
    ]


@pytest.mark.parametrize("file_format", FileFormat)
def test_a_hidden_figure_is_nowhere_in_a_public_file(file_format: FileFormat) -> None:
    """They are figures that stand nowhere else."""
    coverage = tree(
        (0, "D", 7919 + 5987, 7918 + 3011), (1, "a", 7919, 7918), (1, "b", 5987, 3011), (0, "E", 0, 0)
    )
    form = public(coverage, 5)
    assert form.hidden == {"a", "b"}
    data = export.written(form, file_format, "Botkyrka kommun")
    if file_format == FileFormat.XLSX:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            data = b"".join(package.read(name) for name in package.namelist())
    assert b"13906" in data
    assert not [figure for figure in (b"7919", b"7918", b"5987", b"3011") if figure in data]


@pytest.mark.parametrize(("threshold", "is_secured"), [(Fraction(37, 40), True), (Fraction(371, 400), False)])
def test_secured_is_exact_in_the_public_form_too(threshold: Fraction, is_secured: bool) -> None:
    coverage = Coverage(TREE.on, threshold, is_forecast=False, rows=TREE.rows)
    rows = json.loads(export.to_json(public(coverage, 5)))["rows"]
    assert rows[1]["secured"] is is_secured
