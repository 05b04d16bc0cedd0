"""Coverage of a million persons beside the raw GROUP BY that it needs, on both engines.

    nice -n 19 .venv/bin/python -m bench.million [--persons NUMBER] [--sqlite-only]

The database is filled by bulk inserts: sixteen persons to a unit, a second job for every sixteenth, a
completion for seven of ten. It is removed afterwards. Two baselines of the same run: the simplest select that
reads the same employments and completions, by unit; and the same with each person once in every unit above,
which is what coverage must tell. The least of the turns, by the clock and of the processor (on PostgreSQL
without what its parallel workers use).
"""

import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from bench import exports, furnished, large, pages
from elearn import clock, database
from elearn.content.reading import reader
from elearn.people import access, org_tree
from elearn.people.models import Employment, OrgUnit, Person, UnitKind
from elearn.reports import coverage
from elearn.training import curriculum
from elearn.training.curriculum import Curriculum
from elearn.training.models import Completion

PERSONS, TURNS, GOAL = 1_000_000, 3, 1.5
DEPARTMENTS = len(large.ROLES)
ON = sa.literal(clock.today(), sa.Date)


def fill(engine: database.Engine, persons: int, required: Curriculum) -> None:
    """Everybody numbered from 0, in the department of the number's rest by six."""
    units = max(1, persons // large.PER_UNIT // DEPARTMENTS // 10) * DEPARTMENTS * 10
    divisions = units // 10
    first_unit = 1 + DEPARTMENTS + divisions
    courses = {one.job_role: one.course for one in required.required}
    with database.transaction(engine) as session:
        session.execute(sa.insert(OrgUnit), organisation(units, divisions))
        number = numbers(persons)
        n = number.c.n
        text = sa.cast(n, sa.Text)
        long_ago = sa.literal(clock.today() - dt.timedelta(days=900), sa.Date)
        session.execute(
            sa.insert(Person).from_select(
                ["id", "number", "first_name", "last_name", "is_protected"],
                sa.select(n + 1, text, sa.literal("Förnamn"), sa.literal("Efternamn"), sa.false()),
            )
        )
        job = ["person_id", "unit_id", "position_key", "starts_on", "reported_from", "is_ended_by_import"]
        for place in (n, n + 7):  # the second job is in the next department
            jobs = sa.select(
                n + 1, first_unit + place % units, sa.literal(""), long_ago, long_ago, sa.false()
            )
            insert = sa.insert(Employment).from_select(job, jobs if place is n else jobs.where(n % 16 == 15))
            session.execute(insert)
        session.execute(insert_completions(n, text, courses))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE")


def organisation(units: int, divisions: int) -> list[dict[str, object]]:
    """Parents first; the ids rise in the same order."""
    rows: list[tuple[str, UnitKind, int | None, str | None]] = []
    rows += [(f"D{n}", UnitKind.DEPARTMENT, None, role or None) for n, role in enumerate(large.ROLES)]
    rows += [(f"O{n}", UnitKind.DIVISION, 1 + n % DEPARTMENTS, None) for n in range(divisions)]
    rows += [(f"E{n}", UnitKind.UNIT, 1 + DEPARTMENTS + n % divisions, None) for n in range(units)]
    names = ("code", "kind", "parent_id", "job_role")
    return [
        dict(zip(names, row, strict=True)) | {"id": id, "name": f"Enhet {row[0]}"}
        for id, row in enumerate(rows, 1)
    ]


def numbers(count: int) -> sa.CTE:
    """0, 1, 2 … as rows."""
    number = sa.select(sa.literal(0).label("n")).cte("number", recursive=True)
    return number.union_all(sa.select(number.c.n + 1).where(number.c.n < count - 1))


def insert_completions(
    n: sa.ColumnElement[int], text: sa.ColumnElement[str], courses: dict[str, str]
) -> sa.Insert:
    """Of the course of the department; one of nine has ended."""
    course = sa.case(
        *(
            (n % DEPARTMENTS == rest, courses[role])
            for rest, role in enumerate(large.ROLES)
            if role in courses
        )
    )
    today = clock.today()
    ended, holds = (sa.literal(today + dt.timedelta(days=days), sa.Date) for days in (-30, 300))
    row = {
        "person_id": n + 1,
        "course": course,
        "course_title": sa.literal("Kurs"),
        "course_edition": sa.literal(1),
        "course_hash": sa.literal("0"),
        "completed_on": sa.literal(today - dt.timedelta(days=400), sa.Date),
        "valid_until": sa.case((n % 9 == 0, ended), else_=holds),
        "source": sa.literal("bench"),
        "recorded_at": sa.literal(clock.now(), Completion.__table__.c.recorded_at.type),
        "code": text,
    }
    done = sa.select(*row.values()).where(course.is_not(None), n % 10 < 7)
    return sa.insert(Completion).from_select(list(row), done)


def by_unit() -> sa.Select[int, int, int]:
    """The simplest: how many persons of each unit, and how many of them hold a completion."""
    return (
        sa.select(
            Employment.unit_id,
            sa.func.count(Employment.person_id.distinct()),
            sa.func.sum(sa.case((Completion.valid_until >= ON, 1), else_=0)),
        )
        .outerjoin(Completion, Completion.person_id == Employment.person_id)
        .where(access.is_active(ON))
        .group_by(Employment.unit_id)
    )


def with_units_above() -> sa.Select[int, int, int]:
    """The same, each person once in the unit and in every unit above it."""
    closure = org_tree.closure()
    held = sa.func.max(sa.case((Completion.valid_until >= ON, 1), else_=0))
    persons = (
        sa.select(closure.c.ancestor_id, Employment.person_id, held.label("held"))
        .join_from(Employment, closure, closure.c.unit_id == Employment.unit_id)
        .outerjoin(Completion, Completion.person_id == Employment.person_id)
        .where(access.is_active(ON))
        .group_by(closure.c.ancestor_id, Employment.person_id)
        .subquery()
    )
    counts = (sa.func.count(), sa.func.sum(persons.c.held))
    return sa.select(persons.c.ancestor_id, *counts).group_by(persons.c.ancestor_id)


def measure(name: str, engine: database.Engine, required: Curriculum) -> bool:
    today = clock.today()
    with database.snapshot(engine) as session:
        backends = pages.backends_of(engine)

        def least(work: Callable[[], object]) -> tuple[float, float]:
            taken = []
            for _ in range(TURNS):
                began, used = time.perf_counter(), pages.cpu_seconds(backends)
                work()
                taken.append((time.perf_counter() - began, pages.cpu_seconds(backends) - used))
            return min(clocked for clocked, _ in taken), min(used for _, used in taken)

        found = {
            "GROUP BY unit": least(lambda: session.execute(by_unit()).all()),
            "GROUP BY each unit above": least(lambda: session.execute(with_units_above()).all()),
            "coverage": least(lambda: coverage.report(session, required, today, furnished.THRESHOLD, today)),
        }
    print(f"\n| {name} | seconds | of the processor | coverage to it |\n|---|---|---|---|")
    counted = min(found["coverage"])
    for what, (clocked, used) in found.items():
        print(f"| {what} | {clocked:.2f} s | {used:.2f} s | {found['coverage'][1] / used:.2f} |")
    print(f"peak {exports.peak_memory():.0f} MB; load of the machine {os.getloadavg()[0]:.1f}", flush=True)
    return counted <= GOAL * min(found["GROUP BY each unit above"])


def main(persons: int, folder: Path, *, is_sqlite_only: bool) -> int:
    required = curriculum.from_courses(reader.read_heads(large.COURSES))

    def run(name: str, url: str) -> bool:
        engine = database.make_engine(url)
        database.migrate(engine)
        fill(engine, persons, required)
        is_reached = measure(f"{name}, {persons:,} persons", engine, required)
        engine.dispose()
        return is_reached

    is_reached = run("SQLite", f"sqlite:///{folder / 'million.db'}")
    (folder / "million.db").unlink()
    if not is_sqlite_only:
        with pages.postgresql(folder) as url:
            is_reached &= run("PostgreSQL", url.render_as_string(hide_password=False))
    return 0 if is_reached else 1


if __name__ == "__main__":
    given = sys.argv[1:]
    asked = int(given[given.index("--persons") + 1]) if "--persons" in given else PERSONS
    with tempfile.TemporaryDirectory() as name:
        sys.exit(main(asked, Path(name), is_sqlite_only="--sqlite-only" in given))
