"""What is stored about whoever asks: the person's own page and file (GDPR art. 15, S49)."""

from flask import Blueprint, Response, render_template

from elearn import clock
from elearn.operations import extract
from elearn.operations.extract import Extract
from elearn.people.access import Permission
from elearn.web.request import person_id, session, settings
from elearn.web.security import requires

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/mina-uppgifter")
@requires(Permission.TAKE_COURSES)
def show() -> str:
    return render_template("public/own_data.html", extract=own_extract(), shown=extract.as_shown)


@blueprint.get("/mina-uppgifter/fil")
@requires(Permission.TAKE_COURSES)
def fetch() -> Response:
    """Named so that a folder of downloads tells nobody what it is about."""
    answer = Response(extract.to_json(own_extract()), content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="mina-uppgifter.json"'
    return answer


def own_extract() -> Extract:
    return extract.extract_person(session(), settings(), person_id(), clock.now())
