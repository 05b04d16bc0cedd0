"""Coverage that is remembered: counted again after every change, seen by every worker, on both engines."""

import datetime as dt
import threading
from collections.abc import Callable
from fractions import Fraction

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.people import offering
from elearn.people.models import Employment, OrgUnit, Person
from elearn.reports import remembered
from elearn.reports.coverage import UnitCoverage
from elearn.reports.remembered import RememberedCoverage
from elearn.training.models import Attempt, Completion, CompletionRecall, LessonCompletion, TargetDecision
from tests import builders
from tests.builders import NOW, TODAY

CURRICULUM = builders.curriculum({"skola": "skola"})
DAY = dt.timedelta(days=1)
HALF = Fraction(1, 2)


@pytest.fixture
def sara(engine: sa.Engine) -> int:
    with database.transaction(engine) as session:
        someone = builders.person(session)
        builders.employ(session, someone, builders.unit(session, "U", job_role="skola"))
        return someone.id


def counted(engine: sa.Engine, memory: RememberedCoverage) -> tuple[UnitCoverage, ...]:
    with database.snapshot(engine) as session:
        return memory.report(session, CURRICULUM, TODAY, HALF, TODAY).coverage.rows


def changes(engine: sa.Engine) -> int:
    with database.snapshot(engine) as session:
        return remembered.change_count(session)


def test_what_is_unchanged_is_the_same_report_and_a_change_is_seen_at_once(
    engine: sa.Engine, sara: int
) -> None:
    memory, another_worker = RememberedCoverage(), RememberedCoverage()
    first = counted(engine, memory)
    assert counted(engine, memory) is first
    assert counted(engine, another_worker) == first
    assert [row.trained for row in first] == [0]
    with database.transaction(engine) as session:
        builders.recognise(session, session.get_one(Person, sara), "skola", TODAY, TODAY + DAY)
    for worker in (memory, another_worker):
        assert [row.trained for row in counted(engine, worker)] == [1]


def test_another_date_another_curriculum_and_another_part_are_other_reports(
    engine: sa.Engine, sara: int
) -> None:
    memory = RememberedCoverage()
    with database.snapshot(engine) as session:
        whole = memory.report(session, CURRICULUM, TODAY, HALF, TODAY)
        earlier = memory.report(session, CURRICULUM, dt.date(2019, 1, 1), HALF, TODAY)
        assert earlier.coverage.rows[0].employees == 0
        untaught = memory.report(session, builders.curriculum({}), TODAY, HALF, TODAY)
        assert untaught.coverage.rows[0].target == 0
        assert memory.report(session, CURRICULUM, TODAY, HALF, TODAY, ()).coverage.rows == ()
        other = memory.report(session, CURRICULUM, TODAY, Fraction(1), TODAY)
        assert other.coverage.threshold == 1
        assert memory.report(session, CURRICULUM, TODAY, HALF, TODAY - DAY).coverage.is_forecast
        assert memory.report(session, CURRICULUM, TODAY, HALF, TODAY) is whole


def add_attempt(session: Session, person_id: int) -> None:
    session.add(
        Attempt(
            person_id=person_id,
            course="skola",
            lesson="a",
            number=1,
            edition=1,
            lesson_hash="",
            right_count=0,
            asked_count=1,
            has_passed=False,
            submitted_on=TODAY,
            submitted_at=NOW,
            answers={"q": "a"},
        )
    )


def add_lesson(session: Session, person_id: int) -> None:
    session.add(
        LessonCompletion(
            person_id=person_id, course="skola", lesson="a", edition=1, completed_on=TODAY, completed_at=NOW
        )
    )


def recall(session: Session, person_id: int) -> None:
    completion_id = session.scalars(
        sa.select(Completion.id).where(Completion.person_id == person_id).limit(1)
    ).one()
    session.add(
        CompletionRecall(completion_id=completion_id, reason="Fel", recalled_by="VPC", recalled_at=NOW)
    )


CHANGES: dict[str, Callable[[Session, int], object]] = {
    "a unit is added": lambda session, _: builders.unit(session, "N"),
    "a unit is renamed": lambda session, _: session.execute(sa.update(OrgUnit).values(name="Ny")),
    "an employment is added": lambda session, id: builders.employ(
        session, session.get_one(Person, id), session.scalars(sa.select(OrgUnit).limit(1)).one()
    ),
    "an employment ends": lambda session, _: session.execute(sa.update(Employment).values(ends_on=TODAY)),
    "an employment is removed": lambda session, _: session.execute(sa.delete(Employment)),
    "an exemption is added": lambda session, id: builders.exempt(session, session.get_one(Person, id)),
    "an exemption is changed": lambda session, _: session.execute(
        sa.update(TargetDecision).values(ends_on=TODAY)
    ),
    "a completion is added": lambda session, id: builders.recognise(
        session, session.get_one(Person, id), "skola", TODAY, TODAY, "Ny"
    ),
    "a completion is recalled": recall,
    "somebody is told of the training": lambda session, id: offering.record_offer(session, [id], TODAY),
    "an attempt is added": add_attempt,
    "a lesson is done": add_lesson,
}


def test_telling_somebody_again_is_no_change(engine: sa.Engine, sara: int) -> None:
    """Or every login would have coverage counted anew."""
    with database.transaction(engine) as session:
        offering.record_offer(session, [sara], TODAY)
    before = changes(engine)
    with database.transaction(engine) as session:
        offering.record_offer(session, [sara], TODAY + DAY)
        assert session.get_one(Person, sara).offered_on == TODAY
    assert changes(engine) == before


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_of_what_counts_is_counted(engine: sa.Engine, sara: int, what: str) -> None:
    with database.transaction(engine) as session:
        someone = session.get_one(Person, sara)
        builders.exempt(session, someone)
        builders.recognise(session, someone, "skola", TODAY, TODAY)
    before = changes(engine)
    with database.transaction(engine) as session:
        CHANGES[what](session, sara)
        session.flush()
        assert remembered.change_count(session) > before
        session.rollback()
    assert changes(engine) == before, "what is rolled back has not happened"
    with database.transaction(engine) as session:
        CHANGES[what](session, sara)
    assert changes(engine) > before


def test_a_change_after_a_savepoint_that_was_rolled_back_is_counted(engine: sa.Engine, sara: int) -> None:
    before = changes(engine)
    with database.transaction(engine) as session:
        with session.begin_nested() as savepoint:
            add_attempt(session, sara)
            session.flush()
            savepoint.rollback()
        add_lesson(session, sara)
    after = changes(engine)
    assert after > before
    with database.transaction(engine) as session:
        add_attempt(session, sara)
    assert changes(engine) > after


def test_erasing_answers_is_no_change_of_what_counts(engine: sa.Engine, sara: int) -> None:
    with database.transaction(engine) as session:
        add_attempt(session, sara)
    before = changes(engine)
    with database.transaction(engine) as session:
        session.execute(sa.update(Attempt).values(answers=sa.null()))
    assert changes(engine) == before


def test_a_report_reads_one_snapshot_and_is_kept_as_what_that_snapshot_saw(
    engine: sa.Engine, sara: int
) -> None:
    """A change that is committed between the count of changes and the figures is in neither."""
    memory = RememberedCoverage()
    with database.snapshot(engine) as reader:
        before = remembered.change_count(reader)
        with database.transaction(engine) as session:
            builders.recognise(session, session.get_one(Person, sara), "skola", TODAY, TODAY)
        assert remembered.change_count(reader) == before
        seen = memory.report(reader, CURRICULUM, TODAY, HALF, TODAY).coverage.rows
        assert [row.trained for row in seen] == [0]
    assert [row.trained for row in counted(engine, memory)] == [1]


def test_no_writer_waits_for_another_and_every_change_is_counted(postgresql_url: str) -> None:
    """On PostgreSQL: while one transaction is open, another that changes what counts is committed."""
    engine = database.make_engine(postgresql_url)
    with database.transaction(engine) as session:
        people = [builders.person(session).id for _ in range(8)]
    before = changes(engine)
    with database.transaction(engine) as slow:
        add_lesson(slow, people[0])
        slow.flush()
        with database.transaction(engine) as quick:
            quick.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
            add_lesson(quick, people[1])
        assert changes(engine) == before + 1
    assert changes(engine) == before + 2

    def submit(person_id: int) -> None:
        with database.transaction(engine) as session:
            add_attempt(session, person_id)

    threads = [threading.Thread(target=submit, args=(person_id,)) for person_id in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert changes(engine) == before + 2 + len(people)
    engine.dispose()
