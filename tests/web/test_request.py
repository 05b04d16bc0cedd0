"""What a view may ask for."""

import datetime as dt

from flask import Flask

from elearn import clock
from elearn.web import request
from tests.web import town


def test_a_request_is_an_act_of_whoever_is_logged_in(sqlite_app: Flask) -> None:
    """``ELEARN_TODAY`` moves the day and never the moment."""
    person_id = town.build(sqlite_app.extensions["elearn"].engine).people["employee"]
    seen = []

    def act() -> str:
        seen.append(request.deed())
        return ""

    sqlite_app.view_functions["learn.start"] = act
    town.login(sqlite_app, person_id).get("/")
    (deed,) = seen
    assert str(deed.actor) == f"person:{person_id}"
    assert deed.today == town.TODAY
    assert abs(deed.now - clock.now()) < dt.timedelta(minutes=1)
