"""``elearn courses preview``: the courses alone, as the learner meets them, without login or database. The page in the browser asks
every second whether a file has changed, so that what was saved shows by itself, with its faults if it has any."""

import hashlib
from pathlib import Path

from flask import Blueprint, Flask, redirect, render_template, request
from werkzeug.wrappers import Response

from elearn import database
from elearn.content.course import Course
from elearn.content.shelf import Shelf
from elearn.errors import NotFound
from elearn.settings import Settings, data_dir
from elearn.training import preview
from elearn.web import errors, learn, public, security, templating
from elearn.web.request import House, catalog, house, settings, today

blueprint = Blueprint("preview", __name__)
NOWHERE = "sqlite://"  # the house wants an engine; nothing here ever connects


def create(settings: Settings, folder: Path) -> Flask:
    """The preview of a folder of courses. Raises ``CourseFaults`` when it has faults from the start."""
    app = Flask("elearn.web", static_folder=str(data_dir("static")), static_url_path="/static")
    templating.register(app, House(settings, database.make_engine(NOWHERE), Shelf(folder), personas=()))
    app.jinja_env.globals.update(visitor=lambda: None, may=lambda _permission: False, csrf_token=str, is_preview=True)
    templating.share_macros(app)
    app.register_blueprint(public.blueprint)
    app.register_blueprint(blueprint)
    errors.register(app)
    policy = security.content_policy(settings)
    app.before_request(look_again)
    app.after_request(lambda response: security.protect(response, security.HEADERS, policy))
    return app


def look_again() -> tuple[str, int] | None:
    """Read what was saved. While it has faults, every page lists them."""
    shelf = house().shelf
    shelf.renew()
    if shelf.faults and request.endpoint not in ("static", "preview.version"):
        return render_template("preview/faults.html", faults=shelf.faults), 500
    return None


def find(slug: str) -> Course:
    course = catalog().course(slug)
    if course is None:
        raise NotFound
    return course


@blueprint.get("/version")
def version() -> tuple[str, dict[str, str]]:
    """Another text whenever a file has changed."""
    return hashlib.sha256(repr(sorted(house().shelf.marks)).encode()).hexdigest(), {"Content-Type": "text/plain"}


@blueprint.get("/")
def start() -> str:
    return render_template("preview/start.html", courses=catalog().courses.values())


@blueprint.get("/kurs/<slug>")
def course(slug: str) -> str:
    page = preview.course_card(find(slug), today())
    return render_template("learn/course.html", page=page, notes=learn.notes([page.course.intro]))


@blueprint.get("/kurs/<slug>/<int(max=999):number>")
def lesson(slug: str, number: int) -> str:
    return learn.show_lesson(preview.lesson_page(find(slug), number, today()))


@blueprint.post("/kurs/<slug>/<int(max=999):number>")
def answers(slug: str, number: int) -> str | Response:
    here = find(slug).lessons[number - 1 : number]
    if here and not here[0].has_form:
        return redirect(f"/kurs/{slug}", 303)
    sent = learn.lesson_forms.parse(here[0]) if here else {}
    return learn.show_answers(preview.review_page(find(slug), number, sent, today()))


@blueprint.get("/kurs/<slug>/apt")
def guide(slug: str) -> str:
    found = find(slug)
    if found.guide is None:
        raise NotFound
    return render_template("team/guide.html", course=found, guide=found.guide, notes=learn.notes([found.guide.text]))


@blueprint.get("/kursbilder/<path:name>")
def picture(name: str) -> Response:
    return learn.show_picture(name)


@blueprint.post("/lamna")
def leave() -> Response:
    return redirect(settings().quick_exit_url, 303)
