"""The count of changes, by which a report that was counted before is known to hold still, and the
measurements, which hold still for ever."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Base, UtcMoment


class ChangeCount(Base):
    """How many changes have been made to the rows that coverage is counted from. The sum of the slots only
    rises. The tables' triggers keep it, so it is right whoever writes, and in the same transaction.

    SQLite has one slot. On PostgreSQL each writer takes a slot that no other transaction holds, so that
    nobody waits for another."""

    __tablename__ = "change_count"

    slot: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(sa.BigInteger)


class FrozenMeasurement(Base):
    """A measurement (measure.md, "Measurements"). The database refuses every change of it, and a second one
    with its id.

    ``row_count``: how many rows it has; it takes no more. ``threshold``: an exact fraction, ``9/10``.
    ``curriculum``: canonical JSON. ``checksum``: SHA-256, in hexadecimal, over all of it and its rows
    (reports/measurement.py)."""

    __tablename__ = "measurement"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(sa.Text)
    measured_on: Mapped[dt.date]
    frozen_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    frozen_by: Mapped[str] = mapped_column(sa.Text)
    threshold: Mapped[str] = mapped_column(sa.Text)
    curriculum: Mapped[str] = mapped_column(sa.Text)
    row_count: Mapped[int]
    checksum: Mapped[str] = mapped_column(sa.Text)


class FrozenRow(Base):
    """A row of coverage as it stood: the columns are ``UnitCoverage``'s. ``position`` counts from 0 in the
    order of the report. The database refuses every change, and every row that is one too many."""

    __tablename__ = "measurement_row"
    __table_args__ = (sa.CheckConstraint("position >= 0", name="position"),)

    measurement_id: Mapped[int] = mapped_column(sa.ForeignKey("measurement.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    # Not a reference: the unit may be told apart into two later, and the measurement stays as it was.
    unit_id: Mapped[int]
    code: Mapped[str] = mapped_column(sa.Text)
    name: Mapped[str] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.Text)
    parent: Mapped[str | None] = mapped_column(sa.Text)
    committee: Mapped[str | None] = mapped_column(sa.Text)
    depth: Mapped[int]
    employees: Mapped[int]
    target: Mapped[int]
    trained: Mapped[int]
    expired: Mapped[int]
    started: Mapped[int]
    not_started: Mapped[int]
    offered: Mapped[int]
    exempt: Mapped[int]
    external: Mapped[int]
    without_course: Mapped[int]
    without_role: Mapped[int]


class CommitteeGoal(Base):
    """A department's own goal (R42): ``share`` is an exact fraction, ``9/10``. A changed goal is a new row,
    and the database refuses every change."""

    __tablename__ = "committee_goal"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), index=True)
    share: Mapped[str] = mapped_column(sa.Text)
    reached_by: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    recorded_by: Mapped[str] = mapped_column(sa.Text)


class SurveyResult(Base):
    """What a department's employees answered in a staff survey: ``yes`` of ``answered`` had been offered
    training. Corrected figures are a new row, and the database refuses every change."""

    __tablename__ = "survey_result"
    __table_args__ = (sa.CheckConstraint("yes >= 0 AND yes <= answered AND answered > 0", name="counts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), index=True)
    year: Mapped[int]
    answered: Mapped[int]
    yes: Mapped[int]
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    recorded_by: Mapped[str] = mapped_column(sa.Text)
