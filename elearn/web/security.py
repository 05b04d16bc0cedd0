"""Deny by default: who may see a page, how long a login lasts, and the headers of every answer (S1, S2, S9,
S10, S12, S24).

Three questions in three places: *are you anyone* and *may your role do this* are answered here, before any
view; *may you see these people* inside each query (``people/access.py``).
"""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import flask_login
from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as BaseResponse

from elearn import clock
from elearn.database import Session
from elearn.identity import logins
from elearn.people.access import Permission
from elearn.settings import Settings
from elearn.web import uploads
from elearn.web.request import IDLE, may, session, today
from elearn.web.turns import BUSY, TURNED_AWAY, ManyAtTheDoor, Turns

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = frozenset(
    {
        "static",
        "login.show_log_in",
        "login.log_in",
        "login.log_out",
        "login.leave",
        "login.show_password",
        "login.choose_password",
        "confirm.show",
        "confirm.confirm",
        "sign_on.begin",
        "sign_on.finish",
        "mail_code.ask",
        "mail_code.send",
        "mail_code.show",
        "mail_code.enter",
        "public.support",
        "public.about",
        "public.personal_data",
        "public.accessibility",
        "public.health",
        "operations.ready",
        "certificates.check",
        "components.show",
        "metrics.show",
    }
)
DECLARED: dict[Callable[..., Any], Permission] = {}
SEEN_EVERY = dt.timedelta(minutes=5)
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
MAX_FORM_BYTES = 256 * 1024

csrf = CSRFProtect()
login_manager = flask_login.LoginManager()
login_manager.session_protection = None


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare which permission a view asks for. A view that declares none answers 403 to everybody (S1)."""

    def declare(view: View) -> View:
        DECLARED[view] = permission
        return view

    return declare


def ask_login() -> BaseResponse | None:
    """Before every view: look the visitor up once. An unknown address falls through to the 404, and the
    pages for everybody ask nobody who they are.

    It comes before CSRF, whose token a lost login takes with it: whoever sends a form then is told what has
    happened, and keeps what they answered (pages.md, rule 5)."""
    if request.endpoint is None or request.endpoint in PUBLIC:
        return None
    user = flask_login.current_user
    if user.is_authenticated:
        g.visitor = user.login
        return None
    if request.method == "POST":
        abort(401)
    return redirect(url_for("login.show_log_in", vidare=request.full_path.rstrip("?")), 303)


def permission_of(endpoint: str) -> Permission | None:
    """What the view of this endpoint asks for; None when it declares nothing."""
    rules: dict[str, Permission] = current_app.extensions["rules"]
    return rules.get(endpoint)


def asked_permission() -> Permission | None:
    """What the view of this address asks for."""
    return permission_of(request.endpoint or "")


def ask_permission() -> None:
    """After CSRF: whether this visitor's role may do this (S1)."""
    if request.endpoint is None or request.endpoint in PUBLIC:
        return
    permission = asked_permission()
    if permission is None or not may(permission):
        abort(403)


class SignedCookie(SecureCookieSessionInterface):
    """The cookie, signed with HMAC-SHA-256; Flask's own default is SHA-1."""

    digest_method = staticmethod(hashlib.sha256)


class User(flask_login.UserMixin):  # type: ignore[misc]
    """Who is logged in, in Flask-Login's terms. Its id is the login session's random one, so that one row
    revokes it."""

    def __init__(self, token: str, login: logins.Login) -> None:
        self.id = token
        self.login = login


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(token: str) -> User | None:
    login = find_login(session(), token)
    return User(token, login) if login else None


def find_login(session: Session, token: str) -> logins.Login | None:
    """Who holds this login now: idle time by the signed ``seen_at``, the rest by the rows, at every request
    (S7, S9)."""
    now = clock.now()
    seen_at = dt.datetime.fromtimestamp(cookie.get("seen_at", 0), dt.UTC)
    if not now - IDLE <= seen_at <= now + SEEN_EVERY:
        return None
    login = logins.session_person(session, token, now, today())
    if login and now - seen_at > SEEN_EVERY:
        cookie["seen_at"] = int(now.timestamp())
    return login


def log_in(token: str) -> None:
    """Put a new login in an empty cookie: what was in it before is worth nothing afterwards (S8)."""
    cookie.clear()
    cookie["_user_id"] = token
    cookie["seen_at"] = int(clock.now().timestamp())


def go_on(token: str) -> bool:
    """Whether the rest of this request is done by whoever has just logged in with this token."""
    g.visitor = find_login(session(), token)
    return may(Permission.TAKE_COURSES)


def current_token() -> str | None:
    """The login session's id as the cookie has it, whether it still holds or not."""
    return cookie.get("_user_id")


def forget() -> None:
    """Forget the cookie, if the browser sent one."""
    if cookie:
        cookie.clear()


def is_from_another_site() -> bool:
    """Whether a page of somebody else's made the browser send this (Fetch Metadata; our pages send no
    Referer, and so no Origin either)."""
    return request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")


def local_path(target: str | None) -> str | None:
    """``target`` if it is an address of our own (S26), else None. Backslashes and control characters are what
    browsers mend."""
    if not target or not target.startswith("/") or target.startswith("//") or len(target) > 2000:
        return None
    if "\\" in target or any(ord(character) < 33 for character in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def trusted_hosts(settings: Settings) -> list[str]:
    """The names that this server answers to: the configured one, or without one this machine's own, so that
    no other site's name can be made to lead here."""
    host = urlsplit(settings.public_url).hostname
    return [host] if host else ["127.0.0.1", "localhost"]


def refuse_when_busy() -> None:
    if request.environ.get(BUSY):
        abort(503)
    if request.environ.get(TURNED_AWAY):
        raise ManyAtTheDoor


def content_policy(settings: Settings) -> str:
    """Nothing from anywhere else; the quick exit may be the end of a form's redirects."""
    exit_parts = urlsplit(settings.quick_exit_url)
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
        "connect-src 'self'; "
        f"form-action 'self' {exit_parts.scheme}://{exit_parts.netloc}; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LASTING = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def protect(response: Response, headers: dict[str, str], policy: str) -> Response:
    """The headers of every answer (S24). Only our own static files may be kept by anybody."""
    is_static = request.endpoint == "static" and response.status_code in (200, 206, 304)
    is_picture = response.mimetype == "image/svg+xml"
    response.headers.extend(headers)
    response.headers["Content-Security-Policy"] = PICTURE_POLICY if is_picture else policy
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_static else "no-store"
    return response


def register(app: Flask, settings: Settings) -> None:
    """Cookies, who is there, CSRF, who may, the headers, and how many proxies are believed."""
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SESSION_COOKIE_NAME="__Host-elearn" if settings.is_https else "elearn",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        TRUSTED_HOSTS=trusted_hosts(settings),
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        MAX_FORM_PARTS=500,
        WTF_CSRF_TIME_LIMIT=None,
        # no Referer is ever sent (Referrer-Policy); SameSite and the token do the work
        WTF_CSRF_SSL_STRICT=False,
    )
    app.session_interface = SignedCookie()
    hops = settings.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.wsgi_app = Turns(app.wsgi_app, MAX_FORM_BYTES)  # type: ignore[method-assign]
    # A path with two slashes is no page; Werkzeug would redirect it to a host that the client names.
    app.url_map.merge_slashes = False
    app.before_request(refuse_when_busy)
    app.before_request(ask_login)
    app.request_class = uploads.Request
    app.before_request(uploads.allow_upload)
    csrf.init_app(app)
    # The quick exit works whatever state the page is in; it can only log out.
    csrf.exempt("elearn.web.pages.login.leave")
    # The pages say who is there themselves: a context processor of Flask-Login's would ask on every page.
    login_manager.init_app(app, add_context_processor=False)
    app.before_request(ask_permission)
    headers, policy = HEADERS | (LASTING if settings.is_https else {}), content_policy(settings)
    app.after_request(lambda response: protect(response, headers, policy))
    app.extensions["rules"] = {}


def read_rules(app: Flask) -> None:
    """Endpoint -> permission, from what each registered view declares. Called when every blueprint is
    there."""
    app.extensions["rules"].update(
        {endpoint: DECLARED[view] for endpoint, view in app.view_functions.items() if view in DECLARED}
    )
