"""Reads of the people room: who a number is, which units and persons there are."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from elearn.database import Session
from elearn.errors import NotFound
from elearn.journal.deed import ActorKind
from elearn.people import protection
from elearn.people.models import Employment, OrgUnit, Person, full_name
from elearn.swedish import folded

UNNAMED = "någon vars namn inte visas"


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person, as far as their name, number and address go."""

    person_id: int
    number: str
    first_name: str
    last_name: str
    email: str | None = None
    is_protected: bool = False

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)

    @property
    def label(self) -> str:
        """What an operator, who gave the number, is told: the name, or of a protected identity the number."""
        return self.number if self.is_protected else self.name


class PersonIds(Mapping[str, int]):
    """Everybody's id by number, whatever its capitals: an exact spelling first."""

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        self._exact = dict(pairs)
        self._folded = {folded(number): id for number, id in self._exact.items()}

    def __getitem__(self, number: str) -> int:
        return self._exact[number] if number in self._exact else self._folded[folded(number)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._exact)

    def __len__(self) -> int:
        return len(self._exact)


def person_ids(session: Session) -> PersonIds:
    """Everybody's id by number."""
    return PersonIds((number, id) for number, id in session.execute(sa.select(Person.number, Person.id)))


def unit_ids(session: Session) -> dict[str, int]:
    """Every unit's id by code, closed ones included."""
    return {code: id for code, id in session.execute(sa.select(OrgUnit.code, OrgUnit.id))}  # noqa: C416


def person_by_number(session: Session, number: str) -> PersonRef:
    """Who has this number, whatever its capitals. Raises ``NotFound``."""
    columns = (
        Person.id,
        Person.number,
        Person.first_name,
        Person.last_name,
        Person.email,
        Person.is_protected,
    )
    person = session.execute(sa.select(*columns).where(Person.number == number)).one_or_none()
    if person is None and (other := person_ids(session).get(number)) is not None:
        person = session.execute(sa.select(*columns).where(Person.id == other)).one()
    if person is None:
        raise NotFound(f"Det finns ingen person med anställningsnumret {number}.")
    return PersonRef(*person)


def unit_by_code(session: Session, code: str) -> OrgUnit:
    unit = session.scalar(sa.select(OrgUnit).where(OrgUnit.code == code))
    if unit is None:
        raise NotFound(f"Det finns ingen enhet med enhetskoden {code}.")
    return unit


def job_roles(session: Session) -> frozenset[str]:
    """Every job role that a unit or an employment has."""
    roles = sa.union(sa.select(OrgUnit.job_role), sa.select(Employment.job_role))
    return frozenset(role for role in session.scalars(roles) if role)


def actors_in_words(session: Session, actors: Iterable[str], *, sees_protected: bool) -> dict[str, str]:
    """Who each actor is, as rows carry them: a person by name as long as there is one and the reader may see
    it (``protection.sees_protected``), an operator by the log-in name, else the system."""
    wanted = {actor: actor.partition(":") for actor in actors}
    ids = [int(name) for kind, _, name in wanted.values() if kind == ActorKind.PERSON and name.isdigit()]
    is_named = protection.is_named(sees_protected)
    found = session.execute(
        sa.select(Person.id, Person.first_name, Person.last_name, is_named).where(Person.id.in_(ids))
    )
    names = {
        str(id): full_name(first, last) if is_named else UNNAMED
        for id, first, last, is_named in found
        if first or last
    }
    return {actor: _in_words(kind, name, names) for actor, (kind, _, name) in wanted.items()}


def _in_words(kind: str, name: str, names: Mapping[str, str]) -> str:
    if kind == ActorKind.PERSON:
        return names.get(name) or "någon som inte längre finns kvar"
    return f"{name}, från kommandoraden" if kind == ActorKind.OPERATOR else "systemet"
