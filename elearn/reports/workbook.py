"""Spreadsheets (XLSX): real tables with typed cells, and a sheet that tells what every column means (R43).

The only module that writes XLSX. The same data is the same bytes: nothing in the file tells when it was
written.
"""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell: TypeAlias = str | int | bool | Decimal | dt.date | None

DEFINITIONS = "Förklaringar"
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
MADE_AT = dt.datetime(2000, 1, 1)  # noqa: DTZ001  no moment of any file: equal data, equal bytes
FIRST_DAY = dt.date(1900, 3, 1)  # a spreadsheet knows no earlier one, or counts it wrong
LONGEST_TEXT = 32_767  # characters that a cell holds
NARROWEST, WIDEST = 9, 60  # characters
A4 = 9
STYLE = "Table Style Light 1"


class Kind(StrEnum):
    """How a column's cells are shown: as text, a whole number, a number with one decimal (percentages are
    written as 87.5), or a date."""

    TEXT = "text"
    COUNT = "count"
    DECIMAL = "decimal"
    DATE = "date"


LEFT = frozenset({Kind.TEXT, Kind.DATE})


class Heading(Protocol):
    """What a sheet asks of a column. ``table.Column`` is one."""

    @property
    def name(self) -> str:
        """In the header, once in its sheet."""

    @property
    def meaning(self) -> str:
        """A sentence for the sheet of definitions."""

    @property
    def kind(self) -> Kind:
        """How its cells are shown."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``name``: at most 31 characters, once in the workbook. ``rows``: a cell for every column. Text in a
    column of numbers is shown as it is (``..`` for what is hidden); a bool is ``ja`` or ``nej``."""

    name: str
    columns: Sequence[Heading]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class About:
    """What the workbook says of itself, on the sheet of definitions and in its properties. ``facts``: label
    and value (date, threshold, form …). ``notes``: whole sentences, a row each."""

    title: str
    municipality: str
    facts: Sequence[tuple[str, Cell]] = ()
    notes: Sequence[str] = ()


def write_workbook(about: About, sheets: Sequence[Sheet]) -> bytes:
    """The sheets in their order, each a table with a frozen header, and last the sheet of definitions.

    No text becomes a formula, a link or a number (S17)."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties(
            {"title": about.title, "company": about.municipality, "author": about.municipality}
            | {"created": MADE_AT}
        )
        styles = _Styles(book)
        for number, sheet in enumerate(sheets, 1):
            _write_table(book.add_worksheet(sheet.name), sheet, styles, f"Tabell{number}")
        _write_definitions(book.add_worksheet(DEFINITIONS), about, sheets, styles)
    return buffer.getvalue()


class _Styles:
    """The formats that a workbook's cells have."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.kinds: dict[Kind, Format] = {
            Kind.TEXT: book.add_format({"valign": "top"}),
            Kind.COUNT: book.add_format({"num_format": "#,##0", "align": "right", "valign": "top"}),
            Kind.DECIMAL: book.add_format({"num_format": "#,##0.0", "align": "right", "valign": "top"}),
            Kind.DATE: book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}),
        }
        self.title: Format = book.add_format({"bold": True, "font_size": 16})
        self.label: Format = book.add_format({"bold": True, "valign": "top"})
        self.wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.right: Format = book.add_format({"align": "right", "bold": True})
        self.left: Format = book.add_format({"align": "left", "bold": True})


def _write_table(page: Worksheet, sheet: Sheet, styles: _Styles, name: str, top: int = 0) -> None:
    """A table whose header stands in row ``top``, with filter buttons. A table has at least one row, which is
    empty when there is no data."""
    for number, column in enumerate(sheet.columns):
        cells = [row[number] for row in sheet.rows]
        page.set_column(number, number, _width(column.name, cells))
        for place, cell in enumerate(cells, top + 1):
            _write_cell(page, place, number, cell, styles.kinds[column.kind])
    header = [
        {"header": column.name, "header_format": styles.left if column.kind in LEFT else styles.right}
        for column in sheet.columns
    ]
    last = top + max(1, len(sheet.rows))
    page.add_table(top, 0, last, len(sheet.columns) - 1, {"name": name, "style": STYLE, "columns": header})
    if not top:
        page.freeze_panes(1, 0)
        page.repeat_rows(0)
    _on_paper(page, sheet.name)


def _write_cell(page: Worksheet, row: int, column: int, cell: Cell, style: Format) -> None:
    if cell is None:
        page.write_blank(row, column, None, style)
    elif isinstance(cell, dt.date) and cell >= FIRST_DAY:
        page.write_datetime(row, column, dt.datetime(cell.year, cell.month, cell.day), style)  # noqa: DTZ001
    elif isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        page.write_number(row, column, cell, style)
    else:
        page.write_string(row, column, shown(cell)[:LONGEST_TEXT], style)


def shown(cell: Cell) -> str:
    """A cell as text.

    >>> shown(True), shown(Decimal("87.5")), shown(None)
    ('ja', '87,5', '')
    """
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if cell is None:
        return ""
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else str(cell)


def _width(name: str, cells: Sequence[Cell]) -> int:
    """Wide enough for the longest cell, and for the header with its filter button."""
    longest = max((len(shown(cell)) for cell in cells), default=0)
    return max(NARROWEST, min(max(len(name) + 4, longest + 2), WIDEST))


def _write_definitions(page: Worksheet, about: About, sheets: Sequence[Sheet], styles: _Styles) -> None:
    page.write_string(0, 0, about.title, styles.title)
    row = 2
    for label, value in about.facts:
        page.write_string(row, 0, label, styles.label)
        kind = Kind.DATE if isinstance(value, dt.date) else Kind.TEXT
        _write_cell(page, row, 1, shown(value) if kind == Kind.TEXT else value, styles.kinds[kind])
        row += 1
    for note in about.notes:
        page.merge_range(row, 0, row, 2, "")
        page.write_string(row, 0, note, styles.wrapped)
        page.set_row(row, 15 * (1 + len(note) // 100))
        row += 1
    told = [(sheet.name, column.name, column.meaning) for sheet in sheets for column in sheet.columns]
    top = row + 1
    page.set_column(0, 1, 24)
    page.set_column(2, 2, 80)
    page.add_table(
        top,
        0,
        top + max(1, len(told)),
        2,
        {
            "name": DEFINITIONS,
            "style": STYLE,
            "columns": [{"header": name} for name in ("Blad", "Kolumn", "Betydelse")],
        },
    )
    for place, cells in enumerate(told, top + 1):
        for number, cell in enumerate(cells):
            page.write_string(place, number, cell, styles.wrapped)
    _on_paper(page, DEFINITIONS)


def _on_paper(page: Worksheet, name: str) -> None:
    """A4, landscape, as wide as the paper, with the sheet's name and the page's number."""
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L{name.replace('&', '&&')}&RSida &P av &N")
