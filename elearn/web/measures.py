"""The measure as the measurements say, for the pages that show it over time."""

from typing import cast

from flask import current_app

from elearn.reports import charts
from elearn.reports.charts import Point, Trend
from elearn.reports.coverage import Coverage
from elearn.reports.measurements import Measured, RememberedMeasures

MEASURE = "Andelen förvaltningar och enheter som har säkerställt kunskapen"


def remembered() -> RememberedMeasures:
    """This worker's memory of what the measurements say."""
    memory = current_app.extensions.setdefault("elearn-measures", RememberedMeasures())
    return cast(RememberedMeasures, memory)


def measure_trend(every: list[Measured], live: Coverage | None) -> Trend:
    """The measure over time, by today's threshold all the way; ``live``: today's, if it is told."""
    points = [
        Point(one.head.on, one.at.both.secured, one.at.both.with_target, one.head.name)
        for one in every
        if one.at.both.with_target
    ]
    if live is None or not live.measure.both.with_target:
        return charts.trend(MEASURE, points)
    now = live.measure.both
    return charts.trend(MEASURE, points, Point(live.on, now.secured, now.with_target))
