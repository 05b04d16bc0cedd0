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
DOTS = re.compile(r"\s*(?:\.\.\.|…)$")  # an editor that does not make one sign of three dots leaves them
HEAD = "Under en tabells första rad står en rad av streck: |---|---|---|. Utan den räknas inte raden."
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
    lines = dict(source.prose_lines())
    for number, line in lines.items():
        if "|" not in line or RULE.fullmatch(line):
            continue
        if "|" in lines.get(number - 1, ""):
            yield number, CELLS.split(line.strip().strip("|").strip())
        elif not RULE.fullmatch(lines.get(number + 1, "")) or "|" not in lines.get(number + 1, ""):
            source.fault(number, HEAD)


def _read_row(source: Source, number: int, cells: list[str]) -> Avoided | None:
    forms = tuple(DOTS.sub(FIRST, " ".join(part.split())) for part in cells[0].split(",") if part.strip())
    if len(cells) != 3 or not forms or FIRST in forms or not re.fullmatch(r"\d{1,3}", cells[2]):
        source.fault(number, HOW)
        return None
    return Avoided(number, forms, cells[1], int(cells[2]))
