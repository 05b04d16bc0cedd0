"""How heavy a text is to read: its words, its sentences and LIX."""

import re

from elearn.content.reading.sources import Source

MARKS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`>|#]|\[[ xX]\]|<!--.*?-->")
ITEM = re.compile(r"^(?=\s*(?:[-*+]|\d+[.)]) )")
LONG_WORD = 6


def plain_text(source: Source) -> str:
    """The text that a reader reads, without marks, links' addresses and names of questions."""
    return "\n".join(MARKS.sub(r"\1", line) for _, line in source.prose_lines())


def running_text(source: Source) -> str:
    """As ``plain_text``, without headings and tables, every item of a list apart: what has sentences."""
    lines = (line for _, line in source.prose_lines() if not line.startswith(("#", "|")))
    return "\n".join(MARKS.sub(r"\1", ITEM.sub("\n\n", line)) for line in lines)


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?:])[\s”\"*]+|\n\s*\n", text) if words(part)]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|\d+", text)


def lix(text: str) -> float:
    """Readability: words per sentence plus the percentage of words of more than six letters."""
    found = words(text)
    if not found:
        return 0.0
    ends = max(1, len(re.findall(r"[.!?:](?=\s|”|\"|$)", text)))
    return len(found) / ends + 100 * sum(len(word) > LONG_WORD for word in found) / len(found)
