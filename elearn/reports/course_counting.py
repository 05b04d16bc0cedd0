"""The same count by course: who of an OrgUnit's target group has each course (R33), from the obligations that
coverage is counted from."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.people import org_tree
from elearn.reports import counting
from elearn.training import obligations
from elearn.training.curriculum import Curriculum
from elearn.training.obligations import RANK, Status

EVERYTHING = 0  # in the place of an OrgUnit's id: all that is counted, together


def counted_courses(
    session: Session,
    curriculum: Curriculum,
    on: dt.date,
    tops: Sequence[int] | None,
    held_on: Sequence[dt.date],
) -> Sequence[sa.Row[Any]]:
    """A row per OrgUnit and course with persons, each once: ``target``, ``trained`` and for each day of
    ``held_on`` ``held_1`` …, as ``counted_units`` has them. For ``EVERYTHING`` also one without a course:
    whoever has jobs with several courses once."""
    judged = counting.judged(curriculum, counting.reached(tops))
    target = judged.select().where(judged.c.rank < RANK[Status.EXEMPT]).cte("in_target")
    closure = org_tree.closure()
    everything = sa.literal(EVERYTHING).label("unit_id")
    no_course = sa.cast(sa.null(), sa.Text).label("course")
    persons: sa.CompoundSelect[Any] = sa.union_all(
        _alike(target, closure.c.ancestor_id.label("unit_id"))
        .join(closure, closure.c.unit_id == target.c.unit_id)
        .group_by(closure.c.ancestor_id, target.c.course, target.c.person_id),
        _alike(target, everything).group_by(target.c.course, target.c.person_id),
        sa.select(
            everything,
            no_course,
            obligations.rank_together(target.c.rank),
            counting.held_together(target.c.rank, target.c.valid_until),
        ).group_by(target.c.person_id),
    )
    return session.execute(
        _figures(persons.subquery("persons"), len(held_on)), counting.days(on, held_on)
    ).all()


def _alike(target: sa.CTE, place: sa.ColumnElement[int]) -> sa.Select[Any]:
    """A person's jobs that ask for one course stand alike: any of them tells how far the person has come."""
    rank, held_until = sa.func.min(target.c.rank), sa.func.min(target.c.valid_until)
    columns = (place, target.c.course, rank.label("rank"), held_until.label("held_until"))
    return sa.select(*columns).select_from(target)


def _figures(persons: sa.Subquery, day_count: int) -> sa.Select[Any]:
    is_trained = persons.c.rank == RANK[Status.TRAINED]
    return sa.select(
        persons.c.unit_id,
        persons.c.course,
        sa.func.count().label("target"),
        counting.count(is_trained).label("trained"),
        *counting.held(persons, day_count),
    ).group_by(persons.c.unit_id, persons.c.course)
