"""The manager's list: where each person of a unit stands, and what to do about it. Status and dates, never an
answer or a score (S5).

It starts from the same select as coverage, so a unit's list and its figure cannot disagree.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import swedish
from elearn.people.models import Employment, OrgUnit, Person
from elearn.training import requirements, standing
from elearn.training.models import Exemption


class Status(StrEnum):
    """In the order in which the list shows them."""

    EXPIRED = "expired"  # overdue
    OVERDUE = "overdue"  # not trained so many days after the employment began
    NOT_STARTED = "not_started"
    STARTED = "started"
    EXPIRING = "expiring"  # trained, and ends soon
    TRAINED = "trained"
    OUTSIDE = "outside"  # not in the target group


ORDER = {status: place for place, status in enumerate(Status)}
ORDER[Status.OVERDUE] = ORDER[Status.EXPIRED]  # both overdue: the oldest first


@dataclass(frozen=True, slots=True)
class Member:
    """A person in one unit. ``on``: the day of the status (ended, due, valid until, last day of an
    exemption), if it has one.

    ``has_begun`` of an overdue one; ``outside``: the reason's code, never the exemption's own words."""

    person_id: int
    name: str
    position: str
    status: Status
    on: dt.date | None
    has_begun: bool
    outside: str | None

    @property
    def is_overdue(self) -> bool:
        return self.status in (Status.EXPIRED, Status.OVERDUE)

    @property
    def is_trained(self) -> bool:
        return self.status in (Status.TRAINED, Status.EXPIRING)


@dataclass(frozen=True, slots=True)
class TeamUnit:
    """A unit with its own people (those of units below it stand under theirs). ``courses``: the slugs that
    its jobs ask for."""

    code: str
    name: str
    members: tuple[Member, ...]
    courses: tuple[str, ...] = ()

    @property
    def target(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.status != Status.OUTSIDE)

    @property
    def trained_count(self) -> int:
        return sum(member.is_trained for member in self.members)

    @property
    def overdue_count(self) -> int:
        return sum(member.is_overdue for member in self.members)

    @property
    def share(self) -> Fraction | None:
        return totals([self]).share


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
class Terms:
    """What the statuses are judged by."""

    on: dt.date
    due_days: int
    renewal_days: int


def team(
    session: Session, pairs: Iterable[tuple[str, str]], unit_ids: sa.Select[int], terms: Terms
) -> tuple[TeamUnit, ...]:
    """The people of these units, by unit in Swedish order, overdue first. ``unit_ids`` is applied by the
    database (S4)."""
    rows = session.execute(_employments(pairs, unit_ids, terms.on)).all()
    ordered = sorted(rows, key=lambda row: (swedish.sort_key(row.unit_name), row.code, row.person_id))
    units = []
    for (code, name), grouped in groupby(ordered, key=lambda row: (row.code, row.unit_name)):
        here = list(grouped)
        members = [
            _member(list(jobs), terms) for _person, jobs in groupby(here, key=lambda row: row.person_id)
        ]
        courses = tuple(sorted({row.course for row in here if row.course}))
        units.append(TeamUnit(code, name, tuple(sorted(members, key=_member_order)), courses))
    return tuple(units)


def totals(units: Iterable[TeamUnit]) -> Totals:
    """Of these units together: trained is who is trained in every one of them, overdue who is in any."""
    persons: dict[int, list[Member]] = {}
    for unit in units:
        for member in unit.target:
            persons.setdefault(member.person_id, []).append(member)
    return Totals(
        target=len(persons),
        trained=sum(all(member.is_trained for member in here) for here in persons.values()),
        overdue=sum(any(member.is_overdue for member in here) for here in persons.values()),
    )


def _employments(pairs: Iterable[tuple[str, str]], unit_ids: sa.Select[int], on: dt.date) -> sa.Select[Any]:
    """A row per active employment in these units, with how far the person has come in the course that it asks
    for."""
    wanted, done = requirements.required(pairs, on).cte("wanted"), standing.course_standing(on)
    return (
        sa.select(
            OrgUnit.code,
            OrgUnit.name.label("unit_name"),
            Person.id.label("person_id"),
            Person.first_name,
            Person.last_name,
            Employment.position,
            Employment.starts_on,
            wanted.c.course,
            wanted.c.outside,
            done.c.valid_until,
            done.c.person_id.is_not(None).label("has_begun"),
            _exempt_until(on).label("exempt_until"),
        )
        .join(Employment, Employment.id == wanted.c.employment_id)
        .join(Person, Person.id == wanted.c.person_id)
        .join(OrgUnit, OrgUnit.id == wanted.c.unit_id)
        .outerjoin(done, sa.and_(done.c.person_id == wanted.c.person_id, done.c.course == wanted.c.course))
        .where(wanted.c.unit_id.in_(unit_ids))
        .order_by(Employment.id)
    )


def _exempt_until(on: dt.date) -> sa.ScalarSelect[dt.date]:
    """The last day of the exemption that holds longest; null if it is open or there is none."""
    is_open = sa.func.max(sa.case((Exemption.ends_on.is_(None), 1), else_=0)) == 1
    return (
        sa.select(sa.case((is_open, sa.null()), else_=sa.func.max(Exemption.ends_on)))
        .where(requirements.exempts(on))
        .correlate(Employment)
        .scalar_subquery()
    )


def _member(jobs: Sequence[sa.Row[Any]], terms: Terms) -> Member:
    """A person in one unit, usually with one job there: trained when every required course is valid (rule
    6)."""
    first = jobs[0]
    name, position = (
        f"{first.first_name} {first.last_name}",
        ", ".join(dict.fromkeys(job.position for job in jobs if job.position)),
    )
    target = [job for job in jobs if job.outside is None]
    if not target:
        reason = next(reason for reason in requirements.Outside if any(job.outside == reason for job in jobs))
        return Member(
            first.person_id,
            name,
            position,
            Status.OUTSIDE,
            first.exempt_until,
            has_begun=False,
            outside=reason,
        )
    status, on = _status(target, terms)
    return Member(
        first.person_id,
        name,
        position,
        status,
        on,
        has_begun=any(job.has_begun for job in target),
        outside=None,
    )


def _status(target: Sequence[sa.Row[Any]], terms: Terms) -> tuple[Status, dt.date | None]:
    lacking = [job for job in target if job.valid_until is None or job.valid_until < terms.on]
    if not lacking:
        ends_on = min(job.valid_until for job in target)
        is_ending = ends_on <= terms.on + dt.timedelta(days=terms.renewal_days)
        return (Status.EXPIRING if is_ending else Status.TRAINED), ends_on
    since = min(job.valid_until or job.starts_on + dt.timedelta(days=terms.due_days) for job in lacking)
    if all(job.valid_until for job in target):
        return Status.EXPIRED, since
    if since < terms.on:
        return Status.OVERDUE, since
    return (Status.STARTED if any(job.has_begun for job in target) else Status.NOT_STARTED), since


def _member_order(member: Member) -> tuple[int, dt.date, Any]:
    oldest = member.on if member.is_overdue and member.on else dt.date.max
    return ORDER[member.status], oldest, swedish.sort_key(member.name)
