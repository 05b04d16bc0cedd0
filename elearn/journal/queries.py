"""Reading the journal, by rising id."""

from collections.abc import Iterator

import sqlalchemy as sa

from elearn.database import Session
from elearn.journal.chain import Link
from elearn.journal.models import JournalEntry

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
