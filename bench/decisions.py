"""What decisions about the target group cost, beside another version of the program on the same data.

    .venv/bin/python bench/decisions.py OTHER [--sqlite-only]

``OTHER`` is a folder with the other version's files (`git archive COMMIT | tar -x -C OTHER`). It makes a
municipality of 6 400 persons; copies of it are migrated and get 0, 10 and 500 decisions. CPU milliseconds per
request, PostgreSQL's own included, all in the same turns; each version asks in a process of its own.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from bench import large, pages
from elearn import database

PERSONS, COUNTS, TURNS = 6_400, (0, 10, 500), 9
ASKED = {"coverage, counted": 1, "start": 8}  # page -> requests a turn
HEADER = "enhetskod;anställningsnr;befattning;beslut;yrkesroll;från;till;skäl;beslut av"


def decisions(count: int) -> list[str]:
    """Rows of malgrupp.csv of every kind: departments first, then divisions, units and persons."""
    rows = []
    for n in range(count):
        unit = (f"D{n % 6}", f"O{n % 40}", f"E{n % 400}")[min(2, n // 4)]
        person = str(large.FIRST_NUMBER + 40 + n)
        whom = (f"{unit};;", f"{unit};;Handläggare", f";{person};", f"D{n % 6};{person};")[n % 4]
        what = "ingår;skola;2026-01-01;;" if n % 3 else "undantagen;;2026-01-01;2026-12-31;Annan utbildning"
        rows.append(f"{whom};{what};VPC")
    return rows


def decide(url: str, count: int, folder: Path) -> None:
    """Bring a copy of the other version's database to today's tables, and import so many decisions."""
    large.command(url, "migrate")
    if count:
        file = folder / f"malgrupp-{count}.csv"
        file.write_text("\n".join([HEADER, *decisions(count), ""]), encoding="utf-8")
        large.command(url, "import-decisions", file)
    engine = database.make_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def answer(url: str, folder: Path) -> None:
    """For each line of the input, the milliseconds of each page, parted by blanks."""
    asked = {page.name: page for page in pages.pages(url, folder) if page.name in ASKED}
    for page in asked.values():
        for environment in page.environments(2):
            page.ask(environment)
    engine = database.make_engine(url)
    backends = pages.backends_of(engine)
    for _ in sys.stdin:
        told = []
        for name, count in ASKED.items():
            environments = asked[name].environments(count)
            began = pages.cpu_seconds(backends)
            for environment in environments:
                asked[name].ask(environment)
            told.append(f"{1000 * (pages.cpu_seconds(backends) - began) / count:.2f}")
        print(*told, flush=True)


def compare(name: str, urls: dict[str, tuple[Path, str]], folder: Path) -> None:
    """Print a table: a row for each page, a column for each database."""
    asking = {}
    for label, (tree, url) in urls.items():
        asking[label] = subprocess.Popen(
            [sys.executable, __file__, "--answer", url, str(folder)],
            cwd=tree,
            env=os.environ | {"PYTHONPATH": str(tree)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    found: dict[str, list[list[float]]] = {label: [] for label in asking}
    for _ in range(TURNS):
        for label, process in asking.items():
            assert process.stdin
            assert process.stdout
            print("again", file=process.stdin, flush=True)
            found[label].append([float(cell) for cell in process.stdout.readline().split()])
    for process in asking.values():
        process.communicate()
    print(f"\n| {' | '.join([name, *asking])} |\n{'|---' * (len(asking) + 1)}|")
    for place, page in enumerate(ASKED):
        cells = [f"{statistics.median(row[place] for row in found[label]):.1f} ms" for label in asking]
        print(f"| {' | '.join([page, *cells])} |", flush=True)


def made(other: Path, url: str) -> None:
    subprocess.run(
        [sys.executable, "bench/large.py", url, str(PERSONS)],
        cwd=other,
        env=os.environ | {"PYTHONPATH": str(other)},
        check=True,
    )


def labelled(other: Path, urls: Iterator[str], folder: Path) -> dict[str, tuple[Path, str]]:
    """The other version's database, made now, and its copies; each url is asked for when it is needed."""
    first = next(urls)
    made(other, first)
    found = {"the other version": (other, first)}
    for count, url in zip(COUNTS, urls, strict=True):
        decide(url, count, folder)
        found[f"{count} decisions"] = (large.ROOT, url)
    return found


def sqlite_urls(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'other.db'}"
    for count in COUNTS:
        shutil.copy(folder / "other.db", folder / f"{count}.db")
        yield f"sqlite:///{folder / f'{count}.db'}"


def postgresql_urls(url: sa.URL) -> Iterator[str]:
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    for name in ("other", *(f"d{count}" for count in COUNTS)):
        with server.connect() as connection:
            like = "" if name == "other" else " TEMPLATE other"
            connection.execute(sa.schema.DDL(f"CREATE DATABASE {name}{like}"))
        yield url.set(database=name).render_as_string(hide_password=False)
    server.dispose()


def main(other: Path, *, is_sqlite_only: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages.make_bare(folder)
        compare("SQLite", labelled(other, sqlite_urls(folder), folder), folder)
        if not is_sqlite_only:
            with pages.postgresql(folder) as url:
                compare("PostgreSQL", labelled(other, postgresql_urls(url), folder), folder)


if __name__ == "__main__":
    if sys.argv[1] == "--answer":
        answer(sys.argv[2], Path(sys.argv[3]))
    else:
        main(Path(sys.argv[1]).absolute(), is_sqlite_only="--sqlite-only" in sys.argv)
