"""The register of meetings as tests use it: short calls with the usual deed."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.content.catalog import Catalog
from elearn.people.models import OrgUnit, Person
from elearn.training import meeting_actions
from elearn.training.meeting_actions import NewMeeting
from elearn.training.meeting_credits import Credits
from elearn.training.meeting_reach import EVERYTHING, Reach
from elearn.training.models import Completion, CompletionRecall
from tests import builders

VIOLENCE, CUTTING, HONOUR = ("våld i nära relationer", "könsstympning", "hedersrelaterat våld och förtryck")
ALL = (VIOLENCE, CUTTING, HONOUR)
DAY = dt.date(2026, 5, 4)
CATALOG = builders.catalog(
    builders.course("forskola", "förskola"), builders.course("skola", "skola", validity_months=12)
)


def held(
    session: Session,
    day: dt.date = DAY,
    subjects: Collection[str] = ALL,
    at: Collection[OrgUnit] = (),
    title: str = "Heldag",
    reach: Reach = EVERYTHING,
) -> int:
    """A meeting's id. Without a department it is for all that there are."""
    places = at or session.scalars(sa.select(OrgUnit).where(OrgUnit.kind == "department")).all()
    new = NewMeeting(title, day, "VPC", tuple(subjects), tuple(place.code for place in places))
    return meeting_actions.register_meeting(session, builders.deed(), reach, new)


def attend(session: Session, meeting_id: int, *people: Person, catalog: Catalog = CATALOG) -> Credits:
    return meeting_actions.record_attendance(
        session, builders.deed(), catalog, EVERYTHING, meeting_id, [one.id for one in people]
    ).credits


def recognise(session: Session, meeting_id: int, subjects: Collection[str] = ALL) -> Credits:
    return meeting_actions.recognise_meeting(
        session, builders.deed(), CATALOG, meeting_id, subjects, "Samma innehåll som kursen"
    )


def recognised_meeting(session: Session, day: dt.date, *subjects: str, title: str = "Heldag") -> int:
    meeting_id = held(session, day, subjects or ALL, title=title)
    recognise(session, meeting_id, subjects or ALL)
    return meeting_id


def completions(session: Session, person: Person | None = None) -> list[tuple[str, dt.date]]:
    """Course and day of each that is not recalled, by day."""
    recalled = sa.exists().where(CompletionRecall.completion_id == Completion.id)
    statement = sa.select(Completion.course, Completion.completed_on).where(~recalled)
    if person is not None:
        statement = statement.where(Completion.person_id == person.id)
    return [
        (course, day)
        for course, day in session.execute(statement.order_by(Completion.completed_on, Completion.course))
    ]
