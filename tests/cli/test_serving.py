"""``migrate``, ``serve`` and ``demo``: what is refused before anybody is let in, each in a clear sentence;
and the servers start."""

import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from elearn import demo
from elearn.cli import serving
from elearn.demo import build
from elearn.errors import Refused
from elearn.settings import Settings
from tests.cli.commands import elearn, words
from tests.content import folders

KEY = "k3yThatIsLongEnough-0123456789-abcdefg"


def serve(url: str, courses: Path, *arguments: str, **settings: str) -> str:
    done = elearn("serve", *arguments, database_url=url, courses=courses, **settings)
    assert done.returncode == 1
    return words(done)


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return folders.write_planned(tmp_path / "courses", **{"gemensamt/kontakter.md": folders.CONFIRMED})


@pytest.mark.parametrize(
    ("key", "expected"), [("", "saknas"), ("k" * 40, "för svag"), (KEY[:31], "för svag")]
)
def test_a_missing_or_weak_key_is_refused(sqlite_url: str, courses: Path, key: str, expected: str) -> None:
    """S58."""
    assert f"ELEARN_SECRET_KEY {'är ' if expected == 'för svag' else ''}{expected}" in serve(
        sqlite_url, courses, ELEARN_SECRET_KEY=key
    )


def test_an_old_schema_is_refused(tmp_path: Path, courses: Path) -> None:
    assert "Kör: elearn migrate" in serve(f"sqlite:///{tmp_path / 'ny.db'}", courses, ELEARN_SECRET_KEY=KEY)


def test_unsafe_postgresql_settings_are_refused(postgresql_url: str, courses: Path) -> None:
    """S41. The tests' own server waits for no disk, and is refused for it."""
    assert "kan förlora data: fsync=off, full_page_writes=off." in serve(
        postgresql_url, courses, ELEARN_SECRET_KEY=KEY
    )
    separator = "&" if "?" in postgresql_url else "?"
    unsafe = postgresql_url + separator + "options=-csynchronous_commit%3Doff"
    assert "synchronous_commit=off" in serve(unsafe, courses, ELEARN_SECRET_KEY=KEY)


def test_passwords_over_plain_http_are_refused(sqlite_url: str, courses: Path) -> None:
    assert "ska börja med https://" in serve(
        sqlite_url, courses, ELEARN_SECRET_KEY=KEY, ELEARN_PUBLIC_URL="http://kurs.example"
    )
    assert "Sätt då ELEARN_PUBLIC_URL" in serve(
        sqlite_url,
        courses,
        "--host",
        "0.0.0.0",  # noqa: S104
        ELEARN_SECRET_KEY=KEY,
    )


def test_a_moved_date_is_for_demonstrations(sqlite_url: str, courses: Path) -> None:
    assert "ELEARN_TODAY" in serve(sqlite_url, courses, ELEARN_SECRET_KEY=KEY, ELEARN_TODAY="2026-01-01")


def test_the_demonstrations_setting_is_for_this_machine_alone(sqlite_url: str, courses: Path) -> None:
    for arguments, settings in (
        (("--host", "0.0.0.0"), {"ELEARN_PUBLIC_URL": "https://kurs.example"}),  # noqa: S104
        ((), {"ELEARN_PUBLIC_URL": "https://kurs.example"}),
    ):
        told = serve(sqlite_url, courses, *arguments, ELEARN_SECRET_KEY=KEY, ELEARN_DEMO="1", **settings)
        assert "ELEARN_DEMO visar lösenord" in told


def test_a_database_that_others_on_the_machine_can_read_is_refused(
    sqlite_url: str, courses: Path, tmp_path: Path
) -> None:
    file = tmp_path / "elearn.db"
    for path, mode, expected in (
        (tmp_path, 0o755, "chmod 700"),
        (file, 0o644, "chmod 600"),
        (file, 0o640, "chmod 600"),
    ):
        before = path.stat().st_mode
        path.chmod(mode)
        assert expected in serve(sqlite_url, courses, ELEARN_SECRET_KEY=KEY)
        path.chmod(before)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("inte en adress", "ELEARN_DATABASE_URL ska börja med"),
        ("postgresql://elearn@127.0.0.1:1/elearn", "Databasen går inte att använda just nu."),
        ("sqlite:////proc/finns/inte.db", "går inte att skapa"),
        ("sqlite:///{courses}", "Databasen går inte att använda just nu."),
        ("sqlite:///{courses}/gemensamt/grunder.md", "är ingen databas"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "migrate", "tidy"])
def test_a_wrong_address_of_the_database_is_told_in_a_sentence(
    courses: Path, url: str, expected: str, command: str
) -> None:
    done = elearn(command, database_url=url.format(courses=courses), courses=courses, ELEARN_SECRET_KEY=KEY)
    assert done.returncode == 1
    assert expected in words(done)
    assert "Traceback" not in words(done)


def test_a_wrong_setting_is_named(sqlite_url: str, courses: Path) -> None:
    assert "ELEARN_THRESHOLD: Tröskeln ska vara" in serve(
        sqlite_url, courses, ELEARN_SECRET_KEY=KEY, ELEARN_THRESHOLD="90"
    )


def test_a_broken_course_is_refused_with_file_and_line(sqlite_url: str, courses: Path) -> None:
    (courses / "gemensamt" / "grunder.md").write_text(
        folders.LESSON.replace("tid: 10 min", "tid: x"), encoding="utf-8"
    )
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


@pytest.mark.parametrize(
    "way",
    [
        "- Kontrollerad: nej\n- Att göra: VPC hämtar numret.",
        "- Öppet: dygnet runt\n- Kontrollerad: 2026-11-23",
    ],
)
def test_a_course_does_not_open_without_the_numbers_that_it_needs(
    sqlite_url: str, courses: Path, way: str
) -> None:
    text = folders.CONFIRMED.replace("- Telefon: 08-465 004 07\n- Kontrollerad: 2026-11-23", way)
    (courses / "gemensamt" / "kontakter.md").write_text(text, encoding="utf-8")
    assert serve(sqlite_url, courses, ELEARN_SECRET_KEY=KEY) == (
        "gemensamt/kontakter.md:23: Socialtjänsten ska gå att nå innan kursen öppnas. Fyll i Telefon eller Webb, "
        "och i Kontrollerad dagen då du kontrollerade uppgiften.\n"
    )


def test_the_demonstration_opens_without_them(courses: Path) -> None:
    (courses / "gemensamt" / "kontakter.md").write_text(folders.CONTACTS, encoding="utf-8")
    serving.refuse_unfinished(Settings(courses_dir=courses, demo=True))
    with pytest.raises(Refused):
        serving.refuse_unfinished(Settings(courses_dir=courses))


def test_the_real_server_starts_answers_and_stops(sqlite_url: str, courses: Path, tmp_path: Path) -> None:
    environment = {
        "ELEARN_DATABASE_URL": sqlite_url,
        "ELEARN_COURSES_DIR": str(courses),
        "ELEARN_SECRET_KEY": KEY,
        "ELEARN_WORKERS": "1",
        "PATH": "/usr/bin:/bin",
    }
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "elearn", "serve", "--port", "8917"], env=environment, stderr=log, stdout=log
    )
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
    assert "/stod" not in told


def listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


def test_the_first_port_that_nobody_listens_on_is_taken() -> None:
    first = serving.free_port()
    assert first >= 8000
    with listen(first):
        second = serving.free_port()
        assert second > first
        for between in range(first + 1, second):
            with pytest.raises(OSError, match="in use"):
                listen(between)
    assert serving.free_port() == first


def test_when_every_port_is_busy_one_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    port = serving.free_port()
    monkeypatch.setattr(serving, "FIRST_PORT", port)
    monkeypatch.setattr(serving, "LAST_PORT", port)
    assert serving.free_port() == port
    with (
        listen(port),
        pytest.raises(
            Refused, match=f"Alla portar från {port} till {port} är upptagna. Välj en annan med --port."
        ),
    ):
        serving.free_port()


def demo_database(folder: Path, mark: int) -> Path:
    """``var/demo.db`` with a table of its own, marked or not."""
    path = folder / "var" / "demo.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (a)")
        connection.execute(f"PRAGMA application_id={mark}")
        connection.commit()
    return path


@pytest.mark.parametrize("option", [(), ("--reset",)])
def test_a_demonstration_never_touches_a_database_that_it_did_not_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: tuple[str, ...]
) -> None:
    path = demo_database(tmp_path, mark=0)
    before = path.read_bytes()
    monkeypatch.chdir(tmp_path)
    done = elearn("demo", *option, database_url=f"sqlite:///{path}")
    assert done.returncode == 1
    assert (
        words(done)
        == "var/demo.db är inte demonstrationens egen databas, och rörs inte. Flytta den och försök igen.\n"
    )
    assert path.read_bytes() == before


def test_reset_begins_again_and_leaves_the_municipalitys_own_database(
    tmp_path: Path, sqlite_url: str
) -> None:
    """The demonstration's old database makes way for a new one; a busy port is passed by, and everybody is
    told where to go."""
    path = demo_database(tmp_path, mark=build.MARK)
    own = Path(sqlite_url.removeprefix("sqlite:///"))
    before = own.read_bytes()
    environment = {
        "ELEARN_DATABASE_URL": sqlite_url,
        "ELEARN_WORKERS": "1",
        "PATH": "/usr/bin:/bin",
        "PYTHONUNBUFFERED": "1",
    }
    with listen(serving.free_port()) as busy, (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "elearn", "demo", "--reset"],
            cwd=tmp_path,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            port = announced(tmp_path / "log")
            assert port > busy.getsockname()[1]
            assert "Logga ut" in log_in(f"http://127.0.0.1:{port}/logga-in", demo.PERSONAS[0])
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)
    told = (tmp_path / "log").read_text()
    assert [persona.number for persona in demo.PERSONAS if persona.number not in told] == []
    with closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "mine" not in tables
    assert "completion" in tables
    assert demo.is_ours(path)
    assert own.read_bytes() == before


def announced(log: Path) -> int:
    """The port that the command told, once it has told it."""
    for _ in range(300):
        if found := re.search(r"Öppna http://127\.0\.0\.1:(\d+) ", log.read_text()):
            return int(found[1])
        time.sleep(0.2)
    pytest.fail(log.read_text())


def log_in(address: str, persona: demo.Persona) -> str:
    """The page that a persona comes to."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = ""
    for _ in range(100):
        try:
            page = opener.open(address).read().decode()
            break
        except OSError:
            time.sleep(0.2)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token, "nobody answers"
    form = {"csrf_token": token[1], "anstallningsnr": persona.number, "losenord": persona.password}
    return str(opener.open(address, urllib.parse.urlencode(form).encode()).read().decode())
