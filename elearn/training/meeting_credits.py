"""The completions that recognised meetings give, compared with those that they have given (measure.md,
"Physical training", rules 4-7)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.content.catalog import Catalog
from elearn.journal.deed import Deed
from elearn.people.models import Employment
from elearn.training import curriculum, obligations
from elearn.training.meeting_days import completion_days
from elearn.training.meeting_models import Meeting, MeetingAttendance, MeetingCompletion, MeetingRecognition
from elearn.training.models import Completion, CompletionRecall
from elearn.training.obligations import Scope
from elearn.training.recognition_actions import completion_values

SOURCE = "Fysiska utbildningar"
NO_LONGER = "Mötena täcker inte längre alla tre ämnena"
SOME_PERSONS = Scope(Employment.person_id.in_(sa.bindparam("person_ids", type_=sa.Integer, expanding=True)))

Recognised: TypeAlias = Mapping[int, frozenset[str]]  # by a meeting's id: the subjects it is recognised in


@dataclass(frozen=True, slots=True)
class Credit:
    """One course for one person, completed on a day by meetings."""

    person_id: int
    course: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Credits:
    """What is lacking, and the completions that hold no more: ids by their credit."""

    new: tuple[Credit, ...]
    ended: Mapping[int, Credit]


@dataclass(frozen=True, slots=True)
class _Given:
    """A recognised completion of any source. ``is_ours``: meetings gave it."""

    id: int
    credit: Credit
    source: str
    is_ours: bool
    is_ended: bool
    is_recalled: bool


def recognised(session: Session) -> dict[int, frozenset[str]]:
    """The subjects in which each meeting is recognised today. What is withdrawn is not here."""
    rows = session.execute(
        sa.select(MeetingRecognition.meeting_id, MeetingRecognition.subject)
        .join(Meeting, Meeting.id == MeetingRecognition.meeting_id)
        .where(Meeting.withdrawn_at.is_(None), MeetingRecognition.withdrawn_at.is_(None))
    )
    found: dict[int, frozenset[str]] = {}
    for meeting_id, subject in rows:
        found[meeting_id] = found.get(meeting_id, frozenset()) | {subject}
    return found


def attendees(session: Session, meeting_id: int) -> list[int]:
    """Ids of everybody whose attendance of this meeting holds."""
    statement = sa.select(MeetingAttendance.person_id).where(
        MeetingAttendance.meeting_id == meeting_id, MeetingAttendance.withdrawn_at.is_(None)
    )
    return list(session.scalars(statement.order_by(MeetingAttendance.person_id)))


def planned(session: Session, catalog: Catalog, person_ids: Iterable[int], recognised: Recognised) -> Credits:
    """What these persons would get and lose if the meetings were recognised in these subjects."""
    ids = sorted(set(person_ids))
    days = _days(session, ids, recognised)
    given = _given(session, ids)
    held = {one.credit for one in given if one.is_ours and not one.is_ended}
    wanted = _wanted(session, catalog, days)
    ended = {
        one.id: one.credit
        for one in given
        if one.is_ours
        and not (one.is_ended or one.is_recalled)
        and one.credit.day not in days.get(one.credit.person_id, ())
    }
    return Credits(tuple(credit for credit in wanted if credit not in held), ended)


def _days(session: Session, ids: list[int], recognised: Recognised) -> dict[int, tuple[dt.date, ...]]:
    """By person the days of rule 3, without those who have none."""
    rows = session.execute(
        sa.select(MeetingAttendance.person_id, Meeting.held_on, Meeting.id)
        .join(Meeting, Meeting.id == MeetingAttendance.meeting_id)
        .where(MeetingAttendance.withdrawn_at.is_(None), Meeting.withdrawn_at.is_(None))
        .where(MeetingAttendance.person_id.in_(ids))
    )
    attended: dict[int, list[tuple[dt.date, frozenset[str]]]] = {}
    for person_id, held_on, meeting_id in rows:
        if meeting_id in recognised:
            attended.setdefault(person_id, []).append((held_on, recognised[meeting_id]))
    return {
        person_id: days for person_id, meetings in attended.items() if (days := completion_days(meetings))
    }


def _wanted(
    session: Session, catalog: Catalog, days: Mapping[int, tuple[dt.date, ...]]
) -> tuple[Credit, ...]:
    """A credit for each person, day and course that the person's jobs on that day require."""
    by_day: dict[dt.date, list[int]] = {}
    for person_id, completed in days.items():
        for day in completed:
            by_day.setdefault(day, []).append(person_id)
    if not by_day:
        return ()
    duty = obligations.obligations(curriculum.from_catalog(catalog), SOME_PERSONS)
    statement = sa.select(duty.c.person_id, duty.c.course).where(duty.c.course.is_not(None)).distinct()
    return tuple(
        Credit(person_id, course, day)
        for day, ids in sorted(by_day.items())
        for person_id, course in sorted(
            (row.person_id, row.course) for row in session.execute(statement, {"on": day, "person_ids": ids})
        )
    )


def _given(session: Session, ids: list[int]) -> list[_Given]:
    rows = session.execute(
        sa.select(
            Completion.id,
            Completion.person_id,
            Completion.course,
            Completion.completed_on,
            Completion.source,
            MeetingCompletion.completion_id,
            MeetingCompletion.ended_at,
            CompletionRecall.completion_id.label("recall_id"),
        )
        .outerjoin(MeetingCompletion, MeetingCompletion.completion_id == Completion.id)
        .outerjoin(CompletionRecall, CompletionRecall.completion_id == Completion.id)
        .where(Completion.person_id.in_(ids), Completion.source.is_not(None))
        .order_by(Completion.id)
    )
    return [_read(row) for row in rows]


def _read(row: sa.Row[*tuple[Any, ...]]) -> _Given:
    return _Given(
        row.id,
        Credit(row.person_id, row.course, row.completed_on),
        row.source,
        is_ours=row.completion_id is not None,
        is_ended=row.ended_at is not None,
        is_recalled=row.recall_id is not None,
    )


def settle(session: Session, deed: Deed, catalog: Catalog, person_ids: Iterable[int]) -> Credits:
    """Record what these persons lack and recall what they hold no more. Done again, it changes nothing."""
    session.flush()
    ids = sorted(set(person_ids))
    due = planned(session, catalog, ids, recognised(session))
    sources = {(one.credit, one.source) for one in _given(session, ids)}
    for credit in due.new:
        values = completion_values(
            deed,
            credit.person_id,
            catalog.courses[credit.course],
            credit.day,
            _free_source(credit, sources),
        )
        completion = Completion(**values)
        session.add(completion)
        session.flush()
        session.add(MeetingCompletion(completion_id=completion.id))
    for id in due.ended:
        session.add(
            CompletionRecall(
                completion_id=id,
                reason=NO_LONGER,
                recalled_by=str(deed.actor),
                recalled_at=deed.now,
                recalled_on=deed.today,
            )
        )
        session.get_one(MeetingCompletion, id).ended_at = deed.now
    session.flush()
    return due


def _free_source(credit: Credit, taken: set[tuple[Credit, str]]) -> str:
    """One that this person, course and day has not had: a completion that ended keeps its own."""
    number, source = 1, SOURCE
    while (credit, source) in taken:
        number += 1
        source = f"{SOURCE} ({number})"
    return source
