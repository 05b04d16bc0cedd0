"""Who they are: the municipality's tree, its people, their employments and what they are granted.

Rows are never deleted while a figure can ask about them: units close, employments end, persons are blanked.
"""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Base, UtcMoment


class UnitKind(StrEnum):
    """``nivå``. Externals are reported apart and are never in the measure (R16-R19)."""

    DEPARTMENT = "department"
    DIVISION = "division"
    UNIT = "unit"
    EXTERNAL = "external"


LEVEL_WORDS = {
    UnitKind.DEPARTMENT: "förvaltning",
    UnitKind.DIVISION: "område",
    UnitKind.UNIT: "enhet",
    UnitKind.EXTERNAL: "extern",
}


ERASED_NAME = "Raderad person"
ERASED_NUMBER = "raderad-"  # and the person's id
PROTECTED = "Person med skyddad identitet"  # what is told instead of the name (S52)


def full_name(first_name: str, last_name: str) -> str:
    """First and last name. One of them may be empty: then the other alone. Both are empty of somebody who has
    been erased."""
    return " ".join(filter(None, (first_name, last_name))) or ERASED_NAME


class AccessRole(StrEnum):
    """``behörighet``. Employee and manager follow from the organisation; the others are granted."""

    EMPLOYEE = "employee"
    MANAGER = "manager"
    COORDINATOR = "coordinator"
    VPC = "vpc"
    WORKING_GROUP = "working-group"
    ADMINISTRATOR = "administrator"


GRANTABLE_ROLES = (AccessRole.COORDINATOR, AccessRole.VPC, AccessRole.WORKING_GROUP, AccessRole.ADMINISTRATOR)


def _one_of(column: str, values: type[StrEnum] | tuple[StrEnum, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


class OrgUnit(Base):
    """A node of the municipality's tree, of any depth. ``ends_on`` is the last day of a closed one."""

    __tablename__ = "org_unit"
    __table_args__ = (_one_of("kind", UnitKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.Text, unique=True)
    name: Mapped[str] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.Text)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("org_unit.id"), index=True)
    committee: Mapped[str | None] = mapped_column(sa.Text)
    job_role: Mapped[str | None] = mapped_column(sa.Text)
    ends_on: Mapped[dt.date | None]


class UnitManager(Base):
    """``chef``: this person manages this unit, and so sees it and everything below."""

    __tablename__ = "unit_manager"

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)


class Person(Base):
    """A human being. ``number`` is the anställningsnummer as text, leading zeros kept; an e-mail may be
    shared. One of the names may be empty."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.Text, unique=True)
    first_name: Mapped[str] = mapped_column(sa.Text)
    last_name: Mapped[str] = mapped_column(sa.Text)
    email: Mapped[str | None] = mapped_column(sa.Text, index=True)
    password_hash: Mapped[str | None] = mapped_column(sa.Text)
    # The first day on which the person was told of the training: set once (``offering.record_offer``).
    offered_on: Mapped[dt.date | None]
    # ``skyddad``: protected identity. Counted in totals; shown to nobody but VPC and the person (S52).
    is_protected: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)


class Employment(Base):
    """A person in one unit with a job role. ``ends_on`` is the last day, inclusive; None = still employed.

    ``reported_from`` is ``från`` as HR's file gave it, which together with person, unit and role names the
    row in the next file; ``starts_on`` is what counts (a move can make it later than what HR repeats).
    """

    __tablename__ = "employment"
    __table_args__ = (sa.Index("ix_employment_unit_id_starts_on_ends_on", "unit_id", "starts_on", "ends_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"))
    job_role: Mapped[str | None] = mapped_column(sa.Text)
    position: Mapped[str | None] = mapped_column(sa.Text)
    # ``position`` as decisions compare it: people/positions.py.
    position_key: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date | None]
    reported_from: Mapped[dt.date]
    # ``ends_on`` was set by an import that missed it, not by a file that told its last day.
    is_ended_by_import: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class AccessGrant(Base):
    """A granted access role; a coordinator's carries the department. One row per person, role and unit."""

    __tablename__ = "access_grant"
    __table_args__ = (
        _one_of("role", GRANTABLE_ROLES),
        sa.CheckConstraint("(role = 'coordinator') = (unit_id IS NOT NULL)", name="coordinator_has_unit"),
        sa.Index("uq_access_grant_in_unit", "person_id", "role", "unit_id", unique=True),
        sa.Index(
            "uq_access_grant_everywhere",
            "person_id",
            "role",
            unique=True,
            sqlite_where=sa.text("unit_id IS NULL"),
            postgresql_where=sa.text("unit_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(sa.Text)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("org_unit.id"))
    granted_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    # None: granted before the granter was kept.
    granted_by: Mapped[str | None] = mapped_column(sa.Text)
