"""Validity by the calendar (``förnyas``) from the test that is passed to every page and figure that says until
when it holds: all of them go by the one day that is stored (course-format.md, "Validity by the calendar")."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.content.course import Course
from elearn.csv_in import Faults
from elearn.people.models import OrgUnit, Person
from elearn.reports import coverage, needs, results
from elearn.training import curriculum, obligations, overdue, queries, recognition_actions, start, team
from elearn.training.models import Completion
from elearn.training.obligations import Terms
from elearn.training.pages import Learner as Reader
from elearn.training.progress import CourseStatus
from elearn.training.recognition import RecognitionRow, Recognitions
from elearn.training.team import MemberStatus, Viewer
from tests import builders
from tests.training.lessons import COURSE, FINAL, FINAL_RIGHT, Learner

# 24 months, and everybody's ends on 31 August.
YEARLY = replace(COURSE, job_roles=("förskola",), validity_months=24, renewed_on=(8, 31))
PLAIN = replace(YEARLY, renewed_on=None)
RENEWAL_DAYS = 90


def learner(session: Session, person_id: int, day: str, course: Course) -> Learner:
    moment = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(9), dt.UTC)
    return Learner(session, person_id, moment, course)


@pytest.fixture
def unit(session: Session) -> OrgUnit:
    return builders.unit(session, "F1", job_role="förskola")


@pytest.fixture
def sara(session: Session, unit: OrgUnit) -> Person:
    someone = builders.person(session, number="1001")
    builders.employ(session, someone, unit)
    return someone


def pass_test(session: Session, someone: Person, day: str, course: Course, number: int = 1) -> None:
    mine = learner(session, someone.id, day, course)
    if number == 1:
        mine.do_all_lessons()
    assert mine.send(FINAL, FINAL_RIGHT, number=number).has_passed


def ends(session: Session, source: str | None = None) -> list[dt.date]:
    """The last day of each completion, own or from this source, in their order."""
    which = Completion.source.is_(None) if source is None else Completion.source == source
    return list(session.scalars(sa.select(Completion.valid_until).where(which).order_by(Completion.id)))


@pytest.mark.parametrize(
    ("day", "course", "until"),
    [
        ("2026-11-30", YEARLY, dt.date(2028, 8, 31)),
        ("2026-08-31", YEARLY, dt.date(2028, 8, 31)),  # the last such day is the 24th month's own
        (
            "2026-08-30",
            YEARLY,
            dt.date(2027, 8, 31),
        ),  # a day less, and it is the year before: 366 of 731 days
        ("2028-02-29", YEARLY, dt.date(2029, 8, 31)),  # 24 months are 2030-02-28
        ("2028-02-29", replace(YEARLY, renewed_on=(2, 28)), dt.date(2030, 2, 28)),
        ("2028-02-29", replace(YEARLY, renewed_on=(3, 1)), dt.date(2029, 3, 1)),  # 366 of 730 days
        ("2028-03-02", replace(YEARLY, renewed_on=(3, 1)), dt.date(2030, 3, 1)),
        ("2026-11-30", PLAIN, dt.date(2028, 11, 30)),
        ("2028-02-29", PLAIN, dt.date(2030, 2, 28)),
    ],
)
def test_a_passed_test_holds_until_the_day_of_the_year(
    session: Session, sara: Person, day: str, course: Course, until: dt.date
) -> None:
    pass_test(session, sara, day, course)
    assert ends(session) == [until]


@pytest.mark.parametrize(
    ("day", "later"),
    [
        ("2028-06-01", []),  # practice: the renewal opens 90 days before 31 August
        ("2028-06-02", [dt.date(2030, 8, 31)]),  # its months are counted from 31 August: no day is lost
        ("2028-08-31", [dt.date(2030, 8, 31)]),
        ("2028-09-01", [dt.date(2030, 8, 31)]),  # it has ended: counted from the day itself
        ("2029-08-30", [dt.date(2030, 8, 31)]),
        ("2029-08-31", [dt.date(2031, 8, 31)]),
    ],
)
def test_a_test_passed_before_in_and_after_the_renewal(
    session: Session, sara: Person, day: str, later: list[dt.date]
) -> None:
    pass_test(session, sara, "2026-11-30", YEARLY)
    pass_test(session, sara, day, YEARLY, number=2)
    assert ends(session) == [dt.date(2028, 8, 31), *later]


def recognise(session: Session, day: dt.date, course: Course) -> None:
    row = RecognitionRow(row=2, number="1001", course=course.slug, completed_on=day, source="Heldag")
    file = Recognitions((row,), ((2, "1001"),), (), Faults("genomforda.csv"))
    recognition_actions.record_recognitions(session, builders.deed(), file, builders.catalog(course))


@pytest.mark.parametrize(("course", "until"), [(YEARLY, dt.date(2029, 8, 31)), (PLAIN, dt.date(2030, 6, 2))])
def test_a_recognised_one_counts_from_its_own_day_and_gives_an_own_one_nothing(
    session: Session, sara: Person, course: Course, until: dt.date
) -> None:
    """2028-06-02 and 24 months are 2030-06-02: the last 31 August before it is 455 of 730 days away."""
    pass_test(session, sara, "2026-11-30", course)
    recognise(session, dt.date(2028, 6, 2), course)
    assert ends(session, "Heldag") == [until]


def test_an_own_test_after_a_recognised_one_alone_counts_from_its_own_day(
    session: Session, sara: Person
) -> None:
    recognise(session, dt.date(2026, 11, 30), YEARLY)
    assert ends(session, "Heldag") == [dt.date(2028, 8, 31)]
    pass_test(session, sara, "2028-06-02", YEARLY)
    assert ends(session) == [dt.date(2029, 8, 31)]


@pytest.mark.parametrize("course", [YEARLY, PLAIN], ids=["förnyas 31 augusti", "24 månader"])
def test_every_page_and_figure_ends_on_the_same_day(
    session: Session, unit: OrgUnit, sara: Person, course: Course
) -> None:
    """Both sides of the last day, of the day from which it is overdue, and of the day the renewal opens."""
    boss = builders.person(session, "Johan")
    builders.manage(session, boss, unit)
    pass_test(session, sara, "2026-11-30", course)
    [last] = ends(session)
    required, catalog = curriculum.from_courses([course]), builders.catalog(course)

    def says(after: int) -> tuple[object, ...]:
        day = last + dt.timedelta(days=after)
        terms = Terms(day, 90, RENEWAL_DAYS)
        [duty] = obligations.of_person(session, required, sara.id, terms)
        found, _ = team.managed_unit(session, required, Viewer(boss.id), terms, "F1")
        [member] = found.members
        [row] = coverage.report(session, required, day, Fraction(9, 10), day).rows
        [card] = start.start_page(session, catalog, Reader(sara.id, day, RENEWAL_DAYS, 90, b"k")).required
        lacking = needs.needs(session, required, {course.slug: 100}, Fraction(9, 10), day).whole.need.lacking
        late = overdue.managed_people(session, required, boss.id, terms).overdue_count
        assert (duty.valid_until, duty.due_on, card.due_on) == (last, *(last + dt.timedelta(days=1),) * 2)
        assert member.status_day == last
        return member.status, row.trained, row.expired, card.state.status, lacking, late

    trained, renewed = (MemberStatus.TRAINED, 1, 0), (MemberStatus.EXPIRING, 1, 0)
    expired = (MemberStatus.EXPIRED, 0, 1)
    assert says(-91) == (*trained, CourseStatus.COMPLETED, 0, 0)
    assert says(-90) == (*renewed, CourseStatus.RENEWAL_OPEN, 0, 0)
    assert says(0) == (*renewed, CourseStatus.RENEWAL_OPEN, 0, 0)
    assert says(1) == (*expired, CourseStatus.EXPIRED, 1, 0)
    assert says(2) == (*expired, CourseStatus.EXPIRED, 1, 1)
    [held] = start.certificates(queries.training_record(session, sara.id), last)
    [back] = results.results(session, {}).rows
    assert (held.valid_until, back.valid_until) == (last, last)
