"""Dates are Stockholm's, moments are UTC's, and a month later is the same day or the month's last."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from elearn import clock

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


@pytest.mark.parametrize(
    ("moment", "date"),
    [
        ("2026-11-23T22:59:59+00:00", "2026-11-23"),
        ("2026-11-23T23:00:00+00:00", "2026-11-24"),  # winter: an hour ahead
        ("2026-07-01T21:59:59+00:00", "2026-07-01"),
        ("2026-07-01T22:00:00+00:00", "2026-07-02"),  # summer: two
        ("2026-03-28T22:59:59+00:00", "2026-03-28"),
        ("2026-03-28T23:00:00+00:00", "2026-03-29"),  # the day on which summer time begins begins in winter
        ("2026-03-29T21:59:59+00:00", "2026-03-29"),
        ("2026-03-29T22:00:00+00:00", "2026-03-30"),  # and ends in summer
        ("2026-10-24T21:59:59+00:00", "2026-10-24"),
        ("2026-10-24T22:00:00+00:00", "2026-10-25"),  # the day on which it ends begins in summer
        ("2026-10-25T22:59:59+00:00", "2026-10-25"),
        ("2026-10-25T23:00:00+00:00", "2026-10-26"),  # and ends in winter
        ("2026-12-31T23:00:00+00:00", "2027-01-01"),
    ],
)
def test_the_day_changes_at_midnight_in_stockholm(
    monkeypatch: pytest.MonkeyPatch, moment: str, date: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: dt.datetime.fromisoformat(moment))
    assert clock.today() == dt.date.fromisoformat(date)


@pytest.mark.parametrize(
    "text",
    ["20261231", "2026-W48-1", "2026-12-31 ", "2026-1-1", "٢٠٢٦-12-31", "1899-12-31", "2026-02-29", ""],
)
def test_a_date_is_written_one_way_and_no_other(text: str) -> None:
    with pytest.raises(ValueError, match=r"Skriv datumet som|Skriv det som|Menar du"):
        clock.parse_date(text)


@given(DAYS)
def test_a_date_written_our_way_is_read(day: dt.date) -> None:
    assert clock.parse_date(day.isoformat()) == day


def test_a_fixed_date_moves_dates_and_not_moments() -> None:
    fixed = dt.date(2020, 1, 1)
    assert clock.today(fixed) == fixed
    assert clock.now().utcoffset() == dt.timedelta(0)
    assert clock.now().date() > fixed


@given(DAYS, st.integers(0, 600))
@example(dt.date(2026, 8, 31), 18)  # to a leap year's February
@example(dt.date(2024, 2, 29), 12)  # from one to a common year's
@example(dt.date(2026, 10, 31), 1)
@example(dt.date(2026, 11, 30), 1)
def test_months_later_is_the_same_day_or_the_months_last(day: dt.date, months: int) -> None:
    """Counted a second time by stepping back from the 31st until the date exists."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    for wanted in range(day.day, 27, -1):
        try:
            expected = dt.date(year, month, wanted)
            break
        except ValueError:
            continue
    else:
        expected = dt.date(year, month, day.day)
    assert clock.add_months(day, months) == expected


def test_dates_are_written_in_swedish() -> None:
    assert clock.in_words(dt.date(2026, 11, 3)) == "3\u00a0november 2026"
    months = [clock.in_words(dt.date(2026, month, 1)).split()[1] for month in range(1, 13)]
    assert (
        " ".join(months)
        == "januari februari mars april maj juni juli augusti september oktober november december"
    )


def test_the_day_of_a_moment_is_stockholm_s() -> None:
    assert clock.day_of(dt.datetime(2026, 12, 31, 22, 59, tzinfo=dt.UTC)) == dt.date(2026, 12, 31)
    assert clock.day_of(dt.datetime(2026, 12, 31, 23, 0, tzinfo=dt.UTC)) == dt.date(2027, 1, 1)


def test_a_moment_is_told_in_stockholm() -> None:
    winter, summer = (dt.datetime(2026, month, 1, 22, 5, tzinfo=dt.UTC) for month in (12, 7))
    assert clock.moment_in_words(winter) == "1\u00a0december 2026 kl.\u00a023.05"
    assert clock.moment_in_words(summer) == "2\u00a0juli 2026 kl.\u00a000.05"


def test_a_day_begins_in_stockholm() -> None:
    assert clock.start_of(dt.date(2026, 12, 1)) == dt.datetime(2026, 11, 30, 23, tzinfo=dt.UTC)
    assert clock.start_of(dt.date(2026, 7, 1)) == dt.datetime(2026, 6, 30, 22, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [
        ("1989-12-31", False),
        ("1990-01-01", True),
        (" 2026-11-23 ", True),
        ("2099-12-31", True),
        ("2100-01-01", False),
        ("0001-01-01", False),
        ("9999-12-31", False),
        ("2999-02-30", False),
        ("", False),
    ],
)
def test_a_day_that_a_page_is_asked_for_is_near_enough_to_count_from(text: str, is_taken: bool) -> None:
    if is_taken:
        assert clock.read_day(text).isoformat() == text.strip()
    else:
        with pytest.raises(ValueError, match=r"Skriv|Menar du|året ska vara 1990 till 2099\."):
            clock.read_day(text)
