"""Taking a backup of a database in use: one snapshot, written beside its place, put back on trial, and then
put in its place. Old ones make room."""

import contextlib
import datetime as dt
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa

from elearn import clock, database
from elearn.database import Engine
from elearn.errors import Refused
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.operations import document, invariants, restore, rows, sealing
from elearn.operations.document import Manifest, Reading
from elearn.operations.models import BackupRun, RunKind

NAME = re.compile(r"elearn-[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z\.backup")
UNFINISHED = re.compile(r"\.elearn-[^/]*\.part")
UNFINISHED_FOR = dt.timedelta(days=1)
FOREIGN = "Tabellen {} hör inte till programmet och är inte med i säkerhetskopian."
UNREADABLE = (
    "Databasen gick inte att läsa hel, eller så fick provet av säkerhetskopian inte plats i {folder} "
    "(TMPDIR). Kör: elearn doctor. Orsak: {cause}"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that is in its place. ``findings``: what is wrong with the database that it shows, a Swedish
    sentence each. ``removed_count``: old backups that made room."""

    path: Path
    manifest: Manifest
    byte_count: int
    findings: tuple[str, ...]
    removed_count: int = 0


def name_at(moment: dt.datetime) -> str:
    """The file's name: names in order are moments in order."""
    return f"elearn-{moment.astimezone(dt.UTC):%Y-%m-%dT%H%M%SZ}.backup"


def take_into(engine: Engine, deed: Deed, folder: Path, key: bytes | None, keep_count: int) -> Taken:
    """Take a backup into the folder and keep the newest ``keep_count`` there. Only files that are named as
    backups are removed, and only after the new one is in its place. Raises as ``take`` does."""
    taken = take(engine, deed, folder / name_at(deed.now), key)
    removed_count = _make_room(folder, deed.now, keep_count)
    return Taken(taken.path, taken.manifest, taken.byte_count, taken.findings, removed_count)


def take(engine: Engine, deed: Deed, path: Path, key: bytes | None) -> Taken:
    """Take a backup to this place. It is encrypted if there is a key; nobody else on the machine can read it.
    What came of it stands in the database and in the journal.

    Raises ``Refused`` when it cannot be written, or cannot be put back as it was read."""
    try:
        taken = _take(engine, deed, path, key)
    except Refused as refusal:
        # A database that cannot be written to is told by the refusal, and by the missing row.
        with contextlib.suppress(sa.exc.DBAPIError), database.transaction(engine) as session:
            session.add(_failed(deed, path, str(refusal), is_encrypted=key is not None))
        raise
    with database.transaction(engine) as session:
        session.add(_taken(deed, taken, is_encrypted=key is not None))
        journal.record(
            session,
            deed,
            EntryKind.TOOK_BACKUP,
            file=path.name,
            rows=taken.manifest.row_count,
            bytes=taken.byte_count,
        )
    return taken


def _take(engine: Engine, deed: Deed, path: Path, key: bytes | None) -> Taken:
    _refuse_foreign(path)
    try:
        with _beside(path) as (file, unfinished):
            with database.reading(engine).connect() as connection, connection.begin():
                manifest = document.write(connection, deed.now, file, key)
                left_out = tuple(FOREIGN.format(name) for name in rows.foreign(connection))
            file.flush()
            os.fsync(file.fileno())
            findings = (*left_out, *verify(unfinished, manifest, key, deed.now))
            byte_count = unfinished.stat().st_size
            unfinished.replace(path)
            _sync(path.parent)
    except OSError as error:
        raise Refused(f"{path} går inte att skriva: {error.strerror}.") from None
    except sa.exc.DBAPIError as error:
        cause = " ".join(str(error.orig).split())
        raise Refused(UNREADABLE.format(folder=tempfile.gettempdir(), cause=cause)) from error
    return Taken(path, manifest, byte_count, findings)


def verify(path: Path, manifest: Manifest, key: bytes | None, now: dt.datetime) -> tuple[str, ...]:
    """Put the file back into a database of its own, as ``restore`` does, and look at all of it: what is wrong
    with the database that the backup shows. The trial is gone afterwards.

    Raises ``Refused`` when the file is not what was read from the database, or cannot be put back."""
    with tempfile.TemporaryDirectory(prefix="elearn-") as folder, path.open("rb") as file:
        engine = database.make_engine(f"sqlite:///{folder}/trial.db")
        try:
            with database.writing(engine).begin() as connection:
                if restore.load(connection, Reading(file, key)) != manifest:
                    raise Refused("Säkerhetskopian blev inte som databasen. Den är inte sparad. Försök igen.")
            with database.snapshot(engine) as session:
                return tuple(invariants.findings(session, now))
        finally:
            engine.dispose()


def _refuse_foreign(path: Path) -> None:
    """An earlier backup may be replaced, another file never."""
    try:
        is_foreign = path.exists() and not (path.is_file() and sealing.is_sealed(path))
    except OSError as error:
        raise Refused(f"{path} går inte att läsa: {error.strerror}.") from None
    if is_foreign:
        raise Refused(f"{path} finns redan och är ingen säkerhetskopia. Välj ett annat namn med --output.")


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file of the owner's alone in the same folder. Gone afterwards, unless it was put in its place."""
    descriptor, name = tempfile.mkstemp(".part", f".{path.name}.", path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """The name itself is on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_room(folder: Path, now: dt.datetime, keep_count: int) -> int:
    """Remove all but the newest, and what a killed run left; say how many backups made room."""
    old = sorted((path for path in folder.iterdir() if NAME.fullmatch(path.name)), reverse=True)[keep_count:]
    for path in old:
        path.unlink(missing_ok=True)
    long_ago = (now - UNFINISHED_FOR).timestamp()
    for path in folder.iterdir():
        if UNFINISHED.fullmatch(path.name) and path.stat().st_mtime < long_ago:
            path.unlink(missing_ok=True)
    return len(old)


def _taken(deed: Deed, taken: Taken, *, is_encrypted: bool) -> BackupRun:
    return BackupRun(
        kind=RunKind.TAKEN.value,
        taken_at=deed.now,
        ended_at=clock.now(),
        file_name=taken.path.name,
        byte_count=taken.byte_count,
        row_count=taken.manifest.row_count,
        is_encrypted=is_encrypted,
        finding_count=len(taken.findings),
    )


def _failed(deed: Deed, path: Path, fault: str, *, is_encrypted: bool) -> BackupRun:
    return BackupRun(
        kind=RunKind.FAILED.value,
        taken_at=deed.now,
        ended_at=clock.now(),
        file_name=path.name,
        byte_count=0,
        row_count=0,
        is_encrypted=is_encrypted,
        finding_count=0,
        fault=fault,
    )
