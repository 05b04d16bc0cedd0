"""What every page of a learner starts from: who learns, which course and lesson, and how far."""

import datetime as dt
from dataclasses import dataclass

from elearn.content.catalog import Catalog
from elearn.content.course import Course, Lesson
from elearn.errors import NotFound
from elearn.training import progress
from elearn.training.progress import CourseState, LessonState, TrainingRecord


@dataclass(frozen=True, slots=True)
class Learner:
    """Who is learning and when: what every page here starts from. ``key`` is the secret of the draw."""

    person_id: int
    today: dt.date
    renewal_days: int
    due_days: int
    key: bytes


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
