"""Which rows are one person: of two numbers that were joined, the one that was emptied has a name too."""

import json
from collections.abc import Iterable, Sequence

from elearn.database import Session
from elearn.journal import queries as journal_queries
from elearn.journal.models import EntryKind


def rows_of(session: Session, person_id: int) -> tuple[int, ...]:
    """The ids of the person's rows, by rising id, as the journal tells of every joining."""
    return together(pairs(session), [person_id])


def pairs(session: Session) -> list[set[int]]:
    """The two ids of each joining."""
    details = map(json.loads, journal_queries.details_of(session, EntryKind.JOINED_PERSONS))
    return [{told["person"], told["emptied"]} for told in details]


def groups(session: Session) -> list[tuple[int, ...]]:
    """The ids that are one person, for each joining."""
    joinings = pairs(session)
    return [together(joinings, one) for one in joinings]


def together(joinings: Sequence[set[int]], ids: Iterable[int]) -> tuple[int, ...]:
    """These ids and all that were joined with one of them, by rising id."""
    found, before = set(ids), set[int]()
    while found != before:
        before = set(found)
        found.update(*(pair for pair in joinings if pair & found))
    return tuple(sorted(found))
