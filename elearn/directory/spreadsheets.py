"""A sheet of an XLSX file as rows of text, the same as if it had been saved as CSV. No other module knows the
library that reads it."""

import datetime as dt
import unicodedata
from collections.abc import Collection, Iterator
from typing import TypeAlias

import python_calamine

from elearn import csv_in, csv_text
from elearn.csv_in import Cells, Faults, Rows
from elearn.directory import cell_scan, workbook_parts
from elearn.directory.cell_scan import Scan
from elearn.directory.workbook_parts import Parts, SheetPart, Unreadable

Value: TypeAlias = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
Merged: TypeAlias = list[tuple[tuple[int, int], tuple[int, int]]]  # (row, column) of two corners, from 0

MOST_DIGITS = 15  # of a number in a cell; the ones after them are lost


def read_rows(
    data: bytes, known: Collection[str], faults: Faults, header_row: int = 1, sheet: str = ""
) -> Rows:
    """The rows of the sheet with that name, else of the first one that people see. Cells that have an error,
    no value or a share in a merged one are faults where the column is ``known``."""
    try:
        parts = workbook_parts.unpack(data)
        chosen = _choose(parts, sheet)
        scan = cell_scan.scan(parts, chosen)
        rows, merged = _read(parts, chosen)
    except Unreadable as error:
        faults.add(None, str(error))
        return
    yield from _checked(rows, scan, merged, frozenset(known), faults, header_row)


def _choose(parts: Parts, name: str) -> SheetPart:
    wanted = csv_in.column_name(name)
    for sheet in parts.sheets:
        if csv_in.column_name(sheet.name) == wanted if wanted else sheet.is_visible:
            return sheet
    names = ", ".join(f"”{sheet.name}”" for sheet in parts.sheets) or "inga"
    raise Unreadable(f"arket ”{name}” finns inte. Filens ark är {names}." if name else "filen har inget ark.")


def _read(parts: Parts, sheet: SheetPart) -> tuple[Iterator[tuple[int, int, list[Value]]], Merged]:
    """Each row's number, how many columns stand empty before it, and its values; and the merged cells."""
    try:
        workbook = python_calamine.load_workbook(parts.only(sheet))
        found = workbook.get_sheet_by_name(sheet.name)
        rows: Iterator[list[Value]] = found.iter_rows()
        _first_row, first_column = found.start or (0, 0)
        merged = found.merged_cell_ranges or []
    except python_calamine.CalamineError:
        raise Unreadable(f"arket går inte att läsa. {workbook_parts.SAVE_AGAIN}") from None
    return ((row, first_column, values) for row, values in enumerate(rows, 1)), merged


def _checked(
    rows: Iterator[tuple[int, int, list[Value]]],
    scan: Scan,
    merged: Merged,
    known: frozenset[str],
    faults: Faults,
    header_row: int,
) -> Rows:
    """The rows as text. Columns are counted from 1 in faults, as in the sheet."""
    used: frozenset[int] | None = None
    faulty = {row for row, _column in scan.faults}
    for row, blank_count, values in rows:
        if row < header_row:
            continue
        cells, before = [""] * blank_count, faults.count
        for column, value in enumerate(values, blank_count + 1):
            try:
                cells.append(_text(value, scan.padded.get((row, column), 0)))
            except ValueError as error:
                cells.append("")
                if used is None or column in used:
                    faults.add(row, f"cell {cell_scan.column_letters(column)}{row}: {error}")
        if not any(cells) and row not in faulty:
            continue
        if used is None:
            names = [csv_in.column_name(cell) for cell in cells]
            used = frozenset(column for column, name in enumerate(names, 1) if name in known)
            _tell_merged(merged, row, used, faults)
        for column in sorted(used) if row in faulty else ():
            if sentence := scan.faults.get((row, column)):
                faults.add(row, sentence)
        yield row, _undamaged(row, cells, faults) if faults.count == before else None


def _undamaged(row: int, cells: list[str], faults: Faults) -> Cells:
    if csv_text.DAMAGE.search("\n".join(cells)) and (damage := csv_text.damage(cells)):
        faults.add(row, damage)
        return None
    return cells


def _tell_merged(merged: Merged, header_row: int, used: Collection[int], faults: Faults) -> None:
    """Only the first of merged cells has a value: the others would be empty, and nobody would see it."""
    for (top, left), (bottom, right) in merged:
        if bottom + 1 >= header_row and any(left < column <= right + 1 for column in used):
            first = f"{cell_scan.column_letters(left + 1)}{top + 1}"
            last = f"{cell_scan.column_letters(right + 1)}{bottom + 1}"
            faults.add(top + 1, f"cellerna {first}:{last} är sammanfogade. Dela dem och fyll i varje cell.")


def _text(value: Value, width: int) -> str:
    """A value as it is written in CSV. ``width``: how many digits a number is shown with."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.strip())
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float | int):
        return _number(float(value), width)
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _number(value: float, width: int) -> str:
    if not value.is_integer():
        return repr(value)
    if abs(value) >= 10**MOST_DIGITS:
        raise ValueError(
            "talet har fler siffror än ett kalkylark kan spara, så de sista har gått förlorade. Formatera "
            "kolumnen som text och skriv det igen."
        )
    return f"{int(value):0{width}d}" if width else str(int(value))
