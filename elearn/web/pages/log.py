"""The journal, for auditors: read, searched and checked, never changed (S54, S55)."""

import datetime as dt

from flask import Blueprint, render_template, request

from elearn import clock
from elearn.journal.models import EntryKind
from elearn.journal.queries import Wanted
from elearn.people import log
from elearn.people.access import Permission
from elearn.people.log_words import KINDS
from elearn.web.request import session
from elearn.web.security import requires

blueprint = Blueprint("log", __name__)


@blueprint.get("/logg")
@requires(Permission.READ_JOURNAL)
def show() -> str:
    """``slag``: a kind of entry; ``vem``: words of the actor's name; ``fran``, ``till``: days, both included;
    ``sida``; ``kontrollera``: the whole chain is checked now."""
    wanted, faults = read_wanted()
    return render_template(
        "log/log.html",
        page=log.log_page(session(), wanted, max(1, request.args.get("sida", 1, type=int))),
        state=log.chain_state(session(), is_asked="kontrollera" in request.args),
        kinds=sorted((KINDS.get(kind.value, kind.value), kind.value) for kind in EntryKind),
        asked={name: request.args.get(name, "").strip() for name in ("slag", "vem", "fran", "till")},
        faults=faults,
    )


def read_wanted() -> tuple[Wanted, list[tuple[str, str]]]:
    """What is looked for, and what is wrong with the days."""
    kind, text = request.args.get("slag", ""), request.args.get("vem", "").strip()
    if not kind.isprintable():  # PostgreSQL takes no text with a NUL in it
        kind = ""
    faults: list[tuple[str, str]] = []
    since, until = read_day("fran", faults), read_day("till", faults)
    return Wanted(
        frozenset({kind}) if kind else frozenset(),
        log.actors_named(session(), text) if text else None,
        clock.start_of(since) if since else None,
        clock.start_of(until + dt.timedelta(days=1)) if until else None,
    ), faults


def read_day(field: str, faults: list[tuple[str, str]]) -> dt.date | None:
    text = request.args.get(field, "").strip()
    try:
        return clock.read_day(text) if text else None
    except ValueError as error:
        faults.append((field, str(error)))
        return None
