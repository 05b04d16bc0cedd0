"""A one-time code is typed by hand: forgiving to read, impossible to guess."""

from hypothesis import given
from hypothesis import strategies as st

from elearn.identity import invitations

NOISE = st.sampled_from(["", " ", "-", "\u00a0", " – ", "."])


def test_a_code_has_eighty_bits_in_groups_without_letters_that_look_like_digits() -> None:
    code = invitations.new_code()
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert len(invitations.ALPHABET) == 2**5
    assert not set("ILOU") & set(invitations.ALPHABET)
    assert len({invitations.new_code() for _ in range(1000)}) == 1000


@given(st.text(alphabet=invitations.ALPHABET, min_size=16, max_size=16), st.data())
def test_a_code_is_read_however_it_is_written(code: str, data: st.DataObject) -> None:
    looks = {"0": "0oO", "1": "1iIlL"}
    written = "".join(
        data.draw(NOISE) + data.draw(st.sampled_from(looks.get(character, character + character.lower())))
        for character in code
    )
    assert invitations.hash_code(written) == invitations.hash_code(code)
    assert invitations.hash_code(code) is not None


def test_what_is_no_code_has_no_hash() -> None:
    for typed in (
        "",
        "ABCD-EFGH-JKMN",
        "ABCD-EFGH-JKMN-PQRSX",
        "UUUU-UUUU-UUUU-UUUU",
        "ÅÄÖÅ-ABCD-ABCD-ABCD",
        "A" * 100_000,
    ):
        assert invitations.hash_code(typed) is None


def test_two_codes_have_two_hashes() -> None:
    assert invitations.hash_code("0000-0000-0000-0000") != invitations.hash_code("0000-0000-0000-0001")
