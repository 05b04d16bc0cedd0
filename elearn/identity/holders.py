"""Who a name or a code means, among those who may log in on a day."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from elearn.database import Session
from elearn.identity import invitations
from elearn.identity.models import Invitation
from elearn.journal.deed import ActorKind
from elearn.people import access
from elearn.people.models import Employment, Person
from elearn.people.queries import PersonRef

LONGEST_NAME = 320  # an e-mail address has at most 254 characters
# What the engines lower in ways of their own: other letters than a to z, and what ß and İ become.
UNSURE = re.compile(r"ss|i\u0307|[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who may log in today. ``password_hash``: None until they have chosen a password."""

    person: PersonRef
    password_hash: str | None

    @property
    def person_id(self) -> int:
        return self.person.person_id


def fold_name(typed: str) -> str:
    """A number or an e-mail address as it is compared, on both engines and by the throttle: without capitals,
    widths, invisible characters and blanks round it."""
    visible = "".join(filter(str.isprintable, unicodedata.normalize("NFKC", typed))).strip()
    return unicodedata.normalize("NFKC", visible.casefold())


def find_by_name(session: Session, typed: str, on: dt.date) -> Holder | None:
    """Whose number this is, or whose e-mail address if one active person alone has it. Those who have left
    do not count (S7)."""
    if "@" not in fold_name(typed):
        return find_by_folded_number(session, typed, on)
    return find_by_number(session, typed.strip(), on) or find_by_email(session, typed, on)


def find_by_folded_number(session: Session, typed: str, on: dt.date) -> Holder | None:
    """Whose number this is, to the letter or, if one active person alone has it so, without regard to
    capitals and blanks."""
    return find_by_number(session, typed.strip(), on) or _find_folded(session, Person.number, typed, on)


def find_by_email(session: Session, typed: str, on: dt.date) -> Holder | None:
    """Whose e-mail address this is, if one active person alone has it."""
    return _find_folded(session, Person.email, typed, on)


def _find_folded(
    session: Session, column: sa.orm.InstrumentedAttribute[Any], typed: str, on: dt.date
) -> Holder | None:
    name = fold_name(typed)
    if not name or len(name) > LONGEST_NAME:
        return None
    rows = session.execute(
        _active(on).add_columns(column).where(sa.func.lower(column).like(_pattern(name), escape="\\"))
    )
    return _only([person for person, stored in rows if fold_name(stored) == name])


def find_by_number(session: Session, number: str, on: dt.date) -> Holder | None:
    """Whose number this is, to the letter."""
    if not number or len(number) > LONGEST_NAME or not number.isprintable():
        return None
    return _only(list(session.scalars(_active(on).where(Person.number == number))))


def find_by_code(session: Session, code: str, on: dt.date, now: dt.datetime) -> Holder | None:
    """Whose invitation this code is, if it still holds."""
    invited = (
        _active(on)
        .join(Invitation, Invitation.person_id == Person.id)
        .where(Invitation.code_hash == invitations.hash_code(code), is_usable(on, now))
    )
    return _only(list(session.scalars(invited)))


def is_usable(on: dt.date, now: dt.datetime) -> sa.ColumnElement[bool]:
    """An ``Invitation`` that still holds. One that a person made (a manager) opens no account that may do
    more than an employee's, also when those rights were given after the code (S6)."""
    is_from_person = sa.func.coalesce(Invitation.created_by, "").startswith(f"{ActorKind.PERSON}:")
    return sa.and_(
        Invitation.expires_at > now,
        sa.or_(~is_from_person, ~access.has_more_rights(Invitation.person_id, on)),
    )


def find_by_id(session: Session, person_id: int, on: dt.date) -> Holder | None:
    return _only(list(session.scalars(_active(on).where(Person.id == person_id))))


def _active(on: dt.date) -> sa.Select[Person]:
    employed = sa.exists().where(Employment.person_id == Person.id, access.is_active(on))
    return sa.select(Person).where(employed)


def _only(persons: list[Person]) -> Holder | None:
    if len(persons) != 1:
        return None
    (person,) = persons
    ref = PersonRef(person.id, person.number, person.first_name, person.last_name, person.email)
    return Holder(ref, person.password_hash)


def _pattern(name: str) -> str:
    """A ``LIKE`` pattern for every spelling of the name, and for more: ``fold_name`` decides among them."""
    return UNSURE.sub("%", re.sub(r"([%_\\])", r"\\\1", name))
