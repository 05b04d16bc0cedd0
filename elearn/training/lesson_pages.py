"""What a lesson's pages show, step by step."""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

from elearn.content.course import Course, Lesson, LessonKind, Question
from elearn.content.prose import Prose
from elearn.errors import NotFound
from elearn.training import drawing, grading, steps, taught
from elearn.training.drafts import Draft
from elearn.training.drawing import Drawn, SignedAttempt
from elearn.training.grading import QuestionResult
from elearn.training.pages import Learner, lesson_at, state_of
from elearn.training.progress import CourseState, LessonState, TrainingRecord
from elearn.training.steps import Block, Step, Texts


@dataclass(frozen=True, slots=True)
class Stage:
    """One of a lesson's pages, as the row of them shows it. ``is_done``: read, tried or sent."""

    step: Step
    is_done: bool
    is_here: bool


@dataclass(frozen=True)  # without slots: what templates ask for again and again is worked out once
class LessonPage:
    """A page of a lesson as this attempt shows it. ``attempt`` is the form's signed field, "" where there is
    nothing to answer; ``is_short``: the short version with all the questions."""

    course: Course
    state: CourseState
    lesson_state: LessonState
    step: Step
    is_short: bool
    drawn: Drawn
    draft: Draft
    attempt: str = ""

    @property
    def lesson(self) -> Lesson:
        """What is taught on it."""
        return self.lesson_state.lesson

    @property
    def is_locked(self) -> bool:
        """The final test before the other lessons are done: its questions are not shown."""
        return not self.lesson_state.is_unlocked

    @property
    def is_sent_pretest(self) -> bool:
        """Whether its questions have been sent: they are asked once."""
        return self.lesson.kind == LessonKind.PRETEST and self.lesson_state.attempt_count > 0

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What is asked on this page."""
        if self.is_locked or self.is_sent_pretest:
            return ()
        return steps.questions_at(self.step, self.drawn.questions)

    @cached_property
    def form_name(self) -> str:
        """What tells this form from every other: another person's, lesson's or attempt's has another name."""
        return hashlib.sha256(f"{self.step} {self.attempt}".encode()).hexdigest()[:12]

    @cached_property
    def graded(self) -> tuple[Question, ...]:
        """The attempt's graded questions, in the order that numbers them."""
        return tuple(question for question in self.drawn.questions if question.is_graded)

    @cached_property
    def texts(self) -> Texts:
        """The lesson's texts by where they are shown."""
        return steps.texts(self.drawn.blocks)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """What stands on this page, in order: texts and questions. The text after the last question is shown
        once the lesson is sent (``ending``)."""
        texts = self.texts
        if self.is_short:
            return (*steps.short_version(self.drawn.blocks), *self.questions)
        match self.step:
            case Step.READ:
                return texts.reading + (texts.ending if self.lesson_state.is_done else ())
            case Step.WHOLE:
                left_out = {texts.contacts, *texts.ending} if self.questions else {texts.contacts}
                asked = set(self.questions)
                return tuple(
                    block
                    for block in self.drawn.blocks
                    if (block not in left_out if isinstance(block, Prose) else block in asked)
                )
            case _:
                return self.questions

    @property
    def answers_at_once(self) -> bool:
        """Whether every question has a button of its own that shows its feedback."""
        return self.lesson.kind == LessonKind.LESSON

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The lesson's pages."""
        return steps.steps_of(self.lesson)

    @property
    def next_step(self) -> Step | None:
        """The lesson's page after this one; None where this is where it is sent."""
        all_steps = self.steps
        if self.is_short or self.step not in all_steps[:-1]:
            return None
        return all_steps[all_steps.index(self.step) + 1]

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """() for a lesson of one page."""
        all_steps = self.steps
        if len(all_steps) < 2:
            return ()
        practised = steps.questions_at(Step.PRACTISE, self.drawn.questions)
        is_done = {
            Step.READ: self.draft.has_read,
            Step.PRACTISE: all(self.draft.is_opened(question) for question in practised),
            Step.CHECK: False,
        }
        done = self.lesson_state.is_done
        here = None if self.is_short else self.step
        return tuple(Stage(step, done or is_done[step], step == here) for step in all_steps)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """What each question is called: the graded ones 1…, a scenario 0."""
        turn = {question.id: number for number, question in enumerate(self.graded, 1)}
        return {question.id: turn.get(question.id, 0) for question in self.drawn.questions}

    @property
    def needed_count(self) -> int:
        """How many right answers the final test asks for."""
        return grading.needed_count(len(self.graded), self.course.pass_mark)

    @property
    def must_count(self) -> int:
        """How many of the asked questions must be right."""
        return sum(question.must_be_right for question in self.graded)

    @property
    def shows_ending(self) -> bool:
        """Whether the text after the last question stands below the form: where one reads on without an
        answer page between."""
        return self.step == Step.WHOLE and not self.is_short and bool(self.questions)

    @property
    def place(self) -> tuple[str, str] | None:
        """The heading that the reader had reached: (its id, its words)."""
        return next((found for found in taught.headings(self.blocks) if found[0] == self.draft.place), None)

    @cached_property
    def result(self) -> dict[str, QuestionResult]:
        """What there is to tell of each question whose feedback is shown, by its id."""
        opened = [question for question in self.questions if self.draft.is_opened(question)]
        return {question.id: grading.result(question, self.draft.chosen) for question in opened}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page of a lesson is asked for. ``again``: the sent form that is shown again."""

    number: int
    step: Step
    is_short: bool = False
    again: SignedAttempt | None = None


def lesson_page(
    course: Course, learner: Learner, record: TrainingRecord, draft: Draft, asked: Asked
) -> LessonPage:
    """The page for the lesson's next attempt, or, ``again``, as the sent form had it. Only a page with a form
    is drawn and signed. Raises ``NotFound`` for a number or a step that there is not."""
    state = state_of(course, record, learner)
    here = lesson_at(state, asked.number)
    lesson = here.lesson
    is_short = asked.is_short and bool(steps.short_version(lesson.blocks))
    step = Step.WHOLE if is_short else asked.step
    if not is_short and step not in steps.steps_of(lesson):
        raise NotFound
    page = LessonPage(course, state, here, step, is_short, Drawn(draft.number, lesson.blocks), draft)
    if not page.questions:
        return page
    again = asked.again
    if again and again.hash == lesson.hash:
        drawn = drawing.arrange(lesson, again.question_ids, learner.person_id, again.number, learner.key)
    elif draft.asked:
        drawn = drawing.arrange(lesson, draft.asked, learner.person_id, draft.number, learner.key)
    else:
        drawn = drawing.draw(lesson, learner.person_id, draft.number, learner.key)
    attempt = drawing.sign_attempt(lesson, drawn, learner.person_id, learner.key)
    return replace(page, drawn=drawn, attempt=attempt)


def step_reached(lesson: Lesson, draft: Draft) -> Step:
    """Where somebody who comes back goes on."""
    all_steps = steps.steps_of(lesson)
    if not draft.has_read or len(all_steps) == 1:
        return all_steps[0]
    practised = steps.questions_at(Step.PRACTISE, lesson.questions)
    is_practised = all(draft.is_opened(question) for question in practised)
    return all_steps[-1] if is_practised else all_steps[1]
