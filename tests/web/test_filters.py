"""How figures, dates and times stand on a page."""

import datetime as dt

import pytest
from flask import Flask, render_template_string

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


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (dt.datetime(2026, 12, 1, 1, 30, tzinfo=dt.UTC), "den 1\u00a0december 2026 kl.\u00a002.30"),
        (dt.datetime(2026, 6, 30, 22, 5, tzinfo=dt.UTC), "den 1\u00a0juli 2026 kl.\u00a000.05"),
    ],
)
def test_a_moment_is_told_in_stockholms_time(moment: dt.datetime, expected: str) -> None:
    assert filters.moment_in_words(moment) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-1, "för mindre än en timme sedan"),
        (59, "för mindre än en timme sedan"),
        (60, "för en timme sedan"),
        (119, "för en timme sedan"),
        (120, "för 2 timmar sedan"),
        (48 * 60 - 1, "för 47 timmar sedan"),
        (48 * 60, "för 2 dagar sedan"),
    ],
)
def test_an_age_is_told_in_whole_hours_and_then_in_days(minutes: int, expected: str) -> None:
    assert filters.age_in_words(dt.timedelta(minutes=minutes)) == expected
