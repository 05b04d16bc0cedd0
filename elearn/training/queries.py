"""What pages about one's own learning read."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.content.course import Lesson
from elearn.people.models import Person
from elearn.training import obligations, replies
from elearn.training.curriculum import Curriculum
from elearn.training.drafts import Draft
from elearn.training.models import Attempt, Completion, CompletionRecall, LessonCompletion, LessonDraft
from elearn.training.obligations import Terms
from elearn.training.progress import HeldCompletion, TrainingRecord


@dataclass(frozen=True, slots=True)
class AttemptReview:
    """A sent attempt. ``answers`` holds every question that was asked, in the order shown (None: not
    answered); it is None as a whole when the answers have been erased. ``made_completion``: whether it is the
    final test that completed a course."""

    number: int
    right_count: int
    asked_count: int
    has_passed: bool
    answers: dict[str, list[list[str]]] | None
    made_completion: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """``intyg``: a completion that nobody has recalled, as its holder shows it. ``source`` is set when it is
    recognised."""

    id: int
    person_name: str
    course: str
    course_title: str
    course_edition: int
    completed_on: dt.date
    valid_until: dt.date
    source: str | None
    code: str  # as it is stored


@dataclass(frozen=True, slots=True)
class GenuineCertificate:
    """All that anybody who has a certificate's code is told: never whose it is."""

    course_title: str
    completed_on: dt.date
    valid_until: dt.date


@dataclass(frozen=True, slots=True)
class PersonCourses:
    """By slug, in order. ``due``: the last day of each course that the person must take, the earliest where
    two jobs require it (measure.md, "Due"). ``offered``: where an exemption or an external unit frees from
    it, and then what stands beside the base course."""

    due: Mapping[str, dt.date]
    offered: tuple[str, ...]

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(self.due)


def _is_recalled() -> sa.Exists:
    return sa.exists().where(CompletionRecall.completion_id == Completion.id)


PERSON = sa.bindparam("person_id", type_=sa.Integer)
# What every page of the learner asks, built once: to build a select costs more than to ask it.
COMPLETIONS = (
    sa.select(
        Completion.id,
        Completion.course,
        Completion.completed_on,
        Completion.valid_until,
        Completion.source,
        Completion.course_title,
    )
    .where(Completion.person_id == PERSON, ~_is_recalled())
    .order_by(Completion.id)
)
LESSONS = sa.select(LessonCompletion.course, LessonCompletion.lesson, LessonCompletion.edition).where(
    LessonCompletion.person_id == PERSON
)
ATTEMPTS = (
    sa.select(Attempt.course, Attempt.lesson, sa.func.count().label("sent_count"))
    .where(Attempt.person_id == PERSON)
    .group_by(Attempt.course, Attempt.lesson)
)

DRAFT = sa.select(
    LessonDraft.number,
    LessonDraft.answers,
    LessonDraft.first_answers,
    LessonDraft.kept_ids,
    LessonDraft.asked_ids,
    LessonDraft.has_read,
    LessonDraft.place,
).where(LessonDraft.person_id == PERSON, LessonDraft.lesson == sa.bindparam("lesson", type_=sa.Text))


def training_record(session: Session, person_id: int) -> TrainingRecord:
    """All that the person has done: what a lesson page and ``progress.course_state`` need."""
    connection, asked = session.connection(), {"person_id": person_id}
    completions = tuple(HeldCompletion(*row) for row in connection.execute(COMPLETIONS, asked))
    lessons = connection.execute(LESSONS, asked).all()
    attempts = connection.execute(ATTEMPTS, asked).all()
    counts: dict[str, int] = {}
    for row in attempts:  # a shared lesson may have been sent in several courses
        counts[row.lesson] = counts.get(row.lesson, 0) + row.sent_count
    done = frozenset((row.lesson, row.edition) for row in lessons)
    begun = frozenset(row.course for row in (*lessons, *attempts))
    return TrainingRecord(person_id, done, completions, counts, begun)


def draft(session: Session, person_id: int, lesson: Lesson, number: int) -> Draft:
    """Where the person is in this lesson's attempt ``number``, as far as it fits the text as it stands now.
    Of a draft for another attempt only the place in the text is left."""
    row = session.execute(DRAFT, {"person_id": person_id, "lesson": lesson.key}).first()
    if row is None:
        return Draft(number)
    if row.number != number:
        return Draft(number, has_read=row.has_read, place=row.place)
    kept = Draft(
        number,
        chosen=replies.read_stored(row.answers),
        first=replies.read_stored(row.first_answers),
        opened=frozenset(row.first_answers),
        kept=frozenset(row.kept_ids),
        asked=tuple(row.asked_ids),
        has_read=row.has_read,
        place=row.place,
    )
    return kept.fitting(lesson)


def latest_attempt(session: Session, person_id: int, lesson_key: str) -> AttemptReview | None:
    """The person's last sent attempt at this lesson, in whichever course."""
    row = session.execute(
        sa.select(
            Attempt.number,
            Attempt.right_count,
            Attempt.asked_count,
            Attempt.has_passed,
            Attempt.answers,
            sa.exists().where(Completion.attempt_id == Attempt.id),
        )
        .where(Attempt.person_id == person_id, Attempt.lesson == lesson_key)
        .order_by(Attempt.number.desc())
        .limit(1)
    ).first()
    return AttemptReview(*row) if row else None


def certificate(session: Session, completion_id: int, person_id: int) -> Certificate | None:
    """This person's certificate. Another's, a recalled one and one that does not exist are all None (S3)."""
    row = session.execute(_certificates(person_id).where(Completion.id == completion_id)).first()
    return Certificate(*row) if row else None


def certificates(session: Session, person_id: int) -> tuple[Certificate, ...]:
    """All of this person's certificates, the newest first."""
    rows = session.execute(
        _certificates(person_id).order_by(Completion.completed_on.desc(), Completion.id.desc())
    )
    return tuple(Certificate(*row) for row in rows)


def genuine_certificate(session: Session, code: str) -> GenuineCertificate | None:
    """The certificate with this code, as it is stored. One that was recalled, and none, are both None."""
    columns = (Completion.course_title, Completion.completed_on, Completion.valid_until)
    row = session.execute(sa.select(*columns).where(Completion.code == code, ~_is_recalled())).first()
    return GenuineCertificate(*row) if row else None


def courses_of(session: Session, person_id: int, curriculum: Curriculum, terms: Terms) -> PersonCourses:
    """Which courses the person is to take or may be offered on the date of the terms."""
    duties = obligations.of_person(session, curriculum, person_id, terms)
    required = [duty for duty in duties if duty.outside is None and duty.course]
    freed = {duty.course for duty in duties if duty.course} - {duty.course for duty in required}
    beside = {course for duty in duties for course in curriculum.offered_to(duty.job_role)}
    due: dict[str, dt.date] = {}
    for duty in sorted(required, key=lambda duty: duty.course or ""):
        if duty.course and duty.due_on:
            due[duty.course] = min(duty.due_on, due.get(duty.course, duty.due_on))
    return PersonCourses(due, (*sorted(freed), *sorted(beside - freed - set(due))))


def _certificates(person_id: int) -> sa.Select[int, str, str, str, int, dt.date, dt.date, str | None, str]:
    return (
        sa.select(
            Completion.id,
            sa.func.trim(Person.first_name + " " + Person.last_name),
            Completion.course,
            Completion.course_title,
            Completion.course_edition,
            Completion.completed_on,
            Completion.valid_until,
            Completion.source,
            Completion.code,
        )
        .join(Person, Person.id == Completion.person_id)
        .where(Completion.person_id == person_id, ~_is_recalled())
    )
