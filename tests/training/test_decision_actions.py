"""Decisions made and ended on the page: within reach, from today, once, and in the journal."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.errors import Conflict, ElearnError, Invalid, NotFound
from elearn.journal import deed as actors
from elearn.journal.models import JournalEntry
from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.training import decision_actions, decision_rules
from elearn.training.decision_actions import Tops
from elearn.training.decision_rules import NewDecision
from elearn.training.models import TargetDecision
from tests import builders
from tests.builders import NOW, TODAY

DAY = dt.timedelta(days=1)
ELIF = actors.person(7)


@pytest.fixture
def own(session: Session) -> OrgUnit:
    return builders.unit(session, "U", UnitKind.DEPARTMENT)


@pytest.fixture
def school(session: Session, own: OrgUnit) -> OrgUnit:
    return builders.unit(session, "U1", parent=own)


@pytest.fixture
def other(session: Session) -> OrgUnit:
    return builders.unit(session, "S", UnitKind.DEPARTMENT)


@pytest.fixture
def sara(session: Session, school: OrgUnit) -> Person:
    sara = builders.person(session)
    builders.employ(session, sara, school)
    return sara


def new(
    unit: OrgUnit | None, person: Person | None = None, position: str | None = None, **more: object
) -> NewDecision:
    given = NewDecision(
        unit.id if unit else None, person.id if person else None, position, False, None, TODAY, None, "Annat"
    )
    return replace(given, **more)  # type: ignore[arg-type]


def make(session: Session, tops: Tops, asked: NewDecision, key: str = "k1") -> int:
    return decision_actions.make_decision(session, builders.deed(by=ELIF), tops, asked, key)


def entries(session: Session) -> list[tuple[str, str, str]]:
    columns = (JournalEntry.actor, JournalEntry.kind, JournalEntry.details)
    return [tuple(row) for row in session.execute(sa.select(*columns).order_by(JournalEntry.id))]


def test_what_was_decided_is_kept_with_who_and_when(session: Session, own: OrgUnit, school: OrgUnit) -> None:
    asked = new(
        school,
        position="Rektor",
        is_included=True,
        job_role="skola",
        ends_on=TODAY,
        reason="  Möter \n barn ",
    )
    row = session.get_one(TargetDecision, make(session, (own.id,), asked))
    assert (row.unit_id, row.person_id, row.position, row.position_key) == (
        school.id,
        None,
        "Rektor",
        "rektor",
    )
    assert (row.is_included, row.job_role, row.starts_on, row.ends_on) == (True, "skola", TODAY, TODAY)
    assert (row.reason, row.decided_by, row.recorded_by) == ("Möter barn", None, "person:7")
    assert (row.recorded_at, row.covers_below, row.ended_on) == (NOW, True, None)
    assert entries(session) == [("person:7", "made-decision", f'{{"decision":{row.id}}}')]


def test_only_who_is_in_gets_a_job_role(session: Session, own: OrgUnit) -> None:
    row = session.get_one(TargetDecision, make(session, None, new(own, job_role="skola")))
    assert row.job_role is None


def test_the_same_form_sent_again_makes_no_second_decision(session: Session, own: OrgUnit) -> None:
    first = make(session, None, new(own))
    assert make(session, None, new(own)) == first
    assert make(session, None, new(own), "k2") != first
    assert len(entries(session)) == 2


def test_the_same_decision_from_another_form_is_told_and_not_stored(session: Session, own: OrgUnit) -> None:
    """Word by word, about just the same, and only as long as it is the last one and has not been ended."""

    def decide(key: str, **more: object) -> int:
        return decision_actions.make_new_decision(
            session, builders.deed(by=ELIF), None, new(own, **more), key
        )

    first = decide("k1")
    assert decide("k1") == first, "the same form"
    with pytest.raises(Conflict, match="Samma beslut finns redan"):
        decide("k2", reason=f" {new(own).reason} ")
    assert len(entries(session)) == 1
    decide("k3", position="Rektor")
    decide("k4", ends_on=TODAY)
    again = decide("k5")
    assert again != first, "another one has been made since"
    session.get_one(TargetDecision, again).ended_on = TODAY
    session.flush()
    assert decide("k6") != again
    assert len(entries(session)) == 5


def test_somebody_elses_form_is_not_ones_own(session: Session, own: OrgUnit) -> None:
    make(session, None, new(own))
    with pytest.raises(sa.exc.NoResultFound):
        decision_actions.make_decision(session, builders.deed(by=actors.person(8)), None, new(own), "k1")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_on": TODAY - DAY}, "fran"),
        ({"ends_on": TODAY - DAY}, "till"),
        ({"reason": ""}, "skal"),
        ({"reason": "x" * 101}, "skal"),
        ({"reason": "a\u200bb"}, "skal"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_recorded(
    session: Session, own: OrgUnit, change: dict[str, object], field: str
) -> None:
    asked = new(own, **change)
    assert [name for name, _sentence in decision_rules.faults(asked, TODAY)] == [field]
    with pytest.raises(Invalid):
        make(session, None, asked)
    assert session.scalars(sa.select(TargetDecision)).all() == []
    assert entries(session) == []


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"ends_on": TODAY},
        {"starts_on": TODAY + DAY, "ends_on": TODAY + DAY},
        {"reason": "x" * 100},
        {"is_included": True, "reason": ""},
    ],
)
def test_the_limits_themselves_are_allowed(session: Session, own: OrgUnit, change: dict[str, object]) -> None:
    assert make(session, None, new(own, **change))


def test_a_coordinator_decides_in_the_own_department_alone(
    session: Session, own: OrgUnit, school: OrgUnit, other: OrgUnit, sara: Person
) -> None:
    """What is out of reach does not exist (S3)."""
    tops = (own.id,)
    for number, allowed in enumerate([new(own), new(school, position="Rektor"), new(own, sara)]):
        assert make(session, tops, allowed, f"k{number}")
    somebody = builders.person(session)
    builders.employ(session, somebody, other)
    for refused in (new(other), new(None, sara), new(own, somebody), new(other, sara), new(None)):
        with pytest.raises(NotFound):
            make(session, tops, refused, "k9")
    with pytest.raises(NotFound):
        make(session, (), new(own), "k9")
    assert make(session, None, new(None, sara), "k9")


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_there"),
    [
        (TODAY - 9 * DAY, TODAY - DAY, False),
        (TODAY - 9 * DAY, TODAY, True),
        (TODAY + DAY, None, True),
    ],
)
def test_a_person_is_decided_about_until_the_last_day_and_before_the_first(
    session: Session, school: OrgUnit, starts_on: dt.date, ends_on: dt.date | None, is_there: bool
) -> None:
    someone = builders.person(session)
    builders.employ(session, someone, school, starts_on=starts_on, ends_on=ends_on)
    if is_there:
        assert make(session, None, new(school, someone))
    else:
        with pytest.raises(NotFound):
            make(session, None, new(school, someone))


def test_a_closed_unit_is_not_decided_about(session: Session) -> None:
    closed = builders.unit(session, "C", UnitKind.DEPARTMENT, ends_on=TODAY - DAY)
    with pytest.raises(NotFound):
        make(session, None, new(closed))
    assert make(session, None, new(builders.unit(session, "D", UnitKind.DEPARTMENT, ends_on=TODAY)))


def test_a_person_has_no_position_beside(session: Session, own: OrgUnit, sara: Person) -> None:
    with pytest.raises(NotFound):
        make(session, None, new(own, sara, "Rektor"))


def test_it_is_ended_once_with_who_and_when(session: Session, own: OrgUnit) -> None:
    row = builders.decide(session, own)
    end = builders.deed(by=ELIF)
    decision_actions.end_decision(session, end, (own.id,), row.id, TODAY)
    decision_actions.end_decision(session, end, (own.id,), row.id, TODAY)  # sent twice
    assert (row.ended_on, row.ended_at, row.ended_by, row.ends_on) == (TODAY, NOW, "person:7", None)
    assert entries(session) == [
        ("person:7", "ended-decision", f'{{"decision":{row.id},"on":"{TODAY.isoformat()}"}}')
    ]
    with pytest.raises(Conflict):
        decision_actions.end_decision(session, end, None, row.id, TODAY + DAY)
    with pytest.raises(Conflict):
        decision_actions.end_decision(session, builders.deed(), None, row.id, TODAY)


@pytest.mark.parametrize(
    ("ends_in", "last_in", "is_allowed"),
    [(None, -2, False), (None, -1, True), (None, 5, True), (3, 2, True), (3, 3, False), (3, 4, False)],
)
def test_the_last_day_is_yesterday_at_the_earliest_and_before_its_own(
    session: Session, own: OrgUnit, ends_in: int | None, last_in: int, is_allowed: bool
) -> None:
    """No past figure moves."""
    row = builders.decide(session, own, ends_on=None if ends_in is None else TODAY + ends_in * DAY)
    if is_allowed:
        decision_actions.end_decision(session, builders.deed(), None, row.id, TODAY + last_in * DAY)
    else:
        with pytest.raises(Invalid):
            decision_actions.end_decision(session, builders.deed(), None, row.id, TODAY + last_in * DAY)
    assert (row.ended_on is not None) == is_allowed


@pytest.mark.parametrize(
    ("prepare", "refusal"),
    [
        (lambda row, _other: setattr(row, "recalled_at", NOW), Conflict),
        (lambda row, other: setattr(row, "unit_id", other.id), NotFound),
    ],
)
def test_what_is_taken_back_or_out_of_reach_is_not_ended(
    session: Session,
    own: OrgUnit,
    other: OrgUnit,
    prepare: Callable[[TargetDecision, OrgUnit], None],
    refusal: type[ElearnError],
) -> None:
    row = builders.decide(session, own)
    prepare(row, other)
    session.flush()
    with pytest.raises(refusal):
        decision_actions.end_decision(session, builders.deed(), (own.id,), row.id, TODAY)


def test_a_person_everywhere_is_ended_by_who_decides_about_everything(
    session: Session, own: OrgUnit, sara: Person
) -> None:
    row = builders.decide(session, someone=sara)
    with pytest.raises(NotFound):
        decision_actions.end_decision(session, builders.deed(), (own.id,), row.id, TODAY)
    decision_actions.end_decision(session, builders.deed(), None, row.id, TODAY)
    assert row.ended_on == TODAY
