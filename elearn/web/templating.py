"""What every template may use, in the server and in the authors' preview alike."""

import hashlib

from flask import Flask
from jinja2 import StrictUndefined

from elearn.settings import data_dir
from elearn.web import filters, prose
from elearn.web.followup import followup_links
from elearn.web.menu import menu
from elearn.web.request import Application, has_login_cookie, may, seconds_left, today, visitor


def register(app: Flask, application: Application) -> None:
    app.extensions["elearn"] = application
    # A name that a template misspells is an error in a test, not an empty place on somebody's page.
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    filters.register(app)
    prose.register(app)
    app.add_template_filter(_static_address, "static")
    # Globals, so that macros have them too.
    app.jinja_env.globals.update(
        settings=application.settings,
        may=may,
        visitor=visitor,
        menu=menu,
        followup_links=followup_links,
        has_login_cookie=has_login_cookie,
        seconds_left=seconds_left,
        is_preview=False,
    )
    app.context_processor(lambda: {"today": today()})


def share_macros(app: Flask) -> None:
    """The macros in every template, made once when all that they use is there: an import in each template
    would be looked up anew for every page."""
    for name in ("parts", "answers", "questions"):
        app.jinja_env.globals[name] = app.jinja_env.get_template(f"macros/{name}.html").module


def _static_address(name: str) -> str:
    """A static file's address with a piece of its hash, so that browsers may keep a file for ever and still
    see a new one. As a filter of constants it is asked once, when a template is compiled."""
    content = (data_dir("static") / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:8]}"
