"""A lesson as pages show it: what stands once on each page, and what leads from one page to another."""

import re
from pathlib import Path

import pytest

from elearn.content.course import Lesson, Question
from elearn.content.prose import Prose
from elearn.content.rendering import builder
from tests.content import folders

LESSON = "gemensamt/grunder.md"
CARD, LINK = "<card gemensamt/kontakter#bris>", "<a entry=gemensamt/kontakter#bris>Bris</a>"


def lesson_of(root: Path, **instead_of: str) -> Lesson:
    text = folders.LESSON
    for number, new in instead_of.items():
        old = {
            "situation": "Situationen.",
            "after": "Text efter frågan.",
            "feedback": "Ja. Det räcker.",
            "explanation": "Du ska inte utreda.",
        }[number]
        text = text.replace(old, new)
    return builder.read_catalog(folders.write(root, **{LESSON: text})).courses["forskola"].lessons[0]


def texts(lesson: Lesson) -> list[Prose]:
    return [block for block in lesson.blocks if isinstance(block, Prose)]


def question(lesson: Lesson) -> Question:
    return lesson.questions[0]


def test_an_entry_stands_whole_the_first_time_on_a_page_and_is_a_link_after_that(tmp_path: Path) -> None:
    lesson = lesson_of(
        tmp_path,
        situation="[Bris](kontakter.md#bris)",
        after="[Bris](kontakter.md#bris)\n\n[Bris](kontakter.md#bris)",
    )
    first, second = texts(lesson)
    assert (folders.shown(first).count(CARD), first.cards) == (1, ("gemensamt/kontakter#bris",))
    for again in (question(lesson).situation, second):
        assert (CARD in folders.shown(again), LINK in folders.shown(again)) == (False, True)
        assert (again.cards, again.entries) == ((), ("gemensamt/kontakter#bris",))


def test_the_page_with_the_answers_has_cards_of_its_own(tmp_path: Path) -> None:
    feedback, explanation = "Ja.\n  >\n  > [Bris](kontakter.md#bris)", "[Bris](kontakter.md#bris)"
    asked = question(lesson_of(tmp_path, feedback=feedback, explanation=explanation))
    assert [CARD in folders.shown(prose) for prose in (asked.choices[1].feedback, asked.explanation)] == [
        True,
        False,
    ]


def test_what_links_within_the_lesson_links_to_it_from_the_page_with_the_answers(tmp_path: Path) -> None:
    lesson = lesson_of(
        tmp_path,
        situation="[x](#mer)",
        feedback="[x](#mer)",
        explanation="[x](#mer) [y](fakta.md#anmälningsskyldigheten)",
    )
    asked = question(lesson)
    assert folders.shown(asked.situation) == '<p><a href="#mer">x</a></p>'
    assert folders.shown(asked.choices[1].feedback) == "<p><a lesson=gemensamt/grunder#mer>x</a></p>"
    assert "<a lesson=gemensamt/grunder#mer>x</a>" in folders.shown(asked.explanation)
    assert "<a entry=gemensamt/fakta#anmälningsskyldigheten>" in folders.shown(asked.explanation)


def test_a_link_whose_address_stands_elsewhere_in_the_file_works_in_a_question_too(tmp_path: Path) -> None:
    lesson = lesson_of(
        tmp_path,
        situation="[x][bris]",
        feedback="[x][bris]",
        explanation="[x][bris]",
        after="[bris]: https://bris.se",
    )
    asked = question(lesson)
    for prose in (asked.situation, asked.choices[1].feedback, asked.explanation):
        assert folders.shown(prose) == '<p><a href="https://bris.se" rel="noreferrer">x</a></p>'


def test_footnotes_are_numbered_through_the_lesson(tmp_path: Path) -> None:
    text = folders.LESSON.replace("## Mer\n", "## Mer\n\nA[^a] och b[^b].\n").replace(
        "Text efter frågan.", "C[^c]."
    )
    text += "\n## Sist\n\n[^a]: Ett.\n[^b]: Två.\n[^c]: Tre.\n"
    catalog = builder.read_catalog(folders.write(tmp_path, **{LESSON: text}))
    first, second, *_ = texts(catalog.courses["forskola"].lessons[0])
    assert [f">{number}</a></sup>" in folders.shown(first) for number in (1, 2, 3)] == [True, True, False]
    assert '<ol start="1">' in folders.shown(first)
    assert ">3</a></sup>" in folders.shown(second)
    assert '<ol start="3">' in folders.shown(second)
    assert "Tillbaka till fotnot 3 i texten" in folders.shown(second)
    assert "Tre." in folders.shown(second)
    assert "Tre." not in folders.shown(first)


def test_a_heading_in_a_fact_has_no_anchor_that_a_lessons_heading_may_have(tmp_path: Path) -> None:
    facts = folders.FACTS.replace("Misstanke räcker.", "Misstanke räcker.\n\n### Mer\n\nAlltid.")
    catalog = builder.read_catalog(folders.write(tmp_path, **{"gemensamt/fakta.md": facts}))
    assert "<h3>Mer</h3>" in folders.shown(catalog.facts["gemensamt/fakta#anmälningsskyldigheten"].body)
    assert '<h2 id="mer">' in folders.shown(texts(catalog.courses["forskola"].lessons[0])[0])


@pytest.mark.parametrize("between", ["\n\n", "\n>\n"])
def test_two_boxes_close_together_are_two(tmp_path: Path, between: str) -> None:
    """Markdown takes quotations that stand close to each other for one."""
    boxes = f"## Först\n\n> **Tips: Ett**\n>\n> Text ett.{between}> **Lagen: Två**\n>\n> Text två.\n"
    text = folders.LESSON.replace("Text efter frågan.", boxes)
    lesson = builder.read_catalog(folders.write(tmp_path, **{LESSON: text})).courses["forskola"].lessons[0]
    html = folders.shown(texts(lesson)[1])
    assert re.findall(r'<div class="box">\s*<h3[^>]*>(\w+)</h3>\s*<p>([^<]*)</p>\s*</div>', html) == [
        ("Ett", "Text ett."),
        ("Två", "Text två."),
    ]
