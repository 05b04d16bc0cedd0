"""Spreadsheets, read back by a reader that shares no code with the writer."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from elearn.reports.workbook import About, Cell, Kind, Sheet, write_workbook
from tests.test_csv_out import EVIL


@dataclass(frozen=True)
class Heading:
    name: str
    kind: Kind
    meaning: str = "Vad det är."


COLUMNS = (
    Heading("enhet", Kind.TEXT),
    Heading("antal", Kind.COUNT),
    Heading("andel", Kind.DECIMAL),
    Heading("datum", Kind.DATE),
)
ABOUT = About("Täckning", "Botkyrka kommun", (("Datum", dt.date(2026, 11, 23)), ("Form", "Offentlig")))


def written(*rows: tuple[Cell, ...], columns: tuple[Heading, ...] = COLUMNS) -> bytes:
    return write_workbook(ABOUT, [Sheet("Blad", columns, rows)])


def read(data: bytes, name: str = "Blad") -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


def test_every_cell_keeps_its_type() -> None:
    rows = read(
        written(
            ("Ängen", 1200, Decimal("87.5"), dt.date(2026, 11, 23)),
            ("0012", None, Decimal("100.0"), None),
            ("1E5", "..", "..", "1899-12-31"),
        )
    )
    assert rows == [
        ["enhet", "antal", "andel", "datum"],
        ["Ängen", 1200.0, 87.5, dt.date(2026, 11, 23)],
        ["0012", "", 100.0, ""],
        ["1E5", "..", "..", "1899-12-31"],
    ]
    assert [type(cell) for cell in rows[1]] == [str, float, float, dt.date]


def test_ja_and_nej_are_words_and_a_day_that_no_spreadsheet_knows_is_text() -> None:
    columns = (Heading("a", Kind.TEXT), Heading("b", Kind.DATE))
    days = (dt.date(1900, 2, 28), dt.date(1900, 3, 1), dt.date(1, 1, 1))
    rows = read(written((True, days[0]), (False, days[1]), (None, days[2]), columns=columns))
    assert rows[1:] == [["ja", "1900-02-28"], ["nej", days[1]], ["", "0001-01-01"]]


@pytest.mark.parametrize("text", [*EVIL, "http://x.se", "{=1+1}", "mailto:a@b.se", "1,5", "true", "_x0041_"])
def test_a_text_is_text_to_the_letter_and_never_run(text: str) -> None:
    """S17: no formula, no link, no number, in a cell and in a heading."""
    data = written((text,), columns=(Heading(text, Kind.TEXT),))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not [
            name for name in package.namelist() if "rels" in name and b"hyperlink" in package.read(name)
        ]
    sheet = part(data, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert len(re.findall(r'<c r="A[12]"[^>]* t="s">', sheet)) == 2
    if "\r" not in text and "\x00" not in text:  # written as _x000D_, which this reader leaves as it is
        assert read(data)[1] == [text]


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=20),
            st.one_of(st.none(), st.integers(0, 10**9), st.just("..")),
            st.one_of(st.none(), st.decimals(0, 100, places=1)),
            st.one_of(st.none(), st.dates(dt.date(1900, 3, 1))),
        ),
        max_size=5,
    )
)
def test_what_is_written_is_what_is_read(
    rows: list[tuple[str, int | str | None, Decimal | None, dt.date | None]],
) -> None:
    found = read(written(*rows))[1:]
    expected = [
        [name, "" if count is None else count, "" if share is None else float(share), day or ""]
        for name, count, share, day in rows
    ]
    while expected and not any(cell != "" for cell in expected[-1]):
        expected.pop()  # a reader stops at the last cell with something in it
    assert found[: len(expected)] == expected
    assert not any(cell != "" for row in found[len(expected) :] for cell in row)


def test_each_sheet_is_a_table_with_a_frozen_header_and_printable() -> None:
    data = write_workbook(ABOUT, [Sheet("A", COLUMNS, [("x", 1, None, None)] * 3), Sheet("B", COLUMNS, [])])
    assert 'ref="A1:D4"' in part(data, "xl/tables/table1.xml")
    assert 'ref="A1:D2"' in part(data, "xl/tables/table2.xml"), "one empty row: a table has at least one"
    assert "<autoFilter" in part(data, "xl/tables/table1.xml")
    for number in (1, 2):
        sheet = part(data, f"xl/worksheets/sheet{number}.xml")
        assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in sheet
        assert 'paperSize="9"' in sheet
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == ["A", "B", "Förklaringar"]


def test_the_definitions_tell_the_facts_and_every_column() -> None:
    about = About(
        "Täckning",
        "Botkyrka kommun",
        (("Datum", dt.date(2026, 11, 23)), ("Gräns", Decimal("90.0"))),
        ("En mening.",),
    )
    rows = read(
        write_workbook(about, [Sheet("A", COLUMNS[:1], []), Sheet("B", COLUMNS[1:2], [])]), "Förklaringar"
    )
    assert [row for row in rows if any(row)] == [
        ["Täckning", "", ""],
        ["Datum", dt.date(2026, 11, 23), ""],
        ["Gräns", "90,0", ""],
        ["En mening.", "", ""],
        ["Blad", "Kolumn", "Betydelse"],
        ["A", "enhet", "Vad det är."],
        ["B", "antal", "Vad det är."],
    ]


def test_the_workbook_says_what_it_is_and_not_when_it_was_made() -> None:
    """The same data is the same bytes."""
    rows: tuple[Cell, ...] = ("Ängen", 1, Decimal("1.0"), dt.date(2026, 1, 1))
    data = written(rows)
    assert data == written(rows)
    assert data != written((*rows[:1], 2, *rows[2:]))
    core = part(data, "docProps/core.xml")
    assert "<dc:title>Täckning</dc:title>" in core
    assert re.findall(r">(\d{4})-", core) == ["2000", "2000"]
    assert "<Company>Botkyrka kommun</Company>" in part(data, "docProps/app.xml")


@pytest.mark.parametrize(("text", "width"), [("x", 9), ("x" * 10, 12), ("x" * 58, 60), ("x" * 500, 60)])
def test_a_column_is_as_wide_as_its_longest_cell_within_bounds(text: str, width: int) -> None:
    sheet = part(written((text,), columns=(Heading("a", Kind.TEXT),)), "xl/worksheets/sheet1.xml")
    found = re.search(r'<col min="1" max="1" width="([\d.]+)"', sheet)
    assert found
    assert round(float(found[1])) in (width, width + 1)


def test_a_text_longer_than_a_cell_holds_is_cut_and_not_lost() -> None:
    [_, row] = read(written(("x" * 32_768,), columns=(Heading("a", Kind.TEXT),)))
    assert row == ["x" * 32_767]
