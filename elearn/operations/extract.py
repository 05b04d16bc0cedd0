"""Everything that is stored about one person (GDPR art. 15, S49): for the person's own page, and for an
operator's file."""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from elearn import clock
from elearn.database import Session
from elearn.journal import actions as journal
from elearn.journal.deed import ActorKind, Deed
from elearn.journal.models import EntryKind, JournalEntry
from elearn.operations import joined
from elearn.operations.extract_parts import PARTS, Kept, Part
from elearn.operations.extract_selects import ACTORS
from elearn.people.log_words import KINDS
from elearn.settings import Settings

OWN, OPERATOR, SYSTEM, OTHER = "du själv", "kommunens administratör", "systemet", "en annan person i kommunen"
PERIODS = {
    Kept.ANSWERS: "Svaren till nästa försök, till dagen efter att kursen är klar, och längst i 30 dagar.",
    Kept.DRAFTS: "Tills avsnittet är klart, till dagen efter att kursen är klar, och längst i 30 dagar.",
    Kept.LOGINS: "Högst 30 dagar efter att inloggningen är slut, och en kod i högst 14 dagar.",
    Kept.ALWAYS: "Så länge systemet används. Där står inga namn, bara nummer som pekar på dig.",
}
UNDECIDED = "Kommunen har inte beslutat hur länge. Tills det är beslutat finns uppgifterna kvar."
ABOUT = (
    "person",
    "emptied",
)  # keys of an entry's details that name one person by id, and ``persons`` several


@dataclass(frozen=True, slots=True)
class Section:
    """A part with its rows: by heading dates, moments, numbers, texts, and what was answered."""

    title: str
    source: str
    purpose: str
    period: str
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Extract:
    """What is stored, and what else the law asks to be told of it."""

    made_at: dt.datetime
    controller: str
    legal_basis: str
    dpo_email: str
    sections: tuple[Section, ...]


def extract_person(session: Session, settings: Settings, person_id: int, now: dt.datetime) -> Extract:
    """Every part, also those without a row."""
    ids = joined.rows_of(session, person_id)
    sections = [_section(session, settings, part, ids) for part in PARTS]
    return Extract(
        now,
        settings.municipality,
        settings.legal_basis or "Kommunen har inte beslutat vilken rättslig grund den stöder sig på.",
        settings.dpo_email,
        (*sections, _deeds(session, ids)),
    )


def _section(session: Session, settings: Settings, part: Part, ids: Collection[int]) -> Section:
    rows = session.execute(part.select(ids)).mappings()
    told = tuple({name: _told(name, value, ids) for name, value in row.items()} for row in rows)
    return Section(part.title, part.source, part.purpose, period(settings, part.kept), told)


def period(settings: Settings, kept: Kept) -> str:
    """How long, as the municipality has decided or the program does by itself."""
    decided = {Kept.PEOPLE: settings.period_people, Kept.RESULTS: settings.period_results}
    if kept == Kept.ANSWERS:
        return f"{PERIODS[kept]} Resultatet: {settings.period_results or UNDECIDED}"
    return PERIODS.get(kept) or decided[kept] or UNDECIDED


def _told(name: str, value: Any, ids: Collection[int]) -> Any:
    return _who(value, ids) if name in ACTORS and value is not None else value


def _who(actor: str, ids: Collection[int]) -> str:
    """What an actor is, and never who."""
    kind, _, name = actor.partition(":")
    if kind == ActorKind.PERSON:
        return OWN if name in map(str, ids) else OTHER
    return OPERATOR if kind == ActorKind.OPERATOR else SYSTEM


def _deeds(session: Session, ids: Collection[int]) -> Section:
    """What the person did that stands in the journal, and what others did that names the person. The details
    name others too, by id, and are left out."""
    own = [f"{ActorKind.PERSON}:{id}" for id in ids]
    named = sa.or_(*(JournalEntry.details.contains(f'"{key}":') for key in (*ABOUT, "persons")))
    entries = session.execute(
        sa.select(JournalEntry.recorded_at, JournalEntry.kind, JournalEntry.actor, JournalEntry.details)
        .where(sa.or_(JournalEntry.actor.in_(own), named))
        .order_by(JournalEntry.id)
    )
    rows = tuple(
        {"När": row.recorded_at, "Vad": KINDS.get(row.kind, row.kind), "Av": _who(row.actor, ids)}
        for row in entries
        if row.actor in own or _is_about(row.details, ids)
    )
    return Section(
        "Loggen",
        "Den som gjorde det som står där.",
        "Så att det går att se i efterhand vem som har gjort vad.",
        PERIODS[Kept.ALWAYS],
        rows,
    )


def _is_about(details: str, ids: Collection[int]) -> bool:
    told = json.loads(details)
    return any(told.get(key) in ids for key in ABOUT) or bool(
        set(map(str, ids)) & set(str(told.get("persons", "")).split())
    )


def record_extract(session: Session, deed: Deed, person_id: int) -> None:
    """Tell the journal that an operator has taken somebody's data out. The person's own page tells
    nobody."""
    journal.record(session, deed, EntryKind.EXTRACTED_PERSON, person=person_id)


def to_json(extract: Extract) -> bytes:
    """The same as a file that programs read: headings in Swedish, dates and moments as ISO 8601."""
    told = {
        "rubrik": "Registerutdrag",
        "uttaget": extract.made_at,
        "personuppgiftsansvarig": extract.controller,
        "rättslig grund": extract.legal_basis,
        "dataskyddsombud": extract.dpo_email or None,
        "mottagare": "Ingen utanför kommunen.",
        "rättigheter": RIGHTS,
        "delar": [
            {
                "rubrik": section.title,
                "varifrån": section.source,
                "varför": section.purpose,
                "hur länge": section.period,
                "uppgifter": section.rows,
            }
            for section in extract.sections
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=_iso).encode()


RIGHTS = (
    "Du har rätt att få fel rättade och att invända mot hur uppgifterna används, och kan klaga hos "
    "Integritetsskyddsmyndigheten."
)


def _iso(value: object) -> object:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return list(value) if isinstance(value, Iterable) else str(value)


def as_shown(value: Any) -> str:
    """A value as the page shows it, in Swedish. What was answered stands in the file."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, dt.datetime):
        local = value.astimezone(clock.STOCKHOLM)
        return f"{clock.in_words(local.date())} kl. {local:%H.%M}"
    if isinstance(value, dt.date):
        return clock.in_words(value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return f"{len(value)} i filen" if isinstance(value, dict) else str(value)
