"""The start page and the course page: the one next thing to do, what else is required, and what is free to
take."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from elearn.content.catalog import Catalog
from elearn.content.course import Course
from elearn.training import curriculum, grading, progress, queries
from elearn.training.obligations import Terms
from elearn.training.pages import Learner, find_course
from elearn.training.progress import CourseState, CourseStatus, HeldCompletion, TrainingRecord

# Everything else is unfinished, and comes first.
IN_HAND = {CourseStatus.RENEWAL_OPEN: 1, CourseStatus.COMPLETED: 2}


@dataclass(frozen=True, slots=True)
class CourseCard:
    """One of my courses. ``is_required`` is false for one that is only offered, or taken by choice;
    ``due_on``: the last day without being late, of a required one."""

    course: Course
    state: CourseState
    is_required: bool
    due_on: dt.date | None = None

    @property
    def is_single(self) -> bool:
        """Whether the course is one lesson, so that nobody needs a list of it."""
        return len(self.course.lessons) == 1

    @property
    def is_test_all_that_is_left(self) -> bool:
        """Whether every lesson that counts is done, so that the final test is the next step and the last."""
        return len(self.state.left) == 1 and self.state.left[0].lesson == self.course.final_test

    @property
    def is_finished(self) -> bool:
        """Whether nothing need be done: what was completed holds, and is not to be renewed yet."""
        return self.state.status == CourseStatus.COMPLETED


@dataclass(frozen=True, slots=True)
class StartPage:
    """``required``: in the order in which to do them; unfinished ones first, by the day they are due, then
    those to renew. ``certificates``: of each course the one that holds longest, holding ones first."""

    required: tuple[CourseCard, ...]
    voluntary: tuple[CourseCard, ...]
    certificates: tuple[HeldCompletion, ...]

    @property
    def next_card(self) -> CourseCard | None:
        """The required course to go on with, if one is unfinished or to be renewed."""
        return next((card for card in self.required if not card.is_finished), None)

    @property
    def done_until(self) -> dt.date | None:
        """The first day on which something required ends, when everything is done."""
        ends = [card.state.valid_until for card in self.required if card.state.valid_until]
        return None if self.next_card else min(ends, default=None)

    @property
    def own_course(self) -> str | None:
        """The slug of the course that I am taking, when it is one: of what is required, else of what I have
        begun of my own accord."""
        begun = [card for card in self.voluntary if card.state.status == CourseStatus.STARTED]
        mine = self.required or begun
        return mine[0].course.slug if len(mine) == 1 else None


@dataclass(frozen=True, slots=True)
class PassTerms:
    """What passes a course's final test: how many questions it asks, how many must be answered right, and how
    many of those are ones that must be right whatever the rest."""

    asked_count: int
    right_count: int
    must_count: int


def start_page(session: Session, catalog: Catalog, learner: Learner) -> StartPage:
    """My courses, what is required apart from what is offered or begun of my own accord, and my
    certificates."""
    mine = _my_courses(session, catalog, learner)
    done = queries.training_record(session, learner.person_id)
    slugs = dict.fromkeys((*mine.required, *mine.offered, *sorted(done.begun_courses)))
    cards = [_card(course, mine, done, learner) for slug in slugs if (course := catalog.course(slug))]
    return StartPage(
        required=tuple(sorted((card for card in cards if card.is_required), key=_turn)),
        voluntary=tuple(card for card in cards if not card.is_required),
        certificates=certificates(done, learner.today),
    )


def course_page(session: Session, catalog: Catalog, slug: str, learner: Learner) -> CourseCard:
    """One course with where I stand in it. Raises ``NotFound``."""
    course = find_course(catalog, slug)
    mine = _my_courses(session, catalog, learner)
    return _card(course, mine, queries.training_record(session, learner.person_id), learner)


def certificates(record: TrainingRecord, today: dt.date) -> tuple[HeldCompletion, ...]:
    """Of each course the completion that holds longest: those that hold today first, then the newest."""
    longest: dict[str, HeldCompletion] = {}
    for held in record.completions:
        other = longest.setdefault(held.course, held)
        if (held.valid_until, held.id) > (other.valid_until, other.id):
            longest[held.course] = held
    newest = sorted(longest.values(), key=lambda held: (held.completed_on, held.id), reverse=True)
    return tuple(sorted(newest, key=lambda held: held.valid_until < today))


def pass_terms(course: Course) -> PassTerms:
    """As an attempt is drawn and graded; a share of the questions is rounded up to whole ones."""
    test = course.final_test
    graded = [question for question in test.questions if question.is_graded]
    musts = sum(question.must_be_right for question in graded)
    if test.has_outcomes and test.draw is not None:
        decisive = sum(outcome.is_decisive for outcome in course.outcomes)
        return PassTerms(test.draw, grading.needed_count(test.draw, course.pass_mark), decisive)
    if test.draw is None:
        return PassTerms(len(graded), grading.needed_count(len(graded), course.pass_mark), musts)
    sure = musts if test.draw_must is None else min(test.draw_must, musts)
    asked = min(max(test.draw, sure), len(graded))
    filled_up = max(asked - sure - (len(graded) - musts), 0)  # a bank with too few others
    return PassTerms(asked, grading.needed_count(asked, course.pass_mark), sure + filled_up)


def _turn(card: CourseCard) -> tuple[int, dt.date]:
    return IN_HAND.get(card.state.status, 0), card.due_on or dt.date.max


def _card(course: Course, mine: queries.PersonCourses, done: TrainingRecord, learner: Learner) -> CourseCard:
    state = progress.course_state(course, done, learner.today, learner.renewal_days)
    return CourseCard(course, state, course.slug in mine.due, mine.due.get(course.slug))


def _my_courses(session: Session, catalog: Catalog, learner: Learner) -> queries.PersonCourses:
    terms = Terms(learner.today, learner.due_days, learner.renewal_days)
    return queries.courses_of(session, learner.person_id, curriculum.from_catalog(catalog), terms)
