"""Which decision about the target group holds: measure.md, "Decisions about the target group", both sides of
each boundary."""

import datetime as dt
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy.orm import Session

from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.training import obligations
from elearn.training.obligations import Obligation, Status, Terms
from tests import builders
from tests.builders import NOW, TODAY

CURRICULUM = builders.curriculum({"förskola": "forskola", "skola": "skola"})
DAY = dt.timedelta(days=1)


@pytest.fixture
def department(session: Session) -> OrgUnit:
    return builders.unit(session, "D", UnitKind.DEPARTMENT, job_role="skola")


@pytest.fixture
def school(session: Session, department: OrgUnit) -> OrgUnit:
    return builders.unit(session, "S", parent=department)


@pytest.fixture
def sara(session: Session, school: OrgUnit) -> Person:
    sara = builders.person(session)
    builders.employ(session, sara, school, position="Rektor")
    return sara


def duty(session: Session, on: dt.date = TODAY) -> Obligation:
    """Of the first employment."""
    return obligations.of_everybody(session, CURRICULUM, Terms(on, due_days=90, renewal_days=60))[0]


# Stronger first.
KINDS = (
    "a person in the unit",
    "a person in a unit above",
    "a person everywhere",
    "a position in the unit",
    "a position in a unit above",
    "the unit",
    "a unit above",
)


def covering(kind: str, sara: Person, school: OrgUnit, department: OrgUnit) -> dict[str, Any]:
    return {
        "at": None if kind == "a person everywhere" else department if "above" in kind else school,
        "someone": sara if "person" in kind else None,
        "position": "rektor" if "position" in kind else None,
    }


@pytest.mark.parametrize(("stronger", "weaker"), list(combinations(KINDS, 2)))
@pytest.mark.parametrize("is_included", [True, False])
def test_the_stronger_decision_holds_whichever_was_recorded_last(
    session: Session,
    sara: Person,
    school: OrgUnit,
    department: OrgUnit,
    stronger: str,
    weaker: str,
    is_included: bool,
) -> None:
    for kind, included, recorded_at in (
        (stronger, is_included, NOW),
        (weaker, not is_included, NOW + DAY),
        (weaker, not is_included, NOW - DAY),
    ):
        builders.decide(
            session,
            **covering(kind, sara, school, department),
            is_included=included,
            recorded_at=recorded_at,
        )
    assert duty(session).outside == (None if is_included else Status.EXEMPT)


@pytest.mark.parametrize("kind", KINDS)
def test_of_two_alike_the_one_recorded_last_holds(
    session: Session, sara: Person, school: OrgUnit, department: OrgUnit, kind: str
) -> None:
    whom = covering(kind, sara, school, department)
    builders.decide(session, **whom, is_included=False, recorded_at=NOW)
    builders.decide(session, **whom, is_included=True, recorded_at=NOW - DAY)
    assert duty(session).outside == Status.EXEMPT
    builders.decide(session, **whom, is_included=True, recorded_at=NOW)  # in the same file: the later row
    assert duty(session).outside is None


@pytest.mark.parametrize(
    ("first", "last", "ended", "covered"),
    [
        (0, 0, None, {0}),
        (0, 1, None, {0, 1}),
        (None, 0, None, {-2, -1, 0}),
        (1, None, None, {1, 2}),
        (-1, 2, 0, {-1, 0}),
        (-1, None, 1, {-1, 0, 1}),
        (0, None, -1, set[int]()),
    ],
)
def test_a_decision_holds_from_its_first_day_to_its_last_or_to_when_it_was_ended(
    session: Session,
    sara: Person,
    first: int | None,
    last: int | None,
    ended: int | None,
    covered: set[int],
) -> None:
    def day(offset: int | None) -> dt.date | None:
        return None if offset is None else TODAY + offset * DAY

    row = builders.decide(session, someone=sara, starts_on=day(first), ends_on=day(last))
    row.ended_on = day(ended)
    session.flush()
    exempt = {offset for offset in range(-2, 3) if duty(session, TODAY + offset * DAY).outside}
    assert exempt == covered
    if covered and last is not None:
        assert duty(session, TODAY).exempt_until == min(TODAY + last * DAY, row.ended_on or dt.date.max)


def test_a_decision_that_was_taken_back_holds_on_no_day(session: Session, sara: Person) -> None:
    builders.decide(session, someone=sara).recalled_at = NOW
    session.flush()
    assert duty(session).outside is None


def test_a_unit_means_it_and_what_is_below_and_in_undantag_exactly_that_unit(
    session: Session, sara: Person, school: OrgUnit, department: OrgUnit
) -> None:
    row = builders.exempt(session, sara, department)
    assert duty(session).outside is None
    row.covers_below = True
    session.flush()
    assert duty(session).outside == Status.EXEMPT


@pytest.mark.parametrize(
    ("position", "is_covered"),
    [("Rektor", True), (" REKTOR ", True), ("rektorn", False), ("Biträdande rektor", False)],
)
def test_a_position_is_compared_without_capitals_and_outer_blanks(
    session: Session, sara: Person, department: OrgUnit, position: str, is_covered: bool
) -> None:
    builders.decide(session, department, position=position)
    assert (duty(session).outside == Status.EXEMPT) == is_covered


def test_letters_outside_ascii_are_compared_without_capitals(session: Session, school: OrgUnit) -> None:
    builders.employ(session, builders.person(session), school, position="ÖVERFÖRMYNDARE")
    builders.decide(session, school, position="överförmyndare")
    assert duty(session).outside == Status.EXEMPT


@pytest.mark.parametrize(
    ("position", "is_covered"),
    [
        ("Rektor", True),
        ("lärare", True),
        ("Lärare, gymnasium", True),
        ("gymnasium", False),
        ("Lärare, rektor", False),
        ("ektor", False),
        ("", True),  # the unit as a whole
    ],
)
def test_of_two_contracts_each_position_is_compared_by_itself(
    session: Session, school: OrgUnit, position: str, is_covered: bool
) -> None:
    builders.employ(session, builders.person(session), school, position="Rektor\nLärare, gymnasium\nLärare")
    builders.decide(session, school, position=position or None)
    assert (duty(session).outside == Status.EXEMPT) == is_covered


def test_an_exemption_lasts_as_long_as_the_decision_that_holds(
    session: Session, sara: Person, school: OrgUnit
) -> None:
    builders.decide(session, school, ends_on=TODAY + 9 * DAY)
    builders.decide(session, school, position="Kock")
    builders.decide(session, someone=sara, ends_on=TODAY + 2 * DAY)
    assert duty(session).exempt_until == TODAY + 2 * DAY
    assert duty(session, TODAY + 3 * DAY).exempt_until == TODAY + 9 * DAY


@pytest.mark.parametrize(
    ("own", "given", "unit_role", "course", "outside"),
    [
        ("förskola", "skola", "skola", "forskola", None),
        (None, "förskola", "skola", "forskola", None),
        (None, "förskola", None, "forskola", None),
        (None, None, "skola", "skola", None),
        (None, None, None, None, Status.WITHOUT_ROLE),
    ],
)
def test_a_role_is_the_persons_own_else_the_decisions_else_the_units(
    session: Session,
    own: str | None,
    given: str | None,
    unit_role: str | None,
    course: str | None,
    outside: Status | None,
) -> None:
    at = builders.unit(session, "K", job_role=unit_role)
    builders.employ(session, builders.person(session), at, own)
    builders.decide(session, at, is_included=True, job_role=given)
    found = duty(session)
    assert (found.course, found.outside) == (course, outside)


def test_an_external_stays_outside_whatever_is_decided(session: Session) -> None:
    shelter = builders.unit(session, "X", UnitKind.EXTERNAL, job_role="skola")
    builders.employ(session, builders.person(session), shelter)
    builders.decide(session, shelter, is_included=True)
    assert duty(session).outside == Status.EXTERNAL


@pytest.mark.parametrize(
    ("job_role", "own_role", "others_exempt_from", "due_in"),
    [
        ("förskola", None, None, 90),
        ("skola", None, None, 80),  # the unit gives it already
        ("förskola", "skola", None, 80),  # the person's own role holds
        (None, None, None, 80),
        (None, None, -1, 90),
        (None, None, 0, 80),  # nobody was outside on any day
    ],
)
def test_it_is_due_from_the_day_on_which_a_decision_put_somebody_in(
    session: Session,
    sara: Person,
    school: OrgUnit,
    job_role: str | None,
    own_role: str | None,
    others_exempt_from: int | None,
    due_in: int,
) -> None:
    """One that changes nothing gives nobody more time."""
    someone = builders.person(session)
    job = builders.employ(session, someone, school, own_role, starts_on=TODAY - 10 * DAY)
    if others_exempt_from is not None:
        builders.decide(session, school, starts_on=TODAY + others_exempt_from * DAY)
    builders.decide(session, someone=someone, is_included=True, job_role=job_role, starts_on=TODAY)
    terms = Terms(TODAY, due_days=90, renewal_days=60)
    [found] = [
        duty for duty in obligations.of_everybody(session, CURRICULUM, terms) if duty.employment_id == job.id
    ]
    assert found.due_on == TODAY + due_in * DAY
