"""The report to a nämnd or on a department, as a file to hand out (R37, R38, R41): who may fetch which form
of what, and the page where one chooses. Each file stands in the journal, as other exports do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import secure_filename

from elearn.database import LARGEST_ID
from elearn.errors import Forbidden, Invalid, NotFound
from elearn.people.access import Permission, reported_departments
from elearn.people.models import AccessRole, UnitKind
from elearn.reports import (
    committee_report,
    export_pdf,
    goals,
    measurements,
    report_goals,
    report_trend,
    report_workbook,
)
from elearn.reports.committee_report import CommitteeReport, Origin
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.reports.export import Form
from elearn.reports.fetches import Fetch
from elearn.web import published
from elearn.web.fetching import part_of, remember_fetch
from elearn.web.pages.report import report_of
from elearn.web.request import access, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("committee_report", __name__)

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {"pdf": ("pdf", PDF), "blad": ("pdf", PDF), "xlsx": ("xlsx", XLSX)}  # name -> ending, content type


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. ``committee``: a nämnd's name; ``department``: a code; not both."""

    committee: str
    department: str
    measurement: int | None
    form: Form
    file_format: str


@blueprint.get("/tackning/rapport")
@requires(Permission.SEE_COVERAGE)
def report() -> Response | str | tuple[str, int]:
    """With ``format`` the file, else the page where one chooses."""
    if "format" not in request.args:
        return report_page()
    try:
        return file_of(read_asked())
    except Invalid as refusal:
        return report_page(str(refusal)), 422


def forms() -> list[Form]:
    """VPC has the real figures; others get the form that may be passed on (R31)."""
    return [Form.FULL, Form.PUBLIC] if AccessRole.VPC in access().roles else [Form.PUBLIC]


def read_asked() -> Asked:
    """Raises ``NotFound`` for what is no form, format or number, ``Forbidden`` for a form that is not this
    person's, and ``Invalid`` for a choice that has to be made."""
    asked, allowed = request.args, forms()
    try:
        form = Form(asked.get("form") or allowed[0])
        measurement = int(asked["matning"]) if asked.get("matning") else None
    except ValueError:
        raise NotFound from None
    if measurement is not None and not 0 < measurement <= LARGEST_ID:
        raise NotFound
    if asked["format"] not in FORMATS:
        raise NotFound
    if form not in allowed:
        raise Forbidden("Du kan hämta rapporten i offentlig form.")
    committee, department = asked.get("namnd", "").strip(), asked.get("forvaltning", "").strip()
    if committee and department:
        raise Invalid("Välj en nämnd eller en förvaltning, inte båda.")
    edition = published.edition() if measurement is None else None
    measurement = edition.head.id if edition else measurement
    return Asked(committee, department, measurement, form, asked["format"])


def file_of(asked: Asked) -> Response:
    reports = reports_of(asked)
    ending, content_type = FORMATS[asked.file_format]
    if asked.file_format == "blad":
        data = export_pdf.draw_sheets(reports)
    else:
        data = export_pdf.draw(reports[0]) if ending == "pdf" else report_workbook.to_xlsx(reports[0])
    on = reports[0].coverage.on
    remember(asked, on)
    answer = Response(data, content_type=content_type)
    parts = ["rapport", asked.committee, asked.department, "offentlig" if asked.form == Form.PUBLIC else ""]
    name = secure_filename("-".join([*filter(None, parts), on.isoformat()]))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


def reports_of(asked: Asked) -> list[CommitteeReport]:
    """The report that is asked for; for sheets one on each of its departments. With trend and goals."""
    origin = Origin(settings().municipality, made_by(), today())
    if asked.measurement is None:
        coverage = live()
    else:
        if asked.form == Form.PUBLIC:
            measurements.refuse_close(session(), asked.measurement)
        found = measurements.load_whole(session(), asked.measurement)
        coverage, origin = found.coverage, committee_report.from_measurement(origin, found)
    chosen = make(coverage, origin, asked)
    made = list(committee_report.each_department(chosen)) if asked.file_format == "blad" else [chosen]
    if not made:
        raise Invalid("Det finns ingen förvaltning att göra en sida om.")
    if asked.form == Form.PUBLIC:
        made = [committee_report.in_public(one, settings().small_group) for one in made]
    past = list(measurements.whole_ones(session()))
    standings = goals.standings(session(), coverage)
    return [report_goals.with_goals(report_trend.with_past(one, past), standings) for one in made]


def live() -> Coverage:
    """Today's figures of what this person may see (S4)."""
    return report_of(today(), reported_departments(access())).coverage


def make(coverage: Coverage, origin: Origin, asked: Asked) -> CommitteeReport:
    """Raises ``NotFound`` for a part that is none or that this person may not see; a coordinator's report is
    on a department, the only one if none is chosen."""
    reach = reported_departments(access())
    if reach is None:
        return committee_report.make(coverage, origin, asked.department or None, asked.committee or None)
    own = [row.code for row in departments(coverage) if row.unit_id in reach]
    if asked.committee or (asked.department and asked.department not in own):
        raise NotFound
    if not asked.department and len(own) != 1:
        raise Invalid("Välj en förvaltning.")
    return committee_report.of_department(coverage, asked.department or own[0], origin)


def departments(coverage: Coverage) -> Sequence[UnitCoverage]:
    return [row for row in coverage.rows if row.kind == UnitKind.DEPARTMENT]


def made_by() -> str:
    """Who made the report, as a function."""
    roles = access().roles
    if AccessRole.VPC in roles:
        return "Våldspreventivt center (VPC)"
    return "arbetsgruppen" if AccessRole.WORKING_GROUP in roles else "förvaltningens samordnare"


def remember(asked: Asked, on: dt.date) -> None:
    """In the journal: who fetches what."""
    name = f"report-of-measurement-{asked.measurement}" if asked.measurement else "report"
    told = Fetch(
        name, on, asked.form, asked.file_format, part_of(asked.department, on), asked.committee or None
    )
    remember_fetch(told)


def report_page(fault: str = "") -> str:
    reach, edition = reported_departments(access()), published.edition()
    coverage = edition.report.coverage if edition else live()
    return render_template(
        "report/committee_report.html",
        committees=committee_report.committees(coverage) if reach is None else (),
        departments=departments(coverage),
        is_whole=reach is None,
        measurements=edition.every if edition else measurements.heads(session()),
        has_live=edition is None,
        forms=forms(),
        chosen=request.args,
        faults=[("forvaltning", fault)] if fault else [],
    )
