"""What the report costs at 7 000 units, beside the coverage query of the same run.

    python bench/committee_report.py [PERSONS]

It makes a municipality (100 000 persons unless another number is given) in SQLite, freezes three measurements
and prints a table: the coverage query, and then, counted figures given, the report on everything as PDF in
both forms, as spreadsheet, and an A4 for each department. The median of five turns each.
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
from elearn.journal.deed import Deed, operator
from elearn.reports import (
    committee_report,
    coverage,
    export_pdf,
    measurement_actions,
    measurements,
    report_trend,
    report_workbook,
)
from elearn.reports.committee_report import CommitteeReport, Origin
from elearn.training import curriculum

PERSONS, TURNS, GOAL = 100_000, 5, 5.0
THRESHOLD = Fraction(9, 10)
SMALL_GROUP = 5


def seconds(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(TURNS):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def measure(url: str) -> None:
    engine = database.make_engine(url)
    required = curriculum.from_courses(reader.read_heads(large.COURSES))
    today = clock.today()
    deed = Deed(operator("bench"), clock.now(), today)
    with database.transaction(engine) as session:
        for days in (730, 365, 30):
            day = today - dt.timedelta(days=days)
            measurement_actions.freeze_measurement(session, deed, required, day, THRESHOLD, f"{days} dagar")

    with database.snapshot(engine) as session:
        counted = coverage.report(session, required, today, THRESHOLD, today)
        query = seconds(lambda: coverage.report(session, required, today, THRESHOLD, today))
        past = seconds(lambda: list(measurements.whole_ones(session)))
        earlier = list(measurements.whole_ones(session))
    origin = Origin("Botkyrka kommun", "mätningen", today)

    def report(*, is_public: bool = False) -> CommitteeReport:
        made = committee_report.make(counted, origin)
        made = committee_report.in_public(made, SMALL_GROUP) if is_public else made
        return report_trend.with_past(made, earlier)

    rows = {
        "coverage, counted": query,
        "three measurements, read and checked": past,
        "PDF of everything, full form": seconds(lambda: export_pdf.draw(report())),
        "PDF of everything, public form": seconds(lambda: export_pdf.draw(report(is_public=True))),
        "an A4 for each department": seconds(
            lambda: export_pdf.draw_sheets(list(committee_report.each_department(report())))
        ),
        "spreadsheet of everything": seconds(lambda: report_workbook.to_xlsx(report())),
    }
    print(f"{len(counted.rows)} rows; goal for a PDF {GOAL} s")
    for name, taken in rows.items():
        print(f"| {name} | {taken:.2f} s | {taken / query:.2f} |")
    engine.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder, 'large.db')}"
        large.make(address, int(sys.argv[1]) if len(sys.argv) > 1 else PERSONS)
        measure(address)
