"""Coverage shown again without counting it again, exact as ever.

How it knows that nothing has changed: triggers count every change of the rows that coverage is made from, in
the transaction that makes it (``ChangeCount``). The count is read in the same snapshot as the figures. Two
snapshots with the same count see the same rows, since of two snapshots one sees all that the other sees, and
every transaction that is seen raises the count. So it holds whichever worker or machine counted or wrote.
"""

import datetime as dt
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.reports import coverage
from elearn.reports.coverage import UnitCoverage
from elearn.reports.models import ChangeCount
from elearn.training.curriculum import Curriculum

KEPT_COUNT = 8

Key: TypeAlias = tuple[int, Curriculum, dt.date, tuple[int, ...] | None]


class RememberedCoverage:
    """One worker's memory of the last reports of one database."""

    def __init__(self) -> None:
        self._rows: dict[Key, tuple[UnitCoverage, ...]] = {}

    def count(
        self, session: Session, curriculum: Curriculum, on: dt.date, tops: tuple[int, ...] | None
    ) -> tuple[UnitCoverage, ...]:
        """What ``coverage.count`` gives. ``session`` reads one snapshot."""
        key = (change_count(session), curriculum, on, tops)
        rows = self._rows.get(key)
        if rows is None:
            rows = coverage.count(session, curriculum, on, tops)
            if len(self._rows) >= KEPT_COUNT:
                self._rows.clear()
            self._rows[key] = rows
        return rows


def change_count(session: Session) -> int:
    """How many changes this session's snapshot sees."""
    return int(session.execute(sa.select(sa.func.sum(ChangeCount.count))).scalar_one())
