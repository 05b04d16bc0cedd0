"""Reading the journal, by rising id."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from elearn.database import Session
from elearn.journal import chain
from elearn.journal.chain import Link
from elearn.journal.models import EntryKind, JournalEntry

BATCH = 1000
COLUMNS = (
    JournalEntry.id,
    JournalEntry.recorded_at,
    JournalEntry.actor,
    JournalEntry.kind,
    JournalEntry.details,
    JournalEntry.previous_hash,
    JournalEntry.hash,
)


def entries(session: Session, since: dt.datetime | None = None) -> Iterator[Link]:
    """Every entry, read a batch at a time: a journal of many years is never held whole."""
    asked = sa.select(*COLUMNS).order_by(JournalEntry.id).execution_options(yield_per=BATCH)
    rows = session.execute(asked if since is None else asked.where(JournalEntry.recorded_at >= since))
    for row in rows:
        yield Link(*row)


def details_of(session: Session, kind: EntryKind) -> list[str]:
    """The details, as canonical JSON, of every entry of this kind."""
    of_kind = sa.select(JournalEntry.details).where(JournalEntry.kind == kind.value)
    return list(session.scalars(of_kind.order_by(JournalEntry.id)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of these kinds and actors (empty: any), from a moment on and before another."""

    kinds: frozenset[str] = frozenset()
    actors: frozenset[str] | None = None  # None: anybody's
    since: dt.datetime | None = None
    before: dt.datetime | None = None


def latest(session: Session, wanted: Wanted, page: int, at_once: int) -> tuple[list[Link], int]:
    """The entries of a page, numbered from 1, the newest first; and how many there are in all."""
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.kinds:
        conditions.append(JournalEntry.kind.in_(wanted.kinds))
    if wanted.actors is not None:
        conditions.append(JournalEntry.actor.in_(wanted.actors))
    if wanted.since is not None:
        conditions.append(JournalEntry.recorded_at >= wanted.since)
    if wanted.before is not None:
        conditions.append(JournalEntry.recorded_at < wanted.before)
    count = session.scalar(sa.select(sa.func.count()).select_from(JournalEntry).where(*conditions))
    rows = session.execute(
        sa.select(*COLUMNS)
        .where(*conditions)
        .order_by(JournalEntry.id.desc())
        .limit(at_once)
        .offset((page - 1) * at_once)
    )
    return [Link(*row) for row in rows], count or 0


def actors(session: Session) -> list[str]:
    """Everybody who has an entry."""
    return list(session.scalars(sa.select(JournalEntry.actor).distinct().order_by(JournalEntry.actor)))


def last_entry(session: Session) -> tuple[int, str]:
    """How many entries there are, and the last one's hash."""
    last = session.execute(
        sa.select(JournalEntry.id, JournalEntry.hash).order_by(JournalEntry.id.desc()).limit(1)
    ).first()
    return (last.id, last.hash) if last else (0, chain.START)
