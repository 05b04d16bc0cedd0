"""Reads of the people room: what somebody may see today, who a number is, who has no password yet."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from elearn import tabular
from elearn.database import Session
from elearn.errors import NotFound
from elearn.people import access, tree
from elearn.people.models import Employment, OrgUnit, Person
from elearn.people.passwords import Owner


@dataclass(frozen=True, slots=True)
class Known:
    """A person whom somebody named by number."""

    person_id: int
    name: str
    owner: Owner


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who is to choose a password; ``unit`` is the name of the unit whose manager hands the code out."""

    person_id: int
    unit: str
    name: str
    number: str


def person_ids(session: Session) -> dict[str, int]:
    """Everybody's id by number."""
    return {number: id for number, id in session.execute(sa.select(Person.number, Person.id))}  # noqa: C416  a Row is no pair to dict()


def unit_ids(session: Session) -> dict[str, int]:
    """Every unit's id by code, closed ones included."""
    return {code: id for code, id in session.execute(sa.select(OrgUnit.code, OrgUnit.id))}  # noqa: C416


def person_by_number(session: Session, number: str) -> Known:
    person = session.execute(
        sa.select(Person.id, Person.first_name, Person.last_name, Person.number, Person.email).where(Person.number == number)
    ).one_or_none()
    if person is None:
        raise NotFound(f"Det finns ingen person med anställningsnumret {number}.")
    owner = Owner(person.first_name, person.last_name, person.number, person.email)
    return Known(person.id, f"{person.first_name} {person.last_name}", owner)


def unit_by_code(session: Session, code: str) -> OrgUnit:
    unit = session.scalar(sa.select(OrgUnit).where(OrgUnit.code == code))
    if unit is None:
        raise NotFound(f"Det finns ingen enhet med enhetskoden {code}.")
    return unit


def people_to_invite(session: Session, unit_code: str | None, on: dt.date) -> tuple[Invitee, ...]:
    """Everybody active without a password, in this unit and below or everywhere: by unit and name, in Swedish order.

    Each person once: with two jobs, under the first of their units."""
    lacking = (
        sa.select(Person.id, OrgUnit.name, Person.first_name, Person.last_name, Person.number)
        .join(Employment, Employment.person_id == Person.id)
        .join(OrgUnit, OrgUnit.id == Employment.unit_id)
        .where(Person.password_hash.is_(None), access.is_active(on))
    )
    if unit_code is not None:
        unit = unit_by_code(session, unit_code)
        lacking = lacking.where(OrgUnit.id.in_(tree.below(sa.select(OrgUnit.id).where(OrgUnit.id == unit.id))))
    invitees: dict[int, Invitee] = {}
    for person_id, unit_name, first_name, last_name, number in sorted(session.execute(lacking).all(), key=_handout_order):
        invitees.setdefault(person_id, Invitee(person_id, unit_name, f"{first_name} {last_name}", number))
    return tuple(invitees.values())


def _handout_order(row: sa.Row[int, str, str, str, str]) -> tuple[str, str, str]:
    return tabular.swedish_key(row[1]), tabular.swedish_key(f"{row[2]} {row[3]}"), row[4]
