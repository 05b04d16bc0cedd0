"""The engine, the transactions and the schema: what every room with tables stands on.

SQLite's settings lose nothing (measured with kills and power cuts): WAL with ``synchronous=FULL``, our own
``BEGIN`` so that a writer takes the lock at once (``BEGIN IMMEDIATE``) instead of failing half-way, foreign
keys on. PostgreSQL readers see one snapshot (REPEATABLE READ).
"""

import contextlib
import datetime as dt
import functools
import importlib.util
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import event, orm

from elearn import schema
from elearn.errors import Refused

Engine: TypeAlias = sa.Engine
Session: TypeAlias = orm.Session

PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "secure_delete": "ON",
    "trusted_schema": "OFF",
}
# Seconds that a request waits before it answers 503; a command may wait longer for its turn to write.
LARGEST_ID = 2_147_483_647  # that a column of ids holds on PostgreSQL
CONNECT_SECONDS = 3
LOCK_SECONDS = 5
STATEMENT_SECONDS = 15
COMMAND_LOCK_SECONDS = 10
# Result codes of SQLite that mean: not now. Busy, locked, out of memory, I/O error, full, cannot open,
# locking protocol.
SQLITE_UNAVAILABLE = frozenset({5, 6, 7, 10, 13, 14, 15})
SQLITE_NOT_A_DATABASE = 26
PSYCOPG_ACTIVE = 1  # libpq: a command is under way
READ_ONLY = "READ ONLY"
SAFE_SQLITE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


class Base(orm.DeclarativeBase):
    """Every table's base. Constraint names are fixed, so that a migration can name what it changes on both
    engines."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcMoment(sa.types.TypeDecorator[dt.datetime]):
    """A moment in UTC, aware in Python on both engines. SQLite drops time zones, so they are put back when
    read."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _dialect: sa.Dialect) -> dt.datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("A moment needs a time zone; use clock.now().")
        return value.astimezone(dt.UTC) if value else None

    def process_result_value(self, value: dt.datetime | None, _dialect: sa.Dialect) -> dt.datetime | None:
        return value.replace(tzinfo=dt.UTC) if value and value.tzinfo is None else value


def make_engine(url: str, *, is_serving: bool = False) -> sa.Engine:
    """An engine with safe settings. ``postgres://`` is accepted; a SQLite file and its folder are made, for
    the owner alone, if they are missing. ``is_serving``: every wait is short, since a person waits behind it.

    Raises ``Refused`` for an address that is neither SQLite's nor PostgreSQL's."""
    try:
        parsed = sa.make_url(url.replace("postgres://", "postgresql://", 1))
        backend = parsed.get_backend_name()
    except (sa.exc.ArgumentError, ValueError):
        backend = ""
    if backend == "postgresql" and importlib.util.find_spec("psycopg") is None:
        raise Refused("PostgreSQL behöver ett tillägg till. Kör: pip install 'elearn[postgres]'")
    if backend == "sqlite":
        return _sqlite_engine(parsed, LOCK_SECONDS if is_serving else COMMAND_LOCK_SECONDS)
    if backend == "postgresql":
        return _postgresql_engine(parsed.set(drivername="postgresql+psycopg"), is_serving)
    raise Refused("ELEARN_DATABASE_URL ska börja med sqlite:// eller postgresql://.")


def _postgresql_engine(url: sa.URL, is_serving: bool) -> sa.Engine:
    own = url.query.get("options", ())
    options = [own] if isinstance(own, str) else list(own)
    if is_serving:
        options += [f"-c lock_timeout={LOCK_SECONDS}s", f"-c statement_timeout={STATEMENT_SECONDS}s"]
    engine = sa.create_engine(
        url,
        pool_pre_ping=True,
        pool_timeout=CONNECT_SECONDS,
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_SECONDS, "options": " ".join(options)},
    )
    if is_serving:

        @event.listens_for(engine, "connect")
        def bound_waits(connection: Any, _record: object) -> None:
            connection.wait = functools.partial(_wait_or_close, connection, connection.wait)

    return engine


def _wait_or_close(connection: Any, wait: Callable[..., Any], work: object, **named: Any) -> Any:
    """psycopg's ``wait`` with an end: a server that accepts and never answers keeps no time limit of its own.
    The connection is closed then, so that nothing more is asked of it."""
    try:
        return wait(work, **{"timeout": STATEMENT_SECONDS + 1, **named})
    except Exception:
        if connection.pgconn.transaction_status == PSYCOPG_ACTIVE:
            connection.close()
        raise


def _make_private_file(path: Path) -> None:
    """An empty file that nobody but its owner may read; SQLite gives its companions the same mode (S41)."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Refused(f"Mappen {path.parent} går inte att skapa: {error.strerror}.") from None
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))


def _sqlite_engine(url: sa.URL, lock_seconds: int) -> sa.Engine:
    if url.database and url.database != ":memory:":
        _make_private_file(Path(url.database))
    engine = sa.create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={lock_seconds * 1000}")
        for name, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        only_reads = mode == READ_ONLY
        if (
            connection.info.get(READ_ONLY) != only_reads
        ):  # said only when the connection changes hands: most pages only read
            connection.exec_driver_sql("PRAGMA query_only=" + ("ON" if only_reads else "OFF"))
            connection.info[READ_ONLY] = only_reads
        connection.exec_driver_sql("BEGIN" if only_reads else f"BEGIN {mode}")

    return engine


@functools.lru_cache(maxsize=8)
def reading(engine: sa.Engine) -> sa.Engine:
    """The same engine for those who only read: one snapshot for all its selects, and the database refuses a
    write."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine.execution_options(sqlite_begin=READ_ONLY)


@functools.lru_cache(maxsize=8)
def writing(engine: sa.Engine) -> sa.Engine:
    """The same engine for those who may write: on SQLite the lock is taken at BEGIN, so that nobody fails
    half-way."""
    return engine.execution_options(sqlite_begin="IMMEDIATE") if engine.dialect.name == "sqlite" else engine


def set_application_id(engine: sa.Engine, number: int) -> None:
    """Write SQLite's ``application_id`` into the file, which tells what program made it."""
    with writing(engine).begin() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id={number}")


def open_session(engine: sa.Engine, *, writes: bool) -> Session:
    """A request's session: whoever opens it ends it (web/transaction.py)."""
    return Session(writing(engine) if writes else reading(engine))


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[Session]:
    """One writing transaction round a whole command (or a login): return commits, raise rolls back."""
    with Session(writing(engine)) as session:
        yield session
        session.commit()


@contextmanager
def snapshot(engine: sa.Engine) -> Iterator[Session]:
    """One reading transaction round a whole report."""
    with Session(reading(engine)) as session:
        yield session


def privacy_fault(engine: sa.Engine) -> str | None:
    """Why others on this machine could read the database's files, or None."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:" or os.name == "nt":
        return None
    path = Path(name).absolute()
    if stat.S_IMODE(path.parent.stat().st_mode) & 0o007:
        return f"Andra användare på datorn kan läsa mappen {path.parent}. Kör: chmod 700 {path.parent}"
    open_files = [
        str(file)
        for file in (path, Path(f"{path}-wal"), Path(f"{path}-shm"))
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    if open_files:
        return f"Andra användare på datorn kan läsa databasen. Kör: chmod 600 {' '.join(open_files)}"
    return None


def is_from_database(error: BaseException) -> bool:
    return isinstance(error, sa.exc.SQLAlchemyError)


def outage_in_words(error: sa.exc.DBAPIError) -> str | None:
    """What an operator can do when the database cannot be used, or None for a fault of ours."""
    cause = " ".join(str(error.orig).split())
    if getattr(error.orig, "sqlite_errorcode", None) == SQLITE_NOT_A_DATABASE:
        return "Filen som ELEARN_DATABASE_URL pekar på är ingen databas."
    if is_unavailable(error):
        return f"Databasen går inte att använda just nu. Kontrollera ELEARN_DATABASE_URL. Orsak: {cause}"
    return None


def is_violation(error: sa.exc.IntegrityError) -> bool:
    """Whether a unique constraint stopped it (and not a missing row or an empty column)."""
    text = str(error.orig)
    return "UNIQUE constraint failed" in text or "duplicate key value" in text


def is_unavailable(error: BaseException | None) -> bool:
    """Whether a statement failed because the database is away, locked or full, and not by a fault of ours:
    the web answers 503, and nothing was promised (S38)."""
    if isinstance(error, sa.exc.TimeoutError):
        return True
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE_UNAVAILABLE
    return error.connection_invalidated or isinstance(error, sa.exc.OperationalError)


def migrate(engine: sa.Engine, revision: str = schema.HEAD) -> None:
    """Bring the schema up to date (or to a ``revision``), making an empty one; already there changes
    nothing."""
    with writing(engine).connect() as connection, connection.begin():
        schema.upgrade(connection, revision)


def schema_fault(engine: sa.Engine) -> str | None:
    """Why this schema cannot be served, or None."""
    with engine.connect() as connection:
        if schema.current(connection) == schema.newest():
            return None
    return "Databasens schema är inte aktuellt. Kör: elearn migrate"


def safety_fault(engine: sa.Engine) -> str | None:
    """Why these database settings could lose what somebody was promised (S41), or None."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in SAFE_SQLITE}
            wrong = [f"{name}={found[name]}" for name, safe in SAFE_SQLITE.items() if found[name] != safe]
        else:
            names = ("fsync", "synchronous_commit", "full_page_writes")
            found = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names}
            wrong = [f"{name}={value}" for name, value in found.items() if value == "off"]
    return f"Databasens inställningar kan förlora data: {', '.join(wrong)}." if wrong else None
