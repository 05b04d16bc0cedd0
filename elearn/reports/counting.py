"""Coverage's query: from the one select of requirements to figures per OrgUnit, on a date (measure.md, rules
5-7)."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from elearn.people import access, org_tree
from elearn.people.models import OrgUnit
from elearn.training import requirements, standing
from elearn.training.requirements import Outside

RANK = {
    reason: rank for rank, reason in enumerate(Outside)
}  # the first reason that holds for any of a person's employments


def per_person(pairs: Sequence[tuple[str, str]], on: dt.date) -> sa.Subquery:
    """A row per OrgUnit and person with an active employment in it or below it.

    ``is_target``; of the target-group employments there: ``all_valid``, ``all_completed``, ``any_begun``;
    ``reason``: the rank of the first reason for being outside."""
    wanted, done, closure = (
        requirements.required(pairs, on).cte("wanted"),
        standing.course_standing(on),
        org_tree.closure(),
    )
    in_target = wanted.c.outside.is_(None)

    def in_target_only(condition: sa.ColumnElement[bool]) -> sa.Case[int]:
        return sa.case((sa.and_(in_target, condition), 1), (in_target, 0))

    rank = sa.case(*((wanted.c.outside == reason.value, rank) for reason, rank in RANK.items()))
    return (
        sa.select(
            closure.c.ancestor_id.label("unit_id"),
            wanted.c.person_id,
            sa.func.max(sa.case((in_target, 1), else_=0)).label("is_target"),
            sa.func.min(in_target_only(done.c.valid_until >= on)).label("all_valid"),
            sa.func.min(in_target_only(done.c.valid_until.is_not(None))).label("all_completed"),
            sa.func.max(in_target_only(done.c.person_id.is_not(None))).label("any_begun"),
            sa.func.min(rank).label("reason"),
        )
        .join(closure, closure.c.unit_id == wanted.c.unit_id)
        .outerjoin(done, sa.and_(done.c.person_id == wanted.c.person_id, done.c.course == wanted.c.course))
        .group_by(closure.c.ancestor_id, wanted.c.person_id)
        .subquery("persons")
    )


def counted_units(
    session: Session, pairs: Sequence[tuple[str, str]], on: dt.date, scope: sa.Select[int] | None
) -> Sequence[sa.Row[tuple[int, str, str, str, int | None, str | None]]]:
    """The OrgUnits that were open on the date with their figures; of those that ``scope`` selects only."""
    figures = _figures(per_person(pairs, on))
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
        .where(access.is_open(on))
    )
    if scope is not None:
        statement = statement.where(OrgUnit.id.in_(scope))
    return session.execute(statement).all()


def _figures(persons: sa.Subquery) -> sa.Subquery:
    """From persons to figures per OrgUnit. A person in the target group is trained, else expired, started or
    not started: the first that holds; outside it, the first reason."""
    target = persons.c.is_target == 1
    trained = sa.and_(target, persons.c.all_valid == 1)
    expired = sa.and_(target, persons.c.all_valid == 0, persons.c.all_completed == 1)
    begun = sa.and_(target, persons.c.all_valid == 0, persons.c.all_completed == 0)

    def count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    return (
        sa.select(
            persons.c.unit_id,
            sa.func.count().label("employees"),
            count(target).label("target"),
            count(trained).label("trained"),
            count(expired).label("expired"),
            count(sa.and_(begun, persons.c.any_begun == 1)).label("started"),
            count(sa.and_(begun, persons.c.any_begun == 0)).label("not_started"),
            *(
                count(sa.and_(~target, persons.c.reason == rank)).label(reason.value)
                for reason, rank in RANK.items()
            ),
        )
        .group_by(persons.c.unit_id)
        .subquery("figures")
    )
