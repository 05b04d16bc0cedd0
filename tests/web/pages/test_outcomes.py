"""A final test that asks for learning outcomes, as the learner meets it (course-format.md, "Learning
outcomes")."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from elearn.training.models import Completion
from tests.content import folders, test_outcomes
from tests.web import town
from tests.web.pages.test_learn import field, key, rows

LESSON, TEST = "/kurs/forskola/1", "/kurs/forskola/2"


@pytest.fixture
def sara(database_url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    app = town.application(database_url, folders.write(tmp_path / "courses", **test_outcomes.TEXTS))
    people = town.build(app.extensions["elearn"].engine).people
    yield town.login(app, people["employee"])
    app.extensions["elearn"].engine.dispose()


def asked(page: str) -> list[str]:
    return re.findall(r'<fieldset id="q-([^"]+)"', page)


def send(client: FlaskClient, path: str, page: str, wrong: Collection[str] = ()) -> str:
    """Answer every question that the page asks; ``wrong``: the names of the outcomes to fail."""
    answers = {id: key(id, "Fel sak." if id.split("-")[1] in wrong else "Rätt sak.") for id in asked(page)}
    form = {"csrf_token": town.token_in(page), "attempt": field(page, "attempt"), **answers}
    sent = client.post(path, data=form)
    assert sent.status_code == 303
    return client.get(path + "/svar").text


def take_lesson(client: FlaskClient) -> None:
    send(client, LESSON, client.get(LESSON + "/kontrollera").text)


def outcome_rows(page: str) -> dict[str, str]:
    part = page.partition('class="outcomes"')[2].partition("</ul>")[0]
    items = re.findall(r"<li>.*?Jag kan (\w+)\..*?<span[^>]*>([^<]+)</span>(.*?)</li>", part, re.DOTALL)
    told = {name: (word, re.sub(r"<[^>]+>", "", rest).strip()) for name, word, rest in items}
    return {name: "|".join(filter(None, both)) for name, both in told.items()}


def test_every_outcome_is_asked_for_and_told_with_where_it_is_taught(sara: FlaskClient) -> None:
    take_lesson(sara)
    page = sara.get(TEST).text
    assert len(asked(page)) == 8
    assert {id.split("-")[1] for id in asked(page)} == set(test_outcomes.NAMES)
    told = outcome_rows(send(sara, TEST, page, wrong={"tolk", "stod"}))
    assert set(told) == set(test_outcomes.NAMES)
    assert told["misstanke"] == "Rätt"
    assert told["tolk"] == "Inte rätt än, måste vara rätt|Läs om: Avsnitt 1, Mer"
    assert told["stod"] == "Inte rätt än|Läs om: Avsnitt 1, Mer"


def test_a_decisive_outcome_must_be_right_whatever_the_score(sara: FlaskClient) -> None:
    """One wrong of eight is above the pass mark; which one decides."""
    take_lesson(sara)
    for wrong, heading in (("misstanke", "Inte godkänt än"), ("lofte", "Du är klar med kursen")):
        page = sara.get(TEST).text
        while sum(id.split("-")[1] == wrong for id in asked(page)) != 1:
            send(sara, TEST, page, wrong={"misstanke", "tolk"})
            page = sara.get(TEST).text
        assert heading in send(sara, TEST, page, wrong={wrong})
    app: Flask = sara.application
    assert rows(app, Completion) == 1


def test_the_second_try_has_new_questions(sara: FlaskClient) -> None:
    take_lesson(sara)
    first = sara.get(TEST).text
    failed = send(sara, TEST, first, wrong={"misstanke", "tolk"})
    assert "Nästa försök har andra frågor." in failed
    second = sara.get(TEST).text
    once = {id for id in asked(first) if sum(id.rpartition("-")[0] in other for other in asked(first)) == 1}
    assert once.isdisjoint(asked(second))
    assert 'class="ans"' not in second


def test_what_was_wrong_is_told_as_past_since_its_questions_do_not_come_again(sara: FlaskClient) -> None:
    take_lesson(sara)
    told = send(sara, TEST, sara.get(TEST).text, wrong=test_outcomes.NAMES)
    lead = re.sub(r"\s+", " ", told.partition('class="lead"')[2].partition("</p>")[0])
    assert re.search(r"Fråga [\d, ]+ och \d måste vara rätt men blev det inte\.", lead)
    assert "måste bli rätt" not in told
    assert "Läs texten igen" not in told, "a final test has no text to read"
    assert 'Gå tillbaka: <a href="/kurs/forskola">Till kursen</a>' in told


def test_the_course_page_says_what_one_can_do_afterwards(sara: FlaskClient) -> None:
    page = sara.get("/kurs/forskola").text
    assert "<li>Jag kan misstanke.</li>" in page
    assert "två av frågorna måste vara rätt" in page
    assert "avgörande" not in page


def test_who_did_a_lesson_in_an_earlier_edition_is_told_why_it_is_to_be_done_again(
    sara: FlaskClient, tmp_path: Path
) -> None:
    take_lesson(sara)
    told = "har ändrats sedan du gjorde det, och behöver göras igen."
    assert not any(told in sara.get(path).text for path in ("/kurs/forskola", LESSON))
    lesson = tmp_path / "courses" / "gemensamt" / "grunder.md"
    lesson.write_text(lesson.read_text("utf-8").replace("utgåva: 1", "utgåva: 2"), "utf-8")
    sara.application.extensions["elearn"].shelf.renew()
    assert "Ett avsnitt " + told in sara.get("/kurs/forskola").text
    assert "Avsnittet " + told in sara.get(LESSON).text
    assert told not in sara.get(TEST).text
    take_lesson(sara)
    send(sara, TEST, sara.get(TEST).text)
    lesson.write_text(lesson.read_text("utf-8").replace("utgåva: 2", "utgåva: 3"), "utf-8")
    sara.application.extensions["elearn"].shelf.renew()
    assert not any(told in sara.get(path).text for path in ("/kurs/forskola", LESSON))
