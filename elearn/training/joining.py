"""Joining two numbers of one person (measure.md, "What an import does").

The row that has the history gets the new number, and what the other row has had time to get is moved to it:
a completion is never changed, so it cannot be moved.
"""

from typing import Any

import sqlalchemy as sa

from elearn.database import Session
from elearn.errors import Conflict, Invalid
from elearn.identity import ending, logins
from elearn.identity.models import Invitation
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people import offering, queries
from elearn.people.models import AccessGrant, Employment, Person, UnitManager
from elearn.people.queries import PersonRef
from elearn.swedish import folded
from elearn.training.meeting_models import MeetingAttendance, MeetingCompletion
from elearn.training.models import (
    Attempt,
    Completion,
    CompletionRecall,
    LessonCompletion,
    LessonDraft,
    TargetDecision,
)

# Without the number: a completion is never changed, and a number can be erased (S50).
OWN_COURSE = "Egen kurs, gjord med ett annat anställningsnummer"
ATTENDED = (MeetingAttendance.meeting_id, MeetingAttendance.withdrawn_at)


def join_persons(session: Session, deed: Deed, old_number: str, new_number: str) -> None:
    """Give the new number everything that the old one has: employments, attempts, completions, exemptions,
    grants, and the password unless the new one has its own. Sessions of both end. The old number is left with
    nothing.

    Raises ``NotFound``, ``Invalid`` for one number twice, and ``Conflict`` when the old number is still
    employed or the two share no name: it cannot be undone."""
    old, new = queries.person_by_number(session, old_number), queries.person_by_number(session, new_number)
    _refuse_two_persons(session, deed, old, new)
    kept_id, emptied_id = old.person_id, new.person_id
    _join_employments(session, kept_id, emptied_id)
    _join_attempts(session, kept_id, emptied_id)
    _join_lesson_completions(session, kept_id, emptied_id)
    _copy_completions(session, deed, kept_id, new)
    _move(session, TargetDecision, kept_id, emptied_id, ())
    _join_attendance(session, deed, kept_id, emptied_id)
    _move(session, AccessGrant, kept_id, emptied_id, (AccessGrant.role, AccessGrant.unit_id))
    _move(session, UnitManager, kept_id, emptied_id, (UnitManager.unit_id,))
    session.execute(sa.delete(UnitManager).where(UnitManager.person_id == emptied_id))
    _join_passwords(session, kept_id, emptied_id)
    _join_protection(session, kept_id, emptied_id)
    offering.join_offers(session, kept_id, emptied_id)
    logins.end_all_sessions(session, kept_id, deed.now)
    ending.end_access(session, deed, [emptied_id])
    _swap_numbers(session, old, new)
    journal.record(session, deed, EntryKind.JOINED_PERSONS, person=kept_id, emptied=emptied_id)


def _refuse_two_persons(session: Session, deed: Deed, old: PersonRef, new: PersonRef) -> None:
    if old.person_id == new.person_id:
        raise Invalid("Ange två olika anställningsnummer.")
    names = {folded(old.first_name), folded(old.last_name)} - {""}
    if names.isdisjoint({folded(new.first_name), folded(new.last_name)}):
        raise Conflict(
            f"{old.number} är {old.label} men {new.number} är {new.label}. De slås bara ihop när de har "
            "ett namn gemensamt."
        )
    going_on = sa.or_(Employment.ends_on.is_(None), Employment.ends_on >= deed.today)
    if session.scalar(sa.select(sa.exists().where(Employment.person_id == old.person_id, going_on))):
        raise Conflict(
            f"{old.number} har en anställning som inte är slut. Läs in personalen utan det numret först."
        )


def _join_employments(session: Session, kept_id: int, emptied_id: int) -> None:
    """One that both have, with the same unit, role and reported start, is one employment: it begins when the
    old one did, so that no past figure moves, and ends as the new one does."""
    held = {_place(job): job for job in session.scalars(_employments(kept_id))}
    for job in session.scalars(_employments(emptied_id)).all():
        same = held.get(_place(job))
        if same is None:
            job.person_id = kept_id
        else:
            same.ends_on, same.position, same.position_key = job.ends_on, job.position, job.position_key
            same.is_ended_by_import = job.is_ended_by_import
            session.delete(job)
    session.flush()


def _employments(person_id: int) -> sa.Select[Employment]:
    return sa.select(Employment).where(Employment.person_id == person_id)


def _place(job: Employment) -> tuple[object, ...]:
    return job.unit_id, folded(job.job_role), job.reported_from


def _join_attempts(session: Session, kept_id: int, emptied_id: int) -> None:
    """The old number's attempts at a lesson come first: the others are numbered after them. Counted before
    anything moves, since SQLite counts the rows that a statement has moved so far. What is begun and not sent
    begins again: its number would be another's."""
    session.execute(sa.delete(LessonDraft).where(LessonDraft.person_id.in_((kept_id, emptied_id))))
    counts = sa.select(Attempt.lesson, sa.func.count()).where(Attempt.person_id == kept_id)
    for lesson, count in session.execute(counts.group_by(Attempt.lesson)).all():
        later = sa.update(Attempt).where(Attempt.person_id == emptied_id, Attempt.lesson == lesson)
        _execute(session, later.values(person_id=kept_id, number=Attempt.number + count))
    _execute(session, sa.update(Attempt).where(Attempt.person_id == emptied_id).values(person_id=kept_id))


def _join_lesson_completions(session: Session, kept_id: int, emptied_id: int) -> None:
    """Of a lesson that both have done in one edition, the earlier completion stays."""
    rows = session.scalars(
        sa.select(LessonCompletion)
        .where(LessonCompletion.person_id.in_((kept_id, emptied_id)))
        .order_by(LessonCompletion.completed_at, LessonCompletion.id)
    ).all()
    first: dict[tuple[str, int], LessonCompletion] = {}
    for row in rows:
        if first.setdefault((row.lesson, row.edition), row) is not row:
            session.delete(row)
    session.flush()
    moved = sa.update(LessonCompletion).where(LessonCompletion.person_id == emptied_id)
    _execute(session, moved.values(person_id=kept_id))


def _copy_completions(session: Session, deed: Deed, kept_id: int, new: PersonRef) -> None:
    """Completions of the new number, from between the import and this, as recognised ones. Recalled ones, and
    those that are there already, are left."""
    recalled = sa.exists().where(CompletionRecall.completion_id == Completion.id)
    mine = sa.select(Completion).where(Completion.person_id == new.person_id, ~recalled)
    there = sa.select(Completion.course, Completion.completed_on, Completion.source).where(
        Completion.person_id == kept_id
    )
    held = {tuple(row) for row in session.execute(there)}
    from_meetings = set(session.scalars(sa.select(MeetingCompletion.completion_id)))
    for completion in session.scalars(mine.order_by(Completion.id)).all():
        source = completion.source or OWN_COURSE
        if (completion.course, completion.completed_on, source) in held:
            continue
        held.add((completion.course, completion.completed_on, source))
        copy = Completion(
            person_id=kept_id,
            course=completion.course,
            course_title=completion.course_title,
            course_edition=completion.course_edition,
            course_hash=completion.course_hash,
            completed_on=completion.completed_on,
            valid_until=completion.valid_until,
            source=source,
            recorded_at=deed.now,
            recorded_on=deed.today,
            recorded_by=str(deed.actor),
        )
        session.add(copy)
        session.flush()
        if completion.id in from_meetings:
            session.add(MeetingCompletion(completion_id=copy.id))
    session.flush()


def _join_attendance(session: Session, deed: Deed, kept_id: int, emptied_id: int) -> None:
    """Of a meeting that both attended, the new number's is taken back: the person was there once."""
    _move(session, MeetingAttendance, kept_id, emptied_id, ATTENDED)
    left = (MeetingAttendance.person_id == emptied_id, MeetingAttendance.withdrawn_at.is_(None))
    taken_back = {"withdrawn_at": deed.now, "withdrawn_by": str(deed.actor)}
    _execute(session, sa.update(MeetingAttendance).where(*left).values(taken_back))


def _move(
    session: Session,
    model: type[TargetDecision | AccessGrant | UnitManager | MeetingAttendance],
    kept_id: int,
    emptied_id: int,
    unique: tuple[sa.orm.InstrumentedAttribute[Any], ...],
) -> None:
    """Move the rows. One that is there already, alike in ``unique``, is left."""
    there = sa.orm.aliased(model)
    moved = sa.update(model).where(model.person_id == emptied_id)
    if unique:
        alike = (column.is_not_distinct_from(getattr(there, column.key)) for column in unique)
        moved = moved.where(~sa.exists().where(there.person_id == kept_id, *alike))
    _execute(session, moved.values(person_id=kept_id))


def _execute(session: Session, statement: sa.Update) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})


def _join_passwords(session: Session, kept_id: int, emptied_id: int) -> None:
    """The new number's own password, if it has one; else the old number's, and no invitation is needed."""
    own = session.scalar(sa.select(Person.password_hash).where(Person.id == emptied_id))
    if own is not None:
        session.execute(sa.update(Person).where(Person.id == kept_id).values(password_hash=own))
    has_password = session.scalar(sa.select(Person.password_hash.is_not(None)).where(Person.id == kept_id))
    session.execute(sa.delete(Invitation).where(Invitation.person_id == kept_id))
    if not has_password:
        invited = sa.update(Invitation).where(Invitation.person_id == emptied_id)
        _execute(session, invited.values(person_id=kept_id))


def _join_protection(session: Session, kept_id: int, emptied_id: int) -> None:
    """Whoever is protected under one of the numbers stays protected (S52)."""
    if session.scalar(sa.select(Person.is_protected).where(Person.id == emptied_id)):
        session.execute(sa.update(Person).where(Person.id == kept_id).values(is_protected=True))


def _swap_numbers(session: Session, old: PersonRef, new: PersonRef) -> None:
    """The row with the history gets the new number, and the name and address that the last import gave it."""
    free = f"{new.number} ({old.number})"  # no file may have such a number
    session.execute(sa.update(Person).where(Person.id == new.person_id).values(number=free))
    session.execute(
        sa.update(Person)
        .where(Person.id == old.person_id)
        .values(number=new.number, first_name=new.first_name, last_name=new.last_name, email=new.email)
    )
    emptied = sa.update(Person).where(Person.id == new.person_id)
    session.execute(emptied.values(number=old.number, email=None))
