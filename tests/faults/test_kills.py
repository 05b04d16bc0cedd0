"""SIGKILL at any moment (S33, S36, S37): what was answered is there exactly once, and nothing half written.

``FAULT_ROUNDS`` says how often each server is killed; ``make faults`` does it longer.
"""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from elearn import clock, database
from elearn.identity import logins
from elearn.operations import invariants
from elearn.people.models import OrgUnit
from elearn.training.models import Attempt, LessonCompletion
from tests import builders, servers
from tests.content import folders
from tests.web import town
from tests.web.pages.test_learn import lesson_answers

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
LEARNERS, SENDERS, KILLED_AFTER = 24, 3, 4
LESSON = "/kurs/forskola/1"


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return folders.write_planned(tmp_path / "courses", **{"gemensamt/kontakter.md": folders.CONFIRMED})


@pytest.fixture
def private(database_url: str, tmp_path: Path) -> str:
    """The database as ``serve`` takes it."""
    tmp_path.chmod(0o700)
    for file in tmp_path.glob("*.db*"):
        file.chmod(0o600)
    return database_url


def learners(url: str, courses: Path) -> dict[int, str]:
    """People with a lesson to do, and the cookie of each one's login."""
    app = town.application(url, courses)
    engine = app.extensions["elearn"].engine
    town.build(engine)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    found = {}
    with database.transaction(engine) as session:
        place = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF1")).one()
        for number in range(LEARNERS):
            someone = builders.person(session, number=f"L{number}")
            builders.employ(session, someone, place)
            token = logins.begin_session(session, someone.id, clock.now())
            found[someone.id] = signer.dumps({"_user_id": token, "seen_at": int(clock.now().timestamp())})
    engine.dispose()
    return found


def send(address: str, cookie: str) -> int:
    """The status of a lesson that is opened and sent."""
    with requests.Session() as browser:
        browser.cookies.set("elearn", cookie, domain="127.0.0.1", path="/")
        page = browser.get(f"{address}{LESSON}/kontrollera", timeout=30).text
        attempt = re.search(r'name="attempt" value="([^"]+)"', page)
        assert attempt, page
        form = {"csrf_token": town.token_in(page), "attempt": attempt[1], **lesson_answers()}
        answer = browser.post(address + LESSON, data=form, allow_redirects=False, timeout=30)
        return answer.status_code


def send_until_killed(address: str, waiting: dict[int, str], kill: Callable[[], None]) -> list[int]:
    """Whose lesson was answered, while the server is killed after the first few."""
    acknowledged: list[int] = []
    has_enough = threading.Event()

    def work(own: list[int]) -> None:
        for person_id in own:
            try:
                status = send(address, waiting[person_id])
            except requests.RequestException:
                return  # nobody knows what became of it
            assert status == 303
            acknowledged.append(person_id)
            if len(acknowledged) >= KILLED_AFTER:
                has_enough.set()

    people = list(waiting)
    with ThreadPoolExecutor(SENDERS) as pool:
        sending = [pool.submit(work, people[turn::SENDERS]) for turn in range(SENDERS)]
        assert has_enough.wait(60)
        kill()
        for one in sending:
            one.result()
    return acknowledged


def done_count(url: str, person_id: int) -> tuple[int, int]:
    """How many attempts and completed lessons a person has."""
    engine = database.make_engine(url)
    with database.snapshot(engine) as session:
        counts = [
            session.scalar(sa.select(sa.func.count(model.id)).where(model.person_id == person_id)) or 0
            for model in (Attempt, LessonCompletion)
        ]
    engine.dispose()
    return counts[0], counts[1]


def lost(url: str, acknowledged: list[int]) -> list[int]:
    """Those who were told that it was saved, and for whom it is not there exactly once."""
    return [person_id for person_id in acknowledged if done_count(url, person_id) != (1, 1)]


def findings(url: str) -> list[str]:
    engine = database.make_engine(url)
    with database.snapshot(engine) as session:
        found = list(invariants.findings(session, clock.now()))
    engine.dispose()
    return found


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """The main process and its workers, without a word."""
    for one in (*servers.children_of(process.pid), process.pid):
        os.kill(one, signal.SIGKILL)
    process.wait(10)


def test_what_was_answered_before_a_kill_is_there_exactly_once(
    private: str, courses: Path, tmp_path: Path
) -> None:
    waiting = learners(private, courses)
    # The servers of the tests do not wait for the disk; that is for power cuts, and no kill needs it.
    with waits_for_disk(private):
        for _ in range(ROUNDS):
            port, log = servers.free_port(), tmp_path / "log"
            process = servers.start(private, courses, port, log)
            address = f"http://127.0.0.1:{port}"
            try:
                servers.wait_until(lambda port=port: servers.answers(port), log)
                acknowledged = send_until_killed(address, waiting, lambda process=process: kill_all(process))
            finally:
                process.kill()
            assert lost(private, acknowledged) == []
            assert findings(private) == []
            assert all(done_count(private, person_id) in {(0, 0), (1, 1)} for person_id in waiting)
            waiting = {who: cookie for who, cookie in waiting.items() if done_count(private, who) == (0, 0)}
            if len(waiting) <= KILLED_AFTER + SENDERS:
                break


@contextmanager
def waits_for_disk(url: str) -> Iterator[None]:
    """PostgreSQL as ``serve`` demands it, for as long as this lasts."""
    set_safety(url, "on")
    try:
        yield
    finally:
        set_safety(url, "off")


def set_safety(url: str, value: str) -> None:
    if not url.startswith("postgresql"):
        return
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = {value}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()


# A server that answers first and commits a moment later: what the test above must find.
CARELESS = """
import sys, threading, time
from flask import g, request
from elearn.web import transaction
from elearn.web.request import READING_METHODS

def later(session):
    time.sleep(0.5)
    session.commit()

def end(response):
    session = g.pop("session", None)
    if session is not None and response.status_code < 400 and request.method not in READING_METHODS:
        threading.Thread(target=later, args=(session,)).start()
    elif session is not None:
        session.close()
    return response

transaction.end = end
from elearn.app import create_app
create_app().run(port=int(sys.argv[1]), threaded=True)
"""


def test_a_server_that_answers_before_it_commits_is_found(
    sqlite_url: str, courses: Path, tmp_path: Path
) -> None:
    """The control."""
    waiting = learners(sqlite_url, courses)
    port, log = servers.free_port(), tmp_path / "log"
    settings = {
        "ELEARN_DATABASE_URL": sqlite_url,
        "ELEARN_COURSES_DIR": str(courses),
        "ELEARN_SECRET_KEY": servers.KEY,
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", CARELESS, str(port)], env=settings, stdout=file, stderr=file
        )
    try:
        servers.wait_until(lambda: servers.answers(port), log)
        acknowledged = send_until_killed(f"http://127.0.0.1:{port}", waiting, process.kill)
    finally:
        process.kill()
        process.wait(10)
    assert lost(sqlite_url, acknowledged) != []
