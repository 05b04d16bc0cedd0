"""A text of the courses on a page: its links lead to this course's pages, its facts and contacts are drawn
whole, and nothing that is VPC's is among them."""

import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from elearn import demo
from elearn.content.catalog import Catalog
from elearn.content.course import Course
from elearn.content.prose import (
    ContactRows,
    CourseLink,
    EntryLink,
    EntryNotes,
    Fact,
    FactCard,
    Jump,
    LessonLink,
    Part,
    PictureAddress,
    Prose,
)
from elearn.content.rendering import builder
from elearn.settings import Settings, data_dir
from elearn.web import preview
from tests.content import folders


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return preview.create(Settings(), folders.write(tmp_path_factory.mktemp("courses")))


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return builder.read_catalog(folders.write(tmp_path))


def drawn(app: Flask, catalog: Catalog, *parts: Part, slug: str = "forskola") -> str:
    html = app.jinja_env.filters["prose"](Prose(parts), catalog.course(slug))
    assert isinstance(html, Markup)
    return str(html)


def card(app: Flask, root: Path, path: str, lines: str) -> str:
    """The only entry of this file, drawn."""
    text = f"# Uppgifter\n\n## Uppgift\n\nText.\n\n- Källa: x\n{lines}"
    catalog = builder.read_catalog(folders.write(root, **{path: text}))
    entry = catalog.entry(f"{path.removesuffix('.md')}#uppgift")
    assert entry
    return drawn(app, catalog, FactCard(entry) if isinstance(entry, Fact) else ContactRows((entry,)))


@pytest.mark.parametrize(
    ("part", "html"),
    [
        (LessonLink("gemensamt/grunder", "", "", ("x",)), '<a href="/kurs/forskola/1">x</a>'),
        (LessonLink("forskola/slutprov", "mer", "", ("x",)), '<a href="/kurs/forskola/2#mer">x</a>'),
        (
            LessonLink("forskola/slutprov", "", 'Ett "prov" > 2', ("<em>x</em>",)),
            '<a href="/kurs/forskola/2" title="Ett &#34;prov&#34; &gt; 2"><em>x</em></a>',
        ),
        (LessonLink("skola/upptacka", "mer", "", ("<em>x</em>",)), "<em>x</em>"),
        (LessonLink("skola/upptacka", "", "", (PictureAddress("a/b.svg"),)), "/kursbilder/a/b.svg"),
        (CourseLink("skola", "", ("x",)), '<a href="/kurs/skola">x</a>'),
        (
            EntryLink("gemensamt/fakta#lagen", "fakta-lagen.1", "", ("x",)),
            '<a class="fact-link" href="#fakta-lagen.1">x</a>',
        ),
        (PictureAddress("forskola/å.svg"), "/kursbilder/forskola/å.svg"),
        (Jump.TO_QUESTIONS, '<p><a class="go" href="?kort=1#fragor">Hoppa till frågorna</a></p>'),
        ("<p>x & y</p>", "<p>x & y</p>"),
    ],
)
def test_every_part_of_a_text_has_its_address_here(
    app: Flask, catalog: Catalog, part: Part, html: str
) -> None:
    assert drawn(app, catalog, "<p>", part, "</p>") == f"<p>{html}</p>"


def test_one_text_leads_where_each_course_says(app: Flask, tmp_path: Path) -> None:
    """The same lesson, in two courses: each has its own numbers, and nothing is remembered of the other."""
    catalog = builder.read_catalog(folders.write_roles(tmp_path, forskola="förskola", skola="skola"))
    link = LessonLink("gemensamt/grunder", "", "", ("x",))
    assert drawn(app, catalog, link) == '<a href="/kurs/forskola/1">x</a>'
    assert drawn(app, catalog, link, slug="skola") == '<a href="/kurs/skola/1">x</a>'
    assert str(app.jinja_env.filters["prose"](Prose((link,)))) == "x"


def test_a_row_of_a_contact_shows_what_it_is_for_when_and_the_number(app: Flask, tmp_path: Path) -> None:
    html = card(
        app,
        tmp_path,
        "skola/kontakter.md",
        "- Telefon: 020-50 50 50 (vxl)\n- Öppet: dygnet runt\n- Webb: https://www.jour.se/\n"
        "- Kontrollerad: 2026-11-23\n",
    )
    assert html == (
        '<ul class="contacts"><li><p><b>Uppgift</b> <span>Text.</span> <span class="mute">Öppet dygnet runt'
        '</span></p><a class="tel" href="tel:+4620505050">020-50 50 50 (vxl)</a></li></ul>'
    )


def test_an_invented_number_says_so_beside_it(app: Flask, catalog: Catalog) -> None:
    (shown,) = demo.invent_numbers([catalog.contacts["gemensamt/kontakter#socialtjänsten"]])
    html = drawn(app, catalog, ContactRows((shown,)))
    assert '08-465 004 00</a> <small class="mute">påhittat nummer</small>' in html


def test_a_contact_without_telephone_says_that_its_page_is_another_site(app: Flask, tmp_path: Path) -> None:
    lines = "- Webb: https://www.jour.se/\n- Kontrollerad: 2026-11-23\n"
    html = card(app, tmp_path, "skola/kontakter.md", lines)
    assert '<a class="go" href="https://www.jour.se/" rel="noreferrer">jour.se, annan webbplats</a>' in html


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (
            "- Gäller från: 2026-01-15\n- Kontrollerad: 2026-11-23\n",
            "Gäller från: 15\u00a0januari 2026 · Kontrollerad: 23\u00a0november 2026",
        ),
        (
            "- Gäller från: hösten <2026>\n- Kontrollerad: nej\n- Att göra: VPC LÄSER\n",
            "Gäller från: hösten &lt;2026&gt; · Kontrollerad: inte än",
        ),
        (
            "- Gäller från: gäller tills vidare\n- Kontrollerad: 2026-11-23\n",
            "Gäller: tills vidare · Kontrollerad: 23\u00a0november 2026",
        ),
        ("- Kontrollerad: 2026-11-23\n", "Kontrollerad: 23\u00a0november 2026"),
    ],
)
def test_a_fact_shows_its_source_and_since_when(app: Flask, tmp_path: Path, lines: str, shown: str) -> None:
    html = card(app, tmp_path, "skola/fakta.md", lines)
    assert f'<p class="small mute">Källa: x · {shown}</p>' in html
    assert "VPC LÄSER" not in html


def test_what_a_sentence_links_to_is_one_closed_row_that_names_it(app: Flask, catalog: Catalog) -> None:
    fact, contact = (
        catalog.facts["gemensamt/fakta#anmälningsskyldigheten"],
        catalog.contacts["gemensamt/kontakter#bris"],
    )
    both = drawn(app, catalog, EntryNotes((("f.1", fact),), (("k.1", contact),)))
    assert "<summary><span>Fakta och kontakt: Anmälningsskyldigheten · Bris</span></summary>" in both
    assert '<div id="f.1"><p><b>Anmälningsskyldigheten</b></p><p>Misstanke räcker.</p>' in both
    assert '<li id="k.1"><p><b>Bris</b>' in both
    alone = drawn(app, catalog, EntryNotes((("f.2", fact),), ()))
    assert alone.startswith(
        '<details class="note"><summary><span>Fakta: Anmälningsskyldigheten</span></summary>'
    )
    assert '<div id="f.2"><p>Misstanke räcker.</p>' in alone
    assert "<span>Kontakt: Bris</span>" in drawn(app, catalog, EntryNotes((), (("k.2", contact),)))


def test_a_contact_is_dialled_alike_in_a_lesson_and_on_the_page_of_support(app: Flask) -> None:
    client = app.test_client()
    call = '<a class="tel" href="tel:116111">116 111</a>'
    assert call in client.get("/kurs/forskola/1", base_url="http://localhost").text
    assert call in client.get("/stod", base_url="http://localhost").text


def ids(html: str) -> list[str]:
    return re.findall(r'<[^>]* id="([^"]*)"', html)


def every_page(client: FlaskClient, course: Course) -> Iterator[str]:
    """The course, its guide, its lessons, and each lesson's answers when every choice was chosen."""
    yield client.get(f"/kurs/{course.slug}").text
    if course.guide:
        yield client.get(f"/kurs/{course.slug}/apt").text
    for number, lesson in enumerate(course.lessons, 1):
        path = f"/kurs/{course.slug}/{number}"
        yield client.get(path).text
        chosen = {question.id: [choice.key for choice in question.choices] for question in lesson.questions}
        yield client.post(path, data=chosen).text


def test_on_every_page_of_the_courses_each_id_is_there_once_and_each_fact_link_leads_to_one() -> None:
    app = preview.create(Settings(), data_dir("courses"))
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = "localhost"
    led = 0
    for course in builder.read_catalog(data_dir("courses")).courses.values():
        for page in every_page(client, course):
            found = ids(page)
            assert [id for id in set(found) if found.count(id) > 1] == []
            linked = re.findall(r'class="fact-link" href="#([^"]*)"', page)
            led += len(linked)
            assert set(linked) <= set(found)
    assert led > 400


def test_a_link_to_a_fact_opens_it_beneath_its_sentence_without_script(app: Flask, browser: Browser) -> None:
    with serving(app) as address, closing(browser.new_context(java_script_enabled=False)) as context:
        page = context.new_page()
        page.goto(f"{address}/kurs/forskola/1")
        fact = page.locator("#fakta-anmalningsskyldigheten\\.1")
        expect(fact).to_be_hidden()
        page.get_by_role("link", name="plikten").click()
        expect(fact).to_be_visible()
        expect(fact).to_be_in_viewport()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
