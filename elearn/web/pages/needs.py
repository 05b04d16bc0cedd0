"""The kompetensförsörjningsplan (R33): for VPC everything, for coordinators the own department, for managers
the own units. Names stand on the manager's own page of a unit and nowhere else."""

from typing import cast

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.utils import secure_filename

from elearn.errors import NotFound
from elearn.people.access import Permission
from elearn.reports import fetches, forecast, needs, needs_files
from elearn.reports.fetches import Fetch
from elearn.reports.forecast import MONTHS, Forecast, horizons
from elearn.reports.needs import Needs
from elearn.reports.needs_list import ahead_list, need_list
from elearn.reports.needs_table import COLUMNS, hours
from elearn.reports.remembered import Remembered
from elearn.training import curriculum
from elearn.training.curriculum import Curriculum
from elearn.training.ending import ending
from elearn.training.team import MemberStatus
from elearn.web.fetching import part_of, remember_fetch
from elearn.web.pages.team import one_unit
from elearn.web.request import access, catalog, may, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("needs", __name__)

FILE_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LACKING = (MemberStatus.EXPIRED, MemberStatus.OVERDUE, MemberStatus.NOT_STARTED, MemberStatus.STARTED)


@blueprint.get("/behov")
@requires(Permission.SEE_NEEDS)
def show() -> str:
    """``forvaltning``: the department that is opened; ``visa=alla``: every row."""
    listed = need_list(needs_now(), asked_code(), is_whole=is_whole())
    named = needs.managed(session(), access(), today())
    return render_template(
        "needs/needs.html",
        listed=listed,
        named=named,
        asked_code=asked_code(),
        months=MONTHS,
        hours=hours,
        columns=COLUMNS,
    )


@blueprint.get("/behov/prognos")
@requires(Permission.SEE_NEEDS)
def ahead() -> str:
    """``manader``: 3, 6 or 12; ``forvaltning``: the department that is opened."""
    months = request.args.get("manader", str(MONTHS[-1]))
    if months not in map(str, MONTHS):
        raise NotFound
    found = forecast_in(int(months))
    listed = ahead_list(found, asked_code(), is_whole=is_whole())
    return render_template(
        "needs/forecast.html", forecast=found, listed=listed, asked_code=asked_code(), choices=MONTHS
    )


@blueprint.get("/behov/export")
@requires(Permission.SEE_NEEDS)
def export_file() -> Response:
    """The whole plan that this person may see, or one department (``forvaltning``). Counts, never names."""
    file_format, code = request.args.get("format", "csv"), asked_code()
    if file_format not in FILE_TYPES:
        raise NotFound
    terms = (required(), dict(lengths()), settings().threshold, today())
    plan = needs_files.make_plan(session(), *terms, chosen(code))
    data = needs_files.to_file(plan, file_format, settings().municipality)
    part = part_of(code, today()) if may(Permission.SEE_COVERAGE) else fetches.OWN_UNITS
    remember_fetch(Fetch("needs", today(), "full", file_format, part))
    answer = Response(data, content_type=FILE_TYPES[file_format])
    name = secure_filename(f"behov-{code}-{today()}".replace("--", "-"))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    return answer


@blueprint.get("/min-enhet/<path:code>/behov")
@requires(Permission.SEE_OWN_UNITS)
def own_unit(code: str) -> str:
    """One unit's own people by name, for its manager."""
    unit, _is_only = one_unit(code)
    lacking = [member for member in unit.members if member.status in LACKING]
    days = horizons(today())
    periods = list(zip(MONTHS, days, ending(unit.members, days), strict=True))
    return render_template("needs/own_unit.html", unit=unit, lacking=lacking, periods=periods)


def asked_code() -> str:
    """Of the department that is opened; "" for none."""
    return request.args.get("forvaltning", "")


def is_whole() -> bool:
    """Whether every row is asked for."""
    return request.args.get("visa") == "alla"


def required() -> Curriculum:
    return curriculum.from_catalog(catalog())


def lengths() -> tuple[tuple[str, int], ...]:
    """Each course and its own minutes."""
    return tuple((slug, course.minutes) for slug, course in catalog().courses.items())


def reach() -> tuple[int, ...] | None:
    return needs.reach(session(), access(), today())


def chosen(code: str) -> tuple[int, ...] | None:
    """What is within reach, or of it what has this code. Raises ``NotFound`` (S3)."""
    if not code:
        return reach()
    found = tuple(row.unit_id for row in needs_now().coverage.rows if row.code == code)
    if not found:
        raise NotFound
    return found


def needs_now() -> Needs:
    """Of what is within reach."""
    return needs_of(reach())


def needs_of(tops: tuple[int, ...] | None) -> Needs:
    asked = (required(), lengths(), settings().threshold, today(), tops)
    memory = cast(Remembered[Needs], current_app.extensions.setdefault("elearn-needs", Remembered()))
    return memory.get(session(), asked, lambda: needs.needs(session(), asked[0], dict(asked[1]), *asked[2:]))


def forecast_in(months: int) -> Forecast:
    asked = (required(), months, settings().threshold, today(), reach())
    memory = cast(Remembered[Forecast], current_app.extensions.setdefault("elearn-forecast", Remembered()))
    return memory.get(session(), asked, lambda: forecast.forecast(session(), *asked))
