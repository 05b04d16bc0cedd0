"""The report as a tree: what stands above each row, and how the units below it have done."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from elearn.people.models import UnitKind
from elearn.reports.coverage import Tally, UnitCoverage


@dataclass(frozen=True, slots=True)
class Branch:
    """A row in its place. ``above``: the codes of the rows above it, from the top. ``units``: of the units
    below it, not itself."""

    row: UnitCoverage
    above: tuple[str, ...]
    has_children: bool
    units: Tally


def branches(rows: Sequence[UnitCoverage], threshold: Fraction) -> list[Branch]:
    """The rows of a report in their order, read once: its depths say what stands below what."""
    places = [_Place(row) for row in rows]
    above: list[_Place] = []
    for place in places:
        del above[place.row.depth :]
        place.above = tuple(upper.row.code for upper in above)
        if above:
            above[-1].has_children = True
        if place.row.kind == UnitKind.UNIT and place.row.target:
            for upper in above:
                upper.with_target += 1
                upper.secured += bool(place.row.has_secured(threshold))
        above.append(place)
    return [
        Branch(place.row, place.above, place.has_children, Tally(place.secured, place.with_target))
        for place in places
    ]


@dataclass(slots=True)
class _Place:
    """A branch in the making."""

    row: UnitCoverage
    above: tuple[str, ...] = ()
    has_children: bool = False
    secured: int = 0
    with_target: int = 0
