"""How coverage will stand on later days (R33; measure.md, rule 10: a day after today is a labelled
forecast).

Two answers for each day: if nothing is done, and if everybody whose course holds today takes it again before
it ends. The first is the report on that day; the second counts in the same statement who is still trained by
what holds today.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy.orm import Session

from elearn import clock
from elearn.reports import counting, coverage
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.training.curriculum import Curriculum

MONTHS = (3, 6, 12)


def horizons(today: dt.date) -> tuple[dt.date, ...]:
    """The days that are looked ahead to: so many calendar months after today. A course whose last day is one
    of them still holds then."""
    return tuple(clock.add_months(today, months) for months in MONTHS)


@dataclass(frozen=True, slots=True)
class Forecast:
    """``if_nothing``: what ``coverage.report`` gives on that day; ``if_renewed``: the same employments and
    decisions, where nobody who is trained today has let the course end."""

    months: int
    on: dt.date
    if_nothing: Coverage
    if_renewed: Coverage


def forecast(
    session: Session,
    curriculum: Curriculum,
    months: int,
    threshold: Fraction,
    today: dt.date,
    tops: tuple[int, ...] | None = None,
) -> Forecast:
    """So many calendar months after today, of everything or of the units ``tops`` and all below them."""
    on = clock.add_months(today, months)
    counted = [row._asdict() for row in counting.counted_units(session, curriculum, on, tops, [today])]
    renewed = {row["unit_id"]: row.pop("held_1") for row in counted}
    rows = tuple(coverage.in_order(counted))
    return Forecast(
        months,
        on,
        Coverage(on, threshold, True, rows),
        Coverage(on, threshold, True, tuple(_renewed(row, renewed[row.unit_id]) for row in rows)),
    )


def forecasts(
    session: Session,
    curriculum: Curriculum,
    threshold: Fraction,
    today: dt.date,
    tops: tuple[int, ...] | None = None,
    months: Sequence[int] = MONTHS,
) -> tuple[Forecast, ...]:
    """One for each of these numbers of months."""
    return tuple(forecast(session, curriculum, ahead, threshold, today, tops) for ahead in months)


def _renewed(row: UnitCoverage, trained: int) -> UnitCoverage:
    """Whoever is trained by what holds today and not on the day itself has completed every course, and would
    be expired."""
    return replace(row, trained=trained, expired=row.expired - (trained - row.trained))
