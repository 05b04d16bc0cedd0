"""CSV from outside and for outside: encoding, delimiter, columns, every fault at once as ``fil:rad: …`` (measure.md, "Files").

Rows are numbered as a spreadsheet shows them: the header is row 1.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from elearn.errors import Invalid

T = TypeVar("T")

MOST_FAULTS = 200
# The bytes that UTF-8 makes of å ä ö é and their capitals, read as Windows-1252: text that has been through the wrong hands once.
MOJIBAKE = re.compile("\u00c3[\u00a5\u00a4\u00b6\u00a9\u0085\u0084\u0096\u0089\u2026\u201e\u2013\u2030]")
MOJIBAKE_BYTES = re.compile(rb"\xc3[\xa5\xa4\xb6\xa9\x85\x84\x96\x89]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
RISKY = re.compile("^[\\s\x00]*[=+\\-@\t\r\n\x00\uff1d\uff0b\uff0d\uff20]")
PERSONAL_NUMBER = re.compile(r"^(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[6-8]\d|9[01])[-+]?\d{4}$")
ORDER_OF_SWEDISH = str.maketrans({"å": "\U0010fff0", "ä": "\U0010fff1", "ö": "\U0010fff2"})


@dataclass(slots=True)
class Faults:
    """What is wrong with one file. Raised together, so that everything can be mended in one go."""

    file: str
    lines: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, row: int, sentence: str) -> None:
        self.count += 1
        if self.count <= MOST_FAULTS:
            self.lines.append(f"{self.file}:{row}: {sentence}")

    def all(self) -> list[str]:
        more = self.count - MOST_FAULTS
        return [*self.lines, f"{self.file}: … och {more} fel till."] if more > 0 else self.lines


def refuse(*found: Faults) -> None:
    """Raise ``Invalid`` with every fault of every file, or return when there is none."""
    lines = [line for faults in found for line in faults.all()]
    if lines:
        raise Invalid(*lines)


@dataclass(frozen=True, slots=True)
class Record:
    """A row: its number and its cells by column, trimmed."""

    row: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A file as read. ``unknown``: columns that nobody asked for, which are ignored."""

    records: tuple[Record, ...]
    unknown: tuple[str, ...]
    faults: Faults


def read_table(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Read a CSV file. What is wrong with the file as such, or with the shape of a row, stands in ``Table.faults``."""
    faults = Faults(path.name)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path}: filen går inte att läsa ({error.strerror}).") from None
    text = decode(data, faults)
    if text is None:
        return Table((), (), faults)
    rows = _rows(text, faults)
    if not rows:
        if not faults.count:
            faults.add(1, "filen är tom. Den ska börja med en rad med kolumnernas namn.")
        return Table((), (), faults)
    return _table(rows, columns, optional, faults)


def decode(data: bytes, faults: Faults) -> str | None:
    """UTF-8 if it has a BOM or decodes, else Windows-1252, unless it holds the bytes of damaged UTF-8. None: not text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:200]:
        faults.add(1, "filen är sparad som UTF-16 eller är inte text. Spara den som CSV UTF-8 och försök igen.")
        return None
    text: str | None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = _decode_windows(data, error.start, faults)
    if text is None:
        return None
    _refuse_damage(text, faults)
    return None if faults.count else text


def _decode_windows(data: bytes, place: int, faults: Faults) -> str | None:
    if data.startswith(b"\xef\xbb\xbf") or MOJIBAKE_BYTES.search(data):
        row = data.count(b"\n", 0, place) + 1
        faults.add(row, "filen är skadad UTF-8: här står tecken som inte går att läsa. Spara om den som CSV UTF-8.")
        return None
    return data.decode("cp1252", errors="replace")


def _refuse_damage(text: str, faults: Faults) -> None:
    """Characters that no name has: a file that is not text, or text that has been decoded wrongly once."""
    for pattern, sentence in (
        (CONTROL, "här står ett styrtecken. Är det här en CSV-fil? Spara om den som CSV UTF-8."),
        (re.compile("\ufffd"), "här står ett tecken som inte går att läsa. Spara om filen som CSV UTF-8."),
        (MOJIBAKE, "”{}” ser ut att vara å, ä, ö eller é som har sparats fel. Spara om filen från början som CSV UTF-8."),
    ):
        found = pattern.search(text)
        if found:
            faults.add(text.count("\n", 0, found.start()) + 1, sentence.format(found.group()))
            return


def _rows(text: str, faults: Faults) -> list[tuple[int, list[str]]]:
    """(row number, cells) of every row that is not empty. A cell may hold line breaks: the row is where it begins."""
    header = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(";\t,", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return rows
        except csv.Error:
            faults.add(start, "raden går inte att läsa: ett citattecken är inte avslutat eller står fel.")
            return rows
        if any(cell.strip() for cell in cells):
            rows.append((start, cells))


def _table(rows: list[tuple[int, list[str]]], columns: Sequence[str], optional: Sequence[str], faults: Faults) -> Table:
    (header_row, header), *body = rows
    names = [name.strip().lower() for name in header]
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        faults.add(header_row, f"kolumnen ”{name}” finns två gånger.")
    missing = [column for column in columns if column not in names]
    if missing:
        faults.add(header_row, f"kolumnen {_listed(missing)} saknas. Första raden ska vara: {';'.join(columns)}")
    if faults.count:
        return Table((), (), faults)
    if not body:
        faults.add(header_row, "filen har bara en rad med kolumnernas namn och inga rader under den.")
    records = []
    for row, cells in body:
        if (len(cells) != len(names) and any(cell.strip() for cell in cells[len(names) :])) or len(cells) < len(names):
            shape = f"raden har {len(cells)} fält, men första raden har {len(names)}."
            faults.add(row, f"{shape} Är något förskjutet eller avklippt?")
        else:
            records.append(Record(row, {name: cell.strip() for name, cell in zip(names, cells, strict=False)}))
    wanted = {*columns, *optional}
    return Table(tuple(records), tuple(name for name in names if name and name not in wanted), faults)


def _listed(names: Sequence[str]) -> str:
    return " och ".join(filter(None, [", ".join(f"”{name}”" for name in names[:-1]), f"”{names[-1]}”"]))


def parse(faults: Faults, record: Record, column: str, reader: Callable[[str], T]) -> T | None:
    """A cell read by ``reader``; its ``ValueError`` becomes a fault of the row, and the value None."""
    try:
        return reader(record[column])
    except ValueError as error:
        faults.add(record.row, f"{column}: {error}")
        return None


def required(text: str) -> str:
    if not text:
        raise ValueError("fältet är tomt. Fyll i det.")
    return text


def optional(text: str) -> str | None:
    return text or None


def date(text: str) -> dt.date:
    """A date as 2026-12-31; what is wrong with another one is told."""
    required(text)
    parts = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
    if not parts:
        raise ValueError(f"”{text}” är inget datum. Skriv det som 2026-12-31.")
    year, month, day = map(int, parts.groups())
    if not 1 <= month <= 12:
        raise ValueError(f"”{text}”: månaden ska vara 01 till 12.")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(f"”{text}”: den dagen finns inte.") from None


def optional_date(text: str) -> dt.date | None:
    return date(text) if text else None


def number(text: str) -> str:
    """An anställningsnummer: text, leading zeros kept. A personnummer must never get in here."""
    required(text)
    if PERSONAL_NUMBER.match(text.replace(" ", "")):
        raise ValueError("ser ut som ett personnummer. Använd anställningsnumret.")
    if not re.fullmatch(r"[\w.-]{1,40}", text):
        raise ValueError(f"”{text}” är inget anställningsnummer. Det får ha bokstäver, siffror, punkt och bindestreck.")
    return text


def swedish_key(text: str) -> str:
    """The Swedish sort key: lower case, by code point, with å ä ö after every other letter, in that order."""
    return text.lower().translate(ORDER_OF_SWEDISH)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with BOM, ``;``, ``\\r\\n``. A cell that a spreadsheet would run is made text with an apostrophe (S17)."""
    return "\ufeff".encode() + b"".join(_lines(header, rows))


def _lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    for row in (header, *rows):
        writer.writerow([harmless(cell) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def harmless(cell: str) -> str:
    """The cell as a spreadsheet can not run it. A NUL, which no file may have, is dropped."""
    return ("'" + cell if RISKY.match(cell) else cell).replace("\x00", "")
