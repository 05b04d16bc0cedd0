"""The journal's table. The database refuses every change of it, on both engines."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Base, UtcMoment


class EntryKind(StrEnum):
    """What was done. Values are stored: they are never renamed."""

    GRANTED_ROLE = "granted-role"
    REVOKED_ROLE = "revoked-role"
    SET_PASSWORD = "set-password"  # noqa: S105  the name of an act
    CREATED_INVITATIONS = "created-invitations"
    HANDED_OUT_CODES = "handed-out-codes"
    IMPORTED_DIRECTORY = "imported-directory"
    JOINED_PERSONS = "joined-persons"
    RECORDED_EXEMPTIONS = "recorded-exemptions"
    RECORDED_DECISIONS = "recorded-decisions"
    RECALLED_EXEMPTION = "recalled-exemption"
    RECOGNISED_COMPLETIONS = "recognised-completions"
    RECALLED_COMPLETION = "recalled-completion"
    REGISTERED_MEETING = "registered-meeting"
    WITHDREW_MEETING = "withdrew-meeting"
    RECORDED_ATTENDANCE = "recorded-attendance"
    WITHDREW_ATTENDANCE = "withdrew-attendance"
    RECOGNISED_MEETING = "recognised-meeting"
    WITHDREW_RECOGNITION = "withdrew-recognition"
    RECORDED_STAFF_MEETING = "recorded-staff-meeting"
    RECALLED_STAFF_MEETING = "recalled-staff-meeting"
    FROZE_MEASUREMENT = "froze-measurement"
    EXPORTED_COMPLETIONS = "exported-completions"
    MADE_DECISION = "made-decision"
    ENDED_DECISION = "ended-decision"
    FETCHED_FIGURES = "fetched-figures"
    SET_GOAL = "set-goal"
    RECORDED_SURVEY = "recorded-survey"
    EXTRACTED_PERSON = "extracted-person"
    ERASED_PERSONS = "erased-persons"
    TIDIED = "tidied"
    DISCLOSED_COMPLETIONS = "disclosed-completions"
    REFUSED_IMPORT = "refused-import"
    RECEIVED_DIRECTORY = "received-directory"
    ACCEPTED_DIRECTORY = "accepted-directory"
    REJECTED_DIRECTORY = "rejected-directory"
    LOOKED_UP_PERSON = "looked-up-person"
    TOOK_BACKUP = "took-backup"
    RESTORED_BACKUP = "restored-backup"


class JournalEntry(Base):
    """One act of one actor. ``id`` counts from 1 without a gap. ``details`` is canonical JSON of ids, codes
    and counts: never a person's name, so that erasing a person leaves the chain whole. ``hash``: SHA-256, in
    hexadecimal, over everything else in the row, ``previous_hash`` included."""

    __tablename__ = "journal_entry"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcMoment, index=True)
    actor: Mapped[str] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.Text)
    details: Mapped[str] = mapped_column(sa.Text)
    previous_hash: Mapped[str] = mapped_column(sa.Text)
    hash: Mapped[str] = mapped_column(sa.Text)
