"""Logging in and out, choosing a password, leaving at once.

None of these views uses ``session()``: one transaction reads the hash and the throttle, the hash is computed
outside any transaction, a second one records the outcome whatever the status (architecture.md,
"Transactions").
"""

import datetime as dt

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from elearn import clock, database
from elearn.errors import Invalid
from elearn.identity import actions, logins, passwords
from elearn.journal.deed import Deed, person
from elearn.web import forms, security
from elearn.web.request import Visitor, house, settings, today

blueprint = Blueprint("login", __name__)

WRONG = "Numret eller lösenordet stämmer inte. Kontrollera båda och försök igen."
WRONG_CODE = "Koden stämmer inte eller har gått ut. Kontrollera den, eller be din chef om en ny."
WRONG_PASSWORD = "Ditt nuvarande lösenord stämmer inte."  # noqa: S105  a sentence
CARRIED = "svar-"


@blueprint.route("/logga-in", methods=["GET", "POST"])
def log_in() -> Response | str | tuple[str, int]:
    form = forms.LoginForm(request.form if request.method == "POST" else request.args)
    if request.method == "GET":
        return login_page(form)
    if not form.validate():
        return login_page(form), 422
    token, wait = sign_in(form.anstallningsnr.data or "", form.losenord.data or "")
    if token is None:
        form.losenord.errors = [waiting(wait) if wait else WRONG]
        return login_page(form), 429 if wait else 422
    security.log_in(token)
    return send_again(form.vidare.data) or redirect(security.local_path(form.vidare.data) or "/", 303)


@blueprint.post("/logga-ut")
def log_out() -> Response:
    end_login()
    return redirect("/logga-in", 303)


@blueprint.post("/lamna")
def leave() -> Response:
    """The quick exit: the login ends, so that the back button finds nothing. It works whatever state the page
    is in."""
    end_login()
    return redirect(settings().quick_exit_url, 303)


@blueprint.route("/losenord", methods=["GET", "POST"])
def choose_password() -> Response | str | tuple[str, int]:
    someone = logged_in()
    form = forms.ChangePasswordForm(request.form) if someone else forms.InvitedForm(request.form)
    if request.method == "GET":
        return password_page(form, someone)
    status = take_password(form, someone) if form.validate() else 422
    if status != 303:
        return password_page(form, someone), status
    return redirect("/", 303)


def sign_in(name: str, password: str) -> tuple[str | None, dt.timedelta | None]:
    """A new login's token; or None, with how long to wait if that is why."""
    now = clock.now()
    with database.transaction(house().engine) as session:
        candidate = logins.find_candidate(
            session, name, address(), logins.throttle_key(settings()), today(), now
        )
    if candidate.must_wait:
        return None, candidate.wait
    is_right = passwords.verify(candidate.password_hash, password)
    rehashed = (
        passwords.rehash(candidate.password_hash, password) if is_right and candidate.password_hash else None
    )
    with database.transaction(house().engine) as session:
        if is_right and candidate.person_id:
            return logins.record_success(session, candidate, now, rehashed), None
        logins.record_failure(session, candidate, now)
    return None, None


def take_password(form: forms.NewPasswordForm, someone: Visitor | None) -> int:
    """The answer's status: 303 when the password is chosen, else the form again with what was wrong in it."""
    if isinstance(form, forms.ChangePasswordForm) and someone:
        return change_password(form, someone)
    return accept_invitation(form) if isinstance(form, forms.InvitedForm) else 422


def change_password(form: forms.ChangePasswordForm, someone: Visitor) -> int:
    """Change the logged-in person's password; every other login of theirs ends, this one begins anew. The
    answer's status."""
    with database.transaction(house().engine) as session:
        candidate = logins.find_candidate(
            session, someone.viewer.number, address(), logins.throttle_key(settings()), today(), clock.now()
        )
    if candidate.must_wait:
        form.nuvarande.errors = [waiting(candidate.wait)]
        return 429
    if not passwords.verify(candidate.password_hash, form.nuvarande.data or ""):
        with database.transaction(house().engine) as session:
            logins.record_failure(session, candidate, clock.now())
        form.nuvarande.errors = [WRONG_PASSWORD]
        return 422
    return choose(form, candidate)


def accept_invitation(form: forms.InvitedForm) -> int:
    """Choose a first password with the code from the manager, and be logged in. The answer's status."""
    now = clock.now()
    with database.transaction(house().engine) as session:
        candidate = logins.find_invited(
            session, form.kod.data or "", address(), logins.throttle_key(settings()), today(), now
        )
        if not candidate.must_wait and candidate.owner is None:
            logins.record_failure(session, candidate, now)
    if candidate.must_wait or candidate.owner is None:
        form.kod.errors = [waiting(candidate.wait) if candidate.must_wait else WRONG_CODE]
        return 429 if candidate.must_wait else 422
    return choose(form, candidate)


def choose(form: forms.NewPasswordForm, candidate: logins.Candidate) -> int:
    """Check the rules, hash outside any transaction, store, and log in. 303, or 422 with the rules' sentences
    in the form."""
    if candidate.owner is None or candidate.person_id is None:
        return 422
    try:
        password_hash = passwords.hash_chosen(
            form.losenord.data or "", candidate.owner, settings().municipality
        )
    except Invalid as refusal:
        form.losenord.errors = list(refusal.faults)
        return 422
    deed = Deed(person(candidate.person_id), clock.now(), today())
    with database.transaction(house().engine) as session:
        if isinstance(form, forms.InvitedForm):
            actions.choose_password_with_code(session, deed, form.kod.data or "", password_hash)
        else:
            actions.set_password(session, deed, candidate.person_id, password_hash)
        token = logins.begin_session(session, candidate.person_id, deed.now)
    security.log_in(token)
    return 303


def logged_in() -> Visitor | None:
    """Who is logged in, read in a transaction of its own, so that none is open while a hash is computed."""
    token = security.current_token()
    if token is None:
        return None
    with database.snapshot(house().engine) as session:
        return security.find_visitor(session, token)


def end_login() -> None:
    token = security.current_token()
    security.forget()
    if token:
        with database.transaction(house().engine) as session:
            logins.end_session(session, token, clock.now())


def address() -> str:
    return request.remote_addr or ""


def waiting(wait: dt.timedelta) -> str:
    seconds = max(1, round(wait.total_seconds()))
    unit = f"{seconds} sekunder" if seconds < 90 else f"{round(seconds / 60)} minuter"
    return f"Det har blivit för många försök. Vänta {unit} och försök sedan igen."


def carried() -> list[tuple[str, str]]:
    """A lesson's answers that a lost login left on the error page: they follow through the login."""
    return [(name, value) for name, value in request.form.items(multi=True) if name.startswith(CARRIED)]


def send_again(target: str | None) -> str | None:
    """After the login, a page that sends the carried answers on to their lesson, with a new token."""
    path = security.local_path(target)
    answers = [(name.removeprefix(CARRIED), value) for name, value in carried()]
    if not answers or path is None or not path.startswith("/kurs/"):
        return None
    return render_template("login/send_again.html", path=path, carried=answers)


def login_page(form: forms.LoginForm) -> str:
    return render_template(
        "login/log_in.html",
        form=form,
        faults=forms.faults(form),
        carried=carried(),
        personas=house().personas,
    )


def password_page(form: forms.NewPasswordForm, someone: Visitor | None) -> str:
    return render_template("login/password.html", form=form, faults=forms.faults(form), someone=someone)
