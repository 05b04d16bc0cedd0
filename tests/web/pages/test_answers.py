"""What a learner meets around the answers: notes, a lesson that is only read, one that is gone, a tie."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from elearn import clock, database
from elearn.people.models import Person
from elearn.training.models import Attempt, Completion, LessonCompletion
from tests import builders
from tests.content import folders
from tests.web import town
from tests.web.pages import test_learn as learn

READING = "---\ntid: 5 min\nutgåva: 1\n---\n# Läsa\n\nBara text.\n"
WITH_READING = folders.COURSE.replace("2. [Slutprov]", "2. [Läsa](../gemensamt/lasa.md)\n3. [Slutprov]")


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    return town.build(app.extensions["elearn"].engine).people


@pytest.fixture
def sara(app: Flask, people: dict[str, int]) -> FlaskClient:
    return town.login(app, people["employee"])


def edit(app: Flask, **files: str | bytes | None) -> None:
    """What an author saves, read by the running server."""
    folders.write(app.extensions["elearn"].settings.courses_dir, **files)
    app.extensions["elearn"].shelf.renew()


def test_every_link_on_the_answer_page_leads_to_something_on_it(app: Flask, sara: FlaskClient) -> None:
    """A fact that only a feedback links to stands beneath it."""
    link = " Se [plikten](fakta.md#anmälningsskyldigheten)."
    edit(app, **{"gemensamt/grunder.md": folders.LESSON.replace("Ja. Det räcker.", f"Ja. Det räcker.{link}")})
    learn.send(sara, learn.LESSON, learn.lesson_answers())
    page = sara.get(learn.LESSON + "/svar").text
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert "fakta-anmalningsskyldigheten.2" in targets
    assert targets <= set(re.findall(r'id="([^"]+)"', page))


def test_the_button_i_have_read_makes_the_lesson_done_and_erases_what_is_due(
    app: Flask, sara: FlaskClient
) -> None:
    edit(app, **{"gemensamt/lasa.md": READING, "forskola/kurs.md": WITH_READING})
    learn.send(sara, learn.LESSON, learn.lesson_answers())
    engine = app.extensions["elearn"].engine
    with database.transaction(engine) as session:
        session.execute(sa.update(Attempt).values(answers_due_at=clock.now() - dt.timedelta(seconds=1)))
    form = {"csrf_token": town.token_in(sara.get("/kurs/forskola/2").text)}
    for _ in range(2):
        assert sara.post("/kurs/forskola/2", data=form).headers["Location"] == "/kurs/forskola"
    with database.snapshot(engine) as session:
        assert session.scalars(sa.select(Attempt.answers)).all() == [None]
        done = session.scalars(sa.select(LessonCompletion.lesson).order_by(LessonCompletion.id)).all()
    assert done == ["gemensamt/grunder", "gemensamt/lasa"]


def test_answers_to_a_lesson_that_has_left_the_course_store_nothing(app: Flask, sara: FlaskClient) -> None:
    page = sara.get(learn.CHECK).text
    other = folders.LESSON.replace("grunder-", "andra-").replace("# Grunder", "# Andra")
    course = folders.COURSE.replace("[Grunder](../gemensamt/grunder.md)", "[Andra](../gemensamt/andra.md)")
    edit(app, **{"gemensamt/andra.md": other, "forskola/kurs.md": course})
    form = {"csrf_token": town.token_in(page), "attempt": learn.field(page, "attempt")}
    assert sara.post(learn.LESSON, data={**form, **learn.lesson_answers()}).status_code == 404
    assert learn.rows(app, Attempt) == 0


def test_of_two_certificates_that_end_on_one_day_the_own_one_is_shown(
    app: Flask, people: dict[str, int], sara: FlaskClient
) -> None:
    """The recognised one was recorded later."""
    learn.complete(sara)
    with database.transaction(app.extensions["elearn"].engine) as session:
        own = session.scalars(sa.select(Completion)).one()
        someone = session.get_one(Person, people["employee"])
        builders.recognise(session, someone, "forskola", town.TODAY, own.valid_until)
        number = own.id
    assert f'href="/intyg/{number}">Visa ditt intyg' in sara.get("/kurs/forskola").text
