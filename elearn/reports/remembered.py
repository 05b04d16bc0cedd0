"""Coverage shown again without counting it again, exact as ever.

How it knows that nothing has changed: triggers count every change of the rows that coverage is made from, in
the transaction that makes it (``ChangeCount``). The count is read in the same snapshot as the figures. Two
snapshots with the same count see the same rows, since of two snapshots one sees all that the other sees, and
every transaction that is seen raises the count. So it holds whichever worker or machine counted or wrote.
"""

import datetime as dt
import functools
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.reports import coverage, suppression, tree
from elearn.reports.coverage import Coverage, Measure
from elearn.reports.models import ChangeCount
from elearn.reports.suppression import PublicCoverage, PublicMeasure
from elearn.reports.tree import Branch
from elearn.training.curriculum import Curriculum

KEPT_COUNT = 8

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Report:
    """Coverage and its tree, which is made once. ``form``: how it is told in public; then ``coverage`` has
    nothing that is not told."""

    coverage: Coverage
    form: PublicCoverage | None = None

    @functools.cached_property
    def whole_in_public(self) -> dict[int, "Report"]:
        """This report of the whole municipality in its public form, by the smallest group, once made."""
        return {}

    def in_public(self, small_group: int, *, is_whole: bool) -> "Report":
        """The public form of this report (measure.md, "Small groups: the public form")."""
        known = self.whole_in_public if is_whole else {}
        if small_group not in known:
            form = suppression.public(self.coverage, small_group, is_whole=is_whole)
            known[small_group] = Report(form.told, form)
        return known[small_group]

    @property
    def measure(self) -> Measure | PublicMeasure:
        """Målbild 4's measure as this report tells it."""
        return self.form.measure if self.form else self.coverage.measure

    @property
    def sensitivity(self) -> tuple[tuple[Fraction, Measure | PublicMeasure], ...]:
        """The measure at each threshold, rising."""
        return self.form.sensitivity if self.form else self.coverage.sensitivity

    @property
    def hidden(self) -> frozenset[str]:
        """The codes of the rows whose figures are not told."""
        return self.form.hidden if self.form else frozenset()

    @functools.cached_property
    def branches(self) -> list[Branch]:
        return tree.branches(self.coverage.rows, self.coverage.threshold)

    @functools.cached_property
    def by_code(self) -> dict[str, Branch]:
        """Each row in its place, by the unit's code."""
        return {branch.row.code: branch for branch in self.branches}

    @functools.cached_property
    def children(self) -> dict[str | None, list[Branch]]:
        """What stands straight below each code, and at the top (None), in the report's order."""
        found: dict[str | None, list[Branch]] = {}
        for branch in self.branches:
            found.setdefault(branch.above[-1] if branch.above else None, []).append(branch)
        return found


class Remembered(Generic[Kept]):
    """One worker's memory of what was counted last in one database, as long as nothing has changed."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Kept] = {}

    def get(self, session: Session, asked: Hashable, count: Callable[[], Kept]) -> Kept:
        """What ``count`` gives. ``asked``: all that it depends on but the database; ``session`` reads one
        snapshot."""
        key = (change_count(session), asked)
        found = self._kept.get(key)
        if found is None:
            found = count()
            if len(self._kept) >= KEPT_COUNT:
                self._kept.clear()
            self._kept[key] = found
        return found


class RememberedCoverage:
    """One worker's memory of the last reports of one database."""

    def __init__(self) -> None:
        self._reports = Remembered[Report]()

    def report(
        self,
        session: Session,
        curriculum: Curriculum,
        on: dt.date,
        threshold: Fraction,
        today: dt.date,
        tops: tuple[int, ...] | None = None,
    ) -> Report:
        """What ``coverage.report`` gives, with its tree. ``session`` reads one snapshot."""
        return self._reports.get(
            session,
            (curriculum, on, threshold, on > today, tops),
            lambda: Report(coverage.report(session, curriculum, on, threshold, today, tops)),
        )


def change_count(session: Session) -> int:
    """How many changes this session's snapshot sees."""
    return int(session.execute(sa.select(sa.func.sum(ChangeCount.count))).scalar_one())
