"""Making and ending a decision about the target group, within the departments that one decides about (R8).

``tops``: their ids, as ``access.deciding_departments`` has them; None: everything. What is out of reach does
not exist (S3)."""

import datetime as dt
from typing import TypeAlias

import sqlalchemy as sa

from elearn.database import Session, is_violation
from elearn.errors import Conflict, Invalid, NotFound
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people import access, protection
from elearn.people.models import Employment, OrgUnit, Person
from elearn.swedish import folded
from elearn.training import decision_rules
from elearn.training.decision_rules import NewDecision
from elearn.training.models import TargetDecision

Tops: TypeAlias = tuple[int, ...] | None


def make_decision(session: Session, deed: Deed, tops: Tops, new: NewDecision, form_key: str) -> int:
    """Record it; its id. The same form sent again changes nothing and gives the same id.

    Raises ``Invalid`` with every fault, ``NotFound`` for what is out of reach."""
    try:
        with session.begin_nested():
            id = add_decision(session, deed, tops, new, form_key)
    except sa.exc.IntegrityError as error:
        if not is_violation(error):
            raise
        return session.scalars(_sent(deed, form_key)).one()
    journal.record(session, deed, EntryKind.MADE_DECISION, decision=id)
    return id


def make_new_decision(session: Session, deed: Deed, tops: Tops, new: NewDecision, form_key: str) -> int:
    """As ``make_decision``. Raises ``Conflict`` too, when the last decision about just the same says the same
    word by word and has not been ended: it came from a second tab, or from somebody else."""
    if (id := session.scalar(_sent(deed, form_key))) is not None:
        return id
    _refuse_repeated(session, new.tidied())
    return make_decision(session, deed, tops, new, form_key)


def _sent(deed: Deed, form_key: str) -> sa.Select[int]:
    """The id of the decision that this form of this person has made."""
    return sa.select(TargetDecision.id).where(
        TargetDecision.form_key == form_key, TargetDecision.recorded_by == str(deed.actor)
    )


def _refuse_repeated(session: Session, new: NewDecision) -> None:
    same = sa.and_(
        TargetDecision.person_id.is_not_distinct_from(new.person_id),
        TargetDecision.unit_id.is_not_distinct_from(new.unit_id),
        TargetDecision.position_key.is_not_distinct_from(folded(new.position) or None),
        TargetDecision.covers_below,
    )
    last = session.scalar(sa.select(TargetDecision).where(same).order_by(TargetDecision.id.desc()).limit(1))
    if last is None or last.ended_on is not None:
        return
    said = (last.is_included, last.job_role, last.starts_on, last.ends_on, last.reason)
    if said == (new.is_included, new.job_role, new.starts_on, new.ends_on, new.reason):
        raise Conflict("Samma beslut finns redan. Inget nytt har sparats.")


def add_decision(
    session: Session, deed: Deed, tops: Tops, new: NewDecision, form_key: str | None = None
) -> int:
    """The row alone, without the journal: what a preview adds and takes back. Raises as ``make_decision``."""
    refuse_out_of_reach(session, tops, deed.today, new.unit_id, new.person_id, new.position)
    new = new.tidied()
    if faults := decision_rules.faults(new, deed.today):
        raise Invalid(*(sentence for _field, sentence in faults))
    row = TargetDecision(
        person_id=new.person_id,
        unit_id=new.unit_id,
        covers_below=True,
        position=new.position,
        position_key=folded(new.position) or None,
        is_included=new.is_included,
        job_role=new.job_role,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        reason=new.reason,
        recorded_at=deed.now,
        recorded_by=str(deed.actor),
        form_key=form_key,
    )
    session.add(row)
    session.flush()
    return row.id


def refuse_out_of_reach(
    session: Session,
    tops: Tops,
    today: dt.date,
    unit_id: int | None,
    person_id: int | None,
    position: str | None,
) -> None:
    """A unit that is open and in reach, and a person who works there or will; a person everywhere is for who
    decides about everything. Raises ``NotFound`` for everything else."""
    is_whole = unit_id is None and (person_id is None or tops is not None)
    if is_whole or (person_id is not None and position is not None):
        raise NotFound
    if unit_id is not None:
        unit = sa.select(OrgUnit.id).where(
            OrgUnit.id == unit_id, access.in_reach(tops), access.is_open(today)
        )
        if session.scalar(unit) is None:
            raise NotFound
    if person_id is not None:
        there = (unit_id,) if unit_id is not None else None
        known = sa.select(Person.id).where(Person.id == person_id, works_in(there, today), may_name(tops))
        if session.scalar(known) is None:
            raise NotFound


def works_in(tops: Tops, today: dt.date) -> sa.ColumnElement[bool]:
    """A ``Person`` with an employment, now or to come, in one of these units or below."""
    return (
        sa.exists()
        .where(Employment.person_id == Person.id, access.in_reach(tops, Employment.unit_id))
        .where(sa.or_(Employment.ends_on.is_(None), Employment.ends_on >= today))
        .correlate(Person)
    )


def end_decision(session: Session, deed: Deed, tops: Tops, decision_id: int, last_day: dt.date) -> None:
    """Set its last day, which is done once; the same day again by the same person changes nothing. One that
    has not begun and ends before its first day holds on no day.

    Raises ``NotFound`` for what is out of reach, ``Invalid`` for a day that it cannot be, ``Conflict`` when
    it is over already."""
    if set_last_day(session, deed, tops, decision_id, last_day):
        journal.record(session, deed, EntryKind.ENDED_DECISION, decision=decision_id, on=last_day.isoformat())


def set_last_day(session: Session, deed: Deed, tops: Tops, decision_id: int, last_day: dt.date) -> bool:
    """Whether the day was set now, without the journal: what a preview sets and takes back. Raises as
    ``end_decision``."""
    decision = session.scalar(
        sa.select(TargetDecision).where(TargetDecision.id == decision_id, may_end(tops)).with_for_update()
    )
    if decision is None:
        raise NotFound(f"Det finns inget beslut {decision_id}.")
    if decision.ended_on == last_day and decision.ended_by == str(deed.actor):
        return False
    if decision.ended_on is not None or decision.recalled_at is not None:
        raise Conflict("Beslutet är redan avslutat.")
    if fault := decision_rules.end_fault(last_day, decision.ends_on, deed.today):
        raise Invalid(fault)
    decision.ended_on, decision.ended_at, decision.ended_by = last_day, deed.now, str(deed.actor)
    session.flush()
    return True


def may_end(tops: Tops) -> sa.ColumnElement[bool]:
    """A ``TargetDecision`` that lies within reach: its unit does. One about a person everywhere, or about one
    who is not named, is for who decides about everything."""
    unnamed = sa.exists().where(Person.id == TargetDecision.person_id, ~may_name(tops))
    return sa.and_(access.in_reach(tops, TargetDecision.unit_id), ~unnamed.correlate(TargetDecision))


def may_name(tops: Tops) -> sa.ColumnElement[bool]:
    """A ``Person`` whom who decides within these departments is told of by name (S52): VPC, who decides about
    everything, of everybody."""
    return protection.is_named(tops is None)
