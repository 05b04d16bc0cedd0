"""Decisions about the target group (R8-R13): malgrupp.csv read and recorded (measure.md, "Decisions about the
target group")."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from elearn import csv_in
from elearn.csv_in import Faults, Record
from elearn.database import Session
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people import queries
from elearn.swedish import folded
from elearn.training import exemptions
from elearn.training.models import TargetDecision

COLUMNS = (
    "enhetskod",
    "anställningsnr",
    "befattning",
    "beslut",
    "yrkesroll",
    "från",
    "till",
    "skäl",
    "beslut av",
)
WORDS = {"ingår": True, "undantagen": False}


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A row of malgrupp.csv: a unit, a unit and a position, a person in a unit, or a person everywhere."""

    row: int
    unit: str | None
    number: str | None
    position: str | None
    is_included: bool
    job_role: str | None
    starts_on: dt.date
    ends_on: dt.date | None
    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """The file as read. ``unknown``: columns that are not used."""

    rows: tuple[DecisionRow, ...]
    unknown: tuple[str, ...]
    faults: Faults


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """What came of the file's rows, by number of rows."""

    new_count: int
    there_count: int


def read_decisions(path: Path, known_roles: Iterable[str]) -> Decisions:
    """The rows, and the file's faults so far: whether the people and units exist is for ``record_decisions``
    to say. ``known_roles``: the catalogue's."""
    table = csv_in.read_table(path, COLUMNS)
    roles = {folded(role): role for role in known_roles}
    rows = tuple(row for record in table.records if (row := _read_row(record, table.faults, roles)))
    return Decisions(rows, table.unknown, table.faults)


def _read_row(record: Record, faults: Faults, roles: Mapping[str, str]) -> DecisionRow | None:
    unit, position = csv_in.optional(record["enhetskod"]), csv_in.optional(record["befattning"])
    number = csv_in.parse(faults, record, "anställningsnr", _number)
    is_included = csv_in.parse(faults, record, "beslut", _word)
    job_role = None
    if is_included is not False:
        job_role = csv_in.parse(faults, record, "yrkesroll", lambda text: _role(text, roles))
    starts_on = csv_in.parse(faults, record, "från", csv_in.date)
    ends_on = csv_in.parse(faults, record, "till", csv_in.optional_date)
    reason = csv_in.optional(record["skäl"])
    decided_by = csv_in.parse(faults, record, "beslut av", csv_in.required)
    csv_in.refuse_reversed(faults, record, starts_on, ends_on)
    _refuse_together(record, faults, is_included)
    if is_included is None or starts_on is None:
        return None
    return DecisionRow(
        record.row,
        unit,
        number,
        position,
        is_included,
        job_role,
        starts_on,
        ends_on,
        reason or "",
        decided_by or "",
    )


def _refuse_together(record: Record, faults: Faults, is_included: bool | None) -> None:
    """Cells that do not go together, as they are written: what is wrong with one of them is told already."""
    unit, number, position, job_role = (
        record[column] for column in ("enhetskod", "anställningsnr", "befattning", "yrkesroll")
    )
    for is_wrong, what in (
        (
            not (unit or number),
            "enhetskod och anställningsnr: båda är tomma. Fyll i minst en av dem.",
        ),
        (
            position and number,
            "befattning: en rad om en person har ingen befattning. Lämna tomt.",
        ),
        (position and not unit, "befattning: skriv också enhetskoden som befattningen finns i."),
        (
            job_role and is_included is False,
            "yrkesroll: bara den som ingår får en yrkesroll. Lämna tomt.",
        ),
        (is_included is False and not record["skäl"], "skäl: ett undantag ska ha ett skäl."),
    ):
        if is_wrong:
            faults.add(record.row, what)


def _number(text: str) -> str | None:
    return csv_in.number(text) if text else None


def _word(text: str) -> bool:
    if folded(text) not in WORDS:
        raise ValueError(f"”{text}” finns inte. Skriv {' eller '.join(WORDS)}.")
    return WORDS[folded(text)]


def _role(text: str, roles: Mapping[str, str]) -> str | None:
    if text and folded(text) not in roles:
        known = ", ".join(sorted(roles.values()))
        raise ValueError(f"”{text}” finns inte i någon kurs. Där finns: {known}.")
    return roles.get(folded(text))


def record_decisions(session: Session, deed: Deed, decisions: Decisions) -> DecisionOutcome:
    """Record those that are not there already. A later row holds over an earlier one of its kind.

    Raises ``Invalid`` with every fault, unknown persons and units among them."""
    persons, units = queries.person_ids(session), queries.unit_ids(session)
    exemptions.refuse_unknown(decisions.rows, decisions.faults, persons, units)
    stored = {
        _alike(row) for row in session.scalars(sa.select(TargetDecision).where(TargetDecision.covers_below))
    }
    new = []
    for row in decisions.rows:
        decision = _decision(deed, row, persons, units)
        if _alike(decision) not in stored:
            stored.add(_alike(decision))
            new.append(decision)
    session.add_all(new)
    session.flush()
    journal.record(session, deed, EntryKind.RECORDED_DECISIONS, count=len(new))
    return DecisionOutcome(len(new), len(decisions.rows) - len(new))


def _decision(
    deed: Deed, row: DecisionRow, persons: Mapping[str, int], units: Mapping[str, int]
) -> TargetDecision:
    return TargetDecision(
        person_id=persons[row.number] if row.number else None,
        unit_id=units[row.unit] if row.unit else None,
        covers_below=True,
        position=row.position,
        position_key=folded(row.position) or None,
        is_included=row.is_included,
        job_role=row.job_role,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        reason=row.reason,
        decided_by=row.decided_by,
        recorded_at=deed.now,
        recorded_by=str(deed.actor),
    )


def _alike(row: TargetDecision) -> tuple[object, ...]:
    """What a row of the file says; a decision that has been ended since is still that row's."""
    return (
        row.person_id,
        row.unit_id,
        row.position_key,
        row.is_included,
        row.job_role,
        row.starts_on,
        row.ends_on,
        row.reason,
        row.decided_by,
    )
