"""The manager's list: where each person of a unit stands, and what to do about it. Status and dates, never an answer or a score (S5).

It starts from the same select as coverage, so a unit's list and its figure cannot disagree.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import tabular
from elearn.people.models import Employment, Exemption, OrgUnit, Person
from elearn.training import requirements, standing


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
    """A person in one unit. ``on``: the day of the status (ended, due, valid until, last day of an exemption), if it has one.

    ``has_begun`` of an overdue one; ``outside``: the reason's code, never the exemption's own words."""

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
    """A unit with its own people (those of units below it stand under theirs)."""

    code: str
    name: str
    members: tuple[Member, ...]

    @property
    def target(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.status != Status.OUTSIDE)

    @property
    def trained_count(self) -> int:
        return sum(member.is_trained for member in self.members)

    @property
    def overdue_count(self) -> int:
        return sum(member.is_overdue for member in self.members)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the statuses are judged by."""

    on: dt.date
    due_days: int
    renewal_days: int


def team(session: Session, pairs: Iterable[tuple[str, str]], unit_ids: sa.Select[int], terms: Terms) -> tuple[TeamUnit, ...]:
    """The people of these units, by unit in Swedish order, overdue first. ``unit_ids`` is applied by the database (S4)."""
    rows = session.execute(_employments(pairs, unit_ids, terms.on)).all()
    ordered = sorted(rows, key=lambda row: (tabular.swedish_key(row.unit_name), row.code, row.person_id))
    units = []
    for (code, name), here in groupby(ordered, key=lambda row: (row.code, row.unit_name)):
        members = [_member(list(jobs), terms) for _person, jobs in groupby(here, key=lambda row: row.person_id)]
        units.append(TeamUnit(code, name, tuple(sorted(members, key=_member_order))))
    return tuple(units)


def _employments(pairs: Iterable[tuple[str, str]], unit_ids: sa.Select[int], on: dt.date) -> sa.Select[Any]:
    """A row per active employment in these units, with how far the person has come in the course that it asks for."""
    wanted, done = requirements.required(pairs, on).cte("wanted"), standing.course_standing(on)
    return (
        sa.select(
            OrgUnit.code, OrgUnit.name.label("unit_name"), Person.id.label("person_id"), Person.first_name, Person.last_name,
            Employment.position, Employment.starts_on, wanted.c.outside, done.c.valid_until,
            done.c.person_id.is_not(None).label("has_begun"), _exempt_until(on).label("exempt_until"),
        )
        .join(Employment, Employment.id == wanted.c.employment_id)
        .join(Person, Person.id == wanted.c.person_id)
        .join(OrgUnit, OrgUnit.id == wanted.c.unit_id)
        .outerjoin(done, sa.and_(done.c.person_id == wanted.c.person_id, done.c.course == wanted.c.course))
        .where(wanted.c.unit_id.in_(unit_ids))
    )  # fmt: skip


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
    """A person in one unit, usually with one job there: trained when every required course is valid (rule 6)."""
    first = jobs[0]
    name, position = f"{first.first_name} {first.last_name}", ", ".join(dict.fromkeys(job.position for job in jobs if job.position))
    target = [job for job in jobs if job.outside is None]
    if not target:
        reason = next(reason for reason in requirements.Outside if any(job.outside == reason for job in jobs))
        return Member(name, position, Status.OUTSIDE, first.exempt_until, has_begun=False, outside=reason)
    status, on = _status(target, terms)
    return Member(name, position, status, on, has_begun=any(job.has_begun for job in target), outside=None)


def _status(target: Sequence[sa.Row[Any]], terms: Terms) -> tuple[Status, dt.date | None]:
    ends = [job.valid_until for job in target]
    if all(ends):
        ends_on = min(ends)
        if ends_on < terms.on:
            return Status.EXPIRED, ends_on
        is_ending = ends_on <= terms.on + dt.timedelta(days=terms.renewal_days)
        return (Status.EXPIRING if is_ending else Status.TRAINED), ends_on
    due_on = min(job.starts_on for job in target) + dt.timedelta(days=terms.due_days)
    if terms.on > due_on:
        return Status.OVERDUE, due_on
    return (Status.STARTED if any(job.has_begun for job in target) else Status.NOT_STARTED), due_on


def _member_order(member: Member) -> tuple[int, dt.date, Any]:
    oldest = member.on if member.is_overdue and member.on else dt.date.max
    return ORDER[member.status], oldest, tabular.swedish_key(member.name)
