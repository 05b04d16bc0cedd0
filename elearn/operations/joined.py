"""Which rows are one person: of two numbers that were joined, the one that was emptied has a name too."""

import json

from elearn.database import Session
from elearn.journal import queries as journal_queries
from elearn.journal.models import EntryKind


def rows_of(session: Session, person_id: int) -> tuple[int, ...]:
    """The ids of the person's rows, by rising id, as the journal tells of every joining."""
    pairs = [
        {told["person"], told["emptied"]}
        for told in map(json.loads, journal_queries.details_of(session, EntryKind.JOINED_PERSONS))
    ]
    found, before = {person_id}, set[int]()
    while found != before:
        before = set(found)
        found.update(*(pair for pair in pairs if pair & found))
    return tuple(sorted(found))
