"""What the lesson's pages show, joined from the catalogue and what the person has done. Each is one call and
few selects."""

import datetime as dt
import hashlib
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from elearn.content.catalog import Catalog
from elearn.content.course import Course, Lesson, LessonKind, Question
from elearn.errors import NotFound
from elearn.training import drawing, grading, progress, queries, replies
from elearn.training.drawing import Drawn, SignedAttempt
from elearn.training.progress import CourseState, LessonState, TrainingRecord
from elearn.training.queries import AttemptReview, Certificate


@dataclass(frozen=True, slots=True)
class Learner:
    """Who is learning and when: what every page here starts from. ``key`` is the secret of the draw."""

    person_id: int
    today: dt.date
    renewal_days: int
    due_days: int
    key: bytes


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A lesson as this attempt shows it. ``attempt`` is the form's signed field."""

    course: Course
    state: CourseState
    lesson_state: LessonState
    drawn: Drawn
    attempt: str

    @property
    def lesson(self) -> Lesson:
        return self.lesson_state.lesson

    @property
    def is_locked(self) -> bool:
        """The final test before the other lessons are done: its questions are not shown."""
        return not self.lesson_state.is_unlocked

    @property
    def is_sent_pretest(self) -> bool:
        return self.lesson.kind == LessonKind.PRETEST and self.lesson_state.attempt_count > 0

    @property
    def shows_form(self) -> bool:
        """Whether there are questions to answer on this page."""
        return self.lesson.has_form and not self.is_locked and not self.is_sent_pretest

    @property
    def form_name(self) -> str:
        """What tells this form from every other: another person's, lesson's or attempt's has another name."""
        return hashlib.sha256(self.attempt.encode()).hexdigest()[:12]

    @property
    def asked_count(self) -> int:
        return sum(question.is_graded for question in self.drawn.questions)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A lesson's latest attempt. ``answered`` is empty when the answers have been erased."""

    course: Course
    state: CourseState
    lesson_state: LessonState
    attempt: AttemptReview
    answered: tuple[tuple[Question, grading.QuestionResult], ...]
    certificate: Certificate | None

    @property
    def was_practice(self) -> bool:
        """A final test that changed nothing: the certificate stands as before, passed or not."""
        return self.lesson_state.lesson.kind == LessonKind.FINAL_TEST and not self.state.makes_completion

    @property
    def wrong_must_count(self) -> int:
        """How many of the questions that must be right are not."""
        return sum(question.must_be_right and not result.is_right for question, result in self.answered)

    @property
    def shows_right_and_wrong(self) -> bool:
        return self.lesson_state.lesson.kind != LessonKind.PRETEST


def lesson_page(
    course: Course, number: int, learner: Learner, record: TrainingRecord, again: SignedAttempt | None = None
) -> LessonPage:
    """The lesson for its next attempt, or, ``again``, as the sent form had it. Only a page with a form is
    drawn and signed. Raises ``NotFound`` for a number that the course does not have."""
    state = _state(course, record, learner)
    here = lesson_at(state, number)
    lesson = here.lesson
    page = LessonPage(course, state, here, Drawn(here.attempt_count + 1, lesson.blocks), attempt="")
    if not page.shows_form:
        return page
    if again and again.hash == lesson.hash:
        drawn = drawing.arrange(lesson, again.question_ids, learner.person_id, again.number, learner.key)
    else:
        drawn = drawing.draw(lesson, learner.person_id, here.attempt_count + 1, learner.key)
    attempt = drawing.sign_attempt(lesson, drawn, learner.person_id, learner.key)
    return replace(page, drawn=drawn, attempt=attempt)


def review_page(session: Session, course: Course, number: int, learner: Learner) -> ReviewPage:
    """The latest attempt's answers with right, wrong and why. Without an attempt there is no such page."""
    state = _state(course, queries.training_record(session, learner.person_id), learner)
    here = lesson_at(state, number)
    attempt = queries.latest_attempt(session, learner.person_id, here.lesson.key)
    if attempt is None:
        raise NotFound
    completion = state.completion
    holds = completion and here.lesson.kind == LessonKind.FINAL_TEST and attempt.has_passed
    certificate = (
        queries.certificate(session, completion.id, learner.person_id) if completion and holds else None
    )
    answered = _answered(course, here.lesson, attempt, learner)
    return ReviewPage(course, state, here, attempt, answered, certificate)


def _answered(
    course: Course, lesson: Lesson, attempt: AttemptReview, learner: Learner
) -> tuple[tuple[Question, grading.QuestionResult], ...]:
    """The asked questions in the order they were shown, judged by the text as it stands now."""
    stored = attempt.answers or {}
    drawn = drawing.arrange(lesson, tuple(stored), learner.person_id, attempt.number, learner.key)
    asked = [question for question in drawn.questions if question.id in stored]
    reply = replies.read_stored(stored).only(asked)
    return tuple(zip(asked, grading.grade(lesson.kind, asked, reply, course.pass_mark).results, strict=True))


def find_course(catalog: Catalog, slug: str) -> Course:
    """The catalogue's course of this name, or ``NotFound``."""
    course = catalog.course(slug)
    if course is None:
        raise NotFound
    return course


def find_lesson(course: Course, number: int) -> Lesson:
    """The course's lesson of this number (1…), or ``NotFound``."""
    if not 1 <= number <= len(course.lessons):
        raise NotFound
    return course.lessons[number - 1]


def lesson_at(state: CourseState, number: int) -> LessonState:
    """The lesson of this number (1…), or ``NotFound``."""
    if not 1 <= number <= len(state.lessons):
        raise NotFound
    return state.lessons[number - 1]


def _state(course: Course, done: TrainingRecord, learner: Learner) -> CourseState:
    return progress.course_state(course, done, learner.today, learner.renewal_days)
