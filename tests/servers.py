"""`elearn serve` as a process of its own, for tests of what only the real server does."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

KEY = "k3yThatIsLongEnough-0123456789-abcdefg"
NO_REDIRECT = type("NoRedirect", (urllib.request.HTTPRedirectHandler,), {"redirect_request": lambda *_: None})
OPENER = urllib.request.build_opener(NO_REDIRECT, urllib.request.ProxyHandler({}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(url: str, courses: Path, port: int, log: Path, **settings: str) -> subprocess.Popen[bytes]:
    environment = {
        "ELEARN_DATABASE_URL": url,
        "ELEARN_COURSES_DIR": str(courses),
        "ELEARN_SECRET_KEY": KEY,
        "ELEARN_WORKERS": "2",
        "PATH": "/usr/bin:/bin",
        **settings,
    }
    command = [sys.executable, "-m", "elearn", "serve", "--port", str(port)]
    with log.open("ab") as file:
        return subprocess.Popen(command, env=environment, stdout=file, stderr=file)


@contextmanager
def running(
    url: str, courses: Path, log: Path, **settings: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    process = start(url, courses, port, log, **settings)
    try:
        wait_until(lambda: answers(port), log)
        yield process, port
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            pytest.fail("the server did not end")


def answers(port: int, path: str = "/healthz", host: str = "127.0.0.1") -> bool:
    """Whether somebody answers there, whatever the status."""
    try:
        OPENER.open(
            urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host}), timeout=10
        )
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def wait_until(condition: object, log: Path) -> None:
    for _ in range(300):
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.1)
    pytest.fail(log.read_text())


def half_sent(port: int, host: str = "127.0.0.1") -> socket.socket:
    """A form that announces more than it sends, as a telephone does that loses contact."""
    connection = socket.create_connection(("127.0.0.1", port))
    head = f"POST /logga-in HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    connection.sendall(f"{head}Content-Length: 5000\r\n\r\nlosenord=".encode())
    return connection


def children_of(process: int) -> set[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return {int(child) for child in listed}


def is_alive(process: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False
