"""Which measurement stands for a day, and that whoever reads on every day places nothing that one person has
done closer than thirty days."""

import datetime as dt
from itertools import combinations
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.reports import measurements, published

FIRST = dt.date(2026, 1, 1)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def ones(*days: int) -> list[SimpleNamespace]:
    """Measurements of these days, frozen in this order."""
    return [SimpleNamespace(id=id, on=day(number)) for id, number in enumerate(days, 1)]


@pytest.mark.parametrize(("asked", "shown"), [(-1, 1), (0, 1), (29, 1), (30, 2), (59, 2), (60, 3), (9999, 3)])
def test_a_day_gives_the_latest_one_until_then_else_the_first(asked: int, shown: int) -> None:
    out = ones(0, 30, 60)
    found = published.asked_for(out[::-1], day(asked))
    assert found is not None
    assert found.id == shown


def test_without_any_there_is_none() -> None:
    assert published.asked_for([], FIRST) is None


# (the day on which it is frozen, how many days earlier its figures are of)
FREEZES = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 200)), min_size=1, max_size=12)
ASKED = sorted({*range(-250, 320, 7), 0, 29, 30, 31, 59, 60})


@given(FREEZES)
def test_whoever_reads_every_day_places_no_event_closer_than_thirty_days(
    freezes: list[tuple[int, int]],
) -> None:
    """The reader sees on every day what every asked day gives, and keeps it. What is seen has counted an event
    or has not, by its own day: between the last that has not and the first that has there are 30 days, and
    nothing that has been seen is ever taken back."""
    in_order = sorted(freezes)
    frozen = ones(*(when - back for when, back in in_order))
    seen: dict[int, dt.date] = {}
    for now in sorted({when for when, _back in in_order}):
        there = [one for one, (when, _back) in zip(frozen, in_order, strict=True) if when <= now]
        out = measurements.given_out(there)
        assert seen.keys() <= {one.id for one in out}
        for asked in ASKED:
            found = published.asked_for(out, day(asked))
            assert found is not None
            seen[found.id] = found.on
    assert all(abs((one - other).days) >= 30 for one, other in combinations(seen.values(), 2))
