"""The engine's settings, as the database itself tells them; what it promises on its own: erased text is gone
from the file, a reader cannot write, and one transaction is all or nothing; and what a fault of it means."""

import stat
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from elearn import database
from elearn.errors import Refused
from elearn.people.models import OrgUnit
from tests import builders

SAFE = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: what was answered is on the disk
    "foreign_keys": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
}
SECRET = "Krokodilens namn är Märta-Stina"


def test_every_connection_to_sqlite_is_safe(sqlite_url: str) -> None:
    """S33, S34, S41: whatever the start's check says, this is how the server writes."""
    for is_serving in (False, True):
        engine = database.make_engine(sqlite_url, is_serving=is_serving)
        with database.writing(engine).connect() as connection:
            assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in SAFE} == SAFE
        engine.dispose()


def test_a_request_waits_five_seconds_for_a_lock_and_a_command_ten(sqlite_url: str) -> None:
    for is_serving, milliseconds in ((True, 5000), (False, 10_000)):
        engine = database.make_engine(sqlite_url, is_serving=is_serving)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == milliseconds
        engine.dispose()


def test_a_request_waits_for_postgresql_no_longer_than_this(postgresql_url: str) -> None:
    """A command may take its time: an import, a large report."""
    for is_serving, limits in ((True, ("5s", "15s")), (False, ("0", "0"))):
        engine = database.make_engine(postgresql_url, is_serving=is_serving)
        with engine.connect() as connection:
            shown = [
                connection.exec_driver_sql(f"SHOW {name}").scalar()
                for name in ("lock_timeout", "statement_timeout")
            ]
        assert tuple(shown) == limits
        engine.dispose()


def test_the_options_of_the_address_are_kept(postgresql_url: str) -> None:
    separator = "&" if "?" in postgresql_url else "?"
    own = postgresql_url + separator + "options=-csynchronous_commit%3Doff"
    engine = database.make_engine(own, is_serving=True)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "off"
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "5s"
    engine.dispose()


def test_nobody_else_on_the_machine_can_read_a_new_database(tmp_path: Path) -> None:
    """Its companions neither, while it is in use."""
    path = tmp_path / "ny" / "elearn.db"
    engine = database.make_engine(f"sqlite:///{path}")
    database.migrate(engine)
    with database.writing(engine).connect() as connection:
        connection.exec_driver_sql("CREATE TABLE x (y)")
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    engine.dispose()
    assert modes["elearn.db"] == modes["elearn.db-wal"] == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "inte en adress", "", "sqlite", "postgresql://h:port/x", "oracle://x"]
)
def test_an_address_that_is_no_databases_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(Refused, match="ELEARN_DATABASE_URL ska börja med"):
        database.make_engine(url)


def test_a_full_disk_is_an_outage(sqlite_url: str) -> None:
    """S38: SQLite's own limit on the file says the same as a full disk."""
    engine = database.make_engine(sqlite_url)
    with database.writing(engine).connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        with pytest.raises(sa.exc.OperationalError) as caught:
            connection.exec_driver_sql("CREATE TABLE filler AS SELECT zeroblob(1000000) AS x")
    engine.dispose()
    assert "full" in str(caught.value)
    assert database.is_unavailable(caught.value)


def test_what_is_wrong_in_a_statement_is_no_outage(engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.DBAPIError) as caught, engine.connect() as connection:
        connection.exec_driver_sql("SELECT finns_inte FROM person")
    assert not database.is_unavailable(caught.value)
    assert not database.is_unavailable(RuntimeError())
    assert not database.is_unavailable(None)


def bytes_of(url: str) -> bytes:
    path = Path(sa.make_url(url).database or "")
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_what_is_erased_is_not_in_the_files_bytes(sqlite_url: str) -> None:
    """S50: an UPDATE that empties a cell leaves nothing of it, in the file or beside it."""
    engine = database.make_engine(sqlite_url)
    with database.transaction(engine) as session:
        builders.unit(session, "U1", name=SECRET + "x" * 3000)
    assert SECRET.encode() in bytes_of(sqlite_url)
    with database.transaction(engine) as session:
        session.execute(sa.update(OrgUnit).values(name="Tom"))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    assert SECRET.encode() not in bytes_of(sqlite_url)


def test_a_failure_in_a_transaction_leaves_nothing(engine: sa.Engine) -> None:
    def fail() -> None:
        with database.transaction(engine) as session:
            builders.unit(session, "U1")
            raise RuntimeError("halvvägs")

    with pytest.raises(RuntimeError):
        fail()
    with database.snapshot(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(OrgUnit)) == 0


def test_a_snapshot_cannot_write(engine: sa.Engine) -> None:
    """S10."""
    with database.snapshot(engine) as session, pytest.raises(sa.exc.DBAPIError):
        session.execute(sa.delete(OrgUnit))


def test_a_snapshot_sees_one_moment(engine: sa.Engine) -> None:
    """Two selects of one report see the same rows, whatever is written between them."""
    with database.snapshot(engine) as reader:
        assert reader.scalar(sa.select(sa.func.count()).select_from(OrgUnit)) == 0
        with database.transaction(engine) as writer:
            builders.unit(writer, "U1")
        assert reader.scalar(sa.select(sa.func.count()).select_from(OrgUnit)) == 0


def test_a_database_that_waits_for_the_disk_is_safe(sqlite_url: str, postgresql_url: str) -> None:
    """S41. The tests' own server does not wait: it is told to while this is asked."""
    for url in (sqlite_url, postgresql_url):
        engine = database.make_engine(url)
        try:
            told_to_wait(engine, "on")
            assert database.safety_fault(engine) is None
        finally:
            told_to_wait(engine, "off")
            engine.dispose()


def told_to_wait(engine: sa.Engine, word: str) -> None:
    if engine.dialect.name == "sqlite":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = {word}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            if connection.exec_driver_sql("SHOW fsync").scalar() == word:
                return
        time.sleep(0.05)
    raise AssertionError(word)
