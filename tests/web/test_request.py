"""What a view may ask for is the same through its whole request."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from elearn import clock
from elearn.people.access import Permission
from elearn.web import request
from tests.content import folders
from tests.web import town


def test_the_catalogue_is_the_same_through_a_request_even_if_it_is_swapped_meanwhile(
    sqlite_app: Flask,
) -> None:
    extension = sqlite_app.extensions["elearn"]
    with sqlite_app.test_request_context("/"):
        before = request.catalog()
        changed = folders.LESSON.replace("# Grunder", "# Nya grunder")
        folders.write(extension.settings.courses_dir, **{"gemensamt/grunder.md": changed})
        extension.shelf.renew()
        assert request.catalog() is before
    with sqlite_app.test_request_context("/"):
        assert request.catalog().courses["forskola"].lessons[0].title == "Nya grunder"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_reading_request_gets_a_session_that_cannot_write(app: Flask, method: str) -> None:
    with app.test_request_context("/", method=method):
        with pytest.raises(sa.exc.DBAPIError):
            request.session().execute(sa.text("DELETE FROM org_unit"))
        request.session().close()


def test_a_post_gets_one_session_that_may(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        request.session().execute(sa.text("DELETE FROM org_unit"))
        assert request.session() is request.session()
        request.session().close()


def test_today_is_the_settings(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/"):
        assert request.today() == town.TODAY


def test_nobody_may_anything_who_is_not_logged_in(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/"):
        assert request.visitor() is None
        assert not any(request.may(permission) for permission in Permission)


def test_a_request_is_an_act_of_whoever_is_logged_in(sqlite_app: Flask) -> None:
    """``ELEARN_TODAY`` moves the day and never the moment."""
    person_id = town.build(sqlite_app.extensions["elearn"].engine).people["employee"]
    seen = []

    def act() -> str:
        seen.append(request.deed())
        return ""

    sqlite_app.view_functions["start.start_page"] = act
    town.login(sqlite_app, person_id).get("/")
    (deed,) = seen
    assert str(deed.actor) == f"person:{person_id}"
    assert deed.today == town.TODAY
    assert abs(deed.now - clock.now()) < dt.timedelta(minutes=1)
