"""One transaction per request: an answer below 400 is stored, anything else leaves nothing behind."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from elearn import database
from elearn.errors import Conflict, ElearnError, Forbidden, Invalid, NotFound
from elearn.people.models import OrgUnit
from elearn.web.request import session as request_session
from tests import builders
from tests.web import town


def post_to(app: Flask, answer: Callable[[], tuple[str, int]]) -> int:
    """The status of a view that writes a unit and then answers; it stands where the log-out stood."""

    def write() -> tuple[str, int]:
        builders.unit(request_session(), "NY")
        return answer()

    app.view_functions["login.log_out"] = write
    client = app.test_client()
    token = town.token_in(client.get("/logga-in").text)
    return client.post("/logga-ut", data={"csrf_token": token}).status_code


def unit_count(app: Flask) -> int:
    with database.snapshot(app.extensions["elearn"].engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(OrgUnit)) or 0


@pytest.mark.parametrize("status", [200, 303, 399])
def test_an_answer_below_400_is_stored(app: Flask, status: int) -> None:
    assert post_to(app, lambda: ("", status)) == status
    assert unit_count(app) == 1


@pytest.mark.parametrize("status", [400, 409, 422, 429, 499, 500, 503])
def test_any_other_answer_leaves_nothing_behind(app: Flask, status: int) -> None:
    assert post_to(app, lambda: ("", status)) == status
    assert unit_count(app) == 0


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(), 404),
        (Forbidden("Nej."), 403),
        (Conflict("Ändrat."), 409),
        (Invalid("Fel."), 422),
        (RuntimeError("vår"), 500),
    ],
)
def test_what_is_raised_leaves_nothing_behind(app: Flask, error: ElearnError, status: int) -> None:
    def refuse() -> tuple[str, int]:
        raise error

    assert post_to(app, refuse) == status
    assert unit_count(app) == 0


def test_a_commit_that_fails_is_no_answer_that_promises(app: Flask) -> None:
    """Two units with one code, which the database meets only when it is asked to write them."""

    def write_again() -> tuple[str, int]:
        request_session().add(OrgUnit(code="NY", name="Samma", kind="unit"))
        return "sparat", 200

    assert post_to(app, write_again) == 500
    assert unit_count(app) == 0


def test_the_next_request_begins_anew(app: Flask) -> None:
    """A rolled-back session is not left to whoever comes next."""
    assert post_to(app, lambda: ("", 422)) == 422
    assert post_to(app, lambda: ("", 200)) == 200
    assert unit_count(app) == 1
