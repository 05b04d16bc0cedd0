"""Who is at the door: a password or a code is judged, and a login session begins.

Each way in is two short transactions with the hash computed between them, outside any (architecture.md,
"Transactions"): the first finds the person and counts the attempt, the second records that it succeeded.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from elearn import database
from elearn.database import Session
from elearn.errors import Conflict, ElearnError
from elearn.identity import actions, holders, logins, password_use, passwords, throttle
from elearn.identity.holders import Holder
from elearn.journal.deed import Deed, person
from elearn.people import offering
from elearn.people.models import Person
from elearn.settings import PasswordUse

WRONG_LOGIN = "Uppgifterna stämmer inte. Kontrollera båda och försök igen."
WRONG_CODE = "Koden stämmer inte eller har gått ut. Kontrollera den, eller be din chef om en ny."
WRONG_CONFIRMATION = "Lösenordet stämmer inte. Försök igen."
WRONG_PASSWORD = "Ditt nuvarande lösenord stämmer inte."  # noqa: S105  a sentence


class NotRecognised(ElearnError):
    """The name, the password or the code is wrong; which of them is not said (S23)."""


@dataclass(frozen=True, slots=True)
class Door:
    """What every way in needs: the database, the throttle's key, whence somebody comes, the moment, the day,
    the municipality whose name no password may consist of, and who may use one."""

    engine: database.Engine
    key: bytes
    address: str
    now: dt.datetime
    today: dt.date
    municipality: str
    password_use: PasswordUse = PasswordUse.ALL


@dataclass(frozen=True, slots=True)
class Entered:
    """A login session has begun. ``token`` goes into the cookie."""

    person_id: int
    token: str


def log_in(door: Door, name: str, password: str, former_token: str | None) -> Entered:
    """Begin a session for whoever has this number or e-mail address and this password, and may use one; the
    session that the browser had before ends (S8). Raises ``NotRecognised``, ``MustWait``."""
    holder, attempt = _admit(
        door,
        lambda session: holders.find_by_name(session, name, door.today),
        "name:" + holders.fold_name(name),
    )
    holder, rehashed = _judge(holder, password, WRONG_LOGIN)
    with database.transaction(door.engine) as session:
        _keep_hash(session, holder, rehashed)
        throttle.clear(session, attempt)
        _demand_password(session, door, holder)
        return begin_session(session, door, holder.person_id, former_token)


def confirm(door: Door, person_id: int, password: str, former_token: str | None) -> Entered:
    """Whoever is logged in shows by the password that it is still them: a new session in place of the one
    that was there (S6, S8). Raises ``NotRecognised``, ``MustWait``."""
    found, attempt = _admit(
        door, lambda session: holders.find_by_id(session, person_id, door.today), "nobody"
    )
    holder, rehashed = _judge(found, password, WRONG_CONFIRMATION)
    with database.transaction(door.engine) as session:
        _keep_hash(session, holder, rehashed)
        throttle.clear(session, attempt)
        _demand_password(session, door, holder)
        return begin_session(session, door, holder.person_id, former_token)


def change_password(door: Door, person_id: int, current: str, chosen: str) -> Entered:
    """Change a logged-in person's password. All their sessions end, and a new one begins. Raises
    ``NotRecognised``, ``MustWait``, and ``Invalid`` with every reason why the chosen one cannot be used."""
    found, attempt = _admit(
        door, lambda session: holders.find_by_id(session, person_id, door.today), "nobody"
    )
    holder, _ = _judge(found, current, WRONG_PASSWORD)
    with database.transaction(door.engine) as session:
        throttle.clear(session, attempt)
        _demand_password(session, door, holder)
    password_hash = passwords.hash_chosen(chosen, holder.person, door.municipality)
    with database.transaction(door.engine) as session:
        actions.set_password(session, _deed(door, person_id), person_id, password_hash)
        return begin_session(session, door, person_id, None)


def accept_invitation(door: Door, code: str, chosen: str, former_token: str | None) -> Entered:
    """Choose a password with a code, and begin a session. Raises ``NotRecognised``, ``MustWait``,
    ``Invalid``."""
    holder, attempt = _admit(
        door,
        lambda session: holders.find_by_code(session, code, door.today, door.now),
        "code:" + holders.fold_name(code),
    )
    if holder is None:
        raise NotRecognised(WRONG_CODE)
    with database.transaction(door.engine) as session:
        throttle.clear(session, attempt)
        _demand_password(session, door, holder)
    password_hash = passwords.hash_chosen(chosen, holder.person, door.municipality)
    with database.transaction(door.engine) as session:
        actions.choose_password_with_code(session, _deed(door, holder.person_id), code, password_hash)
        return begin_session(session, door, holder.person_id, former_token)


def _admit(
    door: Door, find: Callable[[Session], Holder | None], otherwise: str
) -> tuple[Holder | None, throttle.Attempt]:
    """Who is meant, once the throttle has let the attempt through. A person's number, e-mail address and
    code are one account to it. Raises ``MustWait``."""
    with database.transaction(door.engine) as session:
        holder = find(session)
        account = f"person:{holder.person_id}" if holder else otherwise
        attempt = throttle.attempt_of(door.key, account, door.address)
        wait = throttle.enter(session, attempt, door.now)
    if wait > throttle.NOTHING:
        raise throttle.MustWait(wait)
    return holder, attempt


def _judge(holder: Holder | None, password: str, sentence: str) -> tuple[Holder, str | None]:
    """The holder of the password, and a new hash if its own was made with other parameters than today's.
    Raises ``NotRecognised``; a name that means nobody takes as long (S23)."""
    password_hash = holder.password_hash if holder else None
    if not passwords.verify(password_hash, password) or holder is None or password_hash is None:
        raise NotRecognised(sentence)
    return holder, passwords.rehash(password_hash, password)


def _demand_password(session: Session, door: Door, holder: Holder) -> None:
    """Raises ``NotRecognised`` for somebody who is to come in another way. Asked when the password or the
    code was right, so that nobody else is told (S23)."""
    if not password_use.is_allowed(session, holder.person_id, door.password_use, door.today):
        raise NotRecognised(password_use.USE_ACCOUNT)


def _keep_hash(session: Session, holder: Holder, rehashed: str | None) -> None:
    """Raises ``Conflict`` when the password has been changed since it was read (S9)."""
    same = sa.and_(Person.id == holder.person_id, Person.password_hash == holder.password_hash)
    kept = sa.update(Person).where(same).values(password_hash=rehashed or holder.password_hash)
    if session.scalar(kept.returning(Person.id)) is None:
        raise Conflict("Lösenordet ändrades just nu. Logga in igen med det nya.")


def begin_session(session: Session, door: Door, person_id: int, former_token: str | None) -> Entered:
    """A new login session for somebody who has been recognised, whichever way they came; the one that the
    browser had before ends (S8)."""
    if former_token:
        logins.end_session(session, former_token, door.now)
    offering.record_offer(session, [person_id], door.today)
    return Entered(person_id, logins.begin_session(session, person_id, door.now))


def _deed(door: Door, person_id: int) -> Deed:
    return Deed(person(person_id), door.now, door.today)
