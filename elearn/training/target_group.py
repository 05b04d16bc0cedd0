"""Which decision about the target group holds for an employment, as SQL (measure.md, "Decisions about the
target group")."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from elearn.people import org_tree
from elearn.training.models import TargetDecision

# Of several decisions the first of these holds.
IN_A_UNIT, EVERYWHERE, POSITION, WHOLE_UNIT = range(4)
FIRST = sa.literal(dt.date.min, sa.Date)  # of one that has no first day


def holding(jobs: sa.CTE, on: sa.BindParameter[Any]) -> sa.Subquery:
    """A row per employment of ``jobs`` that a decision covers on the date: ``decision_id`` of the one that
    holds, ``is_included``, the ``job_role`` that it gives, its first day (``starts_on``), ``lifts_exemption``
    (whether one that takes the employment out began before it) and ``exempt_until`` (the last day of those
    that take it out; null: one of them has no end)."""
    cover = _covering(jobs, on).cte("covering")
    job = cover.c.employment_id
    takes_out = sa.case((cover.c.is_included == sa.false(), 1), else_=0)
    is_endless = (
        sa.func.max(sa.case((cover.c.last_day.is_(None), takes_out), else_=0)).over(partition_by=job) == 1
    )
    until = sa.func.max(sa.case((takes_out == 1, cover.c.last_day))).over(partition_by=job)
    exempt_from = sa.case((takes_out == 1, sa.func.coalesce(cover.c.starts_on, FIRST)))
    lifts = sa.func.min(exempt_from).over(partition_by=job) < cover.c.starts_on
    first = sa.func.row_number().over(
        partition_by=job,
        order_by=(cover.c.kind, cover.c.distance, cover.c.recorded_at.desc(), cover.c.decision_id.desc()),
    )
    ranked = sa.select(
        cover.c.employment_id,
        cover.c.decision_id,
        cover.c.is_included,
        cover.c.job_role,
        cover.c.starts_on,
        lifts.label("lifts_exemption"),
        sa.case((is_endless, sa.null()), else_=until).label("exempt_until"),
        first.label("place"),
    ).subquery("ranked")
    return sa.select(ranked).where(ranked.c.place == 1).subquery("holding")


def persons_covered(jobs: sa.CTE, on: sa.BindParameter[Any], decision_id: int) -> sa.Select[int]:
    """How many persons with an employment of ``jobs`` this decision covers on the date."""
    return _persons(jobs, _covering(jobs, on).subquery("covered"), decision_id)


def persons_held(jobs: sa.CTE, on: sa.BindParameter[Any], decision_id: int) -> sa.Select[int]:
    """For how many persons with an employment of ``jobs`` this decision holds on the date."""
    return _persons(jobs, holding(jobs, on), decision_id)


def _persons(jobs: sa.CTE, decided: sa.Subquery, decision_id: int) -> sa.Select[int]:
    return (
        sa.select(sa.func.count(jobs.c.person_id.distinct()))
        .join_from(jobs, decided, decided.c.employment_id == jobs.c.employment_id)
        .where(decided.c.decision_id == decision_id)
    )


def _covering(jobs: sa.CTE, on: sa.BindParameter[Any]) -> sa.CompoundSelect[Any]:
    """A row per employment and decision that covers it on the date: not recalled, inclusive at both ends.
    ``distance``: how far below the decision's unit the employment is."""
    last_day = sa.func.coalesce(TargetDecision.ended_on, TargetDecision.ends_on).label("last_day")
    held = sa.select(TargetDecision, last_day).where(_is_held(on)).cte("held").prefix_with("MATERIALIZED")
    above = org_tree.upwards(sa.select(jobs.c.unit_id))
    is_there = sa.and_(above.c.unit_id == jobs.c.unit_id, above.c.ancestor_id == held.c.unit_id)
    reaches = sa.or_(held.c.covers_below == sa.true(), above.c.distance == 0)
    columns = (
        jobs.c.employment_id,
        held.c.id.label("decision_id"),
        held.c.is_included,
        held.c.job_role,
        held.c.starts_on,
        held.c.last_day,
        held.c.recorded_at,
    )

    def row(kind: Any, distance: Any) -> tuple[Any, ...]:
        return (*columns, sa.type_coerce(kind, sa.Integer).label("kind"), distance.label("distance"))

    personal = held.c.person_id == jobs.c.person_id
    by_position = held.c.position_key.is_not(None)
    return sa.union_all(
        sa.select(*row(sa.literal(EVERYWHERE), sa.literal(0)))
        .join_from(jobs, held, personal)
        .where(held.c.unit_id.is_(None)),
        sa.select(*row(sa.literal(IN_A_UNIT), above.c.distance))
        .join_from(jobs, held, personal)
        .join(above, is_there)
        .where(reaches),
        sa.select(*row(sa.case((by_position, POSITION), else_=WHOLE_UNIT), above.c.distance))
        .join_from(held, above, above.c.ancestor_id == held.c.unit_id)
        .join(jobs, jobs.c.unit_id == above.c.unit_id)
        .where(held.c.person_id.is_(None))
        .where(sa.or_(~by_position, held.c.position_key == jobs.c.position_key)),
    )


def _is_held(on: sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(
        TargetDecision.recalled_at.is_(None),
        sa.or_(TargetDecision.starts_on.is_(None), TargetDecision.starts_on <= on),
        sa.or_(TargetDecision.ends_on.is_(None), TargetDecision.ends_on >= on),
        sa.or_(TargetDecision.ended_on.is_(None), TargetDecision.ended_on >= on),
    )
