"""undantag.csv: decisions that somebody is not to be trained for a time (R8) -> rows, or every fault."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from elearn import csv_in
from elearn.csv_in import Faults, Record

COLUMNS = ("anställningsnr", "enhetskod", "från", "till", "skäl")
DECIDED_BY = "beslut av"


@dataclass(frozen=True, slots=True)
class ExemptionRow:
    """A row of undantag.csv. No unit = all the person's employments; no date = open at that end."""

    row: int
    number: str
    unit: str | None
    starts_on: dt.date | None
    ends_on: dt.date | None
    reason: str
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class Exemptions:
    """The file as read. ``unknown``: columns that are not used."""

    rows: tuple[ExemptionRow, ...]
    unknown: tuple[str, ...]
    faults: Faults


def read_exemptions(path: Path) -> Exemptions:
    """The rows, and the file's faults so far: whether the people and units exist is for ``record_exemptions``
    to say."""
    table = csv_in.read_table(path, COLUMNS, [DECIDED_BY])
    rows = tuple(row for record in table.records if (row := _read_row(record, table.faults)))
    return Exemptions(rows, table.unknown, table.faults)


def _read_row(record: Record, faults: Faults) -> ExemptionRow | None:
    number = csv_in.parse(faults, record, "anställningsnr", csv_in.number)
    starts_on = csv_in.parse(faults, record, "från", csv_in.optional_date)
    ends_on = csv_in.parse(faults, record, "till", csv_in.optional_date)
    reason = csv_in.parse(faults, record, "skäl", csv_in.required)
    if starts_on and ends_on and ends_on < starts_on:
        order = (
            f"sista dagen {ends_on} ligger före första dagen {starts_on}. Byt plats på dem "
            "eller rätta en av dem."
        )
        faults.add(record.row, f"till: {order}")
    if not number:
        return None
    unit, decided_by = csv_in.optional(record["enhetskod"]), csv_in.optional(record[DECIDED_BY])
    return ExemptionRow(record.row, number, unit, starts_on, ends_on, reason or "", decided_by)
