"""What the learner's pages show, joined from the catalogue and what the person has done. Each is one call and
few selects."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from elearn.content.catalog import Catalog
from elearn.content.course import Course, Lesson
from elearn.errors import NotFound
from elearn.training import curriculum, progress, queries
from elearn.training.obligations import Terms
from elearn.training.progress import CourseState, LessonState, TrainingRecord
from elearn.training.queries import Certificate


@dataclass(frozen=True, slots=True)
class Learner:
    """Who is learning and when: what every page here starts from. ``key`` is the secret of the draw."""

    person_id: int
    today: dt.date
    renewal_days: int
    due_days: int
    key: bytes


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


def start_page(session: Session, catalog: Catalog, learner: Learner) -> StartPage:
    """My courses, required first, then offered, then what I have begun of my own accord; and my
    certificates."""
    mine = _my_courses(session, catalog, learner)
    done = queries.training_record(session, learner.person_id)
    slugs = dict.fromkeys((*mine.required, *mine.offered, *sorted(done.begun_courses)))
    courses = [course for slug in slugs if (course := catalog.course(slug))]
    cards = [
        CourseCard(course, state_of(course, done, learner), course.slug in mine.required)
        for course in courses
    ]
    return StartPage(tuple(cards), queries.certificates(session, learner.person_id))


def course_page(session: Session, catalog: Catalog, slug: str, learner: Learner) -> CourseCard:
    """One course with where I stand in it. Raises ``NotFound``."""
    course = find_course(catalog, slug)
    mine = _my_courses(session, catalog, learner)
    done = queries.training_record(session, learner.person_id)
    return CourseCard(course, state_of(course, done, learner), course.slug in mine.required)


def _my_courses(session: Session, catalog: Catalog, learner: Learner) -> queries.PersonCourses:
    terms = Terms(learner.today, learner.due_days, learner.renewal_days)
    return queries.courses_of(session, learner.person_id, curriculum.from_catalog(catalog), terms)


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


def state_of(course: Course, done: TrainingRecord, learner: Learner) -> CourseState:
    """Where the learner stands in this course today."""
    return progress.course_state(course, done, learner.today, learner.renewal_days)
