"""Every family of pages in every state that somebody meets, one after the other: what the walk checks and the
screenshots show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response, ViewportSize

from bench.demonstration import ELIF, JOHAN, KARIN, MIRJAM, PER, SARA, WORKPLACE, Demonstration
from elearn.content.course import Course, QuestionKind
from tests import browsing
from tests.browsing import DESK, PHONE, SENDS

AXE = Axe()
COURSE = "forskola"
HARD = 4  # a lesson with a short version, a scenario and a question that must be right


@dataclass(frozen=True)
class Stop:
    """A page as it stands in the browser, and the document that was sent last."""

    name: str
    page: Page
    source: str


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    name: str
    viewport: ViewportSize
    scheme: str
    is_forced: bool = False


LOOKS = (
    Look("390 light", PHONE, "light"),
    Look("390 dark", PHONE, "dark"),
    Look("1280 light", DESK, "light"),
    Look("1280 dark", DESK, "dark"),
    Look("390 forced colours", PHONE, "dark", is_forced=True),
    Look("1280 forced colours", DESK, "light", is_forced=True),
)


def take(page: Page, look: Look) -> None:
    """Without motion: a colour that is on its way from one scheme to the other is nobody's."""
    page.set_viewport_size(look.viewport)
    page.emulate_media(
        color_scheme=look.scheme,  # type: ignore[arg-type]
        forced_colors="active" if look.is_forced else "none",
        reduced_motion="reduce",
    )


def axe_faults(page: Page, look: Look) -> list[str]:
    """In forced colours the colours are the reader's own: there their contrast is not asked for."""
    take(page, look)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    rules = {"color-contrast": {"enabled": not look.is_forced}}
    run = "options => axe.run(document, options).then(result => result.violations)"
    violations = page.evaluate(run, {"resultTypes": ["violations"], "rules": rules})
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]


class Guest:
    """Somebody at a browser: goes to places, and says where they are."""

    def __init__(self, at: Demonstration, page: Page) -> None:
        self.at, self.page = at, page
        self.documents: list[Response] = []
        page.on("response", self.keep)

    def keep(self, response: Response) -> None:
        is_page = response.headers.get("content-type", "").startswith("text/html")
        if is_page and not 300 <= response.status < 400:
            self.documents.append(response)

    def stop(self, name: str, path: str | None = None) -> Stop:
        """Here, or at this path first."""
        if path:
            self.page.goto(self.at.address + path)
        self.page.wait_for_load_state("networkidle")
        source = self.documents[-1].text()
        self.documents.clear()
        return Stop(name, self.page, source)

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.click()


def stops(at: Demonstration) -> Iterator[Stop]:
    """All of them. A page is as it is told until the next one is asked for."""
    course = at.catalog.courses[COURSE]
    for who, part in (
        (None, anybody),
        (at.newcomer(course), newcomer),
        (at.newcomer(course), learner),
        (JOHAN, manager),
        (KARIN, measurer),
        (KARIN, registrar),
    ):
        with at.page(who) as page:
            yield from part(Guest(at, page), course)
    yield from starts(at)


def anybody(guest: Guest, _course: Course) -> Iterator[Stop]:
    yield guest.stop("log in", "/logga-in")
    guest.press(re.compile("^Logga in$"))
    yield guest.stop("log in, nothing filled in")
    guest.page.fill("#anstallningsnr", SARA)
    guest.page.fill("#losenord", "fel")
    guest.press(re.compile("^Logga in$"))
    yield guest.stop("log in, wrong password")
    yield guest.stop("first password", "/losenord")
    guest.page.locator("main form .btn").first.click()
    yield guest.stop("first password, nothing filled in")
    yield guest.stop("support", "/stod")
    yield guest.stop("about", "/om")
    yield guest.stop("personal data", "/personuppgifter")
    yield guest.stop("accessibility", "/tillganglighet")
    yield guest.stop("check a certificate", "/intyg/kontrollera")
    yield guest.stop("check a certificate, unknown code", "/intyg/kontrollera?kod=ABCD-EFGH-IJKL-MNOP")
    yield guest.stop("no such page", "/finns-inte")
    yield guest.stop("components", "/_komponenter")


def newcomer(guest: Guest, course: Course) -> Iterator[Stop]:
    lesson = f"/kurs/{COURSE}/{HARD}"
    yield guest.stop("start, nothing begun", "/")
    yield guest.stop("course, not begun", f"/kurs/{COURSE}")
    yield guest.stop("course of one lesson", f"/kurs/{COURSE}-infor-lovet")
    yield guest.stop("lesson of a course of one lesson", f"/kurs/{COURSE}-infor-lovet/1")
    yield guest.stop("certificates, none", "/intyg")
    yield guest.stop("pretest", f"/kurs/{COURSE}/1")
    guest.press(SENDS)
    yield guest.stop("pretest, sent blank")
    yield guest.stop("final test, locked", f"/kurs/{COURSE}/{len(course.lessons)}")
    yield guest.stop("lesson, short version", lesson + "?kort=1")
    yield guest.stop("lesson, read", lesson)
    yield guest.stop("lesson, practise", lesson + "/ova")
    guest.page.locator("fieldset .opt input").first.check()
    guest.page.locator('button[name="svara"]').first.click()
    guest.page.locator(".told").first.wait_for()
    yield guest.stop("lesson, practise, what happens")
    yield from checks(guest, course, lesson)
    guest.page.goto(guest.at.address + lesson + "/kontrollera")
    guest.page.context.clear_cookies()
    guest.press(SENDS)
    yield guest.stop("lesson sent, login lost")


def checks(guest: Guest, course: Course, path: str) -> Iterator[Stop]:
    """The questions of a lesson: untouched, answered wrongly and rightly at once, sent with some missing."""
    yield guest.stop("lesson, check", path + "/kontrollera")
    asked = [one for one in course.lessons[HARD - 1].questions if one.kind == QuestionKind.SINGLE]
    must = next(one for one in asked if one.must_be_right)
    free = next(one for one in asked if not one.must_be_right)
    wrong = next(choice for choice in must.choices if not choice.is_right)
    guest.page.locator(f'input[name="{must.id}"][value="{wrong.key}"]').check()
    guest.page.locator(f'[name="svara"][value="{must.id}"]').click()
    guest.page.locator(f"#q-{must.id} .told").wait_for()
    browsing.answer(guest.page, free)
    guest.page.locator(f'[name="svara"][value="{free.id}"]').click()
    guest.page.locator(f"section#q-{free.id}").wait_for()
    yield guest.stop("lesson, check, answered at once, right and wrong")
    guest.press(SENDS)
    yield guest.stop("lesson, check, sent with some unanswered")
    guest.press("Spara och fortsätt senare")
    yield guest.stop("lesson, kept for later")


def learner(guest: Guest, course: Course) -> Iterator[Stop]:
    """Through the whole course, the final test wrongly first."""
    page = guest.page
    for number, lesson in enumerate(course.lessons[:-1], 1):
        page.goto(f"{guest.at.address}/kurs/{COURSE}/{number}")
        browsing.go_through(page, lesson)
        if number in (1, HARD):
            yield guest.stop("pretest, thanks" if number == 1 else "answers, all right")
        if number == HARD:
            yield guest.stop("start, on the way", "/")
            yield guest.stop("course, on the way", f"/kurs/{COURSE}")
            yield guest.stop("lesson, read, when it is done", f"/kurs/{COURSE}/{number}")
            yield guest.stop("pretest, when it is sent", f"/kurs/{COURSE}/1")
    test = f"/kurs/{COURSE}/{len(course.lessons)}"
    yield guest.stop("final test", test)
    guest.press(SENDS)
    yield guest.stop("final test, sent blank")
    fill_wrongly(page)
    guest.press(SENDS)
    yield guest.stop("final test, failed")
    yield guest.stop("final test, again", test)
    browsing.go_through(page, course.final_test)
    yield guest.stop("final test, passed")
    page.get_by_role("link", name="Visa ditt intyg").first.click()
    yield guest.stop("certificate")
    code = re.search(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b", page.inner_text("main"))
    if code:
        yield guest.stop("check a certificate, genuine", f"/intyg/kontrollera?kod={code[0]}")
    yield guest.stop("start, done", "/")
    yield guest.stop("course, done", f"/kurs/{COURSE}")
    yield guest.stop("change the password", "/losenord")
    yield guest.stop("a page for others", "/tackning")


def fill_wrongly(page: Page) -> None:
    """Something in every control, whatever it is."""
    for box in page.locator("form[data-draft] fieldset").all():
        for place, field in enumerate(box.locator(".sort input").all(), 1):
            field.fill(str(place))
        for field in box.locator("select").all():
            field.select_option(index=1)
        if box.locator(".opt input").count():
            box.locator(".opt input").last.check()


def manager(guest: Guest, _course: Course) -> Iterator[Stop]:
    yield guest.stop("start, a manager", "/")
    yield guest.stop("team", "/min-enhet")
    guest.page.locator('button[name="kod"]').first.click()
    yield guest.stop("team, a code for one")
    guest.page.goto(guest.at.address + "/min-enhet")
    if guest.page.locator('button[name="lappar"]').count():
        guest.page.locator('button[name="lappar"]').click()
        yield guest.stop("team, slips to cut out")
    yield guest.stop("team, for the staff meeting", f"/min-enhet/{WORKPLACE}/traff")
    yield guest.stop("team, the guide", f"/min-enhet/apt/{COURSE}")


def measurer(guest: Guest, _course: Course) -> Iterator[Stop]:
    yield guest.stop("start, VPC", "/")
    yield guest.stop("coverage", "/tackning")
    yield guest.stop("coverage, a department opened", "/tackning?oppna=UTB")
    yield guest.stop("coverage, a division opened", "/tackning?oppna=UTB-F1")
    yield guest.stop("knowledge", "/kunskap")
    yield guest.stop("measurements", "/matningar")
    yield guest.stop("measurements, what would be frozen", "/matningar/frys?datum=2026-06-30&namn=Halvår")
    yield guest.stop("measurements, a day that is none", "/matningar/frys?datum=x")
    yield guest.stop("coverage, a date that is none", "/tackning?datum=x")
    yield guest.stop("measurement", "/matningar/1")
    yield guest.stop("measurements compared", "/matningar/jamfor?fran=1&till=i-dag")
    yield guest.stop("goals and surveys", "/matningar/mal")
    yield guest.stop("the report to fetch", "/tackning/rapport")
    yield guest.stop("columns", "/tackning/kolumner")
    yield guest.stop("needs", "/behov")
    yield guest.stop("needs, the forecast", "/behov/prognos")
    yield guest.stop("activities", "/aktiviteter")
    yield guest.stop("target group", "/malgrupp")
    yield guest.stop("target group, a department", "/malgrupp/enhet/UTB")
    yield guest.stop("target group, decisions", "/malgrupp/beslut")


def registrar(guest: Guest, _course: Course) -> Iterator[Stop]:
    """A meeting from nothing to recognised."""
    yield guest.stop("meetings", "/moten")
    yield guest.stop("staff meetings", "/moten/apt")
    yield guest.stop("a new meeting", "/moten/nytt")
    guest.press("Registrera mötet")
    yield guest.stop("a new meeting, nothing filled in")
    page = guest.page
    for field, text in (("titel", "Heldag"), ("datum", "2026-05-04"), ("ordnat", "VPC")):
        page.fill(f"#{field}", text)
    for box in page.locator("input[type=checkbox]").all():
        box.check()
    guest.press("Registrera mötet")
    yield guest.stop("a meeting, nobody added")
    page.fill("#nummer", "x y")
    guest.press("Kontrollera listan")
    yield guest.stop("a meeting, a list with a fault")
    page.fill("#nummer", f"{SARA}\n{JOHAN}")
    guest.press("Kontrollera listan")
    yield guest.stop("a meeting, a list to confirm")
    guest.press("Spara närvaron")
    for box in page.locator("input[name=amne]").all():
        box.check()
    page.fill("#skal", "Samma innehåll som kursen")
    guest.press("Se vad det ger")
    yield guest.stop("a meeting, a recognition to confirm")
    guest.press("Tillgodoräkna")
    yield guest.stop("a meeting, recognised")
    page.fill("#sok", "sara")
    guest.press("Sök")
    yield guest.stop("a meeting, people found")


def starts(at: Demonstration) -> Iterator[Stop]:
    """The start pages that are left, and a manager of many units."""
    for name, who, path in (
        ("start, a coordinator", ELIF, "/"),
        ("coverage, a coordinator", ELIF, "/tackning"),
        ("start, the working group", PER, "/"),
        ("start, an administrator", MIRJAM, "/"),
        ("start, to be renewed", at.holder(COURSE, 30), "/"),
        ("start, ended", at.holder(COURSE, -30), "/"),
        ("team of 240 units", many := at.manager_of_many(), "/min-enhet"),
        ("team of 240 units, below the threshold", many, "/min-enhet?under=1"),
        ("team of 240 units, a unit opened", many, "/min-enhet/N0"),
    ):
        with at.page(who) as page:
            yield Guest(at, page).stop(name, path)
