"""The operator's commands: what they say, where, and how they end. What they do: tests/operations."""

from pathlib import Path

import pytest

from elearn import database
from elearn.operations import sealing
from tests import builders
from tests.cli.commands import elearn, words
from tests.web import town


@pytest.fixture
def place(tmp_path: Path, sqlite_url: str) -> Path:
    tmp_path.chmod(0o700)
    (tmp_path / "elearn.db").chmod(0o600)
    return tmp_path


def test_a_backup_needs_a_place(sqlite_url: str) -> None:
    done = elearn("backup", database_url=sqlite_url)
    assert (done.returncode, done.stdout) == (1, b"")
    assert words(done) == (
        "Säg var säkerhetskopian ska ligga: sätt ELEARN_BACKUP_DIR eller skriv --output FIL.\n"
    )


def test_the_files_name_is_data_and_the_rest_is_words(sqlite_url: str, place: Path) -> None:
    done = elearn("backup", "--output", place / "x.backup", database_url=sqlite_url)
    assert (done.returncode, done.stdout.decode()) == (0, f"{place / 'x.backup'}\n")
    assert words(done).startswith("Säkerhetskopian är tagen och kontrollerad: ")
    assert words(done).endswith(" byte. Den är inte krypterad.\n")
    assert sealing.is_sealed(place / "x.backup")


def test_old_backups_make_room_as_the_setting_says(sqlite_url: str, place: Path) -> None:
    for day in (1, 2, 3):
        (place / f"elearn-2026-11-0{day}T010000Z.backup").write_bytes(b"x")
    done = elearn("backup", database_url=sqlite_url, ELEARN_BACKUP_DIR=str(place), ELEARN_BACKUP_KEEP="1")
    assert "Gamla säkerhetskopior borttagna: 3." in words(done)
    assert [path.name for path in place.glob("*.backup")] == [Path(done.stdout.decode().strip()).name]


def test_a_wrong_key_and_an_old_schema_are_refused(sqlite_url: str, place: Path) -> None:
    (place / "key").write_bytes(b"short")
    done = elearn(
        "backup", "--output", place / "x", database_url=sqlite_url, ELEARN_BACKUP_KEY_FILE=str(place / "key")
    )
    assert (done.returncode, "32 slumpade byte" in words(done)) == (1, True)
    done = elearn("backup", "--output", place / "x", database_url=f"sqlite:///{place / 'none.db'}")
    assert (done.returncode, words(done)) == (
        1,
        "Databasens schema är inte aktuellt. Kör: elearn migrate\n",
    )


def test_restoring_tells_the_moment_and_what_the_doctor_finds(sqlite_url: str, place: Path) -> None:
    engine = database.make_engine(sqlite_url)
    with database.transaction(engine) as session:
        someone, at = builders.person(session), builders.unit(session, "E")
        employment = builders.employ(session, someone, at)
        employment.ends_on = employment.starts_on.replace(year=2019)
    engine.dispose()
    done = elearn("backup", "--output", place / "x.backup", database_url=sqlite_url)
    finding = "Anställningar (employment) som slutar före sin första dag. Antal: 1. Rader: 1."
    assert (done.returncode, words(done).splitlines()[-1]) == (0, f"Obs: {finding}")
    target = f"sqlite:///{place / 'new' / 'elearn.db'}"
    done = elearn("restore", place / "x.backup", database_url=target)
    assert done.returncode == 1
    first, *rest = words(done).splitlines()
    assert first.startswith("Säkerhetskopian från 20")
    assert first.endswith(" rader. Alla är utloggade. Starta om servern.")
    assert rest == [finding]


def test_the_doctor_ends_with_0_when_all_is_well_and_else_with_1(sqlite_url: str, place: Path) -> None:
    done = elearn("doctor", database_url=sqlite_url, ELEARN_SECRET_KEY=town.KEY)
    assert (done.returncode, done.stdout, words(done)) == (0, b"", "Inga fel hittades.\n")
    (place / "elearn.db").chmod(0o644)
    done = elearn("doctor", database_url=sqlite_url, ELEARN_SECRET_KEY="kort")
    assert done.returncode == 1
    assert [line.split(":")[0] for line in words(done).splitlines()] == [
        "ELEARN_SECRET_KEY är för svag",
        "Andra användare på datorn kan läsa databasen. Kör",
    ]


def test_a_restore_names_its_file(sqlite_url: str) -> None:
    assert elearn("restore", database_url=sqlite_url).returncode == 2
