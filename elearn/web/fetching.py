"""What is read and stands in the journal: a file of figures that is fetched, a person's record that VPC opens
(docs/decisions.md)."""

import datetime as dt

from flask import request

from elearn import database
from elearn.people import lookups
from elearn.people.access import reported_departments
from elearn.reports import fetches, selection
from elearn.reports.fetches import Fetch
from elearn.web.request import access, application, deed, session, today


def remember_fetch(fetch: Fetch) -> None:
    """Record who fetches what, before it is sent, in a transaction of its own: a GET's own cannot write. HEAD
    fetches nothing. A file that cannot be recorded is not sent."""
    if request.method == "GET":
        with database.transaction(application().engine) as writing:
            fetches.record_fetch(writing, deed(), fetch)


def remember_lookup(person_id: int) -> None:
    """Record that VPC opens somebody's record, before it is shown, in a transaction of its own (S54). What
    cannot be recorded is not shown."""
    if request.method == "GET" and lookups.is_noted(session(), access(), person_id, today()):
        with database.transaction(application().engine) as writing:
            lookups.record_lookup(writing, deed(), person_id)


def part_of(code: str, on: dt.date) -> str | None:
    """What a file is of: the department that was asked for, or all that this person's grants name; None: of
    the whole municipality."""
    reach = reported_departments(access())
    if code or reach is None:
        return code or None
    return ", ".join(one.code for one in selection.departments(session(), on, reach))
