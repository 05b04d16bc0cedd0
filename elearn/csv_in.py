"""CSV from outside: encoding, delimiter, columns, every fault at once as ``fil:rad: …`` (measure.md,
"Files"), with the row that a spreadsheet shows: the header is row 1, and a cell with line breaks in it is
still one row."""

import csv
import datetime as dt
import hashlib
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, TypeVar

from elearn import clock
from elearn.errors import Invalid

T = TypeVar("T")
Cells: TypeAlias = list[str] | None  # of a row; None when it cannot be read

MOST_FAULTS = 200
# What UTF-8 makes of å ä ö é and their capitals: as bytes, and as text that was decoded as something else.
MOJIBAKE_BYTES = re.compile(rb"\xc3[\xa5\xa4\xb6\xa9\x85\x84\x96\x89]")
MOJIBAKE = "\u00c3[\u00a5\u00a4\u00b6\u00a9\u0085\u0084\u0096\u0089\u2026\u201e\u2013\u2030]"
CONTROL = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    "\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)
DAMAGE = re.compile(f"(?P<mojibake>{MOJIBAKE})|(?P<unreadable>\ufffd)|(?P<control>{CONTROL})")
SAVE_AGAIN = "Spara om filen som CSV UTF-8."
DAMAGE_TOLD = {
    "mojibake": (
        f"”{{}}” ser ut att vara å, ä, ö eller é som har sparats fel. Hämta filen på "
        f"nytt från systemet. {SAVE_AGAIN}"
    ),
    "unreadable": f"här står ett tecken som inte går att läsa. {SAVE_AGAIN}",
    "control": (
        f"här står ett styrtecken, som inte syns och inte hör hemma i text. Ta bort det, eller: {SAVE_AGAIN}"
    ),
}
# 10 or 12 digits, however they are parted: year, month, day (or day + 60), and four more.
PERSONAL_NUMBER = re.compile(
    r"(?:18|19|20)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])\d{4}"
)


@dataclass(slots=True)
class Faults:
    """What is wrong with one file. Raised together, so that everything can be mended in one go."""

    file: str
    told: list[tuple[int, str]] = field(default_factory=list)  # row, sentence
    count: int = 0

    def add(self, row: int | None, sentence: str) -> None:
        """``row`` None: the file as a whole."""
        self.count += 1
        if self.count <= MOST_FAULTS:
            self.told.append((row or 0, sentence))

    @property
    def is_full(self) -> bool:
        """Whether another one would only be counted: no work need be put into its words."""
        return self.count >= MOST_FAULTS

    def all(self) -> list[str]:
        """A line each, by row."""
        lines = [
            f"{self.file}:{row}: {sentence}" if row else f"{self.file}: {sentence}"
            for row, sentence in sorted(self.told)
        ]
        more = self.count - len(self.told)
        return [*lines, f"{self.file}: … och {more} till"] if more else lines


def refuse(*found: Faults) -> None:
    """Raise ``Invalid`` with every fault of every file, or return when there is none."""
    if lines := [line for faults in found for line in faults.all()]:
        raise Invalid(*lines)


@dataclass(frozen=True, slots=True)
class Record:
    """A row: its number and its cells by column, trimmed. A column that the file has not is empty."""

    row: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A file as read. ``unknown`` columns are ignored; ``is_whole``: no row was left out, so what is not here
    is not in the file."""

    records: tuple[Record, ...]
    unknown: tuple[str, ...]
    faults: Faults
    is_whole: bool
    sha256: str = ""  # of the file, hexadecimal


def read_table(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Read a CSV file. What is wrong with the file as such, or with the shape of a row, stands in
    ``Table.faults``."""
    faults = Faults(path.name)
    data = _read_bytes(path, faults)
    text = None if data is None else _decode(data, faults)
    rows = [] if text is None else list(_rows(text, faults))
    if not faults.count and len(rows) < 2:
        faults.add(
            1, f"filen är tom: det finns inga rader under kolumnernas namn, som ska vara {';'.join(columns)}"
        )
    names = _names(*rows[0], columns, faults) if rows else None
    if names is None:
        return Table((), (), faults, is_whole=False)
    unknown = tuple(name for name in names if name not in {"", *columns, *optional})
    records = tuple(_records(names, rows[1:], faults))
    return Table(records, unknown, faults, not faults.count, hashlib.sha256(data or b"").hexdigest())


def _read_bytes(path: Path, faults: Faults) -> bytes | None:
    """What the file holds, or None and a fault."""
    try:
        return path.read_bytes()
    except OSError as error:
        why = {FileNotFoundError: "filen finns inte", IsADirectoryError: "det här är en mapp, ingen fil"}
        faults.add(
            None, f"{why.get(type(error), 'filen går inte att öppna: har du rätt att läsa den?')} ({path})"
        )
        return None


def _decode(data: bytes, faults: Faults) -> str | None:
    """UTF-8 if it has a BOM or decodes, else Windows-1252, unless it holds the bytes of damaged UTF-8. None:
    not text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:200]:
        faults.add(1, f"filen är sparad som UTF-16 eller är inte text. {SAVE_AGAIN}")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith(b"\xef\xbb\xbf") or MOJIBAKE_BYTES.search(data):
            row = sum(1 for _ in _cells(error.object[: error.start].decode() + "x"))
            faults.add(row, f"filen är skadad UTF-8: här står tecken som inte går att läsa. {SAVE_AGAIN}")
            return None
        text = data.decode("cp1252", errors="replace")
    return unicodedata.normalize("NFC", text)


def _cells(text: str) -> Iterator[Cells]:
    header = re.split(r"[\r\n]", text.lstrip(), maxsplit=1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";\t,", key=header.count), strict=True)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield None


def _rows(text: str, faults: Faults) -> Iterator[tuple[int, Cells]]:
    """The number of every row that is not empty, and its cells, trimmed."""
    is_damaged = DAMAGE.search(text) is not None
    for row, cells in enumerate(_cells(text), 1):
        damage = DAMAGE.search("\n".join(cells)) if is_damaged and cells else None
        if cells is None:
            faults.add(row, "raden går inte att läsa: ett citattecken är inte avslutat eller står fel.")
            yield row, None
        elif damage:
            faults.add(row, DAMAGE_TOLD[damage.lastgroup or ""].format(damage.group()))
            yield row, None
        elif any(trimmed := [cell.strip() for cell in cells]):
            yield row, trimmed


def _names(row: int, cells: Cells, columns: Sequence[str], faults: Faults) -> list[str] | None:
    """The columns' names, or None when some are missing or stand there twice."""
    names = [name.lower() for name in cells or ()]
    while names and not names[-1]:
        names.pop()
    missing = [f"”{column}”" for column in columns if column not in names]
    if missing and cells:
        some = " och ".join(filter(None, [", ".join(missing[:-1]), missing[-1]]))
        faults.add(
            row,
            (
                f"{'kolumnerna' if missing[1:] else 'kolumnen'} {some} saknas. Raden ska vara "
                f"{';'.join(columns)}"
            ),
        )
    twice = sorted({name for name in names if name and names.count(name) > 1})
    for name in twice:
        faults.add(row, f"kolumnen ”{name}” finns två gånger.")
    return None if missing or twice else names


def _records(names: Sequence[str], body: Iterable[tuple[int, Cells]], faults: Faults) -> Iterator[Record]:
    """The rows that have a cell for each column. Empty ones to the right of the last are a spreadsheet's, and
    do no harm."""
    for row, cells in body:
        if cells is None:
            continue
        if len(cells) < len(names) or any(cells[len(names) :]):
            shape = f"raden har {len(cells)} fält, men första raden har {len(names)}."
            faults.add(row, f"{shape} Är något förskjutet eller avklippt?")
        else:
            yield Record(row, dict(zip(names, cells, strict=False)))


def parse(faults: Faults, record: Record, column: str, reader: Callable[[str], T]) -> T | None:
    """A cell read by ``reader``; its ``ValueError`` becomes a fault of the row, and the value None."""
    try:
        return reader(record[column])
    except ValueError as error:
        faults.add(record.row, f"{column}: {error}")
        return None


def required(text: str) -> str:
    """A text of one line."""
    if not text:
        raise ValueError("fältet är tomt. Fyll i det.")
    return " ".join(text.split())


def optional(text: str) -> str | None:
    return required(text) if text else None


def date(text: str) -> dt.date:
    """A date as 2026-12-31. Raises ``ValueError`` with a sentence for any other text."""
    required(text)
    return clock.parse_date(text)


def optional_date(text: str) -> dt.date | None:
    return date(text) if text else None


def number(text: str) -> str:
    """An anställningsnummer: text, leading zeros kept. A personnummer must never get in here, nor be repeated
    in a message."""
    required(text)
    if PERSONAL_NUMBER.fullmatch(re.sub(r"\W", "", text)):
        raise ValueError("här står något som ser ut som ett personnummer. Skriv anställningsnumret.")
    if not re.fullmatch(r"[\w.-]{1,40}", text):
        raise ValueError(
            f"”{text}” är inget anställningsnummer. Det får ha bokstäver, siffror, punkt och bindestreck."
        )
    return text
