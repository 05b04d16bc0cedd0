"""Passwords: which are refused (S13), and how they are hashed. Nothing here belongs inside a transaction: a
hash takes 30 ms.

A password is the only factor, so it is long; nothing is said about which kinds of characters it must have.
What makes a long one guessable is what anybody would try first: the person's own words, keys in a row, the
same word again. They are not forbidden, they just do not count: without them something must be left.
"""

import base64
import functools
import re
import secrets
import unicodedata
from collections.abc import Callable
from pathlib import Path

import argon2
from argon2.exceptions import VerificationError

from elearn.errors import Invalid
from elearn.people.queries import PersonRef

MINIMUM_LENGTH = 15
ENOUGH_LEFT = 10  # characters, when what is easily guessed has been taken out
MAXIMUM_LENGTH = 1024
MAXIMUM_SENT = (
    4 * MAXIMUM_LENGTH
)  # code points before NFC, which joins a letter and its marks (at most four to one)
TIME_COST = 2
MEMORY_KIB = 19 * 1024
PARALLELISM = 1
HASHER = argon2.PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=PARALLELISM)
KNOWN = Path(__file__).resolve().parent / "data" / "known_passwords.txt"
COMMON = Path(__file__).resolve().parent / "data" / "common_words.txt"
YEAR = re.compile(r"(?:19|20)\d\d")
ENDING = re.compile(r"[\W\d_]+$")
PLAIN_LETTERS = str.maketrans("åäöé", "aaoe")

APPLICATION_NAMES = ("elearn", "Basutbildningen", "Basutbildning")
SHORTEST_WORD = 3  # shorter names are a part of many other words
SHORTEST_RUN = 4
ROWS = (
    "12345678901234567890", "qwertyuiopå", "asdfghjklöä", "zxcvbnm", "abcdefghijklmnopqrstuvwxyzåäö",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p",
)  # fmt: skip
RUNS = frozenset(
    row[place : place + SHORTEST_RUN]
    for forwards in ROWS
    for row in (forwards, forwards[::-1])
    for place in range(len(row) - SHORTEST_RUN + 1)
)
SEPARATORS = str.maketrans("", "", "-_.,:;/'")
AGAIN = re.compile(
    r"([\w -~]{3,}?)\1+|([\w -~])\2{3,}"
)  # a word, or a mark, at once again; a row of emoji is neither

TOO_SHORT = (
    f"Lösenordet är för kort. Det ska ha minst {MINIMUM_LENGTH} tecken. Flera ord efter varandra går bra."
)
TOO_LONG = f"Lösenordet är för långt. Det får ha högst {MAXIMUM_LENGTH} tecken."
UNREADABLE = "Lösenordet innehåller tecken som inte går att läsa. Skriv det igen."
OWN_WORDS = "Lösenordet bygger på ditt namn, din e-postadress eller ditt anställningsnummer. Välj andra ord."
PLACE_WORDS = "Lösenordet bygger på kommunens eller utbildningens namn. Välj andra ord."
KEYS_IN_A_ROW = "Lösenordet bygger på tangenter, siffror eller bokstäver i rad. Välj några ord i stället."
SAME_AGAIN = "Lösenordet upprepar samma sak. Välj några olika ord."
COMMON_WORDS = (
    "Lösenordet bygger på årtal eller på ord som många väljer, till exempel årstider, månader och "
    "arbetsplatser. Välj ord som är svårare att gissa."
)
WELL_KNOWN = "Lösenordet finns på listor över vanliga lösenord. Välj några egna ord i stället."


def hash_chosen(password: str, owner: PersonRef, municipality: str) -> str:
    """The hash of a newly chosen password, or ``Invalid`` with every reason why it cannot be used."""
    faults = refusals(password, owner, municipality)
    if faults:
        raise Invalid(*faults)
    return hash_password(password)


def hash_password(password: str) -> str:
    return HASHER.hash(_composed(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether this is the password. Without a hash (an unknown name) it takes as long, and is never true
    (S23)."""
    if len(password) > MAXIMUM_SENT:
        return False
    try:
        return HASHER.verify(password_hash or _nobodys_hash(), _composed(password))
    except (VerificationError, ValueError):
        return False


def rehash(password_hash: str, password: str) -> str | None:
    """A new hash of a password that was just verified, if its hash was made with other parameters than
    today's; else None."""
    return hash_password(password) if HASHER.check_needs_rehash(password_hash) else None


def _nobodys_hash() -> str:
    """A hash with today's parameters that no password has."""
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={MEMORY_KIB},t={TIME_COST},p={PARALLELISM}${salt}${digest}"


def refusals(password: str, owner: PersonRef, municipality: str) -> tuple[str, ...]:
    """Every reason why this password cannot be chosen: Swedish sentences, none when it can be."""
    if len(password) > MAXIMUM_SENT:
        return (TOO_LONG,)
    composed = _composed(password)
    if len(composed) > MAXIMUM_LENGTH:
        return (TOO_LONG,)
    if any(unicodedata.category(character) == "Cs" for character in composed):
        return (UNREADABLE,)
    faults = [TOO_SHORT] if len(composed) < MINIMUM_LENGTH else []
    faults += _weaknesses(_core(composed), owner, municipality)
    faults += [WELL_KNOWN] if _is_known(composed) else []
    return tuple(faults)


def _weaknesses(core: str, owner: PersonRef, municipality: str) -> list[str]:
    """Why too little is left of the password when everything that is easily guessed has been taken out of
    it."""
    address = owner.email or ""
    rules: tuple[tuple[str, Callable[[str], str]], ...] = (
        (
            OWN_WORDS,
            _without(owner.first_name, owner.last_name, owner.number, address, address.partition("@")[0]),
        ),
        (PLACE_WORDS, _without(municipality, *APPLICATION_NAMES)),
        (KEYS_IN_A_ROW, _without_runs),
        (SAME_AGAIN, functools.partial(AGAIN.sub, "")),
        (COMMON_WORDS, _without_common),
    )
    left, reasons = core, []
    for reason, take_out in rules:
        before, left = left, take_out(left)
        reasons += [reason] if left != before else []
    return reasons if len(left) < ENOUGH_LEFT else []


def _is_known(composed: str) -> bool:
    """Whether everybody's lists have it, also with figures and marks after it, or without its rings and
    dots."""
    folded = _folded(composed)
    spellings = (folded, ENDING.sub("", folded.translate(SEPARATORS)))
    return any(spelling.translate(PLAIN_LETTERS) in known_passwords() for spelling in spellings)


@functools.cache
def known_passwords() -> frozenset[str]:
    """Long passwords that stand on everybody's lists, and well-known lines; folded as ``_folded`` does and
    without rings and dots."""
    return frozenset(KNOWN.read_text(encoding="utf-8").translate(PLAIN_LETTERS).split())


@functools.cache
def _common_words() -> re.Pattern[str]:
    words = sorted(set(COMMON.read_text(encoding="utf-8").split()), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, words)))


def _without_common(text: str) -> str:
    """Without what many choose: years, seasons, days, places of work; and what ends it in figures and marks
    when such a word stood there."""
    left = _common_words().sub("", YEAR.sub("", text))
    return text if left == text else ENDING.sub("", left)


def _composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _folded(text: str) -> str:
    """Without capitals and spaces."""
    return "".join(_composed(text).casefold().split())


def _core(text: str) -> str:
    """Without capitals, spaces and separators, as long as something is left."""
    folded = _folded(text)
    return folded.translate(SEPARATORS) or folded or " " * len(text)


def _without(*names: str) -> Callable[[str], str]:
    """What takes these names and each of their parts out of a text, the longest first."""
    parts = {_core(part) for name in names for part in (name, *re.split(r"[\s-]+", name))}
    words = sorted(
        (part for part in parts if len(part) >= SHORTEST_WORD), key=lambda part: (-len(part), part)
    )
    return functools.partial(re.compile("|".join(map(re.escape, words)) or "(?!)").sub, "")


def _without_runs(text: str) -> str:
    """Without what stands in a row on a keyboard, in the alphabet or among the digits, forwards or
    backwards."""
    starts = [place for place in range(len(text)) if text[place : place + SHORTEST_RUN] in RUNS]
    covered = {start + step for start in starts for step in range(SHORTEST_RUN)}
    return "".join(character for place, character in enumerate(text) if place not in covered)
