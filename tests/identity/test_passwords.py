"""S13: which passwords are refused, and how they are hashed."""

import unicodedata
from typing import Literal

import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.errors import Invalid
from elearn.identity import passwords
from elearn.people.queries import PersonRef

SARA = PersonRef(1, "500123", "Sara Anna-Karin", "Lind", "sara.lind@example.se")
TOWN = "Botkyrka kommun"


def refused(password: str, owner: PersonRef = SARA) -> tuple[str, ...]:
    return passwords.refusals(password, owner, TOWN)


def test_fourteen_characters_are_too_few_and_fifteen_are_enough() -> None:
    """S13."""
    assert refused("tolv gröna ägg") == (passwords.TOO_SHORT,)
    assert refused("tolv gröna äggs") == ()


@pytest.mark.parametrize(
    ("left", "is_refused"), [("xkvbtw9z", True), ("xkvbtw9zq", True), ("xkvbtw9zqm", False)]
)
def test_ten_characters_must_be_left_without_the_persons_own_words(left: str, is_refused: bool) -> None:
    """S13: both sides, as figures: 8, 9 and 10."""
    assert refused(f"sara-lind-{left}") == ((passwords.OWN_WORDS,) if is_refused else ())


def test_a_letter_counts_once_however_it_is_sent() -> None:
    """S13: å as one or two code points."""
    for password in ("tolv gröna ägg", "tolv gröna äggs"):
        assert refused(unicodedata.normalize("NFD", password)) == refused(
            unicodedata.normalize("NFC", password)
        )


def test_a_password_verifies_however_its_letters_are_sent() -> None:
    """S13: å as one or two code points."""
    stored = passwords.hash_password(unicodedata.normalize("NFD", "fåren går på ängen"))
    assert passwords.verify(stored, unicodedata.normalize("NFC", "fåren går på ängen"))
    assert not passwords.verify(stored, "faren gar pa angen")


@pytest.mark.parametrize("emoji", ["🦊" * 64, "🦊🌲🚲🍰" * 16])
def test_sixty_four_emoji_are_accepted_and_none_of_them_is_cut_off(emoji: str) -> None:
    """S13."""
    stored = passwords.hash_chosen(emoji, SARA, TOWN)
    assert passwords.verify(stored, emoji)
    assert not passwords.verify(stored, emoji[:-1])


def test_the_longest_password_is_accepted_and_one_more_character_is_not() -> None:
    sentence = "".join(f"{number}är{number * number}," for number in range(200))
    assert refused(sentence[: passwords.MAXIMUM_LENGTH]) == ()
    assert refused(sentence[: passwords.MAXIMUM_LENGTH + 1]) == (passwords.TOO_LONG,)


def test_a_password_of_a_megabyte_is_refused_without_being_hashed() -> None:
    """S13. Not even a stored hash of the very same text makes it verify: nothing was computed."""
    huge = "fåren går på ängen, " * 50_000
    assert refused(huge) == (passwords.TOO_LONG,)
    with pytest.raises(Invalid):
        passwords.hash_chosen(huge, SARA, TOWN)
    assert not passwords.verify(passwords.hash_password(huge), huge)


@pytest.mark.parametrize(
    "password", ["alla hundar skäller", "ALLA HUNDAR SKÄLLER", "allahundarskäller", "829371645029138"]
)
def test_no_kind_of_character_is_required(password: str) -> None:
    """S13: no composition rule."""
    assert refused(password) == ()


@pytest.mark.parametrize(
    "password",
    [
        "Sara Lind Sara L!",
        "SaraLind19850412",
        "lind500123sara!!",
        "anna karin lind 1",
        "s.a.r.a.l.i.n.d.1.2",
        "Sara.Lind@example.se",
        "LINDLINDHEMLIG",
        "500123 hemligt!",
    ],
)
def test_the_persons_own_words_do_not_count(password: str) -> None:
    """S13."""
    assert passwords.OWN_WORDS in refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "Botkyrkakommun2026",
        "botkyrka-kommun!",
        "Basutbildningen1",
        "E-learn E-learn 1",
        "kommunen Botkyrka 1",
    ],
)
def test_the_municipalitys_and_the_applications_names_do_not_count(password: str) -> None:
    """S13."""
    assert passwords.PLACE_WORDS in refused(password)


def test_own_words_are_welcome_beside_enough_others() -> None:
    assert refused("Lind är ett träd i Botkyrka") == ()


def test_a_short_name_does_not_spoil_other_words() -> None:
    assert refused("li lilja liten lista bo", PersonRef(1, "77", "Bo", "Li")) == ()


@pytest.mark.parametrize(
    "password",
    [
        "1" * 15,
        "a" * 64,
        " " * 15,
        "-" * 15,
        "!" * 15,
        "hejsanhejsanhejsan",
        "Hej hej HEJ hej hej!",
        "sommarlovet sommarlovet",
        "1212121212121212",
        "katt-katt-katt-1",
    ],
)
def test_one_word_or_digit_repeated_is_refused(password: str) -> None:
    """S13."""
    assert passwords.SAME_AGAIN in refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiopasdfgh",
        "asdfghjklöäzxcvb",
        "poiuytrewqlkjhgf",
        "1234567890123456",
        "987654321098765",
        "abcdefghijklmnop",
        "1q2w3e4r5t6y7u8i",
        "1qaz2wsx3edc4rfv",
        "hunden1234567890",
    ],
)
def test_keys_in_a_row_are_refused(password: str) -> None:
    """S13."""
    assert passwords.KEYS_IN_A_ROW in refused(password)


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "CorrectHorseBatteryStaple", "jag älskar dig mest", "thisismypassword"],
)
def test_what_stands_on_everybodys_lists_is_refused(password: str) -> None:
    """S13."""
    assert passwords.WELL_KNOWN in refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "Sommarsemester2026", "Välkommen2026!!", "valkommen2026!!", "MittLösenord2026!", "superhemligt1234",
        "Förskolan2026!!!", "Socialtjänst2026", "administratör2026", "januari februari", "Stockholm2026!!!",
        "vinter2025vinter", "julafton20261224", "hammarby191500000", "mammapappabarn12",
    ],
)  # fmt: skip
def test_a_word_that_many_choose_and_a_year_are_refused(password: str) -> None:
    """S13."""
    assert passwords.COMMON_WORDS in refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "du gamla du fria",
        "dugamladufria123!",
        "BlinkaLillaStjarna1",
        "bä bä vita lamm",
        "ett två tre fyra fem",
    ],
)
def test_a_line_that_everybody_knows_is_refused_whatever_ends_it(password: str) -> None:
    """S13."""
    assert passwords.WELL_KNOWN in refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "sju gröna kastanjer sover gott",
        "lugn promenad vid sjön",
        "sommaren då tåget spårade ur",
        "fem katter bakade bröd",
    ],
)
def test_a_common_word_among_others_is_welcome(password: str) -> None:
    assert refused(password) == ()


def test_the_list_holds_long_passwords_as_they_are_compared() -> None:
    lines = passwords.KNOWN.read_text(encoding="utf-8").splitlines()
    assert len(lines) > 500
    assert lines == sorted(set(lines))
    for line in lines:
        assert len(line) >= 10
        assert line == passwords._folded(line)
        assert refused(line)


def test_every_reason_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        passwords.hash_chosen("Sara1234Botkyrka", SARA, TOWN)
    assert refusal.value.faults == (passwords.OWN_WORDS, passwords.PLACE_WORDS, passwords.KEYS_IN_A_ROW)


def test_what_is_no_text_is_refused_and_never_verifies() -> None:
    broken = "en trasig \ud800 rad text"
    assert refused(broken) == (passwords.UNREADABLE,)
    assert not passwords.verify(None, broken)


@given(st.text(max_size=60))
def test_whatever_is_typed_gets_an_answer_that_does_not_depend_on_composition(text: str) -> None:
    assert refused(unicodedata.normalize("NFD", text)) == refused(unicodedata.normalize("NFC", text))


def test_the_hash_is_argon2id_with_the_chosen_parameters() -> None:
    """S13."""
    parameters = argon2.extract_parameters(passwords.hash_password("fåren går på ängen"))
    assert parameters.type is argon2.Type.ID
    assert (parameters.time_cost, parameters.memory_cost, parameters.parallelism) == (2, 19 * 1024, 1)


def test_an_unknown_name_costs_the_same_hash_and_is_never_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """S13, S23: for nobody a whole hash with today's parameters is computed too."""
    outcomes = []

    class Watched(argon2.PasswordHasher):
        def verify(self, stored: str | bytes, password: str | bytes) -> Literal[True]:
            try:
                return super().verify(stored, password)
            except argon2.exceptions.Argon2Error as error:
                outcomes.append((type(error), self.check_needs_rehash(stored)))
                raise

    monkeypatch.setattr(
        passwords, "HASHER", Watched.from_parameters(argon2.extract_parameters(passwords.hash_password("x")))
    )
    assert not passwords.verify(None, "fåren går på ängen")
    assert not passwords.verify(None, "")
    assert outcomes == [(argon2.exceptions.VerifyMismatchError, False)] * 2


def test_a_damaged_hash_verifies_nothing() -> None:
    assert not passwords.verify("raderad", "fåren går på ängen")


def test_an_old_hash_is_made_anew_and_a_fresh_one_is_kept() -> None:
    old = argon2.PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("fåren går på ängen")
    assert passwords.verify(old, "fåren går på ängen")
    renewed = passwords.rehash(old, "fåren går på ängen")
    assert renewed is not None
    assert passwords.verify(renewed, "fåren går på ängen")
    assert passwords.rehash(renewed, "fåren går på ängen") is None
