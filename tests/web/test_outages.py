"""The database is away, locked, full or silent: whoever must leave leaves, the pages for everybody are there,
and what somebody answered comes back with a 503 (S38)."""

import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from elearn import database
from elearn.identity.models import LoginSession
from tests.content import folders
from tests.web import town

LESSON = "/kurs/forskola/1"
PUBLIC_PAGES = (
    "/stod",
    "/om",
    "/personuppgifter",
    "/tillganglighet",
    "/healthz",
    "/finns-inte",
    "/static/style.css",
)


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    return town.build(app.extensions["elearn"].engine).people


@pytest.fixture
def away(app: Flask, people: dict[str, int], tmp_path: Path) -> Iterator[FlaskClient]:
    """A logged-in browser, whose application cannot reach its database any more."""
    client = town.login(app, people["employee"])
    engine = app.extensions["elearn"].engine
    engine.dispose()
    with nowhere(engine, tmp_path):
        yield client


@contextmanager
def nowhere(engine: sa.Engine, folder: Path) -> Iterator[None]:
    """New connections of this engine fail: the file's folder is gone, or nobody listens at the address."""

    def refuse(_dialect: object, _record: object, arguments: list[str], named: dict[str, object]) -> None:
        if engine.dialect.name == "sqlite":
            arguments[0] = str(folder / "borta" / "x.db")
        else:
            named.update(host="127.0.0.1", port=unused_port())

    sa.event.listen(engine, "do_connect", refuse)
    yield
    sa.event.remove(engine, "do_connect", refuse)


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer_to(client: FlaskClient) -> dict[str, str]:
    """A lesson's form as somebody has filled it in."""
    page = client.get(LESSON + "/kontrollera").text
    attempt = re.search(r'name="attempt" value="([^"]+)"', page)
    assert attempt
    return {"csrf_token": town.token_in(page), "attempt": attempt[1], "grunder-racker": "valt"}


@contextmanager
def locked(engine: sa.Engine) -> Iterator[None]:
    """Another program holds what a submission needs, and does not let go."""
    with engine.connect() as other:
        if engine.dialect.name == "sqlite":
            other.exec_driver_sql("ROLLBACK")
            other.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            other.exec_driver_sql(
                "LOCK TABLE login_session, attempt, lesson_completion IN ACCESS EXCLUSIVE MODE"
            )
        yield


def assert_answers_kept(response: object) -> None:
    assert response.status_code == 503  # type: ignore[attr-defined]
    text = response.text  # type: ignore[attr-defined]
    assert "Det går inte att spara just nu" in text
    assert 'name="grunder-racker" value="valt"' in text
    assert 'name="attempt"' in text


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_the_pages_for_everybody_need_no_database(away: FlaskClient, path: str) -> None:
    with away.get(path) as response:
        assert response.status_code == (404 if path == "/finns-inte" else 200)
        assert len(response.data) > 1


def test_the_pages_for_everybody_ask_the_database_nothing(app: Flask, people: dict[str, int]) -> None:
    """Also where it is there: no visit can be seen in it, and none waits for it."""
    client = town.login(app, people["employee"])
    asked: list[str] = []
    sa.event.listen(
        app.extensions["elearn"].engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: asked.append(statement),
    )
    for path in PUBLIC_PAGES:
        client.get(path).close()
    assert asked == []


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_the_pages_for_everybody_set_no_cookie_for_a_stranger(app: Flask, path: str) -> None:
    """The page on personal data says: only at log-in."""
    with app.test_client().get(path) as response:
        assert response.headers.getlist("Set-Cookie") == []


def test_the_support_page_still_leads_back_for_whoever_is_logged_in(
    app: Flask, people: dict[str, int]
) -> None:
    client = town.login(app, people["employee"])
    assert '<li><a href="/">Start</a></li>' in client.get("/stod").text
    assert '<li><a href="/">Start</a></li>' not in app.test_client().get("/stod").text


def test_who_must_leave_leaves_without_a_database(away: FlaskClient) -> None:
    response = away.post("/lamna")
    assert (response.status_code, response.headers["Location"]) == (303, "https://www.smhi.se/vader")
    assert "Max-Age=0" in response.headers["Set-Cookie"]
    with away.session_transaction() as cookie:
        assert not cookie


def test_who_must_leave_does_not_wait_for_a_lock_and_the_row_ends_afterwards(
    app: Flask, people: dict[str, int]
) -> None:
    """The answer is there while the lock is still held; once it is let go the row ends by itself."""
    engine = app.extensions["elearn"].engine
    client = town.login(app, people["employee"])
    with locked(engine):
        assert client.post("/lamna").status_code == 303
    for _ in range(100):
        with database.snapshot(engine) as session:
            if session.scalar(sa.select(LoginSession.ended_at)) is not None:
                return
        time.sleep(0.1)
    pytest.fail("the session never ended")


def test_the_quick_exit_of_another_site_logs_nobody_out(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["employee"])
    for site in ("cross-site", "same-site"):
        response = client.post("/lamna", headers={"Sec-Fetch-Site": site})
        assert (response.status_code, response.headers.getlist("Set-Cookie")) == (303, [])
    assert client.get("/").status_code == 200
    assert client.post("/lamna", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    assert client.get("/").status_code == 303


def test_a_lesson_that_cannot_be_received_comes_back(
    app: Flask, people: dict[str, int], tmp_path: Path
) -> None:
    client = town.login(app, people["employee"])
    form = answer_to(client)
    engine = app.extensions["elearn"].engine
    engine.dispose()
    with nowhere(engine, tmp_path):
        assert_answers_kept(client.post(LESSON, data=form))
        page = client.get("/")
        assert page.status_code == 503
        assert "Sidan går inte att visa just nu" in page.text
        login = client.post("/logga-in", data={**form, "anstallningsnr": "n-employee", "losenord": "x"})
        assert login.status_code == 503
    assert client.post(LESSON, data=form).status_code == 422


def test_a_lock_that_somebody_keeps_ends_in_503_with_the_answers(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["employee"])
    form = answer_to(client)
    with locked(app.extensions["elearn"].engine):
        assert_answers_kept(client.post(LESSON, data=form))
    assert client.post(LESSON, data=form).status_code == 422


def parent_of(process: int) -> int:
    found = re.search(r"PPid:\t(\d+)", Path(f"/proc/{process}/status").read_text())
    assert found
    return int(found[1])


def test_a_stopped_server_ends_in_503(postgresql_url: str, tmp_path: Path) -> None:
    """It accepts what is sent and never answers: no time limit of its own runs."""
    app = town.application(postgresql_url, folders.write(tmp_path / "courses"))
    engine = app.extensions["elearn"].engine
    client = town.login(app, town.build(engine).people["employee"])
    form = answer_to(client)
    with engine.connect() as connection:
        backend = int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
    processes = (parent_of(backend), backend)
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        assert client.get("/stod").status_code == 200
        assert_answers_kept(client.post(LESSON, data=form))
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
    assert client.get("/").status_code == 200
    engine.dispose()


def test_a_socket_that_accepts_and_does_not_answer_ends_in_503(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"postgresql://elearn@127.0.0.1:{silent.getsockname()[1]}/elearn"
        app = town.application(url, folders.write(tmp_path / "courses"))
        client = app.test_client()
        page = client.get("/logga-in").text
        form = {"csrf_token": town.token_in(page), "anstallningsnr": "1001", "losenord": "x"}
        assert client.post("/logga-in", data=form).status_code == 503
        assert client.get("/stod").status_code == 200


def test_a_fault_of_ours_is_not_called_an_outage(app: Flask, people: dict[str, int]) -> None:
    def broken() -> str:
        with database.snapshot(app.extensions["elearn"].engine) as session:
            session.connection().exec_driver_sql("SELECT finns_inte FROM person")
        return ""

    app.view_functions["public.about"] = broken
    assert app.test_client().get("/om").status_code == 500


def test_answers_that_a_login_carries_survive_a_database_that_is_away(away: FlaskClient) -> None:
    token = town.token_in(away.get("/logga-in").text)
    carried = {"vidare": LESSON, "svar-attempt": "a", "svar-grunder-racker": "valt"}
    who = {"anstallningsnr": "n-employee", "losenord": "sju gröna kastanjer"}
    response = away.post("/logga-in", data={"csrf_token": token, **who, **carried})
    assert response.status_code == 503
    assert 'action="/logga-in"' in response.text
    assert 'name="svar-grunder-racker" value="valt"' in response.text
