"""Where a manager's units stand among each other: the heading that each has in the list."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Place(NamedTuple):
    """A unit in the municipality's tree."""

    unit_id: int
    code: str
    name: str
    parent_id: int | None


def headings(places: Sequence[Place]) -> dict[str, str]:
    """By each unit's code the names of what it lies under, as far as that is the manager's own; what all of
    them lie under is left out. A unit with others below it has the same heading as they.

    >>> headings([Place(1, "U", "Skolor", None), Place(2, "UN", "Norr", 1), Place(3, "UN1", "Tallskolan", 2)])
    {'U': 'Skolor', 'UN': 'Norr', 'UN1': 'Norr'}
    """
    by_id = {place.unit_id: place for place in places}
    parents = {place.parent_id for place in places}
    chains = {place.code: _chain(place, by_id, has_others=place.unit_id in parents) for place in places}
    common = _common_length(list(chains.values()))
    return {code: " · ".join(chain[common:] or chain[-1:]) for code, chain in chains.items()}


def _chain(place: Place, by_id: Mapping[int, Place], *, has_others: bool) -> tuple[str, ...]:
    """The names from the top down to what it lies under, itself included when others lie below it."""
    names = [place.name] if has_others else []
    above = by_id.get(place.parent_id or 0)
    while above:
        names.append(above.name)
        above = by_id.get(above.parent_id or 0)
    return tuple(reversed(names))


def _common_length(chains: Sequence[tuple[str, ...]]) -> int:
    """How many names they all begin with."""
    levels = list(zip(*chains, strict=False))
    return next((depth for depth, names in enumerate(levels) if len(set(names)) > 1), len(levels))
