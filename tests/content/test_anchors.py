"""No page has two ids alike: what a link leads to is one place."""

import re
from pathlib import Path

import pytest

from elearn.content import anchors
from tests.content import folders

LESSON, FACTS = "gemensamt/grunder.md", "gemensamt/fakta.md"
TEMPLATES = Path(anchors.__file__).parents[1] / "web" / "templates"
SHOWING_TEXTS = (
    "layouts/*.html",
    "macros/*.html",
    "learn/_*.html",
    "learn/lesson.html",
    "learn/answers.html",
    "learn/course.html",
    "team/guide.html",
)
AGAIN = "Rubriken finns redan i filen, så en länk hit leder fel. Skriv den med fler ord."
TAKEN = "Rubriken får samma adress som något annat på sidan. Skriv den med fler ord."


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ("## Kort version", AGAIN),
        ("## KORT *version*", AGAIN),
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


def test_a_heading_in_another_piece_of_the_lesson_counts_too(tmp_path: Path) -> None:
    text = folders.LESSON.replace("Text efter frågan.", "## Mer\n\nText efter frågan.")
    assert folders.faults(tmp_path, **{LESSON: text}) == [f"{LESSON}:35: {AGAIN}"]


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
