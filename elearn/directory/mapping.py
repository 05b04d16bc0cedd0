"""A mapping: how the personnel system's own files are to be read. Their columns and values to ours, as values
that say nothing of TOML (``mapping_files``) or of tables (``mapped``)."""

import datetime as dt
import re
from collections.abc import Mapping as AbcMapping
from dataclasses import dataclass, field

from elearn import csv_in
from elearn.directory.columns import DAYS
from elearn.swedish import folded

# What a date can be written as, by its name in a mapping: year, month and day of the pattern.
DATE_FORMATS = {
    "ÅÅÅÅ-MM-DD": re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    "ÅÅÅÅMMDD": re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
    "ÅÅÅÅ/MM/DD": re.compile(r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})"),
    "ÅÅÅÅ.MM.DD": re.compile(r"(?P<y>\d{4})\.(?P<m>\d{1,2})\.(?P<d>\d{1,2})"),
    "DD-MM-ÅÅÅÅ": re.compile(r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})"),
    "DD/MM/ÅÅÅÅ": re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"),
    "DD.MM.ÅÅÅÅ": re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"),
    "MM/DD/ÅÅÅÅ": re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})"),
}
MIDNIGHT = re.compile(r"[ T]00:00(:00([.,]0+)?)?(Z|[+-]\d\d:\d\d)?$")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: one or several of the file's columns. Several are joined with ``between``, or
    the first that holds something is taken when that is None. ``part``: which part (from 1) of the value when
    it is parted by ``at``; 0 is all of it."""

    columns: tuple[str, ...]
    between: str | None = " "
    at: str = ""
    part: int = 0

    def value(self, record: csv_in.Record) -> str:
        """What the row holds there."""
        cells = [cell for column in self.columns if (cell := record[csv_in.column_name(column)])]
        text = (cells[0] if cells else "") if self.between is None else self.between.join(cells)
        if not self.part:
            return text
        parts = text.split(self.at)
        return parts[self.part - 1].strip() if self.part <= len(parts) else ""


@dataclass(frozen=True, slots=True)
class Without:
    """Rows to leave out: those that hold one of the folded ``values`` in a column."""

    column: str
    values: frozenset[str]

    def holds(self, record: csv_in.Record) -> bool:
        """Whether the row is one of them."""
        return folded(record[csv_in.column_name(self.column)]) in self.values


@dataclass(frozen=True, slots=True)
class Layout:
    """How one file, or one level of units in it, is read. ``swaps``: by our column, what becomes of a folded
    value; others stay."""

    sources: AbcMapping[str, Source] = field(default_factory=dict)
    fixed: AbcMapping[str, str] = field(default_factory=dict)
    swaps: AbcMapping[str, AbcMapping[str, str]] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    without: tuple[Without, ...] = ()
    sheet: str = ""
    header_row: int = 1

    def value(self, column: str, record: csv_in.Record) -> str:
        """What a row has in a column of ours."""
        if column in self.fixed:
            return self.fixed[column]
        source = self.sources.get(column)
        text = source.value(record) if source else record[column]
        swapped = self.swaps.get(column, {}).get(folded(text))
        if swapped is not None:
            return swapped
        return iso_date(text, self.dates) if column in DAYS else text


@dataclass(frozen=True, slots=True)
class Mapping:
    """How both files are read. ``levels``: the units' levels when they come from the file of people, the
    highest first; ``sha256`` is the file's."""

    units: Layout = Layout()
    jobs: Layout = Layout()
    levels: tuple[Layout, ...] = ()
    sha256: str = ""

    @property
    def is_flat(self) -> bool:
        """Whether one file holds both organisation and people."""
        return bool(self.levels)


OURS = Mapping()  # files with our own columns


def iso_date(text: str, formats: tuple[str, ...]) -> str:
    """The date as 2026-12-31 if it is written in one of the formats; else the text as it is, which the
    reader of dates then refuses in words. Midnight after it is dropped."""
    day = MIDNIGHT.sub("", text)
    for name in formats:
        if found := DATE_FORMATS[name].fullmatch(day):
            try:
                return dt.date(int(found["y"]), int(found["m"]), int(found["d"])).isoformat()
            except ValueError:
                continue
    return day
