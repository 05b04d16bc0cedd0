"""Pages for everybody, logged in or not. Nothing is recorded about a visit (S5)."""

import datetime as dt

from flask import Blueprint, render_template

from elearn.content.prose import ContactGroup
from elearn.web.request import catalog

blueprint = Blueprint("public", __name__)
ASSESSED_ON = dt.date(2026, 11, 30)  # the pages were last tried as the statement on accessibility says

HEADINGS = {
    ContactGroup.SELF: "För dig själv eller någon nära",
    ContactGroup.CHILD: "När du är orolig för ett barn",
    ContactGroup.VIOLENT: "För dig som utövar våld",
    ContactGroup.ABROAD: "Om någon är utomlands",
}


@blueprint.get("/stod")
def support() -> str:
    groups = {heading: catalog().reachable(group) for group, heading in HEADINGS.items()}
    return render_template(
        "public/support.html", urgent=catalog().reachable(ContactGroup.URGENT), groups=groups
    )


@blueprint.get("/om")
def about() -> str:
    return render_template("public/about.html", courses=list(catalog().courses.values()))


@blueprint.get("/personuppgifter")
def personal_data() -> str:
    return render_template("public/personal_data.html")


@blueprint.get("/tillganglighet")
def accessibility() -> str:
    return render_template("public/accessibility.html", assessed_on=ASSESSED_ON)


@blueprint.get("/healthz")
def health() -> tuple[str, int, dict[str, str]]:
    return "ok", 200, {"Content-Type": "text/plain; charset=utf-8"}
