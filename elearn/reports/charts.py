"""A trend as geometry: measurements on a true time axis, today's figure apart (measure.md,
"Measurements"). Pure.

Everything is placed in per cent of the drawing's own width and height, so that its text keeps its size on a
narrow screen. Only presentation attributes: the page's style sheet may colour the classes, the PDF has none.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from elearn import clock
from elearn.reports.coverage import percent
from elearn.reports.table import decimal_comma

LEFT, RIGHT = 14.0, 88.0  # where the first and the last day stand
TOP, BOTTOM = 12.0, 84.0  # where 100 % and 0 % stand
LABEL_GAP = 17.0  # a share that is written out needs this much of the width
TICK_GAP = 19.0
NEAR_TOP = 24.0  # a dot higher than this has its share below it
HEIGHT = 240
MONTHS = (
    "jan.", "feb.", "mars", "april", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """A share on a day: ``part`` of ``whole``. ``name``: what it is called in the table."""

    on: dt.date
    part: int
    whole: int
    name: str = ""

    @property
    def share(self) -> Fraction:
        """Exact."""
        return Fraction(self.part, self.whole)

    @property
    def shown(self) -> str:
        """The share as it is written: 64,3 %."""
        return f"{decimal_comma(percent(self.share))}\u00a0%"


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in its place. ``has_label``: there is room to write its share beside it."""

    point: Point
    x: float
    y: float
    has_label: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the time axis."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Trend:
    """``sentence``: what the chart shows. ``spots`` by day, frozen; ``live``: today's, drawn apart."""

    sentence: str
    spots: tuple[Spot, ...]
    live: Spot | None
    ticks: tuple[Tick, ...]

    @property
    def is_drawn(self) -> bool:
        """One point is no trend."""
        return len(self.spots) + (self.live is not None) > 1

    def svg(self, width: str = "100%", height: int = HEIGHT, color: str = "") -> str:
        """The drawing as text. Hidden from screen readers, who have the sentence and the table."""
        own = f" color={quoteattr(color)}" if color else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" width={quoteattr(width)} height="{height}"'
            f'{own} font-size="13" fill="none" stroke="none" aria-hidden="true" focusable="false">'
            f"{''.join(_drawn(self))}</svg>"
        )


def trend(what: str, points: Iterable[Point], live: Point | None = None) -> Trend:
    """``what``: the subject of the sentence, "Andelen förvaltningar och enheter som har säkerställt
    kunskapen". Of several points on one day the last one is drawn. ``live`` is never before the points."""
    by_day = {point.on: point for point in sorted(points, key=lambda point: point.on)}
    frozen = list(by_day.values())
    every = [*frozen, live] if live else frozen
    days = [point.on for point in every]
    places = {point: (_x(point.on, days), y_of(point.share)) for point in every}
    labelled = _with_room([places[point][0] for point in every])
    spots = [Spot(point, *places[point], index in labelled) for index, point in enumerate(every)]
    return Trend(
        sentence=in_words(what, frozen, live),
        spots=tuple(spots[: len(frozen)]),
        live=spots[-1] if live else None,
        ticks=_ticks(days, live),
    )


def in_words(what: str, points: Sequence[Point], live: Point | None) -> str:
    """What the first and the last point say. Exact: a share that rounds alike may still have increased."""
    if not points:
        return "Det finns ingen mätning än." + (f" {what} är {live.shown} i dag." if live else "")
    first, last = points[0], live or points[-1]
    day = "i dag" if live else f"den {clock.in_words(last.on)}"
    since = f"den {clock.in_words(first.on)}"
    if first is last:
        return f"{what} var {first.shown} {since}. Nästa mätning visar om den ökar."
    if first.share == last.share:
        return f"{what} är {last.shown} {day}, lika mycket som {since}."
    verb = "ökat" if last.share > first.share else "minskat"
    return f"{what} har {verb} från {first.shown} {since} till {last.shown} {day}."


def y_of(share: Fraction) -> float:
    """The height of a share, in per cent from the top."""
    return BOTTOM - (BOTTOM - TOP) * float(share)


def _x(on: dt.date, days: Sequence[dt.date]) -> float:
    """The true place of a day between the first and the last; one day alone stands in the middle."""
    first, last = min(days), max(days)
    if first == last:
        return (LEFT + RIGHT) / 2
    return LEFT + (RIGHT - LEFT) * (on - first).days / (last - first).days


def _with_room(places: Sequence[float]) -> set[int]:
    """Which points have room for their share: the last one, the first one, and from the right those that are
    far enough from them."""
    order = [len(places) - 1, 0, *range(len(places) - 2, 0, -1)] if places else []
    taken: set[int] = set()
    for index in order:
        if all(abs(places[index] - places[other]) >= LABEL_GAP for other in taken):
            taken.add(index)
    return taken


def _ticks(days: Sequence[dt.date], live: Point | None) -> tuple[Tick, ...]:
    """Today, and the turns of the years; where fewer than two of those have room, the first and the last
    day."""
    if not days:
        return ()
    first, last = min(days), max(days)
    fixed = [Tick(_x(live.on, days), "i dag")] if live else []
    turns = [dt.date(year, 1, 1) for year in range(last.year, first.year, -1)]
    years = _kept([Tick(_x(day, days), str(day.year)) for day in turns], fixed)
    if len(years) < 2:
        ends = [Tick(_x(day, days), f"{MONTHS[day.month - 1]} {day.year}") for day in (last, first)]
        years = _kept(ends, fixed)
    return tuple(sorted([*fixed, *years], key=lambda tick: tick.x))


def _kept(ticks: Iterable[Tick], fixed: Sequence[Tick]) -> list[Tick]:
    """Those that stand far enough from ``fixed`` and from each other, the first of them first."""
    kept: list[Tick] = []
    for tick in ticks:
        if all(abs(tick.x - other.x) >= TICK_GAP for other in (*fixed, *kept)):
            kept.append(tick)
    return kept


def _drawn(trend: Trend) -> Iterable[str]:
    for share in (Fraction(1), Fraction(1, 2), Fraction(0)):
        yield _line("grid", (0, y_of(share)), (100, y_of(share)), 'stroke-opacity=".25"')
        yield _text(0, y_of(share), f"{int(100 * share)}\u00a0%", "start", dy=-5)
    for tick in trend.ticks:
        yield _line("grid", (tick.x, BOTTOM), (tick.x, BOTTOM + 2), 'stroke-opacity=".6"')
        yield _text(tick.x, BOTTOM, tick.text, "middle", dy=22)
    for before, after in itertools.pairwise(trend.spots):
        yield _line("t", (before.x, before.y), (after.x, after.y), 'stroke-width="2.5"')
    if trend.live and trend.spots:
        last = trend.spots[-1]
        dashes = 'stroke-width="2.5" stroke-dasharray="3 5"'
        yield _line("t live", (last.x, last.y), (trend.live.x, trend.live.y), dashes)
    for spot in trend.spots:
        yield f'<circle class="dot" cx="{spot.x:.2f}%" cy="{spot.y:.2f}%" r="5" fill="currentColor"/>'
    if trend.live:
        place = f'cx="{trend.live.x:.2f}%" cy="{trend.live.y:.2f}%"'
        yield f'<circle class="hole" {place} r="5.5" fill="#fff" stroke="currentColor" stroke-width="2.5"/>'
    for spot in [*trend.spots, *([trend.live] if trend.live else [])]:
        if spot.has_label:
            below = spot.y < NEAR_TOP
            yield _text(spot.x, spot.y, spot.point.shown, "middle", dy=24 if below else -12, is_strong=True)


def _line(name: str, start: tuple[float, float], end: tuple[float, float], more: str) -> str:
    places = (f'x1="{start[0]:.2f}%" y1="{start[1]:.2f}%"', f'x2="{end[0]:.2f}%" y2="{end[1]:.2f}%"')
    return f'<line class="{name}" {" ".join(places)} stroke="currentColor" {more}/>'


def _text(x: float, y: float, text: str, anchor: str, dy: int, *, is_strong: bool = False) -> str:
    weight = ' font-weight="600"' if is_strong else ""
    place = f'x="{x:.2f}%" y="{y:.2f}%" dy="{dy}"'
    return f'<text {place} text-anchor="{anchor}"{weight} fill="currentColor">{escape(text)}</text>'
