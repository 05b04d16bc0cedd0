"""What is required of whom, and until when a completion holds."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from elearn.content.course import CourseStep
from elearn.training import curriculum
from elearn.training.curriculum import Curriculum, OfferedCourse, RequiredCourse
from tests import builders

FINAL = builders.lesson("slutprov")
DONE = dt.date(2028, 4, 15)
SKOLA = builders.course("skola", "skola", FINAL, validity_months=12, pass_mark=Fraction(3, 4))


def test_a_base_course_is_required_of_its_roles_and_every_other_step_is_offered() -> None:
    catalog = builders.catalog(
        SKOLA,
        builders.course("skola-lov", "skola", FINAL, step=CourseStep.REMINDER),
    )
    made = curriculum.from_catalog(catalog)
    assert made == Curriculum(
        (RequiredCourse("skola", "skola", 12, Fraction(3, 4)),), (OfferedCourse("skola", "skola-lov"),)
    )
    assert curriculum.from_courses([replace(SKOLA, introduced_on=DONE)]).required[0].introduced_on == DONE
    assert made.offered_to("skola") == {"skola-lov"}
    assert made.offered_to("fritid") == made.offered_to(None) == frozenset()
    assert made == curriculum.from_catalog(catalog)
    assert hash(made) == hash(curriculum.from_catalog(catalog))


@pytest.mark.parametrize(
    ("own_ends", "expected"),
    [
        ((), dt.date(2030, 4, 15)),
        ((dt.date(2028, 6, 1),), dt.date(2030, 6, 1)),
        ((dt.date(2028, 4, 15),), dt.date(2030, 4, 15)),
        ((dt.date(2028, 4, 14),), dt.date(2030, 4, 15)),
        ((dt.date(2026, 1, 1), dt.date(2028, 4, 16)), dt.date(2030, 4, 16)),
        ((dt.date(2028, 4, 30), dt.date(2028, 4, 20)), dt.date(2030, 4, 30)),
    ],
)
def test_early_renewal_loses_no_day(own_ends: tuple[dt.date, ...], expected: dt.date) -> None:
    """By measure.md rule 5: the months are counted from the last day of what still holds."""
    course = builders.course("f", "förskola", FINAL, validity_months=24)
    assert curriculum.valid_until(course, DONE, own_ends) == expected


def test_the_day_is_clamped_to_the_end_of_a_shorter_month() -> None:
    course = builders.course("f", "förskola", FINAL, validity_months=6)
    assert curriculum.valid_until(course, dt.date(2026, 8, 31)) == dt.date(2027, 2, 28)
