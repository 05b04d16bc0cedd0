"""The first day on which a person was told of the training."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.people import offering
from elearn.people.models import Person
from tests import builders

FIRST, LATER = dt.date(2026, 11, 23), dt.date(2026, 11, 24)


def offered_on(session: Session, person: Person) -> dt.date | None:
    return session.scalar(sa.select(Person.offered_on).where(Person.id == person.id))


def test_the_day_is_stored_once_and_never_moves(session: Session) -> None:
    sara, johan = builders.person(session), builders.person(session)
    offering.record_offer(session, [sara.id], LATER)
    offering.record_offer(session, [sara.id, johan.id], FIRST)
    assert (offered_on(session, sara), offered_on(session, johan)) == (LATER, FIRST)


@pytest.mark.parametrize(
    ("kept", "emptied", "then"),
    [(FIRST, LATER, FIRST), (LATER, FIRST, FIRST), (None, LATER, LATER), (FIRST, None, FIRST), (None,) * 3],
)
def test_of_two_numbers_of_one_person_the_earlier_day_is_the_persons(
    session: Session, kept: dt.date | None, emptied: dt.date | None, then: dt.date | None
) -> None:
    one, other = builders.person(session), builders.person(session)
    one.offered_on, other.offered_on = kept, emptied
    session.flush()
    offering.join_offers(session, one.id, other.id)
    assert offered_on(session, one) == then
