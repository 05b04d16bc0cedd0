"""Who has been given which role, and that somebody always can give one: the last administrator who can log in
stays (S6)."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from elearn import swedish
from elearn.database import Session
from elearn.errors import NotFound
from elearn.identity.models import LoginSession
from elearn.people import access
from elearn.people.models import (
    GRANTABLE_ROLES,
    AccessGrant,
    AccessRole,
    Employment,
    OrgUnit,
    Person,
    full_name,
)
from elearn.swedish import folded

GRANT_LOCK = 0x6772616E74  # PostgreSQL's number for the lock: "grant" in ASCII
MOST_FOUND = 25
PROTECTED = "Skyddad identitet"
LAST_BY_IMPORT = (
    "Filerna skulle avsluta den sista administratören som kan logga in. Ge någon annan behörigheten "
    "administratör först, och läs in filerna sedan."
)


@dataclass(frozen=True, slots=True)
class Granted:
    """A role that somebody has been given. ``unit``: a coordinator's department, by code and name.
    ``is_employed``: without an employment it gives nothing today (S7)."""

    person_id: int
    name: str
    number: str
    role: AccessRole
    unit_code: str
    unit: str
    granted_at: dt.datetime
    granted_by: str | None
    is_employed: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who has roles or can be given some. ``number``: as the actions take it; ``shown_number``:
    empty of a protected identity (S52). ``has_way_in``: has a password, or has logged in without one."""

    person_id: int
    name: str
    number: str
    shown_number: str
    units: tuple[str, ...]
    has_way_in: bool
    granted: tuple[Granted, ...]


@dataclass(frozen=True, slots=True)
class FoundHolder:
    """A person who was searched for, and where they work today."""

    person_id: int
    name: str
    number: str
    units: tuple[str, ...]


def lock_grants(session: Session) -> None:
    """One change of grants at a time, until the transaction ends: two at once would each find the other's
    administrator. On SQLite a writing transaction is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(GRANT_LOCK)))


def administrators(session: Session, on: dt.date) -> frozenset[int]:
    """Ids of the administrators who can log in on the day: employed, with a way in."""
    asked = sa.select(Person.id).join(AccessGrant, AccessGrant.person_id == Person.id)
    asked = asked.where(AccessGrant.role == AccessRole.ADMINISTRATOR, _is_employed(on), _has_way_in())
    return frozenset(session.scalars(asked))


def would_leave_nobody(session: Session, on: dt.date, without: Collection[int]) -> bool:
    """Whether there is an administrator who can log in, and none when these persons are none any more."""
    there = administrators(session, on)
    return bool(there) and there <= frozenset(without)


def granted(session: Session, on: dt.date, person_id: int | None = None) -> tuple[Granted, ...]:
    """Every role that has been given, or one person's: by role, department and name in Swedish order."""
    asked = (
        sa.select(AccessGrant, Person, OrgUnit.code, OrgUnit.name, _is_employed(on).label("is_employed"))
        .join(Person, Person.id == AccessGrant.person_id)
        .outerjoin(OrgUnit, OrgUnit.id == AccessGrant.unit_id)
    )
    if person_id is not None:
        asked = asked.where(AccessGrant.person_id == person_id)
    order = list(GRANTABLE_ROLES)
    found = [_granted(*row) for row in session.execute(asked)]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                order.index(one.role),
                swedish.sort_key(one.unit),
                swedish.sort_key(one.name),
                one.number,
            ),
        )
    )


def holder(session: Session, on: dt.date, person_id: int) -> Holder:
    """One person. Raises ``NotFound`` for whoever neither is employed nor has been given anything."""
    row = session.execute(sa.select(Person, _has_way_in()).where(Person.id == person_id)).one_or_none()
    if row is None:
        raise NotFound
    person, has_way_in = row
    held = granted(session, on, person_id)
    units = _units(session, on, [person_id]).get(person_id, ())
    if not (units or held):
        raise NotFound
    return Holder(person.id, _name(person), person.number, _number(person), units, bool(has_way_in), held)


def find_people(session: Session, on: dt.date, text: str) -> tuple[tuple[FoundHolder, ...], int]:
    """The first of those employed on the day with each word in their name, or with this number; and how many
    there are. A protected identity is found by its number alone (S52)."""
    asked = folded(text)
    words = asked.split()
    columns = (Person.id, Person.number, Person.first_name, Person.last_name, Person.is_protected)
    rows = session.execute(sa.select(*columns).where(_is_employed(on))) if words else ()
    found = [row for row in rows if _is_meant(row, asked, words)]
    found.sort(key=lambda row: (swedish.sort_key(_name(row)), row.number))
    shown = found[:MOST_FOUND]
    units = _units(session, on, [row.id for row in shown])
    return tuple(FoundHolder(row.id, _name(row), _number(row), units.get(row.id, ())) for row in shown), len(
        found
    )


def _is_meant(row: Any, asked: str, words: list[str]) -> bool:
    if folded(row.number) == asked:
        return True
    name = folded(full_name(row.first_name, row.last_name))
    return not row.is_protected and all(word in name for word in words)


def _units(session: Session, on: dt.date, person_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The names of the units where each works on the day."""
    rows = session.execute(
        sa.select(Employment.person_id, OrgUnit.name)
        .join(OrgUnit, OrgUnit.id == Employment.unit_id)
        .where(Employment.person_id.in_(person_ids), access.is_active(on))
        .order_by(Employment.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for person_id, unit in rows:
        found[person_id] = tuple(dict.fromkeys((*found.get(person_id, ()), unit)))
    return found


def _granted(
    grant: AccessGrant, person: Person, code: str | None, unit: str | None, is_employed: bool
) -> Granted:
    return Granted(
        person.id,
        _name(person),
        _number(person),
        AccessRole(grant.role),
        code or "",
        unit or "",
        grant.granted_at,
        grant.granted_by,
        bool(is_employed),
    )


def _name(person: Any) -> str:
    return PROTECTED if person.is_protected else full_name(person.first_name, person.last_name)


def _number(person: Any) -> str:
    return "" if person.is_protected else str(person.number)


def _is_employed(on: dt.date) -> sa.ColumnElement[bool]:
    return sa.exists().where(Employment.person_id == Person.id, access.is_active(on))


def _has_way_in() -> sa.ColumnElement[bool]:
    """Whoever logs in without a password is known by having done so."""
    return sa.or_(Person.password_hash.is_not(None), sa.exists().where(LoginSession.person_id == Person.id))
