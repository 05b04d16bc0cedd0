"""How an entry is bound to the one before it, and what is wrong with a chain. Pure (S55)."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

START = "0" * 64  # the previous hash of the first entry


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it stands in the journal."""

    id: int
    recorded_at: dt.datetime
    actor: str
    kind: str
    details: str
    previous_hash: str
    hash: str


def hash_of(
    id: int, recorded_at: dt.datetime, actor: str, kind: str, details: str, previous_hash: str
) -> str:
    """SHA-256, hexadecimal, over the entry's fields in a form that reads back in one way only."""
    moment = recorded_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(canonical([id, moment, actor, kind, details, previous_hash]).encode()).hexdigest()


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def faults(links: Iterable[Link]) -> list[str]:
    """What is wrong with a chain that is given by rising id: a Swedish sentence for each place, none when it
    is whole.

    A removed, changed or moved entry is found. Entries removed at the end are found by comparing the last
    hash with one that was noted earlier."""
    told: list[str] = []
    previous_id, previous_hash = 0, START
    for link in links:
        if link.id != previous_id + 1:
            told.append(f"Post {previous_id + 1} saknas: efter {previous_id} kommer {link.id}.")
        elif link.previous_hash != previous_hash:
            told.append(f"Post {link.id} hör inte ihop med posten före den.")
        fields = (link.id, link.recorded_at, link.actor, link.kind, link.details, link.previous_hash)
        if link.hash != hash_of(*fields):
            told.append(f"Post {link.id} har ändrats.")
        previous_id, previous_hash = link.id, link.hash
    return told
