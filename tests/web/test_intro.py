"""A course's introduction is taken apart at its headings, and nothing of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from elearn.content.prose import EntryLink, Part, Prose
from elearn.web import intro

LINK = EntryLink("gemensamt/fakta#a", "fakta-a", "", ("en länk",))


def test_the_first_paragraph_the_rest_and_the_sections_are_apart() -> None:
    found = intro.split(
        Prose(
            (
                "<p>Ett ",
                LINK,
                ' till.</p>\n<p>Mer.</p>\n<h2 id="a">Så <em>går</em> det</h2>\n<p>X ',
                LINK,
                ".</p>",
            )
        )
    )
    assert found.lead == Prose(("<p>Ett ", LINK, " till.</p>"))
    assert found.more == Prose(("\n<p>Mer.</p>\n",))
    assert [(one.title, one.text) for one in found.sections] == [
        ("Så <em>går</em> det", Prose(("<p>X ", LINK, ".</p>")))
    ]


def test_an_introduction_may_be_empty_or_begin_with_a_heading() -> None:
    assert intro.split(Prose(())) == intro.Intro(Prose(()), Prose(()), ())
    only = intro.split(Prose(("<h2>A</h2>\n<p>Text.</p>",)))
    assert (only.lead, only.more, only.sections[0].text) == (Prose(()), Prose(()), Prose(("<p>Text.</p>",)))


PIECES = st.sampled_from(("<p>a</p>\n", "<p>b ", " c</p>", "<h2>R</h2>\n", "<ul><li>d</li></ul>", LINK, " "))


@given(st.lists(PIECES))
def test_every_part_stands_in_one_piece_in_order(parts: list[Part]) -> None:
    found = intro.split(Prose(tuple(parts)))
    pieces = [found.lead, found.more, *(one.text for one in found.sections)]
    told = "".join(part if isinstance(part, str) else "*" for piece in pieces for part in piece.parts)
    whole = "".join(part if isinstance(part, str) else "*" for part in parts).replace("<h2>R</h2>", "")
    assert told.split() == whole.split() or "".join(told.split()) == "".join(whole.split())
    assert len(found.sections) == parts.count("<h2>R</h2>\n")
