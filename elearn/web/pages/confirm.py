"""Whoever is about to change who may do what shows again who they are (S6).

As at the login, ``identity/entry.py`` has transactions of its own, so that none is open while a password is
compared."""

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form, PasswordField, StringField, validators

from elearn import clock
from elearn.errors import Conflict
from elearn.identity import entry
from elearn.identity.entry import NotRecognised
from elearn.identity.logins import Login
from elearn.identity.throttle import MustWait
from elearn.web import errors, forms, security
from elearn.web.pages.login import door, find_current_login
from elearn.web.request import visitor

blueprint = Blueprint("confirm", __name__)


class ConfirmForm(Form):
    """The own password; ``vidare`` is where the person was going."""

    losenord = PasswordField("Ditt lösenord", [validators.InputRequired("Skriv ditt lösenord.")])
    vidare = StringField()


def ask_again(path: str) -> Response | None:
    """The way to this page for whoever logged in too long ago, and from it back to ``path``; None for whoever
    logged in lately."""
    someone = visitor()
    if someone is not None and someone.is_recent(clock.now()):
        return None
    return redirect(url_for("confirm.show", vidare=path), 303)


@blueprint.get("/bekrafta")
def show() -> Response | str:
    login = find_current_login()
    target = request.args.get("vidare", "")
    if login is None:
        return redirect(url_for("login.show_log_in", vidare=target), 303)
    if login.is_recent(clock.now()):
        return redirect(security.local_path(target) or "/", 303)
    return page(ConfirmForm(data={"vidare": target}), login)


@blueprint.post("/bekrafta")
def confirm() -> Response | tuple[str, int]:
    login, form = find_current_login(), ConfirmForm(request.form)
    if login is None:
        abort(401)
    if not form.validate():
        return page(form, login), 422
    try:
        entered = entry.confirm(door(), login.person_id, form.losenord.data or "", security.current_token())
    except (NotRecognised, MustWait, Conflict) as refusal:
        form.losenord.errors = [str(refusal)]
        return page(form, login), errors.status_of(refusal)
    security.log_in(entered.token)
    return redirect(security.local_path(form.vidare.data) or "/", 303)


def page(form: ConfirmForm, login: Login) -> str:
    g.visitor = login  # whom the menu and the strip are for
    return render_template("login/confirm.html", form=form, faults=forms.faults(form))
