"""The catalogue of a running server: the last good one, renewed when the files change (architecture.md, "The catalogue")."""

import logging
import threading
import time
from pathlib import Path

from elearn.content import reader
from elearn.content.catalog import Catalog
from elearn.content.faults import CourseFault, CourseFaults

LOOK_EVERY = 5.0  # seconds

log = logging.getLogger(__name__)
Marks = frozenset[tuple[str, int, int]]


class Shelf:
    """Holds one catalogue. ``current()`` never waits: a changed folder is read in one thread while others get the last good one."""

    def __init__(self, folder: Path, look_every: float = LOOK_EVERY) -> None:
        """Raises ``CourseFaults`` when the folder cannot be read: a server does not start on a broken catalogue."""
        self._folder, self._look_every = folder, look_every
        self.marks = self._look()
        self.faults: tuple[CourseFault, ...] = ()  # of the latest reading
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
        """Read again if anything changed. A broken edit leaves the last good catalogue, and every fault in the log."""
        try:
            marks = self._look()
            if marks != self.marks:
                self.marks = marks
                self._catalog = reader.read_catalog(self._folder)
                self.faults = ()
                log.info("the courses were read again")
        except CourseFaults as faults:
            self.faults = faults.found
            log.error("the courses have faults; the last good catalogue stays:\n%s", faults)  # noqa: TRY400
        except OSError as error:
            log.error("the courses could not be read; the last good catalogue stays: %s", error)  # noqa: TRY400

    def _look(self) -> Marks:
        """Every file with its time and size."""
        files = [(file, file.stat()) for file in self._folder.rglob("*") if file.is_file()]
        return frozenset((str(file), stat.st_mtime_ns, stat.st_size) for file, stat in files)
