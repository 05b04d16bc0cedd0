"""What a form may carry back: the lesson's own fields, bounded, and only to the person who was asked."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from elearn.web import carried
from tests.web import town

LESSON = "/kurs/forskola/1"


def attempt_in(client: FlaskClient) -> str:
    found = re.search(r'name="attempt" value="([^"]+)"', client.get(LESSON + "/kontrollera").text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("path", "form", "expected"),
    [
        (LESSON, {"attempt": "a", "grunder-racker": "valt"}, [("attempt", "a"), ("grunder-racker", "valt")]),
        (LESSON, {"attempt": "a", "csrf_token": "x", "losenord": "y", "annat": "z"}, [("attempt", "a")]),
        (LESSON, {"grunder-racker": "valt"}, []),
        (LESSON, {"attempt": "a", "grunder-racker": "x" * 61}, [("attempt", "a")]),
        (
            LESSON,
            {"attempt": "a", "grunder-racker": "x" * 60},
            [("attempt", "a"), ("grunder-racker", "x" * 60)],
        ),
        (LESSON, {"attempt": "x" * 4001}, [("attempt", "x" * 4000)]),
        ("/kurs/forskola/99", {"attempt": "a"}, []),
        ("/kurs/finns-inte/1", {"attempt": "a"}, []),
        ("/kurs/forskola/0", {"attempt": "a"}, []),
        ("/logga-in", {"attempt": "a", "grunder-racker": "valt"}, []),
    ],
)
def test_only_what_the_lesson_asks_for_is_carried(
    sqlite_app: Flask, path: str, form: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    with sqlite_app.test_request_context(path, method="POST", data=form):
        assert carried.from_lesson() == expected


def test_a_form_of_many_thousand_fields_does_not_come_back(sqlite_app: Flask) -> None:
    """S21: to somebody who is not logged in, either."""
    form = {f"f{number}": "" for number in range(20_000)} | {"attempt": "a", "grunder-racker": "valt"}
    same = {"attempt": "a", "grunder-racker": [str(number) for number in range(8_000)]}
    for data in (form, same):
        response = sqlite_app.test_client().post(LESSON, data=data)
        assert response.status_code == 401
        assert len(response.data) < 30_000


def test_answers_belong_to_the_person_who_was_asked(sqlite_app: Flask) -> None:
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    fields = [("attempt", attempt_in(town.login(sqlite_app, people["employee"])))]
    with sqlite_app.app_context():
        assert carried.belong_to(fields, people["employee"])
        assert not carried.belong_to(fields, people["neighbour"])
        assert not carried.belong_to([("attempt", "påhittat")], people["employee"])
        assert not carried.belong_to([], people["employee"])


CARRIED = {"vidare": LESSON, "svar-attempt": "a", "svar-grunder-racker": "valt"}


def assert_a_login_carries_on(page: str) -> None:
    assert 'action="/logga-in"' in page
    assert f'name="vidare" value="{LESSON}"' in page
    assert 'name="svar-grunder-racker" value="valt"' in page


def test_answers_survive_a_login_page_that_had_stood_open_too_long(sqlite_app: Flask) -> None:
    response = sqlite_app.test_client().post("/logga-in", data=CARRIED)
    assert response.status_code == 400
    assert_a_login_carries_on(response.text)
    assert "svar-" not in sqlite_app.test_client().post("/logga-in", data=CARRIED | {"vidare": "/om"}).text


def test_answers_of_somebody_else_are_kept_for_them_and_the_page_says_so(sqlite_app: Flask) -> None:
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    attempt = attempt_in(town.login(sqlite_app, people["employee"]))
    neighbour = town.login(sqlite_app, people["neighbour"])
    form = {"csrf_token": town.token_in(neighbour.get(LESSON).text), "attempt": attempt}
    response = neighbour.post(LESSON, data=form | {"grunder-racker": "valt"})
    assert response.status_code == 422
    assert "Logga in som den som svarade" in response.text
    assert "Något gick fel hos oss" not in response.text
    assert_a_login_carries_on(response.text)


@pytest.mark.parametrize("path", ["/kurs/finns-inte/1", LESSON])
def test_every_error_page_has_the_quick_exit(sqlite_app: Flask, path: str) -> None:
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    client = town.login(sqlite_app, people["employee"])
    response = client.post(path, data={})
    assert response.status_code == 400
    assert 'action="/lamna"' in response.text
