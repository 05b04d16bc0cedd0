"""The facts and contacts that one block of a text links to: they stand together, directly after it."""

from elearn.content.prose import Contact, EntryNotes, Fact, Part


class BlockNotes:
    """Gathered while the links of the block are mended. ``counts``: how often each entry has been told in the
    file so far, by anchor."""

    def __init__(self, counts: dict[str, int]) -> None:
        self._counts = counts
        self._told: dict[str, tuple[str, Fact | Contact]] = {}

    def __bool__(self) -> bool:
        return bool(self._told)

    def id_of(self, entry: Fact | Contact) -> str:
        """Where the entry stands: an id that nothing else has in the file's texts, however they are shared
        out on pages. No heading's id has a full stop."""
        if entry.key not in self._told:
            count = self._counts[entry.anchor] = self._counts.get(entry.anchor, 0) + 1
            self._told[entry.key] = f"{entry.anchor}.{count}", entry
        return self._told[entry.key][0]

    def part(self, _text: tuple[Part, ...]) -> EntryNotes:
        """What a page draws."""
        return EntryNotes(
            tuple((id, entry) for id, entry in self._told.values() if isinstance(entry, Fact)),
            tuple((id, entry) for id, entry in self._told.values() if isinstance(entry, Contact)),
        )
