"""What a decision about the target group would change, before it is made or ended: coverage with it and
without it, by the same query as every other figure (measure.md, "Decisions about the target group").

It is written and taken back inside a savepoint: no row, no entry of the journal and no change count is left.
"""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import sqlalchemy as sa

from elearn.database import Session
from elearn.journal.deed import Deed
from elearn.people import access, org_tree
from elearn.people.models import Employment, OrgUnit
from elearn.reports import coverage
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.training import decision_actions, obligations, target_group
from elearn.training.curriculum import Curriculum
from elearn.training.decision_actions import Tops
from elearn.training.decision_rules import DAY, NewDecision
from elearn.training.models import TargetDecision

Figures: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """An OrgUnit's figures without and with what is asked."""

    before: UnitCoverage
    after: UnitCoverage

    @property
    def has_changed(self) -> bool:
        """Whether a figure does: the others are worked out from these."""
        return _figures(self.before) != _figures(self.after)


def _figures(row: UnitCoverage) -> Figures:
    return row.employees, row.target, row.trained


@dataclass(frozen=True, slots=True)
class Preview:
    """On a day. ``shown``: the units that it is about and what they lie under, from the top, whether or not
    they change; ``others``: further down, those that change. ``covered_count``: persons whom the decision
    covers on the day; ``held_count``: those of them for whom it holds, and no stronger one."""

    on: dt.date
    threshold: Fraction
    is_forecast: bool
    shown: tuple[Change, ...]
    others: tuple[Change, ...]
    covered_count: int
    held_count: int

    @property
    def has_changes(self) -> bool:
        """Whether a figure of any unit changes."""
        return any(change.has_changed for change in (*self.shown, *self.others))


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, within which departments, and by what the figures are judged."""

    deed: Deed
    tops: Tops
    curriculum: Curriculum
    threshold: Fraction


def preview_new(session: Session, asking: Asking, new: NewDecision) -> Preview:
    """On its first day. Raises as ``decision_actions.make_decision``."""
    on = new.starts_on
    with session.begin_nested() as savepoint:
        id = decision_actions.add_decision(session, asking.deed, asking.tops, new)
        place = _place(session, id, on)
        after, persons = _report(session, asking, on, place), _persons(session, id, on)
        savepoint.rollback()
    return _preview(_report(session, asking, on, place), after, place, persons)


def preview_end(session: Session, asking: Asking, decision_id: int, last_day: dt.date) -> Preview:
    """On the first day without it; of one that will not have begun then, its own first day. Raises as
    ``decision_actions.end_decision``."""
    with session.begin_nested() as savepoint:
        decision_actions.set_last_day(session, asking.deed, asking.tops, decision_id, last_day)
        starts_on = session.get_one(TargetDecision, decision_id).starts_on
        on = max(last_day + DAY, starts_on or dt.date.min)
        place = _place(session, decision_id, on)
        after = _report(session, asking, on, place)
        savepoint.rollback()
    before, persons = _report(session, asking, on, place), _persons(session, decision_id, on)
    return _preview(before, after, place, persons)


@dataclass(frozen=True, slots=True)
class _Place:
    """Ids of the units that a decision is about and of what they lie under, and of the tops among these."""

    chain: frozenset[int]
    tops: tuple[int, ...]


def _place(session: Session, decision_id: int, on: dt.date) -> _Place:
    decision = session.get_one(TargetDecision, decision_id)
    units = [decision.unit_id] if decision.unit_id else []
    if decision.person_id:
        own = sa.select(Employment.unit_id).where(
            Employment.person_id == decision.person_id, access.is_active(on)
        )
        if decision.unit_id:
            inside = sa.select(OrgUnit.id).where(OrgUnit.id == decision.unit_id)
            own = own.where(Employment.unit_id.in_(org_tree.below(inside)))
        units = list(session.scalars(own)) or units
    above = org_tree.upwards(sa.select(OrgUnit.id).where(OrgUnit.id.in_(units)))
    rows = session.execute(
        sa.select(OrgUnit.id, OrgUnit.parent_id).join(above, above.c.ancestor_id == OrgUnit.id)
    ).all()
    tops = {id for id, parent_id in rows if parent_id is None}
    return _Place(frozenset(id for id, _parent_id in rows), tuple(sorted(tops)))


def _report(session: Session, asking: Asking, on: dt.date, place: _Place) -> Coverage:
    return coverage.report(session, asking.curriculum, on, asking.threshold, asking.deed.today, place.tops)


def _persons(session: Session, decision_id: int, on: dt.date) -> tuple[int, int]:
    jobs, on_day = obligations.active_jobs(obligations.EVERYBODY), {"on": on}
    covered = target_group.persons_covered(jobs, obligations.ON, decision_id)
    held = target_group.persons_held(jobs, obligations.ON, decision_id)
    return session.execute(covered, on_day).scalar_one(), session.execute(held, on_day).scalar_one()


def _preview(before: Coverage, after: Coverage, place: _Place, persons: tuple[int, int]) -> Preview:
    # Paired by unit: on PostgreSQL an import may be committed between the two counts.
    then = {row.unit_id: row for row in after.rows}
    changes = [Change(row, then[row.unit_id]) for row in before.rows if row.unit_id in then]
    return Preview(
        before.on,
        before.threshold,
        before.is_forecast,
        tuple(one for one in changes if one.before.unit_id in place.chain),
        tuple(one for one in changes if one.before.unit_id not in place.chain and one.has_changed),
        *persons,
    )
