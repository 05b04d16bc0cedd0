"""Who must take what on a date, by when, and how far they have come: both sides of every boundary of
measure.md's rules 1-6 and of "Due"."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.training import obligations
from elearn.training.curriculum import Curriculum
from elearn.training.obligations import Obligation, Status, Terms
from tests import builders
from tests.builders import TODAY

CURRICULUM = builders.curriculum({"förskola": "forskola", "skola": "skola", "lärare": "skola"})
DAY = dt.timedelta(days=1)


@pytest.fixture
def sara(session: Session) -> Person:
    return builders.person(session)


@pytest.fixture
def school(session: Session) -> OrgUnit:
    return builders.unit(session, "U1", job_role="skola")


def duties(
    session: Session, on: dt.date = TODAY, curriculum: Curriculum = CURRICULUM
) -> tuple[Obligation, ...]:
    return obligations.of_everybody(session, curriculum, Terms(on, due_days=90, renewal_days=60))


def found(
    session: Session, on: dt.date = TODAY, curriculum: Curriculum = CURRICULUM
) -> list[tuple[str | None, str | None]]:
    """(course, outside) of every active employment, in the order in which they were made."""
    return [(duty.course, duty.outside) for duty in duties(session, on, curriculum)]


def test_an_obligation_tells_whose_employment_it_is_and_where(
    session: Session, sara: Person, school: OrgUnit
) -> None:
    job = builders.employ(session, sara, school, starts_on=TODAY)
    assert duties(session) == (
        Obligation(
            employment_id=job.id,
            person_id=sara.id,
            unit_id=school.id,
            job_role="skola",
            course="skola",
            outside=None,
            valid_until=None,
            has_begun=False,
            due_on=TODAY + 90 * DAY,
            exempt_until=None,
        ),
    )


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
    assert found(session, curriculum=builders.curriculum({})) == [
        (None, "without_course"),
        (None, "without_role"),
    ]


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


def test_a_recalled_exemption_frees_nobody(session: Session, sara: Person, school: OrgUnit) -> None:
    builders.employ(session, sara, school)
    builders.exempt(session, sara).recalled_at = builders.NOW
    session.flush()
    assert found(session) == [("skola", None)]


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


def test_one_persons_obligations_are_that_persons_alone(
    session: Session, sara: Person, school: OrgUnit
) -> None:
    builders.employ(session, sara, school)
    builders.employ(session, sara, school, "förskola")
    builders.employ(session, builders.person(session), school)
    terms = Terms(TODAY, 90, 60)
    mine = obligations.of_person(session, CURRICULUM, sara.id, terms)
    assert [(duty.person_id, duty.course) for duty in mine] == [(sara.id, "skola"), (sara.id, "forskola")]
    assert mine == tuple(duty for duty in duties(session) if duty.person_id == sara.id)


@pytest.mark.parametrize(
    ("introduced", "expected"), [(None, 80), (-11, 80), (-10, 80), (-9, 81), (0, 90), (5, 95)]
)
def test_a_course_is_due_so_many_days_after_the_later_of_employment_and_introduction(
    session: Session, sara: Person, school: OrgUnit, introduced: int | None, expected: int
) -> None:
    """By measure.md, "Due"."""
    builders.employ(session, sara, school, starts_on=TODAY - 10 * DAY)
    day = None if introduced is None else TODAY + introduced * DAY
    [duty] = duties(session, curriculum=builders.curriculum({"skola": "skola"}, introduced_on=day))
    assert duty.due_on == TODAY + expected * DAY


@pytest.mark.parametrize(("days_left", "expected"), [(1, False), (0, False), (-1, False), (-2, True)])
def test_who_has_been_trained_before_is_due_on_the_day_after_and_overdue_after_that_day(
    session: Session, sara: Person, school: OrgUnit, days_left: int, expected: bool
) -> None:
    """By measure.md, "Due"."""
    builders.employ(session, sara, school)
    last = TODAY + days_left * DAY
    builders.recognise(session, sara, "skola", dt.date(2024, 1, 1), last)
    [duty] = duties(session)
    assert duty.due_on == last + DAY
    assert obligations.is_overdue(duty, Terms(TODAY, 90, 60)) is expected


@pytest.mark.parametrize(("employed_days", "expected"), [(90, False), (91, True)])
def test_who_has_never_been_trained_is_overdue_after_the_last_day(
    session: Session, sara: Person, school: OrgUnit, employed_days: int, expected: bool
) -> None:
    builders.employ(session, sara, school, starts_on=TODAY - employed_days * DAY)
    [duty] = duties(session)
    assert obligations.is_overdue(duty, Terms(TODAY, 90, 60)) is expected
    builders.exempt(session, sara)
    [duty] = duties(session)
    assert (duty.due_on, obligations.is_overdue(duty, Terms(TODAY, 90, 60))) == (None, False)


def test_the_end_of_the_exemption_that_holds_is_told(session: Session, sara: Person, school: OrgUnit) -> None:
    builders.employ(session, sara, school)
    builders.exempt(session, sara, ends_on=TODAY + DAY)
    builders.exempt(session, sara, school, ends_on=TODAY + 2 * DAY)
    assert duties(session)[0].exempt_until == TODAY + 2 * DAY
    builders.exempt(session, sara)
    assert duties(session)[0].exempt_until == TODAY + 2 * DAY, "a person in a unit comes before everywhere"
    builders.exempt(session, sara, school)
    assert (duties(session)[0].outside, duties(session)[0].exempt_until) == (Status.EXEMPT, None)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (("trained",), "trained"),
        (("trained", "expired"), "expired"),
        (("trained", "not_started"), "started"),
        (("expired", "not_started"), "started"),
        (("started", "not_started"), "started"),
        (("not_started", "not_started"), "not_started"),
        (("not_started", "exempt"), "not_started"),
        (("trained", "external"), "trained"),
        (("without_role", "without_course"), "without_course"),
        (("external", "exempt"), "exempt"),
    ],
)
def test_a_persons_obligations_together_are_as_rule_6_says(statuses: tuple[str, ...], expected: str) -> None:
    assert obligations.together(map(Status, statuses)) == expected
    assert obligations.together(map(Status, reversed(statuses))) == expected
