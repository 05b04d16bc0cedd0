"""The figures as files: who may fetch which form of what, and the page where one chooses.

A file is a GET, so that an address fetches it. It stands in the journal all the same: in a transaction of its
own, after the figures are read and before anything of the file is sent (docs/decisions.md)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from werkzeug.utils import secure_filename

from elearn.errors import Forbidden, Invalid, NotFound
from elearn.people.access import Permission, reported_departments
from elearn.reports import dictionary, export, fetches, narrowing, selection, suppression
from elearn.reports.coverage import UnitCoverage
from elearn.reports.export import AnyCoverage, FileFormat, Form
from elearn.reports.fetches import Fetch
from elearn.reports.selection import Department
from elearn.swedish import folded
from elearn.web import published
from elearn.web.coverage_query import read_date
from elearn.web.fetching import part_of, remember_fetch
from elearn.web.pages.report import report_of
from elearn.web.published import Edition
from elearn.web.request import access, may, person_id, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("exports", __name__)

CONTENT_TYPES = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.JSON: "application/json; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. ``code``: a department's; ``committee``: a nämnd's name; ``edition``: the
    measurement that is fetched instead of a day."""

    on: dt.date
    form: Form
    file_format: FileFormat
    code: str
    committee: str
    edition: Edition | None


@blueprint.get("/tackning/export")
@requires(Permission.FETCH_FIGURES)
def fetch() -> Response | str | tuple[str, int]:
    """With ``format`` the file, else the page where one chooses."""
    try:
        on = read_date(request.args.get("datum", ""))
    except Invalid as refusal:
        return export_page(today(), str(refusal)), 422
    return file_of(read_asked(on)) if "format" in request.args else export_page(on)


@blueprint.get("/tackning/kolumner")
@requires(Permission.FETCH_FIGURES)
def columns() -> str:
    """The data dictionary (R43)."""
    return render_template("report/columns.html", reports=dictionary.REPORTS)


def forms() -> list[Form]:
    """What this person may fetch: VPC and managers the full form, whoever sees coverage the public one."""
    is_full = may(Permission.EXPORT_COVERAGE) or may(Permission.SEE_OWN_UNITS)
    return [Form.FULL] * is_full + [Form.PUBLIC] * may(Permission.SEE_COVERAGE)


def within(form: Form, on: dt.date) -> tuple[int, ...] | None:
    """Ids of the units that this person's file in this form is of; None: everything (S4)."""
    if form == Form.PUBLIC:
        return reported_departments(access())
    return None if may(Permission.EXPORT_COVERAGE) else selection.managed_ids(session(), person_id(), on)


def read_asked(on: dt.date) -> Asked:
    """Raises ``NotFound`` for a format or form that is none, and ``Forbidden`` for a form that this person
    may not fetch."""
    allowed = forms()
    try:
        form = Form(request.args.get("form") or allowed[0])
        file_format = FileFormat(request.args["format"])
    except ValueError:
        raise NotFound from None
    if form not in allowed:
        raise Forbidden
    edition = published.edition(on) if form == Form.PUBLIC else None
    code, committee = request.args.get("forvaltning", ""), request.args.get("namnd", "").strip()
    return Asked(edition.head.on if edition else on, form, file_format, code, committee, edition)


def file_of(asked: Asked) -> Response:
    figures = figures_of(asked)
    data = export.written(figures, asked.file_format, settings().municipality)
    if request.method == "GET":  # HEAD fetches nothing
        remember(asked)
    answer = Response(data, content_type=CONTENT_TYPES[asked.file_format])
    parts = [asked.code, "offentlig" if asked.form == Form.PUBLIC else "", asked.on.isoformat()]
    name = secure_filename("-".join(["tackning", *filter(None, parts)]))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{asked.file_format}"'
    return answer


def figures_of(asked: Asked) -> AnyCoverage:
    if asked.edition:
        part = narrowing.part(asked.edition.report.coverage, asked.code, asked.committee)
        is_whole = not (asked.code or asked.committee)
        return suppression.public(part, settings().small_group, is_whole=is_whole)
    reach = within(asked.form, asked.on)
    chosen = selection.chosen_ids(
        selection.departments(session(), asked.on, reach), asked.code, asked.committee
    )
    tops = reach if chosen is None else chosen
    coverage = report_of(asked.on, tops).coverage
    if asked.form == Form.FULL:
        return coverage
    return suppression.public(coverage, settings().small_group, is_whole=tops is None)


def remember(asked: Asked) -> None:
    """In the journal: who fetches what."""
    is_own = asked.form == Form.FULL and not may(Permission.EXPORT_COVERAGE)
    part = fetches.OWN_UNITS if is_own else part_of(asked.code, asked.on)
    name = f"measurement-{asked.edition.head.id}" if asked.edition else "coverage"
    told = Fetch(name, asked.on, asked.form, asked.file_format, part, asked.committee or None)
    remember_fetch(told)


def export_page(on: dt.date, fault: str = "") -> str:
    """The fields as they were sent, with what is wrong with the date."""
    allowed, is_vpc = forms(), may(Permission.EXPORT_COVERAGE)
    edition = published.edition(on)
    choices = departments(on, allowed[-1], edition)
    return render_template(
        "report/export.html",
        on=request.args.get("datum", on.isoformat()) if fault else on.isoformat(),
        forms=allowed,
        is_vpc=is_vpc,
        chosen=request.args,
        departments=choices if len(choices) > 1 else [],
        committees=list({folded(one.committee): one.committee for one in choices if one.committee}.values()),
        small_group=settings().small_group,
        faults=[("datum", fault)] if fault else [],
        fetched=fetches.fetched(session()) if is_vpc else [],
        edition=edition,
    )


def departments(on: dt.date, form: Form, edition: Edition | None) -> Sequence[Department | UnitCoverage]:
    """Those that one may choose from."""
    if edition:
        return narrowing.departments(edition.report.coverage)
    if not (may(Permission.EXPORT_COVERAGE) or may(Permission.SEE_COVERAGE)):
        return []
    return selection.departments(session(), on, within(form, on))
