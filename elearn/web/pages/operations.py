"""For the administrator: the condition of the installation. For whoever watches over servers: whether this
one can do its work (S48, S59)."""

from typing import cast

from flask import Blueprint, current_app, render_template
from flask.blueprints import BlueprintSetupState

from elearn import clock
from elearn.operations import condition, doctor
from elearn.operations.readiness import Readiness
from elearn.people.access import Permission
from elearn.web.request import application, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("operations", __name__)
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
READINESS = "readiness"


@blueprint.record
def prepare(state: BlueprintSetupState) -> None:
    """One memory for each application."""
    state.app.extensions[READINESS] = Readiness()


@blueprint.get("/readyz")
def ready() -> tuple[str, int, dict[str, str]]:
    readiness = cast(Readiness, current_app.extensions[READINESS])
    if readiness.is_ready(application().engine):
        return "ok", 200, PLAIN
    return "503", 503, PLAIN


@blueprint.get("/drift")
@requires(Permission.SEE_OPERATIONS)
def show() -> str:
    return render_template(
        "operations/condition.html",
        condition=condition.current(session(), today()),
        now=clock.now(),
        findings=list(doctor.quick_findings(settings(), application().engine)),
        keep_count=settings().backup_keep,
    )
