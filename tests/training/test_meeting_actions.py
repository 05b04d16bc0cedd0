"""The register of meetings: what is put in and withdrawn, and what comes of it for the base course."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.errors import Conflict, Forbidden, Invalid, NotFound
from elearn.journal.models import JournalEntry
from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.training import joining, meeting_actions, meeting_credits, recognition_actions
from elearn.training.meeting_actions import NewMeeting
from elearn.training.meeting_models import Meeting, MeetingAttendance, MeetingRecognition
from elearn.training.meeting_reach import EVERYTHING
from elearn.training.models import Completion, CompletionRecall
from tests import builders
from tests.builders import TODAY
from tests.training.registers import (
    ALL,
    CATALOG,
    CUTTING,
    DAY,
    HONOUR,
    VIOLENCE,
    attend,
    completions,
    held,
    recognise,
    recognised_meeting,
)

ONE = dt.timedelta(days=1)


@pytest.fixture
def u(session: Session) -> OrgUnit:
    return builders.unit(session, "U", UnitKind.DEPARTMENT)


@pytest.fixture
def s(session: Session) -> OrgUnit:
    return builders.unit(session, "S", UnitKind.DEPARTMENT)


@pytest.fixture
def preschool(session: Session, u: OrgUnit) -> OrgUnit:
    return builders.unit(session, "U1", parent=u, job_role="förskola")


@pytest.fixture
def school(session: Session, s: OrgUnit) -> OrgUnit:
    return builders.unit(session, "S1", parent=s, job_role="skola")


@pytest.fixture
def sara(session: Session, preschool: OrgUnit) -> Person:
    person = builders.person(session, number="1")
    builders.employ(session, person, preschool)
    return person


def withdraw(session: Session, meeting_id: int, reach: tuple[int, ...] | None = EVERYTHING) -> None:
    meeting_actions.withdraw_meeting(session, builders.deed(), CATALOG, reach, meeting_id, "Fel dag")


def leave(session: Session, meeting_id: int, someone: Person, reach: tuple[int, ...] | None = None) -> None:
    meeting_actions.withdraw_attendance(session, builders.deed(), CATALOG, reach, meeting_id, someone.id)


def unrecognise(session: Session, meeting_id: int, subject: str) -> None:
    meeting_actions.withdraw_recognition(
        session, builders.deed(), CATALOG, meeting_id, subject, "Innehållet saknades"
    )


def journal(session: Session) -> list[tuple[str, dict[str, object]]]:
    rows = session.execute(sa.select(JournalEntry.kind, JournalEntry.details).order_by(JournalEntry.id))
    return [(kind, json.loads(details)) for kind, details in rows]


def test_attendance_alone_gives_nothing(session: Session, sara: Person) -> None:
    assert attend(session, held(session), sara).new == ()
    assert completions(session) == []


def test_all_three_subjects_recognised_give_the_base_course_as_any_recognised_completion(
    session: Session, sara: Person
) -> None:
    meeting_id = held(session)
    attend(session, meeting_id, sara)
    assert len(recognise(session, meeting_id).new) == 1
    [row] = session.scalars(sa.select(Completion))
    assert (row.person_id, row.course, row.completed_on, row.valid_until) == (
        sara.id,
        "forskola",
        DAY,
        dt.date(2028, 5, 4),
    )
    assert (row.source, row.attempt_id, row.recorded_by) == ("Fysiska utbildningar", None, "operator:anna")


def test_two_subjects_recognised_of_three_give_nothing_until_the_third_is(
    session: Session, sara: Person
) -> None:
    meeting_id = held(session)
    attend(session, meeting_id, sara)
    recognise(session, meeting_id, (VIOLENCE, CUTTING))
    assert completions(session) == []
    recognise(session, meeting_id, (CUTTING, HONOUR))
    assert completions(session) == [("forskola", DAY)]
    assert len(session.scalars(sa.select(MeetingRecognition)).all()) == 3


def test_several_meetings_together_give_it_on_the_day_of_the_last(session: Session, sara: Person) -> None:
    first = recognised_meeting(session, DAY, VIOLENCE, CUTTING)
    second = recognised_meeting(session, DAY + 7 * ONE, HONOUR)
    attend(session, second, sara)
    assert completions(session) == []
    attend(session, first, sara)  # told last, held first
    assert completions(session) == [("forskola", DAY + 7 * ONE)]


def test_who_is_recorded_as_attending_later_gets_it_dated_to_the_meeting(
    session: Session, sara: Person, preschool: OrgUnit
) -> None:
    meeting_id = recognised_meeting(session, DAY)
    attend(session, meeting_id, sara)
    other = builders.person(session, number="2")
    builders.employ(session, other, preschool)
    attend(session, meeting_id, sara, other)
    assert completions(session, other) == [("forskola", DAY)]
    assert completions(session, sara) == [("forskola", DAY)]


def test_attendance_taken_back_takes_the_course_back_and_put_in_anew_gives_it_anew(
    session: Session, sara: Person
) -> None:
    meeting_id = recognised_meeting(session, DAY)
    for turn in (1, 2, 3):
        attend(session, meeting_id, sara)
        assert completions(session) == [("forskola", DAY)]
        leave(session, meeting_id, sara)
        assert completions(session) == []
        assert len(session.scalars(sa.select(CompletionRecall)).all()) == turn
    assert sorted(session.scalars(sa.select(Completion.source))) == [
        "Fysiska utbildningar",
        "Fysiska utbildningar (2)",
        "Fysiska utbildningar (3)",
    ]
    assert len(session.scalars(sa.select(MeetingAttendance)).all()) == 3


def test_a_withdrawn_recognition_of_one_subject_takes_it_back(session: Session, sara: Person) -> None:
    meeting_id = recognised_meeting(session, DAY)
    attend(session, meeting_id, sara)
    unrecognise(session, meeting_id, CUTTING)
    assert completions(session) == []
    unrecognise(session, meeting_id, CUTTING)  # a second click
    with pytest.raises(NotFound):
        unrecognise(session, meeting_id, "dans")
    recognise(session, meeting_id, (CUTTING,))
    assert completions(session) == [("forskola", DAY)]


def test_a_withdrawn_meeting_takes_it_back_and_nothing_more_can_be_done_with_it(
    session: Session, sara: Person
) -> None:
    meeting_id = recognised_meeting(session, DAY)
    attend(session, meeting_id, sara)
    withdraw(session, meeting_id)
    assert completions(session) == []
    withdraw(session, meeting_id)  # a second click
    for act in (
        lambda: attend(session, meeting_id, sara),
        lambda: leave(session, meeting_id, sara),
        lambda: recognise(session, meeting_id),
        lambda: unrecognise(session, meeting_id, CUTTING),
    ):
        with pytest.raises(Conflict, match="Mötet är borttaget"):
            act()


def test_what_another_meeting_gives_stays_when_one_is_withdrawn(session: Session, sara: Person) -> None:
    first = recognised_meeting(session, DAY)
    second = recognised_meeting(session, DAY + 30 * ONE, title="En till")
    for meeting_id in (first, second):
        attend(session, meeting_id, sara)
    assert completions(session) == [("forskola", DAY), ("forskola", DAY + 30 * ONE)]
    withdraw(session, first)
    assert completions(session) == [("forskola", DAY + 30 * ONE)]


def test_two_roles_on_the_day_give_two_courses_each_with_its_own_months(
    session: Session, sara: Person, school: OrgUnit
) -> None:
    builders.employ(session, sara, school)
    attend(session, recognised_meeting(session, DAY), sara)
    assert completions(session) == [("forskola", DAY), ("skola", DAY)]
    assert dict(session.execute(sa.select(Completion.course, Completion.valid_until)).all()) == {
        "forskola": dt.date(2028, 5, 4),
        "skola": dt.date(2027, 5, 4),
    }


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "courses"),
    [
        (DAY, None, ["skola"]),
        (DAY + ONE, None, []),
        (DAY - 9 * ONE, DAY, ["skola"]),
        (DAY - 9 * ONE, DAY - ONE, []),
    ],
)
def test_the_role_on_the_day_decides(
    session: Session, school: OrgUnit, starts_on: dt.date, ends_on: dt.date | None, courses: list[str]
) -> None:
    someone = builders.person(session, number="9")
    builders.employ(session, someone, school, starts_on=starts_on, ends_on=ends_on)
    attend(session, recognised_meeting(session, DAY), someone)
    assert [course for course, _day in completions(session)] == courses


def test_a_job_out_of_the_target_group_gives_its_course_and_one_without_a_course_none(
    session: Session, sara: Person, u: OrgUnit
) -> None:
    builders.exempt(session, sara)
    cook = builders.person(session, number="8")
    builders.employ(session, cook, u, job_role="kock")
    attend(session, recognised_meeting(session, DAY), sara, cook)
    assert completions(session, sara) == [("forskola", DAY)]
    assert completions(session, cook) == []


def test_a_new_role_or_a_course_that_is_not_taught_any_more_takes_nothing_back(
    session: Session, sara: Person, preschool: OrgUnit
) -> None:
    meeting_id = recognised_meeting(session, DAY)
    attend(session, meeting_id, sara)
    preschool.job_role = "skola"
    session.flush()
    attend(session, meeting_id, sara, catalog=builders.catalog())
    other = held(session, TODAY, title="Annat")
    attend(session, other, sara, catalog=builders.catalog())
    assert completions(session, sara) == [("forskola", DAY)]


def test_what_was_recalled_by_hand_does_not_return(session: Session, sara: Person) -> None:
    """Rule 7."""
    meeting_id = recognised_meeting(session, DAY)
    attend(session, meeting_id, sara)
    recognition_actions.recall_completion(
        session, builders.deed(), "1", "forskola", DAY, None, "Var inte där"
    )
    assert recognise(session, meeting_id).new == ()
    leave(session, meeting_id, sara)
    attend(session, meeting_id, sara)
    assert completions(session) == []
    later = recognised_meeting(session, DAY + ONE)
    attend(session, later, sara)
    assert completions(session) == [("forskola", DAY + ONE)]


def test_the_same_source_in_a_file_is_no_obstacle(session: Session, sara: Person) -> None:
    builders.recognise(session, sara, "forskola", DAY, dt.date(2028, 5, 4), source="Fysiska utbildningar")
    meeting_id = recognised_meeting(session, DAY)
    attend(session, meeting_id, sara)
    leave(session, meeting_id, sara)
    assert completions(session) == [("forskola", DAY)]  # the file's is not the meetings' to take back


def test_the_same_meeting_again_is_that_meeting(session: Session, u: OrgUnit, s: OrgUnit) -> None:
    first = held(session)
    assert held(session) == first
    others = {
        held(session, at=[u]),
        held(session, day=DAY + ONE),
        held(session, title="Halvdag"),
        held(session, subjects=(CUTTING,)),
    }
    assert len(others | {first}) == 5
    withdraw(session, first)
    assert held(session) not in others | {first}


def test_attendance_recorded_again_is_told_and_written_once(session: Session, sara: Person) -> None:
    meeting_id = held(session)
    for counts in ((1, 0), (0, 1)):
        outcome = meeting_actions.record_attendance(
            session, builders.deed(), CATALOG, EVERYTHING, meeting_id, [sara.id, sara.id]
        )
        assert (outcome.new_count, outcome.there_count) == counts
    assert len(session.scalars(sa.select(MeetingAttendance)).all()) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "vad mötet hette"),
        ({"title": "t" * 201}, "högst 200 tecken"),
        ({"organiser": "o" * 201}, "högst 200 tecken"),
        ({"held_on": TODAY + ONE}, "har inte varit än"),
        ({"subjects": ()}, "minst ett ämne"),
        ({"subjects": ("dans",)}, "Ämnena är"),
        ({"organiser": ""}, "vem som ordnade"),
        ({"departments": ()}, "minst en förvaltning"),
        ({"departments": ("U", "U1")}, "Det finns ingen förvaltning med koden U1"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(
    session: Session, preschool: OrgUnit, change: dict[str, object], sentence: str
) -> None:
    fields = {"title": "T", "held_on": TODAY, "organiser": "VPC", "subjects": ALL, "departments": ("U",)}
    new = NewMeeting(**{**fields, **change})  # type: ignore[arg-type]
    with pytest.raises(Invalid, match=sentence):
        meeting_actions.register_meeting(session, builders.deed(), EVERYTHING, new)
    assert session.scalars(sa.select(Meeting)).all() == []


def test_today_is_no_day_to_come(session: Session, u: OrgUnit) -> None:
    assert held(session, day=TODAY)


def test_a_subject_that_the_meeting_did_not_have_is_not_recognised(session: Session, u: OrgUnit) -> None:
    meeting_id = held(session, subjects=(VIOLENCE,))
    with pytest.raises(Invalid, match="Välj bland mötets ämnen: våld i nära relationer"):
        recognise(session, meeting_id, (VIOLENCE, CUTTING))
    with pytest.raises(Invalid, match="Välj minst ett ämne"):
        recognise(session, meeting_id, ())
    assert session.scalars(sa.select(MeetingRecognition)).all() == []


def test_a_coordinator_reaches_the_own_departments_meetings_and_people_alone(
    session: Session, sara: Person, u: OrgUnit, s: OrgUnit, school: OrgUnit
) -> None:
    """S4; what is out of reach is what does not exist (S3)."""
    other = builders.person(session, number="2")
    builders.employ(session, other, school)
    both, theirs = held(session), held(session, at=[s])
    mine = (u.id,)

    def record(meeting_id: int, who: Person) -> int:
        return meeting_actions.record_attendance(
            session, builders.deed(), CATALOG, mine, meeting_id, [who.id]
        ).new_count

    assert record(both, sara) == 1
    attend(session, both, other)
    for act in (
        lambda: record(theirs, sara),
        lambda: record(both, other),
        lambda: leave(session, both, other, mine),
        lambda: withdraw(session, theirs, mine),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden, match="andra förvaltningar"):
        withdraw(session, both, mine)
    withdraw(session, held(session, at=[u]), mine)
    with pytest.raises(Invalid, match="ingen förvaltning med koden S"):
        held(session, title="Nytt", at=[s], reach=mine)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_ours"),
    [
        (DAY, None, True),
        (DAY + ONE, None, False),
        (DAY - 9 * ONE, DAY, True),
        (DAY - 9 * ONE, DAY - ONE, False),
    ],
)
def test_a_coordinators_people_are_those_who_worked_there_on_the_day(
    session: Session,
    u: OrgUnit,
    preschool: OrgUnit,
    starts_on: dt.date,
    ends_on: dt.date | None,
    is_ours: bool,
) -> None:
    someone = builders.person(session, number="9")
    builders.employ(session, someone, preschool, starts_on=starts_on, ends_on=ends_on)
    meeting_id = held(session)

    def record() -> int:
        return meeting_actions.record_attendance(
            session, builders.deed(), CATALOG, (u.id,), meeting_id, [someone.id]
        ).new_count

    if is_ours:
        assert record() == 1
    else:
        with pytest.raises(NotFound):
            record()


def test_every_act_is_in_the_journal_with_ids_and_counts_and_no_name(session: Session, sara: Person) -> None:
    meeting_id = held(session, title="Kanarie")
    attend(session, meeting_id, sara)
    recognise(session, meeting_id)
    unrecognise(session, meeting_id, VIOLENCE)
    leave(session, meeting_id, sara)
    withdraw(session, meeting_id)
    assert journal(session) == [
        ("registered-meeting", {"meeting": meeting_id}),
        ("recorded-attendance", {"meeting": meeting_id, "count": 1, "completions": 0, "recalled": 0}),
        ("recognised-meeting", {"meeting": meeting_id, "count": 3, "completions": 1, "recalled": 0}),
        ("withdrew-recognition", {"meeting": meeting_id, "completions": 0, "recalled": 1}),
        ("withdrew-attendance", {"meeting": meeting_id, "person": sara.id, "completions": 0, "recalled": 0}),
        ("withdrew-meeting", {"meeting": meeting_id, "completions": 0, "recalled": 0}),
    ]


def test_nothing_new_is_no_entry_in_the_journal(session: Session, sara: Person) -> None:
    meeting_id = recognised_meeting(session, DAY)
    attend(session, meeting_id, sara)
    before = len(journal(session))
    attend(session, meeting_id, sara)
    recognise(session, meeting_id)
    held(session)
    assert len(journal(session)) == before


def test_joining_two_numbers_takes_attendance_along_and_gives_nothing_twice(
    session: Session, preschool: OrgUnit
) -> None:
    old, new = (builders.person(session, number=number) for number in ("1", "2"))
    builders.employ(session, old, preschool, ends_on=DAY + 10 * ONE)
    builders.employ(session, new, preschool, starts_on=DAY)
    first, second = recognised_meeting(session, DAY), recognised_meeting(session, DAY + 30 * ONE)
    attend(session, first, old, new)
    attend(session, second, new)
    joining.join_persons(session, builders.deed(), "1", "2")
    session.expire_all()
    assert old.number == "2"
    for meeting_id in (first, second):
        assert meeting_credits.attendees(session, meeting_id) == [old.id], (
            "who was there once is counted once"
        )
    assert set(completions(session, old)) == {("forskola", DAY), ("forskola", DAY + 30 * ONE)}
    attend(session, second, old)
    assert len(completions(session, old)) == 2
    leave(session, second, old)
    assert completions(session, old) == [("forskola", DAY)]
