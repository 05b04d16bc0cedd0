"""Failures slow the next attempt down, and lock nobody out (S11), on both engines."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn import database
from elearn.errors import Invalid
from elearn.identity import throttle
from elearn.identity.models import LoginFailure
from elearn.settings import Settings
from tests.builders import NOW

KEY = bytes(range(32))
HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"
SECOND = dt.timedelta(seconds=1)
ADMITTED = dt.timedelta(0)


def attempt(account: str = "sara", address: str = HOME) -> throttle.Attempt:
    return throttle.attempt_of(KEY, account, address)


def enter(
    session: Session, account: str = "sara", address: str = HOME, now: dt.datetime = NOW
) -> dt.timedelta:
    return throttle.enter(session, attempt(account, address), now)


def test_five_failures_cost_nothing_and_the_sixth_waits_two_seconds(session: Session) -> None:
    assert [enter(session) for _ in range(5)] == [ADMITTED] * 5
    assert enter(session) == 2 * SECOND
    assert enter(session, now=NOW + 1.9 * SECOND) > ADMITTED
    assert enter(session, now=NOW + 2 * SECOND) == ADMITTED
    assert enter(session, now=NOW + 2 * SECOND) == 4 * SECOND


def test_the_wait_doubles_with_every_failure_up_to_a_quarter_of_an_hour(session: Session) -> None:
    """Growing, and never a lock: a stranger's failures end by themselves."""
    for _ in range(4):
        enter(session)
    now, waits = NOW, []
    for _ in range(12):
        assert enter(session, now=now) == ADMITTED
        waits.append(enter(session, now=now).total_seconds())
        now += dt.timedelta(seconds=waits[-1])
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


@given(st.integers(0, 10_000))
def test_no_number_of_failures_makes_a_lock(failure_count: int) -> None:
    wait = throttle.delay(failure_count)
    assert wait <= throttle.delay(failure_count + 1) <= dt.timedelta(minutes=15)
    assert (wait > ADMITTED) == (failure_count >= 5)


def test_an_account_is_slowed_down_from_every_address(session: Session) -> None:
    for number in range(5):
        enter(session, address=f"192.0.2.{number}")
    assert enter(session, address="198.51.100.7") > ADMITTED
    assert enter(session, "johan", address="192.0.2.1") == ADMITTED


def test_behind_an_address_that_fails_fifty_times_everybody_else_waits_three_seconds(
    session: Session,
) -> None:
    """Both sides of the address's limit."""
    for number in range(49):
        assert enter(session, f"påhittad {number}") == ADMITTED
    assert enter(session, "den femtionde") == ADMITTED
    assert enter(session) == 3 * SECOND
    assert enter(session, address=ELSEWHERE) == ADMITTED
    assert enter(session, now=NOW + 2.9 * SECOND) > ADMITTED
    assert enter(session, now=NOW + 3 * SECOND) == ADMITTED
    assert enter(session, "johan", now=NOW + 15 * 60 * SECOND) == ADMITTED


def test_an_address_is_forgiven_after_a_quarter_of_an_hour(session: Session) -> None:
    for number in range(50):
        enter(session, f"påhittad {number}")
    assert enter(session, now=NOW + dt.timedelta(minutes=14, seconds=59)) == 3 * SECOND
    assert enter(session, "johan", now=NOW + dt.timedelta(minutes=15)) == ADMITTED


def test_however_often_a_stranger_tries_the_others_wait_no_longer(session: Session) -> None:
    """A whole municipality may have one address: 54 failures with made-up names, and more while one waits."""
    for number in range(54):
        enter(session, f"påhittad {number}")
    assert enter(session) == 3 * SECOND
    for tenth in range(30):
        enter(session, f"ny {tenth}", now=NOW + tenth * SECOND / 10)
    assert enter(session, now=NOW + 4 * SECOND) == ADMITTED


def test_one_account_gains_nothing_by_waiting_for_its_turn(session: Session) -> None:
    for number in range(50):
        enter(session, f"påhittad {number}")
    enter(session)
    later = NOW + 5 * SECOND
    assert [enter(session, now=later) for _ in range(6)] == [ADMITTED] * 5 + [2 * SECOND]


def test_a_refused_attempt_makes_nobodys_wait_longer(session: Session) -> None:
    for _ in range(5):
        enter(session)
    for _ in range(60):
        assert enter(session) == 2 * SECOND
    assert enter(session, "johan") == ADMITTED


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
    one: str, other: str, is_same: bool
) -> None:
    assert (attempt(address=one).address_hash == attempt(address=other).address_hash) == is_same


def test_failures_are_forgotten_after_a_day(session: Session) -> None:
    for _ in range(5):
        enter(session)
    day = dt.timedelta(hours=24)
    assert enter(session, now=NOW + day - SECOND) == ADMITTED  # the wait of two seconds is long over
    assert enter(session, now=NOW + day - SECOND) == 4 * SECOND
    assert enter(session, now=NOW + day) == ADMITTED


def test_a_failure_from_a_clock_far_ahead_slows_nobody_down(session: Session) -> None:
    """S42."""
    for _ in range(20):
        enter(session, now=NOW + dt.timedelta(days=400))
    assert enter(session) == ADMITTED


def test_throttling_holds_across_workers_and_restarts(engine: sa.Engine, database_url: str) -> None:
    """Another engine, as another worker or the next start has it."""
    with database.transaction(engine) as session:
        for _ in range(5):
            enter(session)
    engine.dispose()
    other = database.make_engine(database_url)
    with database.transaction(other) as session:
        assert enter(session) == 2 * SECOND
    other.dispose()


def test_a_success_forgets_the_accounts_failures_and_no_others(session: Session) -> None:
    for _ in range(5):
        enter(session)
        enter(session, "johan")
    throttle.clear(session, attempt())
    assert enter(session) == ADMITTED
    assert enter(session, "johan") > ADMITTED


def test_old_failures_are_removed(session: Session) -> None:
    enter(session, now=NOW - dt.timedelta(hours=24) - SECOND)
    enter(session, now=NOW - dt.timedelta(hours=24))
    assert throttle.forget_old(session, NOW) == 1
    assert throttle.forget_old(session, NOW) == 0


def test_a_stolen_table_of_failures_names_neither_account_nor_address(session: Session) -> None:
    enter(session)
    row = session.scalars(sa.select(LoginFailure)).one()
    assert re.fullmatch(r"[0-9a-f]{64}", row.account_hash)
    assert re.fullmatch(r"[0-9a-f]{64}", row.address_hash)
    other = throttle.attempt_of(bytes(32), "sara", HOME)
    assert {other.account_hash, other.address_hash} & {row.account_hash, row.address_hash} == set()


def test_a_missing_or_weak_secret_key_is_refused_where_it_is_needed() -> None:
    """S58."""
    assert len(throttle.key_of(Settings(secret_key="9f3c1a7be24d58600fa1c2d7e8b94a06"))) == 32
    for weak in ("", "x" * 64, "0123456789abcdef"):
        with pytest.raises(Invalid, match="ELEARN_SECRET_KEY"):
            throttle.key_of(Settings(secret_key=weak))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "en sekund"), (2, "2 sekunder"), (89, "89 sekunder"), (90, "2 minuter"), (900, "15 minuter")],
)
def test_how_long_to_wait_is_told(seconds: float, words: str) -> None:
    assert f"Vänta {words} och" in str(throttle.MustWait(dt.timedelta(seconds=seconds)))
