"""Whether the database takes a write: asked seldom, and nothing stays of it."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from elearn import database
from elearn.operations import readiness
from elearn.operations.models import BackupRun


def test_a_database_that_takes_a_write_is_ready_and_keeps_nothing_of_it(engine: sa.Engine) -> None:
    assert readiness.takes_a_write(engine)
    with database.snapshot(engine) as session:
        assert session.scalar(sa.select(sa.func.count(BackupRun.id))) == 0


def test_the_connection_is_left_as_it_was(sqlite_url: str) -> None:
    engine = database.make_engine(sqlite_url)
    with engine.connect() as connection:
        usual = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    assert readiness.takes_a_write(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA cache_size").scalar_one() == usual
    engine.dispose()


def test_a_database_that_another_program_has_locked_is_not(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 0)
    engine = database.make_engine(sqlite_url, is_serving=True)
    with database.writing(engine).connect() as other, other.begin():
        assert not readiness.takes_a_write(engine)
    assert readiness.takes_a_write(engine)
    engine.dispose()


def test_a_database_without_its_table_is_not(tmp_path: Path) -> None:
    engine = database.make_engine(f"sqlite:///{tmp_path / 'elearn.db'}")
    assert not readiness.takes_a_write(engine)
    engine.dispose()


def test_it_is_asked_at_most_every_two_seconds(sqlite_url: str) -> None:
    engine = database.make_engine(sqlite_url)
    asked: list[str] = []
    sa.event.listen(
        engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: asked.append(statement),
    )
    now = 100.0
    known = readiness.Readiness(lambda: now)
    for now, count in ((100.0, 1), (101.9, 1), (102.0, 2), (103.9, 2), (110.0, 3)):  # noqa: B007
        assert known.is_ready(engine)
        assert len([one for one in asked if one.startswith("INSERT")]) == count
    engine.dispose()
