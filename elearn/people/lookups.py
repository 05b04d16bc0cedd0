"""That VPC opened one person's record stands in the journal (S54)."""

import datetime as dt

import sqlalchemy as sa

from elearn import clock
from elearn.database import Session
from elearn.journal import actions
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind, JournalEntry
from elearn.people import access
from elearn.people.access import Access
from elearn.people.models import AccessRole, Employment


def is_noted(session: Session, viewer: Access, person_id: int, on: dt.date) -> bool:
    """Whether it is noted that this viewer opens that person's record: VPC does, of anybody but themselves
    and the people of the units that they manage."""
    if AccessRole.VPC not in viewer.roles or person_id == viewer.person_id:
        return False
    managed = access.managed_units(viewer.person_id, on)
    own = sa.exists().where(Employment.person_id == person_id, Employment.unit_id.in_(managed))
    return not session.scalar(sa.select(own))


def record_lookup(session: Session, deed: Deed, person_id: int) -> bool:
    """Note it once for each viewer, person and day. False when it was noted today already."""
    actions.lock_chain(session)
    begins = clock.start_of(clock.day_of(deed.now))
    noted = sa.exists().where(
        JournalEntry.recorded_at >= begins,
        JournalEntry.kind == EntryKind.LOOKED_UP_PERSON.value,
        JournalEntry.actor == str(deed.actor),
        JournalEntry.details == f'{{"person":{person_id}}}',
    )
    if session.scalar(sa.select(noted)):
        return False
    actions.record(session, deed, EntryKind.LOOKED_UP_PERSON, person=person_id)
    return True
