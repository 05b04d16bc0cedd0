"""How it is shown: HTTP, HTML, forms, login. The only room with Flask in it; it holds no query and no rule of the subject."""

import hashlib

from flask import Flask

from elearn.settings import data_dir
from elearn.web import errors, filters, learn, login, public, report, security, team, transaction
from elearn.web.request import House, may, today, visitor


def register(app: Flask, house: House) -> None:
    """Everything that the application consists of, on one page."""
    app.extensions["elearn"] = house
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    security.register(app, house.settings)
    for room in (public, login, learn, team, report):
        app.register_blueprint(room.blueprint)
    security.read_rules(app)
    errors.register(app)
    filters.register(app)
    app.add_template_filter(_static_address, "static")
    app.jinja_env.globals.update(house=house, may=may, visitor=visitor)  # globals, so that macros have them too
    app.context_processor(lambda: {"today": today()})
    transaction.register(app)


def _static_address(name: str) -> str:
    """A static file's address with a piece of its hash, so that browsers may keep a file for ever and still see a new one. As a
    filter of constants it is asked once, when a template is compiled."""
    content = (data_dir("static") / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:8]}"
