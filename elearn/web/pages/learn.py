"""The learner's way through a course: lesson and answers."""

from flask import Blueprint, render_template, send_file
from werkzeug.wrappers import Response

from elearn.content.course import Course
from elearn.content.materials import FOR_EVERYBODY
from elearn.errors import NotFound
from elearn.people.access import Permission
from elearn.training import pages
from elearn.web.request import catalog, person_id, settings, today
from elearn.web.security import requires

blueprint = Blueprint("learn", __name__)


def learner() -> pages.Learner:
    key = settings().secret_key.get_secret_value().encode()
    return pages.Learner(person_id(), today(), settings().renewal_days, settings().due_days, key)


@blueprint.get(f"/kurs/<slug>/<any({', '.join(FOR_EVERYBODY)}):kind>")
@requires(Permission.TAKE_COURSES)
def material(slug: str, kind: str) -> str:
    return show_material(find_course(slug), kind)


@blueprint.get("/kursbilder/<path:name>")
@requires(Permission.TAKE_COURSES)
def picture(name: str) -> Response:
    return show_picture(name)


def find_course(slug: str) -> Course:
    """The catalogue's course, or the 404 of one that does not exist."""
    return pages.find_course(catalog(), slug)


def show_material(course: Course, kind: str) -> str:
    """What the course has of this kind, to print. Raises ``NotFound``."""
    found = course.material(kind)
    if found is None:
        raise NotFound
    return render_template("learn/material.html", course=course, material=found)


def show_picture(name: str) -> Response:
    """A picture of the catalogue, if its file is still there: the catalogue may be the one before the last
    change."""
    file = catalog().images.get(name)
    if file is None:
        raise NotFound
    try:
        return send_file(file.absolute())
    except OSError:
        raise NotFound from None
