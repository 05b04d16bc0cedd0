"""What stands beside coverage: how many of each department's target group have attended training on site, and
how many units have held a staff meeting (measure.md, "Physical training"). It is in no figure of the
measure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import clock
from elearn.content.reading.lessons import SUBJECTS
from elearn.people import org_tree
from elearn.people.models import Employment, UnitKind
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.training import apt, obligations
from elearn.training.curriculum import Curriculum
from elearn.training.meeting_models import Meeting, MeetingAttendance
from elearn.training.meeting_reach import Reach
from elearn.training.obligations import RANK, Scope, Status


@dataclass(frozen=True, slots=True)
class DepartmentFigures:
    """``attended``: of the target group; ``by_subject``: the same of meetings about each subject, in the
    plan's order. ``staff_meeting_units``: units that have held a staff meeting, of ``unit_count`` open
    units."""

    code: str
    name: str
    target: int
    attended: int
    by_subject: tuple[int, ...]
    staff_meeting_units: int
    unit_count: int

    @property
    def share(self) -> Fraction | None:
        """``attended`` of ``target``; None without a target group."""
        return Fraction(self.attended, self.target) if self.target else None


def since(on: dt.date, months: int) -> dt.date:
    """The first day that is at most so many calendar months before the date."""
    return clock.add_months(on, -months)


def department_figures(
    session: Session, curriculum: Curriculum, coverage: Coverage, reach: Reach, months: int
) -> tuple[DepartmentFigures, ...]:
    """A row for each department of the report, on its date."""
    first = since(coverage.on, months)
    subjects = _subjects(session, first, coverage.on)
    persons = _target_persons(session, curriculum, coverage.on, first)
    units = {row.code for row in coverage.rows if row.kind == UnitKind.UNIT}  # those that are counted beside
    held = {
        one.code: sum(unit.code in units for unit in one.units)
        for one in apt.held_since(session, reach, first, coverage.on)
    }
    unit_counts = _unit_counts(coverage)
    return tuple(
        DepartmentFigures(
            row.code,
            row.name,
            row.target,
            len(mine := persons.get(row.unit_id, ())),
            tuple(sum(subject in subjects[person_id] for person_id in mine) for subject in SUBJECTS),
            held.get(row.code, 0),
            unit_counts[row.code],
        )
        for row in _departments(coverage)
    )


def _departments(coverage: Coverage) -> Iterator[UnitCoverage]:
    return (row for row in coverage.rows if row.kind == UnitKind.DEPARTMENT)


def _unit_counts(coverage: Coverage) -> dict[str, int]:
    """By a department's code its units: rows stand parents before children."""
    counts: dict[str, int] = {}
    top = ""
    for row in coverage.rows:
        if row.depth == 0:
            top = row.code
            counts[top] = 0
        counts[top] += row.kind == UnitKind.UNIT
    return counts


def _subjects(session: Session, first: dt.date, on: dt.date) -> dict[int, set[str]]:
    """By person the subjects of the meetings attended."""
    statement = sa.select(MeetingAttendance.person_id, Meeting.subjects).where(*_attended(first, on))
    found: dict[int, set[str]] = {}
    for person_id, subjects in session.execute(
        statement.join(Meeting, Meeting.id == MeetingAttendance.meeting_id)
    ):
        found.setdefault(person_id, set()).update(subjects)
    return found


def _attended(first: dt.date, on: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        MeetingAttendance.withdrawn_at.is_(None),
        Meeting.withdrawn_at.is_(None),
        Meeting.held_on.between(first, on),
    )


def _target_persons(
    session: Session, curriculum: Curriculum, on: dt.date, first: dt.date
) -> dict[int, list[int]]:
    """By a unit's id those who attended and are in its target group."""
    who = sa.select(MeetingAttendance.person_id).join(Meeting, Meeting.id == MeetingAttendance.meeting_id)
    duty = obligations.obligations(
        curriculum, Scope(Employment.person_id.in_(who.where(*_attended(first, on))))
    )
    closure = org_tree.closure()
    best = sa.func.min(obligations.rank(duty))
    statement = (
        sa.select(closure.c.ancestor_id, duty.c.person_id)
        .join(closure, closure.c.unit_id == duty.c.unit_id)
        .group_by(closure.c.ancestor_id, duty.c.person_id)
        .having(best < RANK[Status.EXEMPT])
    )
    found: dict[int, list[int]] = {}
    for unit_id, person_id in session.execute(statement, {"on": on}):
        found.setdefault(unit_id, []).append(person_id)
    return found
