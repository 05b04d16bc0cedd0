"""The real server: half-sent forms, a port of its own, and processes that end when they should."""

import os
import re
import shutil
import signal
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.content import folders
from tests.servers import (
    OPENER,
    answers,
    children_of,
    free_port,
    half_sent,
    is_alive,
    running,
    start,
    wait_until,
)


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return folders.write_planned(tmp_path / "courses", **{"gemensamt/kontakter.md": folders.CONFIRMED})


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def test_half_sent_forms_keep_nobody_out_and_do_not_hold_the_server_up(
    sqlite_url: str, courses: Path, log: Path
) -> None:
    with running(sqlite_url, courses, log) as (process, port), ExitStack() as stack:
        for _ in range(16):
            stack.enter_context(half_sent(port))
        for path in ("/stod", "/logga-in", "/kurs/forskola/1"):
            assert answers(port, path), log.read_text()
        process.terminate()
        process.wait(30)


def test_a_second_server_on_the_same_port_is_refused(sqlite_url: str, courses: Path, log: Path) -> None:
    with running(sqlite_url, courses, log) as (_, port):
        second = start(sqlite_url, courses, port, log)
        assert second.wait(60) == 1
        assert f"Det går inte att lyssna på 127.0.0.1:{port}" in log.read_text()
        assert answers(port)


def test_a_server_that_is_told_to_stop_while_it_starts_stops(
    sqlite_url: str, courses: Path, log: Path
) -> None:
    """At any moment of its start."""
    for tenths in (5, 12, 16, 20, 25):
        port = free_port()
        process = start(sqlite_url, courses, port, log)
        time.sleep(tenths / 10)
        process.terminate()
        process.wait(30)
        assert not answers(port)


def test_workers_end_with_a_main_process_that_is_killed(sqlite_url: str, courses: Path, log: Path) -> None:
    port = free_port()
    process = start(sqlite_url, courses, port, log)
    wait_until(lambda: answers(port), log)
    workers = children_of(process.pid)
    assert len(workers) >= 2
    process.kill()
    process.wait(10)
    wait_until(lambda: not any(map(is_alive, workers)), log)
    assert not answers(port)


def test_workers_that_die_quickly_are_replaced(sqlite_url: str, courses: Path, log: Path) -> None:
    with running(sqlite_url, courses, log, ELEARN_WORKERS="1") as (process, port):
        for _ in range(3):
            before = children_of(process.pid)
            for worker in before:
                os.kill(worker, signal.SIGKILL)
            wait_until(lambda before=before: len(children_of(process.pid) - before) == 1, log)
        wait_until(lambda: answers(port), log)


def test_the_example_for_nginx_keeps_half_sent_forms_from_the_server(
    sqlite_url: str, courses: Path, log: Path, tmp_path: Path
) -> None:
    """deploy/nginx.conf, with the certificate left out: forty half-sent forms, and others are answered."""
    nginx = nginx_or_skip()
    public = free_port()
    with running(
        sqlite_url, courses, log, ELEARN_PUBLIC_URL=f"http://localhost:{public}", ELEARN_TRUSTED_PROXIES="1"
    ) as (_, port):
        command = [
            nginx,
            "-p",
            str(tmp_path),
            "-c",
            str(plain_example(tmp_path, public, port)),
            "-e",
            str(log),
        ]
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        proxy = subprocess.Popen([*command, "-g", "daemon off;"])
        try:
            wait_until(lambda: answers(public, host="localhost"), log)
            with ExitStack() as stack:
                for _ in range(40):
                    stack.enter_context(half_sent(public, "localhost"))
                for path in ("/stod", "/logga-in"):
                    assert answers(public, path, host="localhost")
                page = OPENER.open(f"http://localhost:{public}/stod", timeout=10)
                assert page.status == 200
        finally:
            proxy.terminate()
            proxy.wait(30)
    assert "/stod" not in log.read_text()


def nginx_or_skip() -> str:
    path = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not path and not os.environ.get("ELEARN_TEST_NEEDS_ALL"):
        pytest.skip("nginx is not installed")
    assert path, "nginx is needed here"
    return path


def plain_example(folder: Path, public: int, port: int) -> Path:
    """The example on ports of the test's own, without TLS."""
    text = (Path(__file__).parents[2] / "deploy" / "nginx.conf").read_text()
    text = re.sub(r"\n\s*ssl_\w+ [^;]+;", "", text)
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{public};")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace("kurs.example.se", "localhost")
    text = text.replace("$host", f"localhost:{public}")
    assert "ssl" not in text
    whole = f"pid {folder}/nginx.pid;\nevents {{}}\nhttp {{\naccess_log off;\n"
    for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
        whole += f"{name}_temp_path {folder}/{name};\n"
    (folder / "nginx.conf").write_text(f"{whole}{text}\n}}\n")
    return folder / "nginx.conf"
