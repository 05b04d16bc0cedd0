"""How many of a manager's people need help: the count that the manager's list begins with, without the list.

It is counted by the database, and so costs the start page little however many people the manager has.
"""

import datetime as dt
import functools
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.training import obligations
from elearn.training.curriculum import Curriculum
from elearn.training.obligations import UNITS, Terms
from elearn.training.team import MANAGED_UNITS

DUE_FROM_BEFORE = sa.bindparam("due_from_before", type_=sa.Date)
ENDED_BEFORE = sa.bindparam("ended_before", type_=sa.Date)


@dataclass(frozen=True, slots=True)
class ManagedPeople:
    """Of the units that somebody manages and those below: how many units, and how many persons are overdue in
    at least one of them."""

    unit_count: int
    overdue_count: int


def managed_people(session: Session, curriculum: Curriculum, manager_id: int, terms: Terms) -> ManagedPeople:
    """What ``team.totals`` counts as overdue, of the manager's units."""
    connection = session.connection()
    unit_ids = connection.scalars(MANAGED_UNITS, {"manager_id": manager_id, "on": terms.on}).all()
    asked = {
        "unit_ids": unit_ids,
        "on": terms.on,
        "due_from_before": terms.on - dt.timedelta(days=terms.due_days),
        "ended_before": terms.on - dt.timedelta(days=1),
    }
    return ManagedPeople(len(unit_ids), connection.execute(_overdue(curriculum), asked).scalar_one())


@functools.lru_cache(maxsize=8)
def _overdue(curriculum: Curriculum) -> sa.Select[int]:
    """``obligations.is_overdue`` in SQL, over persons. Its dates are counted before: so many days after one
    that is earlier than ``due_from_before`` have passed; the day after ``ended_before`` was the last."""
    duty = obligations.obligations(curriculum, UNITS)
    never = sa.and_(duty.c.valid_until.is_(None), duty.c.due_from < DUE_FROM_BEFORE)
    is_overdue = sa.and_(duty.c.outside.is_(None), sa.or_(never, duty.c.valid_until < ENDED_BEFORE))
    return sa.select(sa.func.count(duty.c.person_id.distinct())).where(is_overdue)
