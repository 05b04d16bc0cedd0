"""Logging in: who a name means, how failures slow the next attempt down (S11), and the login sessions (S8,
S9).

A login is three steps, so that no hash is computed inside a transaction (architecture.md, "Transactions"):

    with database.transaction(engine) as session:
        candidate = logins.find_candidate(session, name, address, key, today, now)
    # candidate.wait: refuse with 429 and record nothing: a refused attempt makes the wait no longer
    is_right = passwords.verify(candidate.password_hash, password)
    with database.transaction(engine) as session:
        token = logins.record_success(session, candidate, now)  # or record_failure(…)

A code from an invitation goes the same way: ``find_invited``, then ``passwords.hash_chosen``, then
``actions.choose_password_with_code``, or ``record_failure`` when ``candidate.owner`` is None.
"""

import datetime as dt
import hashlib
import hmac
import ipaddress
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

from elearn.database import Session
from elearn.errors import Conflict, Invalid
from elearn.identity import invitations
from elearn.identity.models import Invitation, LoginFailure, LoginSession
from elearn.people import access
from elearn.people.access import Access
from elearn.people.models import Employment, Person
from elearn.people.queries import PersonRef
from elearn.settings import Settings

LONGEST_SESSION = dt.timedelta(hours=12)
CLOCK_SKEW = dt.timedelta(
    minutes=5
)  # between workers on different machines; a session from further ahead is refused
LONGEST_WAIT = dt.timedelta(minutes=15)
KEPT_AFTER_END = dt.timedelta(days=30)


class Limit(NamedTuple):
    """From the ``failure_count``-th failure within the window on, the next attempt waits: 2 s after it, 4 s
    after one more, …"""

    failure_count: int
    window: dt.timedelta


ACCOUNT_LIMIT = Limit(5, dt.timedelta(hours=24))
# A whole municipality may sit behind one address: its limit is wide and forgets within a coffee break.
ADDRESS_LIMIT = Limit(50, dt.timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who a name (or a code) may mean. Without a person it looks the same from outside (S23)."""

    account_hash: str
    address_hash: str
    wait: dt.timedelta  # zero or less: may try now
    person_id: int | None
    password_hash: str | None
    owner: PersonRef | None

    @property
    def must_wait(self) -> bool:
        return self.wait > dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who holds a login session, and what they may today."""

    person_id: int
    name: str
    number: str
    first_name: str
    access: Access


def throttle_key(settings: Settings) -> bytes:
    """The key of the keyed hashes, so that a stolen table names neither accounts nor addresses. Refuses a
    weak one (S58)."""
    fault = settings.key_fault()
    if fault:
        raise Invalid(fault)
    return hmac.digest(settings.secret_key.get_secret_value().encode(), b"elearn login throttle", "sha256")


def find_candidate(
    session: Session, name: str, address: str, key: bytes, on: dt.date, now: dt.datetime
) -> Candidate:
    """Who may log in by this number, or by this e-mail address if exactly one person has it, and how long
    they must wait."""
    typed = "".join(filter(str.isprintable, unicodedata.normalize("NFKC", name))).strip()
    by_email = sa.func.lower(Person.email) == sa.func.lower(typed)
    named = by_email if "@" in typed else Person.number == typed
    return _candidate(session, "name:" + typed.casefold(), address, key, now, _people(on).where(named))


def find_invited(
    session: Session, code: str, address: str, key: bytes, on: dt.date, now: dt.datetime
) -> Candidate:
    """Whose invitation this code is, if it still holds, and how long this address must wait."""
    code_hash = invitations.hash_code(code)
    invited = (
        _people(on)
        .join(Invitation, Invitation.person_id == Person.id)
        .where(Invitation.code_hash == code_hash, Invitation.expires_at > now)
    )
    return _candidate(session, "code:" + (code_hash or code), address, key, now, invited)


def _people(on: dt.date) -> sa.Select[Person, bool]:
    employed = sa.exists().where(Employment.person_id == Person.id, access.is_active(on))
    return sa.select(Person, employed)


def _candidate(
    session: Session,
    account: str,
    address: str,
    key: bytes,
    now: dt.datetime,
    people: sa.Select[Person, bool],
) -> Candidate:
    account_hash, address_hash = _keyed(key, account), _keyed(key, "address:" + _network(address))
    wait = max(
        _wait(session, LoginFailure.account_hash == account_hash, ACCOUNT_LIMIT, now),
        _wait(session, LoginFailure.address_hash == address_hash, ADDRESS_LIMIT, now),
    )
    found = session.execute(people.limit(2)).all()
    person, is_employed = found[0] if len(found) == 1 else (None, False)
    if person is None or not is_employed:
        return Candidate(account_hash, address_hash, wait, None, None, None)
    owner = PersonRef(person.id, person.number, person.first_name, person.last_name, person.email)
    return Candidate(account_hash, address_hash, wait, person.id, person.password_hash, owner)


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


def _wait(session: Session, whose: sa.ColumnElement[bool], limit: Limit, now: dt.datetime) -> dt.timedelta:
    """How long until the next attempt, counted from the last failure. A failure from a clock ahead of ours is
    not believed."""
    counted = sa.select(sa.func.count(), sa.func.max(LoginFailure.failed_at)).where(
        whose, LoginFailure.failed_at > now - limit.window, LoginFailure.failed_at <= now
    )
    failure_count, last_at = session.execute(counted).one()
    return (
        last_at + delay(failure_count, limit) - now
        if failure_count >= limit.failure_count
        else dt.timedelta(0)
    )


def delay(failure_count: int, limit: Limit) -> dt.timedelta:
    """2, 4, 8 … seconds from the limit on, never more than ``LONGEST_WAIT``: strangers can slow an account
    down, not lock it.

    >>> delay(7, ACCOUNT_LIMIT)
    datetime.timedelta(seconds=8)
    """
    beyond = failure_count - limit.failure_count
    return (
        dt.timedelta(0) if beyond < 0 else min(dt.timedelta(seconds=2 ** min(beyond + 1, 30)), LONGEST_WAIT)
    )


def record_failure(session: Session, candidate: Candidate, now: dt.datetime) -> None:
    session.add(
        LoginFailure(account_hash=candidate.account_hash, address_hash=candidate.address_hash, failed_at=now)
    )
    session.flush()


def record_success(
    session: Session, candidate: Candidate, now: dt.datetime, rehashed: str | None = None
) -> str:
    """Begin a session for the candidate whose password was verified and forget the account's failures: the
    session's token.

    ``rehashed``: what ``passwords.rehash`` gave. Refused when the password has been changed since it was
    read."""
    same = sa.and_(Person.id == candidate.person_id, Person.password_hash == candidate.password_hash)
    kept = sa.update(Person).where(same).values(password_hash=rehashed or candidate.password_hash)
    person_id = session.scalar(kept.returning(Person.id))
    if person_id is None:
        raise Conflict("Lösenordet ändrades just nu. Logga in igen med det nya.")
    session.execute(sa.delete(LoginFailure).where(LoginFailure.account_hash == candidate.account_hash))
    return begin_session(session, person_id, now)


def begin_session(session: Session, person_id: int, now: dt.datetime) -> str:
    """A new login session: its random token, of which only the SHA-256 is stored."""
    token = secrets.token_urlsafe(32)
    session.add(LoginSession(token_hash=_token_hash(token), person_id=person_id, began_at=now, ended_at=None))
    session.flush()
    return token


def _holder() -> sa.CompoundSelect[Any]:
    """A row per role of whoever holds ``token_hash``; none when the session is over, or the last
    employment."""
    holder = (
        sa.select(Person.id.label("person_id"), Person.first_name, Person.last_name, Person.number)
        .join(LoginSession, LoginSession.person_id == Person.id)
        .where(
            LoginSession.token_hash == sa.bindparam("token_hash"),
            LoginSession.ended_at.is_(None),
            LoginSession.began_at > sa.bindparam("earliest"),
            LoginSession.began_at <= sa.bindparam("latest"),
        )
    )
    return access.roles_held(holder.cte("holder"), sa.bindparam("on", type_=sa.Date))


HOLDER = _holder()  # asked at every request: built once, since building costs more than asking


def session_person(session: Session, token: str, now: dt.datetime, on: dt.date) -> Viewer | None:
    """Who holds this token and what they may, in one select, while the session and some employment last (S7,
    S9)."""
    asked = {
        "token_hash": _token_hash(token),
        "earliest": now - LONGEST_SESSION,
        "latest": now + CLOCK_SKEW,
        "on": on,
    }
    rows = session.connection().execute(HOLDER, asked).all()
    held = access.from_roles(rows[0].person_id, ((row.role, row.unit_id) for row in rows)) if rows else None
    if held is None:
        return None
    first = rows[0]
    return Viewer(
        first.person_id, f"{first.first_name} {first.last_name}", first.number, first.first_name, held
    )


def end_session(session: Session, token: str, now: dt.datetime) -> None:
    _end(session, LoginSession.token_hash == _token_hash(token), now)


def end_all_sessions(session: Session, person_id: int, now: dt.datetime) -> None:
    _end(session, LoginSession.person_id == person_id, now)


def _end(session: Session, which: sa.ColumnElement[bool], now: dt.datetime) -> None:
    session.execute(
        sa.update(LoginSession).where(which, LoginSession.ended_at.is_(None)).values(ended_at=now)
    )


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def forget_old(session: Session, now: dt.datetime) -> int:
    """Remove failures that slow nobody down, sessions long over and invitations run out (``elearn tidy``):
    how many rows."""
    over = sa.or_(
        LoginSession.ended_at < now - KEPT_AFTER_END,
        LoginSession.began_at < now - LONGEST_SESSION - KEPT_AFTER_END,
    )
    due = (
        sa.delete(LoginFailure).where(LoginFailure.failed_at < now - ACCOUNT_LIMIT.window),
        sa.delete(LoginSession).where(over),
        sa.delete(Invitation).where(Invitation.expires_at < now),
    )
    return sum(cast(sa.CursorResult[Any], session.execute(statement)).rowcount for statement in due)
