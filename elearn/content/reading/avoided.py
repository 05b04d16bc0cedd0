"""``undvik.md`` beside the courses: words and turns that are worn out, each with the highest number of a
course. Authors extend the list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from elearn.content.reading.sources import Source

FILE_NAME = "undvik.md"
FIRST = "…"  # after a word: it is counted where it begins a sentence
CELLS = re.compile(r"\s*\|\s*")
RULE = re.compile(r"[\s|:-]+")
HOW = "Skriv raden som: | uttrycket, ett till | vad man skriver hellre | 4 |"


@dataclass(frozen=True, slots=True)
class Avoided:
    """``forms``: the words in their different forms, as the author wrote them."""

    line: int
    forms: tuple[str, ...]
    instead: str
    most: int

    @property
    def name(self) -> str:
        return ", ".join(self.forms)


def read(source: Source) -> list[Avoided]:
    """The rows of the file's tables. Faults go to the source."""
    return [found for number, cells in _rows(source) if (found := _read_row(source, number, cells))]


def _rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of every row but a table's first and its line of dashes."""
    above = ""
    for number, line in source.prose_lines():
        is_row = line.lstrip().startswith("|")
        if is_row and above.lstrip().startswith("|") and not RULE.fullmatch(line):
            yield number, CELLS.split(line.strip().strip("|").strip())
        above = line


def _read_row(source: Source, number: int, cells: list[str]) -> Avoided | None:
    if len(cells) != 3 or not cells[0] or not re.fullmatch(r"\d{1,3}", cells[2]):
        source.fault(number, HOW)
        return None
    forms = tuple(form for part in cells[0].split(",") if (form := " ".join(part.split())))
    return Avoided(number, forms, cells[1], int(cells[2]))
