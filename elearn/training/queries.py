"""What pages about one's own learning read. Each answers in few selects: a page has six in all, two of which
are the login's."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.people.models import Person
from elearn.training import grading, obligations
from elearn.training.curriculum import Curriculum
from elearn.training.models import Attempt, Completion, CompletionRecall, LessonCompletion
from elearn.training.obligations import Terms
from elearn.training.progress import Held, LearnerState


@dataclass(frozen=True, slots=True)
class AttemptReview:
    """A sent attempt. ``answers`` holds every question that was asked, in the order shown (None: not
    answered); it is None as a whole when the answers have been erased."""

    number: int
    course: str
    lesson_hash: str
    right_count: int
    asked_count: int
    has_passed: bool
    submitted_on: dt.date
    answers: dict[str, grading.Answer] | None


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


def _everything_done() -> sa.CompoundSelect[Any]:
    """A row per (course, lesson) attempted, lesson completion and completion of ``person_id``, told apart by
    ``what``: one select, since three cost a page three times as much."""
    person_id, no_date = sa.bindparam("person_id", type_=sa.Integer), sa.cast(sa.null(), sa.Date)
    no_text = sa.cast(sa.null(), sa.Text)
    return sa.union_all(
        sa.select(
            sa.literal("completion").label("what"),
            Completion.course,
            no_text.label("lesson"),
            Completion.id.label("number"),
            Completion.completed_on,
            Completion.valid_until,
            Completion.source,
        ).where(Completion.person_id == person_id, ~_is_recalled()),
        sa.select(
            sa.literal("lesson"),
            LessonCompletion.course,
            LessonCompletion.lesson,
            LessonCompletion.edition,
            no_date,
            no_date,
            no_text,
        ).where(LessonCompletion.person_id == person_id),
        sa.select(
            sa.literal("attempt"), Attempt.course, Attempt.lesson, sa.func.count(), no_date, no_date, no_text
        )
        .where(Attempt.person_id == person_id)
        .group_by(Attempt.course, Attempt.lesson),
    )


EVERYTHING_DONE = (
    _everything_done()
)  # what every page of the learner asks: built once, since building costs more than asking


def learner_state(session: Session, person_id: int) -> LearnerState:
    """All that the person has done, in one select: what a lesson page and ``progress.course_state`` need."""
    completions: list[Held] = []
    lessons_done: set[tuple[str, int]] = set()
    counts: dict[str, int] = {}
    begun: set[str] = set()
    for what, course, lesson, number, done_on, until, source in session.connection().execute(
        EVERYTHING_DONE, {"person_id": person_id}
    ):
        if what == "completion":
            completions.append(Held(number, course, done_on, until, is_recognised=source is not None))
            continue
        begun.add(course)
        if what == "lesson":
            lessons_done.add((lesson, number))
        else:
            counts[lesson] = counts.get(lesson, 0) + number
    completions.sort(key=lambda held: held.id)
    return LearnerState(frozenset(lessons_done), tuple(completions), counts, frozenset(begun))


def latest_attempt(session: Session, person_id: int, lesson_key: str) -> AttemptReview | None:
    """The person's last sent attempt at this lesson, in whichever course."""
    row = session.execute(
        sa.select(
            Attempt.number,
            Attempt.course,
            Attempt.lesson_hash,
            Attempt.right_count,
            Attempt.asked_count,
            Attempt.has_passed,
            Attempt.submitted_on,
            Attempt.answers,
        )
        .where(Attempt.person_id == person_id, Attempt.lesson == lesson_key)
        .order_by(Attempt.number.desc())
        .limit(1)
    ).first()
    return AttemptReview(*row) if row else None


def attempt_count(session: Session, person_id: int, lesson_key: str) -> int:
    """How many attempts at this lesson the person has sent: the next one's number is one more."""
    counted = sa.select(sa.func.count()).select_from(Attempt)
    return session.execute(
        counted.where(Attempt.person_id == person_id, Attempt.lesson == lesson_key)
    ).scalar_one()


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


def _certificates(person_id: int) -> sa.Select[int, str, str, str, int, dt.date, dt.date, str | None]:
    return (
        sa.select(
            Completion.id,
            Person.first_name + " " + Person.last_name,
            Completion.course,
            Completion.course_title,
            Completion.course_edition,
            Completion.completed_on,
            Completion.valid_until,
            Completion.source,
        )
        .join(Person, Person.id == Completion.person_id)
        .where(Completion.person_id == person_id, ~_is_recalled())
    )
