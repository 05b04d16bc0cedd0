"""Requests are read whole before they get their turn, one at a time in each worker.

Python runs one thread at a time, so that several requests at once only make each other wait
(bench/lesson.py). The threads of a worker therefore wait for what somebody sends slowly, and only one of them
has the application. The pages for everybody and the quick exit wait for nobody: they need no database.
"""

import io
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

Environ: TypeAlias = dict[str, Any]
Application: TypeAlias = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

BUSY = "elearn.is_busy"
BEGAN = "elearn.began"  # when the request had been read, by time.perf_counter
LONGEST_WAIT_SECONDS = 20
FOR_EVERYBODY = frozenset(
    {"/stod", "/om", "/personuppgifter", "/tillganglighet", "/healthz", "/readyz", "/lamna", "/metrics"}
)
STATIC = "/static/"
LARGEST_UPLOAD = 8 * 1024 * 1024  # the files of staff, both together
LARGER = {"/personal": LARGEST_UPLOAD}  # the one address whose form may be larger than every other one's


def is_for_everybody(path: str) -> bool:
    return path in FOR_EVERYBODY or path.startswith(STATIC)


class Turns:
    """The WSGI application in front of Flask's. After ``LONGEST_WAIT_SECONDS`` a request is marked ``BUSY``,
    which answers 503 (web/errors.py)."""

    def __init__(self, application: Application, largest_body: int) -> None:
        self._application = application
        self._largest_body = largest_body
        self._turn = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"] = io.BytesIO(self._read_body(environ))
        environ[BEGAN] = time.perf_counter()
        if is_for_everybody(environ.get("PATH_INFO", "")):
            return self._application(environ, start_response)
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
