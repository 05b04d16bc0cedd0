"""Two measurements beside each other, matched by the units' codes, and whether the measure increases
(measure.md, "Measurements"). Pure."""

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from elearn import clock
from elearn.people.models import LEVEL_WORDS, UnitKind
from elearn.reports.coverage import Coverage, Tally, UnitCoverage, percent
from elearn.reports.table import decimal_comma

COMPARED = frozenset({UnitKind.DEPARTMENT, UnitKind.UNIT})
TWO_YEARS = 24  # months


class Step(StrEnum):
    """What a row did about the threshold, each time the one that held then."""

    STAYED = "stayed"
    REACHED = "reached"
    LOST = "lost"
    NOT_YET = "not-yet"


@dataclass(frozen=True, slots=True)
class Pair:
    """A unit or department that both measurements have. ``had_secured`` and ``has_secured`` are None without
    a target group."""

    before: UnitCoverage
    after: UnitCoverage
    had_secured: bool | None
    has_secured: bool | None

    @property
    def change(self) -> Fraction | None:
        """Of the exact shares: one hundredth is one percentage point. None where one of them is missing."""
        return _difference(self.before.share, self.after.share)

    @property
    def step(self) -> Step | None:
        """None where one of them has no target group."""
        if self.had_secured is None or self.has_secured is None:
            return None
        if self.has_secured:
            return Step.STAYED if self.had_secured else Step.REACHED
        return Step.LOST if self.had_secured else Step.NOT_YET


@dataclass(frozen=True, slots=True)
class Apart:
    """A unit or department that cannot be compared as it stands, or that stands elsewhere now. ``reason`` is
    a Swedish sentence."""

    code: str
    name: str
    kind: UnitKind
    reason: str


@dataclass(frozen=True)
class Comparison:
    """``before`` is the earlier one. ``pairs`` in the later one's order; those that moved stand there too."""

    before: Coverage
    after: Coverage
    pairs: tuple[Pair, ...]
    came: tuple[Apart, ...]
    went: tuple[Apart, ...]
    moved: tuple[Apart, ...]

    @functools.cached_property
    def share_before(self) -> Fraction | None:
        """The measure's share, for departments and units together, with the later one's threshold: two
        thresholds would be compared otherwise."""
        return self.before.measure_at(self.after.threshold).both.share

    @property
    def share_after(self) -> Fraction | None:
        """The measure's share for departments and units together."""
        return self.after.measure.both.share

    @property
    def change(self) -> Fraction | None:
        """How much the measure has changed; None without a target group in one of them."""
        return _difference(self.share_before, self.share_after)


def compare(one: Coverage, other: Coverage) -> Comparison:
    """Of two measurements in any order: the earlier one comes first."""
    before, after = (one, other) if one.on <= other.on else (other, one)
    old = {row.code: row for row in before.rows}
    new = {row.code: row for row in after.rows}
    pairs = [
        Pair(was, row, was.has_secured(before.threshold), row.has_secured(after.threshold))
        for row in after.rows
        if row.kind in COMPARED and (was := old.get(row.code)) and was.kind in COMPARED
    ]
    return Comparison(
        before,
        after,
        tuple(pairs),
        came=tuple(_came(before, after, old)),
        went=tuple(_went(before, after, new)),
        moved=tuple(apart for pair in pairs if (apart := _moved(pair, old, new))),
    )


def _difference(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    return None if before is None or after is None else after - before


def _came(before: Coverage, after: Coverage, old: dict[str, UnitCoverage]) -> Iterator[Apart]:
    """What only the later one has as a unit or department."""
    gone = _by_name(before.rows, {row.code for row in after.rows})
    for row in after.rows:
        was = old.get(row.code)
        if row.kind in COMPARED and (was is None or was.kind not in COMPARED):
            reason = (
                f"Fanns inte den {clock.in_words(before.on)}."
                if was is None
                else f"Var {LEVEL_WORDS[was.kind]} den {clock.in_words(before.on)}."
            )
            if was is None and (namesake := gone.get((row.kind, row.name))):
                reason += f" Då fanns {namesake} med samma namn: det kan vara samma enhet med ny kod."
            yield Apart(row.code, row.name, row.kind, reason)


def _went(before: Coverage, after: Coverage, new: dict[str, UnitCoverage]) -> Iterator[Apart]:
    """What only the earlier one has as a unit or department."""
    for row in before.rows:
        now = new.get(row.code)
        if row.kind in COMPARED and (now is None or now.kind not in COMPARED):
            reason = (
                f"Finns inte längre den {clock.in_words(after.on)}."
                if now is None
                else f"Är {LEVEL_WORDS[now.kind]} den {clock.in_words(after.on)}."
            )
            yield Apart(row.code, row.name, row.kind, reason)


def _by_name(rows: Iterable[UnitCoverage], there: set[str]) -> dict[tuple[UnitKind, str], str]:
    """The codes, by kind and name, of the rows that are no longer there."""
    return {(row.kind, row.name): row.code for row in rows if row.code not in there}


def _moved(pair: Pair, old: dict[str, UnitCoverage], new: dict[str, UnitCoverage]) -> Apart | None:
    """A row under another one than before, or of another kind."""
    before, after = pair.before, pair.after
    if before.parent == after.parent and before.kind == after.kind:
        return None
    was, now = _under(before, old), _under(after, new)
    reason = f"Stod {was}, står nu {now}."
    if before.kind != after.kind:
        reason += f" Var {LEVEL_WORDS[before.kind]}, är nu {LEVEL_WORDS[after.kind]}."
    return Apart(after.code, after.name, after.kind, reason)


def _under(row: UnitCoverage, rows: dict[str, UnitCoverage]) -> str:
    above = rows.get(row.parent) if row.parent else None
    return f"under {above.name}" if above else "överst"


def points(change: Fraction) -> str:
    """A change in percentage points, with its sign and one decimal, rounded half away from zero.

    >>> points(Fraction(133, 1000)), points(Fraction(-1, 8)), points(Fraction(0))
    ('+13,3', '−12,5', '0,0')
    """
    sign = "" if not change else "+" if change > 0 else "−"
    return sign + _shown(change)


def _shown(change: Fraction) -> str:
    size = abs(change)
    exact = Decimal(size.numerator * 100) / Decimal(size.denominator)
    return decimal_comma(exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def change_in_words(comparison: Comparison, since: str = "") -> str:
    """The measure's change as one sentence. ``since``: said of the earlier one, after its share."""
    before, after, change = comparison.share_before, comparison.share_after, comparison.change
    if before is None or after is None or change is None:
        return "Måttet går inte att jämföra: en av mätningarna har ingen målgrupp."
    then = f"{decimal_comma(percent(before))}\u00a0%" if since else decimal_comma(percent(before))
    now = f"{decimal_comma(percent(after))}\u00a0%"
    what = "Andelen förvaltningar och enheter som har säkerställt kunskapen"
    if not change:
        return f"{what} är oförändrad: {now}."
    verb = "ökat" if change > 0 else "minskat"
    size = _shown(change) if _shown(change) != "0,0" else "mindre än 0,1"
    return f"{what} har {verb} med {size}\u00a0procentenheter, från {then}{since} till {now}."


def thresholds_in_words(comparison: Comparison) -> str:
    """What is said when the two were frozen with different thresholds; else empty."""
    before, after = comparison.before, comparison.after
    if before.threshold == after.threshold:
        return ""
    old, new = (f"{decimal_comma(percent(one.threshold))}\u00a0%" for one in (before, after))
    return (
        f"Gränsen var {old} den {clock.in_words(before.on)} och {new} den {clock.in_words(after.on)}. "
        f"Andelarna här är räknade med {new} båda gångerna."
    )


def references(days: Sequence[tuple[dt.date, int]], on: dt.date) -> tuple[int | None, int | None]:
    """With which measurements the one of this day is compared: the latest earlier, and the one nearest to two
    years before. ``days``: the day and the id of every measurement, the later frozen after the earlier. The
    second is None when it is the first."""
    earlier = [one for one in days if one[0] < on]
    if not earlier:
        return None, None
    latest = max(earlier)[1]
    wanted = clock.add_months(on, -TWO_YEARS)
    # As near on both sides: the older one, which shows more than two years.
    nearest = min(earlier, key=lambda one: (abs(one[0] - wanted), one[0], -one[1]))[1]
    return latest, None if nearest == latest else nearest


def development(before: Tally, now: Tally, on: dt.date, *, is_latest: bool) -> str:
    """Whether the measure increases, compared with one earlier measurement: a whole sentence. Exact."""
    which = "den senaste mätningen" if is_latest else "mätningen närmast två år tillbaka"
    since = f"Jämfört med {which}, den {clock.in_words(on)},"
    if before.share is None or now.share is None:
        return f"{since} går måttet inte att jämföra: den ena har ingen målgrupp."
    then, today = decimal_comma(percent(before.share)), f"{decimal_comma(percent(now.share))}\u00a0%"
    if before.share == now.share:
        return f"{since} är andelen oförändrad: {today}."
    verb = "ökar" if now.share > before.share else "minskar"
    return f"{since} {verb} andelen: från {then} till {today}."
