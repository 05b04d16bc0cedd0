"""Requests are read whole before they get their turn, one at a time in each worker; who logs in waits apart.

Python runs one thread at a time, so that several requests at once only make each other wait
(bench/lesson.py). The threads of a worker therefore wait for what somebody sends slowly, and only one of them
has the application. The pages for everybody and the quick exit wait for nobody: they need no database.

A password costs as much as a hundred pages, and single sign-on waits for somebody else's server. Neither
holds a turn: those at the door take turns among themselves, a few wait, and the rest are asked to come back.
So those who are in notice little of a storm at the door.
"""

import io
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from elearn.errors import Refused

Environ: TypeAlias = dict[str, Any]
Application: TypeAlias = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

BUSY = "elearn.is_busy"
TURNED_AWAY = "elearn.is_turned_away"
BEGAN = "elearn.began"  # when the request had been read, by time.perf_counter
LONGEST_WAIT_SECONDS = 20
LONGEST_AT_THE_DOOR_SECONDS = 5
FOR_EVERYBODY = frozenset(
    {"/stod", "/om", "/personuppgifter", "/tillganglighet", "/healthz", "/readyz", "/lamna", "/metrics"}
)
STATIC = "/static/"
LARGEST_UPLOAD = 8 * 1024 * 1024  # the files of staff, both together
LARGER = {"/personal": LARGEST_UPLOAD}  # the one address whose form may be larger than every other one's


def is_for_everybody(path: str) -> bool:
    return path in FOR_EVERYBODY or path.startswith(STATIC)


class ManyAtTheDoor(Refused):
    """More people are logging in than can: nothing was judged, and nothing was counted."""


class Lobby:
    """``place_count`` are inside at once; ``most_waiting`` wait, for at most ``seconds``."""

    def __init__(self, place_count: int, most_waiting: int, seconds: float) -> None:
        self._places = threading.BoundedSemaphore(place_count)
        self._everybody = threading.BoundedSemaphore(place_count + most_waiting)
        self._seconds = seconds

    def enter(self) -> bool:
        """Whether there was a place in time; whoever has got one must ``leave``."""
        if not self._everybody.acquire(blocking=False):
            return False
        if self._places.acquire(timeout=self._seconds):
            return True
        self._everybody.release()
        return False

    def leave(self) -> None:
        """Give the place to whoever waits."""
        self._places.release()
        self._everybody.release()


def lobbies() -> dict[tuple[str, str], Lobby]:
    """Who waits where, by method and path. A slow provider keeps nobody from using a password."""
    at_the_door = Lobby(1, 6, LONGEST_AT_THE_DOOR_SECONDS)
    at_the_providers = Lobby(8, 0, 0)
    return {
        ("POST", "/logga-in"): at_the_door,
        ("POST", "/losenord"): at_the_door,
        ("POST", "/bekrafta"): at_the_door,
        ("POST", "/logga-in/konto"): at_the_providers,
        ("GET", "/logga-in/konto/svar"): at_the_providers,
    }


class Turns:
    """The WSGI application in front of Flask's. Whoever finds no place at the door is marked ``TURNED_AWAY``.
    After ``LONGEST_WAIT_SECONDS`` a request is marked ``BUSY``,
    which answers 503 (web/errors.py)."""

    def __init__(self, application: Application, largest_body: int) -> None:
        self._application = application
        self._largest_body = largest_body
        self._turn = threading.Lock()
        self._lobbies = lobbies()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"] = io.BytesIO(self._read_body(environ))
        environ[BEGAN] = time.perf_counter()
        path = environ.get("PATH_INFO", "")
        if is_for_everybody(path):
            return self._application(environ, start_response)
        method = environ.get("REQUEST_METHOD", "")
        lobby = self._lobbies.get(("GET" if method == "HEAD" else method, path))
        if lobby and lobby.enter():
            try:
                return self._application(environ, start_response)
            finally:
                lobby.leave()
        environ[TURNED_AWAY] = lobby is not None
        has_turn = self._turn.acquire(timeout=LONGEST_WAIT_SECONDS)
        environ[BUSY] = not has_turn
        try:
            return self._application(environ, start_response)
        finally:
            if has_turn:
                self._turn.release()

    def _read_body(self, environ: Environ) -> bytes:
        """All that was sent. Of a body that is too large nothing is read: Flask answers 413 by its length."""
        largest = LARGER.get(environ.get("PATH_INFO", ""), self._largest_body)
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdecimal():
            return self._read(environ, int(length)) if int(length) <= largest else b""
        if environ.get("HTTP_TRANSFER_ENCODING"):
            return self._read(environ, largest + 1)
        return b""

    def _read(self, environ: Environ, count: int) -> bytes:
        body = bytearray()
        while len(body) < count and (piece := environ["wsgi.input"].read(count - len(body))):
            body += piece
        return bytes(body)
