"""Sending a lesson. Everything that one submission means happens in the caller's one transaction, or not at
all (S37).

What makes a second submission harmless is the unique constraint on (person, lesson, number), not the look
before it: whoever meets it gets the stored attempt's outcome, and nothing is counted twice (S35).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.content.course import Course, Lesson, LessonKind, Question
from elearn.database import Base
from elearn.errors import Conflict, Invalid
from elearn.training import curriculum, grading, progress, queries, tallies
from elearn.training.drawing import SignedAttempt
from elearn.training.models import Attempt, Completion, LessonCompletion

REVIEW_AFTER_COMPLETION = dt.timedelta(days=1)
FAULT_TEXTS = {
    grading.FaultKind.MISSING: "Fråga {} är inte besvarad.",
    grading.FaultKind.UNKNOWN: "Fråga {}: välj ett av svaren som finns.",
    grading.FaultKind.POSITIONS: "Fråga {}: ge varje rad ett eget nummer, från 1 och uppåt.",
}


class LessonChanged(Conflict):
    """The text is another than the one that was answered, and the answers do not all fit it: show the form
    again with ``answers``, those that do (409)."""

    def __init__(self, answers: dict[str, grading.Answer]) -> None:
        super().__init__(
            "Avsnittet har ändrats medan du läste. Kontrollera dina svar och skicka in dem igen."
        )
        self.answers = answers


class AnswersRefused(Invalid):
    """Something is not, or not rightly, filled in: show the form again (422). ``answer_faults`` say which
    questions and rows."""

    def __init__(self, signed: SignedAttempt, answer_faults: tuple[grading.Fault, ...]) -> None:
        number = {question_id: n for n, question_id in enumerate(signed.question_ids, 1)}
        super().__init__(
            *(FAULT_TEXTS[fault.kind].format(number[fault.question_id]) for fault in answer_faults)
        )
        self.answer_faults = answer_faults


@dataclass(frozen=True, slots=True)
class Submitted:
    """The outcome of a sent attempt, the same for everybody who sent it. ``completion_id`` is the certificate
    it gave."""

    attempt_id: int
    number: int
    right_count: int
    asked_count: int
    has_passed: bool
    completion_id: int | None


def submit_attempt(
    session: Session,
    course: Course,
    lesson: Lesson,
    person_id: int,
    signed: SignedAttempt,
    answers: grading.Answers,
    *,
    today: dt.date,
    now: dt.datetime,
    renewal_days: int,
) -> Submitted:
    """Grade and store a sent form. Raises ``Conflict`` when it may not be sent now, ``LessonChanged`` when
    the text has changed under it, and ``AnswersRefused`` when something is unanswered.

    Locks are taken in one order (answers, attempt, completions, tallies), so that no two submissions wait for
    each other."""
    erase_due_answers(session, now)
    learner = queries.learner_state(session, person_id)
    if signed.lesson != lesson.key:
        raise Conflict("Svaren hör till ett annat avsnitt. Öppna avsnittet på nytt och svara igen.")
    if signed.number <= learner.attempt_count(lesson.key):
        return _stored(session, person_id, lesson, signed.number)
    state = progress.course_state(course, learner, today, renewal_days)
    _refuse_out_of_turn(lesson, signed, state, learner.attempt_count(lesson.key))
    questions = _answered_questions(lesson, signed, answers)
    grade = grading.grade(lesson.kind, questions, answers, course.pass_mark)
    _erase_earlier_answers(session, person_id, lesson, signed.number)
    kept = grading.fitting(questions, answers)
    attempt = _attempt(course, lesson, person_id, signed.number, grade, kept, today, now)
    if not _is_inserted(session, attempt):
        return _stored(session, person_id, lesson, signed.number)
    if grade.has_passed and lesson.kind != LessonKind.FINAL_TEST:
        _complete_lesson(session, course, lesson, person_id, learner, today, now)
    is_completed = grade.has_passed and lesson.kind == LessonKind.FINAL_TEST and state.makes_completion
    until = curriculum.valid_until(course, today, learner.own_ends(course))
    completion_id = _complete_course(session, course, attempt, until, now) if is_completed else None
    made = tallies.choices_made(questions, answers)
    tallies.add_answers(session, course.slug, made, is_first_attempt=signed.number == 1)
    return _submitted(attempt, completion_id)


def mark_read(
    session: Session, course: Course, lesson: Lesson, person_id: int, *, today: dt.date, now: dt.datetime
) -> None:
    """The button "Jag har läst": a lesson without anything to answer is done. Doing it again changes
    nothing."""
    if lesson.has_form:
        raise Conflict("Avsnittet har frågor. Svara på dem, så blir avsnittet klart.")
    erase_due_answers(session, now)
    _complete_lesson(
        session, course, lesson, person_id, queries.learner_state(session, person_id), today, now
    )


def erase_due_answers(session: Session, now: dt.datetime) -> int:
    """Erase everybody's answers whose time is out, and say how many attempts had them. Rows that another
    submission is erasing at this moment are left to it, so that nobody waits."""
    due = sa.select(Attempt.id).where(Attempt.answers.is_not(None), Attempt.answers_due_at <= now)
    return _erase(session, Attempt.id.in_(due.with_for_update(skip_locked=True)))


def _refuse_out_of_turn(
    lesson: Lesson, signed: SignedAttempt, state: progress.CourseState, sent_count: int
) -> None:
    if signed.number != sent_count + 1:
        raise Conflict("Försöket har fel nummer. Öppna avsnittet på nytt och svara igen.")
    if lesson.kind == LessonKind.PRETEST and sent_count:
        raise Conflict(
            "Förtestet skickas in en gång, och du har redan skickat ditt. Fortsätt med nästa avsnitt."
        )
    if lesson.kind == LessonKind.FINAL_TEST and not state.final_is_open:
        raise Conflict("Slutprovet öppnas när alla andra avsnitt är klara. Gör klart dem först.")


def _answered_questions(
    lesson: Lesson, signed: SignedAttempt, answers: grading.Answers
) -> Sequence[Question]:
    """The drawn questions as they stand now, when what was sent can be graded against them."""
    present = {question.id: question for question in lesson.questions}
    questions = [present[question_id] for question_id in signed.question_ids if question_id in present]
    faults = grading.faults(lesson.kind, questions, answers)
    if (
        signed.edition != lesson.edition
        or len(questions) < len(signed.question_ids)
        or (faults and signed.hash != lesson.hash)
    ):
        raise LessonChanged(grading.fitting(lesson.questions, answers))
    if faults:
        raise AnswersRefused(signed, faults)
    return questions


def _attempt(
    course: Course,
    lesson: Lesson,
    person_id: int,
    number: int,
    grade: grading.Grade,
    answers: grading.Answers,
    today: dt.date,
    now: dt.datetime,
) -> Attempt:
    return Attempt(
        person_id=person_id,
        course=course.slug,
        lesson=lesson.key,
        number=number,
        edition=lesson.edition,
        lesson_hash=lesson.hash,
        right_count=grade.right_count,
        asked_count=grade.asked_count,
        has_passed=grade.has_passed,
        submitted_on=today,
        submitted_at=now,
        answers={result.question_id: answers.get(result.question_id) for result in grade.results},
    )


def _is_inserted(session: Session, row: Base) -> bool:
    """Insert it unless a unique constraint says that it is there already; PostgreSQL goes on after the
    SAVEPOINT."""
    try:
        with session.begin_nested():
            session.add(row)
    except sa.exc.IntegrityError as error:
        if not database.is_violation(error):
            raise
        return False
    return True


def _complete_lesson(
    session: Session,
    course: Course,
    lesson: Lesson,
    person_id: int,
    learner: progress.LearnerState,
    today: dt.date,
    now: dt.datetime,
) -> None:
    if (lesson.key, lesson.edition) in learner.lessons_done:
        return
    done = LessonCompletion(
        person_id=person_id,
        course=course.slug,
        lesson=lesson.key,
        edition=lesson.edition,
        completed_on=today,
        completed_at=now,
    )
    _is_inserted(session, done)


def _complete_course(
    session: Session, course: Course, attempt: Attempt, valid_until: dt.date, now: dt.datetime
) -> int:
    """The completion that this passed final test makes; from now on the course's answers stay for a day."""
    completion = Completion(
        person_id=attempt.person_id,
        course=course.slug,
        course_title=course.title,
        course_edition=course.edition,
        course_hash=course.hash,
        completed_on=attempt.submitted_on,
        valid_until=valid_until,
        attempt_id=attempt.id,
        source=None,
        recorded_at=now,
    )
    session.add(completion)
    session.flush()
    due_at = now + REVIEW_AFTER_COMPLETION
    of_course = (
        Attempt.person_id == attempt.person_id,
        Attempt.course == course.slug,
        Attempt.answers_due_at > due_at,
    )
    session.execute(sa.update(Attempt).where(*of_course).values(answers_due_at=due_at))
    return completion.id


def _erase_earlier_answers(session: Session, person_id: int, lesson: Lesson, number: int) -> None:
    """The next attempt at a lesson takes over from those before."""
    earlier = (Attempt.person_id == person_id, Attempt.lesson == lesson.key, Attempt.number < number)
    _erase(session, *earlier, Attempt.answers.is_not(None))


def _erase(session: Session, *which: sa.ColumnElement[bool]) -> int:
    statement = (
        sa.update(Attempt)
        .where(*which)
        .values(answers=sa.null())
        .execution_options(synchronize_session=False)
    )
    return cast(sa.CursorResult[Any], session.execute(statement)).rowcount


def _stored(session: Session, person_id: int, lesson: Lesson, number: int) -> Submitted:
    """What this attempt came to when it was first sent."""
    attempt = session.scalars(
        sa.select(Attempt).where(
            Attempt.person_id == person_id, Attempt.lesson == lesson.key, Attempt.number == number
        )
    ).one()
    completion_id = session.execute(
        sa.select(Completion.id).where(Completion.attempt_id == attempt.id)
    ).scalar_one_or_none()
    return _submitted(attempt, completion_id)


def _submitted(attempt: Attempt, completion_id: int | None) -> Submitted:
    return Submitted(
        attempt_id=attempt.id,
        number=attempt.number,
        right_count=attempt.right_count,
        asked_count=attempt.asked_count,
        has_passed=attempt.has_passed,
        completion_id=completion_id,
    )
