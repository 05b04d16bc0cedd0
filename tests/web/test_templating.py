"""A name that a template misspells stops a test; a page shows what its rows hold."""

import re
from pathlib import Path

import jinja2
import pytest
from flask import Flask, render_template_string

from elearn.settings import Settings
from elearn.web import preview, templating
from tests.content import folders
from tests.web import town
from tests.web.pages import test_learn as learn


def test_a_name_that_does_not_exist_is_an_error_and_not_an_empty_place(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/stod"):
        for text in ("{{ misspelt }}", "{{ today.misspelt }}", "{% if settings.misspelt %}{% endif %}"):
            with pytest.raises(jinja2.UndefinedError, match="misspelt"):
                render_template_string(text)


def test_the_rows_of_the_coverage_table_show_their_level(sqlite_app: Flask) -> None:
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    page = town.login(sqlite_app, people["vpc"]).get("/tackning?oppna=U").text
    levels = {code: style for style, code in re.findall(r'<tr(?: class="([^"]*)")? id="([^"]+)"', page)}
    assert levels == {"U": "", "UF1": "l1", "UF2": "l1", "S": "", "X": ""}


def test_a_form_that_is_filled_in_half_is_shown_again_as_it_was(sqlite_app: Flask) -> None:
    """Each row of an ordering and of a matching may be without an answer."""
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    sara = town.login(sqlite_app, people["employee"])
    answers = learn.lesson_answers()
    for question in ("grunder-ordning", "grunder-par"):
        del answers[next(name for name in answers if name.startswith(question))]
    response = learn.send(sara, learn.LESSON, answers)
    assert response.status_code == 422
    assert re.findall(r'inputmode="numeric"[^>]* value="([123])"', response.text) in (["2", "3"], ["3", "2"])
    assert response.text.count(" selected") == 1


def test_every_page_of_the_preview_is_drawn(tmp_path: Path) -> None:
    """It shares the server's templates and has neither visitor nor database."""
    folder = folders.write(tmp_path, **{"forskola/apt.md": "# Guide\n\nPrata.\n"})
    client = preview.create(Settings(), folder).test_client()
    for path in ("/", "/kurs/forskola", learn.LESSON, learn.TEST, "/stod", "/om", "/personuppgifter"):
        page = client.get(path)
        assert page.status_code == 200, path
        assert "preview.js" in page.text
    assert client.get("/finns-inte").status_code == 404
    assert client.post(learn.LESSON, data={}).status_code == 200


def test_the_server_loads_no_script_of_the_preview(sqlite_app: Flask) -> None:
    assert "preview.js" not in sqlite_app.test_client().get("/stod").text


def test_no_page_has_a_field_for_free_text() -> None:
    """S32: nothing about a real child can be written anywhere. The one long field takes numbers of employees,
    and whatever else stands there is told and not stored. Files are sent on the administrator's page alone."""
    for template in (Path(templating.__file__).parent / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        text = text.replace('<textarea id="nummer" name="nummer"', "")
        if template.parent.name == "personnel":
            text = text.replace('type="file"', "")
        assert not re.search("<textarea|contenteditable|type=.(search|file)", text), template.name
