"""Taking a backup: whole whatever happens beside it, and what is kept."""

import datetime as dt
import os
import stat
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from elearn import clock, database
from elearn.errors import Refused
from elearn.journal.models import JournalEntry
from elearn.operations import backup, document, restore, sealing
from elearn.operations.models import BackupRun
from elearn.training.models import TargetDecision
from tests import builders
from tests.operations import places

KEY = places.KEY


def test_a_backup_is_private_named_by_its_moment_and_noted(engine: sa.Engine, tmp_path: Path) -> None:
    people = places.lived_in(engine)
    before = places.sums(engine)
    deed = places.deed()
    taken = backup.take_into(engine, deed, tmp_path, KEY, keep_count=3)
    assert taken.path == tmp_path / f"elearn-{deed.now:%Y-%m-%dT%H%M%S}Z.backup"
    assert stat.S_IMODE(taken.path.stat().st_mode) == 0o600
    assert [path for path in tmp_path.iterdir() if path.suffix in {".backup", ".part"}] == [taken.path]
    assert (taken.findings, taken.removed_count) == ((), 0)
    assert taken.manifest.sums == before
    with taken.path.open("rb") as file:
        assert document.check(file, KEY) == taken.manifest
    assert b"Sara" not in taken.path.read_bytes()
    with database.snapshot(engine) as session:
        run = session.scalars(sa.select(BackupRun)).one()
        assert (run.kind, run.file_name, run.row_count) == (
            "taken",
            taken.path.name,
            taken.manifest.row_count,
        )
        assert (run.byte_count, run.is_encrypted, run.fault) == (taken.path.stat().st_size, True, None)
        assert session.scalars(sa.select(JournalEntry.kind)).all()[-1] == "took-backup"
    assert len(people) == 11


def test_a_backup_under_writers_shows_one_moment(
    engine: sa.Engine, empty_engine: sa.Engine, tmp_path: Path
) -> None:
    """Each writer makes two rows that belong together, all the while: in the backup no half of a pair."""
    places.lived_in(engine)
    has_ended, count = threading.Event(), [0, 0]

    def write(which: int) -> None:
        while not has_ended.is_set():
            with database.transaction(engine) as session:
                for part in ("a", "b"):
                    unit = builders.unit(session, f"{which}-{count[which]}-{part}")
                    builders.decide(session, unit)
            count[which] += 1

    writers = [threading.Thread(target=write, args=(which,)) for which in (0, 1)]
    for writer in writers:
        writer.start()
    while not all(count):
        pass
    taken = backup.take(engine, places.deed(), tmp_path / "x.backup", None)
    at_end = sum(count)
    has_ended.set()
    for writer in writers:
        writer.join()
    restore.restore(empty_engine, places.deed(), taken.path, None)
    with database.snapshot(empty_engine) as session:
        restored = session.scalar(sa.select(sa.func.count(TargetDecision.id)))
    assert restored is not None
    pairs = restored - 1  # the town's own exemption
    assert pairs % 2 == 0
    assert 2 <= pairs // 2 <= at_end + 2


def test_the_newest_are_kept_and_nothing_else_is_touched(sqlite_url: str, tmp_path: Path) -> None:
    engine = database.make_engine(sqlite_url)
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [folder / f"elearn-2026-11-0{day}T010000Z.backup" for day in (1, 2, 3)]
    strangers = [
        folder / name
        for name in (
            "elearn.db",
            "elearn-2026-11-01.backup",
            "x-elearn-2026-11-01T010000Z.backup",
            "notes.txt",
        )
    ]
    left, now_written = folder / ".elearn-2026-11-01T010000Z.backup.x.part", folder / ".elearn-x.part"
    for path in (*old, *strangers, left, now_written):
        path.write_bytes(b"x")
    two_days_ago = (clock.now() - dt.timedelta(days=2)).timestamp()
    os.utime(left, (two_days_ago, two_days_ago))
    taken = backup.take_into(engine, places.deed(), folder, None, keep_count=2)
    assert taken.removed_count == 2
    assert set(folder.iterdir()) == {old[2], taken.path, now_written, *strangers}
    engine.dispose()


def test_an_earlier_backup_may_be_replaced_and_another_file_never(sqlite_url: str, tmp_path: Path) -> None:
    engine = database.make_engine(sqlite_url)
    path = tmp_path / "latest.backup"
    first = backup.take(engine, places.deed(), path, None)
    with database.transaction(engine) as session:
        builders.person(session)
    second = backup.take(engine, places.deed(), path, None)
    assert second.manifest.row_count > first.manifest.row_count
    own = Path(sqlite_url.removeprefix("sqlite:///"))
    before = own.read_bytes()
    for foreign in (own, tmp_path):
        with pytest.raises(Refused, match="ingen säkerhetskopia"):
            backup.take(engine, places.deed(), foreign, None)
    assert own.read_bytes()[:16] == before[:16] == sealing.SQLITE_MAGIC
    engine.dispose()


def test_a_place_that_cannot_be_written_is_told_and_noted(sqlite_url: str, tmp_path: Path) -> None:
    engine = database.make_engine(sqlite_url)
    with pytest.raises(Refused, match="går inte att skriva: No such file or directory"):
        backup.take(engine, places.deed(), tmp_path / "gone" / "x.backup", None)
    with database.snapshot(engine) as session:
        run = session.scalars(sa.select(BackupRun)).one()
    assert (run.kind, run.byte_count) == ("failed", 0)
    assert run.fault is not None
    assert "går inte att skriva" in run.fault
    engine.dispose()


def test_what_is_wrong_with_the_database_is_told_and_the_backup_is_kept(
    sqlite_url: str, tmp_path: Path
) -> None:
    engine = database.make_engine(sqlite_url)
    places.lived_in(engine)
    with database.transaction(engine) as session:
        session.execute(sa.text("UPDATE employment SET ends_on = '2019-12-31' WHERE id = 1"))
    taken = backup.take(engine, places.deed(), tmp_path / "x.backup", None)
    assert [finding for finding in taken.findings if "slutar före sin första dag" in finding]
    assert taken.path.exists()
    engine.dispose()


def test_a_file_that_is_not_what_was_read_is_found_when_it_is_taken(sqlite_url: str, tmp_path: Path) -> None:
    """A disk that loses what was written."""
    engine = database.make_engine(sqlite_url)
    places.lived_in(engine)
    taken = backup.take(engine, places.deed(), tmp_path / "x.backup", None)
    with database.transaction(engine) as session:
        builders.person(session)
    with (tmp_path / "later.backup").open("wb") as file, engine.connect() as connection:
        later = document.write(connection, clock.now(), file, None)
    assert backup.verify(tmp_path / "later.backup", later, None, clock.now()) == ()
    with pytest.raises(Refused, match="blev inte som databasen"):
        backup.verify(taken.path, later, None, clock.now())
    engine.dispose()


def test_a_table_of_somebody_elses_is_left_out_and_told(engine: sa.Engine, tmp_path: Path) -> None:
    places.lived_in(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE min_egen (id integer)"))
    taken = backup.take(engine, places.deed(), tmp_path / "x.backup", None)
    assert taken.findings == (
        "Tabellen min_egen hör inte till programmet och är inte med i säkerhetskopian.",
    )
    assert "min_egen" not in taken.manifest.sums


def test_a_database_that_cannot_be_read_whole_is_told_and_noted(sqlite_url: str, tmp_path: Path) -> None:
    """A page that the disk has lost."""
    engine = database.make_engine(sqlite_url)
    places.lived_in(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        root = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE name = 'employment'"
        ).scalar()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar()
    engine.dispose()
    with Path(engine.url.database or "").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(Refused, match=r"gick inte att läsa hel.*elearn doctor.*malformed"):
        backup.take(engine, places.deed(), tmp_path / "x.backup", None)
    assert not (tmp_path / "x.backup").exists()
    with database.snapshot(engine) as session:
        assert [run.kind for run in session.scalars(sa.select(BackupRun))] == ["failed"]
    engine.dispose()


def test_a_database_without_a_schema_has_nothing_to_back_up(tmp_path: Path) -> None:
    engine = places.empty_sqlite(tmp_path)
    with (
        (tmp_path / "x").open("wb") as file,
        engine.connect() as connection,
        pytest.raises(Refused, match="Databasen är tom"),
    ):
        document.write(connection, clock.now(), file, None)
    engine.dispose()


def test_names_in_order_are_moments_in_order() -> None:
    assert (
        backup.name_at(dt.datetime(2026, 3, 29, 0, 59, 59, tzinfo=dt.UTC))
        == "elearn-2026-03-29T005959Z.backup"
    )
    summer = dt.timezone(dt.timedelta(hours=2))
    assert backup.name_at(dt.datetime(2026, 7, 1, 2, 0, tzinfo=summer)) == "elearn-2026-07-01T000000Z.backup"
    assert backup.NAME.fullmatch(backup.name_at(clock.now()))
