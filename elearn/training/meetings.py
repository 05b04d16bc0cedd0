"""The register of meetings as its pages show it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import clock, swedish
from elearn.content.catalog import Catalog
from elearn.people import access, org_tree, queries
from elearn.people.models import Employment, OrgUnit, Person, full_name
from elearn.training import meeting_actions, meeting_credits, meeting_reach
from elearn.training.meeting_models import Meeting, MeetingAttendance, MeetingDepartment, MeetingRecognition
from elearn.training.meeting_reach import Reach

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Department:
    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in the list. ``attendee_count``: of the people in reach; ``recognised``: the subjects."""

    id: int
    title: str
    held_on: dt.date
    organiser: str
    subjects: tuple[str, ...]
    departments: tuple[Department, ...]
    recognised: frozenset[str]
    attendee_count: int
    withdrawn_on: dt.date | None
    withdrawal_reason: str | None


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody in reach who attended. ``place``: where they worked on that day, "" if nowhere."""

    person_id: int
    number: str
    name: str
    place: str
    is_protected: bool


@dataclass(frozen=True, slots=True)
class Recognition:
    """``decided_by``: a name, or how the operator is called on the machine."""

    subject: str
    reason: str
    decided_on: dt.date
    decided_by: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting with who in reach attended, and its recognitions. ``unnamed_count``: of those who attended
    and whose names the reader is not shown. ``counts``: of all who attended, by the name of each department
    in reach where they worked on that day, a person in two of them in both."""

    meeting: MeetingRow
    attendees: tuple[Attendee, ...]
    unnamed_count: int
    counts: tuple[tuple[str, int], ...]
    recognitions: tuple[Recognition, ...]
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act would do, in persons: how many get a course recognised, how many lose one."""

    given_count: int
    lost_count: int


def departments(session: Session, reach: Reach, on: dt.date) -> tuple[Department, ...]:
    """Those in reach that are open, in Swedish order."""
    rows = session.scalars(meeting_reach.departments_in(reach, on))
    return _in_order(Department(row.id, row.code, row.name) for row in rows)


def _in_order(found: Iterable[Department]) -> tuple[Department, ...]:
    return tuple(sorted(found, key=lambda one: (swedish.sort_key(one.name), one.code)))


def meeting_list(session: Session, reach: Reach) -> tuple[MeetingRow, ...]:
    """Those in reach, the newest first; withdrawn ones stay in it."""
    statement = sa.select(Meeting).where(meeting_reach.meetings_in(reach))
    found = session.scalars(statement.order_by(Meeting.held_on.desc(), Meeting.id.desc())).all()
    return _rows(session, reach, found)


def _rows(session: Session, reach: Reach, found: Iterable[Meeting]) -> tuple[MeetingRow, ...]:
    meetings = list(found)
    ids = [meeting.id for meeting in meetings]
    recognised = meeting_credits.recognised(session)
    places, counts = _departments(session, ids), _counts(session, reach, ids)
    return tuple(
        MeetingRow(
            one.id,
            one.title,
            one.held_on,
            one.organiser,
            tuple(one.subjects),
            places.get(one.id, ()),
            recognised.get(one.id, frozenset()),
            counts.get(one.id, 0),
            clock.day_of(one.withdrawn_at) if one.withdrawn_at else None,
            one.withdrawal_reason,
        )
        for one in meetings
    )


def _departments(session: Session, ids: list[int]) -> Mapping[int, tuple[Department, ...]]:
    rows = session.execute(
        sa.select(MeetingDepartment.meeting_id, OrgUnit.id, OrgUnit.code, OrgUnit.name)
        .join(OrgUnit, OrgUnit.id == MeetingDepartment.unit_id)
        .where(MeetingDepartment.meeting_id.in_(ids))
    )
    found: dict[int, list[Department]] = {}
    for meeting_id, id, code, name in rows:
        found.setdefault(meeting_id, []).append(Department(id, code, name))
    return {meeting_id: _in_order(places) for meeting_id, places in found.items()}


def _counts(session: Session, reach: Reach, ids: list[int]) -> dict[int, int]:
    """How many in reach attended each meeting."""
    statement = (
        sa.select(MeetingAttendance.meeting_id, sa.func.count())
        .join(Meeting, Meeting.id == MeetingAttendance.meeting_id)
        .where(MeetingAttendance.withdrawn_at.is_(None), MeetingAttendance.meeting_id.in_(ids))
        .group_by(MeetingAttendance.meeting_id)
    )
    if reach is not None:
        worked = sa.select(Employment.id).join(OrgUnit, OrgUnit.id == Employment.unit_id)
        worked = worked.where(
            Employment.person_id == MeetingAttendance.person_id,
            access.in_reach(reach),
            access.is_active(Meeting.held_on),
        )
        statement = statement.where(worked.exists())
    return {meeting_id: count for meeting_id, count in session.execute(statement)}  # noqa: C416


def meeting_page(session: Session, reach: Reach, meeting_id: int) -> MeetingPage:
    """Raises ``NotFound`` for a meeting out of reach, as for one that does not exist (S3)."""
    meeting = meeting_reach.meeting_in(session, reach, meeting_id)
    [row] = _rows(session, reach, [meeting])
    attended = _attended(session, reach, meeting)
    return MeetingPage(
        row,
        attended,
        row.attendee_count - len(attended),
        _by_department(session, reach, meeting),
        _recognitions(session, reach, meeting_id),
        meeting_actions.may_withdraw(reach, [place.id for place in row.departments]),
    )


def _attended(session: Session, reach: Reach, meeting: Meeting) -> tuple[Attendee, ...]:
    ids = sa.select(MeetingAttendance.person_id).where(
        MeetingAttendance.meeting_id == meeting.id, MeetingAttendance.withdrawn_at.is_(None)
    )
    which = sa.and_(Person.id.in_(ids), meeting_reach.may_name(reach))
    return _people(session, reach, meeting.held_on, which)


def _people(
    session: Session, reach: Reach, on: dt.date, which: sa.ColumnElement[bool]
) -> tuple[Attendee, ...]:
    """Those in reach, with the units where they worked on the date, by name in Swedish order."""
    works = sa.and_(Employment.person_id == Person.id, access.is_active(on))
    at = sa.and_(OrgUnit.id == Employment.unit_id, access.in_reach(reach))
    is_anybody = reach is None  # also who worked nowhere on that day
    rows = session.execute(
        sa.select(
            Person.id,
            Person.number,
            Person.first_name,
            Person.last_name,
            Person.is_protected,
            OrgUnit.name,
        )
        .join(Employment, works, isouter=is_anybody)
        .join(OrgUnit, at, isouter=is_anybody)
        .where(which)
    ).all()
    places: dict[int, set[str]] = {}
    for row in rows:
        places.setdefault(row.id, set()).update([row.name] if row.name else ())
    found = {
        row.id: Attendee(
            row.id,
            row.number,
            full_name(row.first_name, row.last_name),
            ", ".join(sorted(places[row.id], key=swedish.sort_key)),
            row.is_protected,
        )
        for row in rows
    }
    return tuple(sorted(found.values(), key=lambda one: (swedish.sort_key(one.name), one.number)))


def _by_department(session: Session, reach: Reach, meeting: Meeting) -> tuple[tuple[str, int], ...]:
    person_ids = meeting_credits.attendees(session, meeting.id)
    closure = org_tree.closure()
    statement = (
        sa.select(OrgUnit.name, sa.func.count(Employment.person_id.distinct()))
        .select_from(Employment)
        .join(closure, closure.c.unit_id == Employment.unit_id)
        .join(OrgUnit, OrgUnit.id == closure.c.ancestor_id)
        .where(Employment.person_id.in_(person_ids), access.is_active(meeting.held_on))
        .where(OrgUnit.parent_id.is_(None))
        .group_by(OrgUnit.id, OrgUnit.name)
    )
    if reach is not None:
        statement = statement.where(OrgUnit.id.in_(reach))
    rows = [(name, count) for name, count in session.execute(statement)]
    return tuple(sorted(rows, key=lambda row: swedish.sort_key(row[0])))


def _recognitions(session: Session, reach: Reach, meeting_id: int) -> tuple[Recognition, ...]:
    rows = session.scalars(
        sa.select(MeetingRecognition)
        .where(MeetingRecognition.meeting_id == meeting_id, MeetingRecognition.withdrawn_at.is_(None))
        .order_by(MeetingRecognition.id)
    ).all()
    actors = {row.recorded_by for row in rows}
    names = queries.actors_in_words(session, actors, sees_protected=reach is None)
    return tuple(
        Recognition(row.subject, row.reason, clock.day_of(row.recorded_at), names[row.recorded_by])
        for row in rows
    )


def find_people(session: Session, reach: Reach, meeting_id: int, text: str) -> tuple[Attendee, ...]:
    """Those in reach whose number begins with the text, or whose name has every word of it; the first of
    them. Compared here and not by the engine, since neither folds å, ä and ö alike."""
    meeting = meeting_reach.meeting_in(session, reach, meeting_id)
    words = swedish.folded(text).split()
    if not words:
        return ()
    employed = sa.exists().where(Employment.person_id == Person.id, access.is_active(meeting.held_on))
    reached = sa.and_(employed, meeting_reach.people_in(reach, meeting.held_on))
    rows = session.execute(
        sa.select(Person.id, Person.number, Person.first_name, Person.last_name).where(reached)
    )
    found = [
        (swedish.sort_key(f"{first} {last}"), id)
        for id, number, first, last in rows
        if _fits(words, number, f"{first} {last}")
    ]
    ids = [id for _name, id in sorted(found)[:MOST_FOUND]]
    return _people(session, reach, meeting.held_on, Person.id.in_(ids))


def _fits(words: list[str], number: str, name: str) -> bool:
    names = swedish.folded(name).split()
    return (len(words) == 1 and swedish.folded(number).startswith(words[0])) or all(
        any(part.startswith(word) for part in names) for word in words
    )


def preview(
    session: Session, catalog: Catalog, meeting_id: int, subjects: Iterable[str], *, is_recognised: bool
) -> Preview:
    """What recognising the meeting in these subjects, or no longer, would give and take."""
    recognised = meeting_credits.recognised(session)
    there = recognised.get(meeting_id, frozenset())
    chosen = frozenset(subjects)
    changed = recognised | {meeting_id: there | chosen if is_recognised else there - chosen}
    due = meeting_credits.planned(session, catalog, meeting_credits.attendees(session, meeting_id), changed)
    return Preview(
        len({credit.person_id for credit in due.new}),
        len({credit.person_id for credit in due.ended.values()}),
    )
