"""Login sessions: that somebody is in (S8, S9). Who somebody is stands in ``entry.py``."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from elearn.database import Session
from elearn.identity import throttle
from elearn.identity.models import Invitation, LoginSession, MailCode, UsedState
from elearn.people import access
from elearn.people.access import Access
from elearn.people.models import Person, full_name

LONGEST_SESSION = dt.timedelta(hours=12)
# Between the clocks of workers on different machines; a session from further ahead is refused.
CLOCK_SKEW = dt.timedelta(minutes=5)
KEPT_AFTER_END = dt.timedelta(days=30)
RECENT = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Login:
    """Who holds a login session, since when, and what they may today."""

    person_id: int
    name: str
    number: str
    first_name: str
    access: Access
    began_at: dt.datetime

    def is_recent(self, now: dt.datetime) -> bool:
        """Whether whoever sits there has shown who they are lately: what a change of roles asks (S6)."""
        return now - self.began_at <= RECENT


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
        sa.select(
            Person.id.label("person_id"),
            Person.first_name,
            Person.last_name,
            Person.number,
            LoginSession.began_at,
        )
        .join(LoginSession, LoginSession.person_id == Person.id)
        .where(
            LoginSession.token_hash == sa.bindparam("token_hash"),
            LoginSession.ended_at.is_(None),
            LoginSession.began_at > sa.bindparam("earliest"),
            LoginSession.began_at <= sa.bindparam("latest"),
        )
    )
    return access.roles_held(holder.cte("holder"), sa.bindparam("on", type_=sa.Date))


# Asked at every request: built once, since building costs more than asking.
HOLDER = _holder()


def session_person(session: Session, token: str, now: dt.datetime, on: dt.date) -> Login | None:
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
    name = full_name(first.first_name, first.last_name)
    return Login(first.person_id, name, first.number, first.first_name, held, first.began_at)


def end_session(session: Session, token: str, now: dt.datetime) -> None:
    _end(session, LoginSession.token_hash == _token_hash(token), now)


def end_all_sessions(session: Session, person_id: int, now: dt.datetime) -> None:
    _end(session, LoginSession.person_id == person_id, now)


def end_every_session(session: Session, now: dt.datetime) -> None:
    """End everybody's: no cookie from before is worth anything."""
    _end(session, sa.true(), now)


def _end(session: Session, which: sa.ColumnElement[bool], now: dt.datetime) -> None:
    session.execute(
        sa.update(LoginSession).where(which, LoginSession.ended_at.is_(None)).values(ended_at=now)
    )


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def forget_old(session: Session, now: dt.datetime) -> int:
    """Remove failures that slow nobody down, sessions long over, invitations and codes run out and sign-ons
    long used up (``elearn tidy``): how many rows."""
    over = sa.or_(
        LoginSession.ended_at < now - KEPT_AFTER_END,
        LoginSession.began_at < now - LONGEST_SESSION - KEPT_AFTER_END,
    )
    due = (
        sa.delete(LoginSession).where(over),
        sa.delete(Invitation).where(Invitation.expires_at < now),
        sa.delete(MailCode).where(MailCode.expires_at < now),
        sa.delete(UsedState).where(UsedState.used_at < now - LONGEST_SESSION),
    )
    removed = sum(cast(sa.CursorResult[Any], session.execute(statement)).rowcount for statement in due)
    return removed + throttle.forget_old(session, now)
