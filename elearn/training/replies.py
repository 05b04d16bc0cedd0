"""What was answered, as one set of (question, row, value): read once at the door and never normalised again
(architecture.md, "What travels"). Grading, the tally, storage and the form shown again all take it as it is.

The row is "" for a question without rows. The value is a choice's key, or an ordering's position.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from elearn.content.course import Field, Question

LONGEST_POSITION = 3  # characters kept of what was typed as a position; the form asks for two at most


class Form(Protocol):
    """What a web framework gives of a sent form: every value of a field, in the order sent."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """The answers to any number of questions. Two replies with the same answers are equal."""

    answers: frozenset[tuple[str, str, str]] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.answers)

    def to(self, question: Question) -> frozenset[tuple[str, str]]:
        """What was answered to this question: (row, value)."""
        return frozenset((row, value) for answered, row, value in self.answers if answered == question.id)

    def chosen(self, question: Question) -> frozenset[str]:
        """The keys of the choices that were made, in a question without rows."""
        return frozenset(value for row, value in self.to(question) if not row)

    def by_row(self, question: Question) -> dict[str, str]:
        """The position or the choice's key of every row that was answered."""
        return dict(sorted(self.to(question)))

    def only(self, questions: Iterable[Question]) -> "Reply":
        """The part that answers these questions with what they have: other questions, rows and choices are
        left out."""
        return Reply(
            frozenset(
                (question.id, row, value)
                for question in questions
                for row, value in self.to(question)
                if row in rows_of(question) and (value in values_of(question) or _is_position(question))
            )
        )

    def stored(self, question_ids: Iterable[str]) -> dict[str, list[list[str]]]:
        """As an attempt keeps it: question id -> [row, value] …, for every question asked, in the order
        shown."""
        kept: dict[str, list[list[str]]] = {question_id: [] for question_id in question_ids}
        for question_id, row, value in sorted(self.answers):
            if question_id in kept:
                kept[question_id].append([row, value])
        return kept


NO_REPLY = Reply()


def parse(questions: Iterable[Question], form: Form) -> Reply:
    """What a lesson's form says, by the names of pages.md: a field per question, ``<id>``, or per row,
    ``<id>.<row key>``.

    Whatever the questions do not have counts for nothing (S16): a field with a choice that is not there is as
    if it had not been sent, so that a changed lesson's answers are never graded in part."""
    answers: set[tuple[str, str, str]] = set()
    for question in questions:
        for row in rows_of(question):
            values = _values(question, form.getlist(f"{question.id}.{row}" if row else question.id))
            answers.update((question.id, row, value) for value in values)
    return Reply(frozenset(answers))


def read_stored(stored: Mapping[str, Any]) -> Reply:
    """What ``Reply.stored`` made."""
    return Reply(
        frozenset((question_id, row, value) for question_id, pairs in stored.items() for row, value in pairs)
    )


def rows_of(question: Question) -> tuple[str, ...]:
    """The rows that take an answer: the one row "" where the question is answered as a whole."""
    if not question.kind.is_answered:
        return ()
    return tuple(row.key for row in question.rows) if question.kind.has_rows else ("",)


def values_of(question: Question) -> frozenset[str]:
    """What may be answered in each row."""
    if question.kind.field == Field.POSITIONS:
        return frozenset(str(position) for position in range(1, len(question.rows) + 1))
    return frozenset(choice.key for choice in question.choices)


def _is_position(question: Question) -> bool:
    """A position that does not exist is kept, so that grading can say so."""
    return question.kind.field == Field.POSITIONS


def _values(question: Question, sent: list[str]) -> Iterable[str]:
    """The values of one field. A position may be written with a space or as 02; 0 stays."""
    if _is_position(question):
        position = "".join(sent[:1]).strip()[:LONGEST_POSITION]
        return [position.lstrip("0") or position] if position else []
    chosen = [value for value in (sent if question.kind.takes_several else sent[:1]) if value]
    return chosen if values_of(question).issuperset(chosen) else []
