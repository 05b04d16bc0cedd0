"""A file of figures that is fetched stands in the journal (docs/decisions.md)."""

from flask import request

from elearn import database
from elearn.reports import fetches
from elearn.reports.fetches import Fetch
from elearn.web.request import application, deed


def remember_fetch(fetch: Fetch) -> None:
    """Record who fetches what, before it is sent, in a transaction of its own: a GET's own cannot write. HEAD
    fetches nothing. A file that cannot be recorded is not sent."""
    if request.method == "GET":
        with database.transaction(application().engine) as writing:
            fetches.record_fetch(writing, deed(), fetch)
