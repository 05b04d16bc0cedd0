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
from elearn.content.materials import MaterialKind
from elearn.errors import NotFound
from elearn.settings import Settings, data_dir
from elearn.training import pages, preview, replies
from elearn.training.steps import Step
from elearn.web import errors, security, templating
from elearn.web.pages import learn, lesson, public, start
from elearn.web.request import Application, catalog, settings, today

blueprint = Blueprint("preview", __name__)
NOWHERE = "sqlite://"  # the application wants an engine; nothing here ever connects
HOSTS = frozenset({"127.0.0.1", "localhost"})
NO_PAGES = frozenset({"static", "preview.version", "preview.picture"})
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


def create(settings: Settings, folder: Path, *, as_planned: bool = False) -> Flask:
    """The preview of a folder of courses, whether it has faults or not. ``as_planned``: see
    ``reader.read``."""
    draft_catalog = DraftCatalog(folder, as_planned=as_planned)
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


@blueprint.get(lesson.ADDRESS)
def first_page(slug: str, number: int) -> str:
    page = preview.lesson_page(find(slug), number, today(), is_short=lesson.SHORT in request.args)
    return lesson.show_lesson(page)


@blueprint.get(f"{lesson.ADDRESS}/<any({Step.PRACTISE}, {Step.CHECK}):step>")
def later_page(slug: str, number: int, step: str) -> str:
    return lesson.show_lesson(preview.lesson_page(find(slug), number, today(), Step(step)))


@blueprint.post(lesson.ADDRESS)
def answers(slug: str, number: int) -> str | Response:
    here = pages.find_lesson(find(slug), number)
    step, is_short = lesson.page_sent_from(here, request.form)
    if not here.has_form or "spara" in request.form or "vidare" in request.form:
        return redirect(lesson.onwards(slug, number, here, step, request.form), 303)
    reply = replies.parse(here.questions, request.form)
    if "svara" not in request.form:
        return lesson.show_answers(preview.review_page(find(slug), number, reply, today()))
    draft = preview.answered_at_once(find(slug), number, reply)
    page = preview.lesson_page(
        find(slug), number, today(), None if is_short else step, is_short=is_short, draft=draft
    )
    return lesson.show_lesson(page, draft.chosen)


@blueprint.get(f"/kurs/<slug>/<any({', '.join(MaterialKind)}):kind>")
def material(slug: str, kind: str) -> str:
    return learn.show_material(find(slug), kind)


@blueprint.get("/kursbilder/<path:name>")
def picture(name: str) -> Response:
    return learn.show_picture(name)


@blueprint.post("/lamna")
def leave() -> Response:
    return redirect(settings().quick_exit_url, 303)
