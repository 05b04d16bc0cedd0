"""CSV from outside: encoding, delimiter, columns, every fault at once as ``fil:rad: …`` (measure.md,
"Files"), with the row that a spreadsheet shows: the header is row 1, and a cell with line breaks in it is
still one row."""

import csv
import datetime as dt
import hashlib
import io
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, TypeVar

from elearn import clock, csv_text
from elearn.errors import Invalid

T = TypeVar("T")
Cells: TypeAlias = list[str] | None  # of a row; None when it cannot be read
Rows: TypeAlias = Iterator[tuple[int, Cells]]  # each row that is not empty: its number and its cells, trimmed

MOST_FAULTS = 200
DELIMITERS = ";,\t"
SEPARATOR_LINE = re.compile(r'"?sep=(?P<delimiter>[;,\t])"?[ \t]*(?:\r\n|[\r\n]|$)', re.IGNORECASE)
DECIMAL = re.compile(r"(?P<whole>[0-9]+)[.,]0+")
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
        """Whether another one is only counted. Its sentence need not be made."""
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
    labels: Mapping[str, str] = field(default_factory=dict)  # what the file calls a column, when not as we do

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
    left_out: int = 0  # rows that a mapping leaves out


def to_table(
    found: Rows, columns: Sequence[str], optional: Sequence[str], faults: Faults, data: bytes
) -> Table:
    """The rows under the first one, which names the columns; the faults of their shape beside them."""
    rows = list(found)
    if not faults.count and len(rows) < 2:
        faults.add(
            1, f"filen är tom: det finns inga rader under kolumnernas namn, som ska vara {';'.join(columns)}"
        )
    names = _names(*rows[0], columns, optional, faults) if rows else None
    if names is None:
        return Table((), (), faults, is_whole=False)
    unknown = tuple(dict.fromkeys(name for name in names if name not in {"", *columns, *optional}))
    records = tuple(_records(names, rows[1:], faults))
    return Table(records, unknown, faults, not faults.count, hashlib.sha256(data).hexdigest())


def read_bytes(path: Path, faults: Faults) -> bytes | None:
    """What the file holds, or None and a fault."""
    try:
        return path.read_bytes()
    except OSError as error:
        why = {FileNotFoundError: "filen finns inte", IsADirectoryError: "det här är en mapp, ingen fil"}
        faults.add(
            None, f"{why.get(type(error), 'filen går inte att öppna: har du rätt att läsa den?')} ({path})"
        )
        return None


def read_rows(data: bytes, known: Collection[str], faults: Faults, header_row: int = 1) -> Rows:
    """The rows of a CSV file from ``header_row`` on, which tells the delimiter by the ``known`` columns."""
    try:
        text = csv_text.decode(data, known)
    except csv_text.NotText as error:
        before = _cells(error.before + "x", _delimiter(error.before, known, header_row))
        faults.add(sum(1 for _ in before), str(error))
        return
    separator = SEPARATOR_LINE.match(text)
    text = text[separator.end() :] if separator else text
    delimiter = separator["delimiter"] if separator else _delimiter(text, known, header_row)
    is_damaged = csv_text.DAMAGE.search(text) is not None
    for row, cells in enumerate(_cells(text, delimiter), 1):
        if row < header_row:
            continue
        damage = csv_text.damage(cells) if is_damaged and cells else None
        if cells is None:
            faults.add(row, "raden går inte att läsa: ett citattecken är inte avslutat eller står fel.")
            yield row, None
        elif damage:
            faults.add(row, damage)
            yield row, None
        elif any(trimmed := [cell.strip() for cell in cells]):
            yield row, trimmed


def _delimiter(text: str, known: Collection[str], header_row: int = 1) -> str:
    """The one that parts the first row, of those from ``header_row`` on, into the most known names of
    columns."""

    def count(delimiter: str) -> int:
        rows = itertools.islice(_cells(text, delimiter), header_row - 1, None)
        header = next((cells for cells in rows if cells is None or any(cells)), None)
        return len({column_name(cell) for cell in header or ()}.intersection(known))

    return max(DELIMITERS, key=count)


def _cells(text: str, delimiter: str) -> Iterator[Cells]:
    """Blanks before a quotation mark are dropped, as programs that align their columns write them."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield None


def column_name(text: str) -> str:
    """A column's name as it is compared: neither capitals nor line breaks make another one."""
    return " ".join(text.split()).lower()


def _names(
    row: int, cells: Cells, columns: Sequence[str], optional: Sequence[str], faults: Faults
) -> list[str] | None:
    """The columns' names, or None when some are missing or stand there twice. Those that are not used may."""
    names = [column_name(name) for name in cells or ()]
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
    twice = sorted({name for name in (*columns, *optional) if names.count(name) > 1})
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
        faults.add(record.row, f"{record.labels.get(column, column)}: {error}")
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


def refuse_reversed(
    faults: Faults, record: Record, starts_on: dt.date | None, ends_on: dt.date | None
) -> None:
    """A fault of the column ``till`` where it is before ``från``."""
    if starts_on and ends_on and ends_on < starts_on:
        order = f"sista dagen {ends_on} ligger före första dagen {starts_on}."
        faults.add(record.row, f"till: {order} Byt plats på dem eller rätta en av dem.")


def number(text: str) -> str:
    """An anställningsnummer: text, leading zeros kept. A personnummer must never get in here, nor be repeated
    in a message."""
    required(text)
    if PERSONAL_NUMBER.fullmatch(re.sub(r"\W", "", text)):
        raise ValueError("här står något som ser ut som ett personnummer. Skriv anställningsnumret.")
    if decimal := DECIMAL.fullmatch(text):
        raise ValueError(
            f"”{text}” är ett tal med decimaler, som ett kalkylprogram har gjort. Skriv {decimal['whole']}, "
            "och formatera kolumnen som text."
        )
    if not re.fullmatch(r"[\w.-]{1,40}", text):
        raise ValueError(
            f"”{text}” är inget anställningsnummer. Det får ha bokstäver, siffror, punkt och bindestreck."
        )
    return text
