"""The public form of a report: it hides what could point at one person (measure.md, "Small groups: the public
form").

What a reader can do with the figures that are shown is subtract. From a row the nearest shown rows below it
are subtracted; what is left is its **rest**. When every shown row and every rest is either nobody or a group
that may be shown, then so is everything that any subtraction gives, on one level or over several, of all the
rows below or of some: such groups added together are such a group again. So one look at each row is enough.

A person with two jobs stands in two units and once above them. A rest can then be less than nobody: it would
tell how those who have two jobs are doing. It counts as forbidden, and is mended as the others are.
"""

import functools
import heapq
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any, NamedTuple

from elearn.people.models import UnitKind
from elearn.reports.coverage import SENSITIVITY, Coverage, UnitCoverage

SMALLEST_PART = 3  # measure.md's M
FIGURES = {field.name for field in fields(UnitCoverage) if field.type is int} - {"unit_id", "depth"}


def is_forbidden(target: int, trained: int, small_group: int) -> bool:
    """Whether a group points at persons: it is small, almost all or almost none of it are trained, or all or
    none are and it is not large. Nobody is no secret. A count below zero is no group, and forbidden."""
    left = target - trained
    if min(target, trained, left) < 0:
        return True
    is_small = 0 < target < small_group
    is_split = 0 < trained < SMALLEST_PART or 0 < left < SMALLEST_PART
    is_uniform = 0 in (trained, left) and 0 < target < 2 * small_group
    return is_small or is_split or is_uniform


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many of those with a target group have secured the knowledge, as far as it is told: between
    ``least`` and ``most``."""

    least: int
    most: int
    with_target: int

    @property
    def secured(self) -> int | None:
        """None where it is not told exactly."""
        return self.least if self.least == self.most else None

    @property
    def share(self) -> Fraction | None:
        """None without a target group, and where it is not told exactly."""
        return (
            Fraction(self.least, self.with_target) if self.with_target and self.secured is not None else None
        )


@dataclass(frozen=True, slots=True)
class PublicMeasure:
    """The measure as it is told in public (rule 9)."""

    departments: Bounds
    units: Bounds

    @property
    def both(self) -> Bounds:
        """Departments and units together."""
        one, other = self.departments, self.units
        return Bounds(one.least + other.least, one.most + other.most, one.with_target + other.with_target)


@dataclass(frozen=True)
class PublicCoverage:
    """``told``: the report without what is not told, which stands as 0 there and is nowhere else: every
    figure of the rows whose codes are ``hidden``, and in the other rows every figure but target and trained.
    ``sensitivity``: the measure at each threshold, rising."""

    told: Coverage
    hidden: frozenset[str]
    small_group: int
    sensitivity: tuple[tuple[Fraction, PublicMeasure], ...]

    @functools.cached_property
    def measure(self) -> PublicMeasure:
        """At the report's own threshold."""
        return dict(self.sensitivity)[self.told.threshold]


def public(coverage: Coverage, small_group: int, *, is_whole: bool = False) -> PublicCoverage:
    """The public form. The same report always gives the same.

    ``is_whole``: the report is of the whole municipality. Then the measure is told exactly where that tells
    nothing of the hidden rows; of a part it is told in bounds, since parts can be subtracted from the whole.
    """
    hidden = hidden_codes(coverage.rows, small_group)
    rows = tuple(_told(row, is_hidden=row.code in hidden) for row in coverage.rows)
    measures = _measures(coverage, hidden, is_whole=is_whole)
    return PublicCoverage(replace(coverage, rows=rows), hidden, small_group, measures)


def public_measure(coverage: Coverage, small_group: int, *, is_whole: bool = False) -> PublicMeasure:
    """The measure of ``public`` at the report's own threshold, without its rows."""
    hidden = hidden_codes(coverage.rows, small_group)
    return dict(_measures(coverage, hidden, is_whole=is_whole))[coverage.threshold]


def _measures(
    coverage: Coverage, hidden: frozenset[str], *, is_whole: bool
) -> tuple[tuple[Fraction, PublicMeasure], ...]:
    thresholds = sorted({*SENSITIVITY, coverage.threshold})
    first = [coverage.threshold, *thresholds] if is_whole else []
    counted = [row for row in coverage.rows if row.target or row.code in hidden]
    departments, units = (
        _bounds([row for row in counted if row.kind == kind], hidden, thresholds, first)
        for kind in (UnitKind.DEPARTMENT, UnitKind.UNIT)
    )
    return tuple(zip(thresholds, map(PublicMeasure, departments, units), strict=True))


def _told(row: UnitCoverage, *, is_hidden: bool) -> UnitCoverage:
    """Employees, offered, how far those have come who are not trained, and why somebody is outside are never
    told: with them a group can be split once more. A new figure is not told either."""
    untold: dict[str, Any] = dict.fromkeys(FIGURES if is_hidden else FIGURES - {"target", "trained"}, 0)
    return replace(row, **untold)


def _bounds(
    rows: Sequence[UnitCoverage],
    hidden: frozenset[str],
    thresholds: Sequence[Fraction],
    first: Sequence[Fraction],
) -> list[Bounds]:
    """For each threshold. ``first``: those that are told exactly if they may be, the most wanted first."""
    behind = [row for row in rows if row.code in hidden]
    found = {at: _secured((row for row in rows if row.code not in hidden), at) for at in thresholds}
    added = {at: _secured(behind, at) for at in thresholds}
    told: set[Fraction] = set(thresholds if not behind else ())
    for at in first:
        if _tells_nothing(len(behind), [added[one] for one in sorted({*told, at})]):
            told.add(at)
    return [
        Bounds(found[at] + added[at], found[at] + added[at], len(rows))
        if at in told
        else Bounds(found[at], found[at] + len(behind), len(rows))
        for at in thresholds
    ]


def _secured(rows: Iterable[UnitCoverage], threshold: Fraction) -> int:
    return sum(bool(row.has_secured(threshold)) for row in rows)


def _tells_nothing(count: int, secured: Sequence[int]) -> bool:
    """Whether the hidden rows, parted by the thresholds that they have reached, are so many in every part
    that nobody learns it of one. ``secured``: how many have reached each threshold, rising."""
    below, above = count - secured[0], secured[-1]
    between = [lower - higher for lower, higher in itertools.pairwise(secured)]
    return min(below, above) >= SMALLEST_PART and all(one == 0 or one >= SMALLEST_PART for one in between)


class _Group(NamedTuple):
    """Persons, or what is left of them after a subtraction."""

    target: int
    trained: int

    def plus(self, other: "_Group | UnitCoverage", sign: int = 1) -> "_Group":
        """With -1: less the other."""
        return _Group(self.target + sign * other.target, self.trained + sign * other.trained)


def hidden_codes(rows: Sequence[UnitCoverage], small_group: int) -> frozenset[str]:
    """The codes of the rows to hide, by one walk from the leaves upwards: the forbidden ones, and below each
    shown row whose rest is forbidden the smallest shown rows, until it no longer is.

    The row itself never has to go: without shown rows below, its rest is itself, and that may be shown."""
    children = _children(rows)
    hidden: set[int] = set()
    nearest: list[list[int]] = [[] for _ in rows]  # the shown rows straight below, past the hidden ones
    rests = [_Group(row.target, row.trained) for row in rows]
    for number in reversed(range(len(rows))):
        below = [
            one for child in children[number] for one in (nearest[child] if child in hidden else [child])
        ]
        if is_forbidden(*rests[number], small_group):
            hidden.add(number)
            nearest[number] = below
            continue
        for one in below:
            rests[number] = rests[number].plus(rows[one], -1)
        smallest = [(rows[one].target, rows[one].code, one) for one in below]
        heapq.heapify(smallest)
        while is_forbidden(*rests[number], small_group):
            *_, one = heapq.heappop(smallest)
            hidden.add(one)
            rests[number] = rests[number].plus(rests[one])
            for lower in nearest[one]:
                heapq.heappush(smallest, (rows[lower].target, rows[lower].code, lower))
        nearest[number] = [one for *_, one in smallest]
    return frozenset(rows[number].code for number in hidden if rows[number].target)


def _children(rows: Sequence[UnitCoverage]) -> list[list[int]]:
    """The places of the rows straight below each row: the report's depths say what stands below what."""
    children: list[list[int]] = [[] for _ in rows]
    above: list[int] = []
    for number, row in enumerate(rows):
        del above[row.depth :]
        if above:
            children[above[-1]].append(number)
        above.append(number)
    return children
