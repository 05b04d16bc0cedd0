"""The ``befattning`` of an employment as decisions compare it: without capitals and outer blanks, and of two
contracts that are one employment each by itself."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from elearn.swedish import folded

PARTED = "\n"  # no cell of a file holds it


def key(positions: Iterable[str | None]) -> str:
    """What ``Employment.position_key`` holds for these; empty for none.

    >>> key(["Rektor", " LÄRARE ", None])
    'lärare\\nrektor'
    """
    return PARTED.join(sorted({folded(one) for one in positions} - {""}))


def named(position: str | None, position_key: str) -> dict[str, str]:
    """By the key of each position how it is written in ``position``, where they stand joined by commas.

    >>> named("Lärare, gymnasium, Rektor", "lärare, gymnasium\\nrektor")
    {'lärare, gymnasium': 'Lärare, gymnasium', 'rektor': 'Rektor'}
    """
    pieces, keys = (position or "").split(", "), set(position_key.split(PARTED)) - {""}
    found = {}
    for start in range(len(pieces)):
        for end in range(start + 1, len(pieces) + 1):
            text = ", ".join(pieces[start:end]).strip()
            if folded(text) in keys:
                found[folded(text)] = text
    return found


def has(position_keys: Any, position_key: Any) -> sa.ColumnElement[bool]:
    """Whether a position is one of an employment's. (The text without it would be another one.)"""
    there = sa.literal(PARTED) + position_keys + PARTED
    without = sa.func.replace(there, sa.literal(PARTED) + position_key + PARTED, "")
    is_joined = position_keys.contains(PARTED)
    return sa.or_(position_keys == position_key, sa.and_(is_joined, without != there))
