"""What an author's own viewer shows is what the page shows, or else ``check`` says what to write instead."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from elearn.content.advice import viewers
from elearn.content.advice.viewers import (
    AFTER_TABLE,
    BRACKET,
    CODE,
    HEADED,
    HEADING_LEFT,
    IN_ITEM,
    LIST,
    NO_RULE,
    QUOTATION,
    TABLE,
)
from elearn.content.reading.links import Target
from elearn.content.rendering.house_style import Place
from elearn.content.rendering.markup import Markup
from tests.content import folders

BOX = viewers.BOX.format("Viktigt")
HERE = Place(Target, lambda _key: None, lambda _text, _address: None)
VIEWER = MarkdownIt("commonmark").enable("table")
# Any three of these, one under the other: what an author writes when no one has told her about blank lines.
LINES = [
    "Text:",
    "",
    "- punkt",
    "1. först",
    "    - inne",
    "  - inne",
    "## Rubrik",
    "> citat",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "mer text",
]
BLOCKS = re.compile(r"<(/?(?:ul|ol|li|h2|table|pre|blockquote|hr))\b")


def told(text: str, *own: int) -> list[tuple[int, str]]:
    return list(viewers.differences(list(enumerate(text.split("\n"), 1)), frozenset(own)))


def page(text: str) -> str:
    return folders.shown(Markup().prose(text.split("\n"), HERE))


def blocks(html: str) -> list[str]:
    """The blocks that begin and end. Two quotations with nothing between them look like one."""
    return BLOCKS.findall(re.sub(r"</blockquote>\s*<blockquote>", "", html))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Text:\n- a", 2, LIST),
        ("Text:\n1. a", 2, LIST),
        ("Text:\nmer text\n- [ ] a", 3, LIST),
        ("> citat\n- a", 2, LIST),
        ("- a\n1. b", 2, LIST),
        ("> Text:\n> - a", 2, LIST),
        ("- a\n\n    Text:\n    - b", 4, LIST),
        ("- a\n> citat", 2, QUOTATION),
        ("Text:\n| a | b |\n|---|---|\n| 1 | 2 |", 2, TABLE),
        ("| a | b |\n| 1 | 2 |", 1, NO_RULE),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n## Rubrik", 4, AFTER_TABLE),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n> citat", 4, AFTER_TABLE),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n- punkt", 4, LIST),
        ("- a\n  - b", 2, IN_ITEM),
        ("1. a\n   - b", 2, IN_ITEM),
        ("- a\n    - b\n      - c", 3, IN_ITEM),
        ("  - a\n- b\n  - c", 3, IN_ITEM),
        ("1. a\n\n   Mer om a.", 3, IN_ITEM),
        ("- a\n\n    - b\n- c", 4, LIST),
        ("1) a\n2) b", 1, BRACKET),
        ("Text\n---", 2, HEADED),
        ("Text\nmer\n---", 3, HEADED),
        ("Rubrik\n===", 2, HEADED),
        ("- a\n---", 2, HEADED),
        (" ## Rubrik", 1, HEADING_LEFT),
        ("Text\n   ### Rubrik", 2, HEADING_LEFT),
        ("    Text", 1, CODE),
        ("- a\n\nText\n\n    Text", 5, CODE),
        ("> **Viktigt: R**\n> Text", 1, BOX),
        ("> **Viktigt:** R", 1, BOX),
        ("> Viktigt: R", 1, BOX),
        ("> **Obs: R**", 1, BOX),
        ("> **Viktigt!**", 1, BOX),
        ("> **Viktigt: a** b **c**", 1, BOX),
        ("> *viktigt: R*", 1, BOX),
        ("> __Tips: R__ mer", 1, viewers.BOX.format("Tips")),
    ],
)
def test_what_is_shown_otherwise_is_told_with_what_to_write(text: str, line: int, message: str) -> None:
    assert told(text) == [(line, message)]


@pytest.mark.parametrize(
    "text",
    [
        "Text:\n\n- a\n- b\n  mer om b\n\n- c",
        "## Rubrik\n- a",
        "---\n- a",
        "Text\n1984. Året gick.",
        "- a\n    - b\n        - c",
        "1. a\n\n    Mer om a.\n\n    - b",
        "  - a\n\n  - b",
        "- a\n - b",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "a | b\n---|---\n1 | 2",
        "Text\n\n---\n\nText",
        "## Rubrik\n---",
        "Ord\n:   Vad det betyder.\n\n    Mer om det.",
        "> **Viktigt: R**\n>\n> Text:\n>\n> - a",
        "> **Viktigt**\n>\n> Text",
        "> **Tips: en lång\n> rubrik**\n>\n> Text",
        "> __Lagen: R__",
        "> Exempel på det finns.",
        "> Vi såg något **viktigt: en lapp**",
    ],
)
def test_what_is_shown_alike_is_left_alone(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    "text", ["Situation.\n- [ ] svar", "Situation.\n1) rad", "| a | b |\n| 1 | 2 |", "1. rad\n> Förklaring."]
)
def test_lines_that_are_read_before_markdown_are_left_alone(text: str) -> None:
    """A question's options and rows, and an entry's items."""
    assert told(text) != []
    assert told(text, 1, 2) == []


def test_a_questions_explanation_is_no_box() -> None:
    assert told("> Viktigt: du ska inte utreda.", 1) == []


@pytest.mark.parametrize(
    "title",
    [
        "**{}: R**",
        "**{}**",
        "__{}: R__",
        "**{}:** R",
        "{}: R",
        "**{}!**",
        "**{}: R** mer",
        "**{}: R**\n> Text",
        "*{}: R*",
    ],
)
@pytest.mark.parametrize("kind", ["Viktigt", "exempel", "Tips", "LAGEN", "Fundera"])
def test_a_quotation_that_begins_like_a_box_is_one_or_is_told(title: str, kind: str) -> None:
    text = f"> {title.format(kind)}"
    assert ('<div class="box' in page(text)) != bool(told(text))


def test_whatever_an_ordinary_viewer_shows_as_other_blocks_is_told() -> None:
    """Every way of putting three lines under each other, against CommonMark."""
    for lines in itertools.product(LINES, repeat=3):
        text = "\n".join(lines)
        if blocks(page(text)) != blocks(VIEWER.render(text)):
            assert told(text), text


@given(
    st.lists(
        st.sampled_from(
            [
                *LINES,
                "> - inne",
                "---",
                "===",
                " ## x",
                "\t",
                "> > djupt",
                "1) x",
                ": x",
                "```",
                "> **Tips: R**",
            ]
        ),
        max_size=8,
    )
)
def test_any_text_is_looked_through_and_every_line_is_one_of_its_own(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert all(1 <= line <= text.count("\n") + 1 for line, _ in told(text))


def test_hundreds_of_levels_inside_each_other_are_looked_through() -> None:
    assert told("> " * 2000 + "Text:\n" + "> " * 2000 + "- a") == [(2, LIST)]
    assert told("- " * 2000 + "\n" + "-" * 20000 + "x|") == []
