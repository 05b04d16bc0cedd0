"""A one-time code to choose a password with: 80 random bits, printed for a hand to type and read back
forgivingly.

Written in Crockford's base 32, which has no I, L, O or U: whoever reads a 0 as an O, or an l as a 1, is
understood.
"""

import datetime as dt
import hashlib
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 80
LENGTH = BITS // 5
GROUP = 4
LIFETIME = dt.timedelta(days=14)
READ_AS = str.maketrans("OIL", "011")
LONGEST_TYPED = 200  # with whatever spaces and hyphens a person puts in


def new_code() -> str:
    """A code as it is shown: ``7K3M-…``, four groups of four."""
    characters = [secrets.choice(ALPHABET) for _ in range(LENGTH)]
    return "-".join("".join(characters[start : start + GROUP]) for start in range(0, LENGTH, GROUP))


def hash_code(typed: str) -> str | None:
    """What is stored of a code: SHA-256, hexadecimal. None when what was typed cannot be a code at all."""
    if len(typed) > LONGEST_TYPED:
        return None
    text = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(character for character in text if character.isalnum()).translate(READ_AS)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    return hashlib.sha256(code.encode()).hexdigest()
