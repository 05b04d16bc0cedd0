"""What people know, and not how many have clicked: the pretest against the final test, each outcome, the
threshold before and after, and every question with what was chosen.

Worked out from the copies of the tallies alone (training/tallies.py): first attempts, of at least ten, in
nobody's name and in no unit's. A role is its course. What has been taken out of the courses, or put in other
words, is told as such.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from elearn.content.catalog import Catalog
from elearn.content.course import Course, CourseStep, Field, Lesson, LessonKind, Question, QuestionKind
from elearn.training.tallies import SMALLEST_GROUP, ShownQuestion

TAG = re.compile(r"<[^>]+>")
SUSPICION = "misstänk"  # in the step of the threshold where the law's duty begins
GOAL = Fraction(9, 10)  # of those who have taken the course are to act on a suspicion


@dataclass(frozen=True, slots=True)
class Share:
    """So many answers of so many."""

    count: int
    of: int

    @property
    def share(self) -> Fraction:
        """Exact, between 0 and 1."""
        return Fraction(self.count, self.of)


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that could be answered: how many did. ``is_right`` is None where nothing is right or wrong;
    ``line`` is that of the file."""

    text: str
    count: int
    is_right: bool | None
    line: int


@dataclass(frozen=True, slots=True)
class QuestionKnowledge:
    """One question, in every course that has it together. ``right`` is None where nothing is right or wrong.
    ``gone_count``: answers that the question does not have any more."""

    question: Question
    lesson: Lesson
    courses: tuple[str, ...]
    answered_count: int
    right: Share | None
    answers: tuple[Answer, ...]
    gone_count: int

    @property
    def prompt(self) -> str:
        """As plain text."""
        return plain(self.question.prompt)

    @property
    def place(self) -> str:
        """File and line, as ``courses check`` writes them."""
        return f"{self.lesson.path}:{self.question.line}"

    @property
    def temptation(self) -> Answer | None:
        """The wrong answer that most have given, if any has been given."""
        wrong = [answer for answer in self.answers if answer.is_right is False and answer.count]
        return max(wrong, key=lambda answer: answer.count, default=None)


@dataclass(frozen=True, slots=True)
class OutcomeKnowledge:
    """A learning outcome: of the answers to its questions in the final test, those that were right the first
    time."""

    name: str
    text: str
    is_decisive: bool
    right: Share | None


@dataclass(frozen=True, slots=True)
class CourseKnowledge:
    """A base course, which stands for its job roles. Each share is None until ten have answered.
    ``before`` and ``after``: who would act on a suspicion."""

    slug: str
    title: str
    job_roles: tuple[str, ...]
    pretest: Share | None
    final: Share | None
    before: Share | None
    after: Share | None
    outcomes: tuple[OutcomeKnowledge, ...]


@dataclass(frozen=True, slots=True)
class GoneQuestion:
    """A question that no lesson has any more."""

    id: str
    answered_count: int


@dataclass(frozen=True, slots=True)
class Knowledge:
    """``questions``: those with a right answer, the hardest first. ``decisions``: those without, in the order
    of their files."""

    courses: tuple[CourseKnowledge, ...]
    questions: tuple[QuestionKnowledge, ...]
    decisions: tuple[QuestionKnowledge, ...]
    gone: tuple[GoneQuestion, ...]

    @property
    def before(self) -> Share | None:
        """Who would act on a suspicion, of everybody, before the course."""
        return _together(course.before for course in self.courses)

    @property
    def after(self) -> Share | None:
        """The same after it."""
        return _together(course.after for course in self.courses)


def _together(shares: Iterable[Share | None]) -> Share | None:
    known = [share for share in shares if share]
    return Share(sum(one.count for one in known), sum(one.of for one in known)) if known else None


def knowledge(catalog: Catalog, shown: Iterable[ShownQuestion], course: str | None = None) -> Knowledge:
    """All of it. ``course``: the questions as they were answered in that course alone."""
    copies = tuple(shown)
    asked = [copy for copy in copies if course in (None, copy.course)]
    taught = {
        question.id: (lesson, question)
        for each in catalog.courses.values()
        for lesson in each.lessons
        for question in lesson.questions
    }
    by_question: dict[str, list[ShownQuestion]] = {}
    for copy in asked:
        by_question.setdefault(copy.question_id, []).append(copy)
    found = [_question(*taught[id], those) for id, those in by_question.items() if id in taught]
    gone = (
        GoneQuestion(id, sum(copy.answered_count for copy in those))
        for id, those in by_question.items()
        if id not in taught
    )
    return Knowledge(
        courses=tuple(
            _course(one, copies) for one in catalog.courses.values() if one.step == CourseStep.BASE
        ),
        questions=tuple(sorted((one for one in found if one.right), key=_hardness)),
        decisions=tuple(sorted((one for one in found if not one.right), key=_in_file)),
        gone=tuple(sorted(gone, key=lambda question: question.id)),
    )


def plain(text: str) -> str:
    """Inline HTML as the words that are read."""
    return html.unescape(TAG.sub("", text))


def _hardness(one: QuestionKnowledge) -> tuple[Fraction, int, str, int]:
    share = one.right.share if one.right else Fraction(1)
    return share, -one.answered_count, *_in_file(one)


def _in_file(one: QuestionKnowledge) -> tuple[str, int]:
    return one.lesson.path, one.question.line


def _question(lesson: Lesson, question: Question, copies: Sequence[ShownQuestion]) -> QuestionKnowledge:
    counts = sum((Counter(copy.choices) for copy in copies), Counter[str]())
    possible = _possible(question)
    answered_count = sum(copy.answered_count for copy in copies)
    right = Share(sum(copy.right_count for copy in copies), answered_count) if question.is_graded else None
    return QuestionKnowledge(
        question=question,
        lesson=lesson,
        courses=tuple(sorted(copy.course for copy in copies)),
        answered_count=answered_count,
        right=right,
        answers=tuple(Answer(text, counts[key], is_right, line) for key, text, is_right, line in possible),
        gone_count=counts.total() - sum(counts[key] for key, *_ in possible),
    )


def _possible(question: Question) -> list[tuple[str, str, bool | None, int]]:
    """What may be answered: its key in the tally, its words, whether it is right, and its line."""
    if not question.kind.has_rows:
        return [
            (choice.key, plain(choice.text), choice.is_right if question.is_graded else None, choice.line)
            for choice in question.choices
        ]
    if question.kind.field == Field.POSITIONS:
        values = [(str(place), f"som nummer {place}") for place in range(1, len(question.rows) + 1)]
    else:
        values = [(choice.key, plain(choice.text)) for choice in question.choices]
    return [
        (f"{row.key}={value}", f"{plain(row.text)} → {words}", value == row.answer, row.line)
        for row in question.rows
        for value, words in values
    ]


def _course(course: Course, copies: Iterable[ShownQuestion]) -> CourseKnowledge:
    own = {copy.question_id: copy for copy in copies if copy.course == course.slug}
    pretest = [q for lesson in course.lessons if lesson.kind == LessonKind.PRETEST for q in lesson.questions]
    final = course.final_test.questions
    return CourseKnowledge(
        slug=course.slug,
        title=course.title,
        job_roles=course.job_roles,
        pretest=_right(own, pretest),
        final=_right(own, final),
        before=_threshold(own, pretest),
        after=_threshold(own, final),
        outcomes=tuple(
            OutcomeKnowledge(
                outcome.name,
                plain(outcome.text),
                outcome.is_decisive,
                _right(own, [question for question in final if question.outcome == outcome.name]),
            )
            for outcome in course.outcomes
        ),
    )


def _right(own: dict[str, ShownQuestion], questions: Iterable[Question]) -> Share | None:
    """Of the answers to those of these questions that have a right one, the right ones."""
    copies = [own[question.id] for question in questions if question.is_graded and question.id in own]
    answered = sum(copy.answered_count for copy in copies)
    return Share(sum(copy.right_count for copy in copies), answered) if answered else None


def _threshold(own: dict[str, ShownQuestion], questions: Iterable[Question]) -> Share | None:
    """``Tröskeln``: a scenario in a test whose answers are steps from a feeling to proof (course-format.md,
    "Questions"). Who chose the step of suspicion or one before it would act."""
    for question in questions:
        steps = [plain(choice.text).casefold() for choice in question.choices]
        law = next((place for place, text in enumerate(steps) if SUSPICION in text), None)
        if question.kind != QuestionKind.SCENARIO or law is None or question.id not in own:
            continue
        counts = [own[question.id].choices.get(choice.key, 0) for choice in question.choices]
        answered = sum(counts)
        return Share(sum(counts[: law + 1]), answered) if answered >= SMALLEST_GROUP else None
    return None
