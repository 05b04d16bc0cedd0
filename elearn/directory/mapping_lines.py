"""Where the keys of a TOML file stand. Its reader does not tell, and a fault needs its row."""

import re
import tomllib
from typing import TypeAlias

Place: TypeAlias = tuple[str | int, ...]  # keys from the top; a number is a place in a list, from 0

_KEY = r"(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|[A-Za-z0-9_-]+)"
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
HEADER = re.compile(rf"\s*(?P<open>\[\[?)\s*(?P<keys>{_KEYS})\s*\]\]?\s*(?:#.*)?")
ENTRY = re.compile(rf"\s*(?P<keys>{_KEYS})\s*=")
PLAIN = re.compile("[A-Za-z0-9_-]+")


def lines_of(text: str) -> dict[Place, int]:
    """The row of each key, from 1, in a text that is TOML. Keys inside braces have that of the key before."""
    found: dict[Place, int] = {}
    lists: dict[Place, int] = {}  # by the list: the place of the latest of its tables
    table: Place = ()
    for row, line in enumerate(text.split("\n"), 1):
        if header := HEADER.fullmatch(line):
            keys = _parse(header["keys"])
            for length in range(1, len(keys)):
                found.setdefault(_inside(keys[:length], lists), row)
            table = _inside(keys[:-1], lists) + keys[-1:]
            if header["open"] == "[[":
                lists[table] = lists.get(table, -1) + 1
                found.setdefault(table, row)
            table = _inside(keys, lists)
            found.setdefault(table, row)
        elif entry := ENTRY.match(line):
            place = table
            for key in _parse(entry["keys"]):
                place = (*place, key)
                found.setdefault(place, row)
    return found


def row_of(place: Place, lines: dict[Place, int]) -> int | None:
    """The row of a key, or of the nearest one above it that has one; None for the file as a whole."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place) if place else None


def written(place: Place) -> str:
    """The keys as they are written in the file; a place in a list is counted from 1."""
    text = ""
    for key in place:
        if isinstance(key, int):
            text += f" ({key + 1})"
        else:
            quoted = key if PLAIN.fullmatch(key) else f'"{key}"'
            text += f".{quoted}" if text else quoted
    return text


def _parse(keys: str) -> Place:
    try:
        inner: object = tomllib.loads(f"{keys} = 1")
    except tomllib.TOMLDecodeError:
        return ()
    found: Place = ()
    while isinstance(inner, dict):
        ((key, inner),) = inner.items()
        found = (*found, key)
    return found


def _inside(keys: Place, lists: dict[Place, int]) -> Place:
    """The keys with the place of the latest table after each list."""
    place: Place = ()
    for key in keys:
        place = (*place, key)
        if place in lists:
            place = (*place, lists[place])
    return place
