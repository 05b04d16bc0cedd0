"""What was backed up and put back, and when: a row for each."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Base, UtcMoment


class RunKind(StrEnum):
    """What a run came to."""

    TAKEN = "taken"
    FAILED = "failed"
    RESTORED = "restored"


class BackupRun(Base):
    """A backup that was taken, one that failed, or the restoring that made this database.

    ``taken_at`` is the moment that the backup shows, ``ended_at`` when it was verified, had failed or had
    been put back. ``fault``: why it failed, in Swedish."""

    __tablename__ = "backup_run"
    __table_args__ = (sa.CheckConstraint("kind IN ('taken', 'failed', 'restored')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.Text)
    taken_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    ended_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    file_name: Mapped[str] = mapped_column(sa.Text)
    byte_count: Mapped[int] = mapped_column(sa.BigInteger)
    row_count: Mapped[int] = mapped_column(sa.BigInteger)
    is_encrypted: Mapped[bool]
    finding_count: Mapped[int]
    fault: Mapped[str | None] = mapped_column(sa.Text)
