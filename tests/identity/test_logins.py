"""Login sessions (S8, S9), on both engines."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.identity import actions, invitations, logins
from elearn.identity.models import Invitation, LoginFailure, LoginSession
from elearn.identity.queries import Invitee
from elearn.people.access import Access, Permission
from elearn.people.models import AccessRole, OrgUnit, Person
from elearn.people.queries import PersonRef
from tests import builders
from tests.builders import NOW, TODAY

SECOND = dt.timedelta(seconds=1)


def employed(
    session: Session, number: str = "1001", email: str | None = None, ends_on: dt.date | None = None
) -> Person:
    someone = builders.person(session, number=number, email=email)
    someone.password_hash = f"hash of {number}"
    at = session.scalar(sa.select(OrgUnit)) or builders.unit(session, "U1")
    builders.employ(session, someone, at, ends_on=ends_on)
    return someone


def test_a_token_shows_who_holds_it_and_only_its_hash_is_stored(session: Session) -> None:
    """S9."""
    someone = employed(session)
    token = logins.begin_session(session, someone.id, NOW)
    employee = Access(someone.id, frozenset({AccessRole.EMPLOYEE}))
    assert logins.session_person(session, token, NOW, TODAY) == logins.Login(
        someone.id, "Sara Lind", "1001", "Sara", employee, NOW
    )
    assert logins.session_person(session, token + "x", NOW, TODAY) is None
    stored = session.scalars(sa.select(LoginSession.token_hash)).one()
    assert token not in stored
    assert logins.session_person(session, stored, NOW, TODAY) is None


def test_every_login_has_a_token_of_its_own(session: Session) -> None:
    """S8."""
    someone = employed(session)
    assert len({logins.begin_session(session, someone.id, NOW) for _ in range(5)}) == 5


def test_a_session_lasts_twelve_hours_and_not_longer(session: Session) -> None:
    """S9: the absolute limit, on the row."""
    token = logins.begin_session(session, employed(session).id, NOW)
    end = NOW + dt.timedelta(hours=12)
    assert logins.session_person(session, token, end - SECOND, TODAY) is not None
    assert logins.session_person(session, token, end, TODAY) is None


def test_a_session_from_a_clock_far_ahead_does_not_last_for_ever(session: Session) -> None:
    """S42."""
    token = logins.begin_session(session, employed(session).id, NOW + dt.timedelta(days=400))
    assert logins.session_person(session, token, NOW, TODAY) is None


def test_clocks_of_two_workers_may_differ_by_five_minutes(session: Session) -> None:
    """S9: both sides, as figures."""
    someone = employed(session)
    for ahead, holds in ((dt.timedelta(minutes=5), True), (dt.timedelta(minutes=5, seconds=1), False)):
        token = logins.begin_session(session, someone.id, NOW + ahead)
        assert (logins.session_person(session, token, NOW, TODAY) is not None) is holds


def test_logging_out_ends_every_copy_of_the_token_and_no_other_login(session: Session) -> None:
    """S9."""
    someone = employed(session)
    token, other = (logins.begin_session(session, someone.id, NOW) for _ in range(2))
    logins.end_session(session, token, NOW)
    assert logins.session_person(session, token, NOW, TODAY) is None
    assert logins.session_person(session, other, NOW, TODAY) is not None


@pytest.mark.parametrize("change", ["password", "granted", "revoked", "by code"])
def test_a_change_of_password_or_role_ends_every_login_of_that_person(session: Session, change: str) -> None:
    """S8, S9."""
    someone, bystander = employed(session, "1001"), employed(session, "1002")
    for number in ("1001", "1002"):
        actions.grant_role(session, builders.deed(today=TODAY), number, AccessRole.ADMINISTRATOR, None)
    (handout,) = actions.create_invitations(
        session, builders.deed(), [Invitee("Enhet", PersonRef(someone.id, "1001", "Sara", "Lind"))]
    )
    tokens = [logins.begin_session(session, someone.id, NOW) for _ in range(2)]
    others = logins.begin_session(session, bystander.id, NOW)
    match change:
        case "password":
            actions.set_password(session, builders.deed(), someone.id, "another hash")
        case "granted":
            assert actions.grant_role(session, builders.deed(today=TODAY), "1001", AccessRole.VPC, None)
        case "revoked":
            assert actions.revoke_role(session, builders.deed(), "1001", AccessRole.ADMINISTRATOR, None)
        case "by code":
            actions.choose_password_with_code(session, builders.deed(), handout.code, "another hash")
    assert [logins.session_person(session, token, NOW, TODAY) for token in tokens] == [None, None]
    assert logins.session_person(session, others, NOW, TODAY) is not None


def test_the_last_employments_end_closes_the_door_on_a_token_at_the_next_request(session: Session) -> None:
    """S7, S9."""
    someone = employed(session, ends_on=TODAY)
    actions.grant_role(session, builders.deed(today=TODAY), "1001", AccessRole.VPC, None)
    token = logins.begin_session(session, someone.id, NOW)
    viewer = logins.session_person(session, token, NOW, TODAY)
    assert viewer is not None
    assert viewer.access.may(Permission.EXPORT_COVERAGE)
    assert logins.session_person(session, token, NOW, TODAY + dt.timedelta(days=1)) is None


def test_tidying_forgets_what_is_over_and_keeps_the_rest(session: Session) -> None:
    someone, other = employed(session, "1001"), employed(session, "1002")
    for failed_at, count in ((NOW - dt.timedelta(hours=24) - SECOND, 3), (NOW, 2)):
        for _ in range(count):
            session.add(LoginFailure(account_hash="a", address_hash="b", failed_at=failed_at))
    session.flush()
    long_ago = NOW - logins.KEPT_AFTER_END - logins.LONGEST_SESSION - SECOND
    logins.begin_session(session, someone.id, long_ago)
    logins.end_session(
        session, logins.begin_session(session, someone.id, NOW), NOW - logins.KEPT_AFTER_END - SECOND
    )
    logins.end_session(session, logins.begin_session(session, someone.id, NOW), NOW - logins.KEPT_AFTER_END)
    token = logins.begin_session(session, someone.id, NOW)
    actions.create_invitations(
        session,
        builders.deed(now=NOW - invitations.LIFETIME - SECOND),
        [Invitee("E", PersonRef(someone.id, "1001", "S", "L"))],
    )
    actions.create_invitations(
        session, builders.deed(), [Invitee("E", PersonRef(other.id, "1002", "S", "L"))]
    )
    assert logins.forget_old(session, NOW) == 3 + 2 + 1
    assert logins.forget_old(session, NOW) == 0
    assert logins.session_person(session, token, NOW, TODAY) is not None
    counts = [
        session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in (LoginFailure, LoginSession, Invitation)
    ]
    assert counts == [2, 2, 1]
