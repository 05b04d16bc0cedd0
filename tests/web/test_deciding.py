"""A coordinator decides in a real browser, without script: finds a position, sees what would change, saves it
and ends it. Each page on the way has no axe violation and is no wider than its window."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from elearn.people.models import OrgUnit
from elearn.training.models import TargetDecision
from tests.web import town

pytestmark = pytest.mark.browser
LONG = "Arbetsmarknads- och vuxenutbildningsförvaltningens kommunikationsavdelning"


@pytest.fixture
def served(sqlite_app: Flask) -> Iterator[tuple[str, dict[str, int]]]:
    """The address, and who there is."""
    engine = sqlite_app.extensions["elearn"].engine
    people = town.build(engine).people
    with Session(engine) as session:
        session.execute(sa.update(OrgUnit).where(OrgUnit.code == "UF2").values(name=LONG))
        session.commit()
    server = make_server("127.0.0.1", 0, sqlite_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}", people
    server.shutdown()
    thread.join()


def cookie_of(app: Flask, person_id: int) -> str:
    found = town.login(app, person_id).get_cookie("elearn")
    assert found
    return found.value


def opened(browser: Browser, app: Flask, address: str, person_id: int, *, has_script: bool) -> Page:
    # A colour on its way to another is no colour of ours.
    context = browser.new_context(java_script_enabled=has_script, locale="sv-SE", reduced_motion="reduce")
    context.add_cookies([{"name": "elearn", "value": cookie_of(app, person_id), "url": address}])
    return context.new_page()


def test_a_coordinator_decides_and_ends_without_script(
    browser: Browser, sqlite_app: Flask, served: tuple[str, dict[str, int]]
) -> None:
    address, people = served
    page = opened(browser, sqlite_app, address, people["coordinator"], has_script=False)
    page.goto(address + "/malgrupp")
    page.get_by_label("Sök en enhet eller en person").fill("ängen")
    page.get_by_role("button", name="Sök").click()
    page.get_by_role("link", name="Förskolan Ängen").click()
    page.get_by_role("link", name="Barnskötare").click()
    page.get_by_role("button", name="Granska beslutet").click()
    expect(page.get_by_role("alert")).to_contain_text("Välj om beslutet")
    page.get_by_label("Undantas från målgruppen").check()
    page.get_by_label("Skäl").fill("Annan utbildning")
    page.get_by_role("button", name="Granska beslutet").click()
    expect(page.get_by_text("Beslutet gäller två personer.")).to_be_visible()
    row = page.get_by_role("row", name="Förskolan Ängen")
    expect(row.get_by_role("cell").nth(1)).to_have_text("nu 2 → blir 0")
    page.get_by_role("button", name="Ändra").click()
    expect(page.get_by_label("Skäl")).to_have_value("Annan utbildning")
    page.get_by_role("button", name="Granska beslutet").click()
    page.get_by_role("button", name="Spara beslutet").click()
    expect(page.get_by_text("Beslutet är sparat.")).to_be_visible()
    expect(page.get_by_text("0 av 2")).to_be_visible()
    page.get_by_role("link", name="Barnskötare i Förskolan Ängen").click()
    page.get_by_role("button", name="Granska").click()
    page.get_by_role("button", name="Spara den sista dagen").click()
    expect(page.get_by_text("Beslutet har fått en sista dag.")).to_be_visible()
    with Session(sqlite_app.extensions["elearn"].engine) as session:
        [decision] = session.scalars(sa.select(TargetDecision))
        assert (decision.position, decision.ended_on) == ("Barnskötare", town.TODAY)
    page.context.close()


def test_no_page_of_the_target_group_has_a_fault_that_axe_finds_or_is_too_wide(
    browser: Browser, sqlite_app: Flask, served: tuple[str, dict[str, int]], tmp_path: Path
) -> None:
    address, people = served
    page = opened(browser, sqlite_app, address, people["vpc"], has_script=True)
    new = f"/malgrupp/nytt?enhet=UF2&person={people['neighbour']}"
    faults = []

    def look(name: str) -> None:
        for width, scheme in ((320, "light"), (390, "dark"), (1280, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append((name, width, "too wide"))
            found = Axe().run(page).response["violations"]
            faults.extend((name, width, one["id"], one["nodes"][0]["html"][:150]) for one in found)

    for path in (
        "/malgrupp",
        "/malgrupp?sok=n",
        "/malgrupp?sok=finnsinte",
        "/malgrupp/enhet/U",
        "/malgrupp/enhet/UF2",
        f"/malgrupp/person/{people['neighbour']}",
        new,
    ):
        page.goto(address + path)
        look(path)
    page.get_by_role("button", name="Granska beslutet").click()
    look("form with faults")
    page.locator("#beslut-1").check()
    page.locator("#skal").fill("Tjänstledig")
    page.get_by_role("button", name="Granska beslutet").click()
    look("preview")
    page.get_by_role("button", name="Spara beslutet").click()
    look("saved")
    for path in ("/malgrupp/beslut", "/malgrupp/beslut/1"):
        page.goto(address + path)
        look(path)
    page.locator("#sista").fill("2026-11-01")
    page.get_by_role("button", name="Granska").click()
    look("end with a fault")
    page.locator("#sista").fill(town.TODAY.isoformat())
    page.get_by_role("button", name="Granska").click()
    look("preview of the end")
    page.context.close()
    assert faults == []
