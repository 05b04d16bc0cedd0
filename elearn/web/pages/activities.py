"""The aktivitetslista (R34, R35): for VPC with every figure, for coordinators with the own department's, for
the working group without figures."""

from flask import Blueprint, Response, render_template, request

from elearn.errors import NotFound
from elearn.people.access import Permission, deciding_departments
from elearn.people.models import AccessRole
from elearn.reports import activities, activities_files
from elearn.reports.activities import ActivityStatus
from elearn.reports.fetches import Fetch
from elearn.web.fetching import part_of, remember_fetch
from elearn.web.pages.needs import FILE_TYPES, needs_of
from elearn.web.request import access, catalog, settings, today
from elearn.web.security import requires

blueprint = Blueprint("activities", __name__)


@blueprint.get("/aktiviteter")
@requires(Permission.SEE_COVERAGE)
def show() -> str:
    return render_template(
        "needs/activities.html",
        statuses=seen(),
        threshold=settings().threshold,
        has_figures=has_figures(),
        is_vpc=AccessRole.VPC in access().roles,
    )


@blueprint.get("/aktiviteter/export")
@requires(Permission.SEE_COVERAGE)
def export_file() -> Response:
    file_format = request.args.get("format", "csv")
    if file_format not in ("csv", "xlsx"):
        raise NotFound
    data = activities_files.to_file(seen(), settings().threshold, file_format, settings().municipality)
    remember_fetch(
        Fetch("activities", today(), "full" if has_figures() else "public", file_format, part_of("", today()))
    )
    answer = Response(data, content_type=FILE_TYPES[file_format])
    name = f"aktiviteter-{today()}.{file_format}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def has_figures() -> bool:
    """The working group sees none: a course of a department may have few persons (S4)."""
    return bool(access().roles & {AccessRole.VPC, AccessRole.COORDINATOR})


def seen() -> list[ActivityStatus]:
    """Who arranges what is counted over the municipality; the figures are those that this person may see."""
    limits = settings().vpc_joins_from, settings().vpc_leads_from
    found = activities.statuses(catalog().activities, needs_of(None), *limits)
    if not has_figures():
        return [status.within(()) for status in found]
    reached = deciding_departments(access())  # a coordinator's own, also of one in the working group
    return list(found) if reached is None else [status.within(reached) for status in found]
