"""Many submissions at one moment, each on its own connection: one attempt, one completion, one tally, one
answer (S35)."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.content.course import Lesson
from elearn.training import tallies
from elearn.training.models import AnswerTally, Attempt, Completion, LessonCompletion, QuestionTally
from tests import builders
from tests.builders import Answers
from tests.training.lessons import ASK, ASK_RIGHT, FINAL, FINAL_RIGHT, READ, Learner, Outcome

THREADS = 24


@contextmanager
def connections(url: str) -> Iterator[list[sa.Engine]]:
    """As many engines as threads, each with a connection that is already open."""
    with ExitStack() as stack:
        engines = [database.make_engine(url) for _ in range(THREADS)]
        for engine in engines:
            stack.callback(engine.dispose)
            engine.connect().close()
        yield engines


def at_once(url: str, work: Callable[[Session, int], Outcome | None]) -> list[Outcome | None]:
    """Run the work in every thread's own transaction, all let loose at the same moment."""
    barrier = threading.Barrier(THREADS)

    def run(engine: sa.Engine, number: int) -> Outcome | None:
        barrier.wait()
        with database.transaction(engine) as session:
            return work(session, number)

    with connections(url) as engines, ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, engines, range(THREADS)))


def count(engine: sa.Engine, table: type) -> int:
    with database.snapshot(engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def tally(engine: sa.Engine) -> dict[str, int]:
    with database.snapshot(engine) as session:
        return dict(session.execute(sa.select(AnswerTally.choice_key, AnswerTally.count)).all())


@pytest.fixture
def ready(engine: sa.Engine) -> int:
    """A person with all lessons done and the final test left."""
    with database.transaction(engine) as session:
        someone = builders.person(session).id
        Learner(session, someone).do_all_lessons()
        session.execute(sa.delete(AnswerTally))
    return someone


def test_identical_submissions_are_one(engine: sa.Engine, database_url: str, ready: int) -> None:
    """S35. Without the unique constraint on (person, lesson, number) this fails on PostgreSQL."""
    outcomes = at_once(database_url, lambda session, _n: Learner(session, ready).send(FINAL, FINAL_RIGHT))
    assert len(set(outcomes)) == 1
    assert outcomes[0] is not None
    assert outcomes[0].completion_id is not None
    assert (count(engine, Attempt), count(engine, Completion)) == (3, 1)
    assert tally(engine) == {f"t{n}-a": 1 for n in range(5)}


def test_different_submissions_of_one_number_are_one(
    engine: sa.Engine, database_url: str, ready: int
) -> None:
    """S35. Whoever is first decides, and everybody gets that answer."""

    def answers(number: int) -> Answers:
        return {f"t{n}": f"t{n}-{'a' if n != number % 5 else 'bc'[number % 2]}" for n in range(5)}

    outcomes = at_once(
        database_url, lambda session, number: Learner(session, ready).send(FINAL, answers(number))
    )
    assert len(set(outcomes)) == 1
    assert outcomes[0] is not None
    assert (count(engine, Attempt), count(engine, Completion)) == (3, int(outcomes[0].has_passed))
    assert sorted(tally(engine).values()) == [1] * 5


def test_a_lesson_read_many_times_at_once_is_done_once(engine: sa.Engine, database_url: str) -> None:
    with database.transaction(engine) as session:
        someone = builders.person(session).id
    at_once(database_url, lambda session, _n: Learner(session, someone).read(READ))
    assert count(engine, LessonCompletion) == 1


def test_many_persons_sending_at_once_are_all_counted(engine: sa.Engine, database_url: str) -> None:
    """Nobody waits for each other in a ring, while old answers are due and every tally row is the same."""
    with database.transaction(engine) as session:
        people = [builders.person(session).id for _ in range(THREADS)]
        for someone in people:
            Learner(session, someone).at(days=-40).send(ASK, ASK_RIGHT)

    def send(lesson: Lesson, number: int) -> Callable[[Session, int], Outcome]:
        return lambda session, n: Learner(session, people[n]).send(lesson, ASK_RIGHT, number)

    outcomes = at_once(database_url, send(ASK, 2))
    assert all(outcome is not None and outcome.has_passed for outcome in outcomes)
    assert count(engine, Attempt) == 2 * THREADS
    with database.snapshot(engine) as session:
        later = sa.select(AnswerTally.choice_key, AnswerTally.count).where(~AnswerTally.is_first_attempt)
        assert dict(session.execute(later).all()) == {"q-a": THREADS, "w-a": THREADS}
        kept = session.scalars(sa.select(Attempt.number).where(Attempt.answers.is_not(None))).all()
        assert kept == [2] * THREADS


def test_first_answers_sent_at_once_are_copied_by_tens_whole(engine: sa.Engine, database_url: str) -> None:
    """Half of them have the one question wrong and half the other: their rows are met in one order, and a
    copy holds no answer whose other counts are still to come."""
    with database.transaction(engine) as session:
        people = [builders.person(session).id for _ in range(THREADS)]

    def send(session: Session, number: int) -> Outcome:
        right = {"q": "q-b", "w": "w-a"} if number % 2 else {"q": "q-a", "w": "w-c"}
        return Learner(session, people[number]).send(ASK, right)

    assert None not in at_once(database_url, send)
    with database.snapshot(engine) as session:
        counted = sa.select(QuestionTally.answered_count, QuestionTally.right_count)
        assert {tuple(row) for row in session.execute(counted)} == {(24, 12)}
        copies = {copy.question_id: copy for copy in tallies.shown(session)}
    assert {id: (copy.answered_count, sum(copy.choices.values())) for id, copy in copies.items()} == {
        "q": (20, 20),
        "w": (20, 20),
    }
    assert all(copy.choices.get(f"{id}-a", 0) == copy.right_count for id, copy in copies.items())
