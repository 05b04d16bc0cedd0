"""What a view may ask for: the house, the session, the catalogue, today, and who is asking."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import flask_login
from flask import current_app, g, request

from elearn import clock, database
from elearn.content.catalog import Catalog
from elearn.content.shelf import Desk, Shelf
from elearn.demo.personas import Persona
from elearn.identity.logins import Viewer
from elearn.journal.deed import Deed, person
from elearn.people.access import Access, Permission
from elearn.settings import Settings

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class House:
    """What the application is built from; one per process."""

    settings: Settings
    engine: database.Engine
    shelf: Shelf | Desk
    personas: Sequence[Persona]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is logged in, in Flask-Login's terms. Its id is the login session's random one, so that one row
    revokes it."""

    token: str
    viewer: Viewer
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:  # Flask-Login's name
        return self.token


def house() -> House:
    return cast(House, current_app.extensions["elearn"])


def settings() -> Settings:
    return house().settings


def session() -> database.Session:
    """This request's one session, begun by its first use: reading for GET, writing for POST
    (web/transaction.py ends it)."""
    if "session" not in g:
        g.session = database.open_session(house().engine, writes=request.method not in READING_METHODS)
    return cast(database.Session, g.session)


def catalog() -> Catalog:
    """The catalogue, the same one through the whole request even if it is swapped meanwhile."""
    if "catalog" not in g:
        g.catalog = house().shelf.current()
    return cast(Catalog, g.catalog)


def today() -> dt.date:
    return clock.today(settings().today)


def visitor() -> Visitor | None:
    """Who is logged in, or None."""
    user = flask_login.current_user
    return cast(Visitor, user) if user.is_authenticated else None


def person_id() -> int:
    """The logged-in person: only for views behind a permission."""
    return cast(Visitor, flask_login.current_user).viewer.person_id


def deed() -> Deed:
    """This request as an act of the logged-in person: only for views behind a permission."""
    return Deed(person(person_id()), clock.now(), today())


def access() -> Access:
    return cast(Visitor, flask_login.current_user).viewer.access


def may(permission: Permission) -> bool:
    someone = visitor()
    return someone is not None and someone.viewer.access.may(permission)
