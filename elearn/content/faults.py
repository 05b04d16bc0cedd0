"""What an author has to mend, with its place: ``fil:rad: vad som är fel och hur det rättas``, and the line
under it."""

import contextlib
from collections.abc import Iterator
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
        return f"{place}\n    {self.source.rstrip()}" if self.source.strip() else place


class CourseFaults(Invalid):
    """Every fault of every file at once."""

    def __init__(self, found: list[CourseFault]) -> None:
        self.found = tuple(sorted(set(found)))
        super().__init__(*(str(fault) for fault in self.found))


class UnreadableFile(CourseFaults):
    """A file that could not be read just now: what it says may be right, so it is worth another try."""


@contextlib.contextmanager
def telling_unreadable() -> Iterator[None]:
    """The system's own refusal of a file, in words for an author."""
    try:
        yield
    except OSError as error:
        message = (
            "Filen går inte att läsa just nu. Stäng den i andra program, och se till att du får läsa den."
        )
        raise UnreadableFile([CourseFault(str(error.filename or "courses"), 1, message)]) from None
