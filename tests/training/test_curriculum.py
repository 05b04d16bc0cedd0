"""What is required of whom, and until when a completion holds."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    ("months", "day", "completed_on", "until"),
    [
        (24, (8, 31), "2026-11-30", "2028-08-31"),  # the examples of course-format.md
        (12, (12, 31), "2025-12-20", "2026-12-31"),
        (24, (8, 31), "2026-08-31", "2028-08-31"),  # the last such day is the day itself
        (24, (8, 31), "2026-08-30", "2027-08-31"),  # a day earlier, and it is the one a year before
        (24, (8, 31), "2026-09-01", "2028-08-31"),
        (12, (12, 31), "2026-07-02", "2027-12-31"),  # 182 of 365 days is less than half
        (12, (12, 31), "2026-07-01", "2026-12-31"),  # 183 is not
        (12, (2, 28), "2027-02-28", "2028-02-28"),
        (6, (8, 31), "2026-09-01", "2027-08-31"),  # no such day at all within the time
    ],
)
def test_everybodys_ends_on_the_same_day_of_a_year(
    months: int, day: tuple[int, int], completed_on: str, until: str
) -> None:
    course = replace(builders.course("f", "förskola", FINAL, validity_months=months), renewed_on=day)
    assert curriculum.valid_until(course, dt.date.fromisoformat(completed_on)) == dt.date.fromisoformat(until)


@given(
    completed_on=st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31)),
    months=st.integers(1, 60),
    day=st.dates(dt.date(2027, 1, 1), dt.date(2027, 12, 31)),
)
def test_the_day_is_the_last_that_leaves_half_of_the_time_or_the_one_after(
    completed_on: dt.date, months: int, day: dt.date
) -> None:
    """Against every day of the years that could be meant, one by one."""
    base = builders.course("f", "förskola", FINAL, validity_months=months)
    plain = curriculum.valid_until(base, completed_on)
    found = curriculum.valid_until(replace(base, renewed_on=(day.month, day.day)), completed_on)
    days = [dt.date(year, day.month, day.day) for year in range(2018, 2049)]
    last = max(each for each in days if each <= plain)
    is_half = 2 * (last - completed_on).days >= (plain - completed_on).days
    assert found == (last if is_half else min(each for each in days if each > plain))


def test_who_renews_early_loses_no_day_by_the_calendar_either() -> None:
    course = replace(builders.course("f", "förskola", FINAL, validity_months=24), renewed_on=(8, 31))
    assert curriculum.valid_until(course, dt.date(2028, 6, 10), [dt.date(2028, 8, 31)]) == dt.date(
        2030, 8, 31
    )
