"""One transaction per request: what was written is committed with an answer below 400 and rolled back with
any other."""

from flask import Flask, Response, g, request

from elearn.web.request import READING_METHODS


def end(response: Response) -> Response:
    """End the request's transaction, before the answer is promised to anybody. A failing commit becomes an
    error page."""
    session = g.pop("session", None)
    if session is None:
        return response
    try:
        if response.status_code < 400 and request.method not in READING_METHODS:
            session.commit()
    finally:
        session.close()
    return response


def let_go() -> None:
    """Let go of the database while something slow is worked out, so that nobody waits for it: what was read
    is read again by the next use of ``session()``. Only before anything is written."""
    session = g.pop("session", None)
    if session is not None:
        session.close()


def close(_error: BaseException | None) -> None:
    """What no answer ended (a failure on the way) is rolled back."""
    session = g.pop("session", None)
    if session is not None:
        session.close()


def register(app: Flask) -> None:
    """Registered last of all ``after_request`` hooks, so that Flask runs it first."""
    app.after_request(end)
    app.teardown_request(close)
