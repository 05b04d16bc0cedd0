"""Coverage's figures, and those of each course (R33), in one statement: the obligations are counted once."""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.people import org_tree
from elearn.reports import counting
from elearn.training.curriculum import Curriculum
from elearn.training.obligations import RANK, Status

PLACE = ("unit_id", "course")
EVERYTHING = 0  # in the place of an OrgUnit's id: all that is counted, together


@dataclass(frozen=True, slots=True)
class Counted:
    """``units``: as ``counting.counted_units`` gives them. ``courses``: by the id of an OrgUnit, or
    ``EVERYTHING``, the same figures of the target group of each course that somebody there is to have.
    ``whole``: those of ``EVERYTHING`` where whoever has jobs with several courses is counted once; None if
    there is nobody."""

    units: tuple[dict[str, Any], ...]
    courses: Mapping[int, Sequence[dict[str, Any]]]
    whole: dict[str, Any] | None


def counted_courses(
    session: Session,
    curriculum: Curriculum,
    on: dt.date,
    tops: Sequence[int] | None,
    held_on: Sequence[dt.date],
) -> Counted:
    """Of all OrgUnits, or of those whose ids are ``tops`` and everything below them."""
    reached = None if tops is None else tuple(tops)
    found = session.execute(_prepared(curriculum, reached, len(held_on)), counting.days(on, held_on))
    figures = tuple(found.keys())[len(PLACE) :]
    together: dict[int, dict[str, Any]] = {}
    courses: dict[int, list[dict[str, Any]]] = {}
    for unit_id, course, *counts in found:
        counted = dict(zip(figures, counts, strict=True))
        if course is None:
            together[unit_id] = counted
        else:
            courses.setdefault(unit_id, []).append({"course": course, **counted})
    nobody = dict.fromkeys(figures, 0)
    units = session.execute(counting.open_units(counting.reached(reached)), {"on": on})
    placed = (unit._asdict() for unit in units)
    return Counted(
        tuple(unit | together.get(unit["unit_id"], nobody) for unit in placed),
        courses,
        together.get(EVERYTHING),
    )


@functools.lru_cache(maxsize=16)
def _prepared(curriculum: Curriculum, tops: tuple[int, ...] | None, day_count: int) -> sa.Select[Any]:
    """Built once, as ``counting`` does."""
    persons = _persons(counting.judged(curriculum, counting.reached(tops))).subquery("persons")
    return counting.figures_by(persons, PLACE, day_count)


def _persons(judged: sa.CTE) -> sa.CompoundSelect[Any]:
    """A row per person and place: an OrgUnit or ``EVERYTHING``, with each course and with none. By course a
    person's jobs stand alike, since one completion is of all of them."""
    target = judged.select().where(judged.c.rank < RANK[Status.EXEMPT]).cte("in_target")
    closure = org_tree.closure()
    everything, no_course = sa.literal(EVERYTHING), sa.cast(sa.null(), sa.Text)

    def each(rows: sa.CTE, place: Any, course: Any, *by: Any) -> sa.Select[Any]:
        places = (place.label("unit_id"), course.label("course"))
        return counting.each_person(rows, places, (*by, rows.c.person_id), is_dated=True)

    def above(rows: sa.CTE, course: Any, *by: Any) -> sa.Select[Any]:
        placed = each(rows, closure.c.ancestor_id, course, closure.c.ancestor_id, *by)
        return placed.join(closure, closure.c.unit_id == rows.c.unit_id)

    return sa.union_all(
        above(judged, no_course),
        above(target, target.c.course, target.c.course),
        each(judged, everything, no_course),
        each(target, everything, target.c.course, target.c.course),
    )
