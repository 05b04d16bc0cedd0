"""The authors' preview: the courses as the learner meets them, loaded again on save, and nothing else."""

import re
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from content import folders
from elearn.settings import Settings, data_dir
from elearn.web import preview

LESSON, TEST = "/kurs/forskola/1", "/kurs/forskola/2"


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return folders.write(tmp_path / "courses", **{"forskola/apt.md": "# Samtal på APT\n\nBörja så.\n"})


@pytest.fixture
def app(courses: Path) -> Flask:
    return preview.create(Settings(), courses)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("path", ["/", "/kurs/forskola", LESSON, TEST, "/kurs/forskola/apt", "/stod", "/om"])
def test_every_page_is_there_without_a_login(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert "Logga" not in page.text
    assert "/static/preview.js" in page.text


@pytest.mark.parametrize(
    "path",
    ["/kurs/finns-inte", "/kurs/forskola/3", "/kurs/forskola/0", "/kurs/finns-inte/1", "/kursbilder/x.svg", "/intyg/1", "/min-enhet"],
)
def test_what_does_not_exist_is_said_so(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(TEST.replace("2", "9")).status_code == 404


def test_a_final_test_shows_its_whole_bank_and_no_answer(client: FlaskClient, courses: Path) -> None:
    """S15."""
    file = courses / "forskola/slutprov.md"
    file.write_text(file.read_text().replace("dra: 2", "dra: 1").replace("  > Ja.", "  > KANARIE."))
    page = client.get(TEST).text
    assert page.count("<fieldset") == 2
    assert "KANARIE" not in page
    assert "KANARIE" in client.post(TEST).text


def test_the_answers_show_what_the_learner_would_meet(client: FlaskClient) -> None:
    chosen = client.get(TEST).text.partition('name="prov-ett" value="')[2].partition('"')[0]
    page = client.post(TEST, data={"prov-ett": chosen}).text
    assert "Fråga 1: rätt" in page
    assert "Fråga 2: inte rätt än" in page


def test_a_saved_file_shows_at_once(client: FlaskClient, courses: Path) -> None:
    before = client.get("/version").data
    assert client.get("/version").data == before
    file = courses / "gemensamt/grunder.md"
    file.write_text(file.read_text().replace("Text efter frågan.", "Ny text efter frågan."))
    assert "Ny text" in client.get(LESSON).text
    assert client.get("/version").data != before


def test_a_saved_fault_is_listed_on_every_page_until_it_is_mended(client: FlaskClient, courses: Path) -> None:
    file = courses / "gemensamt/grunder.md"
    whole = file.read_text()
    file.write_text(whole.replace("- [x] En misstanke.", "- [ ] En misstanke."))
    for path in ("/", LESSON):
        page = client.get(path)
        assert page.status_code == 500
        assert "gemensamt/grunder.md, rad 23" in page.text
        assert "Inget svar är märkt som rätt" in page.text
        assert "/static/preview.js" in page.text
    file.write_text(whole)
    assert client.get(LESSON).status_code == 200


def test_no_database_is_ever_opened(app: Flask) -> None:
    opened: list[object] = []
    sa.event.listen(app.extensions["elearn"].engine, "connect", lambda *_: opened.append(1))
    for path in ("/", "/kurs/forskola", LESSON, TEST, "/om", "/stod"):
        app.test_client().get(path)
    app.test_client().post(LESSON)
    assert opened == []


@pytest.mark.browser
def test_the_page_in_the_browser_is_loaded_again_on_save(app: Flask, courses: Path, browser: Browser) -> None:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}{LESSON}")
    expect(page.locator("main")).to_contain_text("Text efter frågan.")
    page.wait_for_timeout(1500)  # the first look has been taken
    file = courses / "gemensamt/grunder.md"
    file.write_text(file.read_text().replace("Text efter frågan.", "Nyss sparad text."))
    expect(page.locator("main")).to_contain_text("Nyss sparad text.", timeout=10_000)
    page.close()
    server.shutdown()
    server.server_close()


@pytest.mark.browser
def test_every_guide_for_the_staff_meeting_prints_on_two_pages(browser: Browser) -> None:
    app = preview.create(Settings(), data_dir("courses"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    guided = [course.slug for course in app.extensions["elearn"].shelf.current().courses.values() if course.guide]
    assert guided
    for slug in guided:
        page.goto(f"http://127.0.0.1:{server.server_port}/kurs/{slug}/apt")
        assert len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))) == 2, slug
    page.close()
    server.shutdown()
    server.server_close()
