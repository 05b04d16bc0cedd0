"""Who is in the target group: found, decided and ended by coordinators (own departments) and VPC (R8). What
is out of reach answers as what does not exist (S3)."""

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from elearn import swedish
from elearn.errors import Invalid
from elearn.people.access import Permission, deciding_departments
from elearn.reports import coverage, decision_preview, departures
from elearn.reports.coverage import UnitCoverage
from elearn.reports.decision_preview import Asking
from elearn.training import decision_actions, decision_lists, decision_places
from elearn.training.curriculum import Curriculum, from_catalog
from elearn.training.decision_actions import Tops
from elearn.training.decision_lists import DecisionState, ShownDecision
from elearn.training.obligations import Terms
from elearn.web.fetching import remember_lookup
from elearn.web.pages import target_form
from elearn.web.pages.target_form import Faults, Whom
from elearn.web.request import access, catalog, deed, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("target_group", __name__)

STATES = {
    "galler": DecisionState.HOLDS,
    "kommer": DecisionState.TO_COME,
    "avslutade": DecisionState.OVER,
}
SAVED = "Beslutet är sparat."
ENDED = "Beslutet har fått en sista dag."


@blueprint.get("/malgrupp")
@requires(Permission.DECIDE_TARGET_GROUP)
def start() -> str:
    text = request.args.get("sok", "").strip()
    found = decision_places.find(session(), tops(), today(), text) if text else None
    departing = departures.departures(session(), required(), today(), tops())
    return render_template(
        "target/start.html", text=text, found=found, departures=departing, is_part=tops() is not None
    )


@blueprint.get("/malgrupp/enhet/<path:code>")
@requires(Permission.DECIDE_TARGET_GROUP)
def unit(code: str) -> str:
    text = request.args.get("sok", "").strip()
    terms = Terms(today(), settings().due_days, settings().renewal_days)
    place = decision_places.unit_place(session(), required(), tops(), terms, code, text)
    return render_template("target/unit.html", place=place, figures=figures_of(place.unit_id), text=text)


@blueprint.get("/malgrupp/person/<int(max=2147483647):id>")
@requires(Permission.DECIDE_TARGET_GROUP)
def person(id: int) -> str:
    place = decision_places.person_place(session(), tops(), today(), id)
    remember_lookup(id)
    return render_template("target/person.html", place=place, is_everywhere=tops() is None)


@blueprint.get("/malgrupp/beslut")
@requires(Permission.DECIDE_TARGET_GROUP)
def decisions() -> str:
    name = request.args.get("lage", "galler")
    state = STATES.get(name, DecisionState.HOLDS)
    text, number = request.args.get("sok", "").strip(), request.args.get("sida", 1, type=int)
    page = decision_lists.decision_page(session(), tops(), today(), state, text, number)
    return render_template("target/decisions.html", page=page, state=state, states=STATES, text=text)


@blueprint.get("/malgrupp/nytt")
@requires(Permission.DECIDE_TARGET_GROUP)
def choose() -> str:
    whom = target_form.read_whom(request.args, tops())
    return decide_page(whom, target_form.decision_form(None), [])


@blueprint.post("/malgrupp/nytt")
@requires(Permission.DECIDE_TARGET_GROUP)
def decide() -> str | Response | tuple[str, int]:
    """``steg``: ``granska`` (before anything is saved), ``andra`` (the form again), ``spara``."""
    whom, step = target_form.read_whom(request.form, tops()), request.form.get("steg")
    form = target_form.decision_form(request.form)
    new, faults = target_form.read_decision(form, whom, roles())
    if new is None or step == "andra":
        page = decide_page(whom, form, faults if step != "andra" else [])
        return page if step == "andra" else (page, 422)
    if step == "spara" and target_form.is_key(form.nyckel.data):
        decision_actions.make_new_decision(session(), deed(), tops(), new, form.nyckel.data or "")
        flash(SAVED)
        return redirect(whom.back, 303)
    preview = decision_preview.preview_new(session(), asking(), new)
    sent = [*whom.fields, *target_form.sent(form)]
    return render_template("target/check.html", preview=preview, new=new, whom=whom, sent=sent)


@blueprint.get("/malgrupp/beslut/<int(max=2147483647):id>")
@requires(Permission.DECIDE_TARGET_GROUP)
def decision(id: int) -> str:
    return decision_page(find(id), target_form.EndForm(data={"sista": today().isoformat()}), [])


@blueprint.post("/malgrupp/beslut/<int(max=2147483647):id>")
@requires(Permission.DECIDE_TARGET_GROUP)
def end(id: int) -> str | Response | tuple[str, int]:
    """``steg`` as in ``decide``."""
    found, step = find(id), request.form.get("steg")
    form, faults = target_form.EndForm(request.form), list[tuple[str, str]]()
    last_day = target_form.read_day("sista", form.sista.data or "", faults)
    if last_day is None or step == "andra":
        page = decision_page(found, form, target_form.in_order(form, faults))
        return page if step == "andra" else (page, 422)
    return end_on(found, form, last_day, is_saved=step == "spara")


def end_on(
    found: ShownDecision, form: target_form.EndForm, last_day: dt.date, *, is_saved: bool
) -> str | Response | tuple[str, int]:
    """The preview of the end, or the end itself."""
    try:
        if is_saved:
            decision_actions.end_decision(session(), deed(), tops(), found.id, last_day)
            flash(ENDED)
            return redirect(url_for(".decision", id=found.id), 303)
        preview = decision_preview.preview_end(session(), asking(), found.id, last_day)
    except Invalid as refusal:
        faults = target_form.in_order(form, [("sista", str(refusal))])
        return decision_page(found, form, faults), 422
    return render_template("target/check_end.html", preview=preview, decision=found, last_day=last_day)


def tops() -> Tops:
    """The departments whose target group this person decides about; None: all."""
    return deciding_departments(access())


def required() -> Curriculum:
    return from_catalog(catalog())


def roles() -> list[str]:
    """The job roles that a base course names."""
    return sorted({one.job_role for one in required().required}, key=swedish.sort_key)


def asking() -> Asking:
    return Asking(deed(), tops(), required(), settings().threshold)


def figures_of(unit_id: int) -> UnitCoverage:
    """One unit's row of coverage."""
    report = coverage.report(session(), required(), today(), settings().threshold, today(), (unit_id,))
    return next(row for row in report.rows if row.unit_id == unit_id)


def find(id: int) -> ShownDecision:
    return decision_lists.decision(session(), tops(), today(), id)


def decide_page(whom: Whom, form: target_form.DecisionForm, faults: Faults) -> str:
    known = {"decisions": target_form.DECISIONS, "roles": roles()}
    return render_template("target/decide.html", whom=whom, form=form, faults=faults, **known)


def decision_page(found: ShownDecision, form: target_form.EndForm, faults: Faults) -> str:
    return render_template("target/decision.html", decision=found, form=form, faults=faults)
