"""Coverage and the measure of Målbild 4 (R1-R3, measure.md rules 5-10). What else counts
people beside it (departures, needs, meetings) starts from the same select and is compared with it.

Everything is counted in persons, each once: a unit's figures are not sums of the figures below it.
"""

import datetime as dt
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import swedish
from elearn.errors import NotFound
from elearn.people.models import OrgUnit, UnitKind
from elearn.reports import counting
from elearn.training.curriculum import Curriculum

SENSITIVITY = (Fraction(8, 10), Fraction(9, 10), Fraction(1))


def percent(share: Fraction) -> Decimal:
    """A share as a percentage with one decimal, rounded half up and never by way of a float (rule 11)."""
    exact = Decimal(share.numerator * 100) / Decimal(share.denominator)
    return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class UnitCoverage:
    """One OrgUnit with everybody in it or anywhere below it. ``target`` = ``trained`` + ``expired`` +
    ``started`` + ``not_started``; ``employees`` = ``target`` + the four reasons for being outside it.
    ``offered``: those of ``target`` who had been told of the training by the date (R5, R6)."""

    unit_id: int
    code: str
    name: str
    kind: UnitKind
    parent: str | None  # its code
    committee: str | None
    depth: int
    employees: int
    target: int
    trained: int
    expired: int
    started: int
    not_started: int
    offered: int
    exempt: int
    external: int
    without_course: int
    without_role: int

    @property
    def share(self) -> Fraction | None:
        """None without a target group: never 0, never 100 (rule 7)."""
        return Fraction(self.trained, self.target) if self.target else None

    @property
    def outside(self) -> dict[str, int]:
        """How many are outside the target group, by the reason's code."""
        return {
            "exempt": self.exempt,
            "external": self.external,
            "without_course": self.without_course,
            "without_role": self.without_role,
        }

    @property
    def percent(self) -> Decimal | None:
        return None if self.share is None else percent(self.share)

    def has_secured(self, threshold: Fraction) -> bool | None:
        """Compared exactly: 89.96 % has not reached 90 % (rule 8). None without a target group."""
        if not self.target:
            return None
        return self.trained * threshold.denominator >= self.target * threshold.numerator


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of those with a target group have secured the knowledge."""

    secured: int
    with_target: int

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.secured, self.with_target) if self.with_target else None


@dataclass(frozen=True, slots=True)
class Measure:
    """Målbild 4's measure: divisions and externals are not counted in it (rule 9)."""

    departments: Tally
    units: Tally

    @property
    def both(self) -> Tally:
        return Tally(
            self.departments.secured + self.units.secured,
            self.departments.with_target + self.units.with_target,
        )


@dataclass(frozen=True)
class Coverage:
    """The report on a date. ``rows``: parents before children, siblings in Swedish order, externals last."""

    on: dt.date
    threshold: Fraction
    is_forecast: bool
    rows: tuple[UnitCoverage, ...]

    @functools.cached_property
    def by_id(self) -> dict[int, UnitCoverage]:
        """The rows by the ids of their OrgUnits."""
        return {row.unit_id: row for row in self.rows}

    @functools.cached_property
    def measure(self) -> Measure:
        return self.measure_at(self.threshold)

    @functools.cached_property
    def sensitivity(self) -> tuple[tuple[Fraction, Measure], ...]:
        """The measure at 80, 90 and 100 % and at the chosen threshold, by rising threshold (rule 8)."""
        return tuple((at, self.measure_at(at)) for at in sorted({*SENSITIVITY, self.threshold}))

    def measure_at(self, threshold: Fraction) -> Measure:
        """How the measure would stand with another threshold."""
        return Measure(self._tally(UnitKind.DEPARTMENT, threshold), self._tally(UnitKind.UNIT, threshold))

    def _tally(self, kind: UnitKind, threshold: Fraction) -> Tally:
        decided = [row.has_secured(threshold) for row in self.rows if row.kind == kind and row.target]
        return Tally(sum(bool(has_secured) for has_secured in decided), len(decided))


def report(
    session: Session,
    curriculum: Curriculum,
    on: dt.date,
    threshold: Fraction,
    today: dt.date,
    tops: tuple[int, ...] | None = None,
) -> Coverage:
    """The coverage of everything, or of the units whose ids are ``tops`` and of all below them: the database
    leaves out the rest (S4)."""
    counted = counting.counted_units(session, curriculum, on, tops)
    return Coverage(on, threshold, on > today, tuple(in_order([row._asdict() for row in counted])))


def department_id(session: Session, code: str) -> int:
    """The id of this department. Raises ``NotFound`` for a code that is no department."""
    department = sa.select(OrgUnit.id).where(OrgUnit.code == code, OrgUnit.kind == UnitKind.DEPARTMENT)
    # PostgreSQL takes no text with a NUL in it.
    id = session.scalar(department) if code.isprintable() else None
    if id is None:
        raise NotFound(f"Det finns ingen förvaltning med koden {code}.")
    return id


def in_order(counted: Sequence[dict[str, Any]]) -> Iterator[UnitCoverage]:
    """Parents before children, siblings by name in Swedish order, externals last at the top. Whose parent is
    not in the report (a department of a part, a unit whose parent was closed) stands at the top of it."""
    by_parent: dict[str | None, list[dict[str, Any]]] = {}
    codes = {row["code"] for row in counted}
    for row in counted:
        by_parent.setdefault(row["parent"] if row["parent"] in codes else None, []).append(row)

    def walk(parent: str | None, depth: int) -> Iterator[UnitCoverage]:
        for row in sorted(by_parent.get(parent, ()), key=_sort_key):
            yield UnitCoverage(**row | {"kind": UnitKind(row["kind"])}, depth=depth)
            yield from walk(row["code"], depth + 1)

    return walk(None, 0)


def _sort_key(row: dict[str, Any]) -> tuple[bool, Any, str]:
    return row["kind"] == UnitKind.EXTERNAL, swedish.sort_key(row["name"]), row["code"]
