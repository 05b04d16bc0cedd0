"""`make walk`: the figures that the pages are to reach, measured as somebody meets them.

    .venv/bin/python bench/walk.py [--all] [--only NAME ...]

Starts the demonstration with a database of its own in a temporary folder, drives Chromium at 390 x 844 and
prints one row for each figure: measured, goal, reached or not. Ends with 1 if a goal is missed. The course
for preschools; with --all every base course. --only: these measurements alone.

{measurements}

A screen is 844 px. Words are what is seen: no closed note, no word for screen readers alone, no list to
choose from. A row marked "told" has no goal yet. Needs Chromium; with Java and npm the Nu HTML checker too.
"""

import argparse
import re
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from playwright.sync_api import Locator, Page

from bench import demonstration, first_visit, tour, validity
from bench.demonstration import JOHAN, KARIN, SARA, Demonstration
from bench.learner import Learner
from bench.reading import SEEN_TEXT, Figure, count_words, middle_and_most, once, table
from elearn.content.course import Course
from tests import browsing
from tests.browsing import DESK, PHONE, SENDS

SCREEN = PHONE["height"]
GAP = """() => {
  const all = document.querySelectorAll("form[data-draft] fieldset");
  const button = document.querySelector("form[data-draft] .acts .btn:not(.sec)");
  if (!all.length || !button) return null;
  const last = [...all[all.length - 1].querySelectorAll("label, select, input")]
    .map(one => one.getBoundingClientRect().bottom);
  return button.getBoundingClientRect().bottom - Math.max(...last);
}"""
BETWEEN = """() => {
  const all = [...document.querySelectorAll("form[data-draft] fieldset")];
  if (all.length < 2) return "";
  const range = document.createRange(), read = [];
  range.setStartAfter(all[0]);
  range.setEndBefore(all[all.length - 1]);
  const walker = document.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (range.intersectsNode(node) && !node.parentElement.closest("fieldset")) read.push(node.data);
  }
  return read.join(" ");
}"""


def height(page: Page) -> float:
    return float(page.evaluate("document.documentElement.scrollHeight")) / SCREEN


def words(page: Page, root: str, until: Locator | None = None) -> int:
    """What is seen in ``root``, up to the end of ``until``."""
    return count_words(texts(page, root, until))


def texts(page: Page, root: str, until: Locator | None = None) -> list[str]:
    handles = [page.locator(root).first.element_handle(), until.element_handle() if until else None]
    return list(page.evaluate(SEEN_TEXT, handles))


def screens_down(target: Locator) -> float:
    """How far one scrolls from the top of the page until this is seen whole."""
    box = target.bounding_box()
    assert box
    return max(0.0, box["y"] + box["height"] - SCREEN) / SCREEN


def presses(page: Page) -> int:
    """From the last control of the last question to the filled button; 99: not reached in twelve."""
    page.locator("form[data-draft] fieldset").last.locator("input, select").last.focus()
    for count in range(1, 13):
        page.keyboard.press("Tab")
        if page.evaluate('document.activeElement.matches("form[data-draft] .acts .btn:not(.sec)")'):
            return count
    return 99


def lesson_length(at: Demonstration, course: Course) -> Iterator[Figure]:
    """A learner goes through every lesson, page by page (Läs, Öva, Kontrollera; a test is one page). Per
    lesson, its pages together: their whole heights in screens of 844 px, and the words of their article. Per
    page: the pixels from the bottom of the last control of the last question to the bottom of the button, and
    how often Tab is pressed between them. Then the final test, answered wrongly at first by a learner who
    from then on answers as the answer page says, and wrongly where it has said nothing: how often it is sent
    until it is passed. With learning outcomes the next attempt has other questions: there it answers as what
    has been explained of the same outcome."""
    heights, single, seen, gaps, tabs = [], [], [], [], []
    with at.page(at.newcomer(course)) as page:
        for number, lesson in enumerate(course.lessons, 1):
            page.goto(f"{at.address}/kurs/{course.slug}/{number}")
            lengths, read = [], []
            is_last = number == len(course.lessons)
            for _ in [page.url] if is_last else browsing.pages_of(page, lesson):
                lengths.append(height(page))
                read.append(texts(page, "article"))
                if (gap := page.evaluate(GAP)) is not None:
                    gaps.append(gap)
                    tabs.append(presses(page))
            heights.append(sum(lengths))
            single += lengths
            seen.append(count_words(once(read)))
        tries = Learner(page, course).tries_until_passed(page.url)
    yield from lengths_of(heights, single, seen)
    yield Figure("last question to button", max(gaps), 422, "px")
    yield Figure("last question to button, presses of Tab", max(tabs), 3)
    yield Figure("final test, learnt from the answer page alone", tries, 2, "tries")


def lengths_of(heights: list[float], single: list[float], seen: list[int]) -> Iterator[Figure]:
    second = "goal {} with the courses' second edition"
    middle, most = middle_and_most(single)
    yield Figure("a page of a lesson, median", middle, 8, "screens")
    yield Figure("a page of a lesson, longest", most, 12, "screens")
    middle, most = middle_and_most(heights)
    yield Figure("all pages of a lesson together, median", middle, None, "screens")
    yield Figure("all pages of a lesson together, longest", most, None, "screens")
    middle, most = middle_and_most(seen)
    yield Figure("words of a lesson without notes, median", middle, None, "words", second.format("1 000"))
    yield Figure("words of a lesson without notes, longest", most, None, "words", second.format("1 300"))


def short_way(at: Demonstration, course: Course) -> Iterator[Figure]:
    """Every lesson by "?kort=1#fragor": the words between its first and its last question that belong to no
    question, the most of any lesson."""
    found = []
    with at.page(at.newcomer(course)) as page:
        for number in range(1, len(course.lessons) + 1):
            page.goto(f"{at.address}/kurs/{course.slug}/{number}?kort=1#fragor")
            found.append(count_words([page.evaluate(BETWEEN)]))
    yield Figure("words between the questions after skipping", max(found), 0, "words")


def first_question(at: Demonstration, course: Course) -> Iterator[Figure]:
    """A newcomer's way: logs in, reads the start page from the top of its main part to "Börja", follows it,
    and reads lesson 1 to the end of its first question. The words on both, and how far each is scrolled until
    the button, and the question, is seen whole."""
    with at.page(at.newcomer(course)) as page:
        button = page.locator("main a.btn", has_text=re.compile("^Börja")).first
        read, scrolled = words(page, "main", button), screens_down(button)
        button.click()
        question = page.locator("form[data-draft] fieldset").first
        read += words(page, "main", question)
        scrolled += screens_down(question)
    yield Figure("from log-in to the first question answered", read, 250, "words")
    yield Figure("from log-in to the first question answered, scrolled", scrolled, 2, "screens")


def course_button(at: Demonstration, _course: Course) -> Iterator[Figure]:
    """Every course's page, as a newcomer meets it, as somebody with a certificate does and as somebody whose
    certificate has ended: how far down the bottom of its button is, the farthest of all."""
    bottoms = []
    for number in (at.newcomer(), at.holder("forskola", 400), at.holder("forskola", -30)):
        with at.page(number) as page:
            for slug in at.catalog.courses:
                page.goto(f"{at.address}/kurs/{slug}")
                box = page.locator("main .btn").first.bounding_box()
                assert box
                bottoms.append(box["y"] + box["height"])
    yield Figure("course page, bottom of its button", max(bottoms), SCREEN, "px")


def many_units(at: Demonstration, _course: Course) -> Iterator[Figure]:
    """A manager of 240 units: the rows of their page, its length at 390, and at 1280, where the first of the
    people stands when the first unit is opened."""
    number = at.manager_of_many()
    with at.page(number) as page:
        page.goto(at.address + "/min-enhet")
        yield Figure("manager of 240 units, rows", page.locator("main tbody tr").count(), 25)
        yield Figure("manager of 240 units, page", height(page), 6, "screens")
    with at.page(number, DESK) as page:
        page.goto(at.address + "/min-enhet")
        page.locator("tbody tr:not(.head) a").first.click()
        box = page.locator(".people tbody tr").first.bounding_box()
        assert box
        yield Figure("manager of 240 units, an opened unit's people", box["y"], 900, "px")


def lost_login(at: Demonstration, course: Course) -> Iterator[Figure]:
    """Every answer of lesson 2's last page is chosen, the cookie is lost, the answers are sent: how many
    pages are met before their answer page, the login among them."""
    number, met = at.newcomer(course), []
    with at.page(number) as page:
        page.goto(f"{at.address}/kurs/{course.slug}/2/kontrollera")
        for question in course.lessons[1].questions:
            if page.locator(f"fieldset#q-{question.id}").count():
                browsing.answer(page, question)
        page.context.clear_cookies()
        page.get_by_role("button", name=SENDS).click()
        while len(met) < MOST_PAGES and not page.url.endswith("/svar"):
            met.append(page.url)
            if page.locator("#losenord").count():
                page.fill("#anstallningsnr", number)
                page.fill("#losenord", browsing.PASSWORD)
                page.get_by_role("button", name="Logga in", exact=True).click()
            else:
                page.locator("main .btn:not(.sec)").first.click()
            page.wait_for_load_state()
    yield Figure("login lost in a lesson, pages until the answers are in", len(met), 1)


def visits(at: Demonstration, course: Course) -> Iterator[Figure]:
    """With nothing in the cache, of start, course, every lesson's first and last page and answers, team,
    coverage, support and login: the bytes of everything that is fetched (page, style sheets, scripts, font,
    pictures), text as the server in front packs it (deploy/nginx.conf); the most. And on a
    line of 400 kbit/s and 400 ms the layout shift of the same pages (of the lessons: number 4), at 390 and
    1280."""
    number = at.newcomer(course)
    paths = [(number, path) for path in first_visit.lesson_paths(course)]
    with at.page(number) as page:
        for lesson_number, lesson in enumerate(course.lessons[:-1], 1):
            page.goto(f"{at.address}/kurs/{course.slug}/{lesson_number}")
            browsing.go_through(page, lesson)
    others = [(None, "/logga-in"), (None, "/stod"), (SARA, "/"), (JOHAN, "/"), (JOHAN, "/min-enhet")]
    others += [(KARIN, "/"), (KARIN, "/tackning"), (number, "/"), (number, f"/kurs/{course.slug}")]
    weights = first_visit.weights(at, [*others, *paths])
    heaviest = max(weights, key=weights.__getitem__)
    yield Figure("first visit, compressed", weights[heaviest] / 1000, 30, "kB", heaviest)
    slow = [*others, *((who, path) for who, path in paths if f"/{course.slug}/4" in path)]
    shifts = first_visit.shifts(at, slow)
    worst = max(shifts, key=shifts.__getitem__)
    yield Figure("layout shift on a slow line", shifts[worst], 0, remark=worst if shifts[worst] else "")


def every_page(at: Demonstration, _course: Course) -> Iterator[Figure]:
    """Every family of pages in every state that bench/tour.py names. axe: at 390 and 1280, light, dark and
    with forced colours (there without the rule on contrast: the colours are then the reader's own); how many
    rules are broken in how many of these runs. HTML: each document as it was sent, by html5lib (is it well
    formed) and, where Java and npm are, by the Nu HTML checker, which knows what may stand where; its errors.
    html5lib is not the Nu checker: without it less is found."""
    broken: list[str] = []
    documents: dict[str, str] = {}
    for stop in tour.stops(at):
        documents[stop.name] = stop.source
        print(stop.name, file=sys.stderr, flush=True)
        for look in tour.LOOKS:
            broken += [f"{stop.name}, {look.name}: {fault}" for fault in tour.axe_faults(stop.page, look)]
    faults = validity.faults(documents)
    for line in (*broken, *faults):
        print(line, file=sys.stderr)
    yield Figure(
        "axe violations",
        len(broken),
        0,
        remark=f"{len(documents)} states, {len(documents) * len(tour.LOOKS)} runs",
    )
    yield Figure("HTML errors", len(faults), 0, remark=validity.checker())


MOST_PAGES = 9
MEASUREMENTS: tuple[Callable[[Demonstration, Course], Iterator[Figure]], ...] = (
    lesson_length,
    short_way,
    first_question,
    course_button,
    lost_login,
    many_units,
    visits,
    every_page,
)
OF_EACH_COURSE = (lesson_length, short_way, first_question)


def explained() -> str:
    """The help: what each measurement measures, from its own words."""
    parts = [f"{one.__name__}\n    {' '.join((one.__doc__ or '').split())}" for one in MEASUREMENTS]
    return (__doc__ or "").replace("{measurements}", "\n".join(parts))


def measure(at: Demonstration, has_all: bool, names: Collection[str]) -> Iterator[Figure]:
    courses = at.catalog.required_courses() if has_all else {"förskola": "forskola"}
    for one in MEASUREMENTS:
        if one.__name__ in names:
            for slug in courses.values() if one in OF_EACH_COURSE else ["forskola"]:
                for figure in one(at, at.catalog.courses[slug]):
                    yield replace(figure, name=f"{slug}: {figure.name}") if has_all else figure


def main() -> int:
    parser = argparse.ArgumentParser(
        description=explained(), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true", help="every base course")
    names = [one.__name__ for one in MEASUREMENTS]
    parser.add_argument(
        "--only", nargs="+", choices=names, default=names, metavar="NAME", help="not all of it"
    )
    given = parser.parse_args()
    with demonstration.running() as at:
        figures = []
        for figure in measure(at, given.all, given.only):
            figures.append(figure)
            print(*figure.cells, sep="  ", file=sys.stderr, flush=True)
    print(table(figures))
    return 0 if all(figure.is_reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
