"""A telephone number leads to the number that a reader would dial, or is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content import phones


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("020-50 50 50", "+4620505050"),
        ("08-530 610 00", "+46853061000"),
        ("08\u2013530\u00a0610\u00a000", "+46853061000"),
        ("08-530 610 00 (vxl)", "+46853061000"),
        ("08/530 610 00", "+46853061000"),
        ("(08) 530 610 00", "+46853061000"),
        ("+46 (0)8 530 610 00", "+46853061000"),
        ("+46 (0)8-530 610 00", "+46853061000"),
        ("+46 08 530 610 00", "+46853061000"),
        ("0046 8 530 610 00", "+46853061000"),
        ("+46 8 123 456", "+468123456"),
        ("+47 22 33 44 55", "+4722334455"),
        ("020-50 50 50, knappval 2", "+4620505050"),
        ("070-123 45 67", "+46701234567"),
        ("112", "112"),
        ("114 14", "11414"),
        ("116 111", "116111"),
        ("1177", "1177"),
    ],
)
def test_a_number_is_dialled_as_people_write_it(written: str, dialled: str) -> None:
    assert phones.dialled(written) == dialled


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("08-530 610 00 eller 08-530 620 00", phones.ONE_NUMBER),
        ("08-530 610 00, 070-123 45 67", phones.ONE_NUMBER),
        ("072-123 45 67/68", phones.ONE_NUMBER),
        ("08-12 34 56-58", phones.DASH),
        ("530 610 00", phones.AREA),
        ("ring oss", phones.NOT_A_NUMBER),
        ("08-530 610 00 vxl", phones.NOT_A_NUMBER),
        ("12", phones.LENGTH),
        ("08-12", phones.LENGTH),
        ("08-123 456 789", phones.LENGTH),
        ("+46 8 12", phones.LENGTH),
        ("", phones.NOT_A_NUMBER),
    ],
)
def test_what_is_no_single_number_is_refused(written: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        phones.dialled(written)


@given(st.text("0123456789+-()/ ,vxl", max_size=24))
def test_whatever_is_dialled_has_only_digits_and_all_of_them(written: str) -> None:
    try:
        dialled = phones.dialled(written)
    except ValueError:
        return
    assert re.fullmatch(r"\+\d{8,15}|\d{3,6}", dialled)
