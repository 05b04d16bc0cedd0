"""Who may do what: the administrator gives and takes away roles, never to themselves, and never the last
administrator's (S6)."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from elearn.errors import ElearnError, Invalid
from elearn.identity import actions, grants
from elearn.identity.grants import Granted, Holder
from elearn.people import queries
from elearn.people.access import Permission
from elearn.people.models import GRANTABLE_ROLES, AccessRole
from elearn.reports import selection
from elearn.web import errors
from elearn.web.pages.confirm import ask_again
from elearn.web.request import deed, person_id, session, today
from elearn.web.security import requires

blueprint = Blueprint("grants", __name__)

# What each role is called, and what whoever has it may do.
ROLES = {
    AccessRole.COORDINATOR: (
        "Förvaltningssamordnare",
        "Beslutar om målgruppen, ser siffrorna och för in möten för en förvaltning.",
    ),
    AccessRole.VPC: ("VPC", "Följer upp hela kommunen, beslutar om målgruppen och ser enskilda personer."),
    AccessRole.WORKING_GROUP: ("Arbetsgruppen", "Ser hela kommunens siffror, aldrig namn."),
    AccessRole.ADMINISTRATOR: ("Administratör", "Läser in personal och ger andra behörigheter."),
    AccessRole.AUDITOR: ("Granskare", "Läser loggen och kan inte ändra något."),
}
CHOOSE_ROLE = "Välj en behörighet."
CHOOSE_DEPARTMENT = "Välj förvaltningen som samordnaren ska arbeta med."
OUT = "Den som var inloggad får logga in igen."


@blueprint.get("/behorigheter")
@requires(Permission.GRANT_ROLES)
def overview() -> str:
    text = request.args.get("sok", "").strip()
    found, count = grants.find_people(session(), today(), text)
    held = grants.granted(session(), today())
    return render_template(
        "grants/overview.html",
        text=text,
        found=found,
        count=count,
        held=held,
        roles=ROLES,
        names=givers(held),
    )


@blueprint.get("/behorigheter/<int(max=2147483647):id>")
@requires(Permission.GRANT_ROLES)
def person(id: int) -> Response | str:
    return ask_again(request.path) or person_page(grants.holder(session(), today(), id), [])


@blueprint.post("/behorigheter/<int(max=2147483647):id>")
@requires(Permission.GRANT_ROLES)
def change(id: int) -> Response | tuple[str, int]:
    """``gor``: ``ge`` or ``ta``; ``roll``; a coordinator's ``forvaltning``."""
    here = url_for(".person", id=id)
    if again := ask_again(here):
        return again
    someone = grants.holder(session(), today(), id)
    try:
        flash(give(someone) if request.form.get("gor") == "ge" else take(someone))
    except ElearnError as refusal:
        field = "forvaltning" if str(refusal) == CHOOSE_DEPARTMENT else "roll"
        return person_page(someone, [(field, str(refusal))]), errors.status_of(refusal)
    return redirect(here, 303)


def give(someone: Holder) -> str:
    """Give the role that was chosen: the line that is shown."""
    role, code = sent_role(), request.form.get("forvaltning") or None
    if role == AccessRole.COORDINATOR and code is None:
        raise Invalid(CHOOSE_DEPARTMENT)
    unit = code if role == AccessRole.COORDINATOR else None
    is_new = actions.grant_role(session(), deed(), someone.number, role, unit)
    title = ROLES[role][0].lower() if role != AccessRole.VPC else "VPC"
    if not is_new:
        return f"{someone.name} hade redan behörigheten {title}. Inget är ändrat."
    return f"{someone.name} har nu behörigheten {title}. {OUT}"


def take(someone: Holder) -> str:
    """Take the role that was chosen away: the line that is shown."""
    role, code = sent_role(), request.form.get("forvaltning") or None
    unit = code if role == AccessRole.COORDINATOR else None
    was_held = actions.revoke_role(session(), deed(), someone.number, role, unit)
    title = ROLES[role][0].lower() if role != AccessRole.VPC else "VPC"
    if not was_held:
        return f"{someone.name} hade inte behörigheten {title}. Inget är ändrat."
    return f"{someone.name} har inte längre behörigheten {title}. {OUT}"


def sent_role() -> AccessRole:
    """Raises ``Invalid`` when none was chosen that can be given."""
    try:
        role = AccessRole(request.form.get("roll", ""))
    except ValueError:
        raise Invalid(CHOOSE_ROLE) from None
    if role not in GRANTABLE_ROLES:
        raise Invalid(CHOOSE_ROLE)
    return role


def person_page(someone: Holder, faults: list[tuple[str, str]]) -> str:
    return render_template(
        "grants/person.html",
        someone=someone,
        roles=ROLES,
        departments=selection.departments(session(), today(), None),
        names=givers(someone.granted),
        is_self=someone.person_id == person_id(),
        faults=faults,
        sent=request.form,
    )


def givers(held: tuple[Granted, ...]) -> dict[str, str]:
    """Who gave each of them, in words."""
    actors = {one.granted_by for one in held if one.granted_by}
    return queries.actors_in_words(session(), actors, sees_protected=False)
