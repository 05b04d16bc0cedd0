"""Requests are read whole, then get their turn; the pages for everybody wait for nobody."""

import io
import threading
from collections.abc import Iterable

import pytest
from flask import Flask

from elearn.web import turns
from tests.web import town


def environment(path: str, body: io.BufferedIOBase | None = None, **more: object) -> dict[str, object]:
    return {"PATH_INFO": path, "wsgi.input": body or io.BytesIO(), **more}


class Slow(io.BytesIO):
    """A body that stops half-way until it is let go."""

    def __init__(self) -> None:
        super().__init__(b"x" * 10)
        self.is_asked, self.may_go_on = threading.Event(), threading.Event()

    def read(self, size: int | None = -1) -> bytes:
        self.is_asked.set()
        assert self.may_go_on.wait(10)
        return super().read(size)


def application(seen: list[object]) -> turns.Turns:
    def inner(environ: dict[str, object], _start: object) -> Iterable[bytes]:
        seen.append((environ["PATH_INFO"], environ["wsgi.input"].read()))  # type: ignore[attr-defined]
        return [b""]

    return turns.Turns(inner, largest_body=100)


def test_a_body_that_comes_slowly_holds_nobodys_turn() -> None:
    seen: list[object] = []
    app, slow = application(seen), Slow()
    first = threading.Thread(target=app, args=(environment("/a", slow, CONTENT_LENGTH="10"), None))
    first.start()
    assert slow.is_asked.wait(10)
    app(environment("/b"), None)  # type: ignore[arg-type]
    assert seen == [("/b", b"")]
    slow.may_go_on.set()
    first.join(10)
    assert seen == [("/b", b""), ("/a", b"x" * 10)]


@pytest.mark.parametrize(
    "path", ["/stod", "/om", "/personuppgifter", "/healthz", "/readyz", "/lamna", "/static/style.css"]
)
def test_the_pages_for_everybody_do_not_wait_for_a_turn(path: str) -> None:
    """Somebody's request hangs in the database; whoever must leave or needs a number goes before."""
    inside, may_go_on = threading.Event(), threading.Event()

    def inner(environ: dict[str, object], _start: object) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/hanger":
            inside.set()
            assert may_go_on.wait(10)
        return [b"ja"]

    app = turns.Turns(inner, largest_body=100)
    hanging = threading.Thread(target=app, args=(environment("/hanger"), None))
    hanging.start()
    assert inside.wait(10)
    assert list(app(environment(path), None)) == [b"ja"]  # type: ignore[arg-type]
    may_go_on.set()
    hanging.join(10)


@pytest.mark.parametrize(
    ("length", "transfer", "sent", "read"),
    [
        ("100", "", 100, 100),
        ("101", "", 101, 0),
        ("", "chunked", 50, 50),
        ("", "chunked", 500, 101),
        ("", "", 50, 0),
        ("-1", "", 50, 0),
        ("x", "", 50, 0),
        ("100", "", 40, 40),
    ],
)
def test_no_more_is_read_than_a_form_may_have(length: str, transfer: str, sent: int, read: int) -> None:
    """S21."""
    seen: list[object] = []
    body = io.BytesIO(b"x" * sent)
    more = {"HTTP_TRANSFER_ENCODING": transfer} if transfer else {}
    application(seen)(environment("/a", body, CONTENT_LENGTH=length, **more), None)  # type: ignore[arg-type]
    assert seen == [("/a", b"x" * read)]


def test_whoever_waits_too_long_for_a_turn_is_told_so_and_keeps_the_answers(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT_SECONDS", 0.01)
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    client = town.login(sqlite_app, people["employee"])
    form = {
        "csrf_token": town.token_in(client.get("/kurs/forskola/1").text),
        "attempt": "a",
        "grunder-racker": "v",
    }
    with sqlite_app.wsgi_app._turn:  # type: ignore[attr-defined]
        response = client.post("/kurs/forskola/1", data=form)
        assert client.get("/stod").status_code == 200
    assert response.status_code == 503
    assert 'name="grunder-racker" value="v"' in response.text
    assert client.get("/").status_code == 200


def test_at_the_door_one_is_inside_a_few_wait_and_the_rest_are_turned_away() -> None:
    lobby = turns.Lobby(place_count=1, most_waiting=2, seconds=10)
    assert lobby.enter()
    inside: list[bool] = []

    def come_and_go() -> None:
        inside.append(lobby.enter())
        lobby.leave()

    threads = [threading.Thread(target=come_and_go) for _ in range(2)]
    for thread in threads:
        thread.start()
    while lobby._everybody._value:
        """Until both wait."""
    assert lobby.enter() is False, "the fourth waits for nobody"
    assert inside == []
    lobby.leave()
    for thread in threads:
        thread.join(10)
    assert inside == [True, True]


def test_whoever_waits_too_long_at_the_door_goes_and_leaves_no_place_taken() -> None:
    lobby = turns.Lobby(place_count=1, most_waiting=1, seconds=0.01)
    assert lobby.enter()
    assert [lobby.enter() for _ in range(3)] == [False] * 3
    lobby.leave()
    assert lobby.enter()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/logga-in"),
        ("POST", "/losenord"),
        ("POST", "/bekrafta"),
        ("POST", "/logga-in/konto"),
        ("GET", "/logga-in/konto/svar"),
        ("HEAD", "/logga-in/konto/svar"),
    ],
)
def test_whoever_is_at_the_door_holds_nobodys_turn(method: str, path: str) -> None:
    """A password is being judged, or somebody else's server is asked; those who are in go on."""
    inside, may_go_on = threading.Event(), threading.Event()

    def inner(environ: dict[str, object], _start: object) -> Iterable[bytes]:
        if environ["PATH_INFO"] == path:
            inside.set()
            assert may_go_on.wait(10)
        return [b""]

    app = turns.Turns(inner, largest_body=100)
    slow = threading.Thread(target=app, args=(environment(path, REQUEST_METHOD=method), None))
    slow.start()
    assert inside.wait(10)
    app(environment("/kurs/forskola", REQUEST_METHOD="GET"), None)  # type: ignore[arg-type]
    lobby = app._lobbies[method.replace("HEAD", "GET"), path]  # a HEAD does all that a GET does
    assert lobby.enter() is path.startswith("/logga-in/konto")
    may_go_on.set()
    slow.join(10)


def test_whoever_is_turned_away_is_asked_to_come_back_with_what_was_typed(sqlite_app: Flask) -> None:
    town.build(sqlite_app.extensions["elearn"].engine)
    client = sqlite_app.test_client()
    token = town.token_in(client.get("/logga-in").text)
    lobby = sqlite_app.wsgi_app._lobbies["POST", "/logga-in"]  # type: ignore[attr-defined]
    while lobby._everybody.acquire(blocking=False):
        """Everybody is here."""
    fields = {
        "csrf_token": token,
        "anstallningsnr": "n-employee",
        "losenord": "hemligt lösenord",
        "vidare": "/intyg",
    }
    response = client.post("/logga-in", data=fields)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "30")
    assert "Vänta en halv minut" in response.text
    assert 'value="n-employee"' in response.text
    assert 'name="vidare" value="/intyg"' in response.text
    assert "hemligt" not in response.text
    assert client.get("/logga-in").status_code == 200
