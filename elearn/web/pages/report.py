"""Coverage: the page for VPC, the working group and coordinators (own department)."""

import datetime as dt
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, current_app, render_template, request

from elearn.errors import NotFound
from elearn.people.access import Permission, reported_departments
from elearn.people.models import AccessRole, UnitKind
from elearn.reports import narrowing
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.reports.remembered import RememberedCoverage, Report
from elearn.reports.suppression import PublicCoverage
from elearn.reports.table import COLUMNS
from elearn.reports.tree import Branch
from elearn.training import curriculum
from elearn.training.obligations import OUTSIDE
from elearn.web import coverage_query, coverage_table
from elearn.web.coverage_query import Asked
from elearn.web.coverage_table import CoverageTable
from elearn.web.request import access, catalog, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("report", __name__)


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """``committees``: the nämnder to choose from; ``is_part``: not the whole municipality's figures;
    ``smallest``: rows of fewer in the target group are hidden, 0: none is."""

    asked: Asked
    coverage: Coverage | PublicCoverage
    table: CoverageTable
    committees: list[str]
    departments: tuple[UnitCoverage, ...]
    outside: dict[str, int]
    is_part: bool
    smallest: int


@dataclass(frozen=True, slots=True)
class UnitPage:
    """``above``: the rows that the unit stands below, from the top."""

    asked: Asked
    coverage: Coverage | PublicCoverage
    branch: Branch
    above: tuple[UnitCoverage, ...]
    table: CoverageTable
    is_hidden: bool
    smallest: int


@blueprint.get("/tackning")
@requires(Permission.SEE_COVERAGE)
def coverage() -> str | tuple[str, int]:
    asked, faults = coverage_query.read(request.args)
    page = render_template("report/coverage.html", page=coverage_page(asked), faults=faults, **shared())
    return (page, 422) if faults else page


@blueprint.get("/tackning/enhet/<path:code>")
@requires(Permission.SEE_COVERAGE)
def unit(code: str) -> str | tuple[str, int]:
    """One row of the report on a page of its own, with what stands straight below it."""
    asked, faults = coverage_query.read(request.args)
    page = render_template("report/unit.html", page=unit_page(asked, code), faults=faults, **shared())
    return (page, 422) if faults else page


def report_on(on: dt.date) -> Report:
    """What this person may see: everything, or the departments that a coordinator's grants name (S4). The
    working group sees the public form alone, from which the figures of hidden rows are gone (R31, R36)."""
    report = report_of(on, reported_departments(access()))
    if not smallest_group():
        return report
    return remembered().public(session(), report, curriculum.from_catalog(catalog()), smallest_group())


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


def shared() -> dict[str, object]:
    """What both pages show beside their figures."""
    return {
        "columns": COLUMNS,
        "shortcuts": coverage_query.shortcuts(),
    }


def coverage_page(asked: Asked) -> CoveragePage:
    whole = report_on(asked.on)
    report = whole.of_committee(asked.committee) if asked.committee else whole
    rows = coverage_table.found if asked.is_list else coverage_table.tree
    return CoveragePage(
        asked=asked,
        coverage=report.told,
        table=rows(report, asked, report.is_hidden),
        committees=narrowing.committees(whole.coverage),
        departments=tuple(row for row in tops(report.coverage) if row.kind == UnitKind.DEPARTMENT),
        outside=outside(report.coverage),
        is_part=bool(asked.committee) or reported_departments(access()) is not None,
        smallest=smallest_group(),
    )


def unit_page(asked: Asked, code: str) -> UnitPage:
    """Raises ``NotFound`` for what is not in the report that this person may see."""
    report = report_on(asked.on)
    branch = report.by_code.get(code)
    if branch is None:
        raise NotFound
    return UnitPage(
        asked=asked,
        coverage=report.told,
        branch=branch,
        above=tuple(report.by_code[upper].row for upper in branch.above),
        table=coverage_table.below(report, asked, report.is_hidden, code),
        is_hidden=report.is_hidden(branch),
        smallest=smallest_group(),
    )


def smallest_group() -> int:
    """The smallest target group of the public form, for whoever sees no other: the working group. VPC and a
    department's coordinator see all rows of theirs: 0."""
    is_masked = AccessRole.WORKING_GROUP in access().roles and AccessRole.VPC not in access().roles
    return settings().small_group if is_masked else 0


def outside(report: Coverage) -> dict[str, int]:
    """Who is not in the target group, and why: the sums over the top of the tree."""
    counts = {reason.value: sum(top.outside[reason.value] for top in tops(report)) for reason in OUTSIDE}
    return counts | {"total": sum(counts.values())}


def tops(report: Coverage) -> list[UnitCoverage]:
    """The rows that stand under no other."""
    return [row for row in report.rows if row.depth == 0]
