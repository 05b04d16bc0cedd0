"""Coverage: the page for VPC, the working group and coordinators (own department)."""

import datetime as dt
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, current_app, render_template, request

from elearn.errors import NotFound
from elearn.people.access import Permission, reported_departments
from elearn.people.models import UnitKind
from elearn.reports import narrowing
from elearn.reports.charts import Trend
from elearn.reports.committee_report import committees
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.reports.measurements import Measured
from elearn.reports.remembered import RememberedCoverage, Report
from elearn.reports.table import COLUMNS
from elearn.reports.tree import Branch
from elearn.training import curriculum
from elearn.training.obligations import OUTSIDE
from elearn.web import coverage_query, coverage_table, measures, published
from elearn.web.coverage_query import Asked, Shortcut
from elearn.web.coverage_table import CoverageTable
from elearn.web.measures import measure_trend
from elearn.web.published import Edition, sees_public_form
from elearn.web.request import access, catalog, may, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("report", __name__)


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """``committees``: the nämnder to choose from; ``is_part``: not the whole municipality's figures;
    ``trend``: of the measurements and today's figure, for who may see it, where the page shows today's;
    ``edition``: the measurement that the figures are from, for who sees no others."""

    asked: Asked
    report: Report
    table: CoverageTable
    committees: tuple[str, ...]
    departments: tuple[UnitCoverage, ...]
    outside: dict[str, int]
    is_part: bool
    shortcuts: list[Shortcut]
    trend: Trend | None
    edition: Edition | None


@dataclass(frozen=True, slots=True)
class UnitPage:
    """``above``: the rows that the unit stands below, from the top; ``edition``: as on the coverage page."""

    asked: Asked
    report: Report
    branch: Branch
    above: tuple[UnitCoverage, ...]
    table: CoverageTable
    shortcuts: list[Shortcut]
    edition: Edition | None


@blueprint.get("/tackning")
@requires(Permission.SEE_COVERAGE)
def coverage() -> str | tuple[str, int]:
    asked, faults = coverage_query.read(request.args)
    page = render_template("report/coverage.html", page=coverage_page(asked), faults=faults, columns=COLUMNS)
    return (page, 422) if faults else page


@blueprint.get("/tackning/enhet/<path:code>")
@requires(Permission.SEE_COVERAGE)
def unit(code: str) -> str | tuple[str, int]:
    """One row of the report on a page of its own, with what stands straight below it."""
    asked, faults = coverage_query.read(request.args)
    page = render_template("report/unit.html", page=unit_page(asked, code), faults=faults, columns=COLUMNS)
    return (page, 422) if faults else page


def report_on(on: dt.date) -> Report:
    """What this person may see: everything, or the departments that a coordinator's grants name (S4)."""
    return as_seen(reached(on, published.edition(on)))


def reached(on: dt.date, edition: Edition | None) -> Report:
    """The units that this person's figures are of, before anything is hidden: as they stand on the day, or as
    they were frozen."""
    return edition.report if edition else report_of(on, reported_departments(access()))


def as_seen(report: Report, committee: str = "") -> Report:
    """Of it, one nämnd's departments; in the public form for who sees that."""
    if committee:
        report = Report(narrowing.of_committee(report.coverage, committee))
    if sees_public_form():
        return report.in_public(settings().small_group, is_whole=not committee)
    return report


def report_of(on: dt.date, chosen: tuple[int, ...] | None) -> Report:
    """Of the units with these ids and all below them; None: of everything."""
    required = curriculum.from_catalog(catalog())
    return remembered().report(session(), required, on, settings().threshold, today(), chosen)


def remembered() -> RememberedCoverage:
    """This worker's memory of the last reports."""
    return cast(
        RememberedCoverage,
        current_app.extensions.setdefault("elearn-coverage", RememberedCoverage()),
    )


def coverage_page(asked: Asked) -> CoveragePage:
    edition = published.edition(asked.day)
    whole = reached(asked.on, edition)
    report = as_seen(whole, asked.committee)
    is_part = bool(asked.committee) or reported_departments(access()) is not None
    measured = seen_measurements()
    rows = coverage_table.found if asked.is_list else coverage_table.tree
    return CoveragePage(
        asked=asked,
        report=report,
        table=rows(report, asked),
        committees=committees(whole.coverage),
        departments=tuple(row for row in tops(report.coverage) if row.kind == UnitKind.DEPARTMENT),
        outside=outside(report.coverage),
        is_part=is_part,
        shortcuts=[] if edition else coverage_query.shortcuts(measured[-1].head.on if measured else None),
        trend=measure_trend(measured, report.coverage) if shows_trend(asked, measured, is_part) else None,
        edition=edition,
    )


def seen_measurements() -> list[Measured]:
    """By date; none for who sees the public form or one department, whose figures are not theirs."""
    if sees_public_form() or not may(Permission.FREEZE_MEASUREMENTS):
        return []
    return measures.remembered().all(session(), settings().threshold)


def shows_trend(asked: Asked, measured: list[Measured], is_part: bool) -> bool:
    """Only the municipality's figure of today is compared with what was measured."""
    return bool(measured) and not is_part and asked.on == today()


def unit_page(asked: Asked, code: str) -> UnitPage:
    """Raises ``NotFound`` for what is not in the report that this person may see."""
    edition = published.edition(asked.day)
    report = as_seen(reached(asked.on, edition))
    branch = report.by_code.get(code)
    if branch is None:
        raise NotFound
    return UnitPage(
        asked=asked,
        report=report,
        branch=branch,
        above=tuple(report.by_code[upper].row for upper in branch.above),
        table=coverage_table.below(report, asked, code),
        shortcuts=[] if edition else coverage_query.shortcuts(),
        edition=edition,
    )


def outside(report: Coverage) -> dict[str, int]:
    """Who is not in the target group, and why: the sums over the top of the tree."""
    counts = {reason.value: sum(top.outside[reason.value] for top in tops(report)) for reason in OUTSIDE}
    return counts | {"total": sum(counts.values())}


def tops(report: Coverage) -> list[UnitCoverage]:
    """The rows that stand under no other."""
    return [row for row in report.rows if row.depth == 0]
