"""Pages for everybody, logged in or not. Nothing is recorded about a visit (S5)."""

from flask import Blueprint, render_template

from elearn.content.prose import Contact
from elearn.web.request import catalog

blueprint = Blueprint("public", __name__)

URGENT = "akut-fara"


@blueprint.get("/stod")
def support() -> str:
    contacts = [contact for contact in catalog().contacts.values() if contact.key.startswith("gemensamt/")]
    urgent = next((contact for contact in contacts if contact.key.endswith("#" + URGENT)), None)
    reachable = [contact for contact in contacts if contact is not urgent and is_reachable(contact)]
    unchecked = [contact for contact in contacts if contact is not urgent and not is_reachable(contact)]
    return render_template("public/support.html", urgent=urgent, reachable=reachable, unchecked=unchecked)


def is_reachable(contact: Contact) -> bool:
    return bool(contact.checked_on and (contact.phone or contact.web))


@blueprint.get("/om")
def about() -> str:
    return render_template("public/about.html", courses=catalog().courses.values())


@blueprint.get("/personuppgifter")
def personal_data() -> str:
    return render_template("public/personal_data.html")


@blueprint.get("/tillganglighet")
def accessibility() -> str:
    return render_template("public/accessibility.html")


@blueprint.get("/healthz")
def health() -> tuple[str, int, dict[str, str]]:
    return "ok", 200, {"Content-Type": "text/plain; charset=utf-8"}
