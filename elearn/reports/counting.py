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
    session: Session, curriculum: Curriculum, on: dt.date, tops: Sequence[int] | None
) -> Sequence[sa.Row[Any]]:
    """The OrgUnits that were open on the date with their figures: all of them, or those whose ids are
    ``tops`` and everything below them."""
    scope = None if tops is None else org_tree.below(sa.select(OrgUnit.id).where(OrgUnit.id.in_(tops)))
    figures = _figures(_persons(curriculum, scope))
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
    return session.execute(statement, {"on": on}).all()


def _persons(curriculum: Curriculum, scope: sa.Select[int] | None) -> sa.Subquery:
    """A row per OrgUnit and person with an active employment in it or below it: the rank of the person's
    status there, and whether the person had been told by the date."""
    duty = obligations.obligations(curriculum, EVERYBODY if scope is None else obligations.in_units(scope))
    closure = org_tree.closure()
    rank = obligations.rank(duty).label("rank")
    is_offered = sa.case((Person.offered_on <= ON, 1), else_=0).label("is_offered")
    known = sa.select(duty.c.unit_id, duty.c.person_id, rank, is_offered)
    judged = known.join(Person, Person.id == duty.c.person_id).cte("judged").prefix_with("MATERIALIZED")
    return (
        sa.select(
            closure.c.ancestor_id.label("unit_id"),
            judged.c.person_id,
            obligations.rank_together(judged.c.rank).label("rank"),
            sa.func.max(judged.c.is_offered).label("is_offered"),
        )
        .join(closure, closure.c.unit_id == judged.c.unit_id)
        .group_by(closure.c.ancestor_id, judged.c.person_id)
        .subquery("persons")
    )


def _figures(persons: sa.Subquery) -> sa.Subquery:
    """From persons to figures per OrgUnit: everybody, the target group, and as many as have each status."""

    def count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    is_target = persons.c.rank < RANK[Status.EXEMPT]
    return (
        sa.select(
            persons.c.unit_id,
            sa.func.count().label("employees"),
            count(is_target).label("target"),
            count(sa.and_(is_target, persons.c.is_offered == 1)).label("offered"),
            *(count(persons.c.rank == rank).label(status.value) for status, rank in RANK.items()),
        )
        .group_by(persons.c.unit_id)
        .subquery("figures")
    )
