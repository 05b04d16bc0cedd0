"""Where a person stands in a course: what is done, what is next, until when it holds. Pure:
course-format.md's "Done", "Completed", "Edition" and "Renewal", on a date.

There are two situations. Either a passed final test now would make a completion: then what counts is what is
done in its present edition. Or the person holds a valid completion whose renewal has not opened: then
everything is practice, nothing is left to do, and a raised edition is not noticed.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from elearn.content.course import Course, Lesson, LessonKind
from elearn.training import curriculum, obligations
from elearn.training.obligations import Status


class CourseStatus(StrEnum):
    NOT_STARTED = "not_started"
    STARTED = "started"
    COMPLETED = "completed"  # valid
    RENEWAL_OPEN = "renewal_open"  # valid, and ends within the days of renewal
    EXPIRED = "expired"


STATUSES = {
    Status.NOT_STARTED: CourseStatus.NOT_STARTED,
    Status.STARTED: CourseStatus.STARTED,
    Status.TRAINED: CourseStatus.COMPLETED,
    Status.EXPIRED: CourseStatus.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class HeldCompletion:
    """A completion that nobody has recalled. ``title``: the course's at that time; ``source``: set when it is
    recognised."""

    id: int
    course: str
    completed_on: dt.date
    valid_until: dt.date
    source: str | None
    title: str

    @property
    def is_recognised(self) -> bool:
        return self.source is not None


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """All that one person has done, in every course. Selected once for a request."""

    person_id: int
    lessons_done: frozenset[tuple[str, int]]  # (lesson key, edition)
    completions: tuple[HeldCompletion, ...]
    attempt_counts: Mapping[str, int]  # by lesson key
    begun_courses: frozenset[str]  # where an attempt or a lesson completion was made

    def own_ends(self, course: Course) -> list[dt.date]:
        """The last days of the person's own completions of this course."""
        return [c.valid_until for c in self.completions if c.course == course.slug and not c.is_recognised]

    def attempt_count(self, lesson_key: str) -> int:
        return self.attempt_counts.get(lesson_key, 0)

    def is_done(self, lesson: Lesson) -> bool:
        """In its present edition. A pretest is sent once, whatever its edition."""
        return (lesson.key, lesson.edition) in self.lessons_done or (
            lesson.kind == LessonKind.PRETEST and self.has_done(lesson)
        )

    def has_done(self, lesson: Lesson) -> bool:
        """In any edition."""
        return any(key == lesson.key for key, _edition in self.lessons_done)


@dataclass(frozen=True, slots=True)
class LessonState:
    """``has_changed``: done in an earlier edition, and to be done again in the present one."""

    lesson: Lesson
    number: int  # in the course, 1…
    is_done: bool
    is_unlocked: bool
    attempt_count: int
    has_changed: bool = False


@dataclass(frozen=True, slots=True)
class CourseState:
    """``completion`` is the one that counts: the valid one that ends last, else the last that ended.

    ``left`` is what remains before (the next) completion, in order, and ``minutes_left`` the time it takes.
    """

    status: CourseStatus
    completion: HeldCompletion | None
    renewal_opens_on: (
        dt.date | None
    )  # while one's own completion is valid; a recognised one may be renewed at once
    makes_completion: bool  # whether a final test passed today makes one
    lessons: tuple[LessonState, ...]
    left: tuple[LessonState, ...]

    @property
    def valid_until(self) -> dt.date | None:
        return self.completion.valid_until if self.completion else None

    @property
    def is_final_unlocked(self) -> bool:
        return self.lessons[-1].is_unlocked

    @property
    def next_lesson(self) -> LessonState | None:
        return self.left[0] if self.left else None

    @property
    def changed_count(self) -> int:
        """How many lessons are to be done again, since they have changed."""
        return sum(state.has_changed for state in self.left)

    @property
    def minutes_left(self) -> int:
        return sum(state.lesson.minutes for state in self.left)

    @property
    def done_count(self) -> int:
        return sum(state.is_done for state in self.lessons)


def course_state(course: Course, record: TrainingRecord, today: dt.date, renewal_days: int) -> CourseState:
    """Where this person stands in this course today."""
    held = [c for c in record.completions if c.course == course.slug and c.completed_on <= today]
    valid = [c for c in held if today <= c.valid_until]
    own_ends = [c.valid_until for c in valid if not c.is_recognised]
    renewal_opens_on = max(own_ends) - dt.timedelta(days=renewal_days) if own_ends else None
    makes_completion = renewal_opens_on is None or today >= renewal_opens_on
    lessons = _lesson_states(course, record, makes_completion)
    return CourseState(
        status=_status(course, record, held, today, renewal_days),
        completion=max(held, key=lambda c: (c.valid_until, not c.is_recognised, c.id), default=None),
        renewal_opens_on=renewal_opens_on,
        makes_completion=makes_completion,
        lessons=lessons,
        left=_left(lessons, is_first_time=not held) if makes_completion else (),
    )


def lesson_state(lesson: Lesson, number: int, record: TrainingRecord, makes_completion: bool) -> LessonState:
    """Of an ordinary lesson or a pretest; both are always open. In practice any edition that was done is
    done."""
    is_done = record.is_done(lesson) if makes_completion else record.has_done(lesson)
    return LessonState(
        lesson,
        number,
        is_done,
        is_unlocked=True,
        attempt_count=record.attempt_count(lesson.key),
        has_changed=not is_done and record.has_done(lesson),
    )


def _lesson_states(course: Course, record: TrainingRecord, makes_completion: bool) -> tuple[LessonState, ...]:
    before = [
        lesson_state(lesson, n, record, makes_completion) for n, lesson in enumerate(course.lessons[:-1], 1)
    ]
    final = LessonState(
        course.final_test,
        number=len(course.lessons),
        is_done=not makes_completion,
        is_unlocked=not makes_completion
        or all(s.is_done for s in before if s.lesson.kind != LessonKind.PRETEST),
        attempt_count=record.attempt_count(course.final_test.key),
    )
    return (*before, final)


def _status(
    course: Course,
    record: TrainingRecord,
    held: Sequence[HeldCompletion],
    today: dt.date,
    renewal_days: int,
) -> CourseStatus:
    ends_on = max((completion.valid_until for completion in held), default=None)
    reached = obligations.standing(ends_on, course.slug in record.begun_courses, today)
    if reached == Status.TRAINED and curriculum.is_renewal_open(ends_on, today, renewal_days):
        return CourseStatus.RENEWAL_OPEN
    return STATUSES[reached]


def _left(lessons: Sequence[LessonState], is_first_time: bool) -> tuple[LessonState, ...]:
    """What is not done. A pretest never stands in the way: once it is passed by, it is not asked for
    again."""
    last_done = max((state.number for state in lessons if state.is_done), default=0)

    def is_left(state: LessonState) -> bool:
        is_timely = is_first_time and state.number > last_done
        return not state.is_done and (state.lesson.kind != LessonKind.PRETEST or is_timely)

    return tuple(state for state in lessons if is_left(state))
