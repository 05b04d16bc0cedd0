"""A file of figures that is fetched stands in the journal (docs/decisions.md)."""

import datetime as dt

from flask import request

from elearn import database
from elearn.people.access import reported_departments
from elearn.reports import fetches, selection
from elearn.reports.fetches import Fetch
from elearn.web.request import access, application, deed, session


def remember_fetch(fetch: Fetch) -> None:
    """Record who fetches what, before it is sent, in a transaction of its own: a GET's own cannot write. HEAD
    fetches nothing. A file that cannot be recorded is not sent."""
    if request.method == "GET":
        with database.transaction(application().engine) as writing:
            fetches.record_fetch(writing, deed(), fetch)


def part_of(code: str, on: dt.date) -> str | None:
    """What a file is of: the department that was asked for, or all that this person's grants name; None: of
    the whole municipality."""
    reach = reported_departments(access())
    if code or reach is None:
        return code or None
    return ", ".join(one.code for one in selection.departments(session(), on, reach))
