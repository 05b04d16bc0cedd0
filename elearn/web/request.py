"""What a view may ask for: the application, the session, the catalogue, today, and who is asking."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import current_app, g, request
from flask import session as cookie

from elearn import clock, database
from elearn.content.catalog import Catalog
from elearn.content.live_catalog import DraftCatalog, LiveCatalog
from elearn.demo.personas import Persona
from elearn.identity.logins import Login
from elearn.identity.provider import Provider
from elearn.journal.deed import Deed, person
from elearn.messages.post import Post
from elearn.people.access import Access, Permission
from elearn.settings import Settings

IDLE = dt.timedelta(minutes=60)
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Application:
    """What the application is built from; one per process."""

    settings: Settings
    engine: database.Engine
    shelf: LiveCatalog | DraftCatalog
    personas: Sequence[Persona]
    provider: Provider | None = None  # of single sign-on
    post: Post | None = None  # for codes by mail


def application() -> Application:
    return cast(Application, current_app.extensions["elearn"])


def settings() -> Settings:
    return application().settings


def session() -> database.Session:
    """This request's one session, begun by its first use: reading for GET, writing for POST
    (web/transaction.py ends it)."""
    if "session" not in g:
        g.session = database.open_session(application().engine, writes=request.method not in READING_METHODS)
    return cast(database.Session, g.session)


def catalog() -> Catalog:
    """The catalogue, the same one through the whole request even if it is swapped meanwhile."""
    if "catalog" not in g:
        g.catalog = application().shelf.current()
    return cast(Catalog, g.catalog)


def today() -> dt.date:
    return clock.today(settings().today)


def visitor() -> Login | None:
    """Who is logged in, or None: also on the pages for everybody, which ask nobody who they are.

    The guard looks it up once for each request that needs it (web/security.py); this asks no database."""
    return cast("Login | None", g.get("visitor"))


def has_login_cookie() -> bool:
    """Whether the browser has logged in, as its signed cookie says. The login may have ended since: it
    decides which links are shown, and nothing else."""
    return "_user_id" in cookie


def seconds_left() -> int:
    """How long the login lasts if nothing more is done, as the signed cookie says."""
    idle_since = dt.datetime.fromtimestamp(cookie.get("seen_at", 0), dt.UTC)
    return max(0, int((idle_since + IDLE - clock.now()).total_seconds()))


def person_id() -> int:
    """The logged-in person: only for views behind a permission."""
    return cast(Login, g.visitor).person_id


def deed() -> Deed:
    """This request as an act of the logged-in person's: only for views behind a permission."""
    return Deed(person(person_id()), clock.now(), today())


def access() -> Access:
    return cast(Login, g.visitor).access


def may(permission: Permission) -> bool:
    someone = visitor()
    return someone is not None and someone.access.may(permission)
