"""What an author has to mend, with its place: ``fil:rad: vad som är fel och hur det rättas``, and the line under it."""

from dataclasses import dataclass

from elearn.errors import Invalid


@dataclass(frozen=True, slots=True, order=True)
class CourseFault:
    """A fault or a warning. ``path`` is relative to the courses folder, ``line`` counts from 1."""

    path: str
    line: int
    message: str
    source: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: {self.message}"
        return f"{place}\n    {self.source.strip()}" if self.source.strip() else place


class CourseFaults(Invalid):
    """Every fault of every file at once."""

    def __init__(self, found: list[CourseFault]) -> None:
        self.found = tuple(sorted(set(found)))
        super().__init__(*(str(fault) for fault in self.found))
