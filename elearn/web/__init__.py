"""How it is shown: HTTP, HTML, forms, login. The only room with Flask in it; it holds no query and no rule of the subject."""

import hashlib
from pathlib import Path

from flask import Flask

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
    app.jinja_env.globals.update(house=house, may=may, visitor=visitor)  # globals, so that macros have them too
    app.context_processor(lambda: {"today": today()})
    _name_static_files_by_content(app)
    transaction.register(app)


def _name_static_files_by_content(app: Flask) -> None:
    """Static addresses carry a piece of the file's hash, so that browsers may keep a file for ever and still see a new one."""
    marks: dict[str, str] = {}

    def mark(endpoint: str, values: dict[str, str]) -> None:
        if endpoint == "static" and app.static_folder:
            name = values["filename"]
            if name not in marks:
                marks[name] = hashlib.sha256(Path(app.static_folder, name).read_bytes()).hexdigest()[:8]
            values["v"] = marks[name]

    app.url_defaults(mark)
