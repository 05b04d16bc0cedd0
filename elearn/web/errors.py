"""Error pages: a sentence that helps, never what went wrong inside (S29). What the reader had answered is
carried along."""

import logging
import secrets
import traceback

from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from elearn import database
from elearn.errors import Conflict, ElearnError, Forbidden, Invalid, NotFound, Refused
from elearn.identity.entry import NotRecognised
from elearn.identity.provider import ProviderAway, SignOnRefused
from elearn.identity.throttle import MustWait
from elearn.people.access import Permission
from elearn.web import carried, forms, security
from elearn.web.request import READING_METHODS, visitor
from elearn.web.turns import ManyAtTheDoor

log = logging.getLogger(__name__)

# MustWait is a Refused: the first that fits is meant.
STATUS = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Invalid: 422,
    NotRecognised: 422,
    SignOnRefused: 422,
    ProviderAway: 503,
    MustWait: 429,
    Refused: 409,
}
FOR_MANAGERS = "Den här sidan är för dig som är chef"
STOOD_OPEN = "Sidan hade stått öppen för länge"
MANY = "Många loggar in just nu"
WAIT = "Vänta en halv minut och försök sedan igen. Ingenting är fel med dina uppgifter."
WAIT_SECONDS = 30
KEEPS_ANSWERS = (400, 401, 422, 429, 500, 503)
READING_503 = ("Sidan går inte att visa just nu", "Försök igen om en stund. Stödsidan fungerar som vanligt.")
TEXTS = {
    400: ("Det som skickades gick inte att läsa", "Gå tillbaka, ladda om sidan och försök igen."),
    401: ("Du har blivit utloggad", "Det händer när sidan har stått öppen i en timme. Logga in igen."),
    403: ("Den här sidan är för andra än dig", "Vilka sidor du ser beror på vad du arbetar med."),
    404: ("Sidan finns inte", "Adressen kan vara fel skriven, eller så har sidan flyttats."),
    405: ("Sidan går inte att öppna på det sättet", "Gå till startsidan och börja därifrån."),
    409: ("Något har ändrats", "Ladda om sidan och försök igen."),
    413: ("Det du skickade är för stort", "Ingenting är sparat. Gå tillbaka och försök igen."),
    422: ("Det som skickades gick inte att läsa", "Gå tillbaka och försök igen."),
    429: ("För många försök", "Vänta en stund och försök sedan igen."),
    500: ("Något gick fel hos oss", "Ingenting av det du skickade är sparat. Försök igen om en stund."),
    503: ("Det går inte att spara just nu", "Ingenting av det du skickade är sparat, men du kan "
          "försöka igen om en stund."),
}  # fmt: skip


def page(
    status: int, sentence: str | None = None, *, heading: str | None = None, reference: str | None = None
) -> tuple[str, int]:
    """The one error page. A lesson's answers that were on their way stand in it as a form, to be sent
    again."""
    usual, advice = TEXTS.get(status, TEXTS[500])
    if status == 503 and request.method in READING_METHODS:
        usual, advice = READING_503
    keeps = status in KEEPS_ANSWERS and not security.is_from_another_site()
    path, answers = carried.on_their_way() if keeps else ("", [])
    return render_template(
        "errors/error.html",
        status=status,
        heading=heading or usual,
        advice=sentence or advice,
        reference=reference,
        carried=answers,
        lesson_path=path,
        form=login_form(path) if needs_login(status, answers) else None,
    ), status


def needs_login(status: int, answers: carried.Fields) -> bool:
    """Whether the page is the way in: the login has ended, or is on its way, or is somebody else's than the
    answers."""
    is_at_the_door = request.path in carried.LOGIN_PATHS and visitor() is None
    return status == 401 or (status == 422 and bool(answers)) or is_at_the_door


def login_form(path: str) -> forms.LoginForm:
    """With what was typed in it, but for the password."""
    is_at_the_door = request.path in carried.LOGIN_PATHS
    name = request.form.get("anstallningsnr", "") if is_at_the_door else ""
    return forms.LoginForm(data={"vidare": path or way_back(), "anstallningsnr": name})


def way_back() -> str:
    """Where a login leads that carries no answers: to the same address, if it is a page."""
    if request.path in carried.LOGIN_PATHS:
        return request.form.get("vidare", "")
    is_page = current_app.url_map.bind("").test(request.path, "GET")
    return request.path if is_page else ""


def status_of(error: ElearnError) -> int:
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)


def refused(error: ElearnError) -> tuple[str, int]:
    status = status_of(error)
    return page(status, None if status == 404 else str(error))


def turned_away(_error: ManyAtTheDoor) -> tuple[str, int, dict[str, str]]:
    """Come back in a moment: no fault of the visitor's, and none of ours."""
    body, status = page(429, WAIT, heading=MANY)
    return body, status, {"Retry-After": str(WAIT_SECONDS)}


def http(error: HTTPException) -> tuple[str, int]:
    if error.code == 403 and security.asked_permission() == Permission.SEE_OWN_UNITS:
        return page(403, heading=FOR_MANAGERS)
    return page(error.code if error.code in TEXTS else 404 if (error.code or 500) < 500 else 500)


def describe(error: BaseException) -> str:
    """Where it happened and what it was, for the log. A database's own message quotes what somebody's row
    holds, so that only its class is told (S31)."""
    place = "".join(traceback.format_tb(error.__traceback__))
    if database.is_from_database(error):
        return place + type(error).__qualname__
    return place + "".join(traceback.format_exception_only(error))


def failed(error: InternalServerError) -> tuple[str, int]:
    """A fault of ours: logged with a reference that the page tells, so that the two can be found together."""
    reference = secrets.token_hex(4)
    cause = error.original_exception or error
    log.error("reference %s\n%s", reference, describe(cause))
    return page(503 if database.is_unavailable(cause) else 500, reference=reference)


def register(app: Flask) -> None:
    # Flask's own log line would tell what ``describe`` leaves out.
    app.log_exception = lambda *_: None  # type: ignore[method-assign]
    app.register_error_handler(ElearnError, refused)
    app.register_error_handler(ManyAtTheDoor, turned_away)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(InternalServerError, failed)
    app.register_error_handler(
        CSRFError, lambda _error: page(400, "Ladda om sidan och försök en gång till.", heading=STOOD_OPEN)
    )
