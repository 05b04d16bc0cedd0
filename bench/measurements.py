"""How long a freeze takes beside the coverage query that it counts with, in the same run.

``python -m bench.measurements [PERSONS]`` makes a municipality through the import (bench/large.py) in a new
SQLite file, freezes it and prints one row of docs/operations.md's kind. The first of each is not counted:
it reads what is not yet in memory.
"""

import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from bench import large
from elearn import clock, database
from elearn.content.reading import reader
from elearn.journal.deed import Deed, system
from elearn.reports import coverage, measurement_actions, measurements
from elearn.settings import data_dir
from elearn.training import curriculum

ROUNDS = 5
THRESHOLD = Fraction(9, 10)


def main() -> None:
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 6400
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        large.make(url, persons)
        engine = database.make_engine(url)
        required = curriculum.from_courses(reader.read_heads(data_dir("courses")))
        today = clock.today()
        deed = Deed(system("bench"), clock.now(), today)

        def count() -> None:
            with database.snapshot(engine) as session:
                coverage.report(session, required, today, THRESHOLD, today)

        def freeze() -> None:
            with database.transaction(engine) as session:
                measurement_actions.freeze_measurement(session, deed, required, today, THRESHOLD)

        def verify() -> None:
            with database.snapshot(engine) as session:
                assert not any(one.faults for one in measurements.check(session))

        counted, frozen = middle(count), middle(freeze)
        rows = row_count(engine, required, today)
        print(f"{persons} persons, {rows} rows: coverage {counted:.2f} s, freeze {frozen:.2f} s", end="")
        print(
            f" ({frozen / counted:.2f} of it), {ROUNDS + 1} measurements verified in {middle(verify):.2f} s"
        )
        engine.dispose()


def middle(work: Callable[[], None]) -> float:
    """Seconds: the middle of the rounds after the first."""
    taken = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken[1:])


def row_count(engine: database.Engine, required: curriculum.Curriculum, on: dt.date) -> int:
    with database.snapshot(engine) as session:
        return len(coverage.report(session, required, on, THRESHOLD, on).rows)


if __name__ == "__main__":
    main()
