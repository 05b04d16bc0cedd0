"""Two numbers of one person become one: nothing is lost, no past figure moves, and nobody else is taken for
them."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.errors import Conflict, Invalid, NotFound
from elearn.identity.models import Invitation, LoginSession, MailCode
from elearn.journal.models import JournalEntry
from elearn.people.models import AccessGrant, Employment, Person, UnitManager
from elearn.training import joining
from elearn.training.meeting_models import MeetingAttendance
from elearn.training.models import (
    Attempt,
    Completion,
    CompletionRecall,
    LessonCompletion,
    LessonDraft,
    TargetDecision,
)
from tests import builders
from tests.builders import NOW, TODAY

DAY = dt.timedelta(days=1)
YESTERDAY = TODAY - DAY


@pytest.fixture
def pair(session: Session) -> tuple[Person, Person]:
    """Lisa with the old number, which ended yesterday, and with the new one. The first row is kept and gets
    the new number; the second is emptied."""
    unit = builders.unit(session, "F1")
    old = builders.person(session, "Lisa", "Ström", number="9")
    new = builders.person(session, "LISA", "Ek", number="19")
    builders.employ(session, old, unit, ends_on=YESTERDAY)
    builders.employ(session, new, unit, starts_on=TODAY)
    return old, new


def join(session: Session) -> None:
    joining.join_persons(session, builders.deed(), "9", "19")
    session.expire_all()


def attempt(
    session: Session, someone: Person, number: int, right_count: int, lesson: str = "skola/01"
) -> None:
    session.add(
        Attempt(
            person_id=someone.id,
            course="skola",
            lesson=lesson,
            number=number,
            edition=1,
            lesson_hash="0",
            right_count=right_count,
            asked_count=10,
            has_passed=True,
            submitted_on=TODAY,
            submitted_at=NOW,
        )
    )
    session.flush()


def complete_lesson(session: Session, someone: Person, edition: int, on: dt.date) -> None:
    session.add(
        LessonCompletion(
            person_id=someone.id,
            course="skola",
            lesson="skola/01",
            edition=edition,
            completed_on=on,
            completed_at=dt.datetime.combine(on, dt.time(9), dt.UTC),
        )
    )
    session.flush()


def test_the_row_with_the_history_gets_the_new_number_name_and_address(
    session: Session, pair: tuple[Person, Person]
) -> None:
    old, new = pair
    new.email = "lisa.ek@x.se"
    session.flush()
    join(session)
    assert (old.number, old.name, old.email) == ("19", "LISA Ek", "lisa.ek@x.se")
    assert (new.number, new.email) == ("9", None)


def test_a_course_completed_with_the_new_number_is_recognised(
    session: Session, pair: tuple[Person, Person]
) -> None:
    """A completion is never changed; the copy says where it comes from. A recalled one is left."""
    old, new = pair
    attempt(session, new, 1, 10)
    made_in = session.scalars(sa.select(Attempt.id)).one()
    session.add(
        Completion(
            person_id=new.id,
            course="skola",
            course_title="Skola",
            course_edition=3,
            course_hash="0" * 64,
            completed_on=TODAY,
            valid_until=TODAY + DAY,
            attempt_id=made_in,
            recorded_at=NOW,
        )
    )
    recalled = builders.recognise(session, new, "fritid", TODAY, TODAY)
    session.add(
        CompletionRecall(
            completion_id=recalled.id, reason="Fel", recalled_by="operator:anna", recalled_at=NOW
        )
    )
    session.flush()
    join(session)
    (copy,) = session.scalars(sa.select(Completion).where(Completion.person_id == old.id)).all()
    assert (copy.course, copy.course_edition, copy.completed_on, copy.valid_until, copy.source) == (
        "skola",
        3,
        TODAY,
        TODAY + DAY,
        "Egen kurs, gjord med ett annat anställningsnummer",
    )


def test_every_table_with_persons_is_joined(session: Session, pair: tuple[Person, Person]) -> None:
    """A new table with persons in it is to get its place in ``joining``, and a line here."""
    tables = {
        table.name
        for table in database.Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "person"
    }
    moved = (
        Attempt,
        LessonCompletion,
        Completion,
        TargetDecision,
        Employment,
        UnitManager,
        AccessGrant,
        MeetingAttendance,
    )
    ended = (Invitation, LoginSession, MailCode, LessonDraft)
    assert tables == {model.__tablename__ for model in (*moved, *ended)}


def test_attempts_keep_their_order_and_have_one_number_each(
    session: Session, pair: tuple[Person, Person]
) -> None:
    old, new = pair
    for number, right_count in ((1, 3), (2, 5)):
        attempt(session, old, number, right_count)
    for number, right_count in ((1, 8), (2, 9), (3, 10)):
        attempt(session, new, number, right_count)
    attempt(session, new, 1, 7, lesson="skola/02")
    join(session)
    rows = session.execute(
        sa.select(Attempt.lesson, Attempt.number, Attempt.right_count)
        .where(Attempt.person_id == old.id)
        .order_by(Attempt.lesson, Attempt.number)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("skola/01", 1, 3),
        ("skola/01", 2, 5),
        ("skola/01", 3, 8),
        ("skola/01", 4, 9),
        ("skola/01", 5, 10),
        ("skola/02", 1, 7),
    ]


def test_the_earlier_of_two_lesson_completions_stays(session: Session, pair: tuple[Person, Person]) -> None:
    old, new = pair
    complete_lesson(session, old, 1, YESTERDAY)
    complete_lesson(session, new, 1, TODAY)
    complete_lesson(session, old, 2, TODAY)
    complete_lesson(session, new, 2, YESTERDAY)
    complete_lesson(session, old, 3, TODAY)
    join(session)
    rows = session.execute(
        sa.select(LessonCompletion.person_id, LessonCompletion.edition, LessonCompletion.completed_on)
    ).all()
    expected = [(old.id, 1, YESTERDAY), (old.id, 2, YESTERDAY), (old.id, 3, TODAY)]
    assert sorted(map(tuple, rows), key=lambda row: row[1]) == expected


def test_completions_exemptions_grants_and_units_managed_go_to_the_new_number(
    session: Session, pair: tuple[Person, Person]
) -> None:
    old, new = pair
    unit, other = builders.unit(session, "A"), builders.unit(session, "B")
    for someone, source in ((old, "Heldag"), (new, "Heldag"), (new, "Halvdag")):
        builders.recognise(session, someone, "skola", YESTERDAY, TODAY, source)
    builders.exempt(session, old)
    builders.exempt(session, new)
    builders.manage(session, new, unit)
    builders.manage(session, old, other)
    builders.manage(session, new, other)
    for someone, role in ((old, "vpc"), (new, "vpc"), (new, "administrator")):
        session.add(AccessGrant(person_id=someone.id, role=role, granted_at=NOW))
    session.flush()
    join(session)
    held = sa.select(Completion.source).where(Completion.person_id == old.id)
    assert sorted(filter(None, session.scalars(held))) == ["Halvdag", "Heldag"]
    assert session.scalars(sa.select(TargetDecision.person_id)).all() == [old.id, old.id]
    assert sorted(session.execute(sa.select(UnitManager.unit_id, UnitManager.person_id)).all()) == [
        (unit.id, old.id),
        (other.id, old.id),
    ]
    grants = session.execute(sa.select(AccessGrant.role, AccessGrant.person_id)).all()
    assert sorted(map(tuple, grants)) == [("administrator", old.id), ("vpc", old.id)]


def test_an_employment_that_both_numbers_have_is_one_and_begins_when_the_old_did(session: Session) -> None:
    """An import had moved the old one's start; the file repeats the date of hire for the new number."""
    unit, other = builders.unit(session, "F1"), builders.unit(session, "F2")
    old = builders.person(session, "Lisa", "Ström", number="9")
    new = builders.person(session, "Lisa", "Ström", number="19")
    builders.employ(session, old, other, ends_on=dt.date(2026, 2, 28))
    moved = builders.employ(session, old, unit, ends_on=YESTERDAY)
    moved.starts_on = dt.date(2026, 3, 1)
    builders.employ(session, new, unit)
    session.flush()
    join(session)
    rows = session.execute(
        sa.select(Employment.person_id, Employment.unit_id, Employment.starts_on, Employment.ends_on)
    ).all()
    assert sorted(map(tuple, rows), key=lambda row: row[2]) == [
        (old.id, other.id, dt.date(2020, 1, 1), dt.date(2026, 2, 28)),
        (old.id, unit.id, dt.date(2026, 3, 1), None),
    ]


@pytest.mark.parametrize(("own", "expected"), [(None, "old"), ("new", "new")])
def test_the_password_moves_unless_there_is_one_and_every_session_ends(
    session: Session, pair: tuple[Person, Person], own: str | None, expected: str
) -> None:
    old, new = pair
    old.password_hash, new.password_hash = "old", own
    for someone in pair:
        session.add(Invitation(person_id=someone.id, code_hash=someone.number, expires_at=NOW + DAY))
        session.add(LoginSession(person_id=someone.id, token_hash=someone.number, began_at=NOW))
    session.flush()
    join(session)
    assert (old.password_hash, new.password_hash) == (expected, None)
    assert session.scalars(sa.select(LoginSession.ended_at)).all() == [NOW, NOW]
    assert session.scalars(sa.select(Invitation.person_id)).all() == []


def test_without_a_password_the_new_numbers_invitation_stays(
    session: Session, pair: tuple[Person, Person]
) -> None:
    old, new = pair
    session.add(Invitation(person_id=new.id, code_hash="code", expires_at=NOW + DAY))
    session.flush()
    join(session)
    assert (old.password_hash, new.password_hash) == (None, None)
    assert session.scalars(sa.select(Invitation.person_id)).all() == [old.id]


def test_the_journal_tells_of_it_without_a_name(session: Session, pair: tuple[Person, Person]) -> None:
    old, new = pair
    join(session)
    (entry,) = session.scalars(sa.select(JournalEntry)).all()
    assert (entry.kind, entry.details) == ("joined-persons", f'{{"emptied":{new.id},"person":{old.id}}}')


def test_an_old_number_that_is_employed_or_is_somebody_elses_is_refused(
    session: Session, pair: tuple[Person, Person]
) -> None:
    """The boundary: employed today is employed, yesterday is not."""
    old, new = pair
    job = session.scalars(sa.select(Employment).where(Employment.person_id == old.id)).one()
    for ends_on in (TODAY, None):
        job.ends_on = ends_on
        session.flush()
        with pytest.raises(Conflict, match="9 har en anställning som inte är slut"):
            join(session)
    job.ends_on = YESTERDAY
    new.first_name = "Omar"
    session.flush()
    with pytest.raises(Conflict, match="9 är Lisa Ström men 19 är Omar Ek"):
        join(session)
    with pytest.raises(Invalid, match="två olika"):
        joining.join_persons(session, builders.deed(), "9", "9")
    with pytest.raises(NotFound):
        joining.join_persons(session, builders.deed(), "9", "404")


@pytest.mark.parametrize("holder", [0, 1])
def test_whoever_is_protected_under_one_of_the_numbers_stays_protected(
    session: Session, pair: tuple[Person, Person], holder: int
) -> None:
    """S52."""
    pair[holder].is_protected = True
    session.flush()
    join(session)
    kept = session.scalars(sa.select(Person).where(Person.number == "19")).one()
    assert kept.is_protected
