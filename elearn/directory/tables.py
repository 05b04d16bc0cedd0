"""The one reader of tables from outside, CSV or XLSX, told apart by what the file holds and never by what it
is called."""

from collections.abc import Collection, Sequence
from pathlib import Path

from elearn import csv_in
from elearn.csv_in import Faults, Rows, Table
from elearn.directory import spreadsheets, workbook_parts

LARGEST_FILE = 50_000_000  # bytes, as it lies there


def read_table(
    path: Path, columns: Sequence[str], optional: Sequence[str] = (), header_row: int = 1, sheet: str = ""
) -> Table:
    """Read a file. ``header_row``: the row, from 1, that names the columns. ``sheet``: which one of an XLSX
    file; the first one that people see when it is not said. What is wrong stands in ``Table.faults``."""
    faults = Faults(path.name)
    data = read_file(path, faults)
    rows = iter(()) if data is None else read_rows(data, (*columns, *optional), faults, header_row, sheet)
    return csv_in.to_table(rows, columns, optional, faults, data or b"")


def read_file(path: Path, faults: Faults) -> bytes | None:
    """What the file holds, or None and a fault: it cannot be read, or is larger than anything of ours."""
    try:
        is_large = path.stat().st_size > LARGEST_FILE
    except OSError:
        is_large = False  # told below, in words
    if is_large:
        faults.add(None, "filen är större än 50 MB. Är det rätt fil? Ta bort kolumner som inte behövs.")
        return None
    return csv_in.read_bytes(path, faults)


def read_rows(
    data: bytes, known: Collection[str], faults: Faults, header_row: int = 1, sheet: str = ""
) -> Rows:
    """The rows from the header on."""
    if workbook_parts.is_packed(data):
        return spreadsheets.read_rows(data, known, faults, header_row, sheet)
    if workbook_parts.is_old(data):
        faults.add(
            None,
            f"filen är ett gammalt Excel-ark (.xls) eller låst med lösenord. {workbook_parts.SAVE_AGAIN}",
        )
        return iter(())
    return csv_in.read_rows(data, known, faults, header_row)
