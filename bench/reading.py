"""What somebody reads on a page, and how figures are put together and told. Nothing here needs a browser,
except as text that is handed to one."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# The texts that are seen inside an element, up to the end of another one in it: without closed notes, words
# for screen readers alone, and what a list to choose from holds.
SEEN_TEXT = """([root, until]) => {
  const read = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, holder = node.parentElement;
    if (until && !until.contains(node)
      && until.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING) break;
    if (holder.closest("script, style, .vh, select") || !holder.checkVisibility()) continue;
    read.push(node.data);
  }
  return read;
}"""


def count_words(texts: Iterable[str]) -> int:
    """Every run of characters between spaces that has a letter or a digit: "87,5 %" is one word, a dash
    none."""
    parts = (part for text in texts for part in text.split())
    return sum(any(character.isalnum() for character in part) for part in parts)


def once(pages: Iterable[Sequence[str]]) -> list[str]:
    """The texts of a lesson's pages, without what an earlier page of it has said already: its heading and
    where to turn stand on each."""
    read: list[str] = []
    for page in pages:
        known = set(read)
        read += [text for text in page if text not in known]
    return read


@dataclass(frozen=True)
class Figure:
    """A row of the table. ``limit``: the largest value that reaches the goal; None: told and not judged."""

    name: str
    value: float
    limit: float | None
    unit: str = ""
    remark: str = ""

    @property
    def is_reached(self) -> bool:
        return self.limit is None or self.value <= self.limit

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """As the table shows it."""
        measured = f"{plain(self.value)} {self.unit}".strip()
        goal = "" if self.limit is None else f"at most {plain(self.limit)}"
        verdict = "told" if self.limit is None else "yes" if self.is_reached else "NO"
        return f"{self.name}{f' ({self.remark})' if self.remark else ''}", measured, goal, verdict


def plain(value: float) -> str:
    """Whole numbers whole, others with one decimal, and what is under a tenth with four."""
    if value == round(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 0.1 else f"{value:.4f}"


def middle_and_most(values: Sequence[float]) -> tuple[float, float]:
    return statistics.median(values), max(values)


def table(figures: Sequence[Figure]) -> str:
    """In Markdown, so that it can be laid into a document as it is."""
    rows = [("figure", "measured", "goal", "ok"), ("---", "---", "---", "---")]
    rows += [figure.cells for figure in figures]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
