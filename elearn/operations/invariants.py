"""What must hold of the rows, whoever wrote them: every place where it does not is a Swedish sentence (S37).

Each rule is a select of what breaks it. Rows are named by their ids, never by a person's name.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from elearn.database import Base, Session
from elearn.identity.logins import CLOCK_SKEW
from elearn.identity.models import LoginSession
from elearn.journal import chain
from elearn.journal import queries as journal
from elearn.journal.models import JournalEntry
from elearn.operations import joined
from elearn.people.models import AccessGrant, Employment, OrgUnit
from elearn.reports import measurements
from elearn.reports.models import ChangeCount
from elearn.training.meeting_models import (
    Meeting,
    MeetingAttendance,
    MeetingCompletion,
    MeetingRecognition,
    StaffMeeting,
)
from elearn.training.models import Attempt, Completion, CompletionRecall, LessonCompletion, TargetDecision

SHOWN_IDS = 5
SHOWN_FAULTS = 10
TIDY_LATE = dt.timedelta(days=2)  # ``elearn tidy`` runs once a day
NO_FUTURE = (
    Attempt.submitted_at,
    LessonCompletion.completed_at,
    Completion.recorded_at,
    LoginSession.began_at,
    JournalEntry.recorded_at,
)
# What is set together: the moment and whoever decided it.
TOGETHER = (
    (TargetDecision.ended_on, TargetDecision.ended_at),
    (TargetDecision.ended_at, TargetDecision.ended_by),
    (TargetDecision.recalled_at, TargetDecision.recalled_by),
    (Meeting.withdrawn_at, Meeting.withdrawn_by),
    (MeetingAttendance.withdrawn_at, MeetingAttendance.withdrawn_by),
    (MeetingRecognition.withdrawn_at, MeetingRecognition.withdrawn_by),
    (StaffMeeting.recalled_at, StaffMeeting.recalled_by),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """``broken`` selects the id of each row that breaks it; ``what`` says so in Swedish, before the ids."""

    what: str
    broken: sa.Select[Any]


def findings(session: Session, now: dt.datetime) -> Iterator[str]:
    """Everything that does not hold in this snapshot: one sentence for each kind, none when all is well."""
    completions = _completions(joined.groups(session))
    for rule in (*_references(), *completions, *_recalls(), *_people(), *_moments(now)):
        if told := _told(session, rule):
            yield told
    yield from _circles(session)
    yield from _counts(session)
    yield from chain_findings(session)
    yield from (fault for check in measurements.check(session) for fault in check.faults)


def chain_findings(session: Session) -> list[str]:
    """What is wrong with the journal's chain, the first few places."""
    faults = chain.faults(journal.entries(session))
    more = [f"Journalen har {len(faults) - SHOWN_FAULTS} fel till."] if len(faults) > SHOWN_FAULTS else []
    return [f"Journalen: {fault}" for fault in faults[:SHOWN_FAULTS]] + more


def _told(session: Session, rule: Rule) -> str | None:
    broken = rule.broken.subquery()
    count = session.scalar(sa.select(sa.func.count()).select_from(broken))
    if not count:
        return None
    id = broken.columns[0]
    shown = session.scalars(sa.select(id).order_by(id).limit(SHOWN_IDS)).all()
    ids = ", ".join(map(str, shown)) + (" …" if count > SHOWN_IDS else "")
    return f"{rule.what}. Antal: {count}. Rader: {ids}."


def _references() -> Iterator[Rule]:
    """Every reference leads to a row, whatever the engine has been told to overlook."""
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            target = key.column.table.alias()
            is_there = sa.exists().where(target.c[key.column.name] == key.parent)
            broken = sa.select(key.parent).where(key.parent.is_not(None), ~is_there)
            what = f"{table.name}.{key.parent.name} pekar på rader i {key.column.table.name} som inte finns"
            yield Rule(what, broken)


def _completions(joinings: Iterable[tuple[int, ...]]) -> Iterator[Rule]:
    """``joinings``: the ids of rows that are one person. A completion cannot be moved when two numbers are
    joined, and its attempt is."""
    one_person = [sa.and_(Attempt.person_id.in_(ids), Completion.person_id.in_(ids)) for ids in joinings]
    of_attempt = sa.select(Completion.id).join(Attempt, Attempt.id == Completion.attempt_id)
    yield Rule(
        "Genomförda kurser (completion) vars försök är någon annans, en annan kurs eller inte godkänt",
        of_attempt.where(
            sa.or_(
                sa.and_(Attempt.person_id != Completion.person_id, ~sa.or_(sa.false(), *one_person)),
                Attempt.course != Completion.course,
                Attempt.has_passed.is_(False),
            )
        ),
    )
    yield Rule(
        "Genomförda kurser (completion) från före sitt försök",
        of_attempt.where(
            sa.or_(
                Completion.completed_on < Attempt.submitted_on,
                Completion.recorded_at < Attempt.submitted_at,
            )
        ),
    )
    yield Rule(
        "Genomförda kurser (completion) med varken försök eller källa, eller med båda",
        sa.select(Completion.id).where(Completion.attempt_id.is_(None) == Completion.source.is_(None)),
    )
    twice = sa.select(Completion.attempt_id).group_by(Completion.attempt_id)
    yield Rule(
        "Försök (attempt) som har gett mer än en genomförd kurs",
        twice.where(Completion.attempt_id.is_not(None)).having(sa.func.count() > 1),
    )
    yield Rule(
        "Försök (attempt) med fler rätt än frågor",
        sa.select(Attempt.id).where(
            sa.or_(Attempt.right_count < 0, Attempt.right_count > Attempt.asked_count)
        ),
    )


def _recalls() -> Iterator[Rule]:
    yield Rule(
        "Återkallelser (completion_recall) från före det som återkallas",
        sa.select(Completion.id)
        .join(CompletionRecall, CompletionRecall.completion_id == Completion.id)
        .where(CompletionRecall.recalled_at < Completion.recorded_at),
    )
    recalled = sa.exists().where(CompletionRecall.completion_id == MeetingCompletion.completion_id)
    yield Rule(
        "Kurser från möten som inte gäller längre men inte är återkallade (meeting_completion)",
        sa.select(MeetingCompletion.completion_id).where(MeetingCompletion.ended_at.is_not(None), ~recalled),
    )
    for first, second in TOGETHER:
        yield Rule(
            f"{first.class_.__tablename__}: bara en av {first.key} och {second.key} är satt",
            sa.select(first.class_.id).where(first.is_(None) != second.is_(None)),
        )


def _people() -> Iterator[Rule]:
    other = aliased(Employment)
    last = sa.literal(dt.date.max, sa.Date)
    yield Rule(
        "Anställningar (employment) som slutar före sin första dag",
        sa.select(Employment.id).where(Employment.ends_on < Employment.starts_on),
    )
    same = [
        other.person_id == Employment.person_id,
        other.unit_id == Employment.unit_id,
        sa.func.coalesce(other.job_role, "") == sa.func.coalesce(Employment.job_role, ""),
        other.reported_from == Employment.reported_from,
    ]
    yield Rule(
        "Anställningar (employment) som finns två gånger samma dagar",
        sa.select(Employment.id)
        .join(other, sa.and_(other.id < Employment.id, *same))
        .where(
            Employment.starts_on <= sa.func.coalesce(other.ends_on, last),
            other.starts_on <= sa.func.coalesce(Employment.ends_on, last),
        )
        .distinct(),
    )
    ever_employed = sa.exists().where(Employment.person_id == AccessGrant.person_id)
    yield Rule(
        "Behörigheter (access_grant) för någon som aldrig har varit anställd",
        sa.select(AccessGrant.id).where(~ever_employed),
    )


def _moments(now: dt.datetime) -> Iterator[Rule]:
    for moment in NO_FUTURE:
        yield Rule(
            f"{moment.class_.__tablename__}.{moment.key} ligger i framtiden: datorns klocka har gått fel",
            sa.select(moment.class_.id).where(moment > now + CLOCK_SKEW),
        )
    yield Rule(
        "Svar (attempt.answers) vars tid är ute finns kvar: elearn tidy har inte körts",
        sa.select(Attempt.id).where(Attempt.answers.is_not(None), Attempt.answers_due_at < now - TIDY_LATE),
    )


def _circles(session: Session) -> Iterator[str]:
    """Units that lie below themselves: no walk of the tree would end."""
    above = {row.id: row.parent_id for row in session.execute(sa.select(OrgUnit.id, OrgUnit.parent_id))}
    safe: set[int | None] = {None}
    circles: set[int] = set()
    for start in above:
        way: dict[int, None] = {}
        at: int | None = start
        while at is not None and at not in safe and at not in way:
            way[at] = None
            at = above.get(at)
        if at is not None and at in way:
            passed = list(way)
            circles.update(passed[passed.index(at) :])
        safe.update(way)
    if circles:
        ids = ", ".join(map(str, sorted(circles)[:SHOWN_IDS]))
        yield f"Enheter (org_unit) ligger under sig själva. Antal: {len(circles)}. Rader: {ids}."


def _counts(session: Session) -> Iterator[str]:
    slots = session.scalars(sa.select(ChangeCount.count)).all()
    if not slots or min(slots) < 0:
        yield "change_count saknar rader eller är negativ: siffror kan visas som inte stämmer längre."
