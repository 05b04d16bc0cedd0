"""The journal as an auditor reads it: each entry in Swedish, with the names that people and units have today
(S54). The entries themselves hold ids alone, so that erasing a person leaves the journal whole."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from elearn.database import LARGEST_ID, Session
from elearn.journal import chain, queries
from elearn.journal.chain import Link
from elearn.journal.queries import Wanted
from elearn.people.log_words import DETAILS, KINDS, ROLES
from elearn.people.models import OrgUnit, Person, full_name
from elearn.people.protection import HIDDEN_NAME, is_named
from elearn.people.queries import actors_in_words
from elearn.swedish import folded

AT_ONCE = 50
VERIFIED_AT_ONCE = 20_000  # entries: more are checked when somebody asks for it
NO_BODY = "någon som inte längre finns kvar"
PERSONS = frozenset({"person", "persons", "emptied", "same_persons", "new_persons"})
UNITS = frozenset({"unit", "department"})


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry in words: who, when, what, and its details by what they are called."""

    id: int
    recorded_at: dt.datetime
    actor: str
    title: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LogPage:
    """Fifty entries of ``count``, the newest first."""

    entries: tuple[LogEntry, ...]
    count: int
    number: int

    @property
    def page_count(self) -> int:
        """At least one."""
        return max(1, -(-self.count // AT_ONCE))


@dataclass(frozen=True, slots=True)
class ChainState:
    """Whether the journal is whole. ``faults`` None: it is long, and was not checked this time."""

    count: int
    last_hash: str
    faults: tuple[str, ...] | None


def log_page(session: Session, wanted: Wanted, number: int) -> LogPage:
    """A page of the entries that are wanted, numbered from 1."""
    links, count = queries.latest(session, wanted, max(1, min(number, LARGEST_ID // AT_ONCE)), AT_ONCE)
    who = actors_in_words(session, {link.actor for link in links}, sees_protected=False)
    told = [json.loads(link.details) for link in links]
    persons = _person_names(session, _ids(told, PERSONS))
    units = _unit_names(session, _ids(told, UNITS))
    entries = [
        LogEntry(
            link.id,
            link.recorded_at,
            who[link.actor],
            KINDS.get(link.kind, link.kind),
            _details(details, persons, units),
        )
        for link, details in zip(links, told, strict=True)
    ]
    return LogPage(tuple(entries), count, number)


def actors_named(session: Session, text: str) -> frozenset[str]:
    """The actors whose name, number or log-in name has each word of the text."""
    words = folded(text).split()
    everybody = queries.actors(session)
    names = actors_in_words(session, everybody, sees_protected=False)
    own = sa.select(Person.id, Person.number).where(Person.id.in_(_person_ids(everybody)), is_named(False))
    rows = session.execute(own)
    numbers = {f"person:{id}": number for id, number in rows}
    return frozenset(
        actor
        for actor in everybody
        if all(word in folded(f"{names[actor]} {numbers.get(actor, '')}") for word in words)
    )


def chain_state(session: Session, *, is_asked: bool) -> ChainState:
    """The journal's chain: checked when it is short, or when that is asked for."""
    count, last_hash = queries.last_entry(session)
    if count > VERIFIED_AT_ONCE and not is_asked:
        return ChainState(count, last_hash, None)
    return ChainState(count, last_hash, tuple(chain.faults(queries.entries(session))))


def _ids(told: Iterable[dict[str, object]], keys: Iterable[str]) -> set[int]:
    values = " ".join(str(details[key]) for details in told for key in keys if key in details)
    return {int(one) for one in values.split() if one.isdecimal() and len(one) < 10}


def _person_ids(actors: Iterable[str]) -> set[int]:
    return {int(actor.partition(":")[2]) for actor in actors if actor.startswith("person:")}


def _person_names(session: Session, ids: set[int]) -> dict[str, str]:
    """The name and number of each; of a protected identity neither (S52)."""
    columns = (Person.id, Person.number, Person.first_name, Person.last_name, Person.is_protected)
    rows = session.execute(sa.select(*columns).where(Person.id.in_(ids)))
    return {
        str(row.id): HIDDEN_NAME
        if row.is_protected
        else f"{full_name(row.first_name, row.last_name)} ({row.number})"
        for row in rows
    }


def _unit_names(session: Session, ids: set[int]) -> dict[str, str]:
    rows = session.execute(sa.select(OrgUnit.id, OrgUnit.name, OrgUnit.code).where(OrgUnit.id.in_(ids)))
    return {str(id): f"{name} ({code})" for id, name, code in rows}


def _details(
    details: dict[str, object], persons: dict[str, str], units: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    """Each detail in words, in the order of what they are called in the journal."""
    return tuple(
        (DETAILS.get(key, key), _value(key, value, persons, units)) for key, value in details.items()
    )


def _value(key: str, value: object, persons: dict[str, str], units: dict[str, str]) -> str:
    """A detail as it is read. A unit that an older entry names by its code is told by it."""
    if key in PERSONS:
        return ", ".join(persons.get(one, NO_BODY) for one in str(value).split())
    if key in UNITS and isinstance(value, int):
        return units.get(str(value), str(value))
    if key.startswith("accepted_"):
        return "ja"
    return ROLES.get(str(value), str(value)) if key == "role" else str(value)


def export_rows(links: Iterable[Link]) -> Iterable[tuple[str, ...]]:
    """Each entry as it is stored, a cell each: the chain can be checked from them."""
    for link in links:
        moment = link.recorded_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
        yield (str(link.id), moment, link.actor, link.kind, link.details, link.previous_hash, link.hash)
