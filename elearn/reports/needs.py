"""The kompetensförsörjningsplan (R33): per OrgUnit and course who lacks it, what ends when, and how long the
courses take. Counted in persons, each once, from the obligations that coverage is counted from.

A job role has exactly one base course (measure.md, rule 3), so that a row by course is one by role; roles
that share a course stand together.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from elearn.people.access import Access, managed_units
from elearn.people.models import AccessRole
from elearn.reports import coverage
from elearn.reports.course_counting import EVERYTHING, counted_courses
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.reports.forecast import MONTHS, horizons
from elearn.training.curriculum import Curriculum

Lengths: TypeAlias = Mapping[str, int]  # a course's slug -> its own minutes


@dataclass(frozen=True, slots=True)
class Need:
    """Of a group today. ``ending``: for each of ``MONTHS`` how many of the trained are so no longer by that
    day, if they do not take the course again; those who end earlier are counted among the later, too."""

    target: int
    trained: int
    ending: tuple[int, ...]

    @property
    def lacking(self) -> int:
        """How many of the target group lack a course, or hold one that has ended."""
        return self.target - self.trained


@dataclass(frozen=True, slots=True)
class CourseNeed:
    """Of those in a group who are to have one course. ``job_roles``: the roles that have it."""

    course: str
    job_roles: tuple[str, ...]
    need: Need
    minutes: int  # those who lack it, times the course's own minutes


@dataclass(frozen=True, slots=True)
class GroupNeed:
    """Of an OrgUnit with everybody in it or below it, or of all that is counted together."""

    need: Need
    courses: tuple[CourseNeed, ...]

    @property
    def minutes(self) -> int:
        """Of all courses: whoever lacks two needs the time of both."""
        return sum(course.minutes for course in self.courses)


@dataclass(frozen=True)
class Needs:
    """``coverage``: the report today, whose rows ``by_unit`` (by their ids) belongs to; ``days``: of
    ``MONTHS``."""

    coverage: Coverage
    days: tuple[dt.date, ...]
    whole: GroupNeed
    by_unit: Mapping[int, GroupNeed]

    def of(self, row: UnitCoverage) -> GroupNeed:
        """What a row of the report needs."""
        return self.by_unit[row.unit_id]


def needs(
    session: Session,
    curriculum: Curriculum,
    lengths: Lengths,
    threshold: Fraction,
    today: dt.date,
    tops: tuple[int, ...] | None = None,
) -> Needs:
    """Of everything, or of the units whose ids are ``tops`` and all below them."""
    days, roles = horizons(today), _job_roles(curriculum)
    counted = counted_courses(session, curriculum, today, tops, days)
    needed = {row["unit_id"]: _need(row) for row in counted.units}

    def courses(place: int) -> tuple[CourseNeed, ...]:
        needed = (_course_need(row, roles, lengths) for row in counted.courses.get(place, ()))
        return tuple(sorted(needed, key=lambda course: course.job_roles))

    whole = _need(counted.whole) if counted.whole else Need(0, 0, (0,) * len(MONTHS))
    return Needs(
        Coverage(today, threshold, False, tuple(coverage.in_order(counted.units))),
        days,
        GroupNeed(whole, courses(EVERYTHING)),
        {unit_id: GroupNeed(need, courses(unit_id)) for unit_id, need in needed.items()},
    )


def reach(session: Session, access: Access, on: dt.date) -> tuple[int, ...] | None:
    """Ids of the OrgUnits whose needs this access reaches, with all that is below them: a coordinator's
    departments, a manager's own units. None: everything (VPC)."""
    if AccessRole.VPC in access.roles:
        return None
    return (*access.department_ids, *sorted(managed(session, access, on)))


def managed(session: Session, access: Access, on: dt.date) -> frozenset[int]:
    """Ids of the units that this person manages, and of those below: where names are shown."""
    return frozenset(session.scalars(managed_units(access.person_id, on)))


def _need(row: dict[str, Any]) -> Need:
    """Takes the other days' figures out of the row."""
    later = [row.pop(f"held_{number}") for number, _ in enumerate(MONTHS, 1)]
    return Need(row["target"], row["trained"], tuple(row["trained"] - trained for trained in later))


def _course_need(row: dict[str, Any], roles: Mapping[str, tuple[str, ...]], lengths: Lengths) -> CourseNeed:
    need, course = _need(row), row["course"]
    return CourseNeed(course, roles[course], need, need.lacking * lengths[course])


def _job_roles(curriculum: Curriculum) -> dict[str, tuple[str, ...]]:
    roles: dict[str, tuple[str, ...]] = {}
    for required in curriculum.required:
        roles[required.course] = (*roles.get(required.course, ()), required.job_role)
    return roles
