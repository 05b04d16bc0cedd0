"""What the page about a lesson's answers shows: the latest attempt, question by question."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from elearn.content.course import Course, Lesson, LessonKind, Outcome, Question
from elearn.content.prose import Prose
from elearn.errors import NotFound
from elearn.training import drawing, grading, queries, replies, steps, taught
from elearn.training.grading import QuestionResult
from elearn.training.pages import Learner, lesson_at, state_of
from elearn.training.progress import CourseState, LessonState
from elearn.training.queries import AttemptReview, Certificate
from elearn.training.steps import Block, Step
from elearn.training.taught import TaughtAt


@dataclass(frozen=True, slots=True)
class OutcomeResult:
    """A learning outcome in a sent final test: whether everything that asked for it is right, and where it is
    taught."""

    outcome: Outcome
    is_right: bool
    taught_at: TaughtAt | None


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A lesson's latest attempt. ``answered`` is empty when the answers have been erased."""

    course: Course
    state: CourseState
    lesson_state: LessonState
    attempt: AttemptReview
    answered: tuple[tuple[Question, QuestionResult], ...]
    certificate: Certificate | None  # the one that the attempt led to

    @property
    def was_practice(self) -> bool:
        """A final test that changed nothing: the certificate stands as before, passed or not."""
        is_test = self.lesson_state.lesson.kind == LessonKind.FINAL_TEST
        return is_test and not self.state.makes_completion and not self.attempt.made_completion

    @property
    def graded(self) -> tuple[tuple[Question, QuestionResult], ...]:
        """Those of the answered questions that count, in the order that numbers them."""
        return tuple((question, result) for question, result in self.answered if question.is_graded)

    @property
    def needed_count(self) -> int:
        """How many right answers the final test asks for."""
        return grading.needed_count(self.attempt.asked_count, self.course.pass_mark)

    @property
    def must_count(self) -> int:
        """How many of the asked questions must be right."""
        return sum(question.must_be_right for question, _ in self.graded)

    @property
    def wrong_musts(self) -> tuple[int, ...]:
        """The numbers (1…) of the questions that must be right and are not."""
        return tuple(
            number
            for number, (question, result) in enumerate(self.graded, 1)
            if question.must_be_right and not result.is_right
        )

    @property
    def first_wrong(self) -> Question | None:
        """Where a retry begins: the first question that is not right."""
        wrong = [question for question, result in self.graded if not result.is_right]
        musts = [question for question in wrong if question.must_be_right]
        return next(iter(musts if self.lesson_state.lesson.kind == LessonKind.LESSON else wrong), None)

    @property
    def taught_at(self) -> dict[str, TaughtAt]:
        """Where the course teaches what was wrong in a final test, by question."""
        if self.lesson_state.lesson.kind != LessonKind.FINAL_TEST or self.outcomes:
            return {}
        places = {q.id: taught.place_of(self.course, q) for q, result in self.graded if not result.is_right}
        return {question_id: place for question_id, place in places.items() if place}

    @property
    def outcomes(self) -> tuple[OutcomeResult, ...]:
        """What the final test tells of each learning outcome that it asked for. () where there are none."""
        if not self.lesson_state.lesson.has_outcomes:
            return ()
        right: dict[str, bool] = {}
        for question, result in self.graded:
            right[question.outcome] = right.get(question.outcome, True) and bool(result.is_right)
        return tuple(
            OutcomeResult(outcome, right[outcome.name], taught.place_of_outcome(self.course, outcome.name))
            for outcome in self.course.outcomes
            if outcome.name in right
        )

    @property
    def ending(self) -> tuple[Block, ...]:
        """What the author wrote after the last question, once the lesson is done."""
        return steps.texts(self.lesson_state.lesson.blocks).ending if self.attempt.has_passed else ()

    @property
    def contacts(self) -> Prose | None:
        """The lesson's section of those to turn to."""
        return steps.texts(self.lesson_state.lesson.blocks).contacts

    @property
    def answer_path(self) -> str:
        """Where the lesson's questions are answered, after the lesson's own address."""
        last = steps.steps_of(self.lesson_state.lesson)[-1]
        return f"/{last}" if last != Step.WHOLE else ""

    @property
    def shows_right_and_wrong(self) -> bool:
        """A pretest tells neither (course-format.md)."""
        return self.lesson_state.lesson.kind != LessonKind.PRETEST


def review_page(session: Session, course: Course, number: int, learner: Learner) -> ReviewPage:
    """The latest attempt's answers with right, wrong and why. Without an attempt there is no such page."""
    state = state_of(course, queries.training_record(session, learner.person_id), learner)
    here = lesson_at(state, number)
    attempt = queries.latest_attempt(session, learner.person_id, here.lesson.key)
    if attempt is None:
        raise NotFound
    completion = state.completion if attempt.made_completion else None
    certificate = queries.certificate(session, completion.id, learner.person_id) if completion else None
    answered = _answered(course, here.lesson, attempt, learner)
    return ReviewPage(course, state, here, attempt, answered, certificate)


def _answered(
    course: Course, lesson: Lesson, attempt: AttemptReview, learner: Learner
) -> tuple[tuple[Question, QuestionResult], ...]:
    """The asked questions in the order they were shown, judged by the text as it stands now."""
    stored = attempt.answers or {}
    drawn = drawing.arrange(lesson, tuple(stored), learner.person_id, attempt.number, learner.key)
    asked = [question for question in drawn.questions if question.id in stored]
    reply = replies.read_stored(stored).only(asked)
    return tuple(zip(asked, grading.grade(lesson.kind, asked, reply, course.pass_mark).results, strict=True))
