"""What the database promises on its own: erased text is gone from the file, a reader cannot write, and one
transaction is all or nothing."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from elearn import database
from elearn.people.models import OrgUnit
from tests import builders

SECRET = "Krokodilens namn är Märta-Stina"


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


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)],
)
def test_every_connection_to_sqlite_is_safe(sqlite_url: str, pragma: str, value: object) -> None:
    """S34, S41: 2 is FULL."""
    engine = database.make_engine(sqlite_url)
    for _ in range(2):
        with engine.connect() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
        engine.dispose()


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


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(Exception, match="ELEARN_DATABASE_URL ska börja med"):
        database.make_engine("mysql://localhost/elearn")
