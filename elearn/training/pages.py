"""What the learner's pages show, joined from the catalogue and what the person has done. Each is one call and
few selects."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from elearn.content.catalog import Catalog
from elearn.content.course import Course, Lesson, LessonKind, Question
from elearn.errors import NotFound
from elearn.training import curriculum, drawing, grading, progress, queries
from elearn.training.drawing import Drawn, SignedAttempt
from elearn.training.obligations import Terms
from elearn.training.progress import CourseState, LearnerState, LessonState
from elearn.training.queries import AttemptReview, Certificate


@dataclass(frozen=True, slots=True)
class Learner:
    """Who is learning and when: what every page here starts from. ``key`` is the secret of the draw."""

    person_id: int
    today: dt.date
    renewal_days: int
    key: bytes
    due_days: int


@dataclass(frozen=True, slots=True)
class CourseCard:
    """One of my courses. ``is_required`` is false for one that is only offered, or taken by choice."""

    course: Course
    state: CourseState
    is_required: bool


@dataclass(frozen=True, slots=True)
class StartPage:
    cards: tuple[CourseCard, ...]
    certificates: tuple[Certificate, ...]

    @property
    def next_card(self) -> CourseCard | None:
        """The one next thing to do: in what is required before what is offered."""
        return next((card for card in self.cards if card.state.next_lesson), None)


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A lesson as this attempt shows it. ``attempt`` is the form's signed field."""

    course: Course
    state: CourseState
    here: LessonState
    drawn: Drawn
    attempt: str

    @property
    def lesson(self) -> Lesson:
        return self.here.lesson

    @property
    def is_locked(self) -> bool:
        """The final test before the other lessons are done: its questions are not shown."""
        return not self.here.is_open

    @property
    def is_sent_pretest(self) -> bool:
        return self.lesson.kind == LessonKind.PRETEST and self.here.attempt_count > 0

    @property
    def asked_count(self) -> int:
        return sum(question.is_graded for question in self.drawn.questions)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A lesson's latest attempt. ``answered`` is empty when the answers have been erased."""

    course: Course
    state: CourseState
    here: LessonState
    attempt: AttemptReview
    answered: tuple[tuple[Question, grading.QuestionResult], ...]
    certificate: Certificate | None

    @property
    def shows_right_and_wrong(self) -> bool:
        return self.here.lesson.kind != LessonKind.PRETEST


def start_page(session: Session, catalog: Catalog, learner: Learner) -> StartPage:
    """My courses, required first, then offered, then what I have begun of my own accord; and my
    certificates."""
    mine = _my_courses(session, catalog, learner)
    done = queries.learner_state(session, learner.person_id)
    slugs = dict.fromkeys((*mine.required, *mine.offered, *sorted(done.begun_courses)))
    courses = [course for slug in slugs if (course := catalog.course(slug))]
    cards = [
        CourseCard(course, _state(course, done, learner), course.slug in mine.required) for course in courses
    ]
    return StartPage(tuple(cards), queries.certificates(session, learner.person_id))


def course_page(session: Session, catalog: Catalog, slug: str, learner: Learner) -> CourseCard:
    course = find_course(catalog, slug)
    mine = _my_courses(session, catalog, learner)
    done = queries.learner_state(session, learner.person_id)
    return CourseCard(course, _state(course, done, learner), course.slug in mine.required)


def lesson_page(
    session: Session,
    catalog: Catalog,
    slug: str,
    number: int,
    learner: Learner,
    again: SignedAttempt | None = None,
) -> LessonPage:
    """The lesson for its next attempt, or, ``again``, as the sent form had it."""
    course = find_course(catalog, slug)
    state = _state(course, queries.learner_state(session, learner.person_id), learner)
    here = lesson_at(state, number)
    if again and again.hash == here.lesson.hash:
        drawn = drawing.arrange(here.lesson, again.question_ids, learner.person_id, again.number, learner.key)
    else:
        drawn = drawing.draw(here.lesson, learner.person_id, here.attempt_count + 1, learner.key)
    attempt = drawing.sign_attempt(here.lesson, drawn, learner.person_id, learner.key)
    return LessonPage(course, state, here, drawn, attempt)


def review_page(session: Session, catalog: Catalog, slug: str, number: int, learner: Learner) -> ReviewPage:
    """The latest attempt's answers with right, wrong and why. Without an attempt there is no such page."""
    course = find_course(catalog, slug)
    state = _state(course, queries.learner_state(session, learner.person_id), learner)
    here = lesson_at(state, number)
    attempt = queries.latest_attempt(session, learner.person_id, here.lesson.key)
    if attempt is None:
        raise NotFound
    completion = state.completion
    holds = completion and here.lesson.kind == LessonKind.FINAL_TEST and attempt.has_passed
    certificate = (
        queries.certificate(session, completion.id, learner.person_id) if completion and holds else None
    )
    return ReviewPage(
        course, state, here, attempt, _answered(course, here.lesson, attempt, learner), certificate
    )


def _my_courses(session: Session, catalog: Catalog, learner: Learner) -> queries.PersonCourses:
    terms = Terms(learner.today, learner.due_days, learner.renewal_days)
    return queries.courses_of(session, learner.person_id, curriculum.from_catalog(catalog), terms)


def _answered(
    course: Course, lesson: Lesson, attempt: AttemptReview, learner: Learner
) -> tuple[tuple[Question, grading.QuestionResult], ...]:
    """The asked questions in the order they were shown, judged by the text as it stands now."""
    answers = attempt.answers or {}
    drawn = drawing.arrange(lesson, tuple(answers), learner.person_id, attempt.number, learner.key)
    asked = [question for question in drawn.questions if question.id in answers]
    fitting = grading.fitting(asked, answers)
    return tuple(
        zip(asked, grading.grade(lesson.kind, asked, fitting, course.pass_mark).results, strict=True)
    )


def find_course(catalog: Catalog, slug: str) -> Course:
    course = catalog.course(slug)
    if course is None:
        raise NotFound
    return course


def lesson_at(state: CourseState, number: int) -> LessonState:
    """The lesson of this number (1…), or ``NotFound``."""
    if not 1 <= number <= len(state.lessons):
        raise NotFound
    return state.lessons[number - 1]


def _state(course: Course, done: LearnerState, learner: Learner) -> CourseState:
    return progress.course_state(course, done, learner.today, learner.renewal_days)
