"""Who must take what on a date: both sides of every boundary of measure.md's rules 1-4."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.training import requirements
from tests import builders
from tests.builders import TODAY

PAIRS = {"förskola": "forskola", "skola": "skola", "lärare": "skola"}
DAY = dt.timedelta(days=1)


@pytest.fixture
def sara(session: Session) -> Person:
    return builders.person(session)


@pytest.fixture
def school(session: Session) -> OrgUnit:
    return builders.unit(session, "U1", job_role="skola")


def found(
    session: Session, on: dt.date = TODAY, pairs: dict[str, str] = PAIRS
) -> list[tuple[str | None, str | None]]:
    """(course, outside) of every active employment, in the order in which they were made."""
    rows = session.execute(requirements.required(pairs.items(), on)).all()
    return [(row.course, row.outside) for row in sorted(rows, key=lambda row: row.employment_id)]


def test_a_row_tells_whose_employment_it_is_and_where(
    session: Session, sara: Person, school: OrgUnit
) -> None:
    job = builders.employ(session, sara, school)
    assert [tuple(row) for row in session.execute(requirements.required(PAIRS.items(), TODAY))] == [
        (job.id, sara.id, school.id, "skola", None)
    ]


def test_an_employment_is_active_from_its_first_day_to_its_last(
    session: Session, sara: Person, school: OrgUnit
) -> None:
    builders.employ(session, sara, school, starts_on=TODAY - DAY, ends_on=TODAY + DAY)
    days = {offset: len(found(session, TODAY + offset * DAY)) for offset in (-2, -1, 0, 1, 2)}
    assert days == {-2: 0, -1: 1, 0: 1, 1: 1, 2: 0}


def test_an_employment_without_an_end_goes_on(session: Session, sara: Person, school: OrgUnit) -> None:
    builders.employ(session, sara, school, starts_on=TODAY)
    assert len(found(session, dt.date(2099, 1, 1))) == 1


def test_the_own_role_goes_before_the_units_and_the_nearest_before_those_above(
    session: Session, sara: Person
) -> None:
    department = builders.unit(session, "D", UnitKind.DEPARTMENT, job_role="förskola")
    division = builders.unit(session, "O", UnitKind.DIVISION, department)
    school = builders.unit(session, "S", parent=division, job_role="skola")
    for at, job_role in ((school, "förskola"), (school, None), (division, None), (department, "lärare")):
        builders.employ(session, sara, at, job_role)
    assert found(session) == [("forskola", None), ("skola", None), ("forskola", None), ("skola", None)]


def test_nobody_disappears_for_want_of_a_role_or_a_course(session: Session, sara: Person) -> None:
    office = builders.unit(session, "K")
    builders.employ(session, sara, office)
    builders.employ(session, sara, office, "kock")
    assert found(session) == [(None, "without_role"), (None, "without_course")]


def test_an_empty_catalogue_requires_nothing_of_anybody(
    session: Session, sara: Person, school: OrgUnit
) -> None:
    builders.employ(session, sara, school)
    builders.employ(session, sara, builders.unit(session, "K"))
    assert found(session, pairs={}) == [(None, "without_course"), (None, "without_role")]


def test_an_external_and_whoever_works_below_one_is_outside_but_keeps_the_course(
    session: Session, sara: Person
) -> None:
    shelter = builders.unit(session, "X", UnitKind.EXTERNAL, job_role="skola")
    for at in (shelter, builders.unit(session, "X1", parent=shelter)):
        builders.employ(session, sara, at)
    assert found(session) == [("skola", "external")] * 2


def test_an_exemption_covers_its_first_and_its_last_day(
    session: Session, sara: Person, school: OrgUnit
) -> None:
    builders.employ(session, sara, school)
    builders.exempt(session, sara, starts_on=TODAY, ends_on=TODAY + DAY)
    days = {offset: found(session, TODAY + offset * DAY)[0] for offset in (-1, 0, 1, 2)}
    assert days == {-1: ("skola", None), 0: ("skola", "exempt"), 1: ("skola", "exempt"), 2: ("skola", None)}


@pytest.mark.parametrize(("starts_on", "ends_on"), [(None, None), (None, TODAY), (TODAY, None)])
def test_an_exemption_may_be_open_at_either_end(
    session: Session, sara: Person, school: OrgUnit, starts_on: dt.date | None, ends_on: dt.date | None
) -> None:
    builders.employ(session, sara, school)
    builders.exempt(session, sara, starts_on=starts_on, ends_on=ends_on)
    assert found(session) == [("skola", "exempt")]


def test_an_exemption_for_a_unit_is_for_exactly_that_unit(
    session: Session, sara: Person, school: OrgUnit
) -> None:
    below = builders.unit(session, "U11", parent=school)
    for at in (school, below, builders.unit(session, "U2", job_role="förskola")):
        builders.employ(session, sara, at)
    builders.exempt(session, sara, school)
    assert found(session) == [("skola", "exempt"), ("skola", None), ("forskola", None)]


def test_an_exemption_frees_nobody_else(session: Session, sara: Person, school: OrgUnit) -> None:
    builders.employ(session, sara, school)
    builders.employ(session, builders.person(session), school)
    builders.exempt(session, sara)
    assert found(session) == [("skola", "exempt"), ("skola", None)]


def test_two_exemptions_over_the_same_day_leave_one_row(
    session: Session, sara: Person, school: OrgUnit
) -> None:
    builders.employ(session, sara, school)
    builders.exempt(session, sara)
    builders.exempt(session, sara, school, starts_on=TODAY)
    assert found(session) == [("skola", "exempt")]


def test_the_first_reason_in_the_order_is_told(session: Session, sara: Person) -> None:
    shelter = builders.unit(session, "X", UnitKind.EXTERNAL)
    builders.employ(session, sara, shelter)
    builders.employ(session, builders.person(session), shelter)
    builders.exempt(session, sara)
    assert found(session) == [(None, "exempt"), (None, "external")]


def test_the_date_may_be_a_parameter_of_the_statement(
    session: Session, sara: Person, school: OrgUnit
) -> None:
    builders.employ(session, sara, school, starts_on=TODAY)
    statement = requirements.required(PAIRS.items(), sa.bindparam("on", type_=sa.Date))
    assert [len(session.execute(statement, {"on": day}).all()) for day in (TODAY - DAY, TODAY)] == [0, 1]
