"""Staff meetings: by the unit's manager, by number and never by name, taken back and never changed."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.errors import Conflict, Invalid, NotFound
from elearn.journal.models import JournalEntry
from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.training import apt
from elearn.training.apt import HeldMeeting
from elearn.training.meeting_models import StaffMeeting
from tests import builders
from tests.builders import TODAY

DAY = dt.date(2026, 10, 5)
ONE = dt.timedelta(days=1)


@pytest.fixture
def units(session: Session) -> dict[str, OrgUnit]:
    u = builders.unit(session, "U", UnitKind.DEPARTMENT, name="Utbildning")
    return {
        "U": u,
        "U1": builders.unit(session, "U1", parent=u, name="Ängen"),
        "U2": builders.unit(session, "U2", parent=u, name="Åsen"),
        "S": builders.unit(session, "S", UnitKind.DEPARTMENT, name="Social"),
    }


@pytest.fixture
def johan(session: Session, units: dict[str, OrgUnit]) -> Person:
    person = builders.person(session)
    builders.manage(session, person, units["U1"])
    return person


def record(session: Session, manager: Person, code: str = "U1", day: dt.date = DAY, count: int = 12) -> int:
    return apt.record_staff_meeting(session, builders.deed(), manager.id, code, day, count)


def recall(session: Session, manager: Person, id: int, code: str = "U1") -> HeldMeeting:
    return apt.recall_staff_meeting(session, builders.deed(), manager.id, code, id)


def test_what_was_held_stands_with_the_newest_first(session: Session, johan: Person) -> None:
    first, second = record(session, johan), record(session, johan, day=DAY + ONE, count=9)
    assert apt.held_in(session, "U1") == (HeldMeeting(second, DAY + ONE, 9), HeldMeeting(first, DAY, 12))
    assert apt.held_in(session, "U2") == ()


def test_the_same_again_is_one_and_another_number_is_refused(session: Session, johan: Person) -> None:
    first = record(session, johan)
    assert record(session, johan) == first
    with pytest.raises(Conflict, match="redan en träff den 2026-10-05, med 12 deltagare"):
        record(session, johan, count=13)
    assert len(apt.held_in(session, "U1")) == 1


def test_a_mistaken_one_is_taken_back_and_stays_as_it_was(session: Session, johan: Person) -> None:
    first = record(session, johan)
    assert recall(session, johan, first) == HeldMeeting(first, DAY, 12)
    assert apt.held_in(session, "U1") == ()
    with pytest.raises(NotFound):
        recall(session, johan, first)
    second = record(session, johan, count=13)
    assert apt.held_in(session, "U1") == (HeldMeeting(second, DAY, 13),)
    row = session.get_one(StaffMeeting, first)
    assert (row.participant_count, row.recalled_by) == (12, "operator:anna")


@pytest.mark.parametrize(
    ("day", "count", "is_taken"),
    [
        (TODAY, 1, True),
        (TODAY + ONE, 1, False),
        (DAY, 0, False),
        (DAY, 999, True),
        (DAY, 1000, False),
        (DAY, -1, False),
    ],
)
def test_no_day_to_come_and_no_number_that_cannot_be(
    session: Session, johan: Person, day: dt.date, count: int, is_taken: bool
) -> None:
    if is_taken:
        assert record(session, johan, day=day, count=count)
    else:
        with pytest.raises(Invalid):
            record(session, johan, day=day, count=count)
        assert apt.held_in(session, "U1") == ()


@pytest.mark.parametrize("code", ["U2", "U", "finns-inte", "U1\x00"])
def test_another_unit_is_one_that_does_not_exist(session: Session, johan: Person, code: str) -> None:
    """S3, S4."""
    with pytest.raises(NotFound):
        record(session, johan, code)


def test_another_units_staff_meeting_cannot_be_taken_back(
    session: Session, johan: Person, units: dict[str, OrgUnit]
) -> None:
    other = builders.person(session, "Nadja")
    builders.manage(session, other, units["U2"])
    theirs = record(session, other, "U2")
    for code in ("U1", "U2"):
        with pytest.raises(NotFound):
            recall(session, johan, theirs, code)
    assert len(apt.held_in(session, "U2")) == 1


def test_the_departments_units_that_have_held_one_within_the_days(
    session: Session, johan: Person, units: dict[str, OrgUnit]
) -> None:
    builders.manage(session, johan, units["U2"])
    builders.manage(session, johan, units["S"])
    kept = record(session, johan, "U2")
    record(session, johan, "U1", DAY - ONE)
    recall(session, johan, record(session, johan, "U1", DAY + ONE))
    record(session, johan, "S", DAY + 2 * ONE)

    def codes(since: dt.date, on: dt.date, reach: tuple[int, ...] | None = None) -> dict[str, list[str]]:
        found = apt.held_since(session, reach, since, on)
        return {one.code: [unit.code for unit in one.units] for one in found}

    assert codes(DAY - ONE, DAY + 2 * ONE) == {"S": ["S"], "U": ["U2", "U1"]}  # Åsen before Ängen
    assert codes(DAY, DAY + ONE) == {"U": ["U2"]}
    assert codes(DAY + ONE, DAY + ONE) == {}
    assert codes(DAY - ONE, DAY + 2 * ONE, (units["U"].id,)) == {"U": ["U2", "U1"]}
    assert codes(DAY - ONE, DAY + 2 * ONE, ()) == {}
    [department] = apt.held_since(session, None, DAY, DAY)
    assert department.units[0].held == (HeldMeeting(kept, DAY, 12),)


def test_the_journal_says_unit_day_and_number(session: Session, johan: Person) -> None:
    id = record(session, johan)
    recall(session, johan, id)
    rows = session.execute(sa.select(JournalEntry.kind, JournalEntry.details).order_by(JournalEntry.id))
    assert [(kind, json.loads(details)) for kind, details in rows] == [
        ("recorded-staff-meeting", {"unit": "U1", "held_on": "2026-10-05", "count": 12}),
        ("recalled-staff-meeting", {"unit": "U1", "staff_meeting": id}),
    ]
