"""Erasing those who left long ago, when the municipality has decided how long ago that is (S51).

Without ``ELEARN_KEEP_LEFT_DAYS`` nobody is erased, and with it nobody without a decision's reference.
"""

import datetime as dt

import sqlalchemy as sa

from elearn.database import Session
from elearn.directory import uploads
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.operations import erase, joined
from elearn.people.models import ERASED_NUMBER, Employment, Person


def left_long_ago(session: Session, today: dt.date, keep_days: int) -> tuple[int, ...]:
    """The ids of those whose last employment ended more than so many days before the date, each with the rows
    that were joined with it. Whoever never had an employment is not among them: there is no day to go by."""
    kept_from = today - dt.timedelta(days=keep_days)
    jobs = sa.exists().where(Employment.person_id == Person.id)
    later = jobs.where(sa.or_(Employment.ends_on.is_(None), Employment.ends_on >= kept_from))
    is_erased = Person.number == sa.literal(ERASED_NUMBER) + sa.cast(Person.id, sa.Text)
    due = set(session.scalars(sa.select(Person.id).where(jobs, ~later, ~is_erased)))
    joinings = joined.pairs(session)
    ids = joined.together(joinings, due)
    more = sa.select(Person.id).where(Person.id.in_(set(ids) - due), later)
    going_on = joined.together(joinings, session.scalars(more))
    return tuple(id for id in ids if id not in going_on)


def erase_left(session: Session, deed: Deed, keep_days: int, reference: str) -> int:
    """Erase them by the decision with this reference: how many rows of persons. Nobody: nothing is recorded.
    Raises ``Invalid`` for a reference that is none."""
    reference = erase.checked_reference(reference)
    ids = left_long_ago(session, deed.today, keep_days)
    if ids:
        erase.blank(session, ids)
        uploads.erase_waiting(session, deed.now)
        told = " ".join(map(str, ids))
        journal.record(
            session,
            deed,
            EntryKind.ERASED_PERSONS,
            count=len(ids),
            persons=told,
            reference=reference,
            days=keep_days,
        )
    return len(ids)


def record_tidying(session: Session, deed: Deed, answer_count: int, login_count: int) -> None:
    """Tell the journal of a run that erased something whose time is the program's own: answers, and old
    logins and codes."""
    if answer_count or login_count:
        journal.record(session, deed, EntryKind.TIDIED, answers=answer_count, logins=login_count)
