"""The register of meetings: what is put in, what is withdrawn, what VPC recognises (measure.md, "Physical
training"). After each act the completions are settled."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.content.catalog import Catalog
from elearn.content.reading.lessons import SUBJECTS
from elearn.errors import Conflict, Forbidden, Invalid, NotFound
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people.models import Person
from elearn.training import meeting_credits, meeting_reach
from elearn.training.meeting_credits import Credits
from elearn.training.meeting_models import Meeting, MeetingAttendance, MeetingDepartment, MeetingRecognition
from elearn.training.meeting_reach import Reach

MEETINGS_LOCK = 0x6D6F74656E  # PostgreSQL's number for the lock: "moten" in ASCII
MOST_CHARACTERS = 200  # of a title, an organiser, a reason
TOO_LONG = f"Skriv kortare, högst {MOST_CHARACTERS} tecken."
NOTHING = Credits((), {})
UNSEEN = "Texten innehåller tecken som inte syns. Skriv den på nytt."
WITHDRAWN = "Mötet är borttaget. Ingenting har ändrats."


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A meeting as it is put in. ``departments``: their codes."""

    title: str
    held_on: dt.date
    organiser: str
    subjects: tuple[str, ...]
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttendanceOutcome:
    """Persons: those who are new, those who were there already; and what it gave and took."""

    new_count: int
    there_count: int
    credits: Credits


def take_turn(session: Session) -> None:
    """Wait until no other act on the register is under way: what it gives is read and then written. On SQLite
    a writing transaction is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(MEETINGS_LOCK)))


def register_meeting(session: Session, deed: Deed, reach: Reach, new: NewMeeting) -> int:
    """The meeting's id. One that is there already, alike in everything, is that one: a retry is harmless.

    Raises ``Invalid`` with every fault; a department out of reach is one that does not exist."""
    take_turn(session)
    units = {unit.code: unit.id for unit in session.scalars(meeting_reach.departments_in(reach, deed.today))}
    refuse_faults(faults(new, units, deed.today))
    unit_ids = {units[code] for code in new.departments}
    subjects = [subject for subject in SUBJECTS if subject in new.subjects]
    there = _alike(session, new, subjects, unit_ids)
    if there is not None:
        return there
    meeting = Meeting(
        title=new.title,
        subjects=subjects,
        held_on=new.held_on,
        organiser=new.organiser,
        recorded_at=deed.now,
        recorded_by=str(deed.actor),
    )
    session.add(meeting)
    session.flush()
    session.add_all(MeetingDepartment(meeting_id=meeting.id, unit_id=unit_id) for unit_id in unit_ids)
    session.flush()
    journal.record(session, deed, EntryKind.REGISTERED_MEETING, meeting=meeting.id)
    return meeting.id


def faults(new: NewMeeting, departments: Collection[str], today: dt.date) -> list[tuple[str, str]]:
    """(field, sentence) for each thing that is wrong. ``departments``: the codes in reach."""
    unknown = [code for code in new.departments if code not in departments]
    told = (
        ("titel", not new.title, "Skriv vad mötet hette."),
        ("titel", len(new.title) > MOST_CHARACTERS, TOO_LONG),
        ("titel", not new.title.isprintable(), UNSEEN),
        ("datum", new.held_on > today, "Dagen har inte varit än. Registrera mötet när det har hållits."),
        ("amne", not new.subjects, "Välj minst ett ämne."),
        ("amne", not set(new.subjects) <= set(SUBJECTS), f"Ämnena är {', '.join(SUBJECTS)}."),
        ("ordnat", not new.organiser, "Skriv vem som ordnade mötet."),
        ("ordnat", len(new.organiser) > MOST_CHARACTERS, TOO_LONG),
        ("ordnat", not new.organiser.isprintable(), UNSEEN),
        ("forvaltning", not new.departments, "Välj minst en förvaltning."),
        ("forvaltning", bool(unknown), f"Det finns ingen förvaltning med koden {', '.join(unknown)}."),
    )
    return [(field, sentence) for field, is_wrong, sentence in told if is_wrong]


def refuse_faults(found: Iterable[tuple[str, str]]) -> None:
    """Raise ``Invalid`` with every sentence, or return when there is none."""
    if sentences := [sentence for _field, sentence in found]:
        raise Invalid(*sentences)


def _alike(session: Session, new: NewMeeting, subjects: list[str], unit_ids: set[int]) -> int | None:
    same = sa.select(Meeting).where(
        Meeting.title == new.title,
        Meeting.held_on == new.held_on,
        Meeting.organiser == new.organiser,
        Meeting.withdrawn_at.is_(None),
    )
    for meeting in session.scalars(same.order_by(Meeting.id)):
        if meeting.subjects == subjects and _departments(session, meeting.id) == unit_ids:
            return meeting.id
    return None


def _departments(session: Session, meeting_id: int) -> set[int]:
    statement = sa.select(MeetingDepartment.unit_id).where(MeetingDepartment.meeting_id == meeting_id)
    return set(session.scalars(statement))


def withdraw_meeting(
    session: Session, deed: Deed, catalog: Catalog, reach: Reach, meeting_id: int, reason: str
) -> Credits:
    """Take a meeting out of every figure; one that is out already stays so: a retry is harmless. Raises as
    ``withdrawable`` does."""
    take_turn(session)
    if meeting_reach.meeting_in(session, reach, meeting_id).withdrawn_at is not None:
        return NOTHING
    meeting = withdrawable(session, reach, meeting_id)
    meeting.withdrawn_at, meeting.withdrawn_by = deed.now, str(deed.actor)
    meeting.withdrawal_reason = reason
    given = meeting_credits.settle(session, deed, catalog, meeting_credits.attendees(session, meeting_id))
    _record(session, deed, EntryKind.WITHDREW_MEETING, meeting_id, given)
    return given


def withdrawable(session: Session, reach: Reach, meeting_id: int) -> Meeting:
    """The meeting, in one's turn. Raises ``NotFound``, ``Conflict`` when it is withdrawn already,
    ``Forbidden`` when it was for others' departments too."""
    meeting = _held(session, reach, meeting_id)
    if not may_withdraw(reach, _departments(session, meeting_id)):
        raise Forbidden("Mötet var också för andra förvaltningar. Bara VPC kan ta bort det.")
    return meeting


def may_withdraw(reach: Reach, department_ids: Collection[int]) -> bool:
    """Whether a meeting for these departments was for nobody out of reach."""
    return reach is None or set(department_ids) <= set(reach)


def _held(session: Session, reach: Reach, meeting_id: int) -> Meeting:
    """The meeting, in one's turn. Raises ``NotFound``, or ``Conflict`` when it is withdrawn."""
    take_turn(session)
    meeting = meeting_reach.meeting_in(session, reach, meeting_id)
    if meeting.withdrawn_at is not None:
        raise Conflict(WITHDRAWN)
    return meeting


def record_attendance(
    session: Session, deed: Deed, catalog: Catalog, reach: Reach, meeting_id: int, person_ids: Iterable[int]
) -> AttendanceOutcome:
    """Record that these persons attended. Raises ``NotFound`` for a meeting or a person out of reach."""
    meeting = _held(session, reach, meeting_id)
    ids = sorted(set(person_ids))
    _refuse_out_of_reach(session, reach, meeting.held_on, ids)
    there = set(meeting_credits.attendees(session, meeting_id)).intersection(ids)
    new = [person_id for person_id in ids if person_id not in there]
    session.add_all(
        MeetingAttendance(
            meeting_id=meeting_id, person_id=person_id, recorded_at=deed.now, recorded_by=str(deed.actor)
        )
        for person_id in new
    )
    given = meeting_credits.settle(session, deed, catalog, new)
    if new:
        _record(session, deed, EntryKind.RECORDED_ATTENDANCE, meeting_id, given, count=len(new))
    return AttendanceOutcome(len(new), len(there), given)


def _refuse_out_of_reach(session: Session, reach: Reach, on: dt.date, ids: list[int]) -> None:
    reached = sa.select(sa.func.count()).select_from(Person)
    reached = reached.where(Person.id.in_(ids), meeting_reach.people_in(reach, on))
    if session.scalar(reached) != len(ids):
        raise NotFound


def withdraw_attendance(
    session: Session, deed: Deed, catalog: Catalog, reach: Reach, meeting_id: int, person_id: int
) -> Credits:
    """Take back that this person attended. Raises ``NotFound`` for who is out of reach or did not."""
    meeting = _held(session, reach, meeting_id)
    _refuse_out_of_reach(session, reach, meeting.held_on, [person_id])
    row = session.scalar(
        sa.select(MeetingAttendance).where(
            MeetingAttendance.meeting_id == meeting_id,
            MeetingAttendance.person_id == person_id,
            MeetingAttendance.withdrawn_at.is_(None),
        )
    )
    if row is None:
        raise NotFound
    row.withdrawn_at, row.withdrawn_by = deed.now, str(deed.actor)
    given = meeting_credits.settle(session, deed, catalog, [person_id])
    _record(session, deed, EntryKind.WITHDREW_ATTENDANCE, meeting_id, given, person=person_id)
    return given


def recognise_meeting(
    session: Session,
    deed: Deed,
    catalog: Catalog,
    meeting_id: int,
    subjects: Collection[str],
    reason: str,
) -> Credits:
    """VPC recognises the meeting in these subjects; those that it is recognised in already stay as they are.
    Raises ``NotFound``, ``Conflict``, and ``Invalid`` for a subject that it did not have, or for none."""
    meeting = _held(session, meeting_reach.EVERYTHING, meeting_id)
    refuse_subjects(meeting.subjects, subjects)
    there = meeting_credits.recognised(session).get(meeting_id, frozenset())
    new = [subject for subject in SUBJECTS if subject in subjects and subject not in there]
    session.add_all(
        MeetingRecognition(
            meeting_id=meeting_id,
            subject=subject,
            reason=reason,
            recorded_at=deed.now,
            recorded_by=str(deed.actor),
        )
        for subject in new
    )
    given = meeting_credits.settle(session, deed, catalog, meeting_credits.attendees(session, meeting_id))
    if new:
        _record(session, deed, EntryKind.RECOGNISED_MEETING, meeting_id, given, count=len(new))
    return given


def refuse_subjects(held: Collection[str], subjects: Collection[str]) -> None:
    """Raise ``Invalid`` for no subject, or for one that is not among those of the meeting, ``held``."""
    if not subjects:
        raise Invalid("Välj minst ett ämne.")
    if not set(subjects) <= set(held):
        raise Invalid(f"Välj bland mötets ämnen: {', '.join(held)}.")


def withdraw_recognition(
    session: Session, deed: Deed, catalog: Catalog, meeting_id: int, subject: str, reason: str
) -> Credits:
    """Take back that the meeting is recognised in this subject; what is taken back already stays so: a retry
    is harmless. Raises ``NotFound`` when it never was."""
    _held(session, meeting_reach.EVERYTHING, meeting_id)
    of_subject = (MeetingRecognition.meeting_id == meeting_id, MeetingRecognition.subject == subject)
    rows = session.scalars(sa.select(MeetingRecognition).where(*of_subject)).all()
    if not rows:
        raise NotFound
    row = next((row for row in rows if row.withdrawn_at is None), None)
    if row is None:
        return NOTHING
    row.withdrawn_at, row.withdrawn_by, row.withdrawal_reason = deed.now, str(deed.actor), reason
    given = meeting_credits.settle(session, deed, catalog, meeting_credits.attendees(session, meeting_id))
    _record(session, deed, EntryKind.WITHDREW_RECOGNITION, meeting_id, given)
    return given


def _record(
    session: Session, deed: Deed, kind: EntryKind, meeting_id: int, given: Credits, **more: int
) -> None:
    journal.record(
        session,
        deed,
        kind,
        meeting=meeting_id,
        completions=len(given.new),
        recalled=len(given.ended),
        **more,
    )
