"""Ending every way in that a person has: their number has gone to somebody else, or they are no longer
known by it."""

from collections.abc import Sequence

import sqlalchemy as sa

from elearn.database import Session
from elearn.identity import logins
from elearn.identity.models import Invitation, MailCode
from elearn.journal.deed import Deed
from elearn.people.models import AccessGrant, Person


def end_access(session: Session, deed: Deed, person_ids: Sequence[int]) -> None:
    """End every login session, password, grant and invitation of these persons (S8, S9). Recorded by the act
    that it is a part of."""
    for person_id in person_ids:
        session.execute(sa.update(Person).where(Person.id == person_id).values(password_hash=None))
        session.execute(sa.delete(AccessGrant).where(AccessGrant.person_id == person_id))
        session.execute(sa.delete(Invitation).where(Invitation.person_id == person_id))
        session.execute(sa.delete(MailCode).where(MailCode.person_id == person_id))
        logins.end_all_sessions(session, person_id, deed.now)
