"""Decisions about the target group as they are shown: those that hold, that are to come and that are over;
who decided what, and when. Reasons are for those who decide (S5)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from elearn import clock
from elearn.database import Session
from elearn.errors import NotFound
from elearn.people import access, queries
from elearn.people.models import Employment, OrgUnit, Person, full_name
from elearn.swedish import folded
from elearn.training.decision_actions import Tops, may_end, may_name
from elearn.training.models import TargetDecision

PAGE_LENGTH = 25


class DecisionState(StrEnum):
    """On a day. A decision that was taken back, or ended before it began, is over."""

    HOLDS = "holds"
    TO_COME = "to-come"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """A decision with the names that a reader needs. ``decided_by``: None = not known. ``last_day``: None =
    until it is ended. ``recorded_by`` and ``ended_by``: a person's name, or an operator's log-in name.
    ``may_end``: the reader may, and it is not over."""

    id: int
    unit_code: str | None
    unit_name: str | None
    person_id: int | None
    person_name: str | None
    covers_below: bool
    position: str | None
    is_included: bool
    job_role: str | None
    starts_on: dt.date | None
    last_day: dt.date | None
    reason: str
    decided_by: str | None
    recorded_on: dt.date
    recorded_by: str | None
    end_recorded_on: dt.date | None
    ended_by: str | None
    is_recalled: bool
    recall_reason: str | None
    state: DecisionState
    may_end: bool


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """``count``: of all that were asked for. ``number`` of ``page_count``, from 1."""

    decisions: tuple[ShownDecision, ...]
    count: int
    number: int
    page_count: int


LAST_DAY = sa.func.coalesce(TargetDecision.ended_on, TargetDecision.ends_on)


def state_is(state: DecisionState, on: dt.date) -> sa.ColumnElement[bool]:
    """A ``TargetDecision`` that is like this on the date."""
    stands = TargetDecision.recalled_at.is_(None)
    has_begun = sa.or_(TargetDecision.starts_on.is_(None), TargetDecision.starts_on <= on)
    is_empty = TargetDecision.starts_on > LAST_DAY
    lasts = sa.or_(LAST_DAY.is_(None), on <= LAST_DAY)
    holds = sa.and_(stands, has_begun, lasts)
    to_come = sa.and_(stands, ~has_begun, sa.or_(LAST_DAY.is_(None), ~is_empty))
    over = sa.and_(~holds, ~to_come)
    return {DecisionState.HOLDS: holds, DecisionState.TO_COME: to_come, DecisionState.OVER: over}[state]


def may_see(tops: Tops) -> sa.ColumnElement[bool]:
    """A ``TargetDecision`` within reach, and one about a person everywhere who has worked there: but not
    about a person who is not named (S52)."""
    if tops is None:
        return sa.true()
    worked = (
        sa.exists()
        .where(Employment.person_id == TargetDecision.person_id, access.in_reach(tops, Employment.unit_id))
        .where(Person.id == TargetDecision.person_id, may_name(tops))
    )
    everywhere = sa.and_(TargetDecision.unit_id.is_(None), worked.correlate(TargetDecision))
    return sa.or_(may_end(tops), everywhere)


def decision_page(
    session: Session, tops: Tops, on: dt.date, state: DecisionState, text: str, number: int
) -> DecisionPage:
    """Those that are in a state on the date, newest first, a page at a time. ``text``: part of a unit's name
    or code; empty: any."""
    conditions = [may_see(tops), state_is(state, on)]
    if text.strip():
        conditions.append(TargetDecision.unit_id.in_(_named(session, tops, text)))
    count = session.scalar(sa.select(sa.func.count()).select_from(TargetDecision).where(*conditions)) or 0
    page_count = max(1, -(-count // PAGE_LENGTH))
    shown = min(max(1, number), page_count)
    listed = _select(tops).where(*conditions).order_by(*_NEWEST)
    rows = session.execute(listed.limit(PAGE_LENGTH).offset((shown - 1) * PAGE_LENGTH)).all()
    return DecisionPage(_shown(session, tops, rows, on), count, shown, page_count)


def decision(session: Session, tops: Tops, on: dt.date, id: int) -> ShownDecision:
    """One of them. Raises ``NotFound`` for what is out of reach, as for what does not exist (S3)."""
    rows = session.execute(_select(tops).where(TargetDecision.id == id, may_see(tops))).all()
    if not rows:
        raise NotFound
    return _shown(session, tops, rows, on)[0]


def about(
    session: Session, tops: Tops, on: dt.date, condition: sa.ColumnElement[bool], most: int
) -> tuple[ShownDecision, ...]:
    """The newest that fulfil a condition and are not over."""
    is_over = state_is(DecisionState.OVER, on)
    asked = _select(tops).where(may_see(tops), condition, ~is_over).order_by(*_NEWEST).limit(most)
    return _shown(session, tops, session.execute(asked).all(), on)


def _named(session: Session, tops: Tops, text: str) -> list[int]:
    """Ids of the units in reach with this in their name or code: compared here, since the engines fold å, ä
    and ö each in their way."""
    asked = folded(text)
    rows = session.execute(sa.select(OrgUnit.id, OrgUnit.code, OrgUnit.name).where(access.in_reach(tops)))
    return [id for id, code, name in rows if asked in folded(name) or asked in folded(code)]


_NEWEST = (TargetDecision.recorded_at.desc(), TargetDecision.id.desc())


def _select(tops: Tops) -> sa.Select[Any]:
    names: tuple[Any, ...] = (OrgUnit.code, OrgUnit.name, Person.first_name, Person.last_name)
    return (
        sa.select(TargetDecision, *names, may_end(tops).label("is_own"))
        .outerjoin(OrgUnit, OrgUnit.id == TargetDecision.unit_id)
        .outerjoin(Person, Person.id == TargetDecision.person_id)
    )


def _shown(
    session: Session, tops: Tops, rows: Sequence[sa.Row[Any]], on: dt.date
) -> tuple[ShownDecision, ...]:
    actors = {actor for row in rows for actor in (row[0].recorded_by, row[0].ended_by)}
    names = queries.actors_in_words(session, filter(None, actors), sees_protected=tops is None)
    return tuple(_one(row, names, on) for row in rows)


def _one(found: sa.Row[Any], names: Mapping[str, str], on: dt.date) -> ShownDecision:
    row: TargetDecision = found[0]
    state = _state_of(row, on)
    by_person = (row.recorded_by or "").startswith("person:")
    return ShownDecision(
        id=row.id,
        unit_code=found.code,
        unit_name=found.name,
        person_id=row.person_id,
        person_name=full_name(found.first_name, found.last_name) if row.person_id else None,
        covers_below=row.covers_below,
        position=row.position,
        is_included=row.is_included,
        job_role=row.job_role,
        starts_on=row.starts_on,
        last_day=row.ended_on or row.ends_on,
        reason=row.reason,
        decided_by=row.decided_by or (names[row.recorded_by or ""] if by_person else None),
        recorded_on=clock.day_of(row.recorded_at),
        recorded_by=names.get(row.recorded_by or ""),
        end_recorded_on=clock.day_of(row.ended_at) if row.ended_at else None,
        ended_by=names.get(row.ended_by or ""),
        is_recalled=row.recalled_at is not None,
        recall_reason=row.recall_reason,
        state=state,
        may_end=bool(found.is_own) and state != DecisionState.OVER and row.ended_on is None,
    )


def _state_of(row: TargetDecision, on: dt.date) -> DecisionState:
    """``state_is`` of a row that has been read."""
    last_day = row.ended_on or row.ends_on
    starts_on = row.starts_on or dt.date.min
    if row.recalled_at is not None or (last_day and (last_day < on or last_day < starts_on)):
        return DecisionState.OVER
    return DecisionState.HOLDS if starts_on <= on else DecisionState.TO_COME
