"""Somebody who has left and whom every table that refers to persons knows, with words that are nobody
else's."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import clock
from elearn.identity.models import Invitation, LoginSession
from elearn.journal import actions as journal
from elearn.journal.models import EntryKind
from elearn.people.models import AccessGrant, OrgUnit, Person, UnitKind, UnitManager
from elearn.training.meeting_models import Meeting, MeetingAttendance, MeetingCompletion
from elearn.training.models import (
    Attempt,
    Completion,
    CompletionRecall,
    LessonCompletion,
    LessonDraft,
)
from tests import builders

TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
LEFT_ON = dt.date(2026, 10, 31)
FIRST, LAST, NUMBER, EMAIL = "Qvxhemma", "Zwolmark", "q-77431", "qzhem@kommun.example"
REASON = "Wqskäl"
CALLED = (FIRST, LAST, NUMBER, EMAIL, REASON)
OTHER = ("Bqjurist", "Kwzlund", "k-88542", "bqjur@kommun.example")


def town(session: Session) -> OrgUnit:
    """A unit, and in it somebody else, who decides, with the id 1."""
    above = builders.unit(session, "U", UnitKind.DEPARTMENT, name="Utbildningsförvaltningen")
    unit = builders.unit(session, "F1", parent=above, job_role="förskola", name="Förskolan Ängen")
    other = builders.person(session, *OTHER)
    builders.employ(session, other, unit, starts_on=dt.date(2020, 1, 1))
    builders.recognise(session, other, "forskola", dt.date(2026, 1, 2), dt.date(2028, 1, 2))
    return unit


def leaver(session: Session, unit: OrgUnit, ends_on: dt.date | None = LEFT_ON) -> Person:
    """``ends_on``: the last day of the one employment."""
    someone = builders.person(session, FIRST, LAST, NUMBER, EMAIL)
    someone.offered_on, someone.password_hash = dt.date(2025, 3, 1), "$argon2id$hemlig-hash"
    builders.employ(session, someone, unit, starts_on=dt.date(2025, 1, 1), ends_on=ends_on)
    id, by = someone.id, "person:1"
    attempt = _attempt(id)
    session.add(attempt)
    session.flush()
    own = Completion(
        person_id=id,
        course="forskola",
        course_title="Förskola",
        course_edition=1,
        course_hash="0" * 64,
        completed_on=dt.date(2025, 6, 1),
        valid_until=dt.date(2027, 6, 1),
        attempt_id=attempt.id,
        recorded_at=NOW,
    )
    recalled = builders.recognise(session, someone, "forskola", dt.date(2025, 5, 1), dt.date(2027, 5, 1))
    meeting = Meeting(
        title="Heldag",
        subjects=["könsstympning"],
        held_on=dt.date(2025, 5, 1),
        organiser="VPC",
        recorded_at=NOW,
        recorded_by=by,
    )
    session.add_all((own, meeting))
    session.flush()
    decision = builders.exempt(session, someone, ends_on=dt.date(2025, 2, 1), reason=REASON)
    decision.recorded_by, decision.decided_by = by, "Bqjurist Kwzlund, rektor"
    decision.recalled_at, decision.recalled_by, decision.recall_reason = NOW, by, REASON
    session.add_all(
        (
            CompletionRecall(completion_id=recalled.id, reason=REASON, recalled_by=by, recalled_at=NOW),
            MeetingCompletion(completion_id=recalled.id, ended_at=NOW),
            MeetingAttendance(meeting_id=meeting.id, person_id=id, recorded_at=NOW, recorded_by=by),
            LessonCompletion(
                person_id=id,
                course="forskola",
                lesson="gemensamt/start",
                edition=1,
                completed_on=dt.date(2025, 6, 1),
                completed_at=NOW,
            ),
            _draft(id),
            LoginSession(token_hash="hemligt-spår", person_id=id, began_at=NOW, ended_at=None),
            Invitation(person_id=id, code_hash="hemlig-kod", expires_at=NOW, created_by=by),
            AccessGrant(person_id=id, role="vpc", unit_id=None, granted_at=NOW, granted_by=by),
            UnitManager(unit_id=unit.id, person_id=id),
        )
    )
    session.flush()
    deed = builders.deed(clock.now(), TODAY)
    journal.record(session, deed, EntryKind.GRANTED_ROLE, person=id, role="vpc")
    journal.record(session, deed, EntryKind.HANDED_OUT_CODES, unit=unit.id, persons=f"1 {id}")
    return someone


def _attempt(person_id: int) -> Attempt:
    return Attempt(
        person_id=person_id,
        course="forskola",
        lesson="forskola/slutprov",
        number=1,
        edition=1,
        lesson_hash="1" * 64,
        right_count=9,
        asked_count=10,
        has_passed=True,
        submitted_on=dt.date(2025, 6, 1),
        submitted_at=NOW,
        answers={"fråga": [["", "valet"]]},
    )


def _draft(person_id: int) -> LessonDraft:
    return LessonDraft(
        person_id=person_id,
        lesson="gemensamt/start",
        course="forskola",
        number=1,
        answers={"utkastfråga": [["", "val"]]},
        first_answers={},
        kept_ids=[],
        asked_ids=[],
        has_read=False,
        place="rubrik",
        answers_due_at=NOW,
    )


def add_leaver(session: Session) -> int:
    """The leaver's id, in a town of their own."""
    return leaver(session, town(session)).id


def person_of(session: Session, id: int) -> Person:
    return session.scalars(sa.select(Person).where(Person.id == id)).one()
