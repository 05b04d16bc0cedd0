"""The aktivitetslista with the status that the figures give (R34, R35): for each activity how far its courses
have come in the departments of the committees that answer for it, and who is to arrange it (R29, R30)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from elearn.content.activities import Activity, Organiser
from elearn.people.models import UnitKind
from elearn.reports.coverage import UnitCoverage
from elearn.reports.needs import CourseNeed, Needs
from elearn.swedish import folded
from elearn.training.organising import organiser


@dataclass(frozen=True, slots=True)
class Progress:
    """One of the activity's courses in one department."""

    department: UnitCoverage
    course: CourseNeed

    @property
    def share(self) -> Fraction:
        """Exact. Whoever is counted is in the target group, so there is one."""
        return Fraction(self.course.need.trained, self.course.need.target)

    def has_secured(self, threshold: Fraction) -> bool:
        """As rule 8 compares."""
        return self.share >= threshold


@dataclass(frozen=True, slots=True)
class ActivityStatus:
    """``progress``: in the order of the report; empty where there is no figure. ``department_count``: how
    many departments have somebody who is to take one of its courses; without a course, how many committees
    are named. ``organiser``: by the rule; None for what is no education."""

    activity: Activity
    progress: tuple[Progress, ...]
    department_count: int
    organiser: Organiser | None

    @property
    def is_arranged_otherwise(self) -> bool:
        """Whether another organiser has been written than the rule asks for."""
        return self.activity.organiser not in (None, self.organiser)

    def within(self, department_ids: Collection[int]) -> "ActivityStatus":
        """With the figures of these departments alone."""
        own = tuple(one for one in self.progress if one.department.unit_id in department_ids)
        return replace(self, progress=own)


def statuses(
    activities: Iterable[Activity], needs: Needs, joins_from: int, leads_from: int
) -> tuple[ActivityStatus, ...]:
    """``needs`` is of the whole municipality; the limits are the settings'."""
    departments = [row for row in needs.coverage.rows if row.kind == UnitKind.DEPARTMENT]
    return tuple(_status(one, needs, departments, joins_from, leads_from) for one in activities)


def _status(
    activity: Activity, needs: Needs, departments: list[UnitCoverage], joins_from: int, leads_from: int
) -> ActivityStatus:
    everywhere = [
        Progress(row, course)
        for row in departments
        for course in needs.of(row).courses
        if course.course in activity.courses
    ]
    named = {folded(name) for name in activity.named}
    own = [one for one in everywhere if activity.is_for_all or folded(one.department.committee) in named]
    count = len({one.department.unit_id for one in everywhere})
    if not activity.courses:
        count = sum(row.target > 0 for row in departments) if activity.is_for_all else len(activity.named)
    by_rule = organiser(count, joins_from, leads_from) if activity.is_education else None
    return ActivityStatus(activity, tuple(own), count, by_rule)
