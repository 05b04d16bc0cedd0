"""What may be given to whoever asks for an official document (S53; operations.md, "Giving out"): which
courses those who are employed have completed, by unit. A basis for the municipality's own decision, and no
report.

Left out: number (one logs in with it), e-mail, scores, answers, exemptions and their reasons. Of a protected
identity the course and its days are told, and neither who nor where.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from elearn import csv_out, swedish
from elearn.database import Session
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people import access, org_tree
from elearn.people.models import ERASED_NUMBER, Employment, OrgUnit, Person, full_name
from elearn.training.models import Completion, CompletionRecall

MASKED = "[maskerat]"
COLUMNS = ("förvaltning", "enhet", "namn", "befattning", "kurs", "genomförd", "giltig till", "tillgodoräknad")


@dataclass(frozen=True, slots=True)
class DisclosedRow:
    """A course that somebody has completed, in one of the person's units. ``department``: at the top of the
    tree above it."""

    department: str
    unit: str
    name: str
    position: str
    course: str
    completed_on: dt.date
    valid_until: dt.date
    is_recognised: bool
    is_masked: bool


def disclosed(session: Session, on: dt.date) -> tuple[DisclosedRow, ...]:
    """Of everybody who is employed on the date: what they had completed by then and nobody has recalled, by
    department, unit and name in Swedish order. A masked completion is one row, in however many units, and
    those rows are last, by course and day."""
    found: dict[tuple[object, ...], DisclosedRow] = {}
    for row in session.execute(_select(on)):
        place = () if row.is_protected else (row.unit_id, row.position)
        found[row.completion_id, *place] = _row(row)
    return tuple(sorted(found.values(), key=_order))


def _select(on: dt.date) -> sa.Select[*tuple[Any, ...]]:
    closure, top = org_tree.closure(), sa.orm.aliased(OrgUnit)
    recalled = sa.exists().where(CompletionRecall.completion_id == Completion.id)
    return (
        sa.select(
            top.name.label("department"),
            OrgUnit.id.label("unit_id"),
            OrgUnit.name.label("unit"),
            Person.first_name,
            Person.last_name,
            # Nobody is told apart from who was protected before they were erased.
            sa.or_(Person.is_protected, Person.number.startswith(ERASED_NUMBER)).label("is_protected"),
            Employment.position,
            Completion.id.label("completion_id"),
            Completion.course_title,
            Completion.completed_on,
            Completion.valid_until,
            Completion.source.is_not(None).label("is_recognised"),
        )
        .select_from(Completion)
        .join(Person, Person.id == Completion.person_id)
        .join(Employment, Employment.person_id == Person.id)
        .join(OrgUnit, OrgUnit.id == Employment.unit_id)
        .join(closure, closure.c.unit_id == OrgUnit.id)
        .join(top, sa.and_(top.id == closure.c.ancestor_id, top.parent_id.is_(None)))
        .where(access.is_active(on), Completion.completed_on <= on, ~recalled)
    )


def _row(row: sa.Row[*tuple[Any, ...]]) -> DisclosedRow:
    shown = DisclosedRow(
        row.department,
        row.unit,
        full_name(row.first_name, row.last_name),
        row.position or "",
        row.course_title,
        row.completed_on,
        row.valid_until,
        bool(row.is_recognised),
        bool(row.is_protected),
    )
    if not shown.is_masked:
        return shown
    return replace(shown, department=MASKED, unit=MASKED, name=MASKED, position=MASKED)


def _order(row: DisclosedRow) -> tuple[object, ...]:
    place = tuple(map(swedish.sort_key, (row.department, row.unit, row.name, row.position, row.course)))
    if row.is_masked:  # not by its days, which are not told
        return True, place
    return False, place, row.completed_on, row.valid_until


def to_csv(rows: Iterable[DisclosedRow]) -> bytes:
    """A row for each, under ``COLUMNS``. Of a masked row the course alone is told: by its days somebody with
    an older list could see whose it is."""
    return csv_out.write_csv(COLUMNS, map(_cells, rows))


def _cells(row: DisclosedRow) -> tuple[str, ...]:
    where = row.department, row.unit, row.name, row.position, row.course
    if row.is_masked:
        return *where, MASKED, MASKED, MASKED
    days = (row.completed_on.isoformat(), row.valid_until.isoformat())
    how = "ja" if row.is_recognised else "nej"
    return *where, *days, how


def record_disclosure(
    session: Session, deed: Deed, on: dt.date, rows: Iterable[DisclosedRow], reference: str | None
) -> None:
    """Tell the journal who took the list out, of which day, and how many rows it has, masked ones among
    them. ``reference``: of the request, if one is given."""
    told = list(rows)
    journal.record(
        session,
        deed,
        EntryKind.DISCLOSED_COMPLETIONS,
        count=len(told),
        masked=sum(row.is_masked for row in told),
        on=on.isoformat(),
        reference=reference,
    )
