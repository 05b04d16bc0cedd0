"""The report to a nämnd, on a department, or on the whole municipality (R38, R41): one data set, which the
PDF and the spreadsheet are made from. Pure. It names no person."""

import datetime as dt
import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from elearn import clock, swedish
from elearn.errors import NotFound
from elearn.people.models import UnitKind
from elearn.reports import narrowing, suppression, tree
from elearn.reports.charts import Point
from elearn.reports.coverage import Coverage, Measure, UnitCoverage
from elearn.reports.goals import Standing
from elearn.reports.measurement import Measurement
from elearn.reports.suppression import Bounds, PublicCoverage, PublicMeasure
from elearn.reports.tree import Branch


class Scope(StrEnum):
    """What a report is about."""

    WHOLE = "whole"
    COMMITTEE = "committee"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Frozen:
    """The measurement that the figures are from."""

    name: str
    frozen_on: dt.date
    checksum: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made a report, when and from what. ``made_by``: a function, never a person's name. ``frozen``: None
    for live figures."""

    municipality: str
    made_by: str
    made_on: dt.date
    frozen: Frozen | None = None


@dataclass(frozen=True, slots=True)
class InNeed:
    """A unit that has not secured the knowledge. ``place``: the name of what stands nearest above it.
    ``missing``: how many more have to be trained before it has."""

    row: UnitCoverage
    place: str
    missing: int


@dataclass(frozen=True)
class CommitteeReport:
    """``coverage``: the rows that the report is about, and no others. ``name``: of the nämnd, the department
    or the municipality. ``public``: None for the full form; else what is hidden, and ``coverage`` holds no
    figure that is not told. ``past``: the same part in earlier measurements, by day, as far as it may be
    told. ``standings``: the departments' own goals and surveys (``report_goals.with_goals``)."""

    scope: Scope
    name: str
    origin: Origin
    coverage: Coverage
    public: PublicCoverage | None = None
    past: tuple[Point, ...] = ()
    standings: tuple[Standing, ...] = ()

    @functools.cached_property
    def sensitivity(self) -> tuple[tuple[Fraction, PublicMeasure], ...]:
        """The measure at the chosen threshold and at 80, 90 and 100 % (measure.md, rule 8), by rising
        threshold."""
        if self.public:
            return self.public.sensitivity
        return tuple((at, _exactly(measure)) for at, measure in self.coverage.sensitivity)

    @property
    def measure(self) -> PublicMeasure:
        """At the report's own threshold; exact in the full form."""
        return dict(self.sensitivity)[self.coverage.threshold]

    def counted(self, measure: PublicMeasure) -> Bounds:
        """Of the measure what the report tells first: a single department's units, else departments and units
        together."""
        return measure.units if self.single else measure.both

    def is_hidden(self, row: UnitCoverage) -> bool:
        """Whether the row's figures are not told. They stand as 0 in it."""
        return self.public is not None and row.code in self.public.hidden

    def units_below(self, branch: Branch) -> Bounds:
        """How many of the units below this row have secured the knowledge."""
        below = [
            one.row for one in self.branches if branch.row.code in one.above and one.row.kind == UnitKind.UNIT
        ]
        hidden = sum(self.is_hidden(row) for row in below)
        return Bounds(branch.units.secured, branch.units.secured + hidden, branch.units.with_target + hidden)

    @functools.cached_property
    def branches(self) -> tuple[Branch, ...]:
        """Every row in its place."""
        return tuple(tree.branches(self.coverage.rows, self.coverage.threshold))

    @functools.cached_property
    def departments(self) -> tuple[Branch, ...]:
        """Each with how many of its units have secured the knowledge."""
        return tuple(one for one in self.branches if one.row.kind == UnitKind.DEPARTMENT)

    @property
    def single(self) -> UnitCoverage | None:
        """The only department, if the report is not about the whole municipality and has only one: then the
        measure is told over its units."""
        is_one = self.scope != Scope.WHOLE and len(self.departments) == 1
        return self.departments[0].row if is_one else None

    @functools.cached_property
    def in_need(self) -> tuple[InNeed, ...]:
        """The units that have not secured the knowledge: lowest share first, and of those with the same share
        the one where most are missing."""
        names = {row.code: row.name for row in self.coverage.rows}
        threshold = self.coverage.threshold
        found = [
            InNeed(one.row, names[one.above[-1]] if one.above else "", missing(one.row, threshold))
            for one in self.branches
            if one.row.kind == UnitKind.UNIT and one.row.has_secured(threshold) is False
        ]
        return tuple(sorted(found, key=lambda one: (one.row.share or Fraction(0), -one.missing)))

    @functools.cached_property
    def outside(self) -> dict[str, int]:
        """How many are outside the target group, by the reason's code: the sums over the top of the tree, so
        that one who works in two departments is in both."""
        tops = [row.outside for row in self.coverage.rows if row.depth == 0]
        return {reason: sum(top[reason] for top in tops) for reason in tops[0]} if tops else {}


def _exactly(measure: Measure) -> PublicMeasure:
    return PublicMeasure(
        *(Bounds(one.secured, one.secured, one.with_target) for one in (measure.departments, measure.units))
    )


def missing(row: UnitCoverage, threshold: Fraction) -> int:
    """How many more have to be trained before the row has secured the knowledge; 0 when it has."""
    return max(0, math.ceil(row.target * threshold) - row.trained)


def from_measurement(origin: Origin, measurement: Measurement) -> Origin:
    """The same maker and day, with figures from this measurement."""
    frozen_on = clock.day_of(measurement.frozen_at)
    return replace(origin, frozen=Frozen(measurement.name, frozen_on, measurement.checksum))


def in_public(report: CommitteeReport, small_group: int) -> CommitteeReport:
    """The public form of a report in the full form (measure.md, "Small groups: the public form"), without
    earlier measurements: those are told in public in their own right (``report_trend.with_past``)."""
    public = suppression.public(report.coverage, small_group, is_whole=report.scope == Scope.WHOLE)
    return replace(report, coverage=public.told, public=public, past=())


def make(
    coverage: Coverage, origin: Origin, department: str | None = None, committee: str | None = None
) -> CommitteeReport:
    """The report in its full form on this department (its code), else to this nämnd (its name), else on the
    whole municipality. Raises ``NotFound`` for one that does not exist."""
    if department is not None:
        return of_department(coverage, department, origin)
    return whole(coverage, origin) if committee is None else of_committee(coverage, committee, origin)


def whole(coverage: Coverage, origin: Origin) -> CommitteeReport:
    """The report on the whole municipality."""
    return CommitteeReport(Scope.WHOLE, origin.municipality, origin, coverage)


def of_department(coverage: Coverage, code: str, origin: Origin) -> CommitteeReport:
    """The report on one department. Raises ``NotFound`` for a code that is none in the coverage."""
    part = narrowing.of_departments(coverage, {code})
    if not part.rows:
        raise NotFound(f"Det finns ingen förvaltning med koden {code}.")
    return CommitteeReport(Scope.DEPARTMENT, part.rows[0].name, origin, part)


def of_committee(coverage: Coverage, name: str, origin: Origin) -> CommitteeReport:
    """The report to a nämnd on the departments that it answers for. Its name is compared without case and
    outer blanks. Raises ``NotFound`` for a nämnd that answers for none."""
    part = narrowing.of_committee(coverage, name)
    if not part.rows:
        raise NotFound(f"Det finns ingen förvaltning som hör till nämnden {name}.")
    return CommitteeReport(Scope.COMMITTEE, part.rows[0].committee or name, origin, part)


def committees(coverage: Coverage) -> tuple[str, ...]:
    """The names of the nämnder that answer for a department, each once, in Swedish order."""
    names = {
        swedish.folded(row.committee): row.committee.strip()
        for row in _departments(coverage)
        if row.committee
    }
    return tuple(sorted(filter(None, names.values()), key=swedish.sort_key))


def each_department(report: CommitteeReport) -> Iterator[CommitteeReport]:
    """A report on each of the departments of another, both in the full form."""
    for one in report.departments:
        yield of_department(report.coverage, one.row.code, report.origin)


def _departments(coverage: Coverage) -> list[UnitCoverage]:
    return [row for row in coverage.rows if row.kind == UnitKind.DEPARTMENT]
