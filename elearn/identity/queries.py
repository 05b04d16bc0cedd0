"""Reads of the identity room: who is to choose a password."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from elearn import swedish
from elearn.database import Session
from elearn.errors import Refused
from elearn.identity import password_use
from elearn.people import access, org_tree, queries
from elearn.people.models import Employment, OrgUnit, Person, full_name
from elearn.people.queries import PersonRef
from elearn.settings import PasswordUse


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who is to choose a password; ``unit`` is the name of the unit whose manager hands the code
    out."""

    unit: str
    person: PersonRef


def people_to_invite(
    session: Session, unit_code: str | None, on: dt.date, use: PasswordUse = PasswordUse.ALL
) -> tuple[Invitee, ...]:
    """Everybody active without a password who may use one, in this unit and below or everywhere: by unit and
    name, in Swedish order. Not those who have a protected identity: the file goes to managers (S52).

    Each person once: with two jobs, under the first of their units."""
    lacking = (
        sa.select(OrgUnit.name, Person.id, Person.number, Person.first_name, Person.last_name, Person.email)
        .join(Employment, Employment.person_id == Person.id)
        .join(OrgUnit, OrgUnit.id == Employment.unit_id)
        .where(_lacks_password(session, unit_code, on, use), ~Person.is_protected)
    )
    invitees: dict[int, Invitee] = {}
    for unit_name, id, number, first_name, last_name, email in sorted(
        session.execute(lacking).all(), key=_handout_order
    ):
        person = PersonRef(id, number, first_name, last_name, email)
        invitees.setdefault(person.person_id, Invitee(unit_name, person))
    return tuple(invitees.values())


def protected_to_invite(
    session: Session, unit_code: str | None, on: dt.date, use: PasswordUse = PasswordUse.ALL
) -> int:
    """How many ``people_to_invite`` left out."""
    lacking = (
        sa.select(sa.func.count(Person.id.distinct()))
        .join(Employment, Employment.person_id == Person.id)
        .join(OrgUnit, OrgUnit.id == Employment.unit_id)
        .where(_lacks_password(session, unit_code, on, use), Person.is_protected)
    )
    return session.scalar(lacking) or 0


def _lacks_password(
    session: Session, unit_code: str | None, on: dt.date, use: PasswordUse
) -> sa.ColumnElement[bool]:
    """A ``Person``, an ``Employment`` and its ``OrgUnit``: active in the unit or below it, without one that
    they may use."""
    may_use = password_use.may_use(Person.id, use, on)
    lacking = sa.and_(Person.password_hash.is_(None), access.is_active(on), may_use)
    if unit_code is None:
        return lacking
    unit = queries.unit_by_code(session, unit_code)
    top = sa.select(OrgUnit.id).where(OrgUnit.id == unit.id)
    return sa.and_(lacking, OrgUnit.id.in_(org_tree.below(top)))


def person_to_invite(
    session: Session, number: str, on: dt.date, use: PasswordUse = PasswordUse.ALL
) -> Invitee:
    """One person, who may have forgotten their password. Raises ``NotFound``, or ``Refused`` without an
    active employment, and for somebody who may use none."""
    person = queries.person_by_number(session, number)
    units = session.scalars(
        sa.select(OrgUnit.name)
        .join(Employment, Employment.unit_id == OrgUnit.id)
        .where(Employment.person_id == person.person_id, access.is_active(on))
    ).all()
    if not units:
        raise Refused(f"{number} har ingen pågående anställning och kan därför inte logga in.")
    if not password_use.is_allowed(session, person.person_id, use, on):
        raise Refused(password_use.NO_PASSWORD.format(number=number))
    return Invitee(min(units, key=swedish.sort_key), person)


def _handout_order(row: sa.Row[str, int, str, str, str, str | None]) -> tuple[str, str, str]:
    return swedish.sort_key(row[0]), swedish.sort_key(full_name(row[3], row[4])), row[2]
