"""A certificate's code: random, in symbols that are not mistaken, and read as people copy it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.training import certificate_codes


def test_a_code_has_eighty_random_bits_in_unmistakable_symbols() -> None:
    codes = {certificate_codes.new() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{16}", code) for code in codes)
    assert len(set("".join(codes))) == 32


def test_it_is_shown_in_groups_of_four() -> None:
    assert certificate_codes.shown("K7QM2XWD94TBPH3N") == "K7QM-2XWD-94TB-PH3N"


@pytest.mark.parametrize(
    "text",
    ["K7QM-2XWD-94TB-PH10", "k7qm 2xwd 94tb ph10", "K7QM2XWD94TBPHIO", " k7qm–2xwd\u00a094tb-phlo "],
)
def test_it_is_read_as_people_copy_it(text: str) -> None:
    assert certificate_codes.read(text) == "K7QM2XWD94TBPH10"


@given(st.text())
def test_what_is_shown_is_read_and_any_text_may_be(text: str) -> None:
    code = certificate_codes.new()
    assert certificate_codes.read(certificate_codes.shown(code).lower()) == code
    assert certificate_codes.read(text) in (None, text.upper())


@pytest.mark.parametrize(
    "text", ["", "K7QM2XWD94TBPH3", "K7QM2XWD94TBPH3NN", "K7QM2XWD94TBPH3U", "K7QM2XWD94TBPH\x00N"]
)
def test_what_can_be_no_code_is_none(text: str) -> None:
    assert certificate_codes.read(text) is None
