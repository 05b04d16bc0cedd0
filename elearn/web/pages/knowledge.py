"""Knowledge: what those who take the courses can, for VPC. Never a person, never a unit, never fewer than
ten."""

from flask import Blueprint, render_template, request

from elearn.errors import NotFound
from elearn.people.access import Permission
from elearn.reports.knowledge import GOAL, knowledge
from elearn.training import tallies
from elearn.web.request import catalog, session
from elearn.web.security import requires

blueprint = Blueprint("knowledge", __name__)

FIRST = 25  # questions, the hardest, until all are asked for


@blueprint.get("/kunskap")
@requires(Permission.SEE_KNOWLEDGE)
def page() -> str:
    """``kurs``: the questions as they were answered in that course. ``visa=alla``: every question."""
    courses, chosen = catalog().courses, request.args.get("kurs", "")
    if chosen and chosen not in courses:
        raise NotFound
    found = knowledge(catalog(), tallies.shown(session()), chosen or None)
    first = len(found.questions) if request.args.get("visa") == "alla" else FIRST
    return render_template(
        "report/knowledge.html", knowledge=found, courses=courses, chosen=chosen, first=first, goal=GOAL
    )
