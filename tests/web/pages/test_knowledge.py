"""The page about knowledge: shown to VPC alone, from the tenth answer on, and the same until ten more have
answered."""

import html
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from elearn import database
from elearn.demo import answers
from elearn.people.models import OrgUnit
from elearn.training.models import ShownTally
from tests import builders
from tests.cli import commands
from tests.web import town
from tests.web.pages.test_learn import LESSON, lesson_answers, send

PHONE, DESK = (390, 844), (1280, 900)


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    return town.build(app.extensions["elearn"].engine).people


@pytest.fixture
def learners(app: Flask, people: dict[str, int]) -> list[int]:
    with database.transaction(app.extensions["elearn"].engine) as session:
        at = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF1")).one()
        new = [builders.person(session, f"Medarbetare{number}") for number in range(20)]
        for someone in new:
            builders.employ(session, someone, at)
        return [someone.id for someone in new]


def said(page: str) -> str:
    """The text of the main part, without its tags."""
    text = re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main>")[0])
    return " ".join(html.unescape(text).split())


def answer(app: Flask, learners: list[int], *, wrong: int) -> None:
    """They send the lesson, so many of them with a wrong answer to its first question."""
    for number, person_id in enumerate(learners):
        must = "Ett bevis." if number < wrong else "En misstanke."
        assert send(town.login(app, person_id), LESSON, lesson_answers(must)).status_code in (200, 303)


def test_nine_answers_show_nothing_ten_are_shown_and_the_next_nine_change_nothing(
    app: Flask, people: dict[str, int], learners: list[int]
) -> None:
    vpc = town.login(app, people["vpc"])
    answer(app, learners[:9], wrong=3)
    assert "Här kommer siffror när minst tio har svarat på samma fråga." in said(vpc.get("/kunskap").text)
    answer(app, learners[9:10], wrong=0)
    first = vpc.get("/kunskap").text
    assert "Vad räcker? 70,0 % rätt av 10 gemensamt/grunder.md, rad 23" in said(first)
    assert "Vanligaste felet, 3 svar: Ett bevis. (rad 28)" in said(first)
    answer(app, learners[10:19], wrong=9)
    assert said(vpc.get("/kunskap").text) == said(first)
    answer(app, learners[19:], wrong=1)
    assert "Vad räcker? 35,0 % rätt av 20" in said(vpc.get("/kunskap").text)


def test_the_page_names_nobody_and_no_unit(app: Flask, people: dict[str, int], learners: list[int]) -> None:
    answer(app, learners[:10], wrong=1)
    text = said(town.login(app, people["vpc"]).get("/kunskap?visa=alla").text)
    assert not any(word in text for word in ("Medarbetare", "Lind", "Ängen", "Utbildningsförvaltningen"))


def test_the_command_says_what_the_page_says(
    app: Flask, people: dict[str, int], learners: list[int], database_url: str
) -> None:
    answer(app, learners[:10], wrong=4)
    courses = app.extensions["elearn"].settings.courses_dir
    done = commands.elearn("knowledge", "--format", "json", database_url=database_url, courses=courses)
    assert (done.returncode, done.stderr) == (0, b"")
    document = json.loads(done.stdout)
    asked = next(one for one in document["questions"] if one["id"] == "grunder-racker")
    assert (asked["right"], asked["temptation"]["count"]) == (
        {"count": 6, "answered": 10, "percent": 60.0},
        4,
    )
    page = said(town.login(app, people["vpc"]).get("/kunskap").text)
    for question in document["questions"]:
        percent = str(question["right"]["percent"]).replace(".", ",")
        place = f"{question['file']}, rad {question['line']}"
        assert f"{question['prompt']} {percent} % rätt av {question['answered']} {place}" in page
    text = commands.elearn("knowledge", database_url=database_url, courses=courses).stdout.decode("utf-8-sig")
    assert (
        f"fråga;forskola;grunder-racker;Vad räcker?;10;6;60,0;;{asked['file']};{asked['line']};0\r\n" in text
    )


def test_a_course_is_chosen_by_its_name_and_another_is_not_found(app: Flask, people: dict[str, int]) -> None:
    vpc = town.login(app, people["vpc"])
    page = vpc.get("/kunskap?kurs=forskola")
    assert page.status_code == 200
    assert re.search(r'<option value="forskola" selected>', page.text)
    assert vpc.get("/kunskap?kurs=finns-inte").status_code == 404


def test_a_question_that_is_gone_or_has_other_words_is_told_as_such(
    app: Flask, people: dict[str, int]
) -> None:
    with database.transaction(app.extensions["elearn"].engine) as session:
        for id, choices in (("borta", {}), ("grunder-racker", {"gammal": 12})):
            session.add(
                ShownTally(
                    question_id=id, course="forskola", answered_count=12, right_count=3, choices=choices
                )
            )
    text = said(town.login(app, people["vpc"]).get("/kunskap").text)
    assert "Frågor som inte finns kvar" in text
    assert "borta , 12 svar" in text
    assert "12 svar som inte finns kvar räknas i andelen" in text


@dataclass
class Place:
    """A server with the demonstration's answers, and VPC's cookie."""

    address: str
    cookie: str


@pytest.fixture
def place(sqlite_app: Flask) -> Iterator[Place]:
    engine, shelf = sqlite_app.extensions["elearn"].engine, sqlite_app.extensions["elearn"].shelf
    people = town.build(engine).people
    with database.transaction(engine) as session:
        answers.record_course(session, answers.chance(), shelf.current().courses["forskola"], 400)
    cookie = town.login(sqlite_app, people["vpc"]).get_cookie("elearn")
    assert cookie
    server = make_server("127.0.0.1", 0, sqlite_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Place(f"http://127.0.0.1:{server.port}", cookie.value)
    server.shutdown()
    thread.join()


def opened(browser: Browser, place: Place, size: tuple[int, int], scheme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="sv-SE"
    )
    context.add_cookies([{"name": "elearn", "value": place.cookie, "url": place.address}])
    page = context.new_page()
    page.goto(place.address + "/kunskap")
    page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    return page


@pytest.mark.browser
def test_it_breaks_no_accessibility_rule_and_is_no_wider_than_320_px(browser: Browser, place: Place) -> None:
    for size in (PHONE, DESK):
        for scheme in ("light", "dark"):
            page = opened(browser, place, size, scheme)
            assert page.locator("li h3").count() > 2
            assert [one["id"] for one in Axe().run(page).response["violations"]] == []
            page.context.close()
    page = opened(browser, place, (320, 640))
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.context.close()
