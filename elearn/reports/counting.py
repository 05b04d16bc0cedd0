"""Coverage's query: from the obligations to figures per OrgUnit, on a date (measure.md, rules 5-7)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from elearn.people import access, org_tree
from elearn.people.models import OrgUnit, Person
from elearn.training import obligations
from elearn.training.curriculum import Curriculum
from elearn.training.obligations import EVERYBODY, ON, RANK, Status


def counted_units(
    session: Session,
    curriculum: Curriculum,
    on: dt.date,
    tops: Sequence[int] | None,
    held_on: Sequence[dt.date] = (),
) -> Sequence[sa.Row[Any]]:
    """The OrgUnits that were open on the date with their figures: all of them, or those whose ids are
    ``tops`` and everything below them. For each day of ``held_on`` also ``held_1`` …: how many of the target
    group have completed everything that is required of them, so that it holds on that day."""
    scope = reached(tops)
    figures = _figures(_persons(judged(curriculum, scope), is_dated=bool(held_on)), len(held_on))
    parent = aliased(OrgUnit)
    names = [column.key for column in figures.c if column.key != "unit_id"]
    statement = (
        sa.select(
            OrgUnit.id.label("unit_id"),
            OrgUnit.code,
            OrgUnit.name,
            OrgUnit.kind,
            parent.code.label("parent"),
            OrgUnit.committee,
            *(sa.func.coalesce(figures.c[name], 0).label(name) for name in names),
        )
        .outerjoin(parent, parent.id == OrgUnit.parent_id)
        .outerjoin(figures, figures.c.unit_id == OrgUnit.id)
        .where(access.is_open(ON))
    )
    if scope is not None:
        statement = statement.where(OrgUnit.id.in_(scope))
    return session.execute(statement, days(on, held_on)).all()


def reached(tops: Sequence[int] | None) -> sa.Select[int] | None:
    """Ids of these units and of all below them; None: of everything."""
    return None if tops is None else org_tree.below(sa.select(OrgUnit.id).where(OrgUnit.id.in_(tops)))


def days(on: dt.date, held_on: Sequence[dt.date]) -> dict[str, dt.date]:
    """The parameters of a statement with ``held``."""
    return {"on": on} | {f"held_on_{number}": day for number, day in enumerate(held_on, 1)}


def judged(curriculum: Curriculum, scope: sa.Select[int] | None) -> sa.CTE:
    """A row per active employment: unit, person, required course, its last day, the rank of the status, and
    whether the person had been told by the date."""
    duty = obligations.obligations(curriculum, EVERYBODY if scope is None else obligations.in_units(scope))
    rank = obligations.rank(duty).label("rank")
    is_offered = sa.case((Person.offered_on <= ON, 1), else_=0).label("is_offered")
    known = sa.select(duty.c.unit_id, duty.c.person_id, duty.c.course, duty.c.valid_until, rank, is_offered)
    return known.join(Person, Person.id == duty.c.person_id).cte("judged").prefix_with("MATERIALIZED")


def _persons(judged: sa.CTE, *, is_dated: bool) -> sa.Subquery:
    """A row per OrgUnit and person with an active employment in it or below it: the rank of the person's
    status there, whether the person had been told, and ``held_until`` if ``is_dated``."""
    closure = org_tree.closure()
    dates = [held_together(judged.c.rank, judged.c.valid_until).label("held_until")]
    return (
        sa.select(
            closure.c.ancestor_id.label("unit_id"),
            judged.c.person_id,
            obligations.rank_together(judged.c.rank).label("rank"),
            sa.func.max(judged.c.is_offered).label("is_offered"),
            *(dates if is_dated else ()),
        )
        .join(closure, closure.c.unit_id == judged.c.unit_id)
        .group_by(closure.c.ancestor_id, judged.c.person_id)
        .subquery("persons")
    )


def held_together(ranked: sa.ColumnElement[int], ends: sa.ColumnElement[dt.date]) -> sa.Case[dt.date]:
    """The last day on which a group of rows is trained together if nothing is done, from each row's rank and
    last day; null where something required was never completed, and outside the target group."""
    required = ranked < RANK[Status.EXEMPT]
    has_gap = sa.func.max(sa.case((sa.and_(required, ends.is_(None)), 1), else_=0)) == 1
    return sa.case((~has_gap, sa.func.min(sa.case((required, ends)))))


def count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """How many rows of the group it is true of."""
    return sa.func.sum(sa.case((condition, 1), else_=0))


def held(persons: sa.FromClause, day_count: int) -> list[sa.Label[int]]:
    """``held_1`` …: as many persons as still have what they have on each of the days."""
    held_on = [sa.bindparam(f"held_on_{number}", type_=sa.Date) for number in range(1, day_count + 1)]
    return [
        count(persons.c.held_until >= day).label(f"held_{number}") for number, day in enumerate(held_on, 1)
    ]


def _figures(persons: sa.Subquery, day_count: int) -> sa.Subquery:
    """From persons to figures per OrgUnit: everybody, the target group, and as many as have each status."""

    is_target = persons.c.rank < RANK[Status.EXEMPT]
    return (
        sa.select(
            persons.c.unit_id,
            sa.func.count().label("employees"),
            count(is_target).label("target"),
            count(sa.and_(is_target, persons.c.is_offered == 1)).label("offered"),
            *(count(persons.c.rank == rank).label(status.value) for status, rank in RANK.items()),
            *held(persons, day_count),
        )
        .group_by(persons.c.unit_id)
        .subquery("figures")
    )
