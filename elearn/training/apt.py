"""Staff meetings (APT) held from a course's guide: recorded by the unit's manager, by number and never by
name (measure.md, "Physical training")."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import swedish
from elearn.errors import Conflict, Invalid, NotFound
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people import access, org_tree
from elearn.people.models import OrgUnit
from elearn.training.meeting_actions import take_turn
from elearn.training.meeting_models import StaffMeeting
from elearn.training.meeting_reach import Reach

MOST_PARTICIPANTS = 999
NOT_YET = "Dagen har inte varit än. Anteckna träffen när den har hållits."


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    id: int
    held_on: dt.date
    participant_count: int


@dataclass(frozen=True, slots=True)
class UnitMeetings:
    """A unit that has held staff meetings, the newest first."""

    code: str
    name: str
    held: tuple[HeldMeeting, ...]


@dataclass(frozen=True, slots=True)
class DepartmentMeetings:
    """The units of a department (or of what stands at the top of the tree) that have held some."""

    code: str
    name: str
    units: tuple[UnitMeetings, ...]

    @property
    def unit_count(self) -> int:
        """How many they are."""
        return len(self.units)


def record_staff_meeting(
    session: Session, deed: Deed, manager_id: int, code: str, held_on: dt.date, participant_count: int
) -> int:
    """The staff meeting's id. The same one again is the one that is there: a retry is harmless.

    Raises ``NotFound`` for a unit that is not the manager's, ``Invalid`` for a day to come or a number that
    cannot be, ``Conflict`` when another number stands for that day."""
    take_turn(session)
    unit_id = managed_unit_id(session, manager_id, code, deed.today)
    if held_on > deed.today:
        raise Invalid(NOT_YET)
    if not 1 <= participant_count <= MOST_PARTICIPANTS:
        raise Invalid(f"Antalet ska vara 1 till {MOST_PARTICIPANTS}.")
    there = session.scalar(_holding().where(StaffMeeting.unit_id == unit_id, StaffMeeting.held_on == held_on))
    if there is not None and there.participant_count != participant_count:
        raise Conflict(
            f"Det finns redan en träff den {held_on}, med {there.participant_count} deltagare. Ta bort den "
            "först om antalet är fel."
        )
    if there is not None:
        return there.id
    row = StaffMeeting(
        unit_id=unit_id,
        held_on=held_on,
        participant_count=participant_count,
        recorded_at=deed.now,
        recorded_by=str(deed.actor),
    )
    session.add(row)
    session.flush()
    journal.record(
        session,
        deed,
        EntryKind.RECORDED_STAFF_MEETING,
        unit=code,
        held_on=held_on.isoformat(),
        count=participant_count,
    )
    return row.id


def recall_staff_meeting(session: Session, deed: Deed, manager_id: int, code: str, id: int) -> HeldMeeting:
    """Take a mistaken one back: what it said. Raises ``NotFound`` for one that is not the unit's, or is taken
    back already."""
    take_turn(session)
    unit_id = managed_unit_id(session, manager_id, code, deed.today)
    row = session.scalar(_holding().where(StaffMeeting.id == id, StaffMeeting.unit_id == unit_id))
    if row is None:
        raise NotFound
    row.recalled_at, row.recalled_by = deed.now, str(deed.actor)
    session.flush()
    journal.record(session, deed, EntryKind.RECALLED_STAFF_MEETING, unit=code, staff_meeting=id)
    return HeldMeeting(row.id, row.held_on, row.participant_count)


def managed_unit_id(session: Session, manager_id: int, code: str, on: dt.date) -> int:
    """Raises ``NotFound`` for a unit that is not theirs, as for one that does not exist (S3)."""
    statement = sa.select(OrgUnit.id).where(
        OrgUnit.code == code, OrgUnit.id.in_(access.managed_units(manager_id, on))
    )
    # PostgreSQL takes no text with a NUL in it.
    id = session.scalar(statement) if code.isprintable() else None
    if id is None:
        raise NotFound
    return id


def held_in(session: Session, code: str) -> tuple[HeldMeeting, ...]:
    """The unit's own, the newest first: for a page whose unit has been found to be the visitor's."""
    rows = session.scalars(
        _holding()
        .join(OrgUnit, OrgUnit.id == StaffMeeting.unit_id)
        .where(OrgUnit.code == code)
        .order_by(StaffMeeting.held_on.desc())
    )
    return tuple(HeldMeeting(row.id, row.held_on, row.participant_count) for row in rows)


def held_since(session: Session, reach: Reach, since: dt.date, on: dt.date) -> tuple[DepartmentMeetings, ...]:
    """The units in reach that have held one from ``since`` to ``on``, under what stands above them at the top
    of the tree; both in Swedish order."""
    closure, top = org_tree.closure(), sa.orm.aliased(OrgUnit)
    statement = (
        sa.select(
            top.code.label("top_code"),
            top.name.label("top_name"),
            OrgUnit.code,
            OrgUnit.name,
            StaffMeeting.id,
            StaffMeeting.held_on,
            StaffMeeting.participant_count,
        )
        .select_from(StaffMeeting)
        .join(OrgUnit, OrgUnit.id == StaffMeeting.unit_id)
        .join(closure, closure.c.unit_id == OrgUnit.id)
        .join(top, sa.and_(top.id == closure.c.ancestor_id, top.parent_id.is_(None)))
        .where(StaffMeeting.recalled_at.is_(None), StaffMeeting.held_on.between(since, on))
        .order_by(StaffMeeting.held_on.desc())
    )
    if reach is not None:
        statement = statement.where(top.id.in_(reach))
    tops: dict[tuple[str, str], dict[tuple[str, str], list[HeldMeeting]]] = {}
    for row in session.execute(statement):
        units = tops.setdefault((row.top_code, row.top_name), {})
        held = HeldMeeting(row.id, row.held_on, row.participant_count)
        units.setdefault((row.code, row.name), []).append(held)
    return tuple(
        DepartmentMeetings(
            *department, tuple(UnitMeetings(*unit, tuple(units[unit])) for unit in sorted(units, key=_order))
        )
        for department, units in sorted(tops.items(), key=lambda item: _order(item[0]))
    )


def _order(named: tuple[str, str]) -> tuple[str, str]:
    code, name = named
    return swedish.sort_key(name), code


def _holding() -> sa.Select[StaffMeeting]:
    return sa.select(StaffMeeting).where(StaffMeeting.recalled_at.is_(None))
