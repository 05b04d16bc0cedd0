"""Meetings in the invented municipality: days on site that VPC has registered, one of them recognised, and
the staff meetings that units have held from the guide."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.content.catalog import Catalog
from elearn.journal.deed import Deed, person
from elearn.people.models import Employment, OrgUnit, UnitManager
from elearn.training import apt, meeting_actions
from elearn.training.meeting_actions import NewMeeting
from elearn.training.meeting_reach import EVERYTHING

# (title, days ago, organiser, subjects, departments, how many came)
HELD = (
    ("Temadag om att upptäcka och agera", 150, "Länsstyrelsen",
     ("hedersrelaterat våld och förtryck", "våld i nära relationer"), ("UTB", "SOC"), 60),
    ("Frukostmöte om könsstympning", 60, "Regionen", ("könsstympning",), ("SOC", "KOF"), 25),
)  # fmt: skip
RECOGNISED, REASON = "könsstympning", "Samma innehåll och prov som i kursen"
STAFF_MEETING_UNITS, STAFF_MEETING_DAYS = 5, 400  # every fifth unit, during so many days


def record(session: Session, deed: Deed, catalog: Catalog) -> None:
    """Every meeting with who came, and what was recognised."""
    for title, days, organiser, subjects, departments, count in HELD:
        held_on = deed.today - dt.timedelta(days=days)
        new = NewMeeting(title, held_on, organiser, subjects, departments)
        meeting_id = meeting_actions.register_meeting(session, deed, EVERYTHING, new)
        came = _some_people(session, departments, held_on, count)
        meeting_actions.record_attendance(session, deed, catalog, EVERYTHING, meeting_id, came)
        if RECOGNISED in subjects:
            meeting_actions.recognise_meeting(session, deed, catalog, meeting_id, (RECOGNISED,), REASON)
    _hold_staff_meetings(session, deed)


def _some_people(session: Session, departments: tuple[str, ...], on: dt.date, count: int) -> list[int]:
    """Every so many of those who worked in the departments that day."""
    where = [OrgUnit.code.startswith(f"{code}-") for code in departments]
    active = sa.select(Employment.person_id).join(OrgUnit, OrgUnit.id == Employment.unit_id)
    active = active.where(sa.or_(*where), Employment.starts_on <= on, Employment.ends_on.is_(None))
    ids = session.scalars(active.distinct().order_by(Employment.person_id)).all()
    return list(ids[:: max(1, len(ids) // count)])


def _hold_staff_meetings(session: Session, deed: Deed) -> None:
    """Each unit on its own day, as its manager has put it in."""
    units = sa.select(OrgUnit.code, UnitManager.person_id).join(
        UnitManager, UnitManager.unit_id == OrgUnit.id
    )
    units = units.where(OrgUnit.code.regexp_match("-[0-9]+$")).order_by(OrgUnit.code)
    for place, (code, manager_id) in enumerate(session.execute(units).all()):
        if place % STAFF_MEETING_UNITS == 1:
            day = deed.today - dt.timedelta(days=1 + place * 7 % STAFF_MEETING_DAYS)
            manager = Deed(person(manager_id), deed.now, deed.today)
            apt.record_staff_meeting(session, manager, manager_id, code, day, 6 + place % 9)
