"""Throttling (S11) and login sessions (S8, S9), on both engines."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn import database
from elearn.errors import Conflict, Invalid
from elearn.identity import actions, invitations, logins
from elearn.identity.logins import Candidate
from elearn.identity.models import Invitation, LoginFailure, LoginSession
from elearn.identity.queries import Invitee
from elearn.people.access import Access, Permission
from elearn.people.models import AccessRole, OrgUnit, Person
from elearn.people.queries import PersonRef
from elearn.settings import Settings
from tests import builders
from tests.builders import NOW, TODAY

KEY = bytes(range(32))
HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"
SECOND = dt.timedelta(seconds=1)


def employed(
    session: Session, number: str = "1001", email: str | None = None, ends_on: dt.date | None = None
) -> Person:
    someone = builders.person(session, number=number, email=email)
    someone.password_hash = f"hash of {number}"
    at = session.scalar(sa.select(OrgUnit)) or builders.unit(session, "U1")
    builders.employ(session, someone, at, ends_on=ends_on)
    return someone


def find(session: Session, name: str = "1001", address: str = HOME, now: dt.datetime = NOW) -> Candidate:
    return logins.find_candidate(session, name, address, KEY, TODAY, now)


def fail(
    session: Session, count: int, name: str = "1001", address: str = HOME, now: dt.datetime = NOW
) -> None:
    for _ in range(count):
        logins.record_failure(session, find(session, name, address, now), now)


def test_a_person_is_found_by_number_and_by_an_email_address_of_their_own(session: Session) -> None:
    someone = employed(session, email="Sara.Lind@example.se")
    for name in ("1001", " 1001 ", "sara.lind@EXAMPLE.se", "１００１"):
        candidate = find(session, name)
        assert (candidate.person_id, candidate.password_hash) == (someone.id, "hash of 1001")
        assert candidate.owner is not None
        assert candidate.owner.email == "Sara.Lind@example.se"


def test_an_email_address_that_two_persons_share_logs_nobody_in(session: Session) -> None:
    employed(session, "1001", "team@example.se")
    employed(session, "1002", "Team@example.se")
    assert find(session, "team@example.se").person_id is None
    assert find(session, "1002").person_id is not None


@pytest.mark.parametrize(
    "name", ["", "9999", "nobody@example.se", "10\x0001\x00", "%", "1001' OR 1=1", "\ud800", "x" * 50_000]
)
def test_a_name_that_means_nobody_looks_like_one_that_does(session: Session, name: str) -> None:
    """S23: the same shape, a hash to compare with (the dummy), and the same throttling."""
    employed(session, "1002")
    fail(session, logins.ACCOUNT_LIMIT.failure_count, name)
    candidate = find(session, name)
    assert (candidate.person_id, candidate.password_hash, candidate.owner) == (None, None, None)
    assert candidate.must_wait


def test_login_needs_an_employment_on_the_day(session: Session) -> None:
    """S7."""
    someone = employed(session, ends_on=TODAY)
    assert find(session).person_id == someone.id
    tomorrow = logins.find_candidate(session, "1001", HOME, KEY, TODAY + dt.timedelta(days=1), NOW)
    assert (tomorrow.person_id, tomorrow.password_hash) == (None, None)


def test_four_failures_cost_nothing_and_the_fifth_two_seconds(session: Session) -> None:
    """S11."""
    employed(session)
    fail(session, 4)
    assert not find(session).must_wait
    fail(session, 1)
    assert find(session).wait == 2 * SECOND
    assert find(session, now=NOW + 1.9 * SECOND).must_wait
    assert not find(session, now=NOW + 2 * SECOND).must_wait


def test_the_wait_doubles_with_every_failure_up_to_a_quarter_of_an_hour(session: Session) -> None:
    """S11: growing, and never a lock: a stranger's failures end by themselves."""
    employed(session)
    fail(session, 4)
    now, waits = NOW, []
    for _ in range(12):
        fail(session, 1, now=now)
        waits.append(find(session, now=now).wait.total_seconds())
        now += dt.timedelta(seconds=waits[-1])
        assert not find(session, now=now).must_wait
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert find(session, now=now).person_id is not None


@given(st.integers(0, 10_000))
def test_no_number_of_failures_makes_a_lock(failure_count: int) -> None:
    """S11."""
    for limit in (logins.ACCOUNT_LIMIT, logins.ADDRESS_LIMIT):
        wait = logins.delay(failure_count, limit)
        assert wait <= logins.delay(failure_count + 1, limit) <= logins.LONGEST_WAIT
        assert (wait > dt.timedelta(0)) == (failure_count >= limit.failure_count)


def test_an_account_is_slowed_down_from_every_address(session: Session) -> None:
    """S11."""
    employed(session)
    for number in range(5):
        fail(session, 1, address=f"192.0.2.{number}")
    assert find(session, address="198.51.100.7").must_wait


def test_spelling_the_name_in_another_way_is_no_way_round(session: Session) -> None:
    """S11."""
    employed(session, email="sara@example.se")
    fail(session, 5, "Sara@Example.se ")
    assert find(session, "sARA@example.SE").must_wait


def test_another_account_at_the_same_address_gets_in_until_the_address_has_failed_fifty_times(
    session: Session,
) -> None:
    """S11: both sides of the address's limit, and its growth."""
    employed(session, "1001")
    for number in range(49):
        fail(session, 1, f"guess {number}")
    assert not find(session, "1001").must_wait
    fail(session, 1, "guess 49")
    assert find(session, "1001").wait == 2 * SECOND
    assert not find(session, "1001", address=ELSEWHERE).must_wait
    fail(session, 1, "guess 50", now=NOW + 2 * SECOND)
    assert find(session, "1001", now=NOW + 2 * SECOND).wait == 4 * SECOND
    assert not find(session, "1001", now=NOW + logins.ADDRESS_LIMIT.window).must_wait


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("unix:", "unix:", True),
    ],
)
def test_an_address_is_one_network_of_ipv6_or_one_address_of_ipv4(
    session: Session, one: str, other: str, is_same: bool
) -> None:
    """S11."""
    assert (find(session, address=one).address_hash == find(session, address=other).address_hash) == is_same


def test_failures_are_forgotten_after_a_day(session: Session) -> None:
    fail(session, 14)
    almost = NOW + logins.ACCOUNT_LIMIT.window - SECOND
    fail(session, 1, now=almost)
    assert find(session, now=almost).wait == logins.LONGEST_WAIT
    assert find(session, now=almost + SECOND).wait == dt.timedelta(0)


def test_a_failure_from_a_clock_far_ahead_slows_nobody_down(session: Session) -> None:
    """S42."""
    fail(session, 20, now=NOW + dt.timedelta(days=400))
    assert not find(session).must_wait


def test_throttling_holds_across_workers_and_restarts(engine: sa.Engine, database_url: str) -> None:
    """S11: another engine, as another worker or the next start has it."""
    with database.transaction(engine) as session:
        fail(session, 5)
    engine.dispose()
    other = database.make_engine(database_url)
    with database.snapshot(other) as session:
        assert find(session).must_wait
    other.dispose()


def test_a_success_forgets_the_accounts_failures_and_no_others(session: Session) -> None:
    """S11."""
    employed(session)
    fail(session, 5)
    fail(session, 5, "1002")
    logins.record_success(session, find(session), NOW)
    assert not find(session).must_wait
    assert find(session, "1002").must_wait


def test_a_stolen_table_of_failures_names_neither_account_nor_address(session: Session) -> None:
    fail(session, 1)
    row = session.scalars(sa.select(LoginFailure)).one()
    assert re.fullmatch(r"[0-9a-f]{64}", row.account_hash)
    assert re.fullmatch(r"[0-9a-f]{64}", row.address_hash)
    other_key = logins.find_candidate(session, "1001", HOME, bytes(32), TODAY, NOW)
    assert other_key.account_hash != row.account_hash
    assert other_key.address_hash != row.address_hash


def test_a_missing_or_weak_secret_key_is_refused_where_it_is_needed() -> None:
    """S58."""
    assert len(logins.throttle_key(Settings(secret_key="0123456789abcdef" * 4))) == 32
    for weak in ("", "x" * 64, "0123456789abcdef"):
        with pytest.raises(Invalid, match="ELEARN_SECRET_KEY"):
            logins.throttle_key(Settings(secret_key=weak))


def test_a_token_shows_who_holds_it_and_only_its_hash_is_stored(session: Session) -> None:
    """S9."""
    someone = employed(session)
    token = logins.record_success(session, find(session), NOW)
    assert logins.session_person(session, token, NOW, TODAY) == logins.Viewer(
        someone.id, "Sara Lind", "1001", "Sara", Access(someone.id, frozenset({AccessRole.EMPLOYEE}))
    )
    assert logins.session_person(session, token + "x", NOW, TODAY) is None
    stored = session.scalars(sa.select(LoginSession.token_hash)).one()
    assert token not in stored
    assert logins.session_person(session, stored, NOW, TODAY) is None


def test_every_login_has_a_token_of_its_own(session: Session) -> None:
    """S8."""
    employed(session)
    assert len({logins.record_success(session, find(session), NOW) for _ in range(5)}) == 5


def test_a_session_lasts_twelve_hours_and_not_longer(session: Session) -> None:
    """S9: the absolute limit, on the row."""
    token = logins.begin_session(session, employed(session).id, NOW)
    end = NOW + logins.LONGEST_SESSION
    assert logins.session_person(session, token, end - SECOND, TODAY) is not None
    assert logins.session_person(session, token, end, TODAY) is None


def test_a_session_from_a_clock_far_ahead_does_not_last_for_ever(session: Session) -> None:
    """S42."""
    token = logins.begin_session(session, employed(session).id, NOW + dt.timedelta(days=400))
    assert logins.session_person(session, token, NOW, TODAY) is None


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
    actions.grant_role(session, builders.deed(today=TODAY), "1001", AccessRole.ADMINISTRATOR, None)
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


def test_a_password_changed_while_the_old_one_was_verified_lets_nobody_in(session: Session) -> None:
    """S9."""
    someone = employed(session)
    candidate = find(session)
    actions.set_password(session, builders.deed(), someone.id, "another hash")
    with pytest.raises(Conflict):
        logins.record_success(session, candidate, NOW)
    assert session.scalars(sa.select(LoginSession)).all() == []


def test_nobody_cannot_be_logged_in(session: Session) -> None:
    builders.person(session, number="1001")
    with pytest.raises(Conflict):
        logins.record_success(session, find(session, "9999"), NOW)
    with pytest.raises(Conflict):
        logins.record_success(session, find(session, "1001"), NOW)


def test_a_login_stores_the_hash_with_todays_parameters(session: Session) -> None:
    employed(session)
    logins.record_success(session, find(session), NOW, rehashed="hash with new parameters")
    assert find(session).password_hash == "hash with new parameters"


def test_a_code_finds_its_person_until_it_runs_out(session: Session) -> None:
    someone = employed(session)
    (handout,) = actions.create_invitations(
        session, builders.deed(), [Invitee("Enhet", PersonRef(someone.id, "1001", "Sara", "Lind"))]
    )
    end = NOW + invitations.LIFETIME

    def found(code: str, now: dt.datetime, on: dt.date = TODAY) -> int | None:
        return logins.find_invited(session, code, HOME, KEY, on, now).person_id

    assert found(handout.code.lower().replace("-", " "), end - SECOND) == someone.id
    assert found(handout.code, end) is None
    assert found(invitations.new_code(), NOW) is None
    assert found("ingen kod", NOW) is None


def test_a_code_of_somebody_who_has_left_finds_nobody(session: Session) -> None:
    """S7."""
    someone = employed(session, ends_on=TODAY)
    (handout,) = actions.create_invitations(
        session, builders.deed(), [Invitee("Enhet", PersonRef(someone.id, "1001", "Sara", "Lind"))]
    )
    assert logins.find_invited(session, handout.code, HOME, KEY, TODAY, NOW).person_id == someone.id
    assert (
        logins.find_invited(session, handout.code, HOME, KEY, TODAY + dt.timedelta(days=1), NOW).person_id
        is None
    )


def test_guessing_codes_is_slowed_down_like_guessing_passwords(session: Session) -> None:
    """S11."""
    for _ in range(50):
        guess = logins.find_invited(session, invitations.new_code(), HOME, KEY, TODAY, NOW)
        assert not guess.must_wait
        logins.record_failure(session, guess, NOW)
    assert logins.find_invited(session, invitations.new_code(), HOME, KEY, TODAY, NOW).must_wait
    assert find(session).must_wait


def test_what_others_typed_wrongly_is_not_held_against_a_slip_of_ones_own(session: Session) -> None:
    """S11: what is no code at all is told as wrong, not as too many attempts of somebody else's."""
    for _ in range(10):
        logins.record_failure(
            session, logins.find_invited(session, "gissning", ELSEWHERE, KEY, TODAY, NOW), NOW
        )
    assert logins.find_invited(session, "gissning", HOME, KEY, TODAY, NOW).must_wait
    assert not logins.find_invited(session, "7K3M-", HOME, KEY, TODAY, NOW).must_wait


def test_tidying_forgets_what_is_over_and_keeps_the_rest(session: Session) -> None:
    someone, other = employed(session, "1001"), employed(session, "1002")
    fail(session, 3, now=NOW - logins.ACCOUNT_LIMIT.window - SECOND)
    fail(session, 2)
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
