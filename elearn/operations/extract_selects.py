"""What is stored about one person, a select for each kind: the labels are the headings of an extract (S49).

Nothing about anybody else: ``beslut av``, which is a name that somebody wrote, is left out, and who recorded
something is turned into what they are (``ACTORS``).
"""

from collections.abc import Collection
from typing import Any, TypeAlias

import sqlalchemy as sa

from elearn.identity.models import Invitation, LoginSession
from elearn.people.models import AccessGrant, Employment, OrgUnit, Person, UnitManager
from elearn.training.meeting_models import Meeting, MeetingAttendance, MeetingCompletion
from elearn.training.models import (
    Attempt,
    Completion,
    CompletionRecall,
    LessonCompletion,
    LessonDraft,
    TargetDecision,
)

Ids: TypeAlias = Collection[int]
Statement: TypeAlias = sa.Select[*tuple[Any, ...]]
ACTORS = frozenset({"Inskrivet av", "Skapad av", "Given av", "Återkallat av", "Avslutat av", "Borttaget av"})


def person(ids: Ids) -> Statement:
    """Who it is."""
    return sa.select(
        Person.number.label("Anställningsnummer"),
        Person.first_name.label("Förnamn"),
        Person.last_name.label("Efternamn"),
        Person.email.label("E-post"),
        Person.is_protected.label("Skyddade personuppgifter"),
        Person.password_hash.is_not(None).label("Har valt ett lösenord"),
        Person.offered_on.label("Fick veta om utbildningen"),
    ).where(Person.id.in_(ids))


def employments(ids: Ids) -> Statement:
    """Where the person works or has worked."""
    return (
        sa.select(
            OrgUnit.name.label("Enhet"),
            OrgUnit.code.label("Enhetskod"),
            Employment.position.label("Befattning"),
            Employment.job_role.label("Yrkesroll"),
            Employment.starts_on.label("Från"),
            Employment.ends_on.label("Till"),
            Employment.reported_from.label("Från enligt personalsystemet"),
            Employment.is_ended_by_import.label("Avslutad för att den saknades i en fil"),
        )
        .join(OrgUnit, OrgUnit.id == Employment.unit_id)
        .where(Employment.person_id.in_(ids))
        .order_by(Employment.starts_on, Employment.id)
    )


def managed(ids: Ids) -> Statement:
    """The units that the person manages."""
    return (
        sa.select(OrgUnit.name.label("Enhet"), OrgUnit.code.label("Enhetskod"))
        .join(UnitManager, UnitManager.unit_id == OrgUnit.id)
        .where(UnitManager.person_id.in_(ids))
        .order_by(OrgUnit.code)
    )


def grants(ids: Ids) -> Statement:
    """What the person has been granted."""
    return (
        sa.select(
            AccessGrant.role.label("Behörighet"),
            OrgUnit.name.label("Förvaltning"),
            AccessGrant.granted_at.label("Given"),
            AccessGrant.granted_by.label("Given av"),
        )
        .outerjoin(OrgUnit, OrgUnit.id == AccessGrant.unit_id)
        .where(AccessGrant.person_id.in_(ids))
        .order_by(AccessGrant.id)
    )


def completions(ids: Ids) -> Statement:
    """Courses that are completed or recognised, and what has become of them."""
    return (
        sa.select(
            Completion.course_title.label("Kurs"),
            Completion.course.label("Kursens namn i adressen"),
            Completion.course_edition.label("Utgåva"),
            Completion.completed_on.label("Klar"),
            Completion.valid_until.label("Giltig till och med"),
            Completion.source.label("Tillgodoräknad, källa"),
            Completion.code.label("Intygets kod"),
            Completion.recorded_at.label("Inskrivet"),
            Completion.recorded_by.label("Inskrivet av"),
            MeetingCompletion.completion_id.is_not(None).label("Genom möten"),
            MeetingCompletion.ended_at.label("Mötena räckte till"),
            CompletionRecall.recalled_at.label("Återkallat"),
            CompletionRecall.recalled_by.label("Återkallat av"),
            CompletionRecall.reason.label("Skäl till återkallandet"),
        )
        .outerjoin(CompletionRecall, CompletionRecall.completion_id == Completion.id)
        .outerjoin(MeetingCompletion, MeetingCompletion.completion_id == Completion.id)
        .where(Completion.person_id.in_(ids))
        .order_by(Completion.completed_on, Completion.id)
    )


def lessons(ids: Ids) -> Statement:
    """Lessons that are done."""
    return (
        sa.select(
            LessonCompletion.course.label("Kurs"),
            LessonCompletion.lesson.label("Avsnitt"),
            LessonCompletion.edition.label("Utgåva"),
            LessonCompletion.completed_at.label("Klart"),
        )
        .where(LessonCompletion.person_id.in_(ids))
        .order_by(LessonCompletion.completed_at, LessonCompletion.id)
    )


def attempts(ids: Ids) -> Statement:
    """Lessons that were sent."""
    return (
        sa.select(
            Attempt.course.label("Kurs"),
            Attempt.lesson.label("Avsnitt"),
            Attempt.number.label("Försök"),
            Attempt.edition.label("Utgåva"),
            Attempt.submitted_at.label("Inlämnat"),
            Attempt.right_count.label("Rätt"),
            Attempt.asked_count.label("Av"),
            Attempt.has_passed.label("Godkänt"),
            Attempt.answers.label("Svar"),
            Attempt.answers_due_at.label("Svaren raderas senast"),
        )
        .where(Attempt.person_id.in_(ids))
        .order_by(Attempt.submitted_at, Attempt.id)
    )


def drafts(ids: Ids) -> Statement:
    """Lessons that are begun."""
    return (
        sa.select(
            LessonDraft.course.label("Kurs"),
            LessonDraft.lesson.label("Avsnitt"),
            LessonDraft.number.label("Försök"),
            LessonDraft.has_read.label("Läst"),
            LessonDraft.place.label("Läst till"),
            LessonDraft.answers.label("Valt"),
            LessonDraft.first_answers.label("Svarat först"),
            LessonDraft.kept_ids.label("Rätt sedan förra försöket"),
            LessonDraft.asked_ids.label("Frågor"),
            LessonDraft.answers_due_at.label("Raderas senast"),
        )
        .where(LessonDraft.person_id.in_(ids))
        .order_by(LessonDraft.lesson)
    )


def attendance(ids: Ids) -> Statement:
    """Training on site."""
    return (
        sa.select(
            Meeting.title.label("Möte"),
            Meeting.held_on.label("Dag"),
            Meeting.subjects.label("Ämnen"),
            MeetingAttendance.recorded_at.label("Inskrivet"),
            MeetingAttendance.recorded_by.label("Inskrivet av"),
            MeetingAttendance.withdrawn_at.label("Borttaget"),
            MeetingAttendance.withdrawn_by.label("Borttaget av"),
        )
        .join(Meeting, Meeting.id == MeetingAttendance.meeting_id)
        .where(MeetingAttendance.person_id.in_(ids))
        .order_by(Meeting.held_on, MeetingAttendance.id)
    )


def decisions(ids: Ids) -> Statement:
    """Decisions about the person alone."""
    return (
        sa.select(
            TargetDecision.is_included.label("Ingår i målgruppen"),
            OrgUnit.name.label("Enhet"),
            TargetDecision.covers_below.label("Också enheter under den"),
            TargetDecision.job_role.label("Yrkesroll"),
            TargetDecision.starts_on.label("Från"),
            TargetDecision.ends_on.label("Till"),
            TargetDecision.reason.label("Skäl"),
            TargetDecision.recorded_at.label("Inskrivet"),
            TargetDecision.recorded_by.label("Inskrivet av"),
            TargetDecision.ended_on.label("Avslutat till"),
            TargetDecision.ended_by.label("Avslutat av"),
            TargetDecision.recalled_at.label("Återkallat"),
            TargetDecision.recalled_by.label("Återkallat av"),
            TargetDecision.recall_reason.label("Skäl till återkallandet"),
        )
        .outerjoin(OrgUnit, OrgUnit.id == TargetDecision.unit_id)
        .where(TargetDecision.person_id.in_(ids))
        .order_by(TargetDecision.id)
    )


def logins(ids: Ids) -> Statement:
    """Logins that are kept."""
    return (
        sa.select(LoginSession.began_at.label("Inloggad"), LoginSession.ended_at.label("Utloggad"))
        .where(LoginSession.person_id.in_(ids))
        .order_by(LoginSession.began_at, LoginSession.id)
    )


def invitations(ids: Ids) -> Statement:
    """A code that waits to be used."""
    return sa.select(
        Invitation.expires_at.label("Koden slutar gälla"), Invitation.created_by.label("Skapad av")
    ).where(Invitation.person_id.in_(ids))
