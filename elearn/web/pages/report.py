"""Coverage: the page for VPC, the working group and coordinators (own department)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request

from elearn import clock
from elearn.errors import Invalid
from elearn.people.access import Permission, reported_departments
from elearn.people.models import AccessRole, UnitKind
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.reports.remembered import RememberedCoverage, Report
from elearn.reports.tree import Branch
from elearn.training import curriculum
from elearn.training.obligations import OUTSIDE
from elearn.web.request import access, catalog, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("report", __name__)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the table that is shown. An ordinary link expands it: then what is below it is shown too."""

    branch: Branch
    is_expanded: bool
    address: str


@blueprint.get("/tackning")
@requires(Permission.SEE_COVERAGE)
def coverage() -> str | tuple[str, int]:
    text, faults = request.args.get("datum", ""), []
    try:
        on = read_date(text)
    except Invalid as refusal:
        on, faults = today(), [("datum", str(refusal))]
    date = on.isoformat() if text.strip() and not faults else ""
    page = render_template("report/coverage.html", **page_of(report_on(on), date), faults=faults)
    return (page, 422) if faults else page


def read_date(text: str) -> dt.date:
    if not text.strip():
        return today()
    try:
        return clock.parse_date(text.strip())
    except ValueError:
        raise Invalid(f"Skriv datumet som {today().isoformat()}.") from None


def report_on(on: dt.date) -> Report:
    """What this person may see: everything, or the departments that a coordinator's grants name (S4)."""
    return report_of(on, reported_departments(access()))


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


def page_of(report: Report, date: str) -> dict[str, object]:
    """``date``: the day that the rows' links keep, as it stands in the address; "" is today."""
    smallest = smallest_group()
    return {
        "coverage": report.coverage,
        "table": CoverageTable(report, request.args.get("oppna"), date, smallest),
        "smallest": smallest,
        "outside": outside(report.coverage),
        "departments": tuple(row for row in tops(report.coverage) if row.kind == UnitKind.DEPARTMENT),
        "is_part": reported_departments(access()) is not None,
        "open_code": request.args.get("oppna", ""),
    }


def smallest_group() -> int:
    """The smallest target group whose row this person sees. The working group sees none that somebody could
    recognise persons in; VPC and a department's coordinator see all of theirs."""
    is_masked = AccessRole.WORKING_GROUP in access().roles and AccessRole.VPC not in access().roles
    return settings().small_group if is_masked else 0


def outside(report: Coverage) -> dict[str, int]:
    """Who is not in the target group, and why: the sums over the top of the tree."""
    counts = {reason.value: sum(top.outside[reason.value] for top in tops(report)) for reason in OUTSIDE}
    return counts | {"total": sum(counts.values())}


def tops(report: Coverage) -> list[UnitCoverage]:
    """The rows that stand under no other."""
    return [row for row in report.rows if row.depth == 0]


class CoverageTable:
    """The report's rows, as far as they are expanded. ``smallest``: the smallest target group that is
    shown."""

    def __init__(self, report: Report, code: str | None, date: str, smallest: int) -> None:
        self._branches = [one for one in report.branches if not 0 < one.row.target < smallest]
        self._date = date
        wanted = next((one for one in self._branches if one.row.code == code), None)
        self._expanded = {*wanted.above, wanted.row.code} if wanted else set()

    def rows(self) -> Iterator[TableRow]:
        for branch in self._branches:
            if self._expanded.issuperset(branch.above):
                is_expanded = branch.row.code in self._expanded
                yield TableRow(branch, is_expanded, self._address(branch.row, is_expanded))

    def _address(self, row: UnitCoverage, is_expanded: bool) -> str:
        """The link that expands this row, or closes it: then what is above it stays expanded. It keeps the
        date and the place on the page."""
        asked = {"oppna": row.parent if is_expanded else row.code, "datum": self._date}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"/tackning?{query}#{row.code}"
