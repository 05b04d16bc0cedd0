"""Workbooks as tests need them: rows of values, written as a spreadsheet program writes them."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter


def write(path: Path, *sheets: tuple[str, Iterable[Sequence[object]]]) -> Path:
    """Sheets with rows of values: text, numbers, dates, truth values and formulas (a pair: formula, value)."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), day)
                elif isinstance(cell, tuple):
                    sheet.write_formula(row, column, cell[0], None, cell[1])
                elif cell not in ("", None):
                    sheet.write(row, column, cell)
    book.close()
    return path


def made(path: Path, fill: Callable[[Any, Any], None]) -> Path:
    """One sheet that ``fill(book, sheet)`` writes."""
    book = xlsxwriter.Workbook(str(path))
    fill(book, book.add_worksheet("Blad1"))
    book.close()
    return path


def changed(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Every part as ``change(name, content)`` makes it; None leaves it out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    path.write_bytes(packed.getvalue())
    return path
