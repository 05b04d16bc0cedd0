"""Measurements on pages: who sees what, freezing with a check before it, and what is told of a damaged one."""

import re
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from elearn import database
from elearn.people.models import OrgUnit, Person
from elearn.reports import measurements
from tests import builders
from tests.reports import measured
from tests.web import town

SENT = {"datum": "2026-11-23", "namn": "Höst 2026", "antal": "0"}


ROLES = {"forskola": "förskola", "socialtjanst": "socialtjänst"}  # whose courses ``app`` has


@pytest.fixture
def engine(app: Flask) -> sa.Engine:
    return app.extensions["elearn"].engine


@pytest.fixture
def people(engine: sa.Engine) -> dict[str, int]:
    """Sara and her manager are trained: Ängen has secured the knowledge, one of five."""
    people = town.build(engine).people
    with database.transaction(engine) as session:
        for role in ("employee", "manager"):
            someone = session.get_one(Person, people[role])
            builders.recognise(
                session, someone, "forskola", town.TODAY.replace(day=1), town.TODAY.replace(year=2028)
            )
    return people


def send(app: Flask, person: int, **fields: str) -> tuple[int, str, str]:
    """The status, where it leads, and the page."""
    client = town.login(app, person)
    token = town.token_in(client.get("/").text)
    answer = client.post("/matningar", data={**SENT, **fields, "csrf_token": token})
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def stored(engine: sa.Engine) -> list[int]:
    with database.snapshot(engine) as session:
        return measurements.ids(session)


def test_looking_at_what_would_be_frozen_freezes_nothing(
    app: Flask, engine: sa.Engine, people: dict[str, int]
) -> None:
    page = town.login(app, people["vpc"]).get("/matningar/frys?datum=2026-11-23&namn=Höst+2026").text
    assert "Du fryser läget den 23\u00a0november 2026, som ”Höst 2026”." in page
    assert "1 av 5 förvaltningar och enheter" in words(page)
    assert stored(engine) == []


def test_what_was_checked_is_frozen_and_shown_with_who_did_it(
    app: Flask, engine: sa.Engine, people: dict[str, int]
) -> None:
    assert send(app, people["vpc"])[:2] == (303, "/matningar/1")
    client = town.login(app, people["vpc"])
    page = client.get("/matningar/1").text
    assert "Höst 2026" in page
    assert re.search(r"Fryst</dt><dd>\d+\u00a0\w+ \d{4}, av Karin ", page)
    assert "Hel: siffrorna är de som frystes" in page
    assert "1 av 5 förvaltningar och enheter har säkerställt kunskapen" in words(page)
    assert "Förskolan Ängen" not in page
    opened = client.get("/matningar/1?oppna=U").text
    assert re.search(r"Förskolan Ängen.*?2 av 2.*?100,0\u00a0%.*?Säkerställt", opened, re.DOTALL)
    listed = words(client.get("/matningar").text)
    assert "23 november 2026 Höst 2026" in listed.replace("\u00a0", " ")
    assert "Alla mätningar är som de frystes" in listed


@pytest.mark.parametrize(
    ("fields", "words_of_it"),
    [
        ({"datum": "2026-11-24"}, "2026-11-24 ligger framåt i tiden"),
        ({"datum": ""}, "är inget datum"),
        ({"datum": "2026-02-30"}, "månaden har dagarna 01 till 28"),
        ({"namn": "å" * 101}, "Namnet får ha högst 100 tecken"),
    ],
)
def test_what_cannot_be_frozen_is_told_with_422(
    app: Flask, engine: sa.Engine, people: dict[str, int], fields: dict[str, str], words_of_it: str
) -> None:
    status, _, page = send(app, people["vpc"], **fields)
    assert status == 422
    assert words_of_it in page
    assert "Mätningen gick inte att frysa" in page
    query = {**SENT, **fields}
    checked = town.login(app, people["vpc"]).get("/matningar/frys", query_string=query)
    assert (checked.status_code, words_of_it in checked.text) == (422, True)
    assert stored(engine) == []


def test_one_press_too_many_freezes_nothing_more(
    app: Flask, engine: sa.Engine, people: dict[str, int]
) -> None:
    assert send(app, people["vpc"])[0] == 303
    status, _, page = send(app, people["vpc"])
    assert status == 409
    assert "Ingenting mer har frysts" in page
    assert send(app, people["vpc"], antal="ett")[0] == 409
    assert stored(engine) == [1]
    assert send(app, people["vpc"], antal="1")[0] == 303


@pytest.mark.parametrize("role", ["employee", "manager", "coordinator", "working-group", "administrator"])
def test_only_vpc_freezes(app: Flask, engine: sa.Engine, people: dict[str, int], role: str) -> None:
    assert send(app, people[role])[0] == 403
    assert stored(engine) == []


def test_the_working_group_and_a_coordinator_see_no_measure_that_tells_of_a_hidden_row(
    app: Flask, people: dict[str, int]
) -> None:
    """Here every unit is small: that none has secured the knowledge would tell of each (R31). Which are told
    stands in tests/reports/test_measurements.py."""
    send(app, people["vpc"])
    for role in ("working-group", "coordinator"):
        client = town.login(app, people[role])
        page = client.get("/matningar").text
        assert "Det finns ingen mätning att visa än." in page
        for told in ("Höst 2026", "0 av 2", "1 av 3", "1 av 5", "20,0", "i dag", "Karin"):
            assert told not in page, told
        assert "/matningar/1" not in page
        assert "/matningar/frys" not in page
        assert client.get("/matningar/1").status_code == 403
        assert client.get("/matningar/jamfor?fran=1&till=i-dag").status_code == 403


@pytest.mark.parametrize("number", ["0", "7", "2147483648", "99999999999999999999"])
def test_a_number_that_is_none_is_not_found(app: Flask, people: dict[str, int], number: str) -> None:
    """S3: also one that no column holds."""
    client = town.login(app, people["vpc"])
    assert client.get(f"/matningar/{number}").status_code == 404
    assert client.get(f"/tackning/rapport?format=pdf&matning={number}").status_code == 404
    assert client.get(f"/matningar/jamfor?fran={number}&till=i-dag").status_code == 404


def test_two_are_compared_and_today_may_be_one_of_them(
    app: Flask, engine: sa.Engine, people: dict[str, int]
) -> None:
    send(app, people["vpc"], datum="2025-12-31", namn="Nollan")
    with database.transaction(engine) as session:
        [unit] = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "UF2"))
        unit.code = "UF9"
    client = town.login(app, people["vpc"])
    page = words(client.get("/matningar/jamfor?fran=1&till=i-dag").text).replace("\u00a0", " ")
    assert "har ökat med 20,0 procentenheter, från 0,0 % den 31 december 2025 till 20,0 %" in page
    assert "Förskolan Ängen 0,0 % 100,0 % +100,0 Nådde gränsen" in page
    assert "Kom till Förskolan Åsen UF9 Fanns inte den 31 december 2025." in page
    assert "Försvann Förskolan Åsen UF2 Finns inte längre den 23 november 2026." in page
    for query in ("fran=1&till=7", "fran=x&till=1", "fran=1", "fran=²&till=1"):
        assert client.get(f"/matningar/jamfor?{query}").status_code == 404


def test_the_list_says_whether_it_increases_and_draws_it(app: Flask, people: dict[str, int]) -> None:
    client = town.login(app, people["vpc"])
    assert "Det finns ingen fryst mätning än." in client.get("/matningar").text
    send(app, people["vpc"], datum="2024-11-23", namn="Två år sedan")
    send(app, people["vpc"], datum="2026-11-22", antal="1")
    page = client.get("/matningar").text
    told = words(page).replace("\u00a0", " ")
    assert (
        "Jämfört med den senaste mätningen, den 22 november 2026, ökar andelen: från 0,0 till 20,0 %." in told
    )
    assert (
        "Jämfört med mätningen närmast två år tillbaka, den 23 november 2024, ökar andelen: från 0,0 till 20,0 %."
        in told
    )
    assert page.count('<circle class="dot" cx=') == 3  # two measurements, and the sign in the key
    assert page.count('r="5.5" fill="#fff"') == 1
    assert "style=" not in page


def test_a_measurement_that_was_changed_is_told_on_both_pages(
    app: Flask, engine: sa.Engine, people: dict[str, int]
) -> None:
    send(app, people["vpc"])
    measured.tamper(engine, "UPDATE measurement_row SET trained = 3 WHERE code = 'UF1'")
    client = town.login(app, people["vpc"])
    sentence = "Mätning 1 är ändrad sedan den frystes: kontrollsumman stämmer inte."
    for path in ("/matningar", "/matningar/1"):
        page = client.get(path).text
        assert sentence in page
        assert "Hel" not in words(page)


def test_the_list_reads_each_measurement_once_and_an_opened_one_is_read_anew(
    app: Flask, engine: sa.Engine, people: dict[str, int]
) -> None:
    send(app, people["vpc"])
    client = town.login(app, people["vpc"])
    read: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        read.append(statement)

    def times_read(path: str) -> int:
        read.clear()
        assert client.get(path).status_code == 200
        return sum("FROM measurement_row" in statement for statement in read)

    sa.event.listen(engine, "before_cursor_execute", note)
    assert [times_read("/matningar"), times_read("/matningar")] == [1, 0]
    assert "Alla mätningar är som de frystes" in client.get("/matningar").text
    measured.tamper(engine, "UPDATE measurement_row SET trained = 3 WHERE code = 'UF1'")
    sentence = "Mätning 1 är ändrad sedan den frystes: kontrollsumman stämmer inte."
    assert sentence in client.get("/matningar/1").text
    assert sentence in client.get("/matningar").text


def test_a_measurement_that_was_changed_is_compared_with_nothing(
    app: Flask, engine: sa.Engine, people: dict[str, int]
) -> None:
    send(app, people["vpc"])
    measured.tamper(engine, "UPDATE measurement_row SET trained = 3 WHERE code = 'UF1'")
    answer = town.login(app, people["vpc"]).get("/matningar/jamfor?fran=1&till=i-dag")
    assert answer.status_code == 409
    assert "Mätning 1 är ändrad sedan den frystes: kontrollsumman stämmer inte." in answer.text


def test_one_that_cannot_be_read_does_not_stop_the_list(
    app: Flask, engine: sa.Engine, people: dict[str, int]
) -> None:
    send(app, people["vpc"])
    send(app, people["vpc"], antal="1", namn="Den andra")
    measured.tamper(engine, "UPDATE measurement SET threshold = 'nio' WHERE id = 1")
    client = town.login(app, people["vpc"])
    page = client.get("/matningar").text
    assert "Den andra" in page
    assert "Mätning 1 går inte att läsa: den är ändrad sedan den frystes." in page
    assert client.get("/matningar/1").status_code == 409


def test_who_froze_it_and_was_erased_is_nobody_by_name(
    app: Flask, engine: sa.Engine, people: dict[str, int]
) -> None:
    send(app, people["vpc"])
    with database.transaction(engine) as session:
        someone = session.get_one(Person, people["vpc"])
        someone.first_name = someone.last_name = ""
    page = town.login(app, people["vpc"]).get("/matningar/1").text
    assert "av någon som inte längre finns kvar" in page


@pytest.fixture
def address(sqlite_app: Flask) -> Iterator[tuple[str, str]]:
    """Where the server is, and VPC's cookie: three measurements, of which one was changed, and today."""
    people = town.build(sqlite_app.extensions["elearn"].engine).people
    for number, day in enumerate(("2024-11-23", "2025-11-23", "2026-11-22")):
        send(sqlite_app, people["vpc"], datum=day, antal=str(number))
    measured.tamper(
        sqlite_app.extensions["elearn"].engine, "UPDATE measurement SET name = 'Annat' WHERE id = 2"
    )
    cookie = town.login(sqlite_app, people["vpc"]).get_cookie("elearn")
    assert cookie
    server = make_server("127.0.0.1", 0, sqlite_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}", cookie.value
    server.shutdown()
    thread.join()


@pytest.mark.browser
def test_every_page_breaks_no_accessibility_rule_and_is_no_wider_than_320_px(
    browser: Browser, address: tuple[str, str]
) -> None:
    for width, scheme in ((320, "light"), (1280, "dark"), (1280, "light")):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        context.add_cookies([{"name": "elearn", "value": address[1], "url": address[0]}])
        page = context.new_page()
        for path in (
            "/matningar",
            "/matningar/2?oppna=U",
            "/matningar/frys?datum=2026-11-23",
            "/matningar/frys?datum=x",
            "/matningar/jamfor?fran=1&till=i-dag",
            "/matningar/mal",
        ):
            page.goto(address[0] + path)
            page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
            assert [one["id"] for one in Axe().run(page).response["violations"]] == [], path
            assert page.evaluate("document.documentElement.scrollWidth") == width, path
        context.close()
