"""The files of the personnel system while they wait for an administrator's answer."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Base, UtcMoment


class Outcome(StrEnum):
    """What became of files that were sent. Values are stored."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"


class StaffUpload(Base):
    """The two files, as they were sent, between the preview and the answer.

    The bytes are erased with the answer, and at the latest a day after they were sent; the row stays, without
    anything of what was in them. The choices are numbers and codes, one a line: what the administrator has
    answered about them."""

    __tablename__ = "staff_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    sent_by: Mapped[str] = mapped_column(sa.Text)
    sent_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    organisation_name: Mapped[str] = mapped_column(sa.Text)
    staff_name: Mapped[str] = mapped_column(sa.Text)
    organisation: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    staff: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    same_persons: Mapped[str] = mapped_column(sa.Text, default="")
    new_persons: Mapped[str] = mapped_column(sa.Text, default="")
    same_units: Mapped[str] = mapped_column(sa.Text, default="")
    outcome: Mapped[str | None] = mapped_column(sa.Text)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcMoment)
    ended_by: Mapped[str | None] = mapped_column(sa.Text)
    summary: Mapped[str | None] = mapped_column(sa.Text)
