"""Coverage: the page for VPC, the working group and coordinators (own department); the files for VPC."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from elearn import clock
from elearn.errors import Invalid, NotFound
from elearn.people.access import Permission, reported_units
from elearn.people.models import AccessRole, UnitKind
from elearn.reports import coverage as reports
from elearn.reports import export
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.web.request import access, catalog, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("report", __name__)

KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: departments are closed until they are opened, by an ordinary link."""

    row: UnitCoverage
    is_open: bool
    has_children: bool
    address: str
    units_secured: int
    units_with_target: int


@blueprint.get("/tackning")
@requires(Permission.SEE_COVERAGE)
def coverage() -> str | tuple[str, int]:
    text, faults = request.args.get("datum", ""), []
    try:
        on = read_date(text)
    except Invalid as refusal:
        on, faults = today(), [("datum", str(refusal))]
    page = render_template("report/coverage.html", **page_of(report_on(on), text), faults=faults)
    return (page, 422) if faults else page


@blueprint.get("/tackning/export")
@requires(Permission.EXPORT_COVERAGE)
def export_file() -> Response:
    form = request.args.get("format", "csv")
    if form not in KINDS:
        raise NotFound
    report = report_on(read_date(request.args.get("datum", "")))
    data = export.to_csv(report) if form == "csv" else export.to_json(report)
    answer = Response(data, content_type=KINDS[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="tackning-{report.on.isoformat()}.{form}"'
    return answer


def read_date(text: str) -> dt.date:
    if not text.strip():
        return today()
    try:
        return clock.parse_date(text.strip())
    except ValueError:
        raise Invalid(f"Skriv datumet som {today().isoformat()}.") from None


def report_on(on: dt.date) -> Coverage:
    """What this person may see: everything, or the departments that a coordinator's grants name (S4)."""
    scope = reported_units(access())
    return reports.report(
        session(), catalog().required_courses().items(), on, settings().threshold, today(), scope
    )


def page_of(report: Coverage, date_text: str) -> dict[str, object]:
    smallest = smallest_group()
    tree = Tree(report, request.args, smallest)
    return {
        "coverage": report,
        "lines": list(tree.lines(None)),
        "date_text": date_text,
        "smallest": smallest,
        "at_other_thresholds": [
            (at, report.measure_at(at)) for at in sorted({*reports.SENSITIVITY, report.threshold})
        ],
        "outside": outside(report),
    }


def smallest_group() -> int:
    """The smallest target group whose row this person sees. The working group sees none that somebody could
    recognise persons in; VPC and a department's coordinator see all of theirs."""
    is_masked = AccessRole.WORKING_GROUP in access().roles and AccessRole.VPC not in access().roles
    return settings().small_group if is_masked else 0


def outside(report: Coverage) -> dict[str, int]:
    """Who is not in the target group, and why: the sums over the top of the tree."""
    counts = {
        reason: sum(getattr(row, reason) for row in report.rows if row.depth == 0)
        for reason in export.REASONS
    }
    return counts | {"total": sum(counts.values())}


class Tree:
    """The table's rows, as far as they are opened."""

    def __init__(self, report: Coverage, args: MultiDict[str, str], smallest: int) -> None:
        self.report, self.args, self.smallest = report, args, smallest
        self.parents = {row.code: row.parent for row in report.rows}
        self.opened = self.chain(args.get("oppna"))

    def chain(self, code: str | None) -> list[str]:
        """The opened unit and everything above it."""
        codes = []
        while code is not None and code in self.parents:
            codes.append(code)
            code = self.parents[code]
        return codes

    def lines(self, parent: str | None) -> Iterator[Line]:
        for row in self.report.rows:
            is_child = row.parent == parent if parent is not None else row.depth == 0
            if is_child and not 0 < row.target < self.smallest:
                is_open = row.code in self.opened
                yield self.line(row, is_open)
                if is_open:
                    yield from self.lines(row.code)

    def line(self, row: UnitCoverage, is_open: bool) -> Line:
        below = [unit for unit in self.below(row.code) if unit.kind == UnitKind.UNIT and unit.target]
        secured = sum(bool(unit.has_secured(self.report.threshold)) for unit in below)
        has_children = any(other.parent == row.code for other in self.report.rows)
        return Line(row, is_open, has_children, self.address(row, is_open), secured, len(below))

    def below(self, code: str) -> Iterator[UnitCoverage]:
        for row in self.report.rows:
            if row.parent == code:
                yield row
                yield from self.below(row.code)

    def address(self, row: UnitCoverage, is_open: bool) -> str:
        """The link that opens this row, or closes it: then what is above it stays open. It keeps the date and
        the place on the page."""
        target = row.parent if is_open else row.code
        asked = {"oppna": target, "datum": self.args.get("datum") or None}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"/tackning?{query}#{row.code}"
