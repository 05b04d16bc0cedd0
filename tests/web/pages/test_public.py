"""The pages for everybody: support without a trace, only numbers that somebody has confirmed."""

import gzip
import logging
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from elearn import database
from elearn.settings import data_dir
from tests.web import town


def test_a_visit_to_the_support_page_leaves_no_trace(
    sqlite_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """S5: no row, no log line, no cookie that tells."""
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    client = town.login(sqlite_app, people["employee"])

    def content() -> list[object]:
        with sqlite_app.extensions["elearn"].engine.connect() as connection:
            return [
                list(connection.execute(sa.select(table))) for table in database.Base.metadata.sorted_tables
            ]

    before = content()
    with caplog.at_level(logging.DEBUG):
        assert client.get("/stod").status_code == 200
    assert content() == before
    assert [record for record in caplog.records if record.name.startswith(("elearn", "werkzeug"))] == []


def test_who_can_be_reached_stands_under_its_heading_and_112_before_all(sqlite_app: Flask) -> None:
    page = sqlite_app.test_client().get("/stod").text
    assert re.findall(r"<h[1-3]>([^<]*)<|href=\"(tel:[0-9+]*)\"", page) == [
        ("Du behöver inte vara säker på vad det är.", ""),
        ("Är det bråttom?", ""),
        ("", "tel:112"),
        ("För dig själv eller någon nära", ""),
        ("Bris", ""),
        ("", "tel:116111"),
        ("Syns det att jag har varit här?", ""),
    ]
    assert "bris.se, annan webbplats" in page


def test_who_cannot_be_reached_is_not_there_at_all(sqlite_app: Flask) -> None:
    page = sqlite_app.test_client().get("/stod").text
    for word in ("Socialtjänsten", "VPC hämtar", "inte kontrollerat", "När du är orolig för ett barn"):
        assert word not in page


def test_the_page_on_personal_data_names_what_is_stored(sqlite_app: Flask) -> None:
    page = sqlite_app.test_client().get("/personuppgifter").text
    for word in ("Vad du svarade", "i 30 dagar", "inga fält för fritext", "Integritetsskyddsmyndigheten"):
        assert word in page


def test_healthz_tells_nothing_but_ok(sqlite_app: Flask) -> None:
    response = sqlite_app.test_client().get("/healthz")
    assert (response.data, response.headers["Content-Type"]) == (b"ok", "text/plain; charset=utf-8")


def test_every_lesson_page_with_its_style_sheet_is_at_most_14_kb(sqlite_url: str) -> None:
    """As gzip -6 makes it, without pictures, the heading font and the script that no page needs."""
    app = town.application(sqlite_url, data_dir("courses"))
    people = town.build(app.extensions["elearn"].engine).people
    client = town.login(app, people["employee"])
    style = len(gzip.compress((data_dir("static") / "style.css").read_bytes(), 6))
    assert style < 8_000
    weights = {}
    for course in app.extensions["elearn"].shelf.current().courses.values():
        for number in range(1, len(course.lessons) + 1):
            path = f"/kurs/{course.slug}/{number}"
            weights[path] = style + len(gzip.compress(client.get(path).data, 6))
    assert {path: weight for path, weight in weights.items() if weight > 14_000} == {}
    app.extensions["elearn"].engine.dispose()


def test_the_page_about_the_training_leads_to_every_course_the_required_ones_first(sqlite_url: str) -> None:
    app = town.application(sqlite_url, data_dir("courses"))
    page = app.test_client().get("/om").text
    listed = re.findall(r'href="/kurs/([^"]+)"', page)
    base = ["avux", "forskola", "fritid", "skola", "socialtjanst"]
    assert listed[:5] == base
    assert sorted(listed[5:]) == [f"{slug}-infor-lovet" for slug in base]
    assert page.index("/kurs/skola") < page.index("Frivilliga") < page.index("/kurs/skola-infor-lovet")
    assert "Fem\u00a0minuter" in page
    for promise in ("Lämna sidan snabbt", "utan skript", "aldrig att någon har läst sidan om stöd"):
        assert promise in page
    app.extensions["elearn"].engine.dispose()
