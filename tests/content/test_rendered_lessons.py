"""A lesson as pages show it: what stands once on each page, and what leads from one page to another."""

import re
from pathlib import Path

import pytest

from elearn.content.course import Lesson, Question
from elearn.content.rendering import builder
from tests.content import folders
from tests.content.folders import texts

LESSON = "gemensamt/grunder.md"


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


def question(lesson: Lesson) -> Question:
    return lesson.questions[0]


def test_what_a_block_links_to_stands_directly_after_it(tmp_path: Path) -> None:
    """Once for each block, however often the block links to it, and after the whole list, table or box."""
    plan, jour = "[plikten](fakta.md#anmälningsskyldigheten)", "[Bris](kontakter.md#bris)"
    after = f"A {plan}, {jour} och {plan}.\n\n- Ett {plan}.\n- Två.\n\n> **Tips: T**\n>\n> Ring {jour}.\n\n"
    after += f"| A | B |\n|---|---|\n| {plan} | b |\n\nSist."
    shown = folders.shown(texts(lesson_of(tmp_path, after=after))[1])
    plain = re.sub(r"<a note=([^>]*)>[^<]*</a>", r"[\1]", shown)
    duty = "fakta-anmalningsskyldigheten"
    assert (
        f"<p>A [{duty}.2], [kontakt-bris.1] och [{duty}.2].</p>\n<note {duty}.2><note kontakt-bris.1>\n<ul>"
        in plain
    )
    assert f"</ul>\n<note {duty}.3>\n" in plain
    assert re.search(r"Ring \[kontakt-bris\.2\]\.</p>\n</div>\n<note kontakt-bris\.2>\n", plain)
    assert re.search(rf"</table>\n?</div>\n<note {duty}\.4>\n<p>Sist", plain)


@pytest.mark.parametrize(
    ("lead", "is_between"),
    [
        ("Skriv {}:", False),
        ("{} säger att det är ett brott att", False),
        ("Så är {}.", True),
        ("”{}?”", True),
    ],
)
def test_what_leads_into_a_list_is_not_parted_from_it(tmp_path: Path, lead: str, is_between: bool) -> None:
    """Its facts stand after the list, with the list's own."""
    plan, jour = "[plikten](fakta.md#anmälningsskyldigheten)", "[Bris](kontakter.md#bris)"
    after = f"{lead.format(plan)}\n\n- ring {jour}\n- vänta\n\nSist."
    shown = folders.shown(texts(lesson_of(tmp_path, after=after))[1])
    told = re.findall(r"<ul>|</ul>|<note ([^.>]*)", shown)
    duty, ring = "fakta-anmalningsskyldigheten", "kontakt-bris"
    assert told == ([duty, "", "", ring] if is_between else ["", "", duty, ring])


def test_no_two_texts_of_a_lesson_have_a_note_with_the_same_id(tmp_path: Path) -> None:
    """Whichever of them a page shows together: the reading, the questions, the answers."""
    link = "[Bris](kontakter.md#bris) i en mening"
    lesson = lesson_of(
        tmp_path, situation=link, after=link, feedback=f"Ja.\n  >\n  > {link}", explanation=link
    )
    asked = question(lesson)
    shown = [*texts(lesson), asked.situation, asked.explanation, asked.choices[1].feedback]
    found = [id for prose in shown for id in re.findall(r"<note (kontakt-[^>]*)>", folders.shown(prose))]
    assert sorted(found) == ["kontakt-bris.1", "kontakt-bris.2", "kontakt-bris.3", "kontakt-bris.4"]


def test_contacts_that_follow_on_each_other_are_one_list(tmp_path: Path) -> None:
    """Also the second time on a page; something between them begins a new list."""
    bris, danger = "[Bris](kontakter.md#bris)", "[112](kontakter.md#akut-fara)"
    shown = folders.shown(texts(lesson_of(tmp_path, after=f"{bris}\n\n{danger}\n\nOch:\n\n{bris}"))[1])
    assert re.findall(r"<contacts [^>]*>|<p>Och:</p>", shown) == [
        "<contacts gemensamt/kontakter#bris gemensamt/kontakter#akut-fara>",
        "<p>Och:</p>",
        "<contacts gemensamt/kontakter#bris>",
    ]


def test_a_contact_that_nobody_can_reach_is_no_row_and_no_link(tmp_path: Path) -> None:
    social, bris = "[Socialtjänsten](kontakter.md#socialtjänsten)", "[Bris](kontakter.md#bris)"
    after = f"Ring {social} i dag.\n\n{social}\n\n{bris}\n\n{social}\n\n[112](kontakter.md#akut-fara)"
    shown = folders.shown(texts(lesson_of(tmp_path, after=after))[1])
    assert shown.startswith("<p>Ring <span>Socialtjänsten</span> i dag.</p>\n<contacts")
    assert "<contacts gemensamt/kontakter#bris gemensamt/kontakter#akut-fara>" in shown
    assert "kontakter#social" not in shown


def test_a_fact_alone_in_its_paragraph_stands_whole(tmp_path: Path) -> None:
    shown = folders.shown(texts(lesson_of(tmp_path, after="[Plikten](fakta.md#anmälningsskyldigheten)"))[1])
    assert "<fact gemensamt/fakta#anmälningsskyldigheten>" in shown
    assert "<note" not in shown


def test_a_hard_lessons_box_may_link_to_a_fact(tmp_path: Path) -> None:
    """Its facts stand between it and the short version, which it still leads to."""
    text = folders.LESSON.replace("om du vill.", "om du [vill](fakta.md#anmälningsskyldigheten).")
    lesson = builder.read_catalog(folders.write(tmp_path, **{LESSON: text})).courses["forskola"].lessons[0]
    shown = folders.shown(texts(lesson)[0])
    assert re.search(
        r"<jump short version><jump questions></div>\s*<note fakta-anmalningsskyldigheten\.1>\s*<h2 id=",
        shown,
    )


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
    assert "<a note=fakta-anmalningsskyldigheten.2>y</a>" in folders.shown(asked.explanation)


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


def test_lists_under_headings_of_their_own_stand_beside_each_other(tmp_path: Path) -> None:
    """Two or more directly after each other; the headings are still there to link to. One alone, or with a
    text between, stays as it is."""
    text = "### Före\n\n- a\n\n### Efter\n\n1. b\n\nText.\n\n### Sen\n\n- c\n\nText.\n\n### Sist\n\n- d"
    html = re.sub(r"\s*\n\s*", "", folders.shown(texts(lesson_of(tmp_path, after=f"## Tecken\n\n{text}"))[1]))
    before = '<div><h3 id="före">Före</h3><ul><li>a</li></ul></div>'
    after = '<div><h3 id="efter">Efter</h3><ol><li>b</li></ol></div>'
    assert f'<div class="beside">{before}{after}</div><p>Text.</p><h3 id="sen">Sen</h3><ul>' in html
    assert html.count("<div") == 3


@pytest.mark.parametrize("rest", ["", "## Mer\n\nText.\n"])
def test_a_lessons_first_paragraph_is_its_lead_and_no_other_is(tmp_path: Path, rest: str) -> None:
    text = f"---\ntid: 1 min\nutgåva: 1\n---\n# Läs\n\nEfter avsnittet vet du mer.\n\n{rest}"
    course = folders.COURSE.replace("2. [Slutprov]", "2. [Läs](../gemensamt/las.md)\n3. [Slutprov]")
    catalog = builder.read_catalog(
        folders.write(tmp_path, **{"gemensamt/las.md": text, "forskola/kurs.md": course})
    )
    shown = folders.shown(texts(catalog.courses["forskola"].lessons[1])[0])
    assert shown.startswith('<p class="lead">Efter avsnittet vet du mer.</p>')
    assert shown.count("lead") == 1


def test_a_lesson_that_begins_with_a_box_has_no_lead(tmp_path: Path) -> None:
    assert "lead" not in "".join(folders.shown(prose) for prose in texts(lesson_of(tmp_path)))
