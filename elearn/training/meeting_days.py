"""On which days meetings together have covered every subject of the plan (measure.md, "Physical training",
rules 2 and 3). Pure."""

import datetime as dt
from collections.abc import Collection, Iterable

from elearn import clock
from elearn.content.reading.lessons import SUBJECTS

TOGETHER_MONTHS = 24


def completion_days(attended: Iterable[tuple[dt.date, Collection[str]]]) -> tuple[dt.date, ...]:
    """The days on which one person had gathered all three subjects, by date.

    ``attended``: the day of each meeting that the person attended and the subjects that it is recognised in,
    in any order. What was gathered is used up by each such day."""
    by_day: dict[dt.date, set[str]] = {}
    for day, subjects in attended:
        by_day.setdefault(day, set()).update(subjects)
    days: list[dt.date] = []
    gathered: dict[str, dt.date] = {}
    for day in sorted(by_day):
        gathered |= dict.fromkeys(by_day[day], day)
        counting = {subject for subject, heard_on in gathered.items() if day <= _counts_until(heard_on)}
        if counting.issuperset(SUBJECTS):
            days.append(day)
            gathered = {}
    return tuple(days)


def _counts_until(heard_on: dt.date) -> dt.date:
    return clock.add_months(heard_on, TOGETHER_MONTHS)
