"""A text as pages show it, and the facts and contacts that stand in one.

The HTML in it is finished and safe (``markup`` made it), and knows no address of any page: what a link leads
to and how a fact is drawn is for those who show it.
"""

import datetime as dt
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TypeAlias

SECTION = '<h2 id="'
MOST_REMEMBERED = 4096  # texts: about five times what the five courses have


@dataclass(frozen=True, slots=True)
class LessonLink:
    """A link to a lesson or a heading in it. A course that does not have the lesson shows its text alone."""

    key: str
    anchor: str
    title: str
    text: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class CourseLink:
    slug: str
    title: str
    text: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class EntryLink:
    """A link to a fact or contact, which stands in the ``EntryNotes`` after its paragraph under this id."""

    key: str
    id: str
    title: str
    text: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class EntryNotes:
    """The facts and contacts that the sentences of one paragraph, list, table or box link to: they stand
    directly after it, closed. Each with the id that its links lead to, which no other has among the texts of
    its file."""

    facts: tuple[tuple[str, "Fact"], ...]
    contacts: tuple[tuple[str, "Contact"], ...]


@dataclass(frozen=True, slots=True)
class FactCard:
    """A fact that stands whole in the text."""

    fact: "Fact"


@dataclass(frozen=True, slots=True)
class ContactRows:
    """Contacts that follow on each other in the text: one list. All of them can be reached."""

    contacts: tuple["Contact", ...]


@dataclass(frozen=True, slots=True)
class PictureAddress:
    """The address of a picture, inside its attribute."""

    path: str  # in the courses' folder


class Jump(Enum):
    """A link of a hard lesson that the author does not write: to its summary, and from there on."""

    TO_SHORT_VERSION = "short version"
    TO_QUESTIONS = "questions"


Link: TypeAlias = LessonLink | CourseLink | EntryLink
Part: TypeAlias = "str | Link | EntryNotes | FactCard | ContactRows | PictureAddress | Jump"


@dataclass(frozen=True, slots=True)
class Prose:
    """A text: pieces of finished, safe HTML, and between them what only its page can draw."""

    parts: tuple[Part, ...]

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __hash__(self) -> int:
        """By the first piece of HTML: every page looks its texts up by hash, and texts that begin alike are
        told apart when they are compared."""
        return hash(next((part for part in self.parts if isinstance(part, str)), len(self.parts)))


def sections(prose: Prose) -> tuple[Prose, ...]:
    """The text in pieces: what comes before its first heading of the second level, and from each such heading
    to the next. A box's heading has no id and begins none."""
    pieces: list[list[Part]] = [[]]
    for part in prose.parts:
        if not isinstance(part, str):
            pieces[-1].append(part)
            continue
        first, *rest = part.split(SECTION)
        pieces[-1].append(first)
        pieces += [[SECTION + piece] for piece in rest]
    texts = (tuple(part for part in piece if not isinstance(part, str) or part.strip()) for piece in pieces)
    return tuple(Prose(parts) for parts in texts if parts)


NOTHING = Prose(())


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement of law or a figure, with its source. ``checked_on`` None means that VPC has not confirmed
    it."""

    key: str  # "gemensamt/fakta#könsstympningslagen"
    anchor: str  # what its HTML ids begin with, unlike every other entry's: "fakta-konsstympningslagen"
    title: str
    body: Prose
    source: str
    valid_from: str  # "2026-01-15", a year, free text or ""
    checked_on: dt.date | None
    todo: str  # for VPC, never shown to learners


class ContactGroup(StrEnum):
    """``Grupp``: under which heading a contact stands on the page of support."""

    URGENT = "akut"
    SELF = "själv"
    CHILD = "barn"
    VIOLENT = "utövar våld"
    ABROAD = "utomlands"
    NOWHERE = "ingen"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where to turn. ``checked_on`` None means that VPC has not confirmed it: there is no number."""

    key: str  # "gemensamt/kontakter#origo"
    anchor: str
    title: str
    body: Prose
    source: str
    phone: str  # as written: "020-50 50 50", or ""
    hours: str
    web: str
    checked_on: dt.date | None
    todo: str
    is_required: bool
    purpose: str  # what it is for, in a few words, or ""
    group: ContactGroup
    line: int  # of its heading, in the file that its key names
    is_invented: bool = False  # the number is the demonstration's

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody has confirmed a way to reach it."""
        return bool(self.checked_on and (self.phone or self.web))

    @property
    def is_reachable(self) -> bool:
        """Whether readers see it."""
        return self.is_confirmed or self.is_invented

    @property
    def place(self) -> str:
        """Where it is written, for who is to fill it in: gemensamt/kontakter.md:27"""
        return f"{self.key.partition('#')[0]}.md:{self.line}"
