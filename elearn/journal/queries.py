"""Reading the journal, by rising id."""

from collections.abc import Iterator

import sqlalchemy as sa

from elearn.database import Session
from elearn.journal.chain import Link
from elearn.journal.models import EntryKind, JournalEntry

BATCH = 1000


def entries(session: Session) -> Iterator[Link]:
    """Every entry, read a batch at a time: a journal of many years is never held whole."""
    columns = (
        JournalEntry.id,
        JournalEntry.recorded_at,
        JournalEntry.actor,
        JournalEntry.kind,
        JournalEntry.details,
        JournalEntry.previous_hash,
        JournalEntry.hash,
    )
    rows = session.execute(sa.select(*columns).order_by(JournalEntry.id).execution_options(yield_per=BATCH))
    for row in rows:
        yield Link(*row)


def details_of(session: Session, kind: EntryKind) -> list[str]:
    """The details, as canonical JSON, of every entry of this kind."""
    of_kind = sa.select(JournalEntry.details).where(JournalEntry.kind == kind.value)
    return list(session.scalars(of_kind.order_by(JournalEntry.id)))
