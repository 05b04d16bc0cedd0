"""The baseline of bench/lesson.py: a bare Flask view with one indexed SQLite SELECT and a Jinja page of 15
kB."""

import os
import sqlite3
import threading

from flask import Flask

ROW = (
    "<li class='row'>{{ n }} {{ name }}, en rad av en vanlig sida med lite text i, så lång som "
    "rader brukar vara</li>"
)
PAGE = "<!doctype html><title>{{ name }}</title><ul>{% for n in range(150) %}" + ROW + "{% endfor %}</ul>"


def create() -> Flask:
    app = Flask("bare")
    template = app.jinja_env.from_string(PAGE)
    local = threading.local()

    @app.get("/")
    def page() -> str:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(os.environ["BARE_DATABASE"], check_same_thread=False)
        (name,) = local.connection.execute(
            "SELECT first_name FROM person WHERE number = ?", ("100001",)
        ).fetchone()
        return template.render(name=name)

    return app
