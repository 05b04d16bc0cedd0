"""A manager's units as a list: by division, those that need help first, and not more than can be taken in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from elearn import swedish
from elearn.training.team import TeamUnit

MOST_ROWS = 25
NO_HEADING = "Övriga enheter"


@dataclass(frozen=True, slots=True)
class Division:
    """The units under one heading. ``reached_count`` of ``target_count`` (units that have a target group)
    have reached the threshold: all under the heading, also those that are not shown."""

    name: str
    units: tuple[TeamUnit, ...]
    reached_count: int
    target_count: int


@dataclass(frozen=True, slots=True)
class UnitList:
    """``asked_count``: as many units as the choice lets through."""

    divisions: tuple[Division, ...]
    asked_count: int
    reached_count: int
    target_count: int

    @property
    def shown_count(self) -> int:
        """As many units as stand here."""
        return sum(len(division.units) for division in self.divisions)


def has_reached(unit: TeamUnit, threshold: Fraction) -> bool | None:
    """Compared exactly (rule 8). None without a target group."""
    return None if unit.share is None else unit.share >= threshold


def unit_list(
    units: Sequence[TeamUnit], threshold: Fraction, *, only_below: bool, is_whole: bool
) -> UnitList:
    """The units that need help first: the lowest share of trained first, of equal shares the one with most
    overdue, then by name; those without a target group last. They are gathered under their divisions, and
    the division whose worst unit is worst of all comes first.

    ``only_below``: those that have not reached the threshold; ``is_whole``: all of them, else the first
    ``MOST_ROWS`` rows, headings counted."""
    asked = [unit for unit in units if not only_below or has_reached(unit, threshold) is False]
    asked.sort(key=_worst_first)
    shown = asked if is_whole else _first_rows(asked)
    divisions = tuple(
        Division(
            heading or NO_HEADING,
            tuple(unit for unit in shown if unit.heading == heading),
            *_counts((unit for unit in units if unit.heading == heading), threshold),
        )
        for heading in dict.fromkeys(unit.heading for unit in shown)
    )
    return UnitList(divisions, len(asked), *_counts(units, threshold))


def _worst_first(unit: TeamUnit) -> tuple[bool, Fraction, int, str, str]:
    share = unit.share
    return (
        share is None,
        Fraction(0) if share is None else share,
        -unit.overdue_count,
        swedish.sort_key(unit.name),
        unit.code,
    )


def _first_rows(units: Sequence[TeamUnit]) -> Sequence[TeamUnit]:
    """As many units as there are rows for. One heading alone is not shown."""
    headings: set[str] = set()
    has_headings = len({unit.heading for unit in units}) > 1
    for count, unit in enumerate(units):
        headings.add(unit.heading)
        if count + 1 + (len(headings) if has_headings else 0) > MOST_ROWS:
            return units[:count]
    return units


def _counts(units: Iterable[TeamUnit], threshold: Fraction) -> tuple[int, int]:
    decided = [reached for unit in units if (reached := has_reached(unit, threshold)) is not None]
    return sum(decided), len(decided)
