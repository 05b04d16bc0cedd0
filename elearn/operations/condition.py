"""The condition of an installation, as the administrator's page and ``elearn doctor`` tell it."""

import datetime as dt
import importlib.metadata
from dataclasses import dataclass

import sqlalchemy as sa

from elearn.database import Session
from elearn.journal.models import EntryKind, JournalEntry
from elearn.operations.models import BackupRun, RunKind
from elearn.people import access
from elearn.people.models import Employment

BACKUP_OLD_AFTER = dt.timedelta(hours=26)  # a backup each night, and two hours more
SHOWN_RUNS = 10
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Run:
    """A row of ``BackupRun``, to be shown."""

    kind: RunKind
    taken_at: dt.datetime
    ended_at: dt.datetime
    file_name: str
    byte_count: int
    row_count: int
    is_encrypted: bool
    finding_count: int
    fault: str | None


@dataclass(frozen=True, slots=True)
class Condition:
    """``saved_at``: the latest moment that a backup shows: the one that was taken last, or the one that this
    database was restored from (then from when it was). ``runs``: the latest first."""

    runs: list[Run]
    saved_at: dt.datetime | None
    restored: Run | None
    imported_at: dt.datetime | None
    active_count: int
    version: str

    @property
    def is_restored_last(self) -> bool:
        """Whether nothing has been backed up since this database was restored."""
        return self.restored is not None and self.saved_at == self.restored.ended_at

    def backup_fault(self, now: dt.datetime) -> str | None:
        """Why the latest backup is not good enough, and what to do: a Swedish sentence, or None (S48)."""
        if self.runs and self.runs[0].kind == RunKind.FAILED:
            return f"Den senaste säkerhetskopian misslyckades. {self.runs[0].fault}"
        if self.saved_at is None:
            return "Ingen säkerhetskopia är tagen. Kör: elearn backup"
        if now - self.saved_at > BACKUP_OLD_AFTER:
            hours = int((now - self.saved_at).total_seconds() // HOUR)
            return (
                f"Den senaste säkerhetskopian är {hours} timmar gammal. Den ska vara högst 26 timmar. "
                "Kontrollera att elearn backup körs varje natt, och kör den nu."
            )
        return None


def current(session: Session, today: dt.date) -> Condition:
    """How it stands now."""
    runs = _runs(session)
    latest = sa.select(sa.func.max(BackupRun.ended_at))
    restored = session.scalar(latest.where(BackupRun.kind == RunKind.RESTORED.value))
    taken_at = session.scalar(
        sa.select(sa.func.max(BackupRun.taken_at)).where(BackupRun.kind == RunKind.TAKEN.value)
    )
    saved = [moment for moment in (taken_at, restored) if moment is not None]
    imported = sa.select(sa.func.max(JournalEntry.recorded_at))
    return Condition(
        runs=runs[:SHOWN_RUNS],
        saved_at=max(saved, default=None),
        restored=next((run for run in runs if run.kind == RunKind.RESTORED), None),
        imported_at=session.scalar(imported.where(JournalEntry.kind == EntryKind.IMPORTED_DIRECTORY.value)),
        active_count=_active_count(session, today),
        version=importlib.metadata.version("elearn"),
    )


def _runs(session: Session) -> list[Run]:
    """The latest runs, and the latest restoring wherever it stands."""
    columns = sa.inspect(BackupRun).columns
    shown = [column for column in columns if column.key != "id"]
    statement = sa.select(*shown).order_by(BackupRun.ended_at.desc(), BackupRun.id.desc())
    restored = statement.where(BackupRun.kind == RunKind.RESTORED.value).limit(1)
    found = [*session.execute(statement.limit(SHOWN_RUNS)), *session.execute(restored)]
    return [Run(**row._asdict() | {"kind": RunKind(row.kind)}) for row in found]


def _active_count(session: Session, today: dt.date) -> int:
    active = sa.select(sa.func.count(Employment.person_id.distinct())).where(access.is_active(today))
    return session.scalar(active) or 0
