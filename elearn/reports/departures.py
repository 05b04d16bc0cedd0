"""What departs from the default target group: per department how many are in by default, taken out and put
in, and by whose decision (R11; measure.md, "Decisions about the target group").

In persons, each once: whom one job keeps in is not taken out because of another.
"""

import datetime as dt
from collections.abc import Sequence
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
    rows = session.execute(_counts(curriculum, tops), {"on": on}).all()
    counted = {row.department_id: row for row in rows if row.target is not None}
    decided = [row for row in rows if row.target is None]
    deciders = _deciders(session, decided, sees_protected=tops is None)
    found = []
    for id, code, name in session.execute(_open_departments(tops), {"on": on}):
        row = counted.get(id)
        default, out, put_in, now = (
            (row.default_count, row.out_count, row.in_count, row.target) if row else (0, 0, 0, 0)
        )
        found.append(Departure(code, name, default, out, put_in, now, deciders.get(id, ())))
    return tuple(sorted(found, key=lambda one: (swedish.sort_key(one.name), one.code)))


def _deciders(
    session: Session, rows: Sequence[sa.Row[Any]], *, sees_protected: bool
) -> dict[int, tuple[Decider, ...]]:
    actors = {row.person for row in rows if row.person}
    names = queries.actors_in_words(session, actors, sees_protected=sees_protected)
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


def _open_departments(tops: Tops) -> sa.Select[int, str, str]:
    is_open = (OrgUnit.kind == UnitKind.DEPARTMENT, access.in_reach(tops), access.is_open(ON))
    return sa.select(OrgUnit.id, OrgUnit.code, OrgUnit.name).where(*is_open)


def _placed(tops: Tops) -> sa.CTE:
    """A row per unit and open department at or above it."""
    closure, there = org_tree.closure(), _open_departments(tops).subquery("departments")
    places = sa.select(closure.c.unit_id, closure.c.ancestor_id.label("department_id"))
    return places.join(there, there.c.id == closure.c.ancestor_id).cte("placed")


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
        .prefix_with("MATERIALIZED")
    )


def _counts(curriculum: Curriculum, tops: Tops) -> sa.CompoundSelect[Any]:
    """In one statement, since both are counted from the same jobs: a row per department where somebody works,
    with its counts, and one per department and decider, whose ``target`` is null."""
    jobs, placed = _jobs(curriculum, tops), _placed(tops)
    persons = _persons(jobs, placed)
    return sa.union_all(_by_department(persons), _by_decider(jobs, placed, persons))


def _by_department(persons: sa.CTE) -> sa.Select[Any]:
    def count(condition: sa.ColumnElement[bool], name: str) -> sa.Label[int]:
        return sa.func.sum(sa.case((condition, 1), else_=0)).label(name)

    by_default, now = persons.c.is_default == 1, persons.c.is_in == 1
    counts: tuple[Any, ...] = (
        count(by_default, "default_count"),
        count(sa.and_(by_default, ~now), "out_count"),
        count(sa.and_(now, ~by_default), "in_count"),
        count(now, "target"),
        sa.cast(sa.null(), sa.Text).label("decided_by"),
        sa.cast(sa.null(), sa.Text).label("person"),
    )
    return sa.select(persons.c.department_id, *counts).group_by(persons.c.department_id)


def _by_decider(jobs: sa.CTE, placed: sa.CTE, persons: sa.CTE) -> sa.Select[Any]:
    """Of the persons who depart in a department, the jobs whose decision makes them do so."""
    out, put_in = persons.c.is_default > persons.c.is_in, persons.c.is_default < persons.c.is_in
    by_person = sa.and_(TargetDecision.decided_by.is_(None), TargetDecision.recorded_by.like("person:%"))
    person = sa.case((by_person, TargetDecision.recorded_by)).label("person")

    def count(condition: sa.ColumnElement[bool], name: str) -> sa.Label[int]:
        return sa.func.count(sa.case((condition, persons.c.person_id)).distinct()).label(name)

    there = sa.and_(
        persons.c.person_id == jobs.c.person_id, persons.c.department_id == placed.c.department_id
    )
    return (
        sa.select(
            persons.c.department_id,
            sa.cast(sa.null(), sa.Integer),
            count(out, "out_count"),
            count(put_in, "in_count"),
            sa.cast(sa.null(), sa.Integer),
            TargetDecision.decided_by,
            person,
        )
        .join_from(jobs, placed, placed.c.unit_id == jobs.c.unit_id)
        .join(persons, there)
        .join(TargetDecision, TargetDecision.id == jobs.c.decision_id)
        .where(jobs.c.is_default != jobs.c.is_in, persons.c.is_default != persons.c.is_in)
        .group_by(persons.c.department_id, TargetDecision.decided_by, person)
    )
