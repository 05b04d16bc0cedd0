"""The demonstration, driven in a real browser: the tests of the journeys and the walk (bench/walk.py) share
it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

from elearn.content.course import Lesson, Question, QuestionKind

ROOT = Path(__file__).parent.parent
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
PASSWORD = "lugn promenad vid sjön"
DATABASE = Path("var", "demo.db")  # in the demonstration's own folder
SENDS = "Lämna in svaren"


@contextmanager
def demonstration(folder: Path) -> Iterator[str]:
    """The address of ``elearn demo``, started in an empty folder on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "ELEARN_WORKERS": "1",
        "HOME": str(folder),
    }
    command = [sys.executable, "-m", "elearn", "demo", "--port", str(port)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, folder / "log")
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def _wait_for(address: str, log: Path) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address + "/healthz")  # noqa: S310
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(log.read_text())


def log_in(page: Page, address: str, number: str) -> None:
    page.goto(address + "/logga-in")
    page.fill("#anstallningsnr", number)
    page.fill("#losenord", PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.wait_for_url(address + "/")


def answer(page: Page, question: Question) -> None:
    """As somebody who knows: every control is found by the question's name and the choice's key."""
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            for choice in question.choices:
                if choice.is_right:
                    page.locator(f'input[name="{question.id}"][value="{choice.key}"]').check()
        case QuestionKind.SCENARIO:
            page.locator(f'input[name="{question.id}"]').first.check()
        case QuestionKind.ORDER:
            for row in question.rows:
                page.locator(f'[name="{question.id}.{row.key}"]').fill(row.answer)
        case QuestionKind.MATCH:
            for row in question.rows:
                page.locator(f'[name="{question.id}.{row.key}"]').select_option(row.answer)


def pages_of(page: Page, lesson: Lesson) -> Iterator[str]:
    """Go through a lesson page by page, with every answer told at once where it can be, and send it. Each
    page is yielded by its address before anything is done on it."""
    while True:
        yield page.url
        for question in lesson.questions:
            if page.locator(f"fieldset#q-{question.id}").count():
                answer(page, question)
                if (button := page.locator(f'[name="svara"][value="{question.id}"]')).count():
                    button.click()
                    page.locator(f"#q-{question.id} .told, section#q-{question.id}").first.wait_for()
        onwards = page.locator('button[name="vidare"]')
        if not onwards.count():
            break
        onwards.click()
        page.wait_for_url(re.compile("/(ova|kontrollera)$"))
    page.get_by_role("button", name=SENDS).click()


def go_through(page: Page, lesson: Lesson) -> None:
    for _ in pages_of(page, lesson):
        pass
