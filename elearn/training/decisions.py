"""Decisions about the target group (R8-R13): malgrupp.csv read and recorded (measure.md, "Decisions about the
target group")."""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import sqlalchemy as sa

from elearn import csv_in
from elearn.csv_in import Faults, Record
from elearn.database import Session
from elearn.directory import tables
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people import queries
from elearn.swedish import folded
from elearn.training import exemptions
from elearn.training.decision_warnings import FormerHolders, covering_nobody, former_holders
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
_Key: TypeAlias = tuple[object, ...]
_Said: TypeAlias = tuple[str, str | None]


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
    """What came of the file's rows, by number of rows. ``warnings``: what somebody should look at."""

    new_count: int
    there_count: int
    corrected_count: int = 0
    warnings: tuple[str, ...] = ()


def read_decisions(path: Path, known_roles: Iterable[str]) -> Decisions:
    """The rows, and the file's faults so far: whether the people and units exist is for ``record_decisions``
    to say. ``known_roles``: the catalogue's."""
    table = tables.read_table(path, COLUMNS)
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
    """Record those that are not there already. A later row holds over an earlier one of its kind. One that
    differs from one of an earlier file in ``skäl`` or ``beslut av`` alone corrects it: the old one is taken
    back, and the new one has the last day that the old one had been given.

    Raises ``Invalid`` with every fault, unknown persons and units among them."""
    persons, units = queries.person_ids(session), queries.unit_ids(session)
    exemptions.refuse_unknown(decisions.rows, decisions.faults, persons, units)
    before, stored = former_holders(session), _stored(session)
    new, warnings, corrected_count = [], list[str](), 0
    for row in decisions.rows:
        decision = _decision(deed, row, persons, units)
        if any(_said(one) in stored[_key(one)] for one in _readings(decision, row, before)):
            continue
        by_files = (one for one in stored[_key(decision)].values() if one.form_key is None)
        mistaken = [one for one in by_files if one.recalled_at is None]
        for one in mistaken:
            exemptions.recall(one, deed, exemptions.CORRECTED)
            decision.ended_on, decision.ended_at, decision.ended_by = one.ended_on, one.ended_at, one.ended_by
        corrected_count += bool(mistaken)
        stored[_key(decision)][_said(decision)] = decision
        told = before.warnings(row.number, row.unit, row.starts_on)
        warnings += [f"rad {row.row}: {warning}" for warning in told]
        new.append((row, decision))
    session.add_all(decision for _row, decision in new)
    session.flush()
    nobody = covering_nobody(session, [decision.id for _row, decision in new])
    warnings += [f"rad {row.row} gäller ingen." for row, decision in new if decision.id in nobody]
    new_count = len(new) - corrected_count
    journal.record(
        session, deed, EntryKind.RECORDED_DECISIONS, count=new_count, corrected=corrected_count or None
    )
    there_count = len(decisions.rows) - len(new)
    return DecisionOutcome(new_count, there_count, corrected_count, tuple(warnings))


def _stored(session: Session) -> dict[_Key, dict[_Said, TargetDecision]]:
    """What is decided already, by files and on the page: by what names it, and by what it says beside."""
    stored = defaultdict[_Key, dict[_Said, TargetDecision]](dict)
    for row in session.scalars(sa.select(TargetDecision).where(TargetDecision.covers_below)):
        stored[_key(row)][_said(row)] = row
    return stored


def _readings(decision: TargetDecision, row: DecisionRow, before: FormerHolders) -> Iterator[TargetDecision]:
    """The row as it is read now, and as it was when its number and its code were others': one that is stored
    about them is the same row."""
    persons = (decision.person_id, *(id for id, _last in before.of_number(row.number)))
    units = (decision.unit_id, *(id for id, _last in before.of_code(row.unit)))
    for person_id, unit_id in itertools.product(persons, units):
        reading = _copy(decision)
        reading.person_id, reading.unit_id = person_id, unit_id
        yield reading


def _copy(decision: TargetDecision) -> TargetDecision:
    names = ("position_key", "is_included", "job_role", "starts_on", "ends_on", "reason", "decided_by")
    return TargetDecision(**{name: getattr(decision, name) for name in names})


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


def _key(row: TargetDecision) -> _Key:
    """What names a row of the file; a decision that has been ended since is still that row's."""
    return (
        row.person_id,
        row.unit_id,
        row.position_key,
        row.is_included,
        row.job_role,
        row.starts_on,
        row.ends_on,
    )


def _said(row: TargetDecision) -> _Said:
    return row.reason, row.decided_by
