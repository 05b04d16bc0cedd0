"""An ordinary lesson in three short pages: *Läs · Öva · Kontrollera*. Which a lesson has, and what stands on
each. Pure.

A pretest, a final test and a lesson of a minute or two are one page, and so is the short version of a hard
lesson with all its questions (pages.md, rule 4).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from elearn.content.course import Lesson, LessonKind, Question
from elearn.content.prose import ContactRows, Jump, Prose

Block: TypeAlias = Prose | Question
ONE_PAGE_MINUTES = 2
SHORT_VERSION = '<h2 id="kort-version">'


class Step(StrEnum):
    """A page of a lesson; the value is what its form and its address say."""

    WHOLE = "allt"
    READ = "las"
    PRACTISE = "ova"
    CHECK = "kontrollera"


@dataclass(frozen=True, slots=True)
class Texts:
    """A lesson's text by where it is shown. ``reading``: before the questions are through, without the short
    version; ``ending``: what the author wrote after the last question; ``contacts``:
    where to turn, which stands on every page."""

    reading: tuple[Block, ...]
    ending: tuple[Block, ...]
    contacts: Prose | None


def steps_of(lesson: Lesson) -> tuple[Step, ...]:
    """The lesson's pages, in order. What is not asked has no page, and what takes no longer than
    ``ONE_PAGE_MINUTES`` is not parted."""
    if lesson.kind != LessonKind.LESSON or lesson.minutes <= ONE_PAGE_MINUTES:
        return (Step.WHOLE,)
    practised, checked = (
        questions_at(Step.PRACTISE, lesson.questions),
        questions_at(Step.CHECK, lesson.questions),
    )
    asked = ((Step.PRACTISE, practised), (Step.CHECK, checked))
    return (Step.READ, *(step for step, questions in asked if questions))


def questions_at(step: Step, questions: Iterable[Question]) -> tuple[Question, ...]:
    """Those with something to answer on this page: decisions are practised, what is graded is checked."""
    answered = tuple(question for question in questions if question.kind.is_answered)
    if step == Step.PRACTISE:
        return tuple(question for question in answered if not question.is_graded)
    if step == Step.CHECK:
        return tuple(question for question in answered if question.is_graded)
    return answered if step == Step.WHOLE else ()


def texts(blocks: Iterable[Block]) -> Texts:
    """A lesson's blocks, without the questions that are answered: of a lesson without them all is reading.
    The contacts are its last section, if that has any."""
    before: list[Block] = []
    after: list[Block] = []
    is_asked = False
    for block in blocks:
        if isinstance(block, Question) and block.kind.is_answered:
            before, after, is_asked = before + after, [], True
        else:
            after.append(block)
    contacts = after[-1] if after and isinstance(after[-1], Prose) and _has_contacts(after[-1]) else None
    if contacts:
        after.pop()
    if not is_asked:
        before, after = after, []
    # Who reads the whole text does not read its summary first.
    reading = tuple(block for block in before if isinstance(block, Question) or not is_short_version(block))
    return Texts(reading, tuple(after), contacts)


def is_short_version(prose: Prose) -> bool:
    """Whether it is the section ``## Kort version``."""
    return bool(prose.parts) and str(prose.parts[0]).startswith(SHORT_VERSION)


def _has_contacts(prose: Prose) -> bool:
    return any(isinstance(part, ContactRows) for part in prose.parts)


def short_version(blocks: Iterable[Block]) -> tuple[Prose, ...]:
    """What a hard lesson's reader may read in place of its text: from its beginning to the end of the short
    version, without the links that lead there. () where the lesson has none."""
    read: list[Prose] = []
    for block in blocks:
        if isinstance(block, Question):
            return ()
        read.append(Prose(tuple(part for part in block.parts if not isinstance(part, Jump))))
        if is_short_version(block):
            return tuple(read)
    return ()
