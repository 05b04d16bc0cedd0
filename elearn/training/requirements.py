"""Who must take what on a date: the one select that everything which counts people starts from (measure.md,
rules 1-4).

Coverage, the manager's list and "my courses" all read it, so they cannot disagree.
"""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import TypeAlias

import sqlalchemy as sa

from elearn.people import access, org_tree
from elearn.people.models import Employment
from elearn.training.models import Exemption

Day: TypeAlias = dt.date | sa.BindParameter[dt.date]


class Outside(StrEnum):
    """Why an employment is not in the target group, in the order in which the first reason that holds is
    counted."""

    EXEMPT = "exempt"
    EXTERNAL = "external"
    WITHOUT_COURSE = "without_course"
    WITHOUT_ROLE = "without_role"


def required(
    pairs: Iterable[tuple[str, str]], on: Day
) -> sa.Select[tuple[int, int, int, str | None, str | None]]:
    """A row per employment that is active on the date: ``employment_id``, ``person_id``, ``unit_id``,
    ``course`` (null if none) and ``outside`` (null in the target group). ``pairs``: (job role, slug of its
    base course), from the catalogue."""
    taught, inherited, exempted = _taught(pairs), org_tree.inherited(), _exempted(on)
    job_role = sa.func.coalesce(Employment.job_role, inherited.c.job_role)
    outside = sa.case(
        (exempted.c.employment_id.is_not(None), Outside.EXEMPT.value),
        (inherited.c.is_external == 1, Outside.EXTERNAL.value),
        (job_role.is_(None), Outside.WITHOUT_ROLE.value),
        (taught.c.course.is_(None), Outside.WITHOUT_COURSE.value),
    )
    return (
        sa.select(
            Employment.id.label("employment_id"),
            Employment.person_id,
            Employment.unit_id,
            taught.c.course.label("course"),
            outside.label("outside"),
        )
        .join(inherited, inherited.c.unit_id == Employment.unit_id)
        .outerjoin(exempted, exempted.c.employment_id == Employment.id)
        .outerjoin(taught, taught.c.job_role == job_role)
        .where(access.is_active(on))
    )


def _taught(pairs: Iterable[tuple[str, str]]) -> sa.CTE:
    """The catalogue's roles as rows. One that no role can have keeps the list from being empty."""
    columns = sa.column("job_role", sa.Text), sa.column("course", sa.Text)
    return sa.values(*columns, name="taught").data([("", None), *pairs]).cte("taught")


def exempts(on: Day) -> sa.ColumnElement[bool]:
    """Whether an ``Exemption`` is the ``Employment``'s person's, here or everywhere, and covers the date;
    inclusive at both ends."""
    return sa.and_(
        Exemption.person_id == Employment.person_id,
        Exemption.recalled_at.is_(None),
        sa.or_(Exemption.unit_id.is_(None), Exemption.unit_id == Employment.unit_id),
        sa.or_(Exemption.starts_on.is_(None), Exemption.starts_on <= on),
        sa.or_(Exemption.ends_on.is_(None), Exemption.ends_on >= on),
    )


def _exempted(on: Day) -> sa.Subquery:
    """The employments that an exemption covers, each once. Found together and joined: as a condition of its
    own PostgreSQL would look for it anew for every row and figure that is made from it."""
    return (
        sa.select(Employment.id.label("employment_id"))
        .join(Exemption, exempts(on))
        .distinct()
        .subquery("exempted")
    )
