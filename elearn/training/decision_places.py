"""Where a decision about the target group can be made: units and people found by name, code or number, one
unit with its positions and people, one person with the units that person works in.

``tops`` as in ``decision_actions``; the database leaves out what is out of reach (S4) and, for others than
VPC, who has a protected identity (S52).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from elearn import swedish
from elearn.database import Session
from elearn.errors import NotFound
from elearn.people import access, org_tree, positions
from elearn.people.models import Employment, OrgUnit, Person, UnitKind, full_name
from elearn.swedish import folded
from elearn.training import decision_lists, obligations
from elearn.training.curriculum import Curriculum
from elearn.training.decision_actions import Tops, may_name
from elearn.training.decision_lists import ShownDecision
from elearn.training.models import TargetDecision
from elearn.training.obligations import Obligation, Terms

MOST_FOUND = 25
MOST_PEOPLE = 100
MOST_DECISIONS = 20

Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """``above``: the name of what it lies under; empty at the top."""

    code: str
    name: str
    kind: UnitKind
    above: str


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """``units``: the names of where the person works, or will, within reach. ``is_protected``: whoever reads
    the name must not pass it on."""

    person_id: int
    name: str
    number: str
    units: tuple[str, ...]
    is_protected: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The first of each, in Swedish order, and as many as there are of each."""

    units: tuple[FoundUnit, ...]
    unit_count: int
    people: tuple[FoundPerson, ...]
    person_count: int


def find(session: Session, tops: Tops, today: dt.date, text: str) -> Found:
    """Units with this in their name or code and people with each word of it in their name, or with this
    number: those that are open and employed on the day, or will be."""
    asked = folded(text)
    units = [unit for unit in _units(session, tops, today) if asked in folded(unit.name + "\n" + unit.code)]
    units.sort(key=lambda unit: (folded(unit.code) != asked, swedish.sort_key(unit.name), unit.code))
    people = list(_people(session, tops, today, asked))
    people.sort(key=lambda one: (swedish.sort_key(one.name), one.number))
    return Found(tuple(units[:MOST_FOUND]), len(units), tuple(people[:MOST_FOUND]), len(people))


def _units(session: Session, tops: Tops, today: dt.date) -> Iterable[FoundUnit]:
    parent = sa.orm.aliased(OrgUnit)
    rows = session.execute(
        sa.select(OrgUnit.code, OrgUnit.name, OrgUnit.kind, parent.name.label("above"))
        .outerjoin(parent, parent.id == OrgUnit.parent_id)
        .where(access.in_reach(tops), access.is_open(today))
    )
    return (FoundUnit(row.code, row.name, UnitKind(row.kind), row.above or "") for row in rows)


def _people(session: Session, tops: Tops, today: dt.date, asked: str) -> Iterable[FoundPerson]:
    columns = (Person.id, Person.number, Person.first_name, Person.last_name, Person.is_protected)
    rows = session.execute(
        sa.select(*columns, OrgUnit.name.label("unit"))
        .join(Employment, Employment.person_id == Person.id)
        .join(OrgUnit, OrgUnit.id == Employment.unit_id)
        .where(access.in_reach(tops), is_employed(today), may_name(tops))
    )
    words = asked.split()
    found: dict[int, FoundPerson] = {}
    for id, number, first_name, last_name, is_protected, unit in rows:
        name = full_name(first_name, last_name)
        if folded(number) != asked and not all(word in folded(name) for word in words):
            continue
        before = found[id].units if id in found else ()
        found[id] = FoundPerson(id, name, number, tuple(dict.fromkeys((*before, unit))), is_protected)
    return found.values()


def is_employed(today: dt.date) -> sa.ColumnElement[bool]:
    """An ``Employment`` that is active on the day, or will be."""
    return sa.or_(Employment.ends_on.is_(None), Employment.ends_on >= today)


@dataclass(frozen=True, slots=True)
class Position:
    """A ``befattning`` that somebody has in a unit or below it, and how many persons."""

    name: str
    person_count: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person in exactly one unit: what holds there on the day. ``duty``: None before the first day."""

    person_id: int
    name: str
    number: str
    position: str
    duty: Obligation | None
    is_protected: bool


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """A unit, what lies over it and under it, its positions, its own people (the first of ``person_count``)
    and the decisions that hold there or will: of its own, and from above (also about people in it).
    ``unnamed_count``: people of its own whose names the reader is not shown, whatever was looked for."""

    unit_id: int
    code: str
    name: str
    kind: UnitKind
    above: tuple[FoundUnit, ...]
    below: tuple[FoundUnit, ...]
    positions: tuple[Position, ...]
    people: tuple[Colleague, ...]
    person_count: int
    unnamed_count: int
    decisions: tuple[ShownDecision, ...]


def open_unit(session: Session, tops: Tops, today: dt.date, code: str) -> OrgUnit:
    """The unit with this code. Raises ``NotFound`` when it is closed, out of reach or not there (S3)."""
    # PostgreSQL takes no text with a NUL in it.
    known = sa.select(OrgUnit).where(OrgUnit.code == code, access.in_reach(tops), access.is_open(today))
    unit = session.scalar(known) if code.isprintable() else None
    if unit is None:
        raise NotFound
    return unit


def unit_place(
    session: Session, curriculum: Curriculum, tops: Tops, terms: Terms, code: str, text: str
) -> UnitPlace:
    """One unit for who decides. ``text``: of the people only those with it in their name or number. Raises
    ``NotFound``."""
    unit = open_unit(session, tops, terms.on, code)
    chain = _chain(session, tops, unit)
    people = _colleagues(session, curriculum, tops, unit.id, terms, folded(text))
    there = sa.and_(
        TargetDecision.unit_id.in_([one.id for one in chain]),
        sa.or_(TargetDecision.person_id.is_(None), TargetDecision.unit_id == unit.id),
    )
    return UnitPlace(
        unit.id,
        unit.code,
        unit.name,
        UnitKind(unit.kind),
        tuple(_found(one) for one in chain[1:]),
        _below(session, unit, terms.on),
        _positions(session, unit, terms.on),
        tuple(people[:MOST_PEOPLE]),
        len(people),
        _unnamed(session, tops, unit.id, terms.on),
        decision_lists.about(session, tops, terms.on, there, MOST_DECISIONS),
    )


def _found(unit: OrgUnit) -> FoundUnit:
    return FoundUnit(unit.code, unit.name, UnitKind(unit.kind), "")


def _chain(session: Session, tops: Tops, unit: OrgUnit) -> list[OrgUnit]:
    """The unit and what it lies under, as far as it is in reach, upwards."""
    above = org_tree.upwards(sa.select(OrgUnit.id).where(OrgUnit.id == unit.id))
    asked = (
        sa.select(OrgUnit)
        .join(above, above.c.ancestor_id == OrgUnit.id)
        .where(access.in_reach(tops))
        .order_by(above.c.distance)
    )
    return list(session.scalars(asked))


def _below(session: Session, unit: OrgUnit, today: dt.date) -> tuple[FoundUnit, ...]:
    rows = session.scalars(sa.select(OrgUnit).where(OrgUnit.parent_id == unit.id, access.is_open(today)))
    found = [_found(row) for row in rows]
    return tuple(sorted(found, key=lambda one: (swedish.sort_key(one.name), one.code)))


def _positions(session: Session, unit: OrgUnit, today: dt.date) -> tuple[Position, ...]:
    """Those of the unit and below: of spellings that are one position the first in Swedish order."""
    inside = org_tree.below(sa.select(OrgUnit.id).where(OrgUnit.id == unit.id))
    rows = session.execute(
        sa.select(Employment.position, Employment.position_key, Employment.person_id)
        .where(Employment.unit_id.in_(inside), is_employed(today), Employment.position_key != "")
        .distinct()
    )
    people: dict[str, set[int]] = {}
    names: dict[str, list[str]] = {}
    for position, keys, person_id in rows:
        for key, name in positions.named(position, keys).items():
            people.setdefault(key, set()).add(person_id)
            names.setdefault(key, []).append(name)
    found = [Position(min(names[key], key=swedish.sort_key), len(people[key])) for key in people]
    return tuple(sorted(found, key=lambda one: swedish.sort_key(one.name)))


def _unnamed(session: Session, tops: Tops, unit_id: int, today: dt.date) -> int:
    there = sa.select(sa.func.count(Person.id.distinct())).join(Employment, Employment.person_id == Person.id)
    return (
        session.scalar(there.where(Employment.unit_id == unit_id, is_employed(today), ~may_name(tops))) or 0
    )


def _colleagues(
    session: Session, curriculum: Curriculum, tops: Tops, unit_id: int, terms: Terms, asked: str
) -> Sequence[Colleague]:
    duties = {duty.employment_id: duty for duty in obligations.of_unit(session, curriculum, unit_id, terms)}
    columns = (Person.id, Person.number, Person.first_name, Person.last_name, Person.is_protected)
    rows: Iterable[sa.Row[Any]] = session.execute(
        sa.select(Employment.id.label("job_id"), Employment.position, *columns)
        .join(Person, Person.id == Employment.person_id)
        .where(Employment.unit_id == unit_id, is_employed(terms.on), may_name(tops))
    )
    found = []
    for row in rows:
        name = full_name(row.first_name, row.last_name)
        if folded(row.number) == asked or all(word in folded(name) for word in asked.split()):
            duty, is_protected = duties.get(row.job_id), bool(row.is_protected)
            found.append(Colleague(row.id, name, row.number, row.position or "", duty, is_protected))
    return sorted(found, key=lambda one: (swedish.sort_key(one.name), one.number, one.position))


@dataclass(frozen=True, slots=True)
class Workplace:
    """A unit where a person works, or will, with all that it lies under within reach."""

    position: str
    units: tuple[FoundUnit, ...]


@dataclass(frozen=True, slots=True)
class PersonPlace:
    """A person for who decides. ``decisions``: about the person, those that are not over."""

    person_id: int
    name: str
    number: str
    is_protected: bool
    workplaces: tuple[Workplace, ...]
    decisions: tuple[ShownDecision, ...]


def person_place(session: Session, tops: Tops, today: dt.date, person_id: int) -> PersonPlace:
    """One person. Raises ``NotFound`` for somebody who works nowhere in reach, or is not named (S3, S52)."""
    jobs = session.execute(
        sa.select(Person, Employment, OrgUnit)
        .join(Employment, Employment.person_id == Person.id)
        .join(OrgUnit, OrgUnit.id == Employment.unit_id)
        .where(Person.id == person_id, access.in_reach(tops), is_employed(today), may_name(tops))
        .order_by(Employment.starts_on, Employment.id)
    ).all()
    if not jobs:
        raise NotFound
    workplaces = tuple(
        Workplace(job.position or "", tuple(_found(one) for one in _chain(session, tops, unit)))
        for _person, job, unit in jobs
    )
    person: Person = jobs[0][0]
    its_own = TargetDecision.person_id == person_id
    decisions = decision_lists.about(session, tops, today, its_own, MOST_DECISIONS)
    return PersonPlace(person.id, person.name, person.number, person.is_protected, workplaces, decisions)
