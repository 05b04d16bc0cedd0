"""Which meetings and which people somebody reaches in the register: a coordinator those of the own
departments, VPC all (S4) and also whoever has a protected identity (S52)."""

import datetime as dt
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.errors import NotFound
from elearn.people import access, protection
from elearn.people.models import Employment, OrgUnit, Person, UnitKind
from elearn.training.meeting_models import Meeting, MeetingDepartment

Reach: TypeAlias = tuple[int, ...] | None  # departments' ids; None: everything
EVERYTHING: Reach = None


def meetings_in(reach: Reach) -> sa.ColumnElement[bool]:
    """A ``Meeting`` that was for a department in reach."""
    if reach is None:
        return sa.true()
    return sa.exists().where(MeetingDepartment.meeting_id == Meeting.id, MeetingDepartment.unit_id.in_(reach))


def people_in(reach: Reach, on: dt.date) -> sa.ColumnElement[bool]:
    """A ``Person`` who worked in a department in reach, or below it, on the date, and is named."""
    if reach is None:
        return sa.true()
    worked = Person.id.in_(
        sa.select(Employment.person_id)
        .join(OrgUnit, OrgUnit.id == Employment.unit_id)
        .where(access.in_reach(reach), access.is_active(on))
    )
    return sa.and_(worked, may_name(reach))


def may_name(reach: Reach) -> sa.ColumnElement[bool]:
    """A ``Person`` whom this reader is told of by name."""
    return protection.is_named(reach is None)


def meeting_in(session: Session, reach: Reach, meeting_id: int) -> Meeting:
    """Raises ``NotFound`` for a meeting out of reach, as for one that does not exist (S3)."""
    meeting = session.scalar(sa.select(Meeting).where(Meeting.id == meeting_id, meetings_in(reach)))
    if meeting is None:
        raise NotFound("Det finns inget möte med det numret.")
    return meeting


def departments_in(reach: Reach, on: dt.date) -> sa.Select[OrgUnit]:
    """The departments in reach that are open on the date."""
    found = sa.select(OrgUnit).where(OrgUnit.kind == UnitKind.DEPARTMENT, access.is_open(on))
    return found if reach is None else found.where(OrgUnit.id.in_(reach))
