"""The manager's pages: who is done, who is not, and one thing to do about it. Status and dates only (S5), own
units only (S4)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from elearn.content.course import Course
from elearn.content.materials import MaterialKind
from elearn.errors import Conflict, Invalid, NotFound
from elearn.identity import handouts, invitations
from elearn.people import protection
from elearn.people.access import Permission
from elearn.training import apt, curriculum, team
from elearn.training.apt import HeldMeeting
from elearn.training.obligations import Terms
from elearn.training.team import TeamUnit, Totals, Viewer
from elearn.training.unit_list import UnitList, unit_list
from elearn.web import forms
from elearn.web.meeting_forms import StaffMeetingForm, read_count, read_held_on
from elearn.web.pages import learn
from elearn.web.request import access, catalog, deed, person_id, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("team", __name__)

SHOWN_AT_ONCE = 100  # persons; a larger team opens a unit at a time


@dataclass(frozen=True, slots=True)
class TeamPage:
    """``listed``: the units to choose from, None where there is one; ``opened``: those whose people stand on
    the page; ``is_below``: the list has only units that have not reached the threshold; ``has_others``: the
    manager has other units to go back to; ``held``: the staff meetings of the one unit, None where there are
    several."""

    title: str
    totals: Totals
    listed: UnitList | None
    opened: tuple[TeamUnit, ...]
    courses: list[Course]
    is_below: bool = False
    has_others: bool = False
    held: tuple[HeldMeeting, ...] | None = None


@blueprint.get("/min-enhet")
@requires(Permission.SEE_OWN_UNITS)
def own_units() -> str | Response:
    if code := request.args.get("enhet"):
        return redirect(url_for("team.unit", code=code), 303)
    units = team.managed_team(session(), curriculum.from_catalog(catalog()), viewer(), terms())
    return render_template(
        "team/team.html",
        page=page_of(units),
        threshold=settings().threshold,
        form=StaffMeetingForm(),
        faults=(),
    )


@blueprint.get("/min-enhet/<path:code>")
@requires(Permission.SEE_OWN_UNITS)
def unit(code: str) -> str:
    return unit_page(code, StaffMeetingForm())


def unit_page(code: str, form: StaffMeetingForm) -> str:
    """``form``: a staff meeting as it was sent, with its faults."""
    page = page_of_unit(*one_unit(code))
    told = forms.faults(form)
    return render_template(
        "team/team.html", page=page, threshold=settings().threshold, form=form, faults=told
    )


@blueprint.get("/min-enhet/<path:code>/traff")
@requires(Permission.SEE_OWN_UNITS)
def meeting(code: str) -> str:
    """For the staff meeting: how far the unit has come, and never a name."""
    page = page_of_unit(*one_unit(code))
    is_shown = page.totals.target >= settings().small_group
    return render_template(
        "team/meeting.html", page=page, code=code, threshold=settings().threshold, is_shown=is_shown
    )


@blueprint.post("/min-enhet/<path:code>")
@requires(Permission.SEE_OWN_UNITS)
def hand_out(code: str) -> str:
    """A code for one person (``kod``: the id), or the first codes of the unit. They are shown in the answer
    to this request and nowhere else. What asks for neither is refused."""
    chosen, use = request.form.get("kod", ""), settings().passwords
    if chosen:
        handout = handouts.give_code(session(), deed(), access(), code, read_id(chosen), use)
        return render_template("team/code.html", handout=handout, **on_paper(code))
    if "lappar" not in request.form:
        raise Invalid("Välj vem som ska få en kod, eller alla som inte har loggat in.")
    handed_out = handouts.give_first_codes(session(), deed(), access(), code, use)
    return render_template("team/slips.html", handouts=handed_out, **on_paper(code))


def read_id(text: str) -> int:
    """Raises ``NotFound`` for what is no person's id."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound
    return int(text)


def on_paper(code: str) -> dict[str, object]:
    """What stands beside a code: where it is typed, until when it holds, and the way back."""
    address = settings().public_url or request.url_root.rstrip("/")
    last_day = today() + invitations.LIFETIME - dt.timedelta(days=1)
    return {"address": f"{address}/losenord", "last_day": last_day, "code_of_unit": code}


@blueprint.post("/min-enhet/<path:code>/apt")
@requires(Permission.SEE_OWN_UNITS)
def record_staff_meeting(code: str) -> Response | tuple[str, int]:
    """The day and how many took part, never who."""
    form = StaffMeetingForm(request.form)
    held_on, count = read_held_on(form.datum, today()), read_count(form.antal)
    if held_on and count is not None:
        try:
            apt.record_staff_meeting(session(), deed(), person_id(), code, held_on, count)
        except (Invalid, Conflict) as refusal:
            form.datum.errors = [str(refusal)]
    if form.errors:
        return unit_page(code, form), 422
    flash("Träffen är antecknad.")
    return redirect(url_for("team.unit", code=code, _anchor="apt"), 303)


@blueprint.post("/min-enhet/<path:code>/apt/bort")
@requires(Permission.SEE_OWN_UNITS)
def recall_staff_meeting(code: str) -> Response:
    apt.recall_staff_meeting(session(), deed(), person_id(), code, read_id(request.form.get("traff", "")))
    flash("Träffen är borttagen.")
    return redirect(url_for("team.unit", code=code, _anchor="apt"), 303)


@blueprint.get("/min-enhet/apt/<slug>")
@requires(Permission.SEE_OWN_UNITS)
def guide(slug: str) -> str:
    return learn.show_material(learn.find_course(slug), MaterialKind.STAFF_MEETING)


def terms() -> Terms:
    return Terms(today(), settings().due_days, settings().renewal_days)


def one_unit(code: str) -> tuple[TeamUnit, bool]:
    """The unit, and whether it is the manager's only one. Raises ``NotFound``."""
    return team.managed_unit(session(), curriculum.from_catalog(catalog()), viewer(), terms(), code)


def viewer() -> Viewer:
    """The manager, and whether everybody is named to them."""
    return Viewer(person_id(), protection.sees_protected(access()))


def page_of_unit(opened: TeamUnit, is_only: bool) -> TeamPage:
    return TeamPage(
        opened.name,
        team.totals([opened]),
        None,
        (opened,),
        guided([opened]),
        has_others=not is_only,
        held=apt.held_in(session(), opened.code),
    )


def page_of(units: tuple[TeamUnit, ...]) -> TeamPage:
    """The units to choose from, and everybody at once where that is not too many people, or where there is
    one unit and nothing to choose from."""
    is_below = request.args.get("under") == "1"
    is_whole = request.args.get("visa") == "alla"
    listed = unit_list(units, settings().threshold, only_below=is_below, is_whole=is_whole)
    is_one = len(units) == 1
    fits = is_one or sum(len(unit.members) for unit in units) <= SHOWN_AT_ONCE
    return TeamPage(
        units[0].name if is_one else "Mina enheter",
        team.totals(units),
        None if is_one else listed,
        units if fits else (),
        guided(units),
        is_below,
        held=apt.held_in(session(), units[0].code) if is_one else None,
    )


def guided(units: Sequence[TeamUnit]) -> list[Course]:
    """The courses that the jobs of these units ask for and that have a guide for the staff meeting."""
    slugs = sorted({slug for unit in units for slug in unit.courses})
    return [course for slug in slugs if (course := catalog().course(slug)) and course.guide]
