"""Which questions an attempt asks, and in which order everything is shown; and the signed field that carries
it in the form.

Nothing is stored: chance comes from an HMAC over person, lesson, attempt number and the lesson's hash, so the
same page is the same on every reload, device and worker, and the next attempt is new (architecture.md, "An
attempt").
"""

import hashlib
import hmac
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from itsdangerous import BadData, URLSafeSerializer

from elearn.content.course import Choice, Field, Lesson, LessonKind, Question, Row
from elearn.content.prose import Prose
from elearn.errors import Invalid
from elearn.training import outcome_draw

Item = TypeVar("Item", Choice, Row)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A lesson as one attempt shows it: the blocks in order, each question's choices and rows in the order
    shown."""

    number: int
    blocks: tuple[Prose | Question, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Those with something to answer, in the order shown."""
        return tuple(b for b in self.blocks if isinstance(b, Question) and b.kind.is_answered)

    @property
    def question_ids(self) -> tuple[str, ...]:
        return tuple(question.id for question in self.questions)


@dataclass(frozen=True, slots=True)
class SignedAttempt:
    """What the form carried back: which attempt at which text it answers."""

    lesson: str
    number: int
    edition: int
    hash: str
    question_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Order:
    """An order for anything that an attempt shows, fixed by the secret key, the attempt and the lesson's
    text."""

    key: bytes
    person_id: int
    lesson: Lesson
    number: int

    def of(self, names: Iterable[str], purpose: str) -> list[str]:
        """These names in the order that their HMACs have: each order is equally likely. No part has a line
        break, so no two join to the same."""
        attempt = (
            f"drawing\n{self.person_id}\n{self.lesson.key}\n{self.number}\n{self.lesson.hash}\n{purpose}\n"
        )
        return sorted(names, key=lambda name: hmac.digest(self.key, (attempt + name).encode(), "sha256"))


def draw(lesson: Lesson, person_id: int, number: int, key: bytes) -> Drawn:
    """The lesson as this person's attempt ``number`` (1…) shows it. Without ``dra`` every question stands in
    its own place."""
    asked_ids = [question.id for question in lesson.questions]
    if lesson.has_outcomes:
        asked_ids = _by_outcome(lesson, person_id, number, key)
    elif lesson.draw is not None:
        asked_ids = _drawn_ids(lesson, lesson.draw, _Order(key, person_id, lesson, number))
    return arrange(lesson, asked_ids, person_id, number, key)


def arrange(lesson: Lesson, question_ids: Sequence[str], person_id: int, number: int, key: bytes) -> Drawn:
    """The lesson with these questions in this order: how an attempt that was drawn before is shown again.

    The graded ones fill the places that the author gave them, in the order of ``question_ids``; ids that the
    lesson no longer has are passed over. Scenarios and reflections are never drawn away: they stand where
    they stand.
    """
    graded = {question.id: question for question in lesson.questions if question.is_graded}
    asked_ids = [question_id for question_id in question_ids if question_id in graded]
    next_ids, order = iter(asked_ids), _Order(key, person_id, lesson, number)
    blocks: list[Prose | Question] = []
    for block in lesson.blocks:
        if isinstance(block, Prose):
            blocks.append(block)
        elif not block.is_graded or block.id in asked_ids:
            question = graded[next(next_ids)] if block.is_graded else block
            blocks.append(_mixed(question, _is_shuffled(lesson, question), order))
    return Drawn(number, tuple(blocks))


def _is_shuffled(lesson: Lesson, question: Question) -> bool:
    """A scenario before or after a course (the threshold) is a row of steps: it is read in the author's
    order."""
    return lesson.is_shuffled and (question.is_graded or lesson.kind == LessonKind.LESSON)


def _by_outcome(lesson: Lesson, person_id: int, number: int, key: bytes) -> list[str]:
    """The person's order outlives an edit of the lesson: it goes without its hash."""
    kept = replace(lesson, hash="")
    return outcome_draw.asked_ids(
        lesson, number, _Order(key, person_id, kept, 0).of, lambda turn: _Order(key, person_id, kept, turn).of
    )


def can_draw(lesson: Lesson, question_ids: Sequence[str]) -> bool:
    """Whether a draw from the lesson as it stands now could ask exactly these questions: not once one of them
    is gone, or a new one must be asked."""
    graded = [question for question in lesson.questions if question.is_graded]
    asked = [question for question in graded if question.id in question_ids]
    if lesson.has_outcomes:
        return len(asked) == len(question_ids) and outcome_draw.can_ask(lesson, asked)
    must_count = sum(question.must_be_right for question in graded)
    sure = must_count if lesson.draw_must is None else min(lesson.draw_must, must_count)
    count = len(graded) if lesson.draw is None else min(max(lesson.draw, sure), len(graded))
    is_known = {question.id for question in lesson.questions}.issuperset(question_ids)
    return is_known and len(asked) == count and sum(question.must_be_right for question in asked) >= sure


def _drawn_ids(lesson: Lesson, draw_count: int, order: _Order) -> list[str]:
    """``dra`` and ``dra måste``: the musts (all, or as many as are asked for), then others up to the number;
    then all mixed. Only a bank with too few others is filled up with the musts that are left."""
    graded = [question for question in lesson.questions if question.is_graded]
    musts = order.of((question.id for question in graded if question.must_be_right), "musts")
    others = order.of((question.id for question in graded if not question.must_be_right), "others")
    sure = musts[: lesson.draw_must]
    rest = [*others, *musts[len(sure) :]]
    return order.of(sure + rest[: max(draw_count - len(sure), 0)], "asked")


def _mixed(question: Question, is_shuffled: bool, order: _Order) -> Question:
    """The question with its options in a new order. ``blanda: nej`` keeps the author's, save where that order
    is the answer: the rows of an ordering, and the choices of a matching, which stand in the table beside
    their rows."""
    rows, choices = question.rows, question.choices
    if question.kind.field == Field.POSITIONS:
        rows = _wrongly_ordered(question, order)
    elif is_shuffled:
        rows = _in_order(rows, order, f"rows {question.id}")
    if is_shuffled or question.kind.field == Field.CHOICE_LISTS:
        choices = _in_order(choices, order, f"choices {question.id}")
    return replace(question, rows=rows, choices=choices)


def _in_order(items: tuple[Item, ...], order: _Order, purpose: str) -> tuple[Item, ...]:
    by_key = {item.key: item for item in items}
    return tuple(by_key[key] for key in order.of(by_key, purpose))


def _wrongly_ordered(question: Question, order: _Order) -> tuple[Row, ...]:
    """Any order but the right one, each equally likely. (One row has no other.)"""
    for turn in itertools.count():
        rows = _in_order(question.rows, order, f"rows {question.id} {turn}")
        positions = [int(row.answer) for row in rows]
        if positions != sorted(positions) or len(rows) < 2:
            return rows
    raise AssertionError  # itertools.count never ends


def sign_attempt(lesson: Lesson, drawn: Drawn, person_id: int, key: bytes) -> str:
    """The form's field ``attempt``. It is this person's alone: with another's id the signature is wrong."""
    return _serializer(person_id, key).dumps(
        [lesson.key, drawn.number, lesson.edition, lesson.hash, drawn.question_ids]
    )


def read_attempt(field: str, person_id: int, key: bytes) -> SignedAttempt:
    """What ``sign_attempt`` signed for this person, or ``Invalid``."""
    try:
        lesson, number, edition, lesson_hash, question_ids = _serializer(person_id, key).loads(field)
    except (BadData, ValueError, TypeError):
        raise Invalid(
            "Svaren hör till någon annan, eller så går de inte att läsa. Logga in som den som svarade, eller "
            "öppna avsnittet på nytt."
        ) from None
    return SignedAttempt(lesson, number, edition, lesson_hash, tuple(question_ids))


def _serializer(person_id: int, key: bytes) -> URLSafeSerializer:
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(key, salt=f"attempt:{person_id}", signer_kwargs=options)
