"""Job roles as the files write them, in the catalogue's own spelling."""

from collections import Counter
from collections.abc import Collection

from elearn import csv_in
from elearn.swedish import folded


class RoleNames:
    """Job roles in the catalogue's own spelling, whatever the file's capitals; and those that no course
    names, counted."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = {folded(role): role for role in known}
        self.unknown: Counter[str] = Counter()

    def read(self, text: str) -> str | None:
        """The role, or None for an empty cell. One that no course names is counted and kept as it is."""
        role = csv_in.optional(text)
        if role is None:
            return None
        if folded(role) not in self.known:
            self.unknown[role] += 1
        return self.known.get(folded(role), role)

    def warnings(self) -> list[str]:
        """It is allowed (measure.md, rule 3), and it may be a slip of the pen."""
        return [
            f"Yrkesrollen ”{role}” finns inte i någon kurs ({count} {'rad' if count == 1 else 'rader'})."
            for role, count in sorted(self.unknown.items())
        ]
