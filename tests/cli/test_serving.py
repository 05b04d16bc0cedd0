"""``migrate`` and ``serve``: what is refused before anybody is let in, each in a clear sentence."""

import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from cli.commands import elearn, words
from content import folders

KEY = "k3yThatIsLongEnough-0123456789-abcdefg"


def serve(url: str, courses: Path, *arguments: str, **settings: str) -> str:
    done = elearn("serve", *arguments, database_url=url, courses=courses, **settings)
    assert done.returncode == 1
    return words(done)


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return folders.write(tmp_path / "courses")


@pytest.mark.parametrize(("key", "expected"), [("", "saknas"), ("k" * 40, "för svag"), (KEY[:31], "för svag")])
def test_a_missing_or_weak_key_is_refused(sqlite_url: str, courses: Path, key: str, expected: str) -> None:
    """S58."""
    assert f"ELEARN_SECRET_KEY {'är ' if expected == 'för svag' else ''}{expected}" in serve(sqlite_url, courses, ELEARN_SECRET_KEY=key)


def test_an_old_schema_is_refused(tmp_path: Path, courses: Path) -> None:
    assert "Kör: elearn migrate" in serve(f"sqlite:///{tmp_path / 'ny.db'}", courses, ELEARN_SECRET_KEY=KEY)


def test_unsafe_postgresql_settings_are_refused(postgresql_url: str, courses: Path) -> None:
    """S41."""
    separator = "&" if "?" in postgresql_url else "?"
    unsafe = postgresql_url + separator + "options=-csynchronous_commit%3Doff"
    assert "kan förlora data: synchronous_commit=off" in serve(unsafe, courses, ELEARN_SECRET_KEY=KEY)


def test_passwords_over_plain_http_are_refused(sqlite_url: str, courses: Path) -> None:
    assert "ska börja med https://" in serve(sqlite_url, courses, ELEARN_SECRET_KEY=KEY, ELEARN_PUBLIC_URL="http://kurs.example")
    assert "Sätt då ELEARN_PUBLIC_URL" in serve(sqlite_url, courses, "--host", "0.0.0.0", ELEARN_SECRET_KEY=KEY)  # noqa: S104


def test_a_moved_date_is_for_demonstrations(sqlite_url: str, courses: Path) -> None:
    assert "ELEARN_TODAY" in serve(sqlite_url, courses, ELEARN_SECRET_KEY=KEY, ELEARN_TODAY="2026-01-01")


def test_a_wrong_setting_is_named(sqlite_url: str, courses: Path) -> None:
    assert "ELEARN_THRESHOLD: Tröskeln ska vara" in serve(sqlite_url, courses, ELEARN_SECRET_KEY=KEY, ELEARN_THRESHOLD="90")


def test_a_broken_course_is_refused_with_file_and_line(sqlite_url: str, courses: Path) -> None:
    (courses / "gemensamt" / "grunder.md").write_text(folders.LESSON.replace("tid: 10 min", "tid: x"), encoding="utf-8")
    assert "gemensamt/grunder.md:2: Skriv tiden" in serve(sqlite_url, courses, ELEARN_SECRET_KEY=KEY)


def test_migrate_makes_an_empty_database_and_twice_is_harmless(tmp_path: Path, courses: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ny' / 'elearn.db'}"
    for _ in range(2):
        done = elearn("migrate", database_url=url, courses=courses)
        assert done.returncode == 0
    with sqlite3.connect(tmp_path / "ny" / "elearn.db") as connection:
        assert ("completion",) in connection.execute("SELECT name FROM sqlite_master").fetchall()


def test_a_wrong_word_is_wrong_usage(sqlite_url: str) -> None:
    assert elearn("finns-inte", database_url=sqlite_url).returncode == 2


def test_the_real_server_starts_answers_and_stops(sqlite_url: str, courses: Path, tmp_path: Path) -> None:
    """And it tells what must be confirmed before the course opens."""
    environment = {
        "ELEARN_DATABASE_URL": sqlite_url, "ELEARN_COURSES_DIR": str(courses), "ELEARN_SECRET_KEY": KEY,
        "ELEARN_WORKERS": "1", "PATH": "/usr/bin:/bin",
    }  # fmt: skip
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen([sys.executable, "-m", "elearn", "serve", "--port", "8917"], env=environment, stderr=log, stdout=log)
    try:
        for _ in range(100):
            try:
                assert urllib.request.urlopen("http://127.0.0.1:8917/healthz").read() == b"ok"
                break
            except OSError:
                time.sleep(0.2)
        else:
            pytest.fail((tmp_path / "log").read_text())
        urllib.request.urlopen("http://127.0.0.1:8917/stod").read()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        log.close()
    told = (tmp_path / "log").read_text()
    assert "Obs: Socialtjänsten är inte kontrollerad, men krävs." in told
    assert "/stod" not in told
