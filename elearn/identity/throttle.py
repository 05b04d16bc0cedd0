"""Failures slow the next attempt down (S11): for log-in, invitation codes and change of password alike.

Four verbs: ``attempt_of`` names who tries from where, ``enter`` asks for admission and counts the attempt as
a failure, ``clear`` forgets an account's failures, ``forget_old`` removes old rows.
Counting first means that of many guesses sent at once after a wait, one is judged.
"""

import datetime as dt
import hmac
import ipaddress
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

from elearn.database import Session
from elearn.errors import Invalid, Refused
from elearn.identity.models import LoginFailure
from elearn.settings import Settings

NOTHING = dt.timedelta(0)
LONGEST_WAIT = dt.timedelta(minutes=15)


class Limit(NamedTuple):
    """From the ``failure_count``-th failure within the window on, the next attempt waits."""

    failure_count: int
    window: dt.timedelta


class Pace(NamedTuple):
    """From the limit on, the account waits ``first_wait``, and twice as long each time, at most
    ``longest_wait``."""

    limit: Limit
    first_wait: dt.timedelta
    longest_wait: dt.timedelta


ACCOUNT_LIMIT = Limit(5, dt.timedelta(hours=24))
GUESSING = Pace(ACCOUNT_LIMIT, dt.timedelta(seconds=2), LONGEST_WAIT)
# A whole municipality may have one address: what a stranger does behind it costs the others a few seconds.
ADDRESS_LIMIT = Limit(50, dt.timedelta(minutes=15))
ADDRESS_WAIT = dt.timedelta(seconds=3)
TURN_LASTS = dt.timedelta(minutes=2)
CLOCK_SKEW = dt.timedelta(minutes=1)  # between workers; also of attempts sent at once


class MustWait(Refused):
    """Too many failures: nothing was judged, and nothing was counted. ``wait`` says how long."""

    def __init__(self, wait: dt.timedelta) -> None:
        super().__init__(f"Det har blivit för många försök. Vänta {_in_words(wait)} och försök sedan igen.")
        self.wait = wait


def _in_words(wait: dt.timedelta) -> str:
    seconds = max(1, -(-wait // dt.timedelta(seconds=1)))
    if seconds < 90:
        return "en sekund" if seconds == 1 else f"{seconds} sekunder"
    return f"{-(-seconds // 60)} minuter"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who tries, from where. All are keyed hashes: a stolen table names neither accounts nor addresses."""

    account_hash: str
    address_hash: str
    turn_hash: str


def key_of(settings: Settings) -> bytes:
    """The key of the keyed hashes. Raises ``Invalid`` for a weak secret key (S58)."""
    fault = settings.key_fault()
    if fault:
        raise Invalid(fault)
    return hmac.digest(settings.signing_key, b"elearn login throttle", "sha256")


def attempt_of(key: bytes, account: str, address: str) -> Attempt:
    """``account``: one person whatever they are called, or a name that means nobody."""
    network = _network(address)
    return Attempt(
        _keyed(key, account), _keyed(key, "address:" + network), _keyed(key, f"turn:{network} {account}")
    )


def enter(session: Session, attempt: Attempt, now: dt.datetime, pace: Pace = GUESSING) -> dt.timedelta:
    """How long this attempt must wait. Zero: it is admitted, and counted as a failure until ``clear`` takes
    that back. Otherwise only its turn behind a busy address is written down."""
    _lock(session, attempt)
    wait = account_wait(session, attempt, now, pace)
    if wait <= NOTHING:
        wait = _address_wait(session, attempt, now)
    if wait > NOTHING:
        return wait
    count(session, attempt, now)
    return NOTHING


def count(session: Session, attempt: Attempt, now: dt.datetime) -> None:
    """Count a failure, whether its account has to wait or not."""
    session.add(
        LoginFailure(account_hash=attempt.account_hash, address_hash=attempt.address_hash, failed_at=now)
    )
    session.flush()


def clear(session: Session, attempt: Attempt) -> None:
    """Forget the account's failures: it has succeeded."""
    hashes = (attempt.account_hash, attempt.turn_hash)
    session.execute(sa.delete(LoginFailure).where(LoginFailure.account_hash.in_(hashes)))


def forget_old(session: Session, now: dt.datetime) -> int:
    """Remove the failures that slow nobody down any more: how many rows."""
    old = sa.delete(LoginFailure).where(LoginFailure.failed_at < now - ACCOUNT_LIMIT.window)
    return cast(sa.CursorResult[Any], session.execute(old)).rowcount


def account_wait(session: Session, attempt: Attempt, now: dt.datetime, pace: Pace = GUESSING) -> dt.timedelta:
    """How long this account waits from now, counted from its last failure; zero or less: not at all."""
    count, last_at = _failures(session, LoginFailure.account_hash == attempt.account_hash, pace.limit, now)
    return last_at + delay(count, pace) - now if last_at else NOTHING


def delay(failure_count: int, pace: Pace = GUESSING) -> dt.timedelta:
    """2, 4, 8 … seconds from the account's limit on, never more than ``LONGEST_WAIT``: strangers can slow an
    account down and cannot lock it.

    >>> delay(7)
    datetime.timedelta(seconds=8)
    """
    beyond = failure_count - pace.limit.failure_count
    return NOTHING if beyond < 0 else min(pace.first_wait * 2 ** min(beyond, 20), pace.longest_wait)


def _address_wait(session: Session, attempt: Attempt, now: dt.datetime) -> dt.timedelta:
    """Behind an address that fails often, every account waits ``ADDRESS_WAIT`` from its own first try, so
    that nobody's turn depends on how often the others try."""
    count, _ = _failures(session, LoginFailure.address_hash == attempt.address_hash, ADDRESS_LIMIT, now)
    if count < ADDRESS_LIMIT.failure_count:
        return NOTHING
    own_turn = sa.select(sa.func.max(LoginFailure.failed_at)).where(
        LoginFailure.account_hash == attempt.turn_hash,
        LoginFailure.failed_at > now - TURN_LASTS,
        LoginFailure.failed_at <= now + CLOCK_SKEW,
    )
    asked_at = session.scalar(own_turn)
    if asked_at is None:
        # The address is left empty, so that waiting makes nobody's wait longer.
        session.add(LoginFailure(account_hash=attempt.turn_hash, address_hash="", failed_at=now))
        session.flush()
        return ADDRESS_WAIT
    return asked_at + ADDRESS_WAIT - now


def _failures(
    session: Session, whose: sa.ColumnElement[bool], limit: Limit, now: dt.datetime
) -> tuple[int, dt.datetime | None]:
    """How many within the window, and the last of them. A failure from a clock ahead of ours is not
    believed (S42)."""
    counted = sa.select(sa.func.count(), sa.func.max(LoginFailure.failed_at)).where(
        whose, LoginFailure.failed_at > now - limit.window, LoginFailure.failed_at <= now + CLOCK_SKEW
    )
    count, last_at = session.execute(counted).one()
    return count, last_at


def _lock(session: Session, attempt: Attempt) -> None:
    """One attempt of an account at a time. On SQLite a writing transaction has the lock already."""
    if session.get_bind().dialect.name == "postgresql":
        number = int(attempt.account_hash[:15], 16)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def _keyed(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(errors="surrogatepass"), "sha256").hex()


def _network(address: str) -> str:
    """An IPv4 address, or an IPv6 address's /64: whoever has one IPv6 address has the other 2^64 of its
    network too."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((int(parsed), 64), strict=False))
