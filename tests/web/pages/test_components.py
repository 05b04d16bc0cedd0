"""The page of all components: in the demonstration alone, and none is missing."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from elearn.content.course import QuestionKind
from elearn.settings import data_dir
from tests.web import town

DRAWN = ("parts", "figures", "questions", "answers")


@pytest.fixture
def demo(sqlite_url: str) -> Iterator[FlaskClient]:
    app = town.application(sqlite_url, data_dir("courses"), demo=True)
    yield app.test_client()
    app.extensions["elearn"].engine.dispose()


def test_the_page_exists_in_the_demonstration_alone(sqlite_app: Flask, demo: FlaskClient) -> None:
    assert sqlite_app.test_client().get("/_komponenter").status_code == 404
    assert demo.get("/_komponenter").status_code == 200


def test_every_macro_that_draws_is_on_the_page(demo: FlaskClient) -> None:
    """By itself, or inside another: whoever adds one adds it there, too."""
    environment = demo.application.jinja_env
    assert environment.loader is not None
    texts = {name: environment.loader.get_source(environment, f"macros/{name}.html")[0] for name in DRAWN}
    page = environment.loader.get_source(environment, "components.html")[0]
    layout = environment.loader.get_source(environment, "layouts/page.html")[0]
    made = {macro for text in texts.values() for macro in re.findall(r"{% macro (\w+)\(", text)}
    bodies = re.sub(r"{% macro \w+\(", "", "".join(texts.values()))
    used = set(re.findall(r"\b(\w+)\(", page + layout + bodies))
    assert made - used == set()
    assert len(made) > 20


def test_every_kind_of_question_is_there_and_no_id_twice(demo: FlaskClient) -> None:
    page = demo.get("/_komponenter").text
    kinds = [kind for kind in QuestionKind if kind.is_answered]
    states = {kind: page.count(f"<h3>{kind.traits.name}, ") for kind in kinds}
    assert states == dict.fromkeys(kinds, 4) | {QuestionKind.SCENARIO: 3}
    ids = Counter(re.findall(r'\bid="([^"]+)"', page))
    assert [name for name, count in ids.items() if count > 1] == []
