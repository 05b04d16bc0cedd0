"""The pages for everybody: support without a trace, only numbers that somebody has confirmed."""

import gzip
import logging
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from elearn import database
from elearn.settings import data_dir
from tests.content import folders
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


DECISIONS = {
    "legal_basis": "Behandlingen är nödvändig för en uppgift av allmänt intresse (artikel 6.1 e).",
    "period_people": "Ett år efter att anställningen har upphört.",
    "period_results": "Två år efter att anställningen har upphört.",
    "dpo_email": "dso@kommun.example",
}


def test_what_the_municipality_has_decided_is_told_and_the_rest_is_told_as_undecided(
    sqlite_url: str, tmp_path: Path
) -> None:
    """The page is true either way."""
    undecided = ("Kommunen har inte beslutat vilken rättslig grund", "Kommunen har inte beslutat hur länge")
    for more in ({}, DECISIONS):
        app = town.application(sqlite_url, folders.write(tmp_path / "c"), **more)
        page = app.test_client().get("/personuppgifter").text
        assert [sentence in page for sentence in undecided] == [not more] * 2
        assert [sentence in page for sentence in DECISIONS.values()] == [bool(more)] * 4
        assert page.count(DECISIONS["period_results"]) == (3 if more else 0)
        app.extensions["elearn"].engine.dispose()


def test_the_page_on_personal_data_tells_how_long_a_login_lasts(sqlite_app: Flask) -> None:
    """As it is: an hour without a page, twelve hours in all (test_security.py)."""
    page = sqlite_app.test_client().get("/personuppgifter").text
    assert "<h2>Kakor</h2>" in page
    assert "en timme utan att du har gjort något, och alltid efter tolv timmar" in page


def test_the_statement_on_accessibility_has_what_the_law_asks_for(sqlite_url: str, tmp_path: Path) -> None:
    """S57: lag (2018:1937) and Digg's rules. Every page leads to it."""
    app = town.application(
        sqlite_url,
        folders.write(tmp_path / "c"),
        contact_email="vpc@kommun.example",
        municipality="Ängå kommun",
    )
    page = app.test_client().get("/tillganglighet").text
    for asked in (
        "Ängå kommun står bakom webbplatsen Basutbildningen",
        "<strong>delvis förenlig</strong>",
        "provad med en skärmläsare",
        "oskäligt betungande",
        "självskattning",
        "Bedömningen gjordes den 30\u00a0november 2026",
        "uppdaterades senast den 30\u00a0november 2026",
        'href="mailto:vpc@kommun.example"',
        'href="https://www.digg.se/tdosanmalan"',
    ):
        assert asked in page, asked
    people = town.build(app.extensions["elearn"].engine).people
    client = town.login(app, people["manager"])
    for path in ("/", "/stod", "/om", "/min-enhet", "/kurs/forskola/1", "/losenord", "/finns-inte"):
        footer = client.get(path).text.partition("<footer")[2]
        assert 'href="/tillganglighet"' in footer, path
        assert ('href="/stod"' in footer) is (path != "/stod")
    app.extensions["elearn"].engine.dispose()


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
