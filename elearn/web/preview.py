"""``elearn courses preview``: the courses alone, as the learner meets them, without login or database. Every
page carries the version of what it shows and asks each second for the latest, so that what was saved shows by
itself, with its faults if it has any."""

from pathlib import Path

from flask import Blueprint, Flask, g, redirect, render_template, request
from werkzeug.wrappers import Response

from elearn import database
from elearn.content.advice import lint
from elearn.content.course import Course
from elearn.content.live_catalog import DraftCatalog
from elearn.errors import NotFound
from elearn.settings import Settings, data_dir
from elearn.training import preview, replies
from elearn.web import errors, security, templating
from elearn.web.pages import learn, public, start
from elearn.web.request import Application, catalog, settings, today

blueprint = Blueprint("preview", __name__)
NOWHERE = "sqlite://"  # the application wants an engine; nothing here ever connects
HOSTS = frozenset({"127.0.0.1", "localhost"})
NO_PAGES = frozenset({"static", "preview.version", "preview.picture"})
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


def create(settings: Settings, folder: Path) -> Flask:
    """The preview of a folder of courses, whether it has faults or not."""
    draft_catalog = DraftCatalog(folder)
    app = Flask("elearn.web", static_folder=str(data_dir("static")), static_url_path="/static")
    templating.register(app, Application(settings, database.make_engine(NOWHERE), draft_catalog, personas=()))
    app.jinja_env.globals.update(
        visitor=lambda: None,
        has_login_cookie=lambda: False,
        may=lambda _permission: False,
        csrf_token=str,
        is_preview=True,
    )
    templating.share_macros(app)
    app.register_blueprint(public.blueprint)
    app.register_blueprint(blueprint)
    errors.register(app)
    policy = security.content_policy(settings)
    app.before_request(refuse_strangers)
    app.before_request(lambda: look_again(draft_catalog))
    app.after_request(lambda response: security.protect(response, security.HEADERS, policy))
    return app


def refuse_strangers() -> tuple[str, int, dict[str, str]] | None:
    """Another site's page may reach this computer by a name of its own; it is not to read what an author is
    writing."""
    if request.host.partition(":")[0] in HOSTS:
        return None
    return (
        "Förhandsvisningen svarar bara på http://127.0.0.1 och http://localhost på den här datorn.\n",
        403,
        PLAIN,
    )


def look_again(draft_catalog: DraftCatalog) -> tuple[str, int] | None:
    """One draft through the whole request, so that a page is what its version says. While it has faults,
    every page lists them."""
    g.draft = draft_catalog.draft()
    g.catalog = g.draft.catalog
    if g.draft.faults and request.endpoint not in NO_PAGES:
        return render_template("preview/faults.html", faults=g.draft.faults), 500
    return None


def find(slug: str) -> Course:
    course = catalog().course(slug)
    if course is None:
        raise NotFound
    return course


@blueprint.get("/version")
def version() -> tuple[str, dict[str, str]]:
    return g.draft.version, PLAIN


@blueprint.get("/")
def courses() -> str:
    """The courses, and what is weak in the author's own text: what VPC has to confirm is ``courses check``'s
    to tell."""
    weak = lint.weaknesses(g.draft.reading)
    return render_template("preview/start.html", courses=catalog().courses.values(), weak=weak)


@blueprint.get("/kurs/<slug>")
def course(slug: str) -> str:
    return start.show_course(preview.course_card(find(slug), today()))


@blueprint.get("/kurs/<slug>/<int(max=999):number>")
def lesson(slug: str, number: int) -> str:
    return learn.show_lesson(preview.lesson_page(find(slug), number, today()))


@blueprint.post("/kurs/<slug>/<int(max=999):number>")
def answers(slug: str, number: int) -> str | Response:
    here = find(slug).lessons[number - 1 : number]
    if here and not here[0].has_form:
        return redirect(f"/kurs/{slug}", 303)
    reply = replies.parse(here[0].questions, request.form) if here else replies.NO_REPLY
    return learn.show_answers(preview.review_page(find(slug), number, reply, today()))


@blueprint.get("/kurs/<slug>/apt")
def guide(slug: str) -> str:
    found = find(slug)
    if found.guide is None:
        raise NotFound
    return render_template(
        "team/guide.html", course=found, guide=found.guide, notes=learn.notes([found.guide.text])
    )


@blueprint.get("/kursbilder/<path:name>")
def picture(name: str) -> Response:
    return learn.show_picture(name)


@blueprint.post("/lamna")
def leave() -> Response:
    return redirect(settings().quick_exit_url, 303)
