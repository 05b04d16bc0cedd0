"""A text of the courses on a page: its links lead to this course's pages, its facts and contacts are drawn
whole, and nothing that is VPC's is among them."""

from pathlib import Path

import pytest
from flask import Flask
from markupsafe import Markup

from elearn.content.catalog import Catalog
from elearn.content.prose import (
    CourseLink,
    EntryCard,
    EntryLink,
    Jump,
    LessonLink,
    Part,
    PictureAddress,
    Prose,
)
from elearn.content.rendering import builder
from elearn.settings import Settings
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
    return drawn(app, catalog, EntryCard(entry))


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
            EntryLink("gemensamt/fakta#lagen", "fakta-lagen", "", ("x",)),
            '<a class="fact-link" href="#fakta-lagen">x</a>',
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


def test_a_confirmed_contact_shows_its_number_hours_and_page(app: Flask, tmp_path: Path) -> None:
    html = card(
        app,
        tmp_path,
        "skola/kontakter.md",
        "- Telefon: 020-50 50 50 (vxl)\n- Öppet: dygnet runt\n- Webb: https://www.jour.se/\n"
        "- Kontrollerad: 2026-11-23\n",
    )
    assert '<a class="tel" href="tel:+4620505050">020-50 50 50 (vxl)</a>' in html
    assert "Öppet dygnet runt" in html
    assert '<a href="https://www.jour.se/" rel="noreferrer">jour.se</a>' in html
    assert "Kontrollerad 23\u00a0november 2026" in html


def test_an_unconfirmed_contact_says_what_to_do_instead(app: Flask, tmp_path: Path) -> None:
    lines = "- Öppet: HEMLIGT KANSKE\n- Kontrollerad: nej\n- Att göra: VPC RINGER\n"
    html = card(app, tmp_path, "skola/kontakter.md", lines)
    assert "Ring 112 vid akut fara" in html
    assert "KANSKE" not in html
    assert "VPC RINGER" not in html


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (
            "- Gäller från: 2026-01-15\n- Kontrollerad: 2026-11-23\n",
            "<dt>Gäller från</dt><dd>15\u00a0januari 2026</dd><dt>Kontrollerad</dt><dd>23\u00a0november 2026</dd>",
        ),
        (
            "- Gäller från: hösten <2026>\n- Kontrollerad: nej\n- Att göra: VPC LÄSER\n",
            "<dt>Gäller från</dt><dd>hösten &lt;2026&gt;</dd><dt>Kontrollerad</dt><dd>inte än</dd>",
        ),
    ],
)
def test_a_fact_shows_its_source_and_since_when(app: Flask, tmp_path: Path, lines: str, shown: str) -> None:
    html = card(app, tmp_path, "skola/fakta.md", lines)
    assert f"<dl><dt>Källa</dt><dd>x</dd>{shown}</dl>" in html
    assert "VPC LÄSER" not in html


def test_a_contact_is_dialled_alike_in_a_lesson_and_on_the_page_of_support(app: Flask) -> None:
    client = app.test_client()
    call = '<a class="tel" href="tel:116111">116 111</a>'
    assert call in client.get("/kurs/forskola/1", base_url="http://localhost").text
    assert call in client.get("/stod", base_url="http://localhost").text
