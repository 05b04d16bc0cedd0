"""A course's introduction in its pieces: the sentence or two that say what it is, what else the author says
at once, and the sections under headings of their own."""

import functools
import re
from dataclasses import dataclass

from elearn.content.prose import MOST_REMEMBERED, Part, Prose

HEADING = re.compile(r"<h2[^>]*>(.*?)</h2>\s*", re.DOTALL)
FIRST_PARAGRAPH = "</p>"


@dataclass(frozen=True, slots=True)
class Section:
    """``title`` is inline HTML."""

    title: str
    text: Prose


@dataclass(frozen=True, slots=True)
class Intro:
    """``lead``: the first paragraph; ``more``: what follows it before the first heading, often nothing."""

    lead: Prose
    more: Prose
    sections: tuple[Section, ...]


@functools.lru_cache(maxsize=MOST_REMEMBERED)
def split(intro: Prose) -> Intro:
    """The introduction in its pieces, in order, with every part of it in one of them."""
    pieces: list[tuple[str, list[Part]]] = [("", [])]
    for part in intro.parts:
        if not isinstance(part, str):
            pieces[-1][1].append(part)
            continue
        text, *rest = HEADING.split(part)
        pieces[-1][1].append(text)
        for title, below in zip(rest[::2], rest[1::2], strict=True):
            pieces.append((title, [below]))
    lead, more = _after_first_paragraph(pieces[0][1])
    return Intro(lead, more, tuple(Section(title, _prose(parts)) for title, parts in pieces[1:]))


def _after_first_paragraph(parts: list[Part]) -> tuple[Prose, Prose]:
    for place, part in enumerate(parts):
        if isinstance(part, str) and FIRST_PARAGRAPH in part:
            before, end, after = part.partition(FIRST_PARAGRAPH)
            return _prose([*parts[:place], before + end]), _prose([after, *parts[place + 1 :]])
    return _prose(parts), _prose([])


def _prose(parts: list[Part]) -> Prose:
    """Without the empty pieces that splitting leaves."""
    return Prose(tuple(part for part in parts if not isinstance(part, str) or part.strip()))
