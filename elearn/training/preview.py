"""The learner's pages without a learner, for the author who writes them: nobody is logged in and nothing is
stored.

Every question stands in the author's order, a final test's whole bank included.
"""

import datetime as dt

from elearn.content.course import Course, LessonKind
from elearn.errors import NotFound
from elearn.training import grading, pages, progress, steps
from elearn.training.drafts import Draft
from elearn.training.drawing import Drawn
from elearn.training.lesson_pages import LessonPage
from elearn.training.progress import CourseState, TrainingRecord
from elearn.training.queries import AttemptReview
from elearn.training.replies import Reply
from elearn.training.review_pages import ReviewPage
from elearn.training.start import CourseCard
from elearn.training.steps import Step

NO_DRAFT = Draft(1)


def course_card(course: Course, today: dt.date) -> CourseCard:
    """The course as required of nobody in particular: without a day by which to be done."""
    return CourseCard(course, _state(course, today), is_required=True)


def lesson_page(
    course: Course,
    number: int,
    today: dt.date,
    step: Step | None = None,
    *,
    is_short: bool = False,
    draft: Draft = NO_DRAFT,
) -> LessonPage:
    """One of the lesson's pages, its first if no step is named. Raises ``NotFound``."""
    state = _state(course, today)
    here = pages.lesson_at(state, number)
    all_steps = steps.steps_of(here.lesson)
    if step is not None and step not in all_steps:
        raise NotFound
    is_short = is_short and bool(steps.short_version(here.lesson.blocks))
    shown = Step.WHOLE if is_short else step or all_steps[0]
    return LessonPage(course, state, here, shown, is_short, Drawn(1, here.lesson.blocks), draft)


def answered_at_once(course: Course, number: int, reply: Reply) -> Draft:
    """What is told when every question that is answered shows its feedback."""
    lesson = pages.find_lesson(course, number)
    draft = Draft(1).with_reply(lesson.questions, reply)
    for question in lesson.questions:
        if reply.to(question) and not grading.faults(lesson.kind, [question], reply):
            draft = draft.with_opened(question)
    return draft


def review_page(course: Course, number: int, reply: Reply, today: dt.date) -> ReviewPage:
    """What the learner would meet after these answers; unanswered questions show what was right, and why."""
    page = lesson_page(course, number, today)
    asked = page.drawn.questions
    if not asked:
        raise NotFound
    grade = grading.grade(page.lesson.kind, asked, reply, course.pass_mark)
    attempt = AttemptReview(
        1, grade.right_count, grade.asked_count, grade.has_passed, None, made_completion=False
    )
    return ReviewPage(
        course, page.state, page.lesson_state, attempt, tuple(zip(asked, grade.results, strict=True)), None
    )


def _state(course: Course, today: dt.date) -> CourseState:
    """Everything open: an author looks at the final test first as often as last."""
    everything = frozenset(
        (lesson.key, lesson.edition) for lesson in course.lessons if lesson.kind != LessonKind.FINAL_TEST
    )
    return progress.course_state(
        course, TrainingRecord(0, everything, (), {}, frozenset()), today, renewal_days=0
    )
