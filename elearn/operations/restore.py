"""Putting a backup back: into an empty database, all of it or nothing."""

import contextlib
import datetime as dt
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa

from elearn import database, schema
from elearn.database import Engine
from elearn.errors import Refused
from elearn.identity import logins
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.operations import document, rows
from elearn.operations.document import Manifest, Reading
from elearn.operations.models import BackupRun, RunKind
from elearn.reports.models import ChangeCount

CHANGE_BITS = 48
NOT_EMPTY = (
    "Databasen är inte tom, och en säkerhetskopia återläses bara till en tom databas. Låt "
    "ELEARN_DATABASE_URL peka på en ny: en fil som inte finns, eller det som createdb gör."
)
BROKEN_RULE = "Innehållet bryter mot databasens egna regler ({}). Ingenting är återläst."


def restore(engine: Engine, deed: Deed, path: Path, key: bytes | None) -> Manifest:
    """Put the backup into the engine's empty database, bring its schema up to date and end every login
    session; say what it held. Everything happens in one transaction.

    Raises ``Refused`` for a database that is not empty, the wrong key, a file that is no backup or is not as
    it was written, and one of a newer version."""
    with _opened(path) as file:
        document.check(file, key)  # all of it, before anything is written
        file.seek(0)
        reading = Reading(file, key)
        with database.transaction(engine) as session:
            manifest = load(session.connection(), reading)
            logins.end_every_session(session, deed.now)
            journal.record(
                session,
                deed,
                EntryKind.RESTORED_BACKUP,
                file=path.name,
                taken_at=manifest.head.taken_at.isoformat(),
                rows=manifest.row_count,
            )
            session.add(_run(deed.now, path, manifest, is_encrypted=key is not None))
    return manifest


def load(connection: sa.Connection, reading: Reading) -> Manifest:
    """Make the backup's schema, put its rows in, compare every table with what it was, and bring the schema
    up to date, inside the connection's transaction. Raises as ``restore`` does."""
    if not schema.is_known(reading.head.revision):
        raise Refused(
            "Säkerhetskopian har ett nyare schema än det här programmet känner. Uppgradera elearn och försök "
            "igen."
        )
    _make_schema(connection, reading.head.revision)
    tables = {table.name: table for table in rows.tables(connection)}
    try:
        for stored in reading.tables():
            table = tables.get(stored.name)
            if table is None or rows.names(table) != stored.columns:
                raise Refused(document.DAMAGED.format(f"tabellen {stored.name} är en annan än schemats"))
            rows.insert(connection, table, stored.lines)
    except (sa.exc.IntegrityError, sa.exc.DataError) as error:
        raise Refused(BROKEN_RULE.format(stored.name)) from error
    manifest = reading.manifest()
    _compare(connection, tables, manifest)
    _continue_numbers(connection, list(tables.values()))
    schema.upgrade(connection)
    # No figure that some server remembers from another database is taken for one of this.
    ahead = secrets.randbits(CHANGE_BITS)
    connection.execute(sa.update(ChangeCount).values(count=ChangeCount.count + ahead))
    return manifest


def _make_schema(connection: sa.Connection, revision: str) -> None:
    found = sa.inspect(connection).get_table_names()
    if not found:
        schema.upgrade(connection, revision)
        return
    is_empty = schema.current(connection) == revision and not any(
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
        for table in rows.tables(connection)
    )
    if not is_empty:
        raise Refused(NOT_EMPTY)


def _compare(connection: sa.Connection, tables: dict[str, sa.Table], manifest: Manifest) -> None:
    if tables.keys() != manifest.sums.keys():
        raise Refused(document.DAMAGED.format("en tabell saknas"))
    for name, table in tables.items():
        if rows.sum_of(connection, table) != manifest.sums[name]:
            raise Refused(f"Tabellen {name} blev inte som i säkerhetskopian. Ingenting är återläst.")


def _continue_numbers(connection: sa.Connection, tables: list[sa.Table]) -> None:
    """PostgreSQL counts on after the highest id, as SQLite does by itself."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables:
        for column in table.primary_key.columns:
            is_number = isinstance(column.type, sa.Integer)
            counter = sa.func.pg_get_serial_sequence(table.name, column.name)
            if is_number and connection.scalar(sa.select(counter)) is not None:
                following = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
                connection.execute(sa.select(sa.func.setval(counter, following, sa.false())))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise Refused(f"{path} går inte att läsa: {error.strerror}.") from None
    with file:
        yield file


def _run(now: dt.datetime, path: Path, manifest: Manifest, *, is_encrypted: bool) -> BackupRun:
    return BackupRun(
        kind=RunKind.RESTORED.value,
        taken_at=manifest.head.taken_at,
        ended_at=now,
        file_name=path.name,
        byte_count=path.stat().st_size,
        row_count=manifest.row_count,
        is_encrypted=is_encrypted,
        finding_count=0,
    )
