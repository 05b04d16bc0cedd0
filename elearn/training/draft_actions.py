"""Keeping a draft: one row for each person and lesson, written whole."""

import datetime as dt
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from elearn.content.course import Course, Lesson, LessonKind
from elearn.errors import Conflict
from elearn.journal.deed import Deed
from elearn.people.models import Person
from elearn.training import grading, submission, taught
from elearn.training.drafts import Draft
from elearn.training.models import ANSWERS_KEPT, LessonDraft
from elearn.training.progress import TrainingRecord
from elearn.training.submission import Submission

KEY = ("person_id", "lesson")


def take_turn(session: Session, person_id: int) -> None:
    """Wait until no other form of this person's is being received. A draft is read and then written whole,
    so of two at once (a page's script and its button, two tabs) the later would undo the earlier."""
    session.execute(sa.select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def answer_question(
    session: Session, deed: Deed, record: TrainingRecord, sent: Submission, question_id: str
) -> bool:
    """Answer one question of an ordinary lesson at once: its feedback is shown from now on, and its first
    reply is locked. What else was chosen is kept as it is. False when another reply stands since before.

    Raises ``Conflict`` for another kind of lesson, an attempt that is sent already, or a question that it
    does not ask, and as ``submit_attempt`` does when the text has changed or the question is not answered."""
    lesson, draft = sent.lesson, sent.draft
    if lesson.kind != LessonKind.LESSON or sent.signed.number != record.attempt_count(lesson.key) + 1:
        raise Conflict("Avsnittet är redan inlämnat. Öppna det på nytt om du vill öva igen.")
    questions = submission.asked_questions(sent)
    question = next((question for question in questions if question.id == question_id), None)
    if question is None:
        raise Conflict("Frågan finns inte i avsnittet längre. Öppna avsnittet på nytt.")
    if draft.is_settled(question):
        return not draft.contradicts([question], sent.reply)
    reply = sent.whole_reply([question])
    faults = grading.faults(lesson.kind, [question], reply)
    if not reply.to(question):
        faults = (grading.AnswerFault(question.id, grading.FaultKind.MISSING),)
    submission.refuse_unanswered(sent, faults)
    opened = draft.with_reply(sent.on_page, sent.reply).with_opened(question)
    write_draft(session, deed, record.person_id, sent.course, lesson, opened)
    return True


def save_draft(
    session: Session, deed: Deed, record: TrainingRecord, sent: Submission, *, has_read: bool
) -> None:
    """Keep what is chosen, and which questions were drawn: an edit of the text would draw others, and the
    answers would be lost. An attempt that is sent already is left as it is."""
    draft = sent.draft
    if sent.signed.number != record.attempt_count(sent.lesson.key) + 1:
        return
    kept = draft.with_reply(sent.on_page, sent.reply).with_asked(sent.lesson, sent.signed.question_ids)
    kept = replace(kept, has_read=draft.has_read or has_read)
    write_draft(session, deed, record.person_id, sent.course, sent.lesson, kept)


def save_place(
    session: Session,
    deed: Deed,
    record: TrainingRecord,
    course: Course,
    lesson: Lesson,
    draft: Draft,
    has_read: bool,
    place: str,
) -> None:
    """Keep how far the text is read. A place that the lesson does not have is none."""
    known = {anchor for anchor, _words in taught.headings(lesson.blocks)}
    read = replace(draft, has_read=draft.has_read or has_read, place=place if place in known else draft.place)
    write_draft(session, deed, record.person_id, course, lesson, read)


def write_draft(
    session: Session, deed: Deed, person_id: int, course: Course, lesson: Lesson, draft: Draft
) -> None:
    """Store where this person is in the lesson, in place of what was there."""
    row = {
        "person_id": person_id,
        "lesson": lesson.key,
        "course": course.slug,
        "number": draft.number,
        "answers": draft.chosen.stored(sorted({question_id for question_id, _, _ in draft.chosen.answers})),
        "first_answers": draft.first.stored(sorted(draft.opened)),
        "kept_ids": sorted(draft.kept),
        "asked_ids": list(draft.asked),
        "has_read": draft.has_read,
        "place": draft.place,
        "answers_due_at": deed.now + ANSWERS_KEPT,
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    news = {name: value for name, value in row.items() if name not in KEY}
    session.execute(insert(LessonDraft).values(row).on_conflict_do_update(index_elements=KEY, set_=news))


def end_draft(session: Session, person_id: int, lesson: Lesson) -> None:
    """The lesson is sent."""
    _delete(session, LessonDraft.person_id == person_id, LessonDraft.lesson == lesson.key)


def erase_due_drafts(session: Session, now: dt.datetime) -> None:
    """Erase everybody's drafts whose time is out. Those that another request writes at this moment are left
    to the next, so that nobody waits."""
    due = sa.select(LessonDraft.person_id, LessonDraft.lesson).where(LessonDraft.answers_due_at <= now)
    key = sa.tuple_(LessonDraft.person_id, LessonDraft.lesson)
    _delete(session, key.in_(due.with_for_update(skip_locked=True)))


def end_drafts_of_course(session: Session, person_id: int, course: Course, due_at: dt.datetime) -> None:
    """A completed course's drafts stay no longer than its answers."""
    session.execute(
        sa.update(LessonDraft)
        .where(
            LessonDraft.person_id == person_id,
            LessonDraft.course == course.slug,
            LessonDraft.answers_due_at > due_at,
        )
        .values(answers_due_at=due_at)
        .execution_options(synchronize_session=False)
    )


def _delete(session: Session, *which: sa.ColumnElement[bool]) -> None:
    session.execute(sa.delete(LessonDraft).where(*which).execution_options(synchronize_session=False))
