"""How figures, dates and times stand on a page."""

import datetime as dt
from fractions import Fraction

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from elearn.web import filters
from tests.content import folders
from tests.web import town


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, "noll minuter"),
        (1, "en minut"),
        (2, "två minuter"),
        (12, "tolv minuter"),
        (13, "13 minuter"),
        (54, "54 minuter"),
        (55, "en timme"),
        (60, "en timme"),
        (74, "en timme"),
        (76, "en och en halv timme"),
        (90, "en och en halv timme"),
        (104, "en och en halv timme"),
        (106, "två timmar"),
        (120, "två timmar"),
        (150, "2,5 timmar"),
        (780, "13 timmar"),
    ],
)
def test_a_duration_is_told_in_minutes_below_55_and_then_in_half_hours(minutes: int, expected: str) -> None:
    """And stays on one line."""
    assert filters.duration_in_words(minutes) == expected.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "i dag"), (1, "i morgon"), (2, "om två dagar"), (12, "om tolv dagar"), (50, "om 50 dagar")],
)
def test_a_day_ahead_is_told_as_people_say_it(days: int, expected: str) -> None:
    day = town.TODAY + dt.timedelta(days=days)
    assert filters.day_distance(day, town.TODAY).replace("\u00a0", " ") == expected


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
    assert filters.share_in_words(share) == expected.replace(" ", "\u00a0")


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
    assert filters.threshold_in_words(threshold) == expected.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("number", "thousands", "words"),
    [
        (0, "0", "noll"),
        (12, "12", "tolv"),
        (13, "13", "13"),
        (999, "999", "999"),
        (1000, "1 000", "1 000"),
        (1_234_567, "1 234 567", "1 234 567"),
    ],
)
def test_thousands_are_parted_and_small_numbers_are_words(number: int, thousands: str, words: str) -> None:
    assert filters.thousands(number) == thousands.replace(" ", "\u00a0")
    assert filters.number_in_words(number) == words.replace(" ", "\u00a0")


@given(st.integers(0, 10**9), st.fractions(0, 1))
def test_no_figure_is_broken_over_two_lines(number: int, share: Fraction) -> None:
    words = (filters.thousands(number), filters.duration_in_words(number), filters.share_in_words(share))
    for text in words:
        assert " " not in text or text == "en timme" or text == "en och en halv timme"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ 90|duration }}", "en\u00a0och\u00a0en\u00a0halv\u00a0timme"),
        ("{{ 3|words }}", "tre"),
        ("{{ 1|persons }}, {{ 2|persons }}, {{ 13|persons }}", "en person, två personer, 13 personer"),
        ("{{ 1846|thousands }}", "1\u00a0846"),
        ("{{ settings.threshold|threshold }}", "90\u00a0%"),
        ("{{ none|share }}", "–"),
        ("{{ today|date }}", "23\u00a0november 2026"),
    ],
)
def test_every_template_may_use_them(sqlite_app: Flask, template: str, expected: str) -> None:
    with sqlite_app.test_request_context("/"):
        assert render_template_string(template) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(39, "54\u00a0minuter"), (40, "en\u00a0timme")])
def test_the_course_page_adds_the_lessons_up(sqlite_app: Flask, minutes: int, expected: str) -> None:
    """The final test takes 15 minutes."""
    lesson = folders.LESSON.replace("tid: 10 min", f"tid: {minutes} min")
    extension = sqlite_app.extensions["elearn"]
    folders.write(extension.settings.courses_dir, **{"gemensamt/grunder.md": lesson})
    extension.shelf.renew()
    people = town.build(extension.engine).people
    assert expected in town.login(sqlite_app, people["employee"]).get("/kurs/forskola").text
