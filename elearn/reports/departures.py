"""What departs from the default target group: per department how many are in by default, taken out and put
in, and by whose decision (R11; measure.md, "Decisions about the target group").

In persons, each once: whom one job keeps in is not taken out because of another.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from elearn import swedish
from elearn.database import Session
from elearn.people import access, org_tree, queries
from elearn.people.models import Employment, OrgUnit, UnitKind
from elearn.training import obligations
from elearn.training.curriculum import Curriculum
from elearn.training.decision_actions import Tops
from elearn.training.models import TargetDecision
from elearn.training.obligations import EVERYBODY, ON


@dataclass(frozen=True, slots=True)
class Decider:
    """Whose decisions take so many out of a department's target group and put so many in. Whom two deciders
    have taken out, by two jobs, stands with both. ``name``: None = not known."""

    name: str | None
    out_count: int
    in_count: int


@dataclass(frozen=True, slots=True)
class Departure:
    """One department. ``target`` = ``default_count`` - ``out_count`` + ``in_count``."""

    code: str
    name: str
    default_count: int
    out_count: int
    in_count: int
    target: int
    deciders: tuple[Decider, ...]


def departures(session: Session, curriculum: Curriculum, on: dt.date, tops: Tops) -> tuple[Departure, ...]:
    """The departments in reach that are open on the date, in Swedish order."""
    counted = session.execute(_counts(curriculum, tops), {"on": on}).all()
    deciders = _deciders(session, curriculum, on, tops)
    found = [
        Departure(
            row.code,
            row.name,
            row.default_count or 0,
            row.out_count or 0,
            row.in_count or 0,
            row.target or 0,
            deciders.get(row.id, ()),
        )
        for row in counted
    ]
    return tuple(sorted(found, key=lambda one: (swedish.sort_key(one.name), one.code)))


def _deciders(
    session: Session, curriculum: Curriculum, on: dt.date, tops: Tops
) -> dict[int, tuple[Decider, ...]]:
    rows = session.execute(_by_decider(curriculum, tops), {"on": on}).all()
    actors = {row.person for row in rows if row.person}
    names = queries.actors_in_words(session, actors, sees_protected=tops is None)
    found: dict[int, list[Decider]] = {}
    for row in rows:
        decider = Decider(row.decided_by or names.get(row.person), row.out_count, row.in_count)
        found.setdefault(row.department_id, []).append(decider)
    return {id: tuple(sorted(there, key=_most_first)) for id, there in found.items()}


def _most_first(decider: Decider) -> tuple[int, str]:
    return -decider.out_count - decider.in_count, swedish.sort_key(decider.name or "")


def _jobs(curriculum: Curriculum, tops: Tops) -> sa.CTE:
    """A row per active employment: whether it is in by default (no decision asked), and whether it is in."""
    inside = sa.select(OrgUnit.id).where(access.in_reach(tops))
    scope = EVERYBODY if tops is None else obligations.in_units(inside)
    duty = obligations.obligations(curriculum, scope)
    base = org_tree.inherited(sa.select(OrgUnit.id), name="by_default")
    roles = sorted({one.job_role for one in curriculum.required})
    own_or_inherited = sa.func.coalesce(Employment.job_role, base.c.job_role)
    by_default = sa.and_(base.c.is_external == 0, own_or_inherited.in_(roles))
    return (
        sa.select(
            duty.c.unit_id,
            duty.c.person_id,
            duty.c.decision_id,
            sa.case((by_default, 1), else_=0).label("is_default"),
            sa.case((duty.c.outside.is_(None), 1), else_=0).label("is_in"),
        )
        .join(Employment, Employment.id == duty.c.employment_id)
        .join(base, base.c.unit_id == duty.c.unit_id)
        .cte("compared")
        .prefix_with("MATERIALIZED")
    )


def _departments(tops: Tops) -> sa.CTE:
    """A row per unit and department at or above it."""
    closure = org_tree.closure()
    return (
        sa.select(closure.c.unit_id, closure.c.ancestor_id.label("department_id"))
        .join(OrgUnit, OrgUnit.id == closure.c.ancestor_id)
        .where(OrgUnit.kind == UnitKind.DEPARTMENT, access.in_reach(tops), access.is_open(ON))
        .cte("placed")
    )


def _persons(jobs: sa.CTE, placed: sa.CTE) -> sa.CTE:
    """A row per department and person there."""
    return (
        sa.select(
            placed.c.department_id,
            jobs.c.person_id,
            sa.func.max(jobs.c.is_default).label("is_default"),
            sa.func.max(jobs.c.is_in).label("is_in"),
        )
        .join_from(jobs, placed, placed.c.unit_id == jobs.c.unit_id)
        .group_by(placed.c.department_id, jobs.c.person_id)
        .cte("persons")
    )


def _counts(curriculum: Curriculum, tops: Tops) -> sa.Select[Any]:
    persons = _persons(_jobs(curriculum, tops), _departments(tops))

    def count(condition: sa.ColumnElement[bool], name: str) -> sa.Label[int]:
        return sa.func.sum(sa.case((condition, 1), else_=0)).label(name)

    by_default, now = persons.c.is_default == 1, persons.c.is_in == 1
    counts: tuple[Any, ...] = (
        count(by_default, "default_count"),
        count(sa.and_(by_default, ~now), "out_count"),
        count(sa.and_(now, ~by_default), "in_count"),
        count(now, "target"),
    )
    return (
        sa.select(OrgUnit.id, OrgUnit.code, OrgUnit.name, *counts)
        .outerjoin(persons, persons.c.department_id == OrgUnit.id)
        .where(OrgUnit.kind == UnitKind.DEPARTMENT, access.in_reach(tops), access.is_open(ON))
        .group_by(OrgUnit.id, OrgUnit.code, OrgUnit.name)
    )


def _by_decider(curriculum: Curriculum, tops: Tops) -> sa.Select[Any]:
    """Of the persons who depart in a department, the jobs whose decision makes them do so."""
    jobs, placed = _jobs(curriculum, tops), _departments(tops)
    persons = _persons(jobs, placed)
    out, put_in = persons.c.is_default > persons.c.is_in, persons.c.is_default < persons.c.is_in

    by_person = sa.and_(TargetDecision.decided_by.is_(None), TargetDecision.recorded_by.like("person:%"))
    person = sa.case((by_person, TargetDecision.recorded_by)).label("person")

    def count(condition: sa.ColumnElement[bool], name: str) -> sa.Label[int]:
        return sa.func.count(sa.case((condition, persons.c.person_id)).distinct()).label(name)

    return (
        sa.select(
            persons.c.department_id,
            TargetDecision.decided_by,
            person,
            count(out, "out_count"),
            count(put_in, "in_count"),
        )
        .join_from(jobs, placed, placed.c.unit_id == jobs.c.unit_id)
        .join(
            persons,
            sa.and_(
                persons.c.person_id == jobs.c.person_id, persons.c.department_id == placed.c.department_id
            ),
        )
        .join(TargetDecision, TargetDecision.id == jobs.c.decision_id)
        .where(
            jobs.c.is_default != jobs.c.is_in,
            persons.c.is_default != persons.c.is_in,
        )
        .group_by(persons.c.department_id, TargetDecision.decided_by, person)
    )
