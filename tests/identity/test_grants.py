"""Somebody can always give a role: whatever is given, taken and imported, an administrator who can log in
stays (S6)."""

import contextlib
import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from elearn import database
from elearn.errors import Conflict, Refused
from elearn.identity import actions, grants, logins
from elearn.journal.deed import person
from elearn.people.models import AccessGrant, AccessRole, Employment, Person
from tests import builders
from tests.builders import NOW, TODAY

COUNT = 4
someone = st.integers(0, COUNT - 1)


def staff(session: Session) -> list[int]:
    """Four people; the first is an administrator with a password."""
    unit = builders.unit(session, "U")
    ids = []
    for number in range(COUNT):
        one = builders.person(session, number=f"n{number}")
        builders.employ(session, one, unit)
        ids.append(one.id)
    session.add(AccessGrant(person_id=ids[0], role=AccessRole.ADMINISTRATOR, granted_at=NOW, granted_by=None))
    actions.set_password(session, builders.deed(), ids[0], "hash")
    return ids


def can_log_in(session: Session) -> set[int]:
    """Five lines of plain Python: the administrators with a job today and a password or a login."""
    granted = {
        one.person_id for one in session.scalars(sa.select(AccessGrant)) if one.role == "administrator"
    }
    employed = {
        job.person_id
        for job in session.scalars(sa.select(Employment))
        if job.starts_on <= TODAY and (job.ends_on is None or job.ends_on >= TODAY)
    }
    with_password = {one.id for one in session.scalars(sa.select(Person)) if one.password_hash}
    return granted & employed & with_password


def test_an_administrator_who_can_log_in_is_always_left(session: Session) -> None:
    """S6: roles are given and taken away by anybody to anybody, passwords are chosen, and files end
    employments that the page lets through."""

    class Town(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.place = session.begin_nested()
            for table in (AccessGrant, Employment):
                session.execute(sa.delete(table))
            session.execute(sa.text("DELETE FROM person"))
            session.execute(sa.text("DELETE FROM org_unit"))
            session.expire_all()
            self.ids = staff(session)

        @rule(by=someone, to=someone)
        def give(self, by: int, to: int) -> None:
            before = can_log_in(session)
            deed = builders.deed(by=person(self.ids[by]))
            with contextlib.suppress(Refused, Conflict):
                actions.grant_role(session, deed, f"n{to}", AccessRole.ADMINISTRATOR, None)
                assert by != to
            if by == to:
                assert can_log_in(session) == before

        @rule(by=someone, to=someone)
        def take(self, by: int, to: int) -> None:
            deed = builders.deed(by=person(self.ids[by]))
            with contextlib.suppress(Refused):
                actions.revoke_role(session, deed, f"n{to}", AccessRole.ADMINISTRATOR, None)

        @rule(who=someone)
        def choose_password(self, who: int) -> None:
            actions.set_password(session, builders.deed(), self.ids[who], "hash")

        @rule(leaving=st.sets(someone))
        def import_files(self, leaving: set[int]) -> None:
            ids = [self.ids[place] for place in leaving]
            if not grants.would_leave_nobody(session, TODAY, ids):
                over = sa.update(Employment).where(Employment.person_id.in_(ids))
                session.execute(over.values(ends_on=TODAY - dt.timedelta(days=1)))
                session.expire_all()

        @invariant()
        def somebody_is_left(self) -> None:
            session.expire_all()
            assert can_log_in(session)
            assert grants.administrators(session, TODAY) == can_log_in(session)

        def teardown(self) -> None:
            self.place.rollback()

    run_state_machine_as_test(Town, settings=settings(max_examples=15, stateful_step_count=12, deadline=None))


def test_whoever_logged_in_without_a_password_has_a_way_in(session: Session) -> None:
    ids = staff(session)
    actions.grant_role(session, builders.deed(), "n1", AccessRole.ADMINISTRATOR, None)
    assert grants.administrators(session, TODAY) == {ids[0]}
    logins.begin_session(session, ids[1], NOW)
    assert grants.administrators(session, TODAY) == {ids[0], ids[1]}


def test_where_nobody_can_log_in_anything_may_be_taken_away(session: Session) -> None:
    """The command line's first steps: there is nothing to guard yet."""
    staff(session)
    session.execute(sa.update(Person).values(password_hash=None))
    assert actions.revoke_role(session, builders.deed(), "n0", AccessRole.ADMINISTRATOR, None)


def test_two_who_take_each_others_role_at_once_leave_one(engine: sa.Engine) -> None:
    with database.transaction(engine) as session:
        ids = staff(session)
        actions.grant_role(session, builders.deed(), "n1", AccessRole.ADMINISTRATOR, None)
        actions.set_password(session, builders.deed(), ids[1], "hash")
    barrier, refused = threading.Barrier(2), []

    def take(by: int, number: str) -> None:
        barrier.wait()
        try:
            with database.transaction(engine) as session:
                deed = builders.deed(by=person(by))
                actions.revoke_role(session, deed, number, AccessRole.ADMINISTRATOR, None)
        except Refused:
            refused.append(number)

    threads = [threading.Thread(target=take, args=(ids[by], number)) for by, number in ((0, "n1"), (1, "n0"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.snapshot(engine) as session:
        assert len(grants.administrators(session, TODAY)) == 1
    assert len(refused) == 1


@pytest.mark.parametrize("without", [0, 1])
def test_who_would_be_left_is_told_before(session: Session, without: int) -> None:
    ids = staff(session)
    assert grants.would_leave_nobody(session, TODAY, [ids[without]]) == (without == 0)
