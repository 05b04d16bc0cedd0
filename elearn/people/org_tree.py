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
    pairs = sa.select(OrgUnit.id.label("unit_id"), OrgUnit.id.label("ancestor_id"), OrgUnit.parent_id).cte(
        "closure", recursive=True
    )
    upper = sa.orm.aliased(OrgUnit)
    return pairs.union_all(
        sa.select(pairs.c.unit_id, upper.id.label("ancestor_id"), upper.parent_id).join(
            upper, upper.id == pairs.c.parent_id
        )
    )


def inherited() -> sa.CTE:
    """A row per unit with what it has from the nearest unit at or above it: ``unit_id``, ``job_role``
    (measure.md, rule 2) and ``is_external`` (1 if it or anything above it is external)."""
    is_external = sa.case((OrgUnit.kind == UnitKind.EXTERNAL, 1), else_=0)
    top = (
        sa.select(OrgUnit.id.label("unit_id"), OrgUnit.job_role, is_external.label("is_external"))
        .where(OrgUnit.parent_id.is_(None))
        .cte("inherited", recursive=True)
    )
    child = sa.orm.aliased(OrgUnit)
    own = sa.case((child.kind == UnitKind.EXTERNAL, 1), else_=top.c.is_external)
    return top.union_all(
        sa.select(child.id, sa.func.coalesce(child.job_role, top.c.job_role), own).join(
            top, child.parent_id == top.c.unit_id
        )
    )
