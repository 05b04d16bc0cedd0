"""The pages of 240 units in a real browser: what is seen first, where the levels stand, how much paper."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from elearn import database
from elearn.people.models import OrgUnit, Person
from tests import builders
from tests.content import folders
from tests.web import town

pytestmark = pytest.mark.browser
PHONE, DESK = (390, 844), (1280, 900)
LONG = "Arbetsmarknads- och vuxenutbildningsförvaltningens kommunikationsavdelning"
# What WCAG 1.4.12 lets a reader ask for.
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
)


@dataclass
class Place:
    """A server, and whose cookie it knows by role."""

    address: str
    app: Flask
    people: dict[str, int]


@pytest.fixture(scope="module")
def place(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("units")
    (folder / "elearn.db").write_bytes(sqlite_template.read_bytes())
    app = town.application(f"sqlite:///{folder / 'elearn.db'}", folders.write(folder / "courses"))
    engine = app.extensions["elearn"].engine
    people = town.build(engine).people
    town.add_units(engine, people["manager"])
    with database.transaction(engine) as session:
        session.execute(sa.update(OrgUnit).where(OrgUnit.code == "N0").values(name=LONG))
        unit = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "N0")).one()
        for number in range(20):
            builders.employ(session, builders.person(session, f"Medarbetare{number}", "Ö"), unit)
        session.execute(sa.update(Person).where(Person.id == people["manager"]).values(last_name=LONG))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Place(f"http://127.0.0.1:{server.port}", app, people)
    server.shutdown()
    thread.join()
    engine.dispose()


def opened(browser: Browser, place: Place, role: str, path: str, size: tuple[int, int] = DESK) -> Page:
    """The page as this person's browser shows it."""
    client = town.login(place.app, place.people[role])
    cookie = client.get_cookie("elearn")
    assert cookie
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="sv-SE")
    context.add_cookies([{"name": "elearn", "value": cookie.value, "url": place.address}])
    page = context.new_page()
    page.goto(place.address + path)
    return page


def height_of(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollHeight"))


def test_240_units_are_25_rows_and_six_screens_of_a_phone(browser: Browser, place: Place) -> None:
    page = opened(browser, place, "manager", "/min-enhet", PHONE)
    assert page.locator("tbody tr").count() == 25
    assert height_of(page) <= 6 * PHONE[1]
    page.get_by_label("Visa bara enheter som inte når").check()
    page.get_by_role("button", name="Visa", exact=True).click()
    page.get_by_role("link", name=re.compile("^Visa alla")).click()
    assert page.get_by_label("Visa bara enheter som inte når").is_checked()
    page.context.close()


def test_a_division_of_30_units_is_no_endless_scroll(browser: Browser, place: Place) -> None:
    """A row that is opened shows ten; what somebody looks for, 25, on eight screens of a phone in all."""
    for path, most in (("/tackning?oppna=D0", 8), ("/tackning?under=1", 9), ("/tackning/enhet/D0", 8)):
        page = opened(browser, place, "vpc", path, PHONE)
        assert height_of(page) <= most * PHONE[1], path
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
        page.context.close()


def test_a_search_without_script_is_a_row_that_opens_its_own_page(browser: Browser, place: Place) -> None:
    page = opened(browser, place, "vpc", "/tackning?datum=2026-11-01")
    page.get_by_label("Sök namn eller kod").fill("n17")
    page.get_by_label("Nivå").select_option("Enheter")
    page.get_by_label("Sök namn eller kod").press("Enter")
    assert page.locator(".cov tbody tr").count() == 11  # N17 and N170 to N179
    page.get_by_role("link", name="Enhet N17", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Enhet N17, enhet, 1")
    page.get_by_role("link", name="Täckning", exact=True).last.click()
    assert page.get_by_label("Sök namn eller kod").input_value() == "n17"
    page.get_by_role("link", name="Ta bort urvalet").click()
    page.get_by_role("link", name="Öppna Utbildningsförvaltningen här").click()
    assert page.get_by_role("link", name="Stäng Utbildningsförvaltningen här").is_visible()
    assert "datum=2026-11-01" in page.url
    page.context.close()


def test_an_opened_units_people_are_on_the_first_screen(browser: Browser, place: Place) -> None:
    page = opened(browser, place, "manager", "/min-enhet")
    page.locator("tbody tr:not(.head) a").first.click()
    person = page.locator(".people tbody tr").first.bounding_box()
    assert person
    assert person["y"] + person["height"] < 900
    page.get_by_role("link", name="Alla dina enheter").click()
    assert page.url == place.address + "/min-enhet"
    page.context.close()


@pytest.mark.parametrize("path", ["/min-enhet", "/tackning?oppna=D0"])
def test_a_units_name_stands_on_the_line_of_its_figures(browser: Browser, place: Place, path: str) -> None:
    page = opened(browser, place, "manager" if path == "/min-enhet" else "vpc", path)
    lines = page.evaluate(
        """() => [...document.querySelectorAll("tbody tr")].map(row => [".num", "th"].map(what => {
            const range = document.createRange();
            const cell = [...row.querySelectorAll(what)].find(cell => cell.textContent.trim());
            if (!cell) return null;
            const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
            let node; while ((node = text.nextNode()) && (!node.data.trim() || node.parentNode.closest(".vh")));
            range.selectNodeContents(node);
            return range.getClientRects()[0].top })).filter(pair => pair[0] !== null)"""
    )
    assert len(lines) > 20
    assert max(abs(figure - name) for figure, name in lines) <= 4
    page.context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_department_division_and_unit_stand_each_further_in_and_are_sunk(
    browser: Browser, place: Place, size: tuple[int, int]
) -> None:
    page = opened(browser, place, "vpc", "/tackning?oppna=D0", size)
    found = page.evaluate(
        """() => ["U", "D0", "N8"].map(code => {
            const row = document.getElementById(code), range = document.createRange();
            range.selectNodeContents(row.querySelector("th .open"));
            return [range.getClientRects()[0].left, getComputedStyle(row).backgroundColor] })"""
    )
    (department, paper), (division, sand), (unit, sand_too) = found
    assert department + 10 <= division
    assert division + 10 <= unit
    assert paper != sand
    assert sand == sand_too
    page.context.close()


def test_the_thresholds_stand_in_one_table_beside_what_they_mean(browser: Browser, place: Place) -> None:
    page = opened(browser, place, "vpc", "/tackning")
    table = page.locator("table", has_text="vald gräns")
    head, row, text = (
        one.bounding_box()
        for one in (table.locator("thead tr"), table.locator("tbody tr").first, table.locator("+ p"))
    )
    assert head
    assert row
    assert text
    assert (head["x"], head["width"]) == (row["x"], row["width"])
    assert row["x"] + row["width"] < text["x"]
    page.context.close()


@pytest.mark.parametrize(
    ("role", "path", "most"),
    [
        ("vpc", "/tackning", 2),
        ("vpc", "/tackning?oppna=D0", 3),
        ("vpc", "/tackning?under=1", 3),
        ("vpc", "/tackning/enhet/D0", 3),
        ("manager", "/min-enhet/N8/traff", 1),
        ("manager", "/min-enhet/N1", 1),
    ],
)
def test_the_paper_is_few_pages_and_has_no_form(
    browser: Browser, place: Place, role: str, path: str, most: int
) -> None:
    page = opened(browser, place, role, path)
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= most
    page.emulate_media(media="print")
    for control in ("main form input:not([type=hidden])", "main button", "main summary + dl"):
        assert not any(one.is_visible() for one in page.locator(control).all()), control
    table = page.locator("main table").first
    if table.count():
        box = table.bounding_box()
        assert box
        assert box["y"] < 900, "no page is left empty before it"
    page.context.close()


def test_only_the_slips_are_printed(browser: Browser, place: Place) -> None:
    page = opened(browser, place, "manager", "/min-enhet/N0")
    page.get_by_role("button", name="Gör 21 lappar").click()
    page.emulate_media(media="print")
    assert page.locator(".slip").count() == 21
    assert page.locator(".slip").first.evaluate("e => getComputedStyle(e).borderStyle") == "dashed"
    for other in (".top", "h1", ".foot", "main p.lead"):
        assert not page.locator(other).first.is_visible(), other
    page.context.close()


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("manager", "/min-enhet?visa=alla"),
        ("manager", "/min-enhet/N0"),
        ("manager", "/min-enhet/N0/traff"),
        ("vpc", "/tackning?oppna=D0"),
        ("vpc", "/tackning?datum=x"),
        ("vpc", "/tackning?under=1&visa=alla"),
        ("vpc", "/tackning/enhet/N0?sok=n"),
    ],
)
def test_nothing_is_wider_than_320_px_with_more_space_between_letters(
    browser: Browser, place: Place, role: str, path: str
) -> None:
    page = opened(browser, place, role, path, (320, 640))
    page.evaluate(
        """rule => { const sheet = new CSSStyleSheet(); sheet.replaceSync(rule);
        document.adoptedStyleSheets = [sheet] }""",
        SPACING,
    )
    wide = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > 321
        && !e.closest(".vh, .stack thead")).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert wide == []
    page.context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_no_page_breaks_an_accessibility_rule(browser: Browser, place: Place, size: tuple[int, int]) -> None:
    found = {}
    for role, path in (
        ("manager", "/min-enhet"),
        ("manager", "/min-enhet/N0"),
        ("manager", "/min-enhet/N0/traff"),
        ("vpc", "/tackning?oppna=D0"),
        ("vpc", "/tackning?under=1&niva=enhet"),
        ("vpc", "/tackning?sok=finns-inte"),
        ("vpc", "/tackning?datum=x"),
        ("vpc", "/tackning/enhet/D0"),
        ("working-group", "/tackning?oppna=D0"),
        ("coordinator", "/tackning"),
    ):
        page = opened(browser, place, role, path, size)
        found[path, role] = [one["id"] for one in Axe().run(page).response["violations"]]
        page.context.close()
    page = opened(browser, place, "manager", "/min-enhet/N4", size)
    page.get_by_role("button", name=re.compile("^Ge en kod")).first.click()
    found["a code", "manager"] = [one["id"] for one in Axe().run(page).response["violations"]]
    page.context.close()
    assert {what: rules for what, rules in found.items() if rules} == {}


def test_the_figures_of_each_threshold_stand_under_their_headings(browser: Browser, place: Place) -> None:
    """Its table once had a class that the lessons' own style lays out."""
    page = opened(browser, place, "vpc", "/tackning")
    edges = page.locator("main table.limits").evaluate(
        "table => [...table.rows].map(row => [...row.cells].map(cell => cell.getBoundingClientRect().left))"
    )
    assert len(edges) == 4
    assert edges == [edges[0]] * 4
    page.context.close()
