"""What stands in the coverage page's address, and what the links of the page say."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from elearn.people.models import UnitKind
from elearn.reports.narrowing import Wanted
from elearn.web import coverage_query
from elearn.web.coverage_query import Asked
from tests.content import folders
from tests.web import town

TEXT = st.text(st.characters(categories=("L", "N", "P", "S")), max_size=20)


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """Its today is 23 November 2026."""
    app = town.application(sqlite_url, folders.write(tmp_path / "courses"))
    yield app
    app.extensions["elearn"].engine.dispose()


def test_an_address_without_anything_asks_for_the_tree_of_today(app: Flask) -> None:
    with app.app_context():
        asked, faults = coverage_query.read({})
        assert (asked, faults) == (Asked(), [])
        assert asked.on == dt.date(2026, 11, 23)
        assert not asked.is_list
        assert asked.address() == "/tackning"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"datum": " 2026-11-01 "}, Asked(date="2026-11-01")),
        ({"sok": "  förskolan \n ängen "}, Asked(text="förskolan ängen")),
        ({"sok": "x" * 101}, Asked(text="x" * 100)),
        ({"niva": "enhet"}, Asked(level="enhet")),
        ({"niva": "unit"}, Asked()),
        ({"under": "1", "visa": "alla", "oppna": "U"}, Asked(is_below=True, is_whole=True, opened="U")),
        ({"under": "ja", "visa": "1"}, Asked()),
        ({"namnd": " Socialnämnden "}, Asked(committee="Socialnämnden")),
    ],
)
def test_what_the_address_asks_for(app: Flask, fields: dict[str, str], expected: Asked) -> None:
    with app.app_context():
        assert coverage_query.read(fields) == (expected, [])


@pytest.mark.parametrize("date", ["i går", "20261101", "2026-02-30", "99999-01-01", "\0"])
def test_a_date_that_cannot_be_read_is_told_and_today_is_shown(app: Flask, date: str) -> None:
    with app.app_context():
        asked, faults = coverage_query.read({"datum": date, "sok": "ä"})
        assert faults == [("datum", "Skriv datumet som 2026-11-23.")]
        assert asked == Asked(text="ä")


@given(TEXT, TEXT, st.sampled_from(["", *coverage_query.LEVELS]), st.booleans(), st.booleans(), TEXT)
def test_a_link_says_all_that_was_asked_for(
    committee: str, text: str, level: str, is_below: bool, is_whole: bool, opened: str
) -> None:
    asked = Asked("2026-11-01", committee, text, level, is_below, opened, is_whole)
    parts = urlsplit(asked.address())
    assert parts.path == "/tackning"
    assert coverage_query.read(dict(parse_qsl(parts.query)))[0] == asked
    way_back = coverage_query.read(dict(parse_qsl(urlsplit(asked.unit_address("A/b")).query)))[0]
    assert way_back == Asked("2026-11-01", committee, text, level, is_below)


def test_rows_are_looked_for_by_text_level_or_threshold_and_not_by_date_or_committee() -> None:
    assert not Asked("2026-11-01", "Socialnämnden", opened="U").is_list
    assert all(asked.is_list for asked in (Asked(text="a"), Asked(level="omrade"), Asked(is_below=True)))
    assert Asked(text="a", level="omrade", is_below=True).wanted == Wanted("a", UnitKind.DIVISION, True)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (dt.date(2026, 11, 23), [("I dag", False), ("31 december 2025", False), ("31 december 2026", True)]),
        (dt.date(2026, 12, 31), [("I dag", False), ("31 december 2025", False)]),
        (dt.date(2027, 1, 1), [("I dag", False), ("31 december 2026", False), ("31 december 2027", True)]),
    ],
)
def test_the_days_of_the_shortcuts(
    sqlite_url: str, tmp_path: Path, today: dt.date, expected: list[tuple[str, bool]]
) -> None:
    app = town.application(sqlite_url, folders.write(tmp_path / "courses"), today=today)
    with app.app_context():
        found = [
            (one.name.replace("\N{NO-BREAK SPACE}", " "), one.is_forecast)
            for one in coverage_query.shortcuts()
        ]
    assert found == expected
    app.extensions["elearn"].engine.dispose()
