"""The authors' preview: the courses as the learner meets them, loaded again on save, and nothing else."""

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from elearn.settings import Settings, data_dir
from elearn.web import preview
from tests.content import folders

LESSON, TEST = "/kurs/forskola/1", "/kurs/forskola/2"
FILE = "gemensamt/grunder.md"
BROKEN = folders.LESSON.replace("- [x] En misstanke.", "- [ ] En misstanke.")


def with_text(text: str) -> str:
    assert "Text efter frågan." in folders.LESSON
    return folders.LESSON.replace("Text efter frågan.", text)


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
    [
        "/kurs/finns-inte",
        "/kurs/forskola/3",
        "/kurs/forskola/0",
        "/kurs/finns-inte/1",
        "/kursbilder/x.svg",
        "/intyg/1",
        "/min-enhet",
    ],
)
def test_what_does_not_exist_is_said_so(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/kurs/forskola/3", "/kurs/forskola/0", "/kurs/finns-inte/1"])
def test_nothing_can_be_answered_in_what_does_not_exist(client: FlaskClient, path: str) -> None:
    assert client.post(path).status_code == 404


def test_a_lesson_with_nothing_to_answer_leads_back_to_its_course(client: FlaskClient, courses: Path) -> None:
    (courses / FILE).write_text(folders.LESSON.partition("### Fråga")[0])
    answer = client.post(LESSON)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/kurs/forskola")


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


def version_in(page: str) -> str:
    found = re.search(r'data-version="(\w+)"', page)
    assert found
    return found[1]


def test_a_saved_file_shows_at_once_and_every_page_tells_its_version(
    client: FlaskClient, courses: Path
) -> None:
    before = client.get("/version").text
    assert {version_in(client.get(path).text) for path in ("/", LESSON, "/om", "/finns-inte")} == {before}
    (courses / FILE).write_text(with_text("Ny text."))
    page = client.get(LESSON).text
    assert "Ny text." in page
    assert version_in(page) == client.get("/version").text != before


def test_a_saved_fault_is_listed_on_every_page_until_it_is_mended(client: FlaskClient, courses: Path) -> None:
    (courses / FILE).write_text(BROKEN)
    for path in ("/", LESSON):
        page = client.get(path)
        assert page.status_code == 500
        assert "gemensamt/grunder.md, rad 23" in page.text
        assert "Inget svar är märkt som rätt" in page.text
        assert version_in(page.text) == client.get("/version").text
    (courses / FILE).write_text(folders.LESSON)
    assert client.get(LESSON).status_code == 200


def test_the_line_of_a_fault_keeps_its_indentation(client: FlaskClient, courses: Path) -> None:
    (courses / FILE).write_text(with_text("  #Rubrik"))
    assert "<code>\u00a0\u00a0#Rubrik</code>" in client.get(LESSON).text


def test_faults_from_the_start_are_listed_until_they_are_mended(tmp_path: Path) -> None:
    client = preview.create(Settings(), folders.write(tmp_path, **{FILE: BROKEN})).test_client()
    assert "gemensamt/grunder.md, rad 23" in client.get("/").text
    folders.write(tmp_path)
    assert "Text efter frågan." in client.get(LESSON).text


def test_the_start_page_lists_what_is_weak_in_the_authors_own_text(tmp_path: Path) -> None:
    """Not what VPC has to confirm: that is the same long list until it is done."""
    timely = {
        FILE: folders.LESSON.replace("10 min", "2 min"),
        "forskola/slutprov.md": folders.TEST.replace("15 min", "2 min"),
    }
    client = preview.create(Settings(), folders.write(tmp_path, **timely)).test_client()
    assert "Att se över" not in client.get("/").text
    alone = folders.LESSON.partition("### Fråga")[0].replace("Misstanke räcker.", "ord " * 26 + "slut.")
    folders.write(tmp_path, **timely, **{"gemensamt/ensamt.md": alone})
    page = client.get("/").text
    assert "gemensamt/ensamt.md, rad 1</strong><br>Avsnittet står inte i någon kurs." in page
    assert "gemensamt/ensamt.md, rad 15</strong><br>En mening har 27 ord." in page
    assert "Inte kontrollerad" not in page


def test_a_picture_is_shown_from_a_folder_that_is_named_from_here(
    courses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders.write(courses, **{FILE: with_text("![En bild](bild.svg)"), "gemensamt/bild.svg": "<svg/>"})
    monkeypatch.chdir(courses.parent)
    client = preview.create(Settings(), Path(courses.name)).test_client()
    with client.get("/kursbilder/gemensamt/bild.svg") as picture:
        assert picture.data == b"<svg/>"
    (courses / "gemensamt/bild.svg").unlink()
    assert client.get("/kursbilder/gemensamt/bild.svg").status_code == 404
    assert "Bilden finns inte i mappen" in client.get(LESSON).text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8200", "localhost", "localhost:8200"])
def test_this_computers_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get(LESSON, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example:8200", "127.0.0.1.evil.example", "localhost.evil.example", "[::1]:8200", ""]
)
def test_no_other_name_is_answered(client: FlaskClient, courses: Path, host: str) -> None:
    """Another site may have a name of its own that leads here."""
    for text in (folders.LESSON, BROKEN):
        (courses / FILE).write_text(text)
        for path in ("/", LESSON, "/version", "/static/preview.js", "/finns-inte"):
            answer = client.get(path, headers={"Host": host})
            assert answer.status_code == 403
            assert (
                answer.text
                == "Förhandsvisningen svarar bara på http://127.0.0.1 och http://localhost på den här datorn.\n"
            )


def test_no_database_is_ever_opened(app: Flask) -> None:
    opened: list[object] = []
    sa.event.listen(app.extensions["elearn"].engine, "connect", lambda *_: opened.append(1))
    for path in ("/", "/kurs/forskola", LESSON, TEST, "/om", "/stod"):
        app.test_client().get(path)
    app.test_client().post(LESSON)
    assert opened == []


@contextmanager
def served(app: Flask, browser: Browser) -> Iterator[tuple[Page, str]]:
    """A page in the browser, and the preview's address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    yield page, f"http://127.0.0.1:{server.server_port}"
    page.close()
    server.shutdown()
    server.server_close()


def expect_text(page: Page, text: str) -> None:
    expect(page.locator("main")).to_contain_text(text, timeout=20_000)


@pytest.mark.browser
@pytest.mark.parametrize("place", [LESSON, f"{LESSON}#kort-version"])
def test_every_save_shows_in_the_browser_however_soon_it_comes(
    app: Flask, courses: Path, browser: Browser, place: str
) -> None:
    """Also when the address leads to a place on the page."""
    with served(app, browser) as (page, address):
        page.goto(address + place)
        expect_text(page, "Text efter frågan.")
        for text in ("Sparad en gång.", "Sparad två gånger.", "Sparad tre gånger."):
            (courses / FILE).write_text(with_text(text))
            expect_text(page, text)
        assert page.url == address + place


@pytest.mark.browser
def test_a_fault_shows_in_the_browser_and_goes_when_it_is_mended(
    app: Flask, courses: Path, browser: Browser
) -> None:
    with served(app, browser) as (page, address):
        page.goto(address + LESSON)
        for _ in range(2):
            (courses / FILE).write_text(BROKEN)
            expect_text(page, "Inget svar är märkt som rätt")
            (courses / FILE).write_text(folders.LESSON)
            expect_text(page, "Text efter frågan.")


@pytest.mark.browser
def test_after_a_save_the_answers_page_is_the_lesson_again(
    app: Flask, courses: Path, browser: Browser
) -> None:
    with served(app, browser) as (page, address):
        page.goto(address + LESSON + "/kontrollera")
        page.get_by_role("button", name="Lämna in svaren").click()
        expect_text(page, "Väntar du på bevis")
        (courses / FILE).write_text(with_text("Nyss sparad text."))
        expect_text(page, "Nyss sparad text.")


@pytest.mark.browser
def test_what_is_saved_while_the_courses_are_read_shows_in_every_tab(
    tmp_path: Path, browser: Browser
) -> None:
    """The real courses: their reading takes long enough to be overtaken."""
    courses = shutil.copytree(data_dir("courses"), tmp_path / "courses")
    file = courses / "gemensamt/konsstympning.md"
    text = file.read_text()
    app = preview.create(Settings(), courses)
    number = app.extensions["elearn"].shelf.current().courses["forskola"].number("gemensamt/konsstympning")
    with served(app, browser) as (page, address), closing(browser.new_page()) as other:
        for tab in (page, other):
            tab.goto(f"{address}/kurs/forskola/{number}")
        for turn in range(3):
            with page.expect_request("**/version"):  # the earlier save is being read
                file.write_text(f"{text}\nFörst sparat {turn}.\n")
            file.write_text(f"{text}\nSist sparat {turn}.\n")
            for tab in (page, other):
                expect_text(tab, f"Sist sparat {turn}.")


@pytest.mark.browser
def test_every_guide_for_the_staff_meeting_prints_on_two_pages(browser: Browser) -> None:
    app = preview.create(Settings(), data_dir("courses"))
    guided = [
        course.slug for course in app.extensions["elearn"].shelf.current().courses.values() if course.guide
    ]
    assert guided
    with served(app, browser) as (page, address):
        for slug in guided:
            page.goto(f"{address}/kurs/{slug}/apt")
            assert len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))) == 2, slug


CARD = """# Om du blir orolig för ett barn

## Fem steg

1. Se och hör. Skriv ner det du har sett och hört, med barnets egna ord.
2. Fråga öppet, när ni är ensamma. Lova aldrig att inte berätta.
3. Misstänker du att ett barn far illa? Då räcker det. Kontakta inte familjen först.
4. Ring socialtjänsten, och lämna sedan en skriftlig orosanmälan samma dag.
5. Finns där i morgon också. Anmäl igen om du ser något nytt.

## Fyra frågor

- Vad har jag sett och hört?
- Vad vet jag inte?
- Vad kan hända om jag väntar?
- Vad gör jag nu?

## Ring

[Akut fara](../gemensamt/kontakter.md#akut-fara)

[Socialtjänsten](../gemensamt/kontakter.md#socialtjänsten)

[Bris](../gemensamt/kontakter.md#bris)
"""


@pytest.mark.browser
def test_a_card_prints_on_one_a6_and_other_material_on_a4(tmp_path: Path, browser: Browser) -> None:
    files = {
        "forskola/kort.md": CARD,
        "forskola/lektion.md": CARD,
        "gemensamt/kontakter.md": folders.CONFIRMED,
    }
    app = preview.create(Settings(), folders.write(tmp_path, **files))
    sizes = {}
    with served(app, browser) as (page, address):
        for name in ("kort", "lektion"):
            page.goto(f"{address}/kurs/forskola/{name}")
            boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
            sizes[name] = [tuple(round(float(points) * 25.4 / 72) for points in box) for box in boxes]
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert sizes == {"kort": [(105, 148)], "lektion": [(210, 297)]}
