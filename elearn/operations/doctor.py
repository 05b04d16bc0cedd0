"""Everything that is wrong with an installation, one Swedish sentence each (``elearn doctor``)."""

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from elearn import database
from elearn.database import Engine
from elearn.errors import Refused
from elearn.operations import condition, invariants, safety, shape
from elearn.settings import Settings


def findings(settings: Settings, engine: Engine, now: dt.datetime, today: dt.date) -> Iterator[str]:
    """Every setting and every invariant. An old schema is told alone: of its rows nothing is known."""
    yield from quick_findings(settings, engine)
    if database.schema_fault(engine):
        return
    yield from database_findings(engine, now)
    with database.snapshot(engine) as session:
        found = condition.current(session, today)
    is_expected = settings.backup_dir is not None or bool(found.runs)
    if is_expected and not settings.demo and (fault := found.backup_fault(now)):
        yield fault


def quick_findings(settings: Settings, engine: Engine) -> Iterator[str]:
    """What is found without reading a row: settings, files, the database's own settings and the schema's
    revision."""
    yield from safety.serving_faults(settings, engine, "127.0.0.1")
    yield from safety.file_faults(settings)


def database_findings(engine: Engine, now: dt.datetime) -> Iterator[str]:
    """What is wrong with the database itself, whatever the settings. Its schema is the newest one."""
    yield from _file_findings(engine)
    try:
        yield from shape.findings(engine)
    except Refused as refusal:
        yield str(refusal)
    with database.snapshot(engine) as session:
        yield from invariants.findings(session, now)


def _file_findings(engine: Engine) -> Iterator[str]:
    """What SQLite finds in its own file."""
    if engine.dialect.name != "sqlite":
        return
    with database.reading(engine).connect() as connection:
        told = connection.execute(sa.text("PRAGMA integrity_check(10)")).scalars().all()
    yield from (f"Databasfilen är skadad: {fault}" for fault in told if fault != "ok")
