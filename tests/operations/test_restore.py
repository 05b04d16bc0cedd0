"""A backup put back: the same rows on either engine, in an empty place alone, or nothing at all."""

import datetime as dt
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import clock, database, schema
from elearn.errors import Refused
from elearn.identity.models import LoginSession
from elearn.journal.models import JournalEntry
from elearn.operations import backup, document, restore, sealing
from elearn.operations.models import BackupRun
from elearn.people.models import OrgUnit, Person
from elearn.reports import remembered
from elearn.training.models import Attempt
from tests import builders
from tests.operations import places

KEY, OTHER_KEY = places.KEY, places.OTHER_KEY
OF_OLD = (
    "INSERT INTO org_unit (id, code, name, kind, parent_id) VALUES (2, 'D', 'Skolan', 'department', NULL)",
    "INSERT INTO org_unit (id, code, name, kind, parent_id) VALUES (1, 'U', 'Ängen', 'unit', 2)",
    "INSERT INTO person (id, number, first_name, last_name) VALUES (7, '007', 'Sara', 'Lind')",
    "INSERT INTO attempt (id, person_id, course, lesson, number, edition, lesson_hash, right_count, asked_count,"
    " has_passed, submitted_on, submitted_at, answers, answers_due_at) VALUES (3, 7, 'f', 'f/a', 1, 1, 'x', 1, 1, 1,"
    " '2026-11-20', '2026-11-20 09:00:00', '{\"z\": \"z-1\", \"a\": null}', '2026-12-20 09:00:00')",
    "INSERT INTO completion (id, person_id, course, course_title, course_edition, course_hash, completed_on,"
    " valid_until, attempt_id, recorded_at) VALUES (9, 7, 'f', 'F', 1, 'x', '2026-11-20', '2028-11-20', 3,"
    " '2026-11-20 09:00:00')",
)  # as people and answers were kept at first


@pytest.fixture(scope="module")
def backed_up(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """One backup of one town, for the tests that only read it."""
    folder = tmp_path_factory.mktemp("town")
    shutil.copy(sqlite_template, folder / "elearn.db")
    engine = database.make_engine(f"sqlite:///{folder / 'elearn.db'}")
    places.lived_in(engine)
    path = backup.take(engine, places.deed(), folder / "elearn.backup", KEY).path
    engine.dispose()
    return path.read_bytes()


@pytest.fixture
def taken(backed_up: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "elearn.backup"
    path.write_bytes(backed_up)
    return path


def test_every_row_is_there_and_every_login_is_over(
    engine: sa.Engine, empty_engine: sa.Engine, tmp_path: Path
) -> None:
    """On each engine from each: four ways."""
    places.lived_in(engine)
    taken = backup.take(engine, places.deed(), tmp_path / "elearn.backup", KEY).path
    before = places.sums(engine)
    with database.snapshot(engine) as session:
        stood = remembered.change_count(session)
        token_count = session.scalar(sa.select(sa.func.count()).select_from(LoginSession))
    manifest = restore.restore(empty_engine, places.deed(), taken, KEY)
    after = places.sums(empty_engine)
    assert places.unchanged(after) == places.unchanged(before)
    assert after["person"].count == 11
    assert manifest.sums["login_session"] == before["login_session"]
    with database.snapshot(empty_engine) as session:
        assert session.scalars(sa.select(LoginSession.ended_at.is_not(None))).all() == [True] * token_count
        assert session.scalars(sa.select(JournalEntry.kind).order_by(JournalEntry.id.desc())).first() == (
            "restored-backup"
        )
        run = session.scalars(sa.select(BackupRun)).one()
        assert (run.kind, run.file_name, run.is_encrypted) == ("restored", "elearn.backup", True)
        assert run.taken_at == manifest.head.taken_at
        assert remembered.change_count(session) > stood


def test_a_new_row_gets_a_number_of_its_own_afterwards(empty_engine: sa.Engine, taken: Path) -> None:
    restore.restore(empty_engine, places.deed(), taken, KEY)
    with Session(database.writing(empty_engine)) as session:
        highest = session.scalar(sa.select(sa.func.max(Person.id)))
        assert builders.person(session).id == highest + 1


def test_a_migrated_place_without_rows_is_empty_too(sqlite_url: str, taken: Path) -> None:
    target = database.make_engine(sqlite_url)
    restore.restore(target, places.deed(), taken, KEY)
    assert places.sums(target)["person"].count == 11
    target.dispose()


def test_a_place_with_anything_in_it_is_refused_and_left_as_it_is(engine: sa.Engine, taken: Path) -> None:
    places.lived_in(engine)
    before = places.sums(engine)
    with pytest.raises(Refused, match="Databasen är inte tom"):
        restore.restore(engine, places.deed(), taken, KEY)
    assert places.sums(engine) == before


def test_one_row_is_enough_to_be_refused(empty_engine: sa.Engine, taken: Path) -> None:
    database.migrate(empty_engine)
    with database.transaction(empty_engine) as session:
        builders.person(session)
    with pytest.raises(Refused, match="Databasen är inte tom"):
        restore.restore(empty_engine, places.deed(), taken, KEY)


def refused_and_empty(engine: sa.Engine, path: Path, key: bytes | None, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        restore.restore(engine, places.deed(), path, key)
    assert sa.inspect(engine).get_table_names() == []


@pytest.mark.parametrize("size", [4096, 1])
def test_a_file_that_was_cut_is_refused(empty_engine: sa.Engine, taken: Path, size: int) -> None:
    data = taken.read_bytes()
    assert len(data) > 2 * size
    taken.write_bytes(data[:-size])
    refused_and_empty(empty_engine, taken, KEY, "skadad eller avkortad")


@pytest.mark.parametrize("place", [0, 20, 50, 64, 1000, -1])
def test_one_flipped_bit_is_refused(empty_engine: sa.Engine, taken: Path, place: int) -> None:
    data = bytearray(taken.read_bytes())
    data[place] ^= 4
    taken.write_bytes(data)
    refused_and_empty(empty_engine, taken, KEY, "skad|ingen säkerhetskopia|Nyckeln passar inte")


def test_one_flipped_bit_of_a_file_without_a_key_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    source, target = database.make_engine(sqlite_url), places.empty_sqlite(tmp_path)
    places.lived_in(source)
    path = backup.take(source, places.deed(), tmp_path / "open.backup", None).path
    whole = path.read_bytes()
    for place in (0, 20, 64, 1000, len(whole) - 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        refused_and_empty(target, path, None, "skad|ingen säkerhetskopia")
    source.dispose()
    target.dispose()


def test_the_wrong_key_and_no_key_are_refused(empty_engine: sa.Engine, taken: Path) -> None:
    refused_and_empty(empty_engine, taken, OTHER_KEY, "Nyckeln passar inte")
    refused_and_empty(empty_engine, taken, None, "är krypterad")


def test_a_copy_of_the_databases_file_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    """As ``cp`` makes it while somebody writes: SQLite calls it whole, and rows are missing."""
    source, target = database.make_engine(sqlite_url), places.empty_sqlite(tmp_path)
    with database.snapshot(source) as session:  # a reader keeps what is written in the -wal file
        session.execute(sa.select(Person.id)).all()
        places.lived_in(source)
        shutil.copy(sqlite_url.removeprefix("sqlite:///"), tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert copy.execute("SELECT count(*) FROM person").fetchall() == [(0,)]
    for key in (None, KEY):
        refused_and_empty(target, tmp_path / "copy.db", key, "kopia av själva databasfilen")
    source.dispose()
    target.dispose()


def test_a_file_that_is_not_there_is_refused(empty_engine: sa.Engine, tmp_path: Path) -> None:
    refused_and_empty(empty_engine, tmp_path / "none", KEY, "går inte att läsa")


def rewritten(path: Path, *, old: str, new: str) -> None:
    """The same backup with other words in it, sealed as ours are."""
    with path.open("rb") as file:
        text = b"".join(document.unpacked(sealing.read_pieces(file, KEY)))
    assert text.count(old.encode()) == 1
    with path.open("wb") as file:
        out = document.LineWriter(file, KEY)
        out.put(text.replace(old.encode(), new.encode()))
        out.close()


def test_a_newer_schema_is_refused(empty_engine: sa.Engine, taken: Path) -> None:
    rewritten(taken, old=f'"schema": "{schema.newest()}"', new='"schema": "2031_01_01_later"')
    refused_and_empty(empty_engine, taken, KEY, "nyare schema")


def test_a_newer_form_is_refused(empty_engine: sa.Engine, taken: Path) -> None:
    rewritten(taken, old='"form": 1', new='"form": 2')
    refused_and_empty(empty_engine, taken, KEY, "nyare version av elearn")


def test_rows_that_are_not_those_of_the_manifest_are_refused(empty_engine: sa.Engine, taken: Path) -> None:
    rewritten(taken, old='"Mottagningen"', new='"Mottagninken"')
    refused_and_empty(empty_engine, taken, KEY, "tabellerna är inte de som den säger")


def test_an_older_schema_is_brought_forward(empty_engine: sa.Engine, tmp_path: Path) -> None:
    """From before a person's offer, the completions' codes and most tables: as a migration would do it."""
    source = places.empty_sqlite(tmp_path)
    database.migrate(source, "2026_11_23_training")
    with source.begin() as connection:
        for statement in OF_OLD:
            connection.exec_driver_sql(statement)
    path = tmp_path / "old.backup"
    with path.open("wb") as file, source.connect() as connection:
        document.write(connection, clock.now(), file, None)
    restore.restore(empty_engine, places.deed(), path, None)
    assert database.schema_fault(empty_engine) is None
    with database.snapshot(empty_engine) as session:
        assert session.scalars(sa.select(Person.offered_on)).one() == dt.date(2026, 11, 20)
        assert list((session.scalars(sa.select(Attempt.answers)).one() or {}).items()) == [
            ("z", [["", "z-1"]]),
            ("a", []),
        ]
        assert session.scalars(sa.select(OrgUnit.parent_id).where(OrgUnit.id == 1)).one() == 2
    source.dispose()


def test_a_backup_that_breaks_the_databases_rules_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    """A row whose person is gone: it cannot be put back, so it is told when it is taken."""
    source = database.make_engine(sqlite_url)
    places.lived_in(source)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as raw:
        raw.execute("UPDATE employment SET person_id = 999")
        raw.commit()
    with pytest.raises(Refused, match=r"bryter mot databasens egna regler \(employment\)"):
        backup.take(source, places.deed(), tmp_path / "x.backup", KEY)
    assert not (tmp_path / "x.backup").exists()
    with database.snapshot(source) as session:
        run = session.scalars(sa.select(BackupRun)).one()
        assert (run.kind, run.file_name) == ("failed", "x.backup")
        assert run.fault is not None
        assert "employment" in run.fault
    source.dispose()
