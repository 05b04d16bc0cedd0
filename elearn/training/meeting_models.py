"""Training on site and staff meetings (measure.md, "Physical training"). No row is changed but to be
withdrawn."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Base, UtcMoment

HOLDS, STANDS = sa.text("withdrawn_at IS NULL"), sa.text("recalled_at IS NULL")


def _one_that_holds(name: str, *columns: str, holds: sa.TextClause = HOLDS) -> sa.Index:
    """At most one row that is not taken back for these columns."""
    return sa.Index(name, *columns, unique=True, sqlite_where=holds, postgresql_where=holds)


class Meeting(Base):
    """``möte``: training on site that has been held. ``subjects``: of the plan's three, in its order."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.Text)
    subjects: Mapped[list[str]] = mapped_column(sa.JSON)
    held_on: Mapped[dt.date] = mapped_column(index=True)
    organiser: Mapped[str] = mapped_column(sa.Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    recorded_by: Mapped[str] = mapped_column(sa.Text)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcMoment)
    withdrawn_by: Mapped[str | None] = mapped_column(sa.Text)
    withdrawal_reason: Mapped[str | None] = mapped_column(sa.Text)


class MeetingDepartment(Base):
    """A department that a meeting was for."""

    __tablename__ = "meeting_department"

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), primary_key=True, index=True)


class MeetingAttendance(Base):
    """Somebody attended a meeting."""

    __tablename__ = "meeting_attendance"
    __table_args__ = (_one_that_holds("uq_meeting_attendance_holds", "meeting_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    recorded_by: Mapped[str] = mapped_column(sa.Text)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcMoment)
    withdrawn_by: Mapped[str | None] = mapped_column(sa.Text)


class MeetingRecognition(Base):
    """VPC recognises a meeting in one of its subjects, with a reason."""

    __tablename__ = "meeting_recognition"
    __table_args__ = (_one_that_holds("uq_meeting_recognition_holds", "meeting_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    subject: Mapped[str] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    recorded_by: Mapped[str] = mapped_column(sa.Text)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcMoment)
    withdrawn_by: Mapped[str | None] = mapped_column(sa.Text)
    withdrawal_reason: Mapped[str | None] = mapped_column(sa.Text)


class MeetingCompletion(Base):
    """A completion that meetings gave. ``ended_at``: when they did so no longer, and it was recalled; one
    that somebody recalled by hand has none."""

    __tablename__ = "meeting_completion"

    completion_id: Mapped[int] = mapped_column(sa.ForeignKey("completion.id"), primary_key=True)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcMoment)


class StaffMeeting(Base):
    """``APT`` held from a course's guide: how many took part, never who."""

    __tablename__ = "staff_meeting"
    __table_args__ = (
        _one_that_holds("uq_staff_meeting_holds", "unit_id", "held_on", holds=STANDS),
        sa.CheckConstraint("participant_count > 0", name="somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"))
    held_on: Mapped[dt.date]
    participant_count: Mapped[int]
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    recorded_by: Mapped[str] = mapped_column(sa.Text)
    recalled_at: Mapped[dt.datetime | None] = mapped_column(UtcMoment)
    recalled_by: Mapped[str | None] = mapped_column(sa.Text)
