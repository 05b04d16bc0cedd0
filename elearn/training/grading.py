"""Was it right? One question is one point, all or nothing; the rules per kind of lesson are
course-format.md's "Done" and "Completed". Pure: questions and answers in, a grade out.

Every kind of question is judged in the same way: an answer is a set of (row, value) pairs, and it is right
when it is exactly the set of right ones. Questions without rows have the one row ``""``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from elearn.content.course import LessonKind, Question, QuestionKind

# What was sent: SINGLE and SCENARIO a choice key, MULTIPLE choice keys, ORDER row key -> position, MATCH row
# key -> choice key.
Answer: TypeAlias = str | Sequence[str] | Mapping[str, str] | None
Answers: TypeAlias = Mapping[str, Answer]  # by question id
Pairs: TypeAlias = tuple[tuple[str, str], ...]

WITH_ROWS = frozenset({QuestionKind.ORDER, QuestionKind.MATCH})


class FaultKind(StrEnum):
    MISSING = "missing"  # a graded question, or some of its rows, has no answer
    UNKNOWN = "unknown"  # a choice or row that the question does not have
    POSITIONS = "positions"  # an ordering's positions are not 1..n, each once


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an answer cannot be graded. ``rows`` are the keys of the rows at fault, in the question's order."""

    question_id: str
    kind: FaultKind
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row of an ordering or a matching: ``chosen`` is the position or the choice key, "" if none."""

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

    def row(self, key: str) -> RowResult | None:
        return next((row for row in self.rows if row.key == key), None)


@dataclass(frozen=True, slots=True)
class Grade:
    """``asked_count`` is of graded questions. ``has_passed`` means done for an ordinary lesson, passed for a
    final test."""

    results: tuple[QuestionResult, ...]
    right_count: int
    asked_count: int
    must_all_right: bool
    has_passed: bool

    def result(self, question_id: str) -> QuestionResult | None:
        return next((result for result in self.results if result.question_id == question_id), None)


def grade(kind: LessonKind, questions: Sequence[Question], answers: Answers, pass_mark: Fraction) -> Grade:
    """Grade the questions that were asked. Answers to others, and anything else that was sent, count for
    nothing (S16)."""
    results = tuple(_result(question, answers.get(question.id)) for question in questions)
    judged = [
        (question, result.is_right)
        for question, result in zip(questions, results, strict=True)
        if question.is_graded
    ]
    right_count = sum(bool(is_right) for _, is_right in judged)
    must_all_right = all(is_right for question, is_right in judged if question.must_be_right)
    match kind:
        case LessonKind.PRETEST:
            has_passed = True
        case LessonKind.FINAL_TEST:
            has_passed = bool(judged) and must_all_right and Fraction(right_count, len(judged)) >= pass_mark
        case LessonKind.LESSON:
            has_passed = must_all_right and not missing(questions, answers)
    return Grade(results, right_count, len(judged), must_all_right, has_passed)


def missing(questions: Iterable[Question], answers: Answers) -> tuple[str, ...]:
    """The ids of the graded questions that are not, or not wholly, answered."""
    return tuple(
        q.id for q in questions if q.is_graded and _unanswered_rows(q, pairs(q, answers.get(q.id)) or ())
    )


def faults(kind: LessonKind, questions: Iterable[Question], answers: Answers) -> tuple[Fault, ...]:
    """Why these answers cannot be graded, at most one fault a question. A pretest is sent answered or not."""
    found = (_fault(question, answers.get(question.id)) for question in questions)
    return tuple(
        fault for fault in found if fault and (kind != LessonKind.PRETEST or fault.kind == FaultKind.UNKNOWN)
    )


def fitting(questions: Iterable[Question], answers: Answers) -> dict[str, Answer]:
    """Of these answers what the questions still know, cleaned: what a form shown again may keep."""
    kept = {
        q.id: _answer(q, tuple(p for p in pairs(q, answers.get(q.id)) or () if p in _allowed(q)))
        for q in questions
    }
    return {question_id: answer for question_id, answer in kept.items() if answer}


def pairs(question: Question, answer: Answer) -> Pairs | None:
    """An answer as (row, value) pairs, each once and none empty; None if it has not the shape of this kind of
    question."""
    if not answer:
        return ()
    if question.kind in WITH_ROWS:
        if not isinstance(answer, Mapping):
            return None
        return tuple((row, value) for row, text in answer.items() if (value := _value(question, text)))
    if isinstance(answer, Mapping) or isinstance(answer, str) == (question.kind == QuestionKind.MULTIPLE):
        return None
    return tuple(("", key) for key in dict.fromkeys([answer] if isinstance(answer, str) else answer) if key)


def _value(question: Question, text: str) -> str:
    """A position may be written with a space or as 02; 0 stays, so that it is told to be no position."""
    if question.kind != QuestionKind.ORDER:
        return text
    position = text.strip()
    return position.lstrip("0") or position


def _answer(question: Question, sent: Pairs) -> Answer:
    """The pairs in the shape of this kind of question again."""
    if question.kind in WITH_ROWS:
        return dict(sent)
    keys = tuple(key for _, key in sent)
    return keys if question.kind == QuestionKind.MULTIPLE else next(iter(keys), None)


def _rows(question: Question) -> tuple[str, ...]:
    return tuple(row.key for row in question.rows) if question.kind in WITH_ROWS else ("",)


def _allowed(question: Question) -> frozenset[tuple[str, str]]:
    if question.kind == QuestionKind.ORDER:
        values = [str(position) for position in range(1, len(question.rows) + 1)]
    else:
        values = [choice.key for choice in question.choices]
    return frozenset((row, value) for row in _rows(question) for value in values)


def _right(question: Question) -> frozenset[tuple[str, str]]:
    if question.kind in WITH_ROWS:
        return frozenset((row.key, row.answer) for row in question.rows)
    return frozenset(("", choice.key) for choice in question.choices if choice.is_right)


def _unanswered_rows(question: Question, sent: Pairs) -> tuple[str, ...]:
    answered = {row for row, _ in sent}
    return tuple(row for row in _rows(question) if row not in answered)


def _fault(question: Question, answer: Answer) -> Fault | None:
    sent = pairs(question, answer)
    if sent is None or any(row not in _rows(question) for row, _ in sent):
        return Fault(question.id, FaultKind.UNKNOWN)
    unanswered = _unanswered_rows(question, sent) if question.is_graded else ()
    if question.kind == QuestionKind.ORDER and not unanswered:
        counts = Counter(position for _, position in sent)
        wrong = {
            row for row, position in sent if counts[position] > 1 or (row, position) not in _allowed(question)
        }
        return (
            Fault(question.id, FaultKind.POSITIONS, tuple(row for row in _rows(question) if row in wrong))
            if wrong
            else None
        )
    if question.kind != QuestionKind.ORDER and not _allowed(question).issuperset(sent):
        return Fault(question.id, FaultKind.UNKNOWN)
    return (
        Fault(question.id, FaultKind.MISSING, tuple(row for row in unanswered if row)) if unanswered else None
    )


def _result(question: Question, answer: Answer) -> QuestionResult:
    sent = pairs(question, answer) or ()
    right = _right(question)
    is_right = frozenset(sent) == right if question.is_graded else None
    if question.kind in WITH_ROWS:
        chosen = dict(sent)
        rows = [
            RowResult(row, chosen.get(row, ""), (row, chosen.get(row, "")) in right)
            for row in _rows(question)
        ]
        return QuestionResult(question.id, is_right, rows=tuple(rows))
    keys = {key for _, key in sent}
    return QuestionResult(
        question.id, is_right, chosen=tuple(c.key for c in question.choices if c.key in keys)
    )
