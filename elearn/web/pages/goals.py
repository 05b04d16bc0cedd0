"""The committees' own goals and the surveys, for VPC (R42)."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from elearn.errors import Invalid
from elearn.people.access import Permission
from elearn.reports import comparison, goals
from elearn.web.pages.measurements import live_coverage
from elearn.web.request import deed, session, today
from elearn.web.security import requires

blueprint = Blueprint("goals", __name__)

# What is sent, by the fields' ids on the page: (form, field).
FIELDS = {
    "mal-f": ("mal", "forvaltning"), "mal-andel": ("mal", "andel"), "mal-dag": ("mal", "dag"),
    "enkat-f": ("enkat", "forvaltning"), "enkat-ar": ("enkat", "ar"), "enkat-svar": ("enkat", "svar"),
    "enkat-ja": ("enkat", "ja"),
}  # fmt: skip


@blueprint.get("/matningar/mal")
@requires(Permission.FREEZE_MEASUREMENTS)
def show() -> str:
    return page()


@blueprint.post("/matningar/mal")
@requires(Permission.FREEZE_MEASUREMENTS)
def save() -> Response | tuple[str, int]:
    """A goal (``vad=mal``) or a survey's answers (``vad=enkat``) of one department."""
    try:
        flash(save_as_sent())
    except Invalid:
        return page(faults_as_sent()), 422
    return redirect(url_for("goals.show"), 303)


def save_as_sent() -> str:
    """What is told afterwards. Raises ``Invalid``, and ``NotFound`` for a department that is none."""
    sent = request.form.get
    department = sent("forvaltning", "")
    if sent("vad") == "enkat":
        answers = (sent("ar", ""), sent("svar", ""), sent("ja", ""))
        goals.record_survey(session(), deed(), department, *answers)
        return "Enkätsvaren är sparade."
    goals.set_goal(session(), deed(), department, sent("andel", ""), sent("dag", ""))
    return "Målet är sparat."


def faults_as_sent() -> list[tuple[str, str]]:
    """The id of the field and the sentence, of each."""
    sent = request.form.get
    if sent("vad") == "enkat":
        found = goals.survey_faults(sent("ar", ""), sent("svar", ""), sent("ja", ""), today())
        return [(f"enkat-{field}", sentence) for field, sentence in found]
    found = goals.goal_faults(sent("andel", ""), sent("dag", ""), today())
    return [(f"mal-{field}", sentence) for field, sentence in found]


def page(faults: Sequence[tuple[str, str]] = ()) -> str:
    """``faults``: what is wrong with what was sent, which stands in its fields again."""
    form = "enkat" if request.form.get("vad") == "enkat" else "mal"
    return render_template(
        "measure/goals.html",
        standings=goals.standings(session(), live_coverage()),
        faults=faults,
        sent={id: request.form.get(field, "") for id, (of, field) in FIELDS.items() if of == form},
        points=comparison.points,
    )
