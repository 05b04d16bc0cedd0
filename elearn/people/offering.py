"""The first day on which a person was told of the training (R5, R6; measure.md, "Erbjuden")."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa

from elearn.database import Session
from elearn.people.models import Person


def record_offer(session: Session, person_ids: Collection[int], on: dt.date) -> None:
    """These persons have been told, by whichever came first: a message, a code, a login. The day is stored
    once and never moves."""
    told = sa.update(Person).where(Person.id.in_(person_ids), Person.offered_on.is_(None))
    session.execute(told.values(offered_on=on).execution_options(synchronize_session=False))


def join_offers(session: Session, kept_id: int, emptied_id: int) -> None:
    """Of two numbers of one person, the earlier day is the person's."""
    ids = (kept_id, emptied_id)
    first = sa.select(sa.func.min(Person.offered_on)).where(Person.id.in_(ids)).scalar_subquery()
    kept = sa.update(Person).where(Person.id == kept_id).values(offered_on=first)
    session.execute(kept.execution_options(synchronize_session=False))
