"""Was it right? One question is one point, all or nothing; the rules per kind of lesson are
course-format.md's "Done" and "Completed". Pure: questions and a reply in, a grade out.

Every kind of question is judged in the same way: it is right when what was answered is exactly the set of
right (row, value).
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from elearn.content.course import Field, LessonKind, Question
from elearn.training.replies import Reply, rows_of, values_of


class FaultKind(StrEnum):
    MISSING = "missing"  # a graded question, or some of its rows, has no answer
    POSITIONS = "positions"  # an ordering's positions are not 1..n, each once


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """Why a reply cannot be graded. ``rows`` are the keys of the rows at fault, in the question's order."""

    question_id: str
    kind: FaultKind
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row of an ordering or a matching: ``chosen`` is the position or the choice's key, "" if none."""

    key: str
    chosen: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """``is_right`` is None where there is no right or wrong; ``chosen`` are choice keys in the question's
    order."""

    question_id: str
    is_right: bool | None
    chosen: tuple[str, ...] = ()
    rows: tuple[RowResult, ...] = ()

    @property
    def is_answered(self) -> bool:
        return bool(self.chosen) or any(row.chosen for row in self.rows)

    def row(self, key: str) -> RowResult | None:
        return next((row for row in self.rows if row.key == key), None)


@dataclass(frozen=True, slots=True)
class Grade:
    """``asked_count`` is of graded questions. ``has_passed`` means done for an ordinary lesson, passed for a
    final test."""

    results: tuple[QuestionResult, ...]
    right_count: int
    asked_count: int
    has_passed: bool

    def result(self, question_id: str) -> QuestionResult | None:
        return next((result for result in self.results if result.question_id == question_id), None)


def grade(kind: LessonKind, questions: Sequence[Question], reply: Reply, pass_mark: Fraction) -> Grade:
    """Grade the questions that were asked. Answers to others count for nothing (S16)."""
    results = tuple(result(question, reply) for question in questions)
    judged = [
        (question, result.is_right)
        for question, result in zip(questions, results, strict=True)
        if question.is_graded
    ]
    right_count = sum(bool(is_right) for _, is_right in judged)
    is_every_must_right = all(is_right for question, is_right in judged if question.must_be_right)
    match kind:
        case LessonKind.PRETEST:
            has_passed = True
        case LessonKind.FINAL_TEST:
            is_enough = bool(judged) and Fraction(right_count, len(judged)) >= pass_mark
            has_passed = is_enough and is_every_must_right
        case LessonKind.LESSON:
            has_passed = is_every_must_right and not any(_unanswered_rows(q, reply) for q in questions)
    return Grade(results, right_count, len(judged), has_passed)


def needed_count(asked_count: int, pass_mark: Fraction) -> int:
    """How many right answers of a final test reach the pass mark (course-format.md, "Completed")."""
    return math.ceil(pass_mark * asked_count)


def faults(kind: LessonKind, questions: Iterable[Question], reply: Reply) -> tuple[AnswerFault, ...]:
    """Why this reply cannot be graded, at most one fault a question. A pretest is sent answered or not."""
    if kind == LessonKind.PRETEST:
        return ()
    return tuple(fault for question in questions if (fault := _fault(question, reply)))


def _fault(question: Question, reply: Reply) -> AnswerFault | None:
    if unanswered := _unanswered_rows(question, reply):
        return AnswerFault(question.id, FaultKind.MISSING, tuple(row for row in unanswered if row))
    if question.kind.field != Field.POSITIONS:
        return None
    answered = reply.to(question)
    counts = Counter(position for _, position in answered)
    wrong = {row for row, position in answered if counts[position] > 1 or position not in values_of(question)}
    rows = tuple(row for row in rows_of(question) if row in wrong)
    return AnswerFault(question.id, FaultKind.POSITIONS, rows) if rows else None


def _unanswered_rows(question: Question, reply: Reply) -> tuple[str, ...]:
    """The rows of a graded question that have no answer."""
    if not question.is_graded:
        return ()
    answered = {row for row, _ in reply.to(question)}
    return tuple(row for row in rows_of(question) if row not in answered)


def _right(question: Question) -> frozenset[tuple[str, str]]:
    if question.kind.has_rows:
        return frozenset((row.key, row.answer) for row in question.rows)
    return frozenset(("", choice.key) for choice in question.choices if choice.is_right)


def result(question: Question, reply: Reply) -> QuestionResult:
    """One question judged."""
    answered, right = reply.to(question), _right(question)
    is_right = answered == right if question.is_graded else None
    if question.kind.has_rows:
        by_row = reply.by_row(question)
        chosen = [(row, by_row.get(row, "")) for row in rows_of(question)]
        rows = [RowResult(row, value, (row, value) in right) for row, value in chosen]
        return QuestionResult(question.id, is_right, rows=tuple(rows))
    keys = tuple(choice.key for choice in question.choices if ("", choice.key) in answered)
    return QuestionResult(question.id, is_right, chosen=keys)
