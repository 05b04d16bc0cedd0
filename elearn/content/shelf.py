"""The folder of courses while it is served, read again when a file has changed: for readers (``Shelf``) or
their author (``Desk``)."""

import contextlib
import hashlib
import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from elearn.content import files, reader
from elearn.content.catalog import Catalog
from elearn.content.faults import CourseFault, CourseFaults, UnreadableFile
from elearn.content.reader import Reading

LOOK_EVERY = 5.0  # seconds

log = logging.getLogger(__name__)
Marks = frozenset[tuple[str, int, int]]


def look(folder: Path) -> Marks:
    """Every file with its time and size. One that vanishes meanwhile, as an editor's own do, is not there."""
    found = set()
    for file in files.walk(folder):
        with contextlib.suppress(OSError):
            state = file.stat()
            found.add((str(file), state.st_mtime_ns, state.st_size))
    return frozenset(found)


class Shelf:
    """Holds the last good catalogue of a running server (architecture.md, "The catalogue"). ``current()``
    never waits: a changed folder is read in one thread while others get the one before."""

    def __init__(self, folder: Path, look_every: float = LOOK_EVERY) -> None:
        """Raises ``CourseFaults`` when the folder cannot be read: a server does not start on a broken
        catalogue."""
        self._folder, self._look_every = folder, look_every
        self._marks = look(folder)
        self._catalog = reader.read_catalog(folder)
        self._looked_at = time.monotonic()
        self._lock = threading.Lock()

    def current(self) -> Catalog:
        if time.monotonic() - self._looked_at >= self._look_every and self._lock.acquire(blocking=False):
            threading.Thread(target=self._renew_and_release, daemon=True).start()
        return self._catalog

    def _renew_and_release(self) -> None:
        try:
            self.renew()
        finally:
            self._looked_at = time.monotonic()
            self._lock.release()

    def renew(self) -> None:
        """Read again if anything changed. What cannot be read just now is tried again at the next look."""
        marks = look(self._folder)
        if marks != self._marks and self._read():
            self._marks = marks

    def _read(self) -> bool:
        """Whether every file could be read. A broken edit leaves the last good catalogue, and every fault in
        the log."""
        try:
            self._catalog = reader.read_catalog(self._folder)
        except CourseFaults as faults:
            log.error("the courses have faults; the last good catalogue stays:\n%s", faults)  # noqa: TRY400
            return not isinstance(faults, UnreadableFile)
        log.info("the courses were read again")
        return True


@dataclass(frozen=True, slots=True)
class Draft:
    """One reading of what an author is writing. With faults it has nothing in its catalogue."""

    marks: (
        Marks | None
    )  # of the files before they were read; None when one could not be, so that it is tried again
    reading: Reading
    catalog: Catalog
    faults: tuple[CourseFault, ...] = ()

    @property
    def version(self) -> str:
        """Another text when a page would show something else."""
        return hashlib.sha256(repr((sorted(self.marks or ()), self.faults)).encode()).hexdigest()


class Desk:
    """Holds the author's draft. Whoever asks waits for the one reading, and gets what is saved now, faults
    included."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._draft: Draft | None = None
        self._lock = threading.Lock()

    def draft(self) -> Draft:
        with self._lock:
            marks = look(self._folder)
            if self._draft is None or self._draft.marks != marks:
                self._draft = self._read(marks)
            return self._draft

    def current(self) -> Catalog:
        return self.draft().catalog

    def _read(self, marks: Marks) -> Draft:
        reading = Reading(self._folder)
        try:
            reading = reader.read(self._folder)
            return Draft(marks, reading, reader.build(reading))
        except CourseFaults as faults:
            read_marks = None if isinstance(faults, UnreadableFile) else marks
            return Draft(read_marks, reading, Catalog.empty(), faults.found)
