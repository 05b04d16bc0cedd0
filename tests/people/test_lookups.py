"""VPC opens a person's record: noted once a day, and only of others' people (S54)."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.journal.deed import person
from elearn.journal.models import JournalEntry
from elearn.people import lookups
from elearn.people.access import Access
from elearn.people.models import AccessRole
from tests import builders
from tests.builders import NOW, TODAY


def test_vpc_is_noted_once_for_each_person_and_day(session: Session) -> None:
    by, other = (builders.deed(by=person(id)) for id in (7, 8))
    tomorrow = builders.deed(now=NOW + dt.timedelta(days=1), by=person(7))
    told = [
        lookups.record_lookup(session, deed, id)
        for deed, id in ((by, 1), (by, 1), (by, 12), (other, 1), (tomorrow, 1), (tomorrow, 1))
    ]
    assert told == [True, False, True, True, True, False]
    kinds = session.scalars(sa.select(JournalEntry.details).where(JournalEntry.kind == "looked-up-person"))
    assert list(kinds) == ['{"person":1}', '{"person":12}', '{"person":1}', '{"person":1}']


@pytest.mark.parametrize(("role", "is_noted"), [("vpc", True), ("coordinator", False), ("manager", False)])
def test_only_vpc_is_noted_and_not_of_the_own_people(session: Session, role: str, is_noted: bool) -> None:
    own, others = (builders.unit(session, code) for code in ("A", "B"))
    viewer, near, far = (builders.person(session) for _ in range(3))
    builders.employ(session, near, own)
    builders.employ(session, far, others)
    builders.manage(session, viewer, own)
    access = Access(viewer.id, frozenset({AccessRole.EMPLOYEE, AccessRole(role)}))
    found = [lookups.is_noted(session, access, id, TODAY) for id in (far.id, near.id, viewer.id)]
    assert found == [is_noted, False, False]
