"""Which decision about the target group holds for an employment, as SQL (measure.md, "Decisions about the
target group").

Decisions about units are ranked once for each unit and not for each employment in it; those about positions
and persons for each employment that they cover. A decision of the latter kind is always the stronger.
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from elearn.people import org_tree, positions
from elearn.training.models import TargetDecision

# Of several decisions the first of these holds; one about a whole unit comes after them.
IN_A_UNIT, EVERYWHERE, POSITION = range(3)
FIRST = sa.literal(dt.date.min, sa.Date)  # of one that has no first day


def holding(jobs: sa.CTE, on: sa.BindParameter[Any]) -> sa.Subquery:
    """A row per employment of ``jobs`` that a decision covers on the date: ``decision_id`` of the one that
    holds, ``is_included``, the ``job_role`` that it gives, its first day (``starts_on``), ``lifts_exemption``
    (whether one that takes the employment out began before it) and ``exempt_until`` (its last day; null: it
    has no end)."""
    held, above = _held(on), org_tree.upwards(sa.select(jobs.c.unit_id))
    own = _first(_own(jobs, held, above), "employment_id", "own")
    whole = _first(_of_units(held, above), "unit_id", "whole")
    exempt_from = sa.case(
        (own.c.exempt_from < whole.c.exempt_from, own.c.exempt_from),
        else_=sa.func.coalesce(whole.c.exempt_from, own.c.exempt_from),
    )
    return (
        sa.select(
            jobs.c.employment_id,
            held.c.decision_id,
            held.c.is_included,
            held.c.job_role,
            held.c.starts_on,
            (exempt_from < held.c.starts_on).label("lifts_exemption"),
            held.c.last_day.label("exempt_until"),
        )
        .outerjoin_from(jobs, own, own.c.employment_id == jobs.c.employment_id)
        .outerjoin(whole, whole.c.unit_id == jobs.c.unit_id)
        .join(held, held.c.decision_id == sa.func.coalesce(own.c.decision_id, whole.c.decision_id))
        .subquery("holding")
    )


def persons_covered(jobs: sa.CTE, on: sa.BindParameter[Any], decision_id: int) -> sa.Select[int]:
    """How many persons with an employment of ``jobs`` this decision covers on the date."""
    held, above = _held(on), org_tree.upwards(sa.select(jobs.c.unit_id))
    own, whole = _own(jobs, held, above).subquery("own"), _of_units(held, above).subquery("whole")
    covers = sa.or_(
        sa.exists().where(own.c.employment_id == jobs.c.employment_id, own.c.decision_id == decision_id),
        sa.exists().where(whole.c.unit_id == jobs.c.unit_id, whole.c.decision_id == decision_id),
    )
    return sa.select(sa.func.count(jobs.c.person_id.distinct())).where(covers)


def persons_held(jobs: sa.CTE, on: sa.BindParameter[Any], decision_id: int) -> sa.Select[int]:
    """For how many persons with an employment of ``jobs`` this decision holds on the date."""
    decided = holding(jobs, on)
    return (
        sa.select(sa.func.count(jobs.c.person_id.distinct()))
        .join_from(jobs, decided, decided.c.employment_id == jobs.c.employment_id)
        .where(decided.c.decision_id == decision_id)
    )


def _held(on: sa.BindParameter[Any]) -> sa.CTE:
    """The decisions that hold for somebody on the date: not recalled, inclusive at both ends."""
    last_day = sa.func.coalesce(TargetDecision.ended_on, TargetDecision.ends_on)
    return (
        sa.select(
            TargetDecision.id.label("decision_id"),
            TargetDecision.person_id,
            TargetDecision.unit_id,
            TargetDecision.covers_below,
            TargetDecision.position_key,
            TargetDecision.is_included,
            TargetDecision.job_role,
            TargetDecision.starts_on,
            TargetDecision.recorded_at,
            last_day.label("last_day"),
        )
        .where(
            TargetDecision.recalled_at.is_(None),
            sa.or_(TargetDecision.starts_on.is_(None), TargetDecision.starts_on <= on),
            sa.or_(TargetDecision.ends_on.is_(None), TargetDecision.ends_on >= on),
            sa.or_(TargetDecision.ended_on.is_(None), TargetDecision.ended_on >= on),
        )
        .cte("held")
        .prefix_with("MATERIALIZED")
    )


def _own(jobs: sa.CTE, held: sa.CTE, above: sa.CTE) -> sa.CompoundSelect[Any]:
    """A row per employment and decision about its person or its position that covers it. ``distance``: how
    far below the decision's unit the employment is."""

    def row(kind: int, distance: Any) -> tuple[Any, ...]:
        placed = (sa.literal(kind, sa.Integer).label("kind"), distance.label("distance"))
        return (jobs.c.employment_id, *_decided(held), *placed)

    is_there = sa.and_(above.c.unit_id == jobs.c.unit_id, above.c.ancestor_id == held.c.unit_id)
    reaches = sa.or_(held.c.covers_below == sa.true(), above.c.distance == 0)
    personal = held.c.person_id == jobs.c.person_id
    return sa.union_all(
        sa.select(*row(EVERYWHERE, sa.literal(0)))
        .join_from(jobs, held, personal)
        .where(held.c.unit_id.is_(None)),
        sa.select(*row(IN_A_UNIT, above.c.distance))
        .join_from(jobs, held, personal)
        .join(above, is_there)
        .where(reaches),
        sa.select(*row(POSITION, above.c.distance))
        .join_from(held, above, above.c.ancestor_id == held.c.unit_id)
        .join(jobs, jobs.c.unit_id == above.c.unit_id)
        .where(held.c.position_key.is_not(None), positions.has(jobs.c.position_key, held.c.position_key)),
    )


def _of_units(held: sa.CTE, above: sa.CTE) -> sa.Select[Any]:
    """A row per unit and decision about it, or about one that it lies under, as a whole."""
    placed = (sa.literal(0).label("kind"), above.c.distance)
    return (
        sa.select(above.c.unit_id, *_decided(held), *placed)
        .join_from(held, above, above.c.ancestor_id == held.c.unit_id)
        .where(held.c.person_id.is_(None), held.c.position_key.is_(None))
    )


def _decided(held: sa.CTE) -> tuple[Any, ...]:
    exempt_from = sa.case((held.c.is_included == sa.false(), sa.func.coalesce(held.c.starts_on, FIRST)))
    return held.c.decision_id, held.c.recorded_at, exempt_from.label("exempt_from")


def _first(covering: sa.CompoundSelect[Any] | sa.Select[Any], of: str, name: str) -> sa.Subquery:
    """A row per employment or unit: the decision that comes first, and the first day of those that take it
    out."""
    cover = covering.cte(f"{name}_covering")
    key = cover.c[of]
    place = sa.func.row_number().over(
        partition_by=key,
        order_by=(cover.c.kind, cover.c.distance, cover.c.recorded_at.desc(), cover.c.decision_id.desc()),
    )
    exempt_from = sa.func.min(cover.c.exempt_from).over(partition_by=key)
    ranked = sa.select(
        key, cover.c.decision_id, exempt_from.label("exempt_from"), place.label("place")
    ).subquery(f"{name}_ranked")
    return sa.select(ranked).where(ranked.c.place == 1).subquery(name)
