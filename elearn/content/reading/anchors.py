"""The ids of a page that authors name: a heading's and an entry's. Two alike, and a link leads to the wrong
place."""

from collections.abc import Collection, Iterable

from elearn.content.reading import sources
from elearn.content.reading.entries import RawEntry
from elearn.content.reading.sources import Source

PAGE_IDS = frozenset(
    {"innehall", "tidigare", "fragor", "fel", "delar", "datum", "datum-e"}
)  # the templates' own, on pages that show an author's text


def read_anchors(source: Source, questions: Collection[int], taken: Collection[str]) -> frozenset[str]:
    """The anchors of the file's headings. A question's heading (by its line) is none. Faults go to the
    source."""
    found: set[str] = set()
    counts: dict[str, int] = {}
    for line, level, text in source.headings():
        anchor = sources.numbered(sources.slug(text), counts)
        if level == 1 or line in questions:
            continue
        if anchor in taken:
            source.fault(line, "Rubriken får samma adress som något annat på sidan. Skriv den med fler ord.")
        found.add(anchor)
    return frozenset(found)


def check_entries(found: Iterable[tuple[Source, RawEntry]]) -> set[str]:
    """The anchors of all facts and contacts: each has its own, also when å, ä and ö are written a and o."""
    seen: dict[str, str] = {}
    for source, entry in found:
        if seen.setdefault(entry.anchor, entry.key) != entry.key:
            source.fault(
                entry.line, f"Rubriken får samma adress som {seen[entry.anchor]}. Skriv den med fler ord."
            )
    return set(seen)
