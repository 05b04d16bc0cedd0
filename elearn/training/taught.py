"""Where a course teaches what a question of its final test asks for. Pure.

That is the lesson with the most questions for the same learning outcome, or, in a course without outcomes,
the first that leans on the same fact: a question names its facts in its explanation and feedback.
"""

import functools
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from elearn.content.course import Course, LessonKind, Question
from elearn.content.prose import EntryNotes, Prose
from elearn.training import steps
from elearn.training.steps import Block

HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
MOST_REMEMBERED = 32  # courses: each edit makes a new one


@dataclass(frozen=True, slots=True)
class TaughtAt:
    """A lesson of the course, and the heading in it; ``anchor`` and ``heading`` are "" at its beginning."""

    number: int
    title: str
    anchor: str
    heading: str


class _Places:
    """A course by its hash, so that asking again walks nothing."""

    def __init__(self, course: Course) -> None:
        self.course = course

    def __hash__(self) -> int:
        return hash(self.course.hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Places) and self.course.hash == other.course.hash


def place_of(course: Course, question: Question) -> TaughtAt | None:
    """Where to read again, or None when no lesson asks for the question's outcome or leans on a fact that it
    names."""
    if question.outcome:
        return place_of_outcome(course, question.outcome)
    places = _places(_Places(course))
    texts = (question.explanation, *(choice.feedback for choice in question.choices))
    named = (key for text in texts for key in _facts(text))
    return next((places[key] for key in named if key in places), None)


def place_of_outcome(course: Course, name: str) -> TaughtAt | None:
    """The heading before the first question for this outcome, in the lesson that has most of them; of several
    lessons the first. One question in passing does not make a lesson the one to read again."""
    return _outcome_places(_Places(course)).get(name)


@functools.lru_cache(maxsize=MOST_REMEMBERED)
def _outcome_places(key: _Places) -> dict[str, TaughtAt]:
    places: dict[str, list[list[TaughtAt]]] = {}
    for number, lesson in enumerate(key.course.lessons, 1):
        here: dict[str, list[TaughtAt]] = {}
        anchor = heading = ""
        for block in lesson.blocks if lesson.kind == LessonKind.LESSON else ():
            if isinstance(block, Prose):
                anchor, heading = _heading(block) or (anchor, heading)
            elif block.outcome:
                here.setdefault(block.outcome, []).append(TaughtAt(number, lesson.title, anchor, heading))
        for name, found in here.items():
            places.setdefault(name, []).append(found)
    return {name: max(lessons, key=len)[0] for name, lessons in places.items()}


@functools.lru_cache(maxsize=MOST_REMEMBERED)
def _places(key: _Places) -> dict[str, TaughtAt]:
    places: dict[str, TaughtAt] = {}
    for number, lesson in enumerate(key.course.lessons, 1):
        if lesson.kind == LessonKind.FINAL_TEST:
            continue
        for block in steps.texts(lesson.blocks).reading:
            if isinstance(block, Prose):
                anchor, heading = _heading(block) or ("", "")
                for fact in _facts(block):
                    places.setdefault(fact, TaughtAt(number, lesson.title, anchor, heading))
    return places


def headings(blocks: Iterable[Block]) -> list[tuple[str, str]]:
    """The headings of the second level in a lesson's texts: (id, words)."""
    return [found for block in blocks if isinstance(block, Prose) and (found := _heading(block))]


def _heading(section: Prose) -> tuple[str, str] | None:
    found = HEADING.match(str(section.parts[0])) if section.parts else None
    return (found[1], html.unescape(TAG.sub("", found[2]))) if found else None


def _facts(text: Prose) -> Iterator[str]:
    notes = (part for part in text.parts if isinstance(part, EntryNotes))
    return (fact.key for note in notes for _id, fact in note.facts)
