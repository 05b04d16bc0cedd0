"""Whether this server can do its work: the database takes a write (S59)."""

import threading
import time
from collections.abc import Callable

import sqlalchemy as sa

from elearn import clock, database
from elearn.database import Engine
from elearn.operations.models import BackupRun, RunKind

ASKED_EVERY_SECONDS = 2.0
# More than SQLite is allowed to keep in memory then: it reaches the disk.
PROBE_CHARACTERS = 200_000


class Readiness:
    """The answer, asked for at most every two seconds: whoever asks often makes nobody wait."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._lock = seconds, threading.Lock()
        self._known: bool | None = None
        self._asked_at = 0.0

    def is_ready(self, engine: Engine) -> bool:
        """Whether a write was taken now, or less than two seconds ago."""
        with self._lock:
            now = self._seconds()
            if self._known is None or now - self._asked_at >= ASKED_EVERY_SECONDS:
                self._known, self._asked_at = takes_a_write(engine), now
            return self._known


def takes_a_write(engine: Engine) -> bool:
    """Whether the database takes a row large enough to reach the disk. It is rolled back."""
    is_sqlite = engine.dialect.name == "sqlite"
    try:
        with database.writing(engine).connect() as connection, connection.begin() as transaction:
            if is_sqlite:
                connection.exec_driver_sql("PRAGMA cache_size=8")
            try:
                connection.execute(_probe())
            finally:
                if is_sqlite:
                    connection.exec_driver_sql("PRAGMA cache_size=-2000")  # SQLite's own
            transaction.rollback()
    except (sa.exc.DBAPIError, sa.exc.TimeoutError):
        return False
    return True


def _probe() -> sa.Insert:
    now = clock.now()
    return sa.insert(BackupRun).values(
        kind=RunKind.FAILED.value,
        taken_at=now,
        ended_at=now,
        file_name="",
        byte_count=0,
        row_count=0,
        is_encrypted=False,
        finding_count=0,
        fault="x" * PROBE_CHARACTERS,
    )
