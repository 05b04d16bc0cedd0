"""The whole way in a real browser, against the demonstration as a stranger starts it: the barnskötare
completes the course on a phone, her rektor sees it, and VPC finds it in the figure and in the export."""

import io
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from elearn.content.course import Course, Lesson, QuestionKind
from elearn.content.rendering import builder
from elearn.settings import data_dir
from tests.browsing import DESK, PHONE, answer, demonstration, go_through, log_in
from tests.conftest import chromium

LANDSCAPE = ViewportSize(width=640, height=360)
ZOOMED = ViewportSize(width=320, height=256)  # 1280 px at 400 %
SARA, JOHAN, KARIN, MIRJAM = "100001", "100002", "100004", "100006"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def course() -> Course:
    return builder.read_catalog(data_dir("courses")).courses["forskola"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``elearn demo`` in an empty folder."""
    chromium()
    with demonstration(tmp_path_factory.mktemp("demo")) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="sv-SE")
    yield context
    context.close()


def test_a_barnskotare_completes_the_course_and_it_is_found_in_every_figure(
    context: BrowserContext, address: str, course: Course
) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    log_in(page, address, KARIN)
    before = trained(page, address)
    page.get_by_role("button", name="Logga ut").click()

    log_in(page, address, SARA)
    for number, lesson in enumerate(course.lessons, 1):
        page.get_by_role("link", name=re.compile("^(Börja|Fortsätt)")).first.click()
        page.wait_for_url(f"{address}/kurs/forskola/{number}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], number
        go_through(page, lesson)
        page.wait_for_url(f"{address}/kurs/forskola/{number}/svar")
    assert page.get_by_role("heading", level=1).inner_text() == "Du är klar med kursen"
    page.get_by_role("link", name="Visa ditt intyg").first.click()
    assert "Sara Lindell" in page.inner_text("article.paper")

    page.goto(address)
    page.get_by_role("button", name="Logga ut").click()
    log_in(page, address, JOHAN)
    page.goto(address + "/min-enhet")
    page.get_by_text(re.compile("är klara?$")).last.click()
    assert "Sara Lindell" in page.locator("ul.done").inner_text()

    page.get_by_role("button", name="Logga ut").click()
    log_in(page, address, KARIN)
    assert trained(page, address) == before + 1
    assert {url.split("/")[2] for url in asked if not url.startswith("data:")} == {
        address.removeprefix("http://")
    }  # S28


def trained(page: Page, address: str) -> int:
    """The department's figure on the page, which is also the export's."""
    page.goto(address + "/tackning")
    row = page.locator("tr", has=page.get_by_role("link", name=re.compile("Utbildningsförvaltningen")))
    count = int(re.sub(r"\D", "", row.locator('[data-l="Utbildade"]').inner_text().partition(" av ")[0]))
    with page.expect_download() as download:
        page.get_by_role("link", name="Hämta som CSV").click()
    line = next(
        line for line in Path(download.value.path()).read_text("utf-8-sig").splitlines() if ";UTB;" in line
    )
    assert int(line.split(";")[8]) == count
    return count


PAGES = (
    (None, "/logga-in"),
    (None, "/stod"),
    (None, "/om"),
    (None, "/personuppgifter"),
    (None, "/tillganglighet"),
    (None, "/_komponenter"),
    (None, "/losenord"),
    (None, "/finns-inte"),
    ("100005", "/"),
    (SARA, "/kurs/skola"),
    (SARA, "/kurs/skola/1"),
    (SARA, "/kurs/skola/6"),
    (SARA, "/kurs/skola/6?kort=1"),
    (SARA, "/kurs/skola/6/ova"),
    (SARA, "/kurs/skola/6/kontrollera"),
    (JOHAN, "/min-enhet"),
    (KARIN, "/tackning?oppna=UTB-F1"),
    (KARIN, "/tackning?datum=x"),
    (SARA, "/losenord"),
    (SARA, "/mina-uppgifter"),
    (MIRJAM, "/personal"),
    (MIRJAM, "/behorigheter?sok=Karin"),
    (MIRJAM, "/drift"),
)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_an_accessibility_rule_or_is_wider_than_its_window(
    browser: Browser, address: str, viewport: ViewportSize, scheme: str
) -> None:
    contexts: dict[str | None, Page] = {}
    found = {}
    for who, path in PAGES:
        if who not in contexts:
            context = browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
            contexts[who] = context.new_page()
            if who:
                log_in(contexts[who], address, who)
        page = contexts[who]
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
        if viewport == DESK:  # a class of another page's may not take a table apart
            shapes = page.eval_on_selector_all(
                "table", "all => all.map(one => getComputedStyle(one).display)"
            )
            assert set(shapes) <= {"table"}, path
        violations = Axe().run(page).response["violations"]
        found[path] = [(one["id"], one["nodes"][0]["html"][:200]) for one in violations]
    assert {path: what for path, what in found.items() if what} == {}
    for page in contexts.values():
        page.context.close()


def test_the_button_of_every_course_stands_on_a_phones_first_screen(
    context: BrowserContext, address: str
) -> None:
    """Begun by nobody, and done (the barnskötare's rektor has a certificate)."""
    page = context.new_page()
    log_in(page, address, JOHAN)
    bottoms = {}
    for slug in builder.read_catalog(data_dir("courses")).courses:
        page.goto(f"{address}/kurs/{slug}")
        [box] = [button.bounding_box() for button in page.locator("main .btn").all()]
        assert box
        bottoms[slug] = box["y"] + box["height"]
    assert {slug: bottom for slug, bottom in bottoms.items() if bottom >= PHONE["height"]} == {}


def test_a_card_is_printed_on_one_a6_with_every_number(context: BrowserContext, address: str) -> None:
    """Also those that the demonstration invents and marks."""
    page = context.new_page()
    log_in(page, address, SARA)
    for slug in ("forskola", "skola", "socialtjanst", "fritid", "avux"):
        page.goto(f"{address}/kurs/{slug}/kort")
        [sheet] = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        size = [round(float(side) * 25.4 / 72) for side in (sheet.mediabox.width, sheet.mediabox.height)]
        assert size == [105, 148], slug
        told = sheet.extract_text()
        assert "112" in told, slug
        assert len(re.findall(r"påhittat nummer", told)) >= 2, slug


def test_the_menu_leaves_no_link_alone_on_a_line(browser: Browser, address: str) -> None:
    for width in (320, 360, 390):
        for who in (SARA, JOHAN, KARIN):
            context = browser.new_context(viewport={"width": width, "height": 640})
            page = context.new_page()
            log_in(page, address, who)
            tops = page.eval_on_selector_all("nav li", "all => all.map(li => li.getBoundingClientRect().top)")
            assert tops.count(tops[-1]) > 1, (width, who, tops)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            context.close()


def test_no_component_is_wider_than_a_small_phone(browser: Browser, address: str) -> None:
    with closing(browser.new_context(viewport={"width": 320, "height": 640})) as context:
        page = context.new_page()
        page.goto(f"{address}/_komponenter")
        assert page.get_by_text("Fråga 10: inte rätt än, måste vara rätt").count() > 2
        assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_quick_exit_replaces_the_page_and_back_finds_nothing(
    context: BrowserContext, address: str
) -> None:
    """pages.md, rule 4: by Escape twice, and the same button without script."""
    context.route("https://www.smhi.se/**", lambda route: route.fulfill(body="Vädret"))
    page = context.new_page()
    log_in(page, address, JOHAN)
    page.goto(address + "/kurs/skola/1")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url("https://www.smhi.se/**")
    page.go_back()
    assert "Våld i nära" not in page.content()
    page.goto(address + "/kurs/skola/1")
    assert page.url.startswith(address + "/logga-in")


def test_the_quick_exit_works_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.route("https://www.smhi.se/**", lambda route: route.fulfill(body="Vädret"))
    page = context.new_page()
    log_in(page, address, JOHAN)
    page.goto(address + "/kurs/skola/1")
    page.get_by_role("button", name="Lämna sidan snabbt").click()
    page.wait_for_url("https://www.smhi.se/**")
    page.go_back()
    page.reload()
    assert page.url.startswith(address + "/logga-in")
    context.close()


@pytest.mark.parametrize(
    "window", [PHONE, DESK, LANDSCAPE, ZOOMED], ids=["390", "1280", "640x360", "320x256"]
)
def test_the_quick_exit_never_scrolls_away(browser: Browser, address: str, window: ViewportSize) -> None:
    """pages.md, rule 4: on every page of somebody who is logged in, whole and in one line."""
    context = browser.new_context(viewport=window)
    page = context.new_page()
    log_in(page, address, JOHAN)
    for path in (
        "/",
        "/kurs/skola",
        "/kurs/skola/1",
        "/min-enhet",
        "/stod",
        "/om",
        "/losenord",
        "/finns-inte",
    ):
        page.goto(address + path)
        for place in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
            page.evaluate(f"scrollTo({{top: {place}, behavior: 'instant'}})")
            box = page.get_by_role("button", name="Lämna sidan snabbt").bounding_box()
            assert box, path
            assert box["y"] >= 0, (path, place)
            assert box["y"] + box["height"] <= window["height"], (path, place)
            assert 44 <= box["height"] <= 50, path
            assert box["x"] + box["width"] <= window["width"], path
    context.close()


def test_two_minutes_before_a_login_ends_one_is_asked_to_stay(context: BrowserContext, address: str) -> None:
    """WCAG 2.2.1: by a button or any key, as often as one likes."""
    page = context.new_page()
    log_in(page, address, JOHAN)
    page.clock.install()
    page.goto(address + "/kurs/skola/1")
    box = page.get_by_role("alert")
    for stay in (
        lambda: page.get_by_role("button", name="Stanna kvar").click(),
        lambda: page.keyboard.press("x"),
    ):
        page.clock.fast_forward("57:50")
        assert not box.is_visible()
        page.clock.fast_forward("00:15")
        assert box.inner_text().startswith("Du loggas snart ut.")
        with page.expect_response("**/kvar"):
            stay()
        box.wait_for(state="hidden")
    page.clock.fast_forward("58:05")
    assert box.is_visible()
    page.clock.fast_forward("02:00")
    assert not box.is_visible()


@pytest.mark.parametrize("is_scripted", [True, False])
def test_a_password_is_shown_on_ones_wish_and_hidden_when_it_is_sent(
    browser: Browser, address: str, is_scripted: bool
) -> None:
    context = browser.new_context(java_script_enabled=is_scripted)
    page = context.new_page()
    page.goto(address + "/logga-in")
    box, field = page.get_by_label("Visa lösenordet"), page.locator("#losenord")
    assert box.is_visible() is is_scripted
    if is_scripted:
        box.check()
        assert field.get_attribute("type") == "text"
        page.evaluate(
            "document.querySelector('main form').addEventListener('submit', e => e.preventDefault())"
        )
        page.get_by_role("button", name="Logga in", exact=True).click()
    assert field.get_attribute("type") == "password"
    context.close()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_nothing_moves_on_a_page_that_is_loaded_slowly(
    browser: Browser, address: str, viewport: ViewportSize
) -> None:
    """No layout shift, with an empty cache at 400 kbit/s: the heading font never changes places with another."""
    moved = {}
    for who, path in (
        (None, "/logga-in"),
        (SARA, "/kurs/skola"),
        (SARA, "/kurs/skola/2"),
        (KARIN, "/tackning"),
    ):
        context = browser.new_context(viewport=viewport)
        page = context.new_page()
        if who:
            log_in(page, address, who)
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.setCacheDisabled", {"cacheDisabled": True})
        slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
        line.send("Network.emulateNetworkConditions", slow)
        page.add_init_script(
            """window.moved = 0; new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.moved += entry.value;
            }).observe({ type: 'layout-shift', buffered: true })"""
        )
        page.goto(address + path, wait_until="networkidle")
        moved[path] = page.evaluate("moved")
        context.close()
    assert moved == dict.fromkeys(moved, 0)


SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
)
LARGE = "html { font-size: 212.5% !important; }"


@pytest.mark.parametrize(("width", "style"), [(320, SPACING), (390, LARGE)], ids=["spacing", "200 %"])
def test_no_page_is_wider_than_its_window_with_the_readers_own_text(
    browser: Browser, address: str, width: int, style: str
) -> None:
    """WCAG 1.4.12 and 1.4.4: text spacing at 320 px, twice the size on a phone."""
    context = browser.new_context(viewport=ViewportSize(width=width, height=800), bypass_csp=True)
    page = context.new_page()
    wide = {}
    for who, paths in (
        (None, ("/logga-in", "/stod", "/om", "/personuppgifter", "/tillganglighet", "/losenord")),
        (JOHAN, ("/", "/kurs/skola", "/kurs/skola/2", "/min-enhet", "/losenord", "/tackning")),
    ):
        if who:
            log_in(page, address, who)
        for path in paths:
            page.goto(address + path)
            page.add_style_tag(content=style)
            wide[path] = page.evaluate("document.documentElement.scrollWidth")
    page.goto(address + "/")
    page.locator('a[href^="/intyg/"]').first.click()
    page.add_style_tag(content=style)
    wide["/intyg"] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: found for path, found in wide.items() if found > width} == {}
    context.close()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


def test_an_error_summary_is_read_first_and_leads_to_the_control(browser: Browser, address: str) -> None:
    """It takes the focus, also without script; its link gives it to the control (WCAG 3.3.1, 2.4.3)."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/logga-in")
    page.get_by_role("button", name="Logga in", exact=True).click()
    assert focused(page) == "errs"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "anstallningsnr"
    log_in(page, address, JOHAN)
    page.goto(address + "/kurs/skola/2/kontrollera")
    page.get_by_role("button", name="Lämna in svaren").click()
    assert focused(page) == "errs"
    for link in page.locator(".errs a").all():
        link.click()
        tag = page.evaluate("document.activeElement.tagName")
        assert tag in ("INPUT", "SELECT"), link.get_attribute("href")
    context.close()


def choose_something(page: Page, lesson: Lesson) -> int:
    """Answer what the page asks, and say how many controls are then chosen or filled."""
    for question in lesson.questions:
        if page.locator(f"#q-{question.id}").count():
            answer(page, question)
    return chosen_count(page)


def chosen_count(page: Page) -> int:
    return int(
        page.evaluate(
            """() => document.querySelectorAll('main input:checked').length
            + [...document.querySelectorAll('main select, main .sort input')].filter(f => f.value).length"""
        )
    )


def test_what_was_chosen_comes_back_to_whoever_chose_it_and_to_nobody_else(
    context: BrowserContext, address: str, course: Course
) -> None:
    """A browser fills a form anew when somebody goes back to it: also when somebody else is logged in."""
    page, lesson = context.new_page(), f"{address}/kurs/forskola/8/kontrollera"
    log_in(page, address, SARA)
    page.goto(lesson)
    chosen = choose_something(page, course.lessons[7])
    assert chosen > 0
    page.goto(address + "/stod")
    page.go_back()
    assert (page.url, chosen_count(page)) == (lesson, chosen)
    page.get_by_role("button", name="Logga ut").click()
    log_in(page, address, JOHAN)
    while page.url != lesson:
        page.go_back()
    page.get_by_role("heading", level=1).wait_for()
    assert chosen_count(page) == 0


def lesson_of(course: Course, number: int) -> Lesson:
    return course.lessons[number - 1]


@pytest.mark.parametrize("with_script", [True, False])
def test_an_answer_is_told_where_it_stands_with_script_and_without(
    browser: Browser, address: str, with_script: bool
) -> None:
    """And everything else stays as it was chosen; with script the page is the same one."""
    skola = builder.read_catalog(data_dir("courses")).courses["skola"]
    asked = [q for q in lesson_of(skola, 6 if with_script else 7).questions if q.kind == QuestionKind.SINGLE]
    context = browser.new_context(viewport=PHONE, java_script_enabled=with_script)
    page = context.new_page()
    log_in(page, address, SARA)
    page.goto(f"{address}/kurs/skola/{6 if with_script else 7}/kontrollera")
    if with_script:
        page.evaluate("window.isSamePage = true")
    answer(page, asked[1])
    answer(page, asked[0])
    page.locator(f'[name="svara"][value="{asked[0].id}"]').click()
    told = page.locator(f"section#q-{asked[0].id}")
    told.wait_for()
    assert "Ditt svar, rätt" in told.inner_text()
    right = next(choice for choice in asked[1].choices if choice.is_right)
    assert page.locator(f'input[name="{asked[1].id}"][value="{right.key}"]').is_checked()
    if with_script:
        assert page.evaluate("window.isSamePage")
        assert page.evaluate("document.activeElement.id") == f"q-{asked[0].id}"
    context.close()


def test_what_is_chosen_and_read_is_kept_without_a_button(browser: Browser, address: str) -> None:
    """By the small script: on the next device it stands there. By somebody who has done nothing yet: a shared
    lesson that Sara did in another course asks for no place."""
    skola = builder.read_catalog(data_dir("courses")).courses["skola"]
    question = next(q for q in lesson_of(skola, 9).questions if q.kind == QuestionKind.SINGLE)
    for turn in range(2):
        context = browser.new_context(viewport=PHONE)
        page = context.new_page()
        log_in(page, address, MIRJAM)
        page.goto(f"{address}/kurs/skola/9/kontrollera")
        chosen = page.locator(f'input[name="{question.id}"]:checked')
        if turn:
            assert chosen.count() == 1
            page.goto(f"{address}/kurs/skola/9")
            assert "Du läste till" in page.inner_text("article")
        else:
            with page.expect_response(lambda response: "spara=tyst" in (response.request.post_data or "")):
                answer(page, question)
            page.goto(f"{address}/kurs/skola/9")
            page.locator("h2[id]").nth(3).scroll_into_view_if_needed()
            page.evaluate("window.scrollTo(0, document.querySelectorAll('h2[id]')[3].offsetTop - 200)")
            with page.expect_response(
                lambda response: "plats=" in (response.request.post_data or "")
            ) as kept:
                page.evaluate("dispatchEvent(new Event('pagehide'))")
            assert (
                kept.value.status == 303
            )  # "manual": the script sees an opaque redirect, and so does nothing
        context.close()


def test_the_button_of_a_lesson_is_near_its_last_question_and_nothing_is_longer_than_a_walk(
    context: BrowserContext, address: str, course: Course
) -> None:
    """Pixels on a phone from the last question to the button, and three presses of the tabulator."""
    page = context.new_page()
    log_in(page, address, SARA)
    for number in range(2, 10):
        page.goto(f"{address}/kurs/skola/{number}/kontrollera")
        gap = page.evaluate(
            "() => { const all = document.querySelectorAll('form[data-draft] fieldset');"
            " const button = document.querySelector('form[data-draft] .acts .btn');"
            " const last = [...all[all.length - 1].querySelectorAll('label, select')].pop();"
            " return button.getBoundingClientRect().bottom - last.getBoundingClientRect().bottom; }"
        )
        assert gap <= 422, number
        page.locator("form[data-draft] fieldset").last.locator("input, select").last.focus()
        for _ in range(3):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "Lämna in svaren":
                break
        else:
            pytest.fail(f"lesson {number}: more than three presses")
