"""The text of a file from outside: its encoding, and the sentence about a character that does not belong in
it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn import csv_text

COLUMNS = ("anställningsnr", "förnamn", "från")
ROWS = "anställningsnr;förnamn;från\n1;Åsa Öberg;2020-01-01\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
def test_the_encodings_of_today_are_read(encoding: str) -> None:
    assert csv_text.decode(ROWS.encode(encoding), COLUMNS) == ROWS
    assert csv_text.decode(unicodedata.normalize("NFD", ROWS).encode(), COLUMNS) == ROWS


@pytest.mark.parametrize(("encoding", "name"), [("mac_roman", "Mac Roman"), ("cp850", "code page 850")])
def test_an_old_encoding_is_named_by_the_columns(encoding: str, name: str) -> None:
    """Without the columns nothing tells it from Windows-1252."""
    with pytest.raises(csv_text.NotText, match=name):
        csv_text.decode(ROWS.encode(encoding), COLUMNS)
    assert csv_text.decode(ROWS.encode(encoding), ("enhetskod",)) != ROWS


def test_damaged_utf8_says_what_stands_before_the_damage() -> None:
    with pytest.raises(csv_text.NotText, match="skadad UTF-8") as refusal:
        csv_text.decode("Örjan\n".encode() + b"\xe5sa", COLUMNS)
    assert refusal.value.before == "Örjan\n"


def test_what_is_wrong_with_a_row_repeats_nothing_of_it() -> None:
    sentence = csv_text.damage(["Åsa", "850101\u200b-1234"])
    assert sentence is not None
    assert sentence.startswith("här står ett nollbrett mellanslag (U+200B) i fält 2.")
    assert "850101" not in sentence
    assert csv_text.damage(["Åsa", "1001", "rad\nrad\ttabb\r\n", "\u00a0"]) is None


@given(st.characters(categories=["Cf", "Cc"]))
def test_every_character_that_does_not_show_is_refused(character: str) -> None:
    """But line breaks, tabs, and the signs of the Arabic and Egyptian scripts, which do show."""
    shown = any(word in unicodedata.name(character, "") for word in ("ARABIC ", "SYRIAC", "KAITHI", "EGYPT"))
    if character not in "\t\n\r" and (not shown or character == "\u061c"):
        assert csv_text.damage([character]) is not None
