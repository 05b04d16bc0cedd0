"""What a first visit fetches, and what moves on a page that comes slowly."""

import gzip
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import CDPSession, Page, Response

from bench.demonstration import Demonstration
from elearn.content.course import Course
from elearn.training import steps
from tests.browsing import DESK, PHONE

PACKED = ("text/", "application/javascript", "image/svg+xml")  # as deploy/nginx.conf packs
FRONT = (Path(__file__).parent.parent / "deploy" / "nginx.conf").read_text(encoding="utf-8")
LEVEL = int(FRONT.partition("gzip_comp_level ")[2].partition(";")[0])
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SHIFT = """window.moved = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.moved += entry.value;
}).observe({ type: 'layout-shift', buffered: true })"""


def lesson_paths(course: Course) -> list[str]:
    """The first and the last page and the answers of every lesson but the final test."""
    paths = []
    for number, lesson in enumerate(course.lessons[:-1], 1):
        base = f"/kurs/{course.slug}/{number}"
        last = steps.steps_of(lesson)[-1]
        paths += [base, *([f"{base}/{last}"] if len(steps.steps_of(lesson)) > 1 else []), f"{base}/svar"]
    return paths


def weights(at: Demonstration, visited: Iterable[tuple[str | None, str]]) -> dict[str, int]:
    """Bytes of each page and of all that it fetches, by the page and who asks."""
    found = {}
    for who, paths in by_person(visited).items():
        with at.page(who) as page:
            forget(page)
            came = listen(page)
            for path in paths:
                came.clear()
                page.goto(at.address + path, wait_until="networkidle")
                files = {one.url: packed(one) for one in came if one.request.method == "GET" and one.ok}
                found[label(who, path)] = sum(files.values())
    return found


def shifts(at: Demonstration, visited: Iterable[tuple[str | None, str]]) -> dict[str, float]:
    """Layout shift of each page in both widths, the larger one."""
    found: dict[str, float] = {}
    for who, paths in by_person(visited).items():
        for viewport in (PHONE, DESK):
            with at.page(who, viewport) as page:
                forget(page).send("Network.emulateNetworkConditions", SLOW)
                page.add_init_script(SHIFT)
                for path in paths:
                    page.goto(at.address + path, wait_until="networkidle")
                    moved = float(page.evaluate("moved"))
                    found[label(who, path)] = max(moved, found.get(label(who, path), 0))
    return found


def label(who: str | None, path: str) -> str:
    return f"{path} as {who}" if who else path


def by_person(visited: Iterable[tuple[str | None, str]]) -> dict[str | None, list[str]]:
    """Whoever logs in does it once."""
    found: dict[str | None, list[str]] = {}
    for who, path in visited:
        found.setdefault(who, []).append(path)
    return found


def forget(page: Page) -> CDPSession:
    """From now on nothing comes from the cache."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return line


def listen(page: Page) -> list[Response]:
    """Everything that comes to this page from now on."""
    came: list[Response] = []

    def keep(response: Response) -> None:
        came.append(response)

    page.on("response", keep)
    return came


def packed(response: Response) -> int:
    body = response.body()
    kind = response.headers.get("content-type", "")
    return len(gzip.compress(body, LEVEL)) if kind.startswith(PACKED) else len(body)
