"""CSV for outside: UTF-8 with BOM, ``;`` and no cell that a spreadsheet would run (measure.md, "Files";
S17)."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

RISKY = re.compile("^[\\s\x00\u200b\ufeff]*[=+\\-@\t\r\n\x00\uff1d\uff0b\uff0d\uff20]")


NUMBER = re.compile("-[0-9]+(,[0-9]+)?")


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with BOM, ``;``, ``\\r\\n``. A cell that a spreadsheet would run is made text with an apostrophe
    (S17)."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerows(
        map(harmless, row) for row in (header, *rows)
    )
    return buffer.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The cell as a spreadsheet cannot run it; a number below zero is run by none. A NUL, which no file may
    have, is dropped."""
    is_risky = RISKY.match(cell) and not NUMBER.fullmatch(cell)
    return ("'" + cell if is_risky else cell).replace("\x00", "")
