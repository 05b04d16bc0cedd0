"""Logging in with the municipality's account: to the provider, and back.

As every login it does not use ``session()`` (architecture.md, "Transactions"): ``identity/oidc.py`` has
transactions of its own, and asks the provider outside them. The answer comes as a GET, by the protocol; what
keeps others from making somebody send one is the state in the signed cookie.
"""

import dataclasses

from flask import Blueprint, abort, render_template, request
from flask import session as cookie
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from elearn import clock
from elearn.errors import ElearnError
from elearn.identity import oidc
from elearn.identity.entry import Entered
from elearn.identity.oidc import Match, Ticket
from elearn.identity.provider import Provider, ProviderAway, SignOnRefused
from elearn.web import carried, errors, forms, security
from elearn.web.pages import login
from elearn.web.request import application, settings

blueprint = Blueprint("sign_on", __name__)
ANSWER_PATH = "/logga-in/konto/svar"
TICKET = "konto"


@blueprint.post("/logga-in/konto")
def begin() -> tuple[str, int, dict[str, str]] | tuple[str, int]:
    """On to the provider. By a page, not by a redirect: the content policy lets no form lead elsewhere."""
    target = request.form.get("vidare", "")
    try:
        address, ticket = oidc.begin(provider(), clock.now())
    except (ProviderAway, SignOnRefused) as refusal:
        return refused(refusal, target)
    cookie[TICKET] = dataclasses.asdict(ticket)
    carried.keep(target)
    page = render_template("login/to_provider.html", address=address)
    return page, 200, {"Refresh": f"0; url={address}"}


@blueprint.get(ANSWER_PATH)
def finish() -> Response | str | tuple[str, int]:
    target, answers = carried.kept()
    match = Match(settings().oidc_claim, settings().oidc_person)
    try:
        entered = oidc.finish(
            login.door(), provider(), match, ticket(), request.args.to_dict(), security.current_token()
        )
    except (ProviderAway, SignOnRefused) as refusal:
        return refused(refusal, target)
    return enter(entered, target, answers)


def enter(entered: Entered, target: str, answers: carried.Fields) -> Response | str:
    """On to where they were going. Answers that wait are sent by a button: an address that is opened sends
    nothing. Those that somebody else gave on the same computer are dropped unseen."""
    security.log_in(entered.token)
    if answers and carried.belong_to(answers, entered.person_id) and security.go_on(entered.token):
        return render_template("login/answers_wait.html", carried=answers, lesson_path=target)
    return redirect(security.local_path(target) or "/", 303)


def provider() -> Provider:
    """404 where single sign-on is not set up."""
    return application().provider or abort(404)


def ticket() -> Ticket | None:
    """What ``begin`` put in the cookie: it is taken out, whatever comes of it."""
    found = cookie.pop(TICKET, None)
    return Ticket(**found) if found else None


def refused(refusal: ElearnError, target: str) -> tuple[str, int]:
    """The login page with the reason: the other ways in are as they were."""
    form = forms.LoginForm(data={"vidare": target})
    return login.login_page(form, str(refusal)), errors.status_of(refusal)
