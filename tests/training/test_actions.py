"""What one submission means: an attempt, what it makes done, what it counts and what it erases."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.content.course import Lesson, LessonKind, QuestionKind
from elearn.errors import Conflict
from elearn.people.models import Person
from elearn.training import actions, queries, replies
from elearn.training.drafts import Draft
from elearn.training.grading import FaultKind
from elearn.training.models import AnswerTally, Attempt, Completion, LessonCompletion
from elearn.training.submission import LessonChanged, ReplyRefused, Submission
from tests import builders
from tests.training import lessons
from tests.training.lessons import (
    ASK,
    ASK_RIGHT,
    COURSE,
    FINAL,
    FINAL_RIGHT,
    FINAL_WRONG,
    READ,
    SORT,
    SORT_RIGHT,
    Learner,
)

TODAY, NOW = builders.TODAY, builders.NOW
ANOTHER = builders.lesson("f/annat", builders.question("z"))


@pytest.fixture
def sara(session: Session) -> Learner:
    return Learner(session, builders.person(session).id)


def changed(lesson: Lesson, **changes: Any) -> Lesson:
    return replace(lesson, hash="9" * 64, **changes)


def count(session: Session, table: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def stored_answers(session: Session) -> dict[tuple[str, int], object]:
    rows = session.execute(sa.select(Attempt.lesson, Attempt.number, Attempt.answers))
    return {(row.lesson, row.number): row.answers for row in rows}


def kept(session: Session) -> set[tuple[str, int]]:
    rows = session.execute(sa.select(Attempt.lesson, Attempt.number).where(Attempt.answers.is_not(None)))
    return {(lesson, number) for lesson, number in rows}


def tally(session: Session) -> dict[tuple[str, str, bool], int]:
    rows = session.scalars(sa.select(AnswerTally).execution_options(populate_existing=True))
    return {(row.question_id, row.choice_key, row.is_first_attempt): row.count for row in rows}


def test_a_sent_lesson_is_an_attempt_and_is_done(sara: Learner) -> None:
    sent = sara.send(ASK, {"q": "q-b", "w": "w-a"})
    attempt = sara.session.get_one(Attempt, sent.attempt_id)
    assert (sent.number, sent.right_count, sent.asked_count, sent.has_passed, sent.completion_id) == (
        1,
        1,
        2,
        True,
        None,
    )
    assert (attempt.course, attempt.lesson, attempt.edition, attempt.lesson_hash) == (
        "f",
        ASK.key,
        1,
        ASK.hash,
    )
    assert (attempt.submitted_on, attempt.submitted_at, attempt.answers) == (
        TODAY,
        NOW,
        {"q": [["", "q-b"]], "w": [["", "w-a"]]},
    )
    done = sara.session.scalars(sa.select(LessonCompletion)).one()
    assert (done.course, done.lesson, done.edition, done.completed_on, done.completed_at) == (
        "f",
        ASK.key,
        1,
        TODAY,
        NOW,
    )


def test_a_lesson_with_a_must_wrong_is_an_attempt_but_not_done(sara: Learner) -> None:
    assert not sara.send(ASK, {"q": "q-a", "w": "w-b"}).has_passed
    assert (count(sara.session, Attempt), count(sara.session, LessonCompletion)) == (1, 0)
    assert sara.send(ASK, ASK_RIGHT, number=2).has_passed
    assert (count(sara.session, Attempt), count(sara.session, LessonCompletion)) == (2, 1)


def test_a_lesson_done_again_is_done_once(sara: Learner) -> None:
    sara.send(ASK, ASK_RIGHT)
    sara.send(ASK, ASK_RIGHT, number=2)
    assert count(sara.session, LessonCompletion) == 1
    sara.send(replace(ASK, edition=2), ASK_RIGHT, number=3)
    assert count(sara.session, LessonCompletion) == 2


def test_a_lesson_done_meanwhile_by_another_request_does_no_harm(sara: Learner) -> None:
    """The unique constraint, not the look before it, stops the second one; the transaction goes on."""
    before = queries.training_record(sara.session, sara.person_id)
    for _request in range(2):
        actions.mark_read(sara.session, sara.deed(), before, COURSE, READ)
    assert count(sara.session, LessonCompletion) == 1


def test_the_same_attempt_is_never_stored_twice_and_the_transaction_goes_on(sara: Learner) -> None:
    """S35: it is the unique constraint that stops it, on both engines, and not a look before it."""
    before = queries.training_record(sara.session, sara.person_id)
    form = builders.form(ASK_RIGHT)
    sent = Submission(COURSE, ASK, lessons.sign(ASK), replies.parse(ASK.questions, form), Draft(1))
    for _request in range(2):
        assert actions.submit_attempt(sara.session, sara.deed(), before, sent, renewal_days=90)
    assert count(sara.session, Attempt) == 1
    assert set(tally(sara.session).values()) == {1}


def test_an_attempt_of_nobody_is_a_fault_and_not_a_repetition(session: Session) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        Learner(session, 999_999).send(ASK, ASK_RIGHT)


def test_the_answers_are_stored_clean_and_in_the_order_shown(sara: Learner) -> None:
    scenario = builders.question("s", QuestionKind.SCENARIO)
    lesson = builders.lesson("f/x", builders.question("q"), builders.ordering("o"), scenario)
    signed = replace(lessons.sign(lesson), question_ids=("s", "o", "q"))
    sara.send(
        lesson, {"q": "q-a", "o": {"o-r1": " 2", "o-r2": "01", "o-r3": "3"}, "score": "9"}, signed=signed
    )
    answers = stored_answers(sara.session)[("f/x", 1)]
    assert isinstance(answers, dict)
    assert list(answers.items()) == [
        ("s", []),
        ("o", [["o-r1", "2"], ["o-r2", "1"], ["o-r3", "3"]]),
        ("q", [["", "q-a"]]),
    ]


def test_sending_again_gives_the_stored_outcome_and_counts_nothing_twice(sara: Learner) -> None:
    """S36."""
    first = sara.send(ASK, {"q": "q-b", "w": "w-b"})
    before = tally(sara.session)
    again = sara.send(ASK, {"w": "w-b", "q": "q-b"})
    assert (again, again.is_stored) == (first, True)
    other = sara.at(days=2).send(ASK, ASK_RIGHT)
    assert (other, other.is_stored) == (first, False)
    assert (count(sara.session, Attempt), count(sara.session, LessonCompletion)) == (1, 0)
    assert tally(sara.session) == before


def test_sending_the_final_test_again_gives_the_same_certificate(sara: Learner) -> None:
    sara.do_all_lessons()
    first = sara.send(FINAL, FINAL_RIGHT)
    assert first.completion_id is not None
    assert sara.send(FINAL, FINAL_WRONG) == first
    assert count(sara.session, Completion) == 1


def test_an_earlier_attempt_sent_again_gives_its_own_outcome(sara: Learner) -> None:
    first = sara.send(ASK, {"q": "q-b", "w": "w-b"})
    sara.send(ASK, ASK_RIGHT, number=2)
    assert sara.send(ASK, ASK_RIGHT, number=1) == first


@pytest.mark.parametrize("number", [3, 40])
def test_an_attempt_out_of_number_is_refused(sara: Learner, number: int) -> None:
    sara.send(ASK, ASK_RIGHT)
    with pytest.raises(Conflict):
        sara.send(ASK, ASK_RIGHT, number=number)
    assert count(sara.session, Attempt) == 1


def test_a_form_of_another_lesson_is_refused(sara: Learner) -> None:
    """S16."""
    with pytest.raises(Conflict, match="Svaren hör till ett annat avsnitt"):
        sara.send(ASK, ASK_RIGHT, signed=lessons.sign(SORT))


def test_the_final_test_is_refused_until_every_other_lesson_is_done(sara: Learner) -> None:
    """S16: steps cannot be skipped."""
    sara.send(ASK, ASK_RIGHT)
    sara.send(SORT, SORT_RIGHT)
    with pytest.raises(Conflict, match="Slutprovet öppnas när alla andra avsnitt är klara"):
        sara.send(FINAL, FINAL_RIGHT)
    assert count(sara.session, Completion) == 0
    sara.read()
    assert sara.send(FINAL, FINAL_RIGHT).completion_id


def test_a_passed_final_test_makes_a_completion_that_tells_the_course_as_it_was(sara: Learner) -> None:
    """S45: it names the course's version."""
    course = replace(COURSE, edition=3, validity_months=6)
    someone = Learner(sara.session, sara.person_id, dt.datetime(2026, 8, 31, 9, tzinfo=dt.UTC), course)
    someone.do_all_lessons()
    sent = someone.send(FINAL, FINAL_RIGHT)
    assert sent.completion_id is not None
    row = sara.session.get_one(Completion, sent.completion_id)
    assert (row.course, row.course_title, row.course_edition, row.course_hash) == (
        "f",
        COURSE.title,
        3,
        COURSE.hash,
    )
    assert (row.completed_on, row.valid_until) == (dt.date(2026, 8, 31), dt.date(2027, 2, 28))
    assert (row.attempt_id, row.source, row.recorded_at) == (sent.attempt_id, None, someone.now)


def test_who_renews_an_own_completion_early_loses_no_day_but_a_recognised_one_gives_none(
    sara: Learner,
) -> None:
    """By measure.md rule 5."""
    first = dt.date(2026, 6, 1)
    mine = Learner(sara.session, sara.person_id, dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC), COURSE)
    someone = sara.session.get_one(Person, sara.person_id)
    builders.recognise(sara.session, someone, "f", first, dt.date(2028, 12, 31))
    mine.do_all_lessons()
    assert mine.send(FINAL, FINAL_RIGHT).completion_id
    later = Learner(sara.session, sara.person_id, dt.datetime(2028, 5, 1, 9, tzinfo=dt.UTC), COURSE)
    assert later.send(FINAL, FINAL_RIGHT, number=2).completion_id
    own = sa.select(Completion.valid_until).where(Completion.source.is_(None)).order_by(Completion.id)
    assert sara.session.scalars(own).all() == [dt.date(2028, 6, 1), dt.date(2030, 6, 1)]


def test_a_failed_final_test_can_be_taken_again_and_passed(sara: Learner) -> None:
    sara.do_all_lessons()
    assert sara.send(FINAL, FINAL_RIGHT | {"t0": "t0-b"}).completion_id is None
    assert count(sara.session, Completion) == 0
    assert sara.send(FINAL, FINAL_RIGHT, number=2).completion_id


@pytest.mark.parametrize(
    ("days", "makes_completion"), [(0, False), (640, False), (641, True), (731, True), (732, True)]
)
def test_a_final_test_counts_again_from_the_day_that_the_renewal_opens(
    sara: Learner, days: int, makes_completion: bool
) -> None:
    """Completed for 24 months, which are 731 days: the renewal opens 90 days before; at other times it is
    practice."""
    sara.do_all_lessons()
    first = sara.send(FINAL, FINAL_RIGHT)
    later = sara.at(days=days).send(FINAL, FINAL_RIGHT, number=2)
    assert later.has_passed
    assert (later.completion_id not in (None, first.completion_id)) is makes_completion


def test_a_recognised_completion_is_replaced_by_ones_own_at_once(sara: Learner) -> None:
    someone = sara.session.get_one(Person, sara.person_id)
    builders.recognise(
        sara.session, someone, "f", TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=700)
    )
    sara.do_all_lessons()
    assert sara.send(FINAL, FINAL_RIGHT).completion_id
    assert sara.send(FINAL, FINAL_RIGHT, number=2).completion_id is None


def test_a_pretest_is_sent_once_answered_or_not(sara: Learner) -> None:
    pretest = builders.lesson("f/for", builders.question("q"), kind=LessonKind.PRETEST)
    assert sara.send(pretest, {}).has_passed
    assert stored_answers(sara.session) == {("f/for", 1): {"q": []}}
    assert count(sara.session, LessonCompletion) == 1
    with pytest.raises(Conflict):
        sara.send(pretest, {"q": "q-a"}, number=2)


def test_a_lesson_without_questions_is_read_and_that_once(sara: Learner) -> None:
    sara.read()
    sara.read()
    assert sara.session.scalars(sa.select(LessonCompletion.lesson)).all() == [READ.key]
    with pytest.raises(Conflict):
        sara.read(ASK)


def test_an_unanswered_question_is_told_and_nothing_is_stored(sara: Learner) -> None:
    with pytest.raises(ReplyRefused) as refused:
        sara.send(SORT, {"o": {"o-r1": "1", "o-r2": "1", "o-r3": "2"}})
    assert [fault.kind for fault in refused.value.answer_faults] == [FaultKind.POSITIONS, FaultKind.MISSING]
    assert count(sara.session, Attempt) == 0


def test_an_edited_text_is_graded_as_it_stands_now_when_the_answers_fit(sara: Learner) -> None:
    """S16: an attempt of an older version. The author has moved the right answer to b."""
    first, second, third = builders.question("q").choices
    turned = replace(
        builders.question("q"),
        choices=(replace(first, is_right=False), replace(second, is_right=True), third),
    )
    now_b = changed(ASK, blocks=(turned, builders.question("w"), builders.question("new")))
    sent = sara.send(now_b, {"q": "q-b", "w": "w-a"}, signed=lessons.sign(ASK))
    assert (sent.right_count, sent.asked_count) == (2, 2)
    assert sara.session.get_one(Attempt, sent.attempt_id).lesson_hash == now_b.hash


REWORDED = replace(builders.question("w"), choices=(builders.choice("w-x"), builders.choice("w-b")))


@pytest.mark.parametrize(
    "lesson",
    [
        changed(ASK, blocks=(builders.question("q"),)),
        changed(ASK, blocks=(builders.question("q"), REWORDED)),
        changed(ASK, blocks=(builders.ordering("q"), builders.question("w"))),
        changed(ASK, edition=2),
    ],
    ids=["a question is gone", "a choice is gone", "another kind", "a new edition"],
)
def test_a_text_that_the_answers_no_longer_fit_is_shown_again(sara: Learner, lesson: Lesson) -> None:
    with pytest.raises(LessonChanged, match="Avsnittet har ändrats medan du läste"):
        sara.send(lesson, ASK_RIGHT, signed=lessons.sign(ASK))
    assert count(sara.session, Attempt) == 0


def test_the_tally_counts_choices_and_tells_first_attempts_from_later(sara: Learner) -> None:
    sara.send(ASK, {"q": "q-a", "w": "w-b"})
    sara.send(ASK, {"q": "q-a", "w": "w-a"}, number=2)
    other = Learner(sara.session, builders.person(sara.session).id)
    other.send(ASK, {"q": "q-a", "w": "w-a"})
    assert tally(sara.session) == {  # what was right the first time is kept, and not counted again
        ("q", "q-a", True): 2,
        ("w", "w-b", True): 1,
        ("w", "w-a", True): 1,
        ("w", "w-a", False): 1,
    }


def test_the_next_attempt_erases_the_answers_of_the_one_before_and_no_others(sara: Learner) -> None:
    sara.send(ASK, ASK_RIGHT)
    sara.send(SORT, SORT_RIGHT)
    sara.send(ASK, ASK_RIGHT, number=2)
    assert kept(sara.session) == {(ASK.key, 2), (SORT.key, 1)}
    scores = sara.session.scalars(sa.select(Attempt.right_count).where(Attempt.lesson == ASK.key)).all()
    assert scores == [2, 2]


def test_another_persons_answers_to_the_same_lesson_stay(sara: Learner) -> None:
    Learner(sara.session, builders.person(sara.session).id).send(ASK, ASK_RIGHT)
    sara.send(ASK, ASK_RIGHT)
    sara.send(ASK, ASK_RIGHT, number=2)
    assert kept(sara.session) == {(ASK.key, 1), (ASK.key, 2)}


@pytest.mark.parametrize(("later", "is_kept"), [({"days": 29, "hours": 23}, True), ({"days": 30}, False)])
def test_answers_are_erased_thirty_days_after_they_were_sent_by_anybodys_submission(
    sara: Learner, later: dict[str, int], is_kept: bool
) -> None:
    sara.send(ASK, ASK_RIGHT)
    other = Learner(sara.session, builders.person(sara.session).id).at(**later)
    other.send(SORT, SORT_RIGHT)
    assert ((ASK.key, 1) in kept(sara.session)) is is_kept
    assert (SORT.key, 1) in kept(sara.session)


@pytest.mark.parametrize(("hours", "is_kept"), [(23, True), (24, False)])
def test_answers_are_erased_one_day_after_the_course_was_completed(
    sara: Learner, hours: int, is_kept: bool
) -> None:
    sara.do_all_lessons()
    elsewhere = Learner(sara.session, sara.person_id, sara.now, replace(COURSE, slug="s"))
    elsewhere.send(ANOTHER, {"z": "z-a"})
    done = sara.at(days=3)
    done.send(FINAL, FINAL_RIGHT)
    actions.erase_due_answers(sara.session, done.at(hours=hours).deed())
    mine = {(ASK.key, 1), (SORT.key, 1), (FINAL.key, 1)} if is_kept else set()
    assert kept(sara.session) == mine | {(ANOTHER.key, 1)}


def test_a_failed_final_test_starts_no_clock_and_practice_after_the_completion_has_its_own(
    sara: Learner,
) -> None:
    sara.do_all_lessons()
    sara.send(FINAL, FINAL_WRONG)
    assert actions.erase_due_answers(sara.session, sara.at(days=2).deed()) == 0
    sara.at(days=2).send(FINAL, FINAL_RIGHT, number=2)
    practice = sara.at(days=2, hours=12)
    practice.send(ASK, ASK_RIGHT, number=2)
    assert actions.erase_due_answers(sara.session, sara.at(days=3).deed()) == 2
    assert kept(sara.session) == {(ASK.key, 2)}
    assert actions.erase_due_answers(sara.session, practice.at(days=30).deed()) == 1


def test_a_completion_never_lengthens_the_time_that_answers_are_kept(sara: Learner) -> None:
    sara.do_all_lessons()
    sara.at(days=29, hours=12).send(FINAL, FINAL_RIGHT)
    actions.erase_due_answers(sara.session, sara.at(days=30).deed())
    assert kept(sara.session) == {(FINAL.key, 1)}
