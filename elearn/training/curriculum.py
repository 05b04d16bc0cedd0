"""Which course each job role requires and is offered, and until when a completion holds (measure.md, rules 3
and 5). Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from elearn import clock
from elearn.content.catalog import Catalog
from elearn.content.course import Course, CourseStep
from elearn.content.reading.raw_courses import RawCourse


@dataclass(frozen=True, slots=True)
class RequiredCourse:
    """The base course of one job role. ``introduced_on``: before this day nobody could have taken it (None:
    it has always been there). ``renewed_on``: the month and the day on which its completions end."""

    job_role: str
    course: str  # its slug
    validity_months: int
    pass_mark: Fraction
    introduced_on: dt.date | None = None
    renewed_on: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class OfferedCourse:
    """A course that a job role is offered beside its base course and that nobody requires."""

    job_role: str
    course: str  # its slug


@dataclass(frozen=True, slots=True)
class Curriculum:
    """What is required of each job role and offered to it. Equal ones are interchangeable: a prepared select
    and a remembered report are kept by it."""

    required: tuple[RequiredCourse, ...]
    offered: tuple[OfferedCourse, ...] = ()

    def offered_to(self, job_role: str | None) -> frozenset[str]:
        """Slugs of what this role is offered beside its base course."""
        return frozenset(offer.course for offer in self.offered if offer.job_role == job_role)


def from_catalog(catalog: Catalog) -> Curriculum:
    """The curriculum of the courses as they stand in the catalogue."""
    return from_courses(catalog.courses.values())


def from_courses(courses: Iterable[Course | RawCourse]) -> Curriculum:
    """The curriculum of these courses, in their order."""
    taught = [(role, course) for course in courses for role in course.job_roles]
    return Curriculum(
        tuple(_required(role, course) for role, course in taught if course.step == CourseStep.BASE),
        tuple(OfferedCourse(role, course.slug) for role, course in taught if course.step != CourseStep.BASE),
    )


def _required(job_role: str, course: Course | RawCourse) -> RequiredCourse:
    return RequiredCourse(
        job_role=job_role,
        course=course.slug,
        validity_months=course.validity_months,
        pass_mark=course.pass_mark,
        introduced_on=course.introduced_on,
        renewed_on=course.renewed_on,
    )


def valid_until(course: Course, completed_on: dt.date, own_ends: Iterable[dt.date] = ()) -> dt.date:
    """The last day of a completion of this course (measure.md, rule 5).

    ``own_ends``: the last days of the person's own earlier completions of it, when a final test makes this
    one. Its months are counted from the last of them that has not passed, so that whoever renews early loses
    no day. A recognised completion is counted from its own day: it has no ``own_ends``."""
    holding = [ends_on for ends_on in own_ends if completed_on <= ends_on]
    begins_on = max(holding, default=completed_on)
    ends_on = clock.add_months(begins_on, course.validity_months)
    return _on_the_day(course.renewed_on, begins_on, ends_on) if course.renewed_on else ends_on


def _on_the_day(renewed_on: tuple[int, int], begins_on: dt.date, ends_on: dt.date) -> dt.date:
    """``förnyas``: the last such day on or before ``ends_on``; the next one when that would leave less than
    half of the time (course-format.md, "Validity by the calendar")."""
    day = dt.date(ends_on.year, *renewed_on)
    last = day if day <= ends_on else day.replace(year=day.year - 1)
    is_short = 2 * (last - begins_on) < ends_on - begins_on
    return last.replace(year=last.year + 1) if is_short else last


def is_renewal_open(valid_until: dt.date | None, on: dt.date, renewal_days: int) -> bool:
    """Whether what somebody holds ends so soon, or has ended, that it may be renewed."""
    return valid_until is None or valid_until <= on + dt.timedelta(days=renewal_days)
