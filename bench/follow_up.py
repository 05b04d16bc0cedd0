"""Every follow-up page, counted afresh and shown again, in a municipality of 6 400 persons.

    .venv/bin/python -m bench.follow_up [--sqlite-only] [FOLDER]

It has 100 decisions, twelve measurements and forty meetings (bench/furnished.py). Before a fresh page a
change is counted, as any write does, so that nothing counted before is shown. Seconds by the clock and of the
processor (PostgreSQL's own included), the middle of the turns; each beside the bare view of bench/bare.py,
asked in the same turns. Ends with 1 if a page misses its goal in both. The databases are made in FOLDER, or
found there from the run before.
"""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from bench import bare, furnished, pages
from elearn import database

PERSONS, TURNS, GOAL = 6_400, 9, 0.4
ADDRESSES = (
    "/tackning",
    "/tackning?visa=alla",
    "/tackning/kolumner",
    "/tackning/rapport",
    "/behov",
    "/behov?visa=alla",
    "/behov/prognos",
    "/aktiviteter",
    "/malgrupp",
    "/malgrupp/enhet/D1",
    "/matningar",
    "/matningar/1",
    "/matningar/jamfor?fran=1&till=i-dag",
    "/matningar/mal",
    "/moten",
    "/kunskap",
)


@dataclass
class Taken:
    """Seconds of each turn."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def ask(self, page: pages.Page, backends: list[int]) -> None:
        environment = page.environments(1)[0]
        began, used = time.perf_counter(), pages.cpu_seconds(backends)
        page.ask(environment)
        self.clock.append(time.perf_counter() - began)
        self.processor.append(pages.cpu_seconds(backends) - used)


def measure(url: str, folder: Path) -> dict[str, tuple[Taken, Taken]]:
    """By address, what it took afresh and again."""
    app, cookie = furnished.open_as_vpc(url)
    engine: database.Engine = app.extensions["elearn"].engine
    os.environ["BARE_DATABASE"] = str(folder / "bare.db")
    asked = [pages.Page("the bare view", bare.create(), "/")]
    asked += [pages.Page(address, app, address, cookie) for address in ADDRESSES]
    for page in asked:
        page.ask(page.environments(1)[0])
    found = {page.name: (Taken(), Taken()) for page in asked}
    backends = pages.backends_of(engine)
    for _ in range(TURNS):
        for page in asked:
            furnished.change(engine)
            for taken in found[page.name]:
                taken.ask(page, backends)
    engine.dispose()
    return found


def table(name: str, found: dict[str, tuple[Taken, Taken]]) -> bool:
    """Print it; whether every page reaches its goal."""
    head = [name, "fresh", "of the processor", "to the bare view", "again", "of the processor"]
    print(f"\n| {' | '.join(head)} |\n{'|---' * len(head)}|")
    bare_view = statistics.median(found["the bare view"][0].processor) or 1 / pages.TICK
    missed = []
    for address, (fresh, again) in found.items():
        least = statistics.median(fresh.processor)
        cells = [
            address,
            f"{1000 * statistics.median(fresh.clock):.0f} ms",
            f"{1000 * least:.0f} ms",
            f"{least / bare_view:.0f}",
            f"{1000 * statistics.median(again.clock):.0f} ms",
            f"{1000 * statistics.median(again.processor):.0f} ms",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)
        missed += [address] if min(least, statistics.median(fresh.clock)) > GOAL else []
    print(f"over {GOAL} s: {', '.join(missed) or 'none'}; load of the machine {os.getloadavg()[0]:.1f}")
    return not missed


def main(folder: Path, *, is_sqlite_only: bool) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    pages.make_bare(folder)
    file = folder / f"follow-up-{PERSONS}.db"
    if not file.exists():
        furnished.make(f"sqlite:///{file}", PERSONS)
    is_reached = table("SQLite", measure(f"sqlite:///{file}", folder))
    if not is_sqlite_only:
        with pages.postgresql(folder) as url:
            is_reached &= table("PostgreSQL", measure(made(url), folder))
    return 0 if is_reached else 1


def made(server_url: sa.URL) -> str:
    """The address of the furnished database on this server, made unless it is there."""
    server = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
    name = f"followup{PERSONS}"
    url = server_url.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        if name not in connection.scalars(sa.text("SELECT datname FROM pg_database")).all():
            connection.execute(sa.schema.DDL(f"CREATE DATABASE {name}"))
            furnished.make(url, PERSONS)
    server.dispose()
    return url


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    with tempfile.TemporaryDirectory() as name:
        sys.exit(
            main(Path(given[0] if given else name).absolute(), is_sqlite_only="--sqlite-only" in sys.argv)
        )
