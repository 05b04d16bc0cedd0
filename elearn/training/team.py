"""The manager's list: where each person of a unit stands, and what to do about it. Status and dates, never an
answer or a score (S5).

It starts from the same select as coverage, so a unit's list and its figure cannot disagree.
"""

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import swedish
from elearn.errors import NotFound
from elearn.people import access, protection
from elearn.people.models import Employment, OrgUnit, Person
from elearn.training import curriculum, obligations
from elearn.training.curriculum import Curriculum
from elearn.training.obligations import ON, UNITS, Obligation, Scope, Terms
from elearn.training.unit_places import Place, headings


class MemberStatus(StrEnum):
    """In the order in which the list shows them."""

    EXPIRED = "expired"  # every required course was completed once, and one no longer holds
    OVERDUE = "overdue"  # not trained, and the last day has passed
    NOT_STARTED = "not_started"
    STARTED = "started"
    EXPIRING = "expiring"  # trained, and may be renewed already
    TRAINED = "trained"
    OUTSIDE = "outside"  # not in the target group


MANAGED_UNITS = sa.select(OrgUnit.id, OrgUnit.code, OrgUnit.name, OrgUnit.parent_id).where(
    OrgUnit.id.in_(access.managed_units(sa.bindparam("manager_id", type_=sa.Integer), ON))
)
SEES_PROTECTED = sa.bindparam("sees_protected", type_=sa.Boolean)
IS_NAMED = protection.is_named(SEES_PROTECTED, sa.bindparam("asker_id", type_=sa.Integer))
ORDER = {status: place for place, status in enumerate(MemberStatus)}
ORDER[MemberStatus.OVERDUE] = ORDER[MemberStatus.EXPIRED]  # both together: the oldest first
IN_TIME = {
    obligations.Status.STARTED: MemberStatus.STARTED,
    obligations.Status.NOT_STARTED: MemberStatus.NOT_STARTED,
}


@dataclass(frozen=True, slots=True)
class Member:
    """A person in one unit. ``status_day``: the last day of a completion (expired, expiring, trained) or of
    an exemption, else the day on which the person is or was due; None: an exemption without an end, or
    another reason for being outside.

    ``has_begun``: of a required course; ``outside``: the reason's code, never the exemption's own words.
    ``has_password``: has chosen one, so that the manager need hand out no first code; ``has_more_rights``:
    than an employee, so that the manager may hand out none at all. ``is_named``: else the name is a sentence
    in its place, and there is no position (``protection``)."""

    person_id: int
    name: str
    position: str
    status: MemberStatus
    status_day: dt.date | None
    is_overdue: bool
    has_begun: bool
    outside: str | None
    has_password: bool
    has_more_rights: bool
    is_named: bool = True

    @property
    def is_trained(self) -> bool:
        return self.status in (MemberStatus.TRAINED, MemberStatus.EXPIRING)


@dataclass(frozen=True, slots=True)
class TeamUnit:
    """A unit with its own people (those of units below it stand under theirs). ``courses``: the slugs that
    its jobs ask for; ``heading``: under which the manager's list has it."""

    code: str
    name: str
    members: tuple[Member, ...]
    courses: tuple[str, ...] = ()
    heading: str = ""

    @property
    def target(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.status != MemberStatus.OUTSIDE)

    @property
    def trained_count(self) -> int:
        return sum(member.is_trained for member in self.members)

    @property
    def overdue_count(self) -> int:
        return sum(member.is_overdue for member in self.members)

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.trained_count, len(self.target)) if self.target else None


@dataclass(frozen=True, slots=True)
class Totals:
    """Persons, each once, as coverage counts them: a sum over units would count who works in two of them
    twice (rule 6)."""

    target: int
    trained: int
    overdue: int

    @property
    def share(self) -> Fraction | None:
        """Exact, to be compared with a threshold (rule 8); None without a target group."""
        return Fraction(self.trained, self.target) if self.target else None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the list. ``sees_protected``: is told of everybody by name."""

    person_id: int | None = None
    sees_protected: bool = False


NOBODY = Viewer()


def managed_team(
    session: Session, curriculum: Curriculum, manager: Viewer, terms: Terms
) -> tuple[TeamUnit, ...]:
    """The people of the units that this person manages and of those below, by unit in Swedish order, overdue
    first. Which units they are, and who is named, is the database's to say (S4, S52)."""
    places = _managed(session, manager, terms.on)
    return _units(_rows(session, curriculum, manager, places, terms), terms, headings(places))


def managed_unit(
    session: Session, curriculum: Curriculum, manager: Viewer, terms: Terms, code: str
) -> tuple[TeamUnit, bool]:
    """One of them by its code, and whether it is the only one. Nobody works there: no members. Raises
    ``NotFound`` for a unit that is not theirs, as for one that does not exist (S3)."""
    places = _managed(session, manager, terms.on)
    asked = [place for place in places if place.code == code]
    if not asked:
        raise NotFound
    units = _units(_rows(session, curriculum, manager, asked, terms), terms, {})
    return (units or (TeamUnit(code, asked[0].name, ()),))[0], len(places) == 1


def _managed(session: Session, manager: Viewer, on: dt.date) -> list[Place]:
    """Asked for first: as a part of the select PostgreSQL would take a manager for one of thousands of
    people."""
    rows = session.connection().execute(MANAGED_UNITS, {"manager_id": manager.person_id, "on": on})
    return [Place(*row) for row in rows]


def _rows(
    session: Session, curriculum: Curriculum, viewer: Viewer, places: Sequence[Place], terms: Terms
) -> Sequence[sa.Row[Any]]:
    asked = {"unit_ids": [place.unit_id for place in places], "on": terms.on, **_asked_by(viewer)}
    return session.connection().execute(_prepared(curriculum, UNITS), asked).all()


def _asked_by(viewer: Viewer) -> dict[str, object]:
    return {"sees_protected": viewer.sees_protected, "asker_id": viewer.person_id}


def unit_team(
    session: Session,
    curriculum: Curriculum,
    unit_ids: sa.Select[int],
    terms: Terms,
    viewer: Viewer = NOBODY,
) -> tuple[TeamUnit, ...]:
    """The same of these units."""
    statement = _employments(curriculum, obligations.in_units(unit_ids))
    asked = {"on": terms.on, **_asked_by(viewer)}
    return _units(session.execute(statement, asked).all(), terms, {})


def totals(units: Iterable[TeamUnit]) -> Totals:
    """Of these units together. Trained: in every one of the person's units; overdue: in at least one."""
    persons: dict[int, list[Member]] = {}
    for unit in units:
        for member in unit.target:
            persons.setdefault(member.person_id, []).append(member)
    return Totals(
        target=len(persons),
        trained=sum(all(member.is_trained for member in here) for here in persons.values()),
        overdue=sum(any(member.is_overdue for member in here) for here in persons.values()),
    )


@functools.lru_cache(maxsize=8)
def _prepared(curriculum: Curriculum, scope: Scope) -> sa.Select[Any]:
    """Built once: building it takes longer than asking for a small team."""
    return _employments(curriculum, scope)


def _employments(curriculum: Curriculum, scope: Scope) -> sa.Select[Any]:
    """The obligations in scope with the names that the list shows."""
    duty = obligations.obligations(curriculum, scope)
    return (
        sa.select(
            *duty.c,
            OrgUnit.code.label("unit_code"),
            OrgUnit.name.label("unit_name"),
            *(_if_named(column) for column in (Person.first_name, Person.last_name, Employment.position)),
            IS_NAMED.label("is_named"),
            Person.password_hash.is_not(None).label("has_password"),
            access.has_more_rights(Person.id, ON).label("has_more_rights"),
        )
        .join(Employment, Employment.id == duty.c.employment_id)
        .join(Person, Person.id == duty.c.person_id)
        .join(OrgUnit, OrgUnit.id == duty.c.unit_id)
        .order_by(duty.c.employment_id)
    )


def _if_named(column: sa.orm.InstrumentedAttribute[Any]) -> sa.Label[Any]:
    return sa.case((IS_NAMED, column), else_="").label(column.key)


def _units(rows: Sequence[sa.Row[Any]], terms: Terms, heading_of: Mapping[str, str]) -> tuple[TeamUnit, ...]:
    ordered = sorted(rows, key=lambda row: (swedish.sort_key(row.unit_name), row.unit_code, row.person_id))
    units = []
    for (code, name), grouped in groupby(ordered, key=lambda row: (row.unit_code, row.unit_name)):
        in_unit = list(grouped)
        members = [
            _member(list(jobs), terms) for _person, jobs in groupby(in_unit, key=lambda row: row.person_id)
        ]
        courses = tuple(sorted({row.course for row in in_unit if row.course}))
        in_order = tuple(sorted(members, key=_member_order))
        units.append(TeamUnit(code, name, in_order, courses, heading_of.get(code, "")))
    return tuple(units)


def _member(rows: Sequence[sa.Row[Any]], terms: Terms) -> Member:
    """A person in one unit, usually with one job there."""
    first, duties = rows[0], [obligations.from_row(row, terms) for row in rows]
    together = obligations.together(obligations.status(duty, terms) for duty in duties)
    target = [duty for duty in duties if duty.outside is None]
    is_overdue = any(obligations.is_overdue(duty, terms) for duty in target)
    status, day = (
        _status(target, together, terms, is_overdue=is_overdue)
        if target
        else (MemberStatus.OUTSIDE, _exempt_until(duties))
    )
    return Member(
        first.person_id,
        protection.shown_name(first.first_name, first.last_name, is_named=first.is_named),
        ", ".join(dict.fromkeys(row.position for row in rows if row.position)),
        status,
        day,
        is_overdue,
        has_begun=any(duty.has_begun for duty in target),
        outside=None if target else together.value,
        has_password=bool(first.has_password),
        has_more_rights=bool(first.has_more_rights),
        is_named=bool(first.is_named),
    )


def _exempt_until(duties: Iterable[Obligation]) -> dt.date | None:
    """The last day on which one of the jobs is exempt; None: without an end, or no job is."""
    days = [duty.exempt_until for duty in duties if duty.outside == obligations.Status.EXEMPT]
    return max((day for day in days if day), default=None) if None not in days else None


def _status(
    target: Sequence[Obligation], together: obligations.Status, terms: Terms, *, is_overdue: bool
) -> tuple[MemberStatus, dt.date]:
    """The list's word for a person in the target group, and its day."""
    ends = [duty.valid_until for duty in target if duty.valid_until]
    if together == obligations.Status.TRAINED:
        is_ending = curriculum.is_renewal_open(min(ends), terms.on, terms.renewal_days)
        return (MemberStatus.EXPIRING if is_ending else MemberStatus.TRAINED), min(ends)
    if together == obligations.Status.EXPIRED:
        return MemberStatus.EXPIRED, min(ends)
    lacking = [duty for duty in target if obligations.status(duty, terms) != obligations.Status.TRAINED]
    due_on = min(duty.due_on for duty in lacking if duty.due_on)
    return (MemberStatus.OVERDUE if is_overdue else IN_TIME[together]), due_on


def _member_order(member: Member) -> tuple[int, dt.date, str]:
    is_late = ORDER[member.status] == ORDER[MemberStatus.OVERDUE]
    oldest = member.status_day if is_late and member.status_day else dt.date.max
    return ORDER[member.status], oldest, swedish.sort_key(member.name)
