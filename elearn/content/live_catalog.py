"""The folder of courses while it is served, read again when a file has changed: for readers
(``LiveCatalog``) or their author (``DraftCatalog``)."""

import contextlib
import hashlib
import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from elearn.content.catalog import Catalog
from elearn.content.faults import CourseFault, CourseFaults, UnreadableFile
from elearn.content.reading import files, reader
from elearn.content.reading.reader import Reading
from elearn.content.rendering import builder
from elearn.content.rendering.builder import CompleteContacts

LOOK_EVERY = 5.0  # seconds

log = logging.getLogger(__name__)
Stamps = frozenset[tuple[str, int, int]]


def stamps_of(folder: Path) -> Stamps:
    """Every file with its time and size. One that vanishes meanwhile, as an editor's own do, is not there."""
    found = set()
    for file in files.walk(folder):
        with contextlib.suppress(OSError):
            state = file.stat()
            found.add((str(file), state.st_mtime_ns, state.st_size))
    return frozenset(found)


class LiveCatalog:
    """Holds the last good catalogue of a running server (architecture.md, "The catalogue"). ``current()``
    never waits: a changed folder is read in one thread while others get the one before."""

    def __init__(
        self,
        folder: Path,
        look_every: float = LOOK_EVERY,
        complete: CompleteContacts = list,
        *,
        as_planned: bool = False,
    ) -> None:
        """Raises ``CourseFaults`` when the folder cannot be read: a server does not start on a broken
        catalogue. ``complete`` and ``as_planned``: see ``builder.read_catalog``."""
        self._as_planned = as_planned
        self._folder, self._look_every, self._complete = folder, look_every, complete
        self._stamps = stamps_of(folder)
        self._catalog = builder.read_catalog(folder, complete, as_planned=as_planned)
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
        stamps = stamps_of(self._folder)
        if stamps != self._stamps and self._read():
            self._stamps = stamps

    def _read(self) -> bool:
        """Whether every file could be read. A broken edit leaves the last good catalogue, and every fault in
        the log."""
        try:
            self._catalog = builder.read_catalog(self._folder, self._complete, as_planned=self._as_planned)
        except CourseFaults as faults:
            log.error("the courses have faults; the last good catalogue stays:\n%s", faults)  # noqa: TRY400
            return not isinstance(faults, UnreadableFile)
        log.info("the courses were read again")
        return True


@dataclass(frozen=True, slots=True)
class Draft:
    """One reading of what an author is writing. With faults it has nothing in its catalogue."""

    stamps: (
        Stamps | None
    )  # of the files before they were read; None when one could not be, so that it is tried again
    reading: Reading
    catalog: Catalog
    faults: tuple[CourseFault, ...] = ()

    @property
    def version(self) -> str:
        """Another text when a page would show something else."""
        return hashlib.sha256(repr((sorted(self.stamps or ()), self.faults)).encode()).hexdigest()


class DraftCatalog:
    """Holds the author's draft. Whoever asks waits for the one reading, and gets what is saved now, faults
    included."""

    def __init__(self, folder: Path, *, as_planned: bool = False) -> None:
        self._folder, self._as_planned = folder, as_planned
        self._draft: Draft | None = None
        self._lock = threading.Lock()

    def draft(self) -> Draft:
        with self._lock:
            stamps = stamps_of(self._folder)
            if self._draft is None or self._draft.stamps != stamps:
                self._draft = self._read(stamps)
            return self._draft

    def current(self) -> Catalog:
        return self.draft().catalog

    def _read(self, stamps: Stamps) -> Draft:
        reading = Reading(self._folder)
        try:
            reading = reader.read(self._folder, as_planned=self._as_planned)
            return Draft(stamps, reading, builder.build(reading))
        except CourseFaults as faults:
            read_stamps = None if isinstance(faults, UnreadableFile) else stamps
            return Draft(read_stamps, reading, Catalog.empty(), faults.found)
