"""Rules 2 and 3 of meetings: when all three subjects are gathered, on both sides of each boundary."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.training.meeting_days import completion_days
from tests.training.registers import ALL, CUTTING, HONOUR, VIOLENCE

D = dt.date


@pytest.mark.parametrize(
    ("attended", "days"),
    [
        ([], ()),
        ([(D(2026, 5, 4), ALL)], (D(2026, 5, 4),)),
        ([(D(2026, 5, 4), (VIOLENCE, CUTTING))], ()),
        ([(D(2026, 5, 4), (VIOLENCE, CUTTING)), (D(2026, 5, 11), (HONOUR,))], (D(2026, 5, 11),)),
        # in any order, and by the last of those that are needed
        (
            [(D(2026, 6, 1), (VIOLENCE,)), (D(2026, 5, 4), (HONOUR,)), (D(2026, 5, 9), (CUTTING,))],
            (D(2026, 6, 1),),
        ),
        # all of one day together
        (
            [(D(2026, 5, 4), (VIOLENCE,)), (D(2026, 5, 4), (CUTTING,)), (D(2026, 5, 4), (HONOUR,))],
            (D(2026, 5, 4),),
        ),
        # one subject heard again renews nothing
        ([(D(2026, 5, 4), ALL), (D(2026, 6, 4), (VIOLENCE,))], (D(2026, 5, 4),)),
        # what was used up does not count again, also of a meeting that had more than was needed
        (
            [
                (D(2026, 1, 1), (VIOLENCE, CUTTING)),
                (D(2026, 2, 1), (HONOUR, VIOLENCE)),
                (D(2026, 3, 1), (CUTTING, HONOUR)),
            ],
            (D(2026, 2, 1),),
        ),
        ([(D(2026, 5, 4), ALL), (D(2026, 6, 4), ALL)], (D(2026, 5, 4), D(2026, 6, 4))),
    ],
)
def test_the_days(attended: list[tuple[dt.date, tuple[str, ...]]], days: tuple[dt.date, ...]) -> None:
    assert completion_days(attended) == days


@pytest.mark.parametrize(
    ("first", "last", "counts"),
    [
        (D(2024, 3, 10), D(2026, 3, 10), True),
        (D(2024, 3, 10), D(2026, 3, 11), False),
        (D(2024, 2, 29), D(2026, 2, 28), True),
        (D(2024, 2, 29), D(2026, 3, 1), False),
    ],
)
def test_a_subject_counts_together_with_others_for_24_months(
    first: dt.date, last: dt.date, counts: bool
) -> None:
    assert completion_days([(first, (VIOLENCE, CUTTING)), (last, (HONOUR,))]) == ((last,) if counts else ())


def test_a_subject_heard_again_in_time_is_as_good_as_new() -> None:
    attended = [
        (D(2024, 3, 10), (VIOLENCE,)),
        (D(2025, 3, 10), (VIOLENCE, CUTTING)),
        (D(2026, 9, 1), (HONOUR,)),
    ]
    assert completion_days(attended) == (D(2026, 9, 1),)


@given(
    st.lists(
        st.tuples(st.dates(D(2024, 1, 1), D(2027, 1, 1)), st.frozensets(st.sampled_from(ALL))), max_size=8
    )
)
def test_the_order_in_which_they_are_told_changes_nothing(
    attended: list[tuple[dt.date, frozenset[str]]],
) -> None:
    days = completion_days(attended)
    assert completion_days(reversed(attended)) == days
    assert list(days) == sorted(set(days) & {day for day, _subjects in attended})
