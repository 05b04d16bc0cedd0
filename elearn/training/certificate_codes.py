"""The code by which anybody can ask whether a certificate is genuine: 80 random bits in letters and digits
that are not mistaken for each other."""

import secrets

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U
LENGTH = 16  # of 5 bits each
GROUP = 4
AS_READ = str.maketrans({"I": "1", "L": "1", "O": "0", " ": "", "-": "", "\u00a0": "", "–": ""})


def new() -> str:
    """A code that nobody can guess, as it is stored."""
    return "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH))


def shown(code: str) -> str:
    """As it stands on the certificate: K7QM-2XWD-94TB-PH3N"""
    return "-".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))


def read(text: str) -> str | None:
    """What somebody has copied from a certificate as it is stored: small letters, blanks and hyphens, and an
    I, L or O for the digit that it looks like. None for text that can be no code."""
    code = text.upper().translate(AS_READ)
    return code if len(code) == LENGTH and set(code) <= set(SYMBOLS) else None
