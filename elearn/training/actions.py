"""Sending a lesson. Everything that one submission means happens in the caller's one transaction, or not at
all (S37).

What makes a second submission harmless is the unique constraint on (person, lesson, number), not the look
before it: whoever meets it gets the stored attempt's outcome, and nothing is counted twice (S35).
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.content.course import Course, Lesson, LessonKind, Question
from elearn.database import Base
from elearn.errors import Conflict
from elearn.journal.deed import Deed
from elearn.training import curriculum, draft_actions, drafts, grading, progress, replies, submission, tallies
from elearn.training.drawing import SignedAttempt
from elearn.training.models import Attempt, Completion, LessonCompletion
from elearn.training.progress import TrainingRecord
from elearn.training.replies import Reply
from elearn.training.submission import Submission

REVIEW_AFTER_COMPLETION = dt.timedelta(days=1)


def submit_attempt(
    session: Session, deed: Deed, record: TrainingRecord, sent: Submission, *, renewal_days: int
) -> bool:
    """Grade and store a sent form of the record's person. False when something else stands than what was sent
    now: the attempt, or the reply to a question whose feedback has been shown, was sent before (S35, S36).

    Raises ``Conflict`` when it may not be sent now, ``LessonChanged`` when the text has changed under it, and
    ``ReplyRefused`` when something is unanswered. Locks are taken in one order (answers, attempt,
    completions, tallies), so that no two submissions wait for each other."""
    lesson, signed = sent.lesson, sent.signed
    erase_due_answers(session, deed)
    if signed.lesson != lesson.key:
        raise Conflict("Svaren hör till ett annat avsnitt. Öppna avsnittet på nytt och svara igen.")
    if signed.number <= record.attempt_count(lesson.key):
        return _is_stored(session, record.person_id, sent)
    state = progress.course_state(sent.course, record, deed.today, renewal_days)
    _refuse_out_of_turn(lesson, signed, state, record.attempt_count(lesson.key))
    questions = submission.asked_questions(sent)
    reply = sent.whole_reply(questions)
    submission.refuse_unanswered(sent, grading.faults(lesson.kind, questions, reply))
    grade = grading.grade(lesson.kind, questions, reply, sent.course.pass_mark)
    _erase_earlier_answers(session, record.person_id, lesson, signed.number)
    attempt = _attempt(deed, record.person_id, sent, reply, grade)
    if not _is_inserted(session, attempt):
        return _is_stored(session, record.person_id, sent)
    if grade.has_passed and lesson.kind != LessonKind.FINAL_TEST:
        _complete_lesson(session, deed, record, sent.course, lesson)
    if grade.has_passed and lesson.kind == LessonKind.FINAL_TEST and state.makes_completion:
        own_ends = record.own_ends(sent.course)
        until = curriculum.valid_until(sent.course, deed.today, own_ends)
        _complete_course(session, deed, sent.course, attempt, until)
    counted = sent.draft.counted(questions, reply)
    tallies.count_reply(session, sent.course.slug, questions, counted, is_first_attempt=signed.number == 1)
    _end_draft(session, deed, record.person_id, sent, questions, reply, grade)
    return not sent.draft.contradicts(questions, sent.reply)


def mark_read(session: Session, deed: Deed, record: TrainingRecord, course: Course, lesson: Lesson) -> None:
    """The button "Jag har läst": a lesson without anything to answer is done. Doing it again changes
    nothing. Raises ``Conflict`` for a lesson that has questions."""
    if lesson.has_form:
        raise Conflict("Avsnittet har frågor. Svara på dem, så blir avsnittet klart.")
    erase_due_answers(session, deed)
    _complete_lesson(session, deed, record, course, lesson)


def erase_due_answers(session: Session, deed: Deed) -> int:
    """Erase everybody's answers whose time is out, and say how many attempts had them. Rows that another
    submission is erasing at this moment are left to it, so that nobody waits."""
    draft_actions.erase_due_drafts(session, deed.now)
    due = sa.select(Attempt.id).where(Attempt.answers.is_not(None), Attempt.answers_due_at <= deed.now)
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
    if lesson.kind == LessonKind.FINAL_TEST and not state.is_final_unlocked:
        raise Conflict("Slutprovet öppnas när alla andra avsnitt är klara. Gör klart dem först.")


def _attempt(deed: Deed, person_id: int, sent: Submission, reply: Reply, grade: grading.Grade) -> Attempt:
    lesson = sent.lesson
    return Attempt(
        person_id=person_id,
        course=sent.course.slug,
        lesson=lesson.key,
        number=sent.signed.number,
        edition=lesson.edition,
        lesson_hash=lesson.hash,
        right_count=grade.right_count,
        asked_count=grade.asked_count,
        has_passed=grade.has_passed,
        submitted_on=deed.today,
        submitted_at=deed.now,
        answers=reply.stored(sent.signed.question_ids),
    )


def _end_draft(
    session: Session,
    deed: Deed,
    person_id: int,
    sent: Submission,
    questions: Sequence[Question],
    reply: Reply,
    grade: grading.Grade,
) -> None:
    """The draft is sent. After one that was not passed the next begins with what was right, and a final test
    asks the same questions again."""
    lesson = sent.lesson
    draft_actions.end_draft(session, person_id, lesson)
    if grade.has_passed or lesson.kind == LessonKind.PRETEST:
        return
    if lesson.has_outcomes:
        return  # the next attempt draws new questions for every outcome
    asked_again = sent.signed.question_ids if lesson.kind == LessonKind.FINAL_TEST else ()
    again = drafts.retry(sent.signed.number + 1, questions, reply, asked_again)
    draft_actions.write_draft(session, deed, person_id, sent.course, lesson, again)


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
    session: Session, deed: Deed, record: TrainingRecord, course: Course, lesson: Lesson
) -> None:
    if (lesson.key, lesson.edition) in record.lessons_done:
        return
    done = LessonCompletion(
        person_id=record.person_id,
        course=course.slug,
        lesson=lesson.key,
        edition=lesson.edition,
        completed_on=deed.today,
        completed_at=deed.now,
    )
    _is_inserted(session, done)


def _complete_course(
    session: Session, deed: Deed, course: Course, attempt: Attempt, valid_until: dt.date
) -> None:
    """Record the completion that this passed final test makes; from now on the course's answers stay
    for a day."""
    completion = Completion(
        person_id=attempt.person_id,
        course=course.slug,
        course_title=course.title,
        course_edition=course.edition,
        course_hash=course.hash,
        completed_on=deed.today,
        valid_until=valid_until,
        attempt_id=attempt.id,
        source=None,
        recorded_at=deed.now,
        recorded_on=deed.today,
        recorded_by=str(deed.actor),
    )
    session.add(completion)
    session.flush()
    due_at = deed.now + REVIEW_AFTER_COMPLETION
    of_course = (
        Attempt.person_id == attempt.person_id,
        Attempt.course == course.slug,
        Attempt.answers_due_at > due_at,
    )
    session.execute(sa.update(Attempt).where(*of_course).values(answers_due_at=due_at))
    draft_actions.end_drafts_of_course(session, attempt.person_id, course, due_at)


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


def _is_stored(session: Session, person_id: int, sent: Submission) -> bool:
    """Whether the attempt that stands has what was sent now. Erased answers cannot be compared: then it has
    not."""
    stored = session.execute(
        sa.select(Attempt.answers).where(
            Attempt.person_id == person_id,
            Attempt.lesson == sent.lesson.key,
            Attempt.number == sent.signed.number,
        )
    ).scalar_one()
    if stored is None:
        return False
    standing = replies.read_stored(stored)
    return all(standing.to(q) == sent.reply.to(q) for q in sent.on_page if sent.reply.to(q))
