"""Decisions that somebody is not to be trained for a time (R8): undantag.csv read, recorded, corrected and
taken back."""

import datetime as dt
import shlex
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

import sqlalchemy as sa

from elearn import csv_in
from elearn.csv_in import Faults, Record
from elearn.database import Session
from elearn.directory import tables
from elearn.errors import Conflict, NotFound
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people import queries
from elearn.swedish import folded
from elearn.training.models import TargetDecision

COLUMNS = ("anställningsnr", "enhetskod", "från", "till", "skäl")
DECIDED_BY = "beslut av"
CORRECTED = "Rättat i en senare fil."
EMPTY = '""'  # as it is written on a command line
_Key: TypeAlias = tuple[int | None, int | None, dt.date | None]  # person, unit, first day


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
    table = tables.read_table(path, COLUMNS, [DECIDED_BY])
    rows = tuple(row for record in table.records if (row := _read_row(record, table.faults)))
    _refuse_two(rows, table.faults)
    return Exemptions(rows, table.unknown, table.faults)


def _refuse_two(rows: Iterable[ExemptionRow], faults: Faults) -> None:
    """Rows that would correct each other. One that stands there twice does no harm."""
    first: dict[tuple[object, ...], ExemptionRow] = {}
    for row in rows:
        other = first.setdefault((folded(row.number), row.unit, row.starts_on), row)
        if (row.ends_on, row.reason) != (other.ends_on, other.reason):
            what = f"samma person, enhet och från står på rad {other.row}, men med annat till eller skäl."
            faults.add(row.row, what)


def _read_row(record: Record, faults: Faults) -> ExemptionRow | None:
    number = csv_in.parse(faults, record, "anställningsnr", csv_in.number)
    starts_on = csv_in.parse(faults, record, "från", csv_in.optional_date)
    ends_on = csv_in.parse(faults, record, "till", csv_in.optional_date)
    reason = csv_in.parse(faults, record, "skäl", csv_in.required)
    csv_in.refuse_reversed(faults, record, starts_on, ends_on)
    if not number:
        return None
    unit, decided_by = csv_in.optional(record["enhetskod"]), csv_in.optional(record[DECIDED_BY])
    return ExemptionRow(record.row, number, unit, starts_on, ends_on, reason or "", decided_by)


@dataclass(frozen=True, slots=True)
class ExemptionOutcome:
    """What came of the file's rows, by number of rows. ``recalled_count``: they have been corrected or taken
    back, and do not hold again by being in the file."""

    new_count: int
    corrected_count: int
    there_count: int
    recalled_count: int


@dataclass(slots=True)
class _Stored:
    """The exemptions of one person and unit from one day: those that hold, and those that were corrected or
    taken back."""

    holding: list[TargetDecision] = field(default_factory=list)
    recalled: list[TargetDecision] = field(default_factory=list)


def record_exemptions(session: Session, deed: Deed, exemptions: Exemptions) -> ExemptionOutcome:
    """Record those that are not there already. A row with the person, unit and ``från`` of a stored one
    corrects it: the old one is ended as mistaken, and stays. Who decided is filled in where it was not known.

    Raises ``Invalid`` with every fault, unknown persons and units among them."""
    persons, units = queries.person_ids(session), queries.unit_ids(session)
    refuse_unknown(exemptions.rows, exemptions.faults, persons, units)
    stored = _stored(session)
    counts = Counter[str]()
    for row in exemptions.rows:
        unit_id = units[row.unit] if row.unit else None
        place = stored[persons[row.number], unit_id, row.starts_on]
        outcome = _outcome(row, place)
        counts[outcome] += 1
        if outcome == "corrected":
            for mistaken in place.holding:
                recall(mistaken, deed, CORRECTED)
            place.recalled += place.holding
            place.holding.clear()
        if outcome in ("new", "corrected"):
            exemption = _exemption(deed, row, persons[row.number], unit_id)
            session.add(exemption)
            place.holding.append(exemption)
        elif row.decided_by:
            _fill_in_decider(place, row)
    session.flush()
    new_count, corrected_count = counts["new"], counts["corrected"]
    journal.record(
        session, deed, EntryKind.RECORDED_EXEMPTIONS, count=new_count, corrected=corrected_count or None
    )
    return ExemptionOutcome(new_count, corrected_count, counts["there"], counts["recalled"])


def _exemption(deed: Deed, row: ExemptionRow, person_id: int, unit_id: int | None) -> TargetDecision:
    return TargetDecision(
        person_id=person_id,
        unit_id=unit_id,
        covers_below=False,
        is_included=False,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        reason=row.reason,
        decided_by=row.decided_by,
        recorded_at=deed.now,
        recorded_by=str(deed.actor),
    )


class DecidedRow(Protocol):
    """What a row of a file says of whom it is about."""

    @property
    def row(self) -> int: ...
    @property
    def number(self) -> str | None: ...
    @property
    def unit(self) -> str | None: ...


def refuse_unknown(
    rows: Iterable[DecidedRow], faults: Faults, persons: Container[str], units: Container[str]
) -> None:
    """Raise ``Invalid`` with every fault of the file when it has one."""
    for row in rows:
        if row.number is not None and row.number not in persons:
            advice = "Läs in personalen först, eller rätta numret."
            faults.add(row.row, f"anställningsnr: {row.number} finns inte. {advice}")
        if row.unit is not None and row.unit not in units:
            advice = "Rätta den, eller lämna tomt för alla enheter." if row.number else "Rätta den."
            faults.add(row.row, f"enhetskod: ”{row.unit}” finns inte i organisationen. {advice}")
    csv_in.refuse(faults)


def _exemptions() -> sa.Select[TargetDecision]:
    """The decisions that have the form of a row of undantag.csv."""
    takes_out_here = sa.and_(TargetDecision.person_id.is_not(None), ~TargetDecision.is_included)
    return (
        sa.select(TargetDecision)
        .where(takes_out_here, ~TargetDecision.covers_below)
        .order_by(TargetDecision.id)
    )


def _stored(session: Session) -> dict[_Key, _Stored]:
    stored = defaultdict[_Key, _Stored](_Stored)
    for exemption in session.scalars(_exemptions()):
        place = stored[exemption.person_id, exemption.unit_id, exemption.starts_on]
        if exemption.recalled_at is None:
            place.holding.append(exemption)
        else:
            place.recalled.append(exemption)
    return stored


def _is_alike(row: ExemptionRow, exemption: TargetDecision) -> bool:
    return (row.ends_on, row.reason) == (exemption.ends_on, exemption.reason)


def _outcome(row: ExemptionRow, place: _Stored) -> str:
    if any(_is_alike(row, exemption) for exemption in place.holding):
        return "there"
    if any(_is_alike(row, exemption) for exemption in place.recalled):
        return "recalled"
    return "corrected" if place.holding else "new"


def _fill_in_decider(place: _Stored, row: ExemptionRow) -> None:
    for exemption in place.holding:
        if _is_alike(row, exemption) and exemption.decided_by is None:
            exemption.decided_by = row.decided_by


def recall(exemption: TargetDecision, deed: Deed, reason: str) -> None:
    """Take a stored row back: it holds on no date."""
    exemption.recalled_at, exemption.recalled_by = deed.now, str(deed.actor)
    exemption.recall_reason = reason


def recall_exemption(
    session: Session,
    deed: Deed,
    number: str,
    unit_code: str | None,
    starts_on: dt.date | Literal[""] | None,
    reason: str,
) -> None:
    """Take back a person's exemption: it holds on no date, and stays as a row. ``unit_code`` and
    ``starts_on`` say which one when there are several: empty is the one for all units, or without a first
    day, as in the file.

    Raises ``NotFound`` when there is none, ``Conflict`` when it is not clear which."""
    person_id = queries.person_by_number(session, number).person_id
    unit_id = queries.unit_by_code(session, unit_code).id if unit_code else None
    held = session.scalars(
        _exemptions().where(TargetDecision.person_id == person_id, TargetDecision.recalled_at.is_(None))
    )
    meant = [
        exemption
        for exemption in held
        if (unit_code is None or exemption.unit_id == unit_id)
        and (starts_on is None or (exemption.starts_on or "") == starts_on)
    ]
    if not meant:
        raise NotFound(f"{number} har inget sådant undantag som gäller.")
    if len(meant) > 1:
        raise Conflict(_several(number, meant, queries.unit_ids(session)))
    recall(meant[0], deed, reason)
    session.flush()
    journal.record(session, deed, EntryKind.RECALLED_EXEMPTION, exemption=meant[0].id)


def _several(number: str, exemptions: Iterable[TargetDecision], units: Mapping[str, int]) -> str:
    """Each of them as the command names it."""
    codes = {None: EMPTY} | {id: shlex.quote(code) for code, id in units.items()}
    named = [f"  --unit {codes[one.unit_id]} --from {one.starts_on or EMPTY}" for one in exemptions]
    explained = f"--unit {EMPTY} är det för alla enheter, --from {EMPTY} det utan första dag."
    return "\n".join([f"{number} har flera undantag. Säg vilket, med en av raderna:", *named, explained])
