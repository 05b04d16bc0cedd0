"""Measurements: the list with its trend, one of them, two compared, and freezing a new one (R38, R40)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from elearn import clock
from elearn.errors import Conflict, ElearnError, Invalid, NotFound
from elearn.people import protection, queries
from elearn.people.access import Permission
from elearn.people.models import UnitKind
from elearn.reports import comparison, measurement_actions, measurements, tree
from elearn.reports.comparison import Comparison
from elearn.reports.coverage import Coverage
from elearn.reports.measurement import Measurement
from elearn.reports.measurements import Measured
from elearn.reports.tree import Branch
from elearn.training import curriculum
from elearn.web.measures import measure_trend, remembered
from elearn.web.pages.report import report_of
from elearn.web.request import access, catalog, deed, may, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("measurements", __name__)

LIVE = "i-dag"  # in an address: today's figure, which is not frozen


@dataclass(frozen=True, slots=True)
class Draft:
    """A measurement that somebody is about to freeze. ``near``: one that is so close in time that both are
    not published."""

    on: dt.date
    name: str
    coverage: Coverage
    near: Measured | None
    seen_count: int


@blueprint.get("/matningar")
@requires(Permission.SEE_MEASUREMENTS)
def overview() -> str:
    return render_template("measure/list.html", **list_page())


@blueprint.get("/matningar/frys")
@requires(Permission.FREEZE_MEASUREMENTS)
def check_freeze() -> str | tuple[str, int]:
    """What would be frozen, today's figures if no day is asked for: nothing is, until it is sent."""
    name = request.args.get("namn", "")
    try:
        draft = read_draft(request.args.get("datum", today().isoformat()), name)
    except ElearnError as refusal:
        return refused(refusal, name)
    return render_template("measure/freeze.html", draft=draft)


@blueprint.post("/matningar")
@requires(Permission.FREEZE_MEASUREMENTS)
def freeze() -> Response | tuple[str, int]:
    try:
        made = freeze_as_sent()
    except Conflict:
        raise
    except ElearnError as refusal:
        return refused(refusal, request.form.get("namn", ""))
    flash(f"Mätning {made.id} är fryst. Den ändras aldrig.")
    return redirect(url_for("measurements.show", id=made.id), 303)


@blueprint.get("/matningar/jamfor")
@requires(Permission.FREEZE_MEASUREMENTS)
def compare() -> str:
    compared = comparison.compare(read_side("fran"), read_side("till"))
    return render_template("measure/compare.html", compared=compared, **comparison_in_words(compared))


@blueprint.get("/matningar/<int(max=2147483647):id>")
@requires(Permission.FREEZE_MEASUREMENTS)
def show(id: int) -> str:
    one = measurements.load(session(), id)
    rows = FrozenRows(one, request.args.get("oppna"))
    by = queries.actors_in_words(session(), [one.frozen_by], sees_protected=True)[one.frozen_by]
    faults = remembered().faults_of(session(), id)
    out = {head.id for head in measurements.given_out(measurements.heads(session()))}
    return render_template(
        "measure/measurement.html", one=one, table=rows, by=by, faults=faults, is_given_out=id in out
    )


def list_page(faults: list[tuple[str, str]] | None = None, name: str = "") -> dict[str, object]:
    """What the list shows. Only VPC sees today's figure, every measurement and who has frozen it, and may
    open and compare; others see the measure of those that are given out in the public form."""
    is_vpc = may(Permission.FREEZE_MEASUREMENTS)
    threshold = settings().threshold
    live = live_coverage() if is_vpc else None
    every = (
        remembered().all(session(), threshold)
        if is_vpc
        else remembered().public(session(), threshold, settings().small_group)
    )
    checks = {check.id: check.faults for check in remembered().check(session())}
    actors = {one.head.frozen_by for one in every}
    by = queries.actors_in_words(session(), actors, sees_protected=protection.sees_protected(access()))
    return {
        "measured": every[::-1],
        "checks": checks,
        "unreadable": [id for id in checks if is_vpc and id not in {one.head.id for one in every}],
        "by": by if is_vpc else {},
        "trend": measure_trend(every, live),
        "developments": developments(every, live) if live else [],
        "threshold": threshold,
        "faults": faults or [],
        "name": name,
    }


def refused(refusal: ElearnError, name: str) -> tuple[str, int]:
    """The list again, with what is wrong."""
    field = "namn" if str(refusal).startswith("Namnet") else "datum"
    return render_template("measure/list.html", **list_page([(field, str(refusal))], name)), 422


def live_coverage() -> Coverage:
    """Everything, as it stands today."""
    return report_of(today(), None).coverage


def developments(every: list[Measured], live: Coverage) -> list[str]:
    """Whether it increases: since the latest measurement, and since the one nearest to two years before."""
    wanted = comparison.references([(one.head.on, one.head.id) for one in every], live.on)
    earlier = [one for id in wanted for one in every if one.head.id == id]
    return [
        comparison.development(one.at.both, live.measure.both, one.head.on, is_latest=number == 0)
        for number, one in enumerate(earlier)
    ]


def read_draft(date: str, name: str) -> Draft:
    """Raises ``Invalid`` or ``Refused`` with what is wrong."""
    on = read_date(date)
    called = measurement_actions.read_freezable(today(), on, name)
    every = remembered().all(session(), settings().threshold)
    near = [one for one in every if abs((one.head.on - on).days) < measurements.CLOSE_DAYS]
    return Draft(
        on, called, report_of(on, None).coverage, near[0] if near else None, len(measurements.ids(session()))
    )


def freeze_as_sent() -> Measurement:
    """What was checked (``datum``, ``namn``), if nobody has frozen another one since (``antal``)."""
    seen = request.form.get("antal", "")
    required = curriculum.from_catalog(catalog())
    return measurement_actions.freeze_measurement(
        session(),
        deed(),
        required,
        read_date(request.form.get("datum", "")),
        settings().threshold,
        request.form.get("namn", ""),
        seen_count=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
    )


def read_date(text: str) -> dt.date:
    try:
        return clock.read_day(text)
    except ValueError as error:
        raise Invalid(str(error)) from None


def read_side(field: str) -> Coverage:
    """A measurement by its number, or today's figures. Raises ``NotFound`` for anything else, ``Refused``
    for a measurement that is no longer what was frozen."""
    text = request.args.get(field, "")
    if text == LIVE:
        return live_coverage()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound
    return measurements.load_whole(session(), int(text)).coverage


def comparison_in_words(compared: Comparison) -> dict[str, object]:
    """The sentences, and the names of the two columns."""
    since = f" den {clock.in_words(compared.before.on)}"
    return {
        "sentence": comparison.change_in_words(compared, since),
        "thresholds": comparison.thresholds_in_words(compared),
        "points": comparison.points,
        "departments": [pair for pair in compared.pairs if pair.after.kind == UnitKind.DEPARTMENT],
        "units": [pair for pair in compared.pairs if pair.after.kind == UnitKind.UNIT],
    }


class FrozenRows:
    """A measurement's rows, as far as they are opened by a link."""

    def __init__(self, one: Measurement, code: str | None) -> None:
        self._branches = tree.branches(one.coverage.rows, one.coverage.threshold)
        wanted = next((branch for branch in self._branches if branch.row.code == code), None)
        self._opened = {*wanted.above, wanted.row.code} if wanted else set()

    def rows(self) -> Iterator[tuple[Branch, bool]]:
        """Each row that is shown, and whether what is below it is too."""
        for branch in self._branches:
            if self._opened.issuperset(branch.above):
                yield branch, branch.row.code in self._opened
