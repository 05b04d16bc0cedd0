"""A line of nothing but words takes a short cut past Markdown: it has to give what Markdown gives."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.rendering import markup
from elearn.content.rendering.house_style import Place
from elearn.content.rendering.markup import Markup
from tests.content import folders

HERE = Place(lambda _href: None, lambda _key: None, lambda _text, _href: None)
NEVER = re.compile(r"(?!)")
LETTERS = "abcåäöABCÅÄÖéÉ”–0123456789 ,.;:?!/()%-"


def rendered(text: str, plain: re.Pattern[str]) -> tuple[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markup, "PLAIN", plain)
        return folders.shown(Markup().prose([text], HERE)), Markup().inline(text, HERE)


@given(st.from_regex(markup.PLAIN, fullmatch=True) | st.text(LETTERS, min_size=1).filter(str.strip))
def test_a_line_of_words_reads_as_markdown_reads_it(text: str) -> None:
    assert rendered(text, markup.PLAIN) == rendered(text, NEVER)


@pytest.mark.parametrize(
    "text",
    [
        "Ja.",
        "”Hon kanske trivs.”",
        "Att gå – eller stanna – kan vara farligt (mycket)!",
        "1. Först",
        "- en",
        "a  b ",
        "A: b",
        "slut --",
    ],
)
def test_these_lines_do(text: str) -> None:
    assert rendered(text, markup.PLAIN) == rendered(text, NEVER)
