"""The trend's geometry: a true time axis, room for what is written, and a sentence that says what it shows."""

import datetime as dt
import itertools
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.reports import charts
from elearn.reports.charts import Point, Trend, trend

SVG = "{http://www.w3.org/2000/svg}"
WHAT = "Andelen som har säkerställt kunskapen"


def drawing(drawn: Trend) -> ET.Element:
    return ET.fromstring(drawn.svg())  # noqa: S314  our own


def point(on: str, part: int, whole: int = 100) -> Point:
    return Point(dt.date.fromisoformat(on), part, whole)


THREE = [point("2025-01-01", 20), point("2025-07-02", 34), point("2026-12-31", 51)]


def test_the_time_axis_is_true() -> None:
    """182 of 729 days are a quarter of the way, and not a half: 14 + 74 * 182 / 729 = 32.474."""
    xs = [spot.x for spot in trend(WHAT, THREE).spots]
    assert xs == [14.0, pytest.approx(32.4746, abs=0.0001), 88.0]


def test_shares_stand_at_their_height() -> None:
    """100 % at 12, 0 % at 84: 72 between them."""
    drawn = trend(WHAT, [point("2025-01-01", 0), point("2026-01-01", 100), point("2027-01-01", 25)])
    assert [spot.y for spot in drawn.spots] == [84.0, 12.0, 66.0]


def test_points_come_by_day_and_of_one_day_the_last_is_drawn() -> None:
    drawn = trend(WHAT, [point("2026-01-01", 5), point("2025-01-01", 1), point("2026-01-01", 7)])
    assert [spot.point.part for spot in drawn.spots] == [1, 7]


def test_today_s_figure_is_apart() -> None:
    drawn = trend(WHAT, THREE[:2], live=point("2026-12-31", 60))
    assert [spot.point.part for spot in drawn.spots] == [20, 34]
    assert drawn.live is not None
    assert (drawn.live.x, drawn.live.point.part) == (88.0, 60)
    root = drawing(drawn)
    assert len(root.findall(f"{SVG}circle[@class='dot']")) == 2
    assert len(root.findall(f"{SVG}circle[@class='hole']")) == 1
    assert [line.get("stroke-dasharray") for line in root.findall(f"{SVG}line[@class='t live']")] == ["3 5"]
    assert [line.get("stroke-dasharray") for line in root.findall(f"{SVG}line[@class='t']")] == [None]


@pytest.mark.parametrize(
    ("points", "live", "sentence"),
    [
        ([], None, "Det finns ingen mätning än."),
        ([], point("2026-11-23", 64), f"Det finns ingen mätning än. {WHAT} är 64,0\u00a0% i dag."),
        (
            THREE[:1],
            None,
            f"{WHAT} var 20,0\u00a0% den 1\u00a0januari 2025. Nästa mätning visar om den ökar.",
        ),
        (
            THREE,
            None,
            f"{WHAT} har ökat från 20,0\u00a0% den 1\u00a0januari 2025 till 51,0\u00a0% den 31\u00a0december 2026.",
        ),
        (
            THREE,
            point("2027-01-02", 19),
            f"{WHAT} har minskat från 20,0\u00a0% den 1\u00a0januari 2025 till 19,0\u00a0% i dag.",
        ),
        (
            THREE,
            point("2027-01-02", 1, 5),
            f"{WHAT} är 20,0\u00a0% i dag, lika mycket som den 1\u00a0januari 2025.",
        ),
        (
            [point("2025-01-01", 2000, 10_000)],
            point("2027-01-02", 2001, 10_000),
            f"{WHAT} har ökat från 20,0\u00a0% den 1\u00a0januari 2025 till 20,0\u00a0% i dag.",
        ),
    ],
)
def test_the_sentence_says_what_the_chart_shows(
    points: list[Point], live: Point | None, sentence: str
) -> None:
    assert trend(WHAT, points, live).sentence == sentence


def test_one_point_is_no_trend() -> None:
    assert not trend(WHAT, []).is_drawn
    assert not trend(WHAT, THREE[:1]).is_drawn
    assert not trend(WHAT, [], live=THREE[0]).is_drawn
    assert trend(WHAT, THREE[:2]).is_drawn
    assert trend(WHAT, THREE[:1], live=THREE[2]).is_drawn


def ticks(*days: str, live: str = "") -> list[str]:
    drawn = trend(WHAT, [point(day, 5) for day in days], point(live, 5) if live else None)
    return [tick.text for tick in drawn.ticks]


def test_the_axis_tells_the_turns_of_the_years_or_its_ends() -> None:
    assert ticks("2024-06-30", "2026-12-31") == ["2025", "2026"]
    assert ticks("2024-06-30", "2025-12-31", live="2027-06-30") == ["2025", "2026", "i dag"]
    assert ticks("2026-02-01", "2026-12-31") == ["feb. 2026", "dec. 2026"]
    assert ticks("2026-02-01", live="2026-12-31") == ["feb. 2026", "i dag"]
    assert ticks("2025-12-31", "2026-12-31") == ["dec. 2025", "dec. 2026"]
    assert ticks() == []


days = st.dates(dt.date(2020, 1, 1), dt.date(2032, 12, 31))
shares = st.integers(1, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
points = st.lists(st.tuples(days, shares).map(lambda one: Point(one[0], *one[1])), min_size=1, max_size=12)


@given(points, st.booleans())
def test_whatever_is_drawn_stays_inside_and_never_overlaps(many: list[Point], has_live: bool) -> None:
    last = max(point.on for point in many)
    drawn = trend(WHAT, many, Point(last, 1, 2) if has_live else None)
    spots = [*drawn.spots, *([drawn.live] if drawn.live else [])]
    assert all(14 <= spot.x <= 88 and 12 <= spot.y <= 84 for spot in spots)
    assert [spot.x for spot in spots] == sorted(spot.x for spot in spots)
    labelled = [spot.x for spot in spots if spot.has_label]
    assert all(after - before >= 17 for before, after in itertools.pairwise(labelled))
    assert spots[-1].has_label
    places = [tick.x for tick in drawn.ticks]
    assert all(after - before >= 19 for before, after in itertools.pairwise(places))
    check_safe(drawn)


def check_safe(drawn: Trend) -> None:
    """Nothing that a strict content policy stops: presentation attributes alone."""
    root = drawing(drawn)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {"svg", "line", "circle", "text"}
        assert not {"style", "href"} & set(element.attrib)
        assert not any(name.startswith("on") for name in element.attrib)
    assert root.get("aria-hidden") == "true"


def test_the_pdf_may_give_its_own_width_and_colour() -> None:
    svg = trend(WHAT, THREE).svg("640", 200, color="#702d58")
    root = ET.fromstring(svg)  # noqa: S314  our own
    assert (root.get("width"), root.get("height"), root.get("color")) == ("640", "200", "#702d58")
    assert charts.HEIGHT == 240
