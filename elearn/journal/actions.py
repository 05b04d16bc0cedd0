"""Recording: an entry in the same transaction as what it tells of."""

import sqlalchemy as sa

from elearn.database import Session
from elearn.journal import chain
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind, JournalEntry

CHAIN_LOCK = 0x6A6F75726E616C  # PostgreSQL's number for the lock: "journal" in ASCII


def record(session: Session, deed: Deed, kind: EntryKind, **details: int | str | None) -> None:
    """Add an entry for what the deed did. ``details``: ids, codes and counts, never a person's name (S31).

    Called last in an action: from here to the end of the transaction nobody else can record, since two
    entries with the same predecessor would break the chain. On SQLite a writing transaction is alone
    already."""
    lock_chain(session)
    last = session.execute(
        sa.select(JournalEntry.id, JournalEntry.hash).order_by(JournalEntry.id.desc()).limit(1)
    ).first()
    id, previous_hash = (last.id + 1, last.hash) if last else (1, chain.START)
    told = chain.canonical({name: value for name, value in details.items() if value is not None})
    actor = str(deed.actor)
    entry_hash = chain.hash_of(id, deed.now, actor, kind, told, previous_hash)
    session.execute(
        sa.insert(JournalEntry).values(
            id=id,
            recorded_at=deed.now,
            actor=actor,
            kind=kind.value,
            details=told,
            previous_hash=previous_hash,
            hash=entry_hash,
        )
    )


def lock_chain(session: Session) -> None:
    """Nobody else can record from here to the end of the transaction."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))
