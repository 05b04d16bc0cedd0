"""A report's part of the municipality in earlier measurements, and what has become of it since (R2, R40)."""

from collections.abc import Iterable
from dataclasses import replace

from elearn import clock
from elearn.errors import NotFound
from elearn.reports import charts, committee_report, comparison, suppression
from elearn.reports.charts import Point, Trend
from elearn.reports.committee_report import CommitteeReport, Scope
from elearn.reports.coverage import Coverage
from elearn.reports.measurement import Measurement
from elearn.reports.measurements import CLOSE_DAYS, given_out


def with_past(report: CommitteeReport, measurements: Iterable[Measurement]) -> CommitteeReport:
    """The report with its own part of these measurements, all that there are, counted with its own threshold.
    One in which the part was not there, or had no target group, is left out; in public also one that is not
    told exactly, is not given out, is too near the report's own day, or was frozen with another threshold:
    what is told at two thresholds can be subtracted."""
    day, is_live = report.coverage.on, report.origin.frozen is None
    told = list(measurements)
    if report.public:
        own = report.coverage.threshold
        far = [one for one in given_out(told) if (day - one.on).days >= CLOSE_DAYS]
        told = [one for one in far if one.coverage.threshold == own]
    earlier = [one for one in told if one.on < day or (is_live and one.on == day)]
    in_order = sorted(earlier, key=lambda one: (one.on, one.id))
    return replace(report, past=tuple(point for one in in_order if (point := _point(report, one))))


def trend(report: CommitteeReport, what: str) -> Trend | None:
    """The part's share over time; None where there is nothing earlier to show it by. ``what``: the subject of
    the sentence. Figures that are neither frozen nor today's are left out."""
    own = report.counted(report.measure)
    if not report.past or own.secured is None or not own.with_target:
        return None
    now = Point(report.coverage.on, own.secured, own.with_target)
    frozen = report.origin.frozen
    if frozen:
        return charts.trend(what, [*report.past, replace(now, name=frozen.name)])
    is_today = report.coverage.on == report.origin.made_on
    return charts.trend(what, report.past, now if is_today else None)


def changes(report: CommitteeReport) -> list[str]:
    """A sentence about what has become of the share since the latest earlier measurement, and one since the
    one that is nearest to two years before (measure.md, "Measurements")."""
    own = report.counted(report.measure)
    if own.share is None:
        return []
    days = [(point.on, place) for place, point in enumerate(report.past)]
    found = comparison.references(days, report.coverage.on)
    now = Point(report.coverage.on, own.least, own.with_target)
    return [_change(report.past[place], now) for place in found if place is not None]


def _change(then: Point, now: Point) -> str:
    since = f"Sedan den {clock.in_words(then.on)} har andelen"
    if then.share == now.share:
        return f"{since} varit oförändrad, {now.shown}."
    return f"{since} {'ökat' if now.share > then.share else 'minskat'} från {then.shown} till {now.shown}."


def _point(report: CommitteeReport, measurement: Measurement) -> Point | None:
    coverage = replace(measurement.coverage, threshold=report.coverage.threshold)
    try:
        part = _same_part(report, coverage)
    except NotFound:
        return None
    measure = part.measure
    if report.public:
        is_whole = report.scope == Scope.WHOLE
        measure = suppression.public_measure(part.coverage, report.public.small_group, is_whole=is_whole)
    told = report.counted(measure)
    if told.secured is None or not told.with_target:
        return None
    return Point(measurement.on, told.secured, told.with_target, measurement.name)


def _same_part(report: CommitteeReport, coverage: Coverage) -> CommitteeReport:
    is_department, is_committee = report.scope == Scope.DEPARTMENT, report.scope == Scope.COMMITTEE
    return committee_report.make(
        coverage,
        report.origin,
        report.coverage.rows[0].code if is_department else None,
        report.name if is_committee else None,
    )
