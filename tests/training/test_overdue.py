"""How many of a manager's people are overdue: on the last day nobody is, on the day after everybody.
tests/reports/test_random_comparison.py compares it with the manager's list."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from elearn.people.models import OrgUnit, Person
from elearn.training import overdue
from elearn.training.obligations import Terms
from elearn.training.overdue import ManagedPeople
from tests import builders
from tests.builders import TODAY

CURRICULUM = builders.curriculum({"skola": "skola"})
TERMS = Terms(TODAY, due_days=90, renewal_days=60)
DAY = dt.timedelta(days=1)


@pytest.fixture
def school(session: Session) -> OrgUnit:
    return builders.unit(session, "U1", job_role="skola")


@pytest.fixture
def boss(session: Session, school: OrgUnit) -> Person:
    someone = builders.person(session, "Chef")
    builders.manage(session, someone, school)
    return someone


def counted(session: Session, boss: Person) -> ManagedPeople:
    return overdue.managed_people(session, CURRICULUM, boss.id, TERMS)


@pytest.mark.parametrize(("days", "count"), [(89, 0), (90, 0), (91, 1)])
def test_who_has_never_been_trained_is_overdue_the_day_after_the_last(
    session: Session, school: OrgUnit, boss: Person, days: int, count: int
) -> None:
    builders.employ(session, builders.person(session), school, starts_on=TODAY - days * DAY)
    assert counted(session, boss) == ManagedPeople(1, count)


@pytest.mark.parametrize(("days", "count"), [(0, 0), (-1, 0), (-2, 1)])
def test_whose_course_expired_yesterday_is_due_today_and_overdue_tomorrow(
    session: Session, school: OrgUnit, boss: Person, days: int, count: int
) -> None:
    someone = builders.person(session)
    builders.employ(session, someone, school)
    builders.recognise(session, someone, "skola", TODAY - 800 * DAY, TODAY + days * DAY)
    assert counted(session, boss) == ManagedPeople(1, count)


def test_each_person_is_counted_once_and_nobody_elses_people(
    session: Session, school: OrgUnit, boss: Person
) -> None:
    below = builders.unit(session, "U2", parent=school)
    someone = builders.person(session)
    builders.employ(session, someone, school)
    builders.employ(session, someone, below)
    builders.employ(session, builders.person(session), builders.unit(session, "V", job_role="skola"))
    assert counted(session, boss) == ManagedPeople(2, 1)
    assert counted(session, someone) == ManagedPeople(0, 0)


def test_who_is_exempt_needs_no_help(session: Session, school: OrgUnit, boss: Person) -> None:
    someone = builders.person(session)
    builders.employ(session, someone, school)
    builders.exempt(session, someone)
    assert counted(session, boss) == ManagedPeople(1, 0)
