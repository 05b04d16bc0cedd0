"""undantag.csv: decisions that somebody is not to be trained for a time (R8), read and recorded."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import tabular
from elearn.people import queries
from elearn.people.models import Exemption

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


def read_exemptions(path: Path) -> tuple[tabular.Faults, list[ExemptionRow]]:
    table = tabular.read_table(path, COLUMNS, [DECIDED_BY])
    rows = []
    for record in table.records:
        number = tabular.parse(table.faults, record, "anställningsnr", tabular.number)
        starts_on = tabular.parse(table.faults, record, "från", tabular.optional_date)
        ends_on = tabular.parse(table.faults, record, "till", tabular.optional_date)
        reason = tabular.parse(table.faults, record, "skäl", tabular.required)
        if starts_on and ends_on and ends_on < starts_on:
            table.faults.add(record.row, f"till: sista dagen {ends_on} ligger före första dagen {starts_on}.")
        if number and reason:
            unit, decided_by = record["enhetskod"] or None, record[DECIDED_BY] or None
            rows.append(ExemptionRow(record.row, number, unit, starts_on, ends_on, reason, decided_by))
    return table.faults, rows


def record_exemptions(session: Session, rows: Sequence[ExemptionRow], faults: tabular.Faults, now: dt.datetime) -> int:
    """Record those that are not there already: how many. Raises ``Invalid`` with every fault, unknown persons and units too."""
    people = queries.person_ids(session)
    units = queries.unit_ids(session)
    for row in rows:
        if row.number not in people:
            faults.add(row.row, f"anställningsnr: {row.number} finns inte. Läs in personalen först.")
        if row.unit is not None and row.unit not in units:
            faults.add(row.row, f"enhetskod: {row.unit} finns inte i organisationen.")
    tabular.refuse(faults)
    columns = (Exemption.person_id, Exemption.unit_id, Exemption.starts_on, Exemption.ends_on, Exemption.reason, Exemption.decided_by)
    there = {tuple(found) for found in session.execute(sa.select(*columns))}
    wanted = dict.fromkeys(
        (people[row.number], units.get(row.unit or ""), row.starts_on, row.ends_on, row.reason, row.decided_by) for row in rows
    )
    names = [column.key for column in columns]
    new = [dict(zip(names, values, strict=True)) | {"recorded_at": now} for values in wanted if values not in there]
    if new:
        session.execute(sa.insert(Exemption), new)
    return len(new)
