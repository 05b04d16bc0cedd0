"""The doctor: settings, files, the schema and backups are looked at (the demonstration: tests/demo)."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from elearn import clock, database
from elearn.operations import backup, condition, doctor, safety
from elearn.settings import Settings, data_dir
from tests.operations import places
from tests.web import town

HOUR = dt.timedelta(hours=1)


def settings(url: str, **more: object) -> Settings:
    values = {"database_url": url, "courses_dir": data_dir("courses"), "secret_key": town.KEY, **more}
    return Settings(**values)  # type: ignore[arg-type]


def found(url: str, now: dt.datetime | None = None, **more: object) -> list[str]:
    engine = database.make_engine(url)
    try:
        return list(doctor.findings(settings(url, **more), engine, now or clock.now(), town.TODAY))
    finally:
        engine.dispose()


@pytest.fixture
def private(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The folder of the test's database, as ``serve`` demands it."""
    for url in {"sqlite_url", "database_url"} & set(request.fixturenames):
        request.getfixturevalue(url)
    tmp_path.chmod(0o700)
    for file in tmp_path.glob("elearn.db"):
        file.chmod(0o600)
    return tmp_path


def test_a_town_in_use_is_sound(database_url: str, private: Path) -> None:
    engine = database.make_engine(database_url)
    places.lived_in(engine)
    engine.dispose()
    unsafe = [
        "Databasens inställningar kan förlora data: fsync=off, full_page_writes=off."
    ]  # as in all tests
    assert found(database_url) == (unsafe if "postgresql" in database_url else [])


def test_an_old_schema_is_told_alone(tmp_path: Path) -> None:
    engine = places.empty_sqlite(tmp_path)
    database.migrate(engine, "2026_11_23_training")
    assert found(str(engine.url)) == ["Databasens schema är inte aktuellt. Kör: elearn migrate"]
    engine.dispose()


def test_settings_that_contradict_are_told(sqlite_url: str, private: Path) -> None:
    backups, key = private / "backups", private / "backups" / "key"
    backups.mkdir()
    key.write_bytes(places.KEY)
    key.chmod(0o640)
    secret = private / "secret"
    secret.write_text(town.KEY)
    secret.chmod(0o644)
    told = found(
        sqlite_url,
        secret_key="kort",
        secret_key_file=secret,
        public_url="http://kurs.se",
        today=town.TODAY,
        backup_dir=backups,
        backup_key_file=key,
    )
    for sentence in (
        "ELEARN_SECRET_KEY är för svag",
        f"ELEARN_SECRET_KEY_FILE: andra användare på datorn kan läsa {secret}. Kör: chmod 600 {secret}",
        "ELEARN_PUBLIC_URL ska börja med https://",
        "ELEARN_TODAY flyttar datum",
        f"ELEARN_BACKUP_KEY_FILE: andra användare på datorn kan läsa {key}. Kör: chmod 600 {key}",
        "ELEARN_BACKUP_KEY_FILE ligger i ELEARN_BACKUP_DIR",
        "Ingen säkerhetskopia är tagen. Kör: elearn backup",
    ):
        assert [one for one in told if one.startswith(sentence)], (sentence, told)
    assert found(sqlite_url, backup_dir=private / "none")[0].startswith("ELEARN_BACKUP_DIR: mappen")
    assert found(sqlite_url, trusted_proxies=1)[0].startswith("ELEARN_TRUSTED_PROXIES är satt utan")
    key.write_bytes(b"x")
    assert "32 slumpade byte" in found(sqlite_url, backup_key_file=key)[0]


def test_a_database_that_others_can_read_is_told(sqlite_url: str, private: Path) -> None:
    private.joinpath("elearn.db").chmod(0o640)
    assert found(sqlite_url)[0].startswith("Andra användare på datorn kan läsa databasen.")


def test_a_dropped_trigger_and_a_broken_file_are_told(sqlite_url: str, private: Path) -> None:
    engine = database.make_engine(sqlite_url)
    places.lived_in(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER completion_no_delete")
        page_size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        root = connection.execute(
            sa.text("SELECT rootpage FROM sqlite_master WHERE name = 'ix_person_email'")
        ).scalar_one()
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    assert found(sqlite_url) == ["Schemat: triggern completion_no_delete på tabellen completion saknas."]
    with private.joinpath("elearn.db").open("r+b") as file:
        file.seek((root - 1) * page_size + 8 + 12)
        file.write(bytes(page_size - 8 - 12))
    assert [one for one in found(sqlite_url) if one.startswith("Databasfilen är skadad: ")]


@pytest.mark.parametrize(("age", "is_old"), [(26 * HOUR, False), (26 * HOUR + dt.timedelta(seconds=1), True)])
def test_a_backup_is_old_after_26_hours(
    sqlite_url: str, private: Path, age: dt.timedelta, is_old: bool
) -> None:
    engine = database.make_engine(sqlite_url)
    deed = places.deed()
    backup.take(engine, deed, private / "x.backup", None)
    engine.dispose()
    told = found(sqlite_url, now=deed.now + age)
    assert bool(told) == is_old
    if is_old:
        assert told == [
            "Den senaste säkerhetskopian är 26 timmar gammal. Den ska vara högst 26 timmar. "
            "Kontrollera att elearn backup körs varje natt, och kör den nu."
        ]


def test_a_failed_backup_is_told_until_one_succeeds(sqlite_url: str, private: Path) -> None:
    engine = database.make_engine(sqlite_url)
    with pytest.raises(Exception, match="går inte att skriva"):
        backup.take(engine, places.deed(), private / "gone" / "x.backup", None)
    assert found(sqlite_url)[0].startswith("Den senaste säkerhetskopian misslyckades. ")
    backup.take(engine, places.deed(), private / "x.backup", None)
    assert found(sqlite_url) == []
    engine.dispose()


def test_without_backups_asked_for_none_is_missed(sqlite_url: str, private: Path) -> None:
    assert found(sqlite_url) == []
    engine = database.make_engine(sqlite_url)
    with database.snapshot(engine) as session:
        now = condition.current(session, town.TODAY)
    assert now.backup_fault(clock.now()) == "Ingen säkerhetskopia är tagen. Kör: elearn backup"
    engine.dispose()


def test_serve_refuses_what_the_doctor_tells(sqlite_url: str, private: Path) -> None:
    engine = database.make_engine(sqlite_url)
    assert safety.serving_faults(settings(sqlite_url), engine, "127.0.0.1") == []
    told = safety.serving_faults(settings(sqlite_url), engine, "10.0.0.1")
    assert len(told) == 1
    assert "Servern ska nås från andra datorer (10.0.0.1)" in told[0]
    engine.dispose()
