"""What files, the report and a freeze cost in a municipality of 6 400 persons and in one of 100 000.

    nice -n 19 .venv/bin/python -m bench.exports [--persons NUMBER] [FOLDER]

Each is done in a process of its own, through the address that VPC asks (a freeze and the coverage query
straight in the program), so that its peak of memory is its own: Python, the courses and the pages included.
``fresh``: everything is counted for it; ``again``: asked once more and nothing has changed. Seconds by the
clock, and of the processor. The municipality is made by the import and has four measurements
(bench/furnished.py); it stays in FOLDER if one is given. Ends with 1 if a goal is missed, by the clock and of
the processor both: the machine may have other work.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import furnished, large, pages
from elearn import clock, database
from elearn.content.reading import reader
from elearn.journal.deed import Deed, system
from elearn.reports import coverage, measurement_actions
from elearn.training import curriculum

SIZES = (6_400, 100_000)
MEASURED_DAYS_AGO = range(4 * 182, 0, -182)
MEMORY_GOAL = 300  # MB
FREEZE_GOALS = {6_400: 2.0, 100_000: 10.0}
COVERAGE, FREEZE = "coverage, the query", "a freeze"


@dataclass(frozen=True)
class Asked:
    """An address, and its goals in seconds."""

    address: str
    fresh_goal: float | None = None
    again_goal: float | None = None


ASKED = {
    "coverage, the page": Asked("/tackning", 3.0, 0.3),
    "CSV": Asked("/tackning/export?format=csv"),
    "JSON": Asked("/tackning/export?format=json"),
    "XLSX": Asked("/tackning/export?format=xlsx"),
    "CSV, public form": Asked("/tackning/export?format=csv&form=public"),
    "XLSX, public form": Asked("/tackning/export?format=xlsx&form=public"),
    "PDF of everything": Asked("/tackning/rapport?format=pdf", 5.0),
    "PDF of everything, public form": Asked("/tackning/rapport?format=pdf&form=public", 5.0),
    "an A4 for each department": Asked("/tackning/rapport?format=blad"),
    "the plan of needs, XLSX": Asked("/behov/export?format=xlsx"),
}


def ask(url: str, name: str) -> list[tuple[float, float]]:
    """Seconds by the clock and of the processor, fresh and again."""
    if name in ASKED:
        app, cookie = furnished.open_as_vpc(url)
        page = pages.Page(name, app, ASKED[name].address, cookie)
        page_turn, is_asked = page.environments(2), iter(range(2))
        return [timed(lambda: page.ask(page_turn[next(is_asked)])) for _ in range(2)]
    engine = database.make_engine(url)
    required = curriculum.from_courses(reader.read_heads(large.COURSES))
    today = clock.today()
    deed = Deed(system("bench"), clock.now(), today)

    def count() -> None:
        with database.snapshot(engine) as session:
            coverage.report(session, required, today, furnished.THRESHOLD, today)

    def freeze() -> None:
        with database.transaction(engine) as session:
            measurement_actions.freeze_measurement(session, deed, required, today, furnished.THRESHOLD)
            session.flush()
            session.rollback()  # the next run finds the same municipality

    return [timed(freeze if name == FREEZE else count) for _ in range(2)]


def timed(work: Callable[[], None]) -> tuple[float, float]:
    began, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - used


def peak_memory() -> float:
    """MB that this process has held at most. Not ``ru_maxrss``, which begins with the parent's."""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert told
    return int(told[1]) / 1024


def in_own_process(url: str, name: str) -> tuple[list[tuple[float, float]], float]:
    """What ``ask`` gives, and the peak of memory in MB."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.exports", "--ask", url, name],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd=large.ROOT,
    )
    taken, memory = json.loads(told.stdout.splitlines()[-1])
    return taken, memory


def measure(persons: int, url: str) -> bool:
    """Print a table; whether every goal is reached."""
    head = [f"{persons:,} persons", "fresh", "of the processor", "to the query"]
    head += ["again", "of the processor", "peak", "goals"]
    print(f"\n| {' | '.join(head)} |\n{'|---' * len(head)}|")
    query, missed = 0.0, []
    for name in (COVERAGE, FREEZE, *ASKED):
        [fresh, again], memory = in_own_process(url, name)
        query = query or fresh[1]
        asked = ASKED.get(name) or Asked("", FREEZE_GOALS.get(persons) if name == FREEZE else 3.0)
        goals = [(min(fresh), asked.fresh_goal), (min(again), asked.again_goal), (memory, MEMORY_GOAL)]
        cells = [name, *(f"{taken:.2f} s" for taken in fresh), f"{fresh[1] / query:.2f}"]
        cells += [*(f"{taken:.2f} s" for taken in again), f"{memory:.0f} MB"]
        print(f"| {' | '.join([*cells, ', '.join(f'{goal:g}' for _, goal in goals if goal)])} |", flush=True)
        missed += [name] if any(goal and taken > goal for taken, goal in goals) else []
    print(f"missed: {', '.join(missed) or 'none'}; load of the machine {os.getloadavg()[0]:.1f}")
    return not missed


def main(folder: Path, sizes: tuple[int, ...]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    is_reached = True
    for persons in sizes:
        file = folder / f"exports-{persons}.db"
        if not file.exists():
            furnished.make(f"sqlite:///{file}", persons, MEASURED_DAYS_AGO)
        is_reached &= measure(persons, f"sqlite:///{file}")
    return 0 if is_reached else 1


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[:1] == ["--ask"]:
        taken = ask(*given[1:3])
        print(json.dumps((taken, peak_memory())))
        sys.exit()
    chosen = SIZES
    if given[:1] == ["--persons"]:
        chosen, given = (int(given[1]),), given[2:]
    with tempfile.TemporaryDirectory() as name:
        sys.exit(main(Path(given[0] if given else name).absolute(), chosen))
