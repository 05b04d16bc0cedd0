"""Which questions an attempt asks, and in which order everything is shown; and the signed field that carries
it in the form.

Nothing is stored: chance comes from an HMAC over person, lesson, attempt number and the lesson's hash, so the
same page is the same on every reload, device and worker, and the next attempt is new (architecture.md, "An
attempt").
"""

import hashlib
import hmac
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from itsdangerous import BadData, URLSafeSerializer

from elearn.content.course import Lesson, Prose, Question, QuestionKind, Row
from elearn.errors import Invalid

T = TypeVar("T")
WORD_BYTES = 4


@dataclass(frozen=True, slots=True)
class Drawn:
    """A lesson as one attempt shows it: the blocks in order, each question's choices and rows in the order
    shown."""

    lesson_key: str
    number: int
    blocks: tuple[Prose | Question, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Those with something to answer, in the order shown."""
        return tuple(b for b in self.blocks if isinstance(b, Question) and b.kind != QuestionKind.REFLECT)

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


class _Chance:
    """An endless stream of unbiased choices, fixed by the key and by what it is for."""

    def __init__(self, key: bytes, purpose: str) -> None:
        self._seed = hmac.digest(key, purpose.encode(), "sha256")
        self._words = self._stream()

    @classmethod
    def of_attempt(cls, key: bytes, lesson: Lesson, person_id: int, number: int, purpose: str) -> "_Chance":
        """``purpose``: what is drawn. No part has a line break, so no two join to the same."""
        return cls(key, f"drawing\n{person_id}\n{lesson.key}\n{number}\n{lesson.hash}\n{purpose}")

    def _stream(self) -> Iterator[int]:
        for counter in itertools.count():
            block = hmac.digest(self._seed, counter.to_bytes(8), "sha256")
            for start in range(0, len(block), WORD_BYTES):
                yield int.from_bytes(block[start : start + WORD_BYTES])

    def below(self, limit: int) -> int:
        """0 … limit - 1, each equally likely: the words above the largest multiple of the limit are thrown
        away."""
        whole = 2 ** (8 * WORD_BYTES) // limit * limit
        return next(word for word in self._words if word < whole) % limit

    def shuffled(self, items: Sequence[T]) -> tuple[T, ...]:
        """Fisher and Yates."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            chosen = self.below(last + 1)
            mixed[last], mixed[chosen] = mixed[chosen], mixed[last]
        return tuple(mixed)


def draw(lesson: Lesson, person_id: int, number: int, key: bytes) -> Drawn:
    """The lesson as this person's attempt ``number`` (1…) shows it. Without ``dra`` every question stands in
    its own place."""
    order = [question.id for question in lesson.questions]
    if lesson.draw is not None:
        order = _drawn_ids(
            lesson, lesson.draw, _Chance.of_attempt(key, lesson, person_id, number, "questions")
        )
    return arrange(lesson, order, person_id, number, key)


def arrange(lesson: Lesson, question_ids: Sequence[str], person_id: int, number: int, key: bytes) -> Drawn:
    """The lesson with these questions in this order: how an attempt that was drawn before is shown again.

    The graded ones fill the places that the author gave them, in the order of ``question_ids``; ids that the
    lesson no longer has are passed over. Scenarios and reflections are never drawn away: they stand where
    they stand.
    """
    graded = {question.id: question for question in lesson.questions if question.is_graded}
    asked_ids = [question_id for question_id in question_ids if question_id in graded]
    turn = iter(asked_ids)
    blocks: list[Prose | Question] = []
    for block in lesson.blocks:
        if isinstance(block, Prose):
            blocks.append(block)
        elif not block.is_graded or block.id in asked_ids:
            question = graded[next(turn)] if block.is_graded else block
            chance = _Chance.of_attempt(key, lesson, person_id, number, f"options {question.id}")
            blocks.append(_mixed(question, lesson.is_shuffled, chance))
    return Drawn(lesson.key, number, tuple(blocks))


def _drawn_ids(lesson: Lesson, draw_count: int, chance: _Chance) -> list[str]:
    """``dra`` and ``dra måste``: the musts (all, or as many as are asked for), then others up to the number;
    then all mixed. Only a bank with too few others is filled up with the musts that are left."""
    graded = [question for question in lesson.questions if question.is_graded]
    musts = chance.shuffled([question.id for question in graded if question.must_be_right])
    others = chance.shuffled([question.id for question in graded if not question.must_be_right])
    sure = musts[: lesson.draw_must]
    rest = (*others, *musts[len(sure) :])
    return list(chance.shuffled(sure + rest[: max(draw_count - len(sure), 0)]))


def _mixed(question: Question, is_shuffled: bool, chance: _Chance) -> Question:
    """The question with its options in a new order. ``blanda: nej`` keeps the author's, save where that order
    is the answer: the rows of an ordering, and the choices of a matching, which stand in the table beside
    their rows."""
    if question.kind == QuestionKind.ORDER:
        return replace(question, rows=_wrongly_ordered(question, chance))
    if question.kind == QuestionKind.MATCH:
        rows = chance.shuffled(question.rows) if is_shuffled else question.rows
        return replace(question, rows=rows, choices=chance.shuffled(question.choices))
    return replace(question, choices=chance.shuffled(question.choices)) if is_shuffled else question


def _wrongly_ordered(question: Question, chance: _Chance) -> tuple[Row, ...]:
    """Any order but the right one, each equally likely. (One row has no other.)"""
    while True:
        rows = chance.shuffled(question.rows)
        positions = [int(row.answer) for row in rows]
        if positions != sorted(positions) or len(rows) < 2:
            return rows


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
        raise Invalid("Formuläret går inte att läsa. Öppna avsnittet på nytt och svara igen.") from None
    return SignedAttempt(lesson, number, edition, lesson_hash, tuple(question_ids))


def _serializer(person_id: int, key: bytes) -> URLSafeSerializer:
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(key, salt=f"attempt:{person_id}", signer_kwargs=options)
