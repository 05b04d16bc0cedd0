"""Reads of the people room: who a number is, which units and persons there are."""

from dataclasses import dataclass

import sqlalchemy as sa

from elearn.database import Session
from elearn.errors import NotFound
from elearn.people.models import OrgUnit, Person, full_name


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person, as far as their name, number and address go."""

    person_id: int
    number: str
    first_name: str
    last_name: str
    email: str | None = None

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)


def person_ids(session: Session) -> dict[str, int]:
    """Everybody's id by number."""
    return {number: id for number, id in session.execute(sa.select(Person.number, Person.id))}  # noqa: C416  a Row is no pair to dict()


def unit_ids(session: Session) -> dict[str, int]:
    """Every unit's id by code, closed ones included."""
    return {code: id for code, id in session.execute(sa.select(OrgUnit.code, OrgUnit.id))}  # noqa: C416


def person_by_number(session: Session, number: str) -> PersonRef:
    person = session.execute(
        sa.select(Person.id, Person.number, Person.first_name, Person.last_name, Person.email).where(
            Person.number == number
        )
    ).one_or_none()
    if person is None:
        raise NotFound(f"Det finns ingen person med anställningsnumret {number}.")
    return PersonRef(*person)


def unit_by_code(session: Session, code: str) -> OrgUnit:
    unit = session.scalar(sa.select(OrgUnit).where(OrgUnit.code == code))
    if unit is None:
        raise NotFound(f"Det finns ingen enhet med enhetskoden {code}.")
    return unit
