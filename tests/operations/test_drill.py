"""The drill (S47): back up under load, restore in an empty place by the product's own commands, and compare."""

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from elearn import database
from elearn.identity import passwords
from elearn.operations import document
from elearn.people.models import OrgUnit, Person
from elearn.training.models import Attempt, Completion, LessonCompletion
from tests import builders
from tests.cli.commands import elearn, words
from tests.content import folders
from tests.operations import places
from tests.web import town
from tests.web.pages.test_learn import complete

LEARNERS, WRITERS = 6, 3
PASSWORD = "lugn promenad vid sjön"
TODAY = town.TODAY.isoformat()


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return folders.write(tmp_path / "courses")


@pytest.fixture
def app(database_url: str, courses: Path) -> Iterator[Flask]:
    app = town.application(database_url, courses)
    yield app
    app.extensions["elearn"].engine.dispose()


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> str:
    """An empty place of the same engine."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'new' / 'elearn.db'}"
    return str(request.getfixturevalue("empty_postgresql_url"))


def learners(engine: sa.Engine) -> list[int]:
    """People whose course is to do, with a password."""
    town.build(engine)
    hashed = passwords.hash_password(PASSWORD)
    with database.transaction(engine) as session:
        place = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF1")).one()
        people = [builders.person(session, number=f"L{number}") for number in range(LEARNERS)]
        for someone in people:
            builders.employ(session, someone, place)
            someone.password_hash = hashed
        return [someone.id for someone in people]


def test_nothing_acknowledged_before_the_backup_is_lost(
    app: Flask, database_url: str, empty_url: str, courses: Path, tmp_path: Path
) -> None:
    engine = app.extensions["elearn"].engine
    people = learners(engine)
    old = town.login(app, people[0])
    (tmp_path / "key").write_bytes(places.KEY)
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "backups").mkdir(mode=0o700)
    settings = {
        "ELEARN_SECRET_KEY": town.KEY,
        "ELEARN_TODAY": TODAY,
        "ELEARN_BACKUP_DIR": str(tmp_path / "backups"),
        "ELEARN_BACKUP_KEY_FILE": str(tmp_path / "key"),
    }
    acknowledged: list[int] = []
    is_loaded = threading.Event()

    def learn(own: list[int]) -> None:
        for person_id in own:
            complete(town.login(app, person_id))  # two forms, each answered 303
            acknowledged.append(person_id)
            is_loaded.set()

    with ThreadPoolExecutor(WRITERS) as pool:
        work = [pool.submit(learn, people[turn::WRITERS]) for turn in range(WRITERS)]
        assert is_loaded.wait(60)
        noted = list(acknowledged)
        done = elearn("backup", database_url=database_url, courses=courses, **settings)
        assert (done.returncode, "Den är krypterad." in words(done)) == (0, True), words(done)
        for one in work:
            one.result()
    path = Path(done.stdout.decode().strip())
    assert [*(tmp_path / "backups").iterdir()] == [path]
    for broken in controls(path, database_url, tmp_path):
        refused = elearn("restore", broken, database_url=empty_url, courses=courses, **settings)
        assert (refused.returncode, "skada" in words(refused) or "kopia av själva" in words(refused)) == (
            1,
            True,
        )
    done = elearn("restore", path, database_url=empty_url, courses=courses, **settings)
    assert (done.returncode, words(done).splitlines()[-1]) == (0, "Inga fel hittades."), words(done)
    again = elearn("restore", path, database_url=empty_url, courses=courses, **settings)
    assert (again.returncode, "Databasen är inte tom" in words(again)) == (1, True)
    compare(path, empty_url, noted)
    use(empty_url, courses, old.get_cookie("elearn"))


def controls(path: Path, url: str, folder: Path) -> Iterator[Path]:
    """The last 4 KiB (or half) cut off, one byte flipped, and a copy as ``cp`` makes it."""
    whole = path.read_bytes()
    cut, flipped, copied = folder / "cut.backup", folder / "flipped.backup", folder / "copied.db"
    cut.write_bytes(whole[: -min(4096, len(whole) // 2)])
    flipped.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    yield from (cut, flipped)
    if url.startswith("sqlite"):
        shutil.copy(url.removeprefix("sqlite:///"), copied)
        yield copied


def compare(path: Path, url: str, noted: list[int]) -> None:
    """Every noted completion exactly once, nothing half written, and every table as in the backup."""
    with path.open("rb") as file:
        manifest = document.check(file, places.KEY)
    engine = database.make_engine(url)
    assert places.unchanged(places.sums(engine)) == places.unchanged(manifest.sums)
    with database.snapshot(engine) as session:
        for person_id in noted:
            for model, count in ((Completion, 1), (LessonCompletion, 1), (Attempt, 2)):
                own = sa.select(sa.func.count(model.id)).where(model.person_id == person_id)
                assert session.scalar(own) == count, (person_id, model)
        assert session.scalar(sa.select(sa.func.count(Person.id))) == LEARNERS + 11
    engine.dispose()


def use(url: str, courses: Path, old_cookie: object) -> None:
    """A server over the restored database, with the same key: the old cookie is worth nothing, the password is."""
    app = town.application(url, courses)
    client = app.test_client()
    client.set_cookie("elearn", old_cookie.value)  # type: ignore[attr-defined]
    assert client.get("/").status_code == 303
    client = app.test_client()
    form = {
        "csrf_token": town.token_in(client.get("/logga-in").text),
        "anstallningsnr": "L1",
        "losenord": PASSWORD,
    }
    assert client.post("/logga-in", data=form).status_code == 303
    assert client.get("/").status_code == 200
    app.extensions["elearn"].engine.dispose()
