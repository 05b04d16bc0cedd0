"""Two machines with one PostgreSQL: what begins at one goes on at the other (docs/scale.md)."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from elearn import database
from elearn.identity import passwords
from elearn.people.models import Person
from elearn.training.models import Attempt
from tests.content import folders
from tests.deploy.own_server import new_database
from tests.servers import running
from tests.web import town
from tests.web.pages import test_learn as learn

PASSWORD = "lugn promenad vid sjön"


@pytest.fixture
def shared_url(other_server: sa.URL) -> str:
    url = new_database(other_server, f"instances_{os.urandom(4).hex()}").render_as_string(hide_password=False)
    engine = database.make_engine(url)
    database.migrate(engine)
    engine.dispose()
    return url


@pytest.fixture
def machines(shared_url: str, tmp_path: Path) -> Iterator[list[str]]:
    courses = folders.write_planned(tmp_path / "courses", **{"gemensamt/kontakter.md": folders.CONFIRMED})
    engine = database.make_engine(shared_url)
    sara = town.build(engine).people["employee"]
    with database.transaction(engine) as session:
        known = sa.update(Person).where(Person.id == sara)
        session.execute(known.values(password_hash=passwords.hash_password(PASSWORD)))
    engine.dispose()
    with ExitStack() as stack:
        ports = [
            stack.enter_context(
                running(
                    shared_url, courses, tmp_path / f"log-{name}", ELEARN_WORKERS="1",
                    ELEARN_LOG_FORMAT="json",
                )
            )[1]
            for name in ("one", "other")
        ]  # fmt: skip
        yield [f"http://127.0.0.1:{port}" for port in ports]


def attempts(url: str) -> int:
    engine = database.make_engine(url)
    with database.snapshot(engine) as session:
        count = session.scalar(sa.select(sa.func.count(Attempt.id))) or 0
    engine.dispose()
    return count


def test_a_session_begun_on_one_goes_on_at_the_other_and_ends_on_both(
    machines: list[str], shared_url: str
) -> None:
    one, other = machines
    browser = requests.Session()
    browser.trust_env = False
    token = town.token_in(browser.get(f"{one}/logga-in").text)
    login = {"csrf_token": token, "anstallningsnr": "n-employee", "losenord": PASSWORD}
    assert browser.post(f"{one}/logga-in", data=login, allow_redirects=False).status_code == 303

    page = browser.get(f"{other}{learn.LESSON}/kontrollera")
    assert page.status_code == 200
    form = {"csrf_token": town.token_in(page.text), "attempt": learn.field(page.text, "attempt")}
    form |= learn.lesson_answers()
    told = [browser.post(f"{at}{learn.LESSON}", data=form, allow_redirects=False) for at in (one, other, one)]
    assert [answer.status_code for answer in told] == [303, 303, 303]
    assert len({answer.headers["Location"] for answer in told}) == 1
    assert attempts(shared_url) == 1

    token = town.token_in(browser.get(f"{other}/").text)
    copy = browser.cookies.copy()
    browser.post(f"{other}/logga-ut", data={"csrf_token": token}, allow_redirects=False)
    for at in machines:
        assert requests.get(f"{at}/", cookies=copy, allow_redirects=False, timeout=10).status_code == 303
