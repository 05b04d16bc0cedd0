"""What is read on a telephone or printed, in Chromium, with the real courses and every contact filled in."""

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from elearn.settings import Settings, data_dir
from elearn.web import preview

FILLED_IN = "- Telefon: 08-465 004 00\n- Öppet: måndag till fredag 8–16.30\n- Kontrollerad: 2026-11-23\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = Path(shutil.copytree(data_dir("courses"), tmp_path_factory.mktemp("all") / "courses"))
    contacts = folder / "gemensamt" / "kontakter.md"
    text = re.sub(r"- Kontrollerad: nej\n- Att göra: .*\n", FILLED_IN, contacts.read_text(encoding="utf-8"))
    contacts.write_text(text, encoding="utf-8")
    server = make_server("127.0.0.1", 0, preview.create(Settings(), folder), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def printed_pages(browser: Browser, address: str) -> int:
    with closing(browser.new_context()) as context:
        page = context.new_page()
        page.goto(address)
        return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def test_112_stands_within_the_first_screen_of_a_telephone(browser: Browser, address: str) -> None:
    with closing(browser.new_context(viewport={"width": 390, "height": 844})) as context:
        page = context.new_page()
        page.goto(f"{address}/stod")
        box = page.get_by_role("link", name="112").bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= 844


def test_the_page_of_support_is_two_sheets_at_most(browser: Browser, address: str) -> None:
    assert printed_pages(browser, f"{address}/stod") <= 2


@pytest.mark.parametrize("slug", ["forskola", "skola", "socialtjanst", "fritid", "avux"])
def test_a_guide_for_the_staff_meeting_is_two_sheets(browser: Browser, address: str, slug: str) -> None:
    assert printed_pages(browser, f"{address}/kurs/{slug}/apt") == 2


@pytest.mark.parametrize("slug", ["forskola", "skola", "socialtjanst", "fritid", "avux"])
def test_a_card_for_the_pocket_is_one_sheet(browser: Browser, address: str, slug: str) -> None:
    assert printed_pages(browser, f"{address}/kurs/{slug}/kort") == 1


@pytest.mark.parametrize("width", [320, 390])
def test_the_text_in_a_time_line_is_large_enough_on_a_telephone(
    browser: Browser, address: str, width: int
) -> None:
    """Its text is 16 pixels high where the picture is as wide as it was drawn."""
    with closing(browser.new_context(viewport={"width": width, "height": 640})) as context:
        page = context.new_page()
        page.goto(f"{address}/kurs/forskola")
        drawn, shown = page.locator("img[src$='tidslinje.svg']").evaluate(
            "img => [img.naturalWidth, img.getBoundingClientRect().width]"
        )
        assert 16 * shown / drawn >= 11.5


def test_every_number_in_a_list_of_contacts_is_high_enough_for_a_thumb(
    browser: Browser, address: str
) -> None:
    with closing(browser.new_context(viewport={"width": 320, "height": 640})) as context:
        page = context.new_page()
        page.goto(f"{address}/kurs/forskola/7")
        heights = page.locator(".contacts a:visible").evaluate_all(
            "links => links.map(link => link.getBoundingClientRect().height)"
        )
        assert len(heights) >= 5
        assert min(heights) >= 44
        assert page.evaluate("document.documentElement.scrollWidth") == 320
