"""Ending a login session for somebody who leaves at once: no wait for the database (pages.md, rule 4)."""

import datetime as dt
import logging
import threading

import sqlalchemy as sa

from elearn import database
from elearn.identity import logins

log = logging.getLogger(__name__)

SECONDS = 0.25  # an awake database ends the row well within this, so that it is over before the answer
MOST_AT_ONCE = 8

_places = threading.BoundedSemaphore(MOST_AT_ONCE)


def end_session_soon(engine: database.Engine, token: str, now: dt.datetime, seconds: float = SECONDS) -> None:
    """End the session's row beside the request, and return within ``seconds`` whatever the database does.

    The work goes on for as long as the engine's own time limits allow. When more than ``MOST_AT_ONCE`` are
    under way already, the row is left to the idle limit: the cookie is forgotten in any case."""
    if _places.acquire(blocking=False):
        worker = threading.Thread(target=_end_session, args=(engine, token, now), daemon=True)
        worker.start()
        worker.join(seconds)


def _end_session(engine: database.Engine, token: str, now: dt.datetime) -> None:
    try:
        with database.transaction(engine) as session:
            logins.end_session(session, token, now)
    except sa.exc.SQLAlchemyError:
        log.warning("a login session was left to its idle limit: the database did not answer")
    finally:
        _places.release()
