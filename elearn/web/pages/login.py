"""Logging in and out, choosing a password, leaving at once.

No login uses ``session()``: ``identity/entry.py`` has transactions of its own, so that what was counted stays
counted whatever the answer's status (architecture.md, "Transactions"). Answers that follow through the login
are received after it, in the request's.
"""

from flask import Blueprint, abort, flash, g, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from elearn import clock, database
from elearn.errors import Conflict, Invalid
from elearn.identity import entry, leaving, throttle
from elearn.identity.entry import Door, Entered, NotRecognised
from elearn.identity.logins import Login
from elearn.identity.throttle import MustWait
from elearn.people.access import Permission
from elearn.web import carried, errors, forms, security
from elearn.web.pages import lesson
from elearn.web.request import application, seconds_left, settings, today

blueprint = Blueprint("login", __name__)
CHANGED = "Lösenordet är bytt. På andra telefoner och datorer behöver du logga in igen."
CHOSEN = "Lösenordet är valt och du är inloggad."
LOG_OUT_SECONDS = 2.0  # the cookie is forgotten in any case; a database that is away ends the row no sooner


@blueprint.get("/logga-in")
def show_log_in() -> Response | str:
    if find_current_login():
        return redirect(security.local_path(request.args.get("vidare")) or "/", 303)
    return login_page(forms.LoginForm(data={"vidare": request.args.get("vidare", "")}))


@blueprint.post("/logga-in")
def log_in() -> Response | tuple[str, int]:
    form = forms.LoginForm(request.form)
    if not form.validate():
        return login_page(form), 422
    try:
        entered = entry.log_in(
            door(), form.anstallningsnr.data or "", form.losenord.data or "", security.current_token()
        )
    except (NotRecognised, MustWait, Conflict) as refusal:
        form.losenord.errors = [str(refusal)]
        return login_page(form), errors.status_of(refusal)
    return enter(entered, form.vidare.data, carried.from_login(form.vidare.data))


@blueprint.post("/logga-ut")
def log_out() -> Response:
    token = security.current_token()
    security.forget()
    if token:
        leaving.end_session_soon(application().engine, token, clock.now(), LOG_OUT_SECONDS)
    flash("Du är utloggad.")
    return redirect("/logga-in", 303)


@blueprint.get("/kvar")
@security.requires(Permission.TAKE_COURSES)
def stay() -> tuple[str, int, dict[str, str]]:
    """The login goes on, as by any page: in how many seconds it ends now (static/stay.js)."""
    return str(seconds_left()), 200, {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.post("/lamna")
def leave() -> Response:
    """The quick exit: the login ends, so that the back button finds nothing. It leads away whatever state
    the page and the database are in. Another site's page can make nobody log out."""
    token = security.current_token()
    if token and not security.is_from_another_site():
        security.forget()
        leaving.end_session_soon(application().engine, token, clock.now())
    return redirect(settings().quick_exit_url, 303)


@blueprint.get("/losenord")
def show_password() -> str:
    login = find_current_login()
    return password_page(forms.ChangePasswordForm() if login else forms.InvitedForm(), login)


@blueprint.post("/losenord")
def choose_password() -> Response | tuple[str, int]:
    login = find_current_login()
    form = forms.ChangePasswordForm(request.form) if login else forms.InvitedForm(request.form)
    if login is None and "nuvarande" in request.form:
        abort(401)
    if not forms.is_complete(form):
        return password_page(form, login), 422
    try:
        entered = store_password(form, login)
    except (NotRecognised, MustWait, Invalid, Conflict) as refusal:
        tell_refusal(form, refusal)
        return password_page(form, login), errors.status_of(refusal)
    security.log_in(entered.token)
    flash(CHANGED if login else CHOSEN)
    return redirect("/", 303)


def store_password(form: forms.NewPasswordForm, login: Login | None) -> Entered:
    """Change the password of whoever is logged in, or choose a first one with a code."""
    chosen = form.losenord.data or ""
    if login:
        current = request.form.get("nuvarande", "")
        return entry.change_password(door(), login.person_id, current, chosen)
    return entry.accept_invitation(door(), request.form.get("kod", ""), chosen, security.current_token())


def tell_refusal(form: forms.NewPasswordForm, refusal: Exception) -> None:
    """Put the sentences beside the field that they are about."""
    if isinstance(refusal, Invalid):
        form.losenord.errors = list(refusal.faults)
    else:
        field = form["nuvarande"] if "nuvarande" in form else form["kod"]
        field.errors = [str(refusal)]


def door() -> Door:
    return Door(
        application().engine,
        throttle.key_of(settings()),
        request.remote_addr or "",
        clock.now(),
        today(),
        settings().municipality,
        settings().passwords,
    )


def find_current_login() -> Login | None:
    """Who is logged in, read in a transaction of its own, so that none is open while a hash is computed."""
    token = security.current_token()
    if token is None:
        return None
    with database.snapshot(application().engine) as session:
        return security.find_login(session, token)


def enter(entered: Entered, target: str | None, answers: carried.Fields) -> Response | tuple[str, int]:
    """Somebody has come in by a form: on to where they were going."""
    security.log_in(entered.token)
    return send_carried(target, answers, entered) or redirect(security.local_path(target) or "/", 303)


def send_carried(
    target: str | None, answers: carried.Fields, entered: Entered
) -> Response | tuple[str, int] | None:
    """After the login, the carried answers go on to their lesson at once. Answers that somebody else gave on
    the same computer are dropped unseen."""
    place = carried.address(target)
    if place is None or not answers or not carried.belong_to(answers, entered.person_id):
        return None
    return lesson.receive(*place, MultiDict(answers)) if security.go_on(entered.token) else None


def login_page(form: forms.LoginForm, refusal: str = "") -> str:
    """``refusal``: why another way in than the form's has not led in."""
    return render_template(
        "login/log_in.html",
        form=form,
        faults=forms.faults(form) or ([("konto", refusal)] if refusal else []),
        carried=carried.from_login(form.vidare.data),
        personas=application().personas,
    )


def password_page(form: forms.NewPasswordForm, login: Login | None) -> str:
    g.visitor = login  # whom the menu and the strip are for
    return render_template("login/password.html", form=form, faults=forms.faults(form), someone=login)
