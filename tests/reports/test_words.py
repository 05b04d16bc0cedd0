"""How shares and numbers are written: with a comma, rounded half up, and never broken over two lines."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.reports import words


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (None, "–"),
        (Fraction(0), "0,0 %"),
        (Fraction(7, 8), "87,5 %"),
        (Fraction(8996, 10000), "90,0 %"),
        (Fraction(8994, 10000), "89,9 %"),
        (Fraction(1, 2000), "0,1 %"),
        (Fraction(1), "100,0 %"),
    ],
)
def test_a_share_has_one_decimal_rounded_half_up_and_none_without_a_target_group(
    share: Fraction | None, expected: str
) -> None:
    """measure.md, rules 7 and 11."""
    assert words.share_in_words(share) == expected.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (Fraction(9, 10), "90 %"),
        (Fraction(2, 3), "66,67 %"),
        (Fraction(667, 1000), "66,7 %"),
        (Fraction(1), "100 %"),
    ],
)
def test_a_threshold_has_no_needless_decimals(threshold: Fraction, expected: str) -> None:
    assert words.threshold_in_words(threshold) == expected.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("number", "thousands", "in_words"),
    [
        (0, "0", "noll"),
        (12, "12", "tolv"),
        (13, "13", "13"),
        (999, "999", "999"),
        (1000, "1 000", "1 000"),
        (1_234_567, "1 234 567", "1 234 567"),
    ],
)
def test_thousands_are_parted_and_small_numbers_are_words(number: int, thousands: str, in_words: str) -> None:
    assert words.thousands(number) == thousands.replace(" ", "\u00a0")
    assert words.number_in_words(number) == in_words.replace(" ", "\u00a0")


@given(st.integers(0, 10**9), st.fractions(0, 1))
def test_no_figure_is_broken_over_two_lines(number: int, share: Fraction) -> None:
    for text in (words.thousands(number), words.number_in_words(number), words.share_in_words(share)):
        assert " " not in text


def test_hours_have_a_comma_and_a_space_that_does_not_break() -> None:
    assert words.decimal_in_words(Decimal("1075.5")) == "1\u00a0075,5"
    assert words.decimal_in_words(Decimal("12.0")) == "12,0"
