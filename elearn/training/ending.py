"""Whose course ends when: the names behind the figures of what is needed, for the unit's own manager (R33).
Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence

from elearn.training.team import Member


def ending(members: Iterable[Member], days: Sequence[dt.date]) -> tuple[tuple[Member, ...], ...]:
    """Of those who are trained: for each of the rising days who is so no longer by then, if the course is not
    taken again, and was not told for an earlier day. The one whose course ends first comes first."""
    trained = [(member.status_day, member) for member in members if member.is_trained and member.status_day]
    trained.sort(key=lambda one: one[0])
    periods: list[tuple[Member, ...]] = []
    begins_on = dt.date.min
    for day in days:
        periods.append(tuple(member for last_day, member in trained if begins_on <= last_day < day))
        begins_on = day
    return tuple(periods)
