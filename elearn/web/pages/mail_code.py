"""Logging in with a code by mail (R16, R17): where it is to be sent, and the code.

As every login it does not use ``session()`` (architecture.md, "Transactions"). The letter is sent beside the
request, so that the answer takes as long whether there is one to send or not (S23).
"""

import secrets

from flask import Blueprint, abort, redirect, render_template, request
from flask import session as cookie
from werkzeug.wrappers import Response

from elearn.errors import Refused
from elearn.identity import mail_codes
from elearn.identity.entry import NotRecognised
from elearn.identity.mail_codes import CodeToSend
from elearn.identity.throttle import MustWait
from elearn.messages import letters
from elearn.messages.post import Post
from elearn.web import carried, errors, forms, security
from elearn.web.pages import login
from elearn.web.request import application, settings

blueprint = Blueprint("mail_code", __name__)
BROWSER = "kod"


@blueprint.get("/logga-in/kod")
def ask() -> str:
    post()
    return ask_page(forms.AskCodeForm())


@blueprint.post("/logga-in/kod")
def send() -> Response | tuple[str, int]:
    """With ``vidare`` it comes from the login page, and asks where to send it."""
    form = forms.AskCodeForm(request.form)
    post()
    if "vidare" in request.form:
        carried.keep(request.form["vidare"])
        return redirect("/logga-in/kod", 303)
    if not form.validate():
        return ask_page(form), 422
    try:
        send_code(form.epost.data or "")
    except Refused as refusal:
        form.epost.errors = [str(refusal)]
        return ask_page(form), errors.status_of(refusal)
    return redirect("/logga-in/kod/skriv", 303)


@blueprint.get("/logga-in/kod/skriv")
def show() -> Response | str:
    post()
    if BROWSER not in cookie:
        return redirect("/logga-in/kod", 303)
    return enter_page(forms.EnterCodeForm())


@blueprint.post("/logga-in/kod/skriv")
def enter() -> Response | tuple[str, int]:
    form = forms.EnterCodeForm(request.form)
    post()
    if not form.validate():
        return enter_page(form), 422
    target, answers = carried.kept()
    browser = cookie.get(BROWSER, "")
    try:
        entered = mail_codes.log_in(login.door(), browser, form.kod.data or "", security.current_token())
    except (NotRecognised, MustWait) as refusal:
        form.kod.errors = [str(refusal)]
        return enter_page(form), errors.status_of(refusal)
    return login.enter(entered, target, answers)


def send_code(typed: str) -> None:
    """A new code for a browser that gets a new name: an earlier code is worth nothing to it. Raises
    ``Refused``, ``MustWait``."""
    way = post()
    way.take_place()
    code: CodeToSend | None = None
    try:
        browser = secrets.token_urlsafe(32)
        code = mail_codes.ask(login.door(), typed, browser)
        cookie[BROWSER] = browser
    finally:
        letter = letters.login_code(code.email, code.code, settings().municipality) if code else None
        way.send_soon(letter)


def post() -> Post:
    """404 where no mail is set up."""
    return application().post or abort(404)


def ask_page(form: forms.AskCodeForm) -> str:
    return render_template("login/ask_code.html", form=form, faults=forms.faults(form))


def enter_page(form: forms.EnterCodeForm) -> str:
    return render_template("login/enter_code.html", form=form, faults=forms.faults(form))
