"""No page has two ids alike: what a link leads to is one place."""

import re
from pathlib import Path

import pytest

from elearn.content.course import Lesson
from elearn.content.prose import Prose
from elearn.content.reading import anchors
from elearn.content.rendering import builder
from tests.content import folders

LESSON, FACTS = "gemensamt/grunder.md", "gemensamt/fakta.md"
TEMPLATES = Path(anchors.__file__).parents[2] / "web" / "templates"
SHOWING_TEXTS = (
    "layouts/*.html",
    "macros/*.html",
    "learn/_*.html",
    "learn/lesson.html",
    "learn/answers.html",
    "learn/course.html",
    "learn/material.html",
)
TAKEN = "Rubriken får samma adress som något annat på sidan. Skriv den med fler ord."


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ("## Fragor", TAKEN),
        ("## Kontakt Bris", TAKEN),
        ("## Frågor", ""),
        ("## Kort version igen", ""),
        ("## Grunder", ""),
        ("## Kontakt", ""),
    ],
)
def test_a_heading_that_would_give_a_page_two_equal_ids_is_refused(
    tmp_path: Path, heading: str, message: str
) -> None:
    found = folders.faults(tmp_path, **{LESSON: folders.LESSON.replace("## Mer", heading)})
    assert found == ([f"{LESSON}:17: {message}"] if message else [])


def test_headings_alike_are_numbered_as_the_code_hosts_do(tmp_path: Path) -> None:
    """In another piece of the lesson too; the title counts, though the page gives it no id."""
    more = "## Mer\n\nSe [igen](#mer-1), [en gång till](#mer-2) och [grunder](#grunder-1).\n\n## MER\n\n## Grunder\n"
    lesson = read_lesson(tmp_path, folders.LESSON.replace("Text efter frågan.", more))
    html = "".join(folders.shown(block) for block in lesson.blocks if isinstance(block, Prose))
    assert re.findall(r'<h2 id="([^"]*)"', html) == ["kort-version", "mer", "mer-1", "mer-2", "grunder-1"]
    assert re.findall(r'href="(#(?:mer|grunder)[^"]*)"', html) == ["#mer-1", "#mer-2", "#grunder-1"]


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("📞 Ring nu", "-ring-nu"),
        ("📞 Ring nu", "ring-nu"),
        ("❤️ Stöd", "\ufe0f-stöd"),
        ("Telefon – ring", "telefon--ring"),
        ("Vad gör du? 112!", "vad-gör-du-112"),
        ("Fil_namn och *ord*", "fil_namn-och-ord"),
        ("Stöd", "stod"),
    ],
)
def test_the_code_hosts_own_anchors_lead_to_their_headings(tmp_path: Path, heading: str, anchor: str) -> None:
    lesson = read_lesson(
        tmp_path, folders.LESSON.replace("Text efter frågan.", f"Se [dit](#{anchor}).\n\n## {heading}")
    )
    (prose,) = [prose for prose in folders.texts(lesson) if "dit" in folders.shown(prose)]
    (id_,), (address,) = (
        re.findall(r'<h2 id="([^"]*)"', folders.shown(prose)),
        re.findall(r'href="#([^"]*)"', folders.shown(prose)),
    )
    assert address == id_


def read_lesson(root: Path, text: str) -> Lesson:
    return builder.read_catalog(folders.write(root, **{LESSON: text})).courses["forskola"].lessons[0]


def test_questions_may_be_alike(tmp_path: Path) -> None:
    """Nothing links to a question's heading."""
    again = "\n### Reflektera: Vem kan du ringa?\n\nTänk en gång till.\n"
    assert folders.faults(tmp_path, **{LESSON: folders.LESSON + again}) == []


def test_two_facts_that_differ_only_in_what_an_anchor_cannot_show_are_refused(tmp_path: Path) -> None:
    text = folders.FACTS + "\n## Anmalningsskyldigheten\n\nText.\n\n- Källa: x\n- Kontrollerad: 2026-11-23\n"
    assert folders.faults(tmp_path, **{FACTS: text}) == [
        f"{FACTS}:11: Rubriken får samma adress som gemensamt/fakta#anmälningsskyldigheten. Skriv den med fler ord."
    ]


def test_two_facts_of_two_folders_may_not_share_an_id_either(tmp_path: Path) -> None:
    text = folders.FACTS.replace("## Anmälningsskyldigheten", "## Forskola anmälan")
    own = folders.FACTS.replace("## Anmälningsskyldigheten", "## Anmälan")
    lesson = folders.LESSON.replace("fakta.md#anmälningsskyldigheten", "fakta.md#forskola-anmälan")
    assert folders.faults(tmp_path, **{FACTS: text, "forskola/fakta.md": own, LESSON: lesson}) == [
        f"{FACTS}:3: Rubriken får samma adress som forskola/fakta#anmälan. Skriv den med fler ord."
    ]


def test_the_pages_own_ids_are_those_of_the_templates() -> None:
    files = [file for pattern in SHOWING_TEXTS for file in TEMPLATES.glob(pattern)]
    assert {
        *re.findall(r'[ "]id="([a-z-]+)"', "".join(file.read_text(encoding="utf-8") for file in files))
    } == anchors.PAGE_IDS
