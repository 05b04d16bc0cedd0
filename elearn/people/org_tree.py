"""The municipality's tree as SQL: who lies below whom, and what is inherited from above. One table, any
depth."""

import sqlalchemy as sa

from elearn.people.models import OrgUnit, UnitKind


def below(unit_ids: sa.Select[int]) -> sa.Select[int]:
    """Ids of these units and of every unit below them, closed ones included."""
    lower = sa.select(OrgUnit.id).where(OrgUnit.id.in_(unit_ids)).cte("below", recursive=True)
    child = sa.orm.aliased(OrgUnit)
    lower = lower.union(sa.select(child.id).join(lower, child.parent_id == lower.c.id))
    return sa.select(lower.c.id)


def closure() -> sa.CTE:
    """A row per unit and unit at or above it: ``unit_id``, ``ancestor_id``. Walked upwards, so that nothing
    is missed."""
    walk = sa.select(OrgUnit.id.label("unit_id"), OrgUnit.id.label("ancestor_id"), OrgUnit.parent_id).cte(
        "closure", recursive=True
    )
    upper = sa.orm.aliased(OrgUnit)
    return walk.union_all(
        sa.select(walk.c.unit_id, upper.id.label("ancestor_id"), upper.parent_id).join(
            upper, upper.id == walk.c.parent_id
        )
    )


def upwards(unit_ids: sa.Select[int]) -> sa.CTE:
    """A row per unit of these and unit at or above it: ``unit_id``, ``ancestor_id``, ``distance`` (0: the
    unit itself). Walked upwards, so that no other unit is read."""
    start = sa.select(
        OrgUnit.id.label("unit_id"),
        OrgUnit.id.label("ancestor_id"),
        OrgUnit.parent_id,
        sa.literal(0).label("distance"),
    ).where(OrgUnit.id.in_(unit_ids))
    walk = start.cte("above", recursive=True)
    upper = sa.orm.aliased(OrgUnit)
    return walk.union_all(
        sa.select(walk.c.unit_id, upper.id, upper.parent_id, walk.c.distance + 1).join(
            upper, upper.id == walk.c.parent_id
        )
    )


def inherited(unit_ids: sa.Select[int], name: str = "upwards") -> sa.Subquery:
    """A row per unit of these with what it has from the nearest unit at or above it: ``unit_id``,
    ``job_role`` (measure.md, rule 2) and ``is_external`` (1 if it or anything above it is external). Walked
    upwards, so that no other unit is read. ``name``: of the walk, where a statement has several."""
    own = sa.select(
        OrgUnit.id.label("unit_id"),
        OrgUnit.parent_id.label("next_id"),
        OrgUnit.job_role,
        sa.case((OrgUnit.kind == UnitKind.EXTERNAL, 1), else_=0).label("is_external"),
    ).where(OrgUnit.id.in_(unit_ids))
    walk = own.cte(name, recursive=True)
    upper = sa.orm.aliased(OrgUnit)
    is_external = sa.case((upper.kind == UnitKind.EXTERNAL, 1), else_=walk.c.is_external)
    job_role = sa.func.coalesce(walk.c.job_role, upper.job_role)
    walk = walk.union_all(
        sa.select(walk.c.unit_id, upper.parent_id, job_role, is_external).join(
            upper, upper.id == walk.c.next_id
        )
    )
    return (
        sa.select(walk.c.unit_id, walk.c.job_role, walk.c.is_external)
        .where(walk.c.next_id.is_(None))
        .subquery("inherited")
    )
