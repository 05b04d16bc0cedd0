"""What pages about one's own learning read, and in how many selects."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.people.models import Person, UnitKind
from elearn.training import queries
from elearn.training.curriculum import Curriculum
from elearn.training.models import Attempt, CompletionRecall
from elearn.training.obligations import Terms
from elearn.training.progress import HeldCompletion
from elearn.training.queries import Certificate
from tests import builders
from tests.training.lessons import ASK, ASK_RIGHT, FINAL, FINAL_RIGHT, SORT, SORT_RIGHT, Learner

TODAY = builders.TODAY
UNTIL = dt.date(2028, 11, 23)


@pytest.fixture
def sara(session: Session) -> Person:
    return builders.person(session)


@contextmanager
def selects(session: Session) -> Iterator[list[str]]:
    """The statements that were sent meanwhile."""
    sent: list[str] = []
    session.flush()
    connection = session.connection()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(connection, "before_cursor_execute", note)
    yield sent
    sa.event.remove(connection, "before_cursor_execute", note)


def recall(session: Session, completion_id: int) -> None:
    session.add(
        CompletionRecall(
            completion_id=completion_id, reason="Fel person", recalled_by="VPC", recalled_at=builders.NOW
        )
    )
    session.flush()


def test_a_learners_state_is_all_that_she_has_done_in_three_selects(session: Session, sara: Person) -> None:
    mine = Learner(session, sara.id)
    mine.send(ASK, {"q": "q-a", "w": "w-b"})
    mine.send(ASK, ASK_RIGHT, number=2)
    mine.send(SORT, SORT_RIGHT)
    mine.read()
    sent = mine.send(FINAL, FINAL_RIGHT)
    assert sent.completion_id is not None
    earlier = builders.recognise(session, sara, "s", dt.date(2025, 1, 1), dt.date(2027, 1, 1))
    recalled = builders.recognise(session, sara, "f", dt.date(2025, 1, 1), dt.date(2027, 1, 1))
    recall(session, recalled.id)
    other = Learner(session, builders.person(session).id)
    other.do_all_lessons()
    with selects(session) as statements:
        state = queries.training_record(session, sara.id)
    assert len(statements) == 3
    assert state.lessons_done == {("f/fragor", 1), ("f/ordna", 1), ("f/lasa", 1)}
    assert state.attempt_counts == {"f/fragor": 2, "f/ordna": 1, "f/prov": 1}
    assert state.begun_courses == {"f"}
    assert state.completions == (
        HeldCompletion(sent.completion_id, "f", TODAY, UNTIL, None, "Kursen f"),
        HeldCompletion(
            earlier.id, "s", dt.date(2025, 1, 1), dt.date(2027, 1, 1), "Heldag på plats", "Kursen s"
        ),
    )


def test_attempts_are_counted_over_all_courses_that_share_the_lesson(session: Session, sara: Person) -> None:
    Learner(session, sara.id).send(ASK, ASK_RIGHT)
    elsewhere = Learner(session, sara.id, course=builders.course("s", "skola", ASK, FINAL))
    elsewhere.send(ASK, ASK_RIGHT, number=2)
    state = queries.training_record(session, sara.id)
    assert (state.attempt_count("f/fragor"), state.attempt_count("f/prov")) == (2, 0)
    assert state.begun_courses == {"f", "s"}


def test_who_has_done_nothing_has_an_empty_state(session: Session, sara: Person) -> None:
    state = queries.training_record(session, sara.id)
    assert (state.lessons_done, state.completions, state.attempt_counts, state.begun_courses) == (
        set(),
        (),
        {},
        set(),
    )
    assert queries.latest_attempt(session, sara.id, ASK.key) is None


def test_the_latest_attempt_has_its_answers_until_they_are_erased(session: Session, sara: Person) -> None:
    mine = Learner(session, sara.id)
    mine.send(ASK, {"q": "q-a", "w": "w-b"})
    mine.send(ASK, ASK_RIGHT, number=2)
    Learner(session, builders.person(session).id).send(ASK, {"q": "q-b", "w": "w-b"})
    with selects(session) as statements:
        review = queries.latest_attempt(session, sara.id, ASK.key)
    assert len(statements) == 1
    assert review == queries.AttemptReview(
        2, 2, 2, True, {"q": [["", "q-a"]], "w": [["", "w-a"]]}, made_completion=False
    )
    session.execute(sa.update(Attempt).values(answers=sa.null()))
    review = queries.latest_attempt(session, sara.id, ASK.key)
    assert review is not None
    assert (review.right_count, review.answers) == (2, None)


def test_a_certificate_shows_the_completion_as_it_was(session: Session, sara: Person) -> None:
    row = builders.recognise(session, sara, "f", TODAY, UNTIL, source="Heldag på plats")
    with selects(session) as statements:
        found = queries.certificate(session, row.id, sara.id)
    assert len(statements) == 1
    assert found == Certificate(
        row.id, "Sara Lind", "f", "Kursen f", 1, TODAY, UNTIL, "Heldag på plats", row.code
    )


def test_anothers_a_recalled_and_a_missing_certificate_are_alike(session: Session, sara: Person) -> None:
    """S3."""
    other = builders.person(session)
    theirs = builders.recognise(session, other, "f", TODAY, UNTIL)
    recalled = builders.recognise(session, sara, "f", TODAY, UNTIL)
    recall(session, recalled.id)
    assert [queries.certificate(session, key, sara.id) for key in (theirs.id, recalled.id, 999_999)] == [
        None,
        None,
        None,
    ]
    assert queries.certificate(session, theirs.id, other.id) is not None


def test_my_certificates_are_mine_the_newest_first(session: Session, sara: Person) -> None:
    old = builders.recognise(session, sara, "f", dt.date(2024, 1, 1), dt.date(2026, 1, 1))
    new = builders.recognise(session, sara, "f", TODAY, UNTIL)
    recall(session, builders.recognise(session, sara, "s", TODAY, UNTIL).id)
    builders.recognise(session, builders.person(session), "f", TODAY, UNTIL)
    assert [one.id for one in queries.certificates(session, sara.id)] == [new.id, old.id]


def courses(
    session: Session, someone: Person, curriculum: Curriculum
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is required of this person today, and what is offered."""
    mine = queries.courses_of(session, someone.id, curriculum, Terms(TODAY, 90, 60))
    return mine.required, mine.offered


def test_my_courses_are_required_by_my_employments_and_offered_where_i_am_freed(
    session: Session, sara: Person
) -> None:
    curriculum = builders.curriculum({"förskola": "f", "skola": "s", "fritid": "g"})
    school = builders.unit(session, "S1", job_role="skola")
    outside = builders.unit(session, "X1", kind=UnitKind.EXTERNAL, job_role="fritid")
    builders.employ(session, sara, builders.unit(session, "F1"), "förskola")
    builders.employ(session, sara, builders.unit(session, "K1"), "kock")
    builders.employ(session, sara, school)
    builders.employ(session, sara, outside)
    builders.employ(session, builders.person(session), school)
    assert courses(session, sara, curriculum) == (("f", "s"), ("g",))
    builders.exempt(session, sara, school)
    assert courses(session, sara, curriculum) == (("f",), ("g", "s"))


def test_a_course_that_one_employment_requires_is_not_merely_offered(session: Session, sara: Person) -> None:
    first, second = (
        builders.unit(session, "F1", job_role="förskola"),
        builders.unit(session, "F2", job_role="förskola"),
    )
    builders.employ(session, sara, first)
    builders.employ(session, sara, second)
    builders.exempt(session, sara, second)
    assert courses(session, sara, builders.curriculum({"förskola": "f"})) == (("f",), ())


def test_a_course_beside_the_base_course_is_offered_last_and_required_of_nobody(
    session: Session, sara: Person
) -> None:
    school, outside = (
        builders.unit(session, "S1", job_role="skola"),
        builders.unit(session, "X1", kind=UnitKind.EXTERNAL, job_role="fritid"),
    )
    builders.employ(session, sara, school)
    builders.employ(session, sara, outside)
    beside = [("skola", "a-lov"), ("fritid", "b-lov"), ("förskola", "c-lov")]
    curriculum = builders.curriculum({"skola": "s", "fritid": "g"}, beside)
    assert courses(session, sara, curriculum) == (("s",), ("g", "a-lov", "b-lov"))


def test_a_course_that_two_jobs_require_is_due_on_the_earlier_day(session: Session, sara: Person) -> None:
    school = builders.unit(session, "S1", job_role="skola")
    for days in (10, 20):
        builders.employ(session, sara, school, starts_on=TODAY - dt.timedelta(days=days))
    mine = queries.courses_of(session, sara.id, builders.curriculum({"skola": "s"}), Terms(TODAY, 90, 60))
    assert mine.due == {"s": TODAY + dt.timedelta(days=70)}
