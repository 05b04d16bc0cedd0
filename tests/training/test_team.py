"""The manager's list: where everybody stands, in which order, and nothing more than that."""

import dataclasses
import datetime as dt
from fractions import Fraction

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.training import team
from elearn.training.models import Attempt, CompletionRecall
from elearn.training.obligations import Terms
from elearn.training.team import Member, MemberStatus, TeamUnit
from tests import builders
from tests.builders import NOW, TODAY

CURRICULUM = builders.curriculum({"förskola": "forskola", "skola": "skola"})
DUE, RENEWAL = 90, 60
DAY = dt.timedelta(days=1)
LONG_AGO, FAR_AHEAD = dt.date(2020, 1, 1), dt.date(2030, 1, 1)


@pytest.fixture
def school(session: Session) -> OrgUnit:
    return builders.unit(session, "U1", job_role="skola", name="Tallskolan")


def list_of(session: Session, *units: OrgUnit) -> tuple[TeamUnit, ...]:
    ids = sa.select(OrgUnit.id).where(OrgUnit.id.in_([unit.id for unit in units]))
    return team.unit_team(session, CURRICULUM, ids, Terms(TODAY, DUE, RENEWAL))


def employed(
    session: Session,
    at: OrgUnit,
    name: str = "Sara",
    starts_on: dt.date = LONG_AGO,
    job_role: str | None = None,
) -> Person:
    someone = builders.person(session, name)
    builders.employ(session, someone, at, job_role, starts_on)
    return someone


def only(session: Session, at: OrgUnit) -> Member:
    [unit] = list_of(session, at)
    [member] = unit.members
    return member


def begin(session: Session, someone: Person, course: str) -> None:
    session.add(
        Attempt(
            person_id=someone.id,
            course=course,
            lesson="a",
            number=1,
            edition=1,
            lesson_hash="",
            right_count=7,
            asked_count=12,
            has_passed=False,
            submitted_on=TODAY,
            submitted_at=NOW,
            answers={"hemlig-fraga": ["svar"]},
        )
    )
    session.flush()


@pytest.mark.parametrize(
    ("employed_days", "has_begun", "expected"),
    [
        (DUE, False, MemberStatus.NOT_STARTED),
        (DUE + 1, False, MemberStatus.OVERDUE),
        (DUE, True, MemberStatus.STARTED),
        (DUE + 1, True, MemberStatus.OVERDUE),
    ],
)
def test_who_is_not_trained_is_overdue_after_the_last_day(
    session: Session, school: OrgUnit, employed_days: int, has_begun: bool, expected: MemberStatus
) -> None:
    someone = employed(session, school, starts_on=TODAY - employed_days * DAY)
    if has_begun:
        begin(session, someone, "skola")
    member = only(session, school)
    assert (member.status, member.has_begun) == (expected, has_begun)
    assert member.status_day == TODAY - (employed_days - DUE) * DAY


@pytest.mark.parametrize(
    ("days_left", "expected"),
    [
        (-1, MemberStatus.EXPIRED),
        (0, MemberStatus.EXPIRING),
        (RENEWAL, MemberStatus.EXPIRING),
        (RENEWAL + 1, MemberStatus.TRAINED),
    ],
)
def test_a_completion_holds_to_its_last_day_and_expires_after_it(
    session: Session, school: OrgUnit, days_left: int, expected: MemberStatus
) -> None:
    builders.recognise(session, employed(session, school), "skola", LONG_AGO, TODAY + days_left * DAY)
    member = only(session, school)
    assert (member.status, member.status_day) == (expected, TODAY + days_left * DAY)
    assert member.is_trained == (days_left >= 0)


def test_the_completion_that_holds_longest_counts_and_a_recalled_one_never(
    session: Session, school: OrgUnit
) -> None:
    someone = employed(session, school)
    builders.recognise(session, someone, "skola", TODAY - DAY, TODAY - DAY, "A")
    builders.recognise(session, someone, "skola", LONG_AGO, FAR_AHEAD - DAY, "B")
    wrong = builders.recognise(session, someone, "skola", LONG_AGO, FAR_AHEAD, "C")
    session.add(
        CompletionRecall(completion_id=wrong.id, reason="Fel person", recalled_by="VPC", recalled_at=NOW)
    )
    session.flush()
    assert only(session, school).status_day == FAR_AHEAD - DAY


def test_a_course_of_another_role_helps_nobody(session: Session, school: OrgUnit) -> None:
    someone = employed(session, school)
    builders.recognise(session, someone, "forskola", LONG_AGO, FAR_AHEAD)
    begin(session, someone, "forskola")
    member = only(session, school)
    assert (member.status, member.has_begun) == (MemberStatus.OVERDUE, False)


def test_two_jobs_in_one_unit_are_one_line_and_both_courses_are_needed(
    session: Session, school: OrgUnit
) -> None:
    someone = builders.person(session)
    for job_role, position in (("skola", "Lärare"), ("förskola", "Barnskötare"), ("skola", "Lärare")):
        builders.employ(session, someone, school, job_role, position=position)
    builders.recognise(session, someone, "skola", LONG_AGO, FAR_AHEAD)
    member = only(session, school)
    assert (member.status, member.position, member.has_begun) == (
        MemberStatus.OVERDUE,
        "Lärare, Barnskötare",
        True,
    )
    builders.recognise(session, someone, "forskola", LONG_AGO, FAR_AHEAD - DAY)
    assert (only(session, school).status, only(session, school).status_day) == (
        MemberStatus.TRAINED,
        FAR_AHEAD - DAY,
    )


def test_a_new_job_is_due_from_its_own_first_day_and_not_from_that_of_a_trained_one(
    session: Session, school: OrgUnit
) -> None:
    someone = employed(session, school, job_role="skola")
    builders.employ(session, someone, school, "förskola", TODAY - 20 * DAY)
    builders.recognise(session, someone, "skola", LONG_AGO, FAR_AHEAD)
    member = only(session, school)
    assert (member.status, member.status_day) == (MemberStatus.STARTED, TODAY + (DUE - 20) * DAY)


def test_a_job_whose_course_has_expired_is_overdue_since_then_although_another_is_new(
    session: Session, school: OrgUnit
) -> None:
    someone = employed(session, school, job_role="skola")
    builders.employ(session, someone, school, "förskola", TODAY)
    builders.recognise(session, someone, "skola", LONG_AGO, TODAY - 5 * DAY)
    member = only(session, school)
    assert (member.status, member.status_day) == (MemberStatus.OVERDUE, TODAY - 4 * DAY)


def test_who_is_exempt_stands_with_the_last_day_and_never_with_the_decisions_words(
    session: Session, school: OrgUnit
) -> None:
    """S5."""
    someone = employed(session, school)
    builders.exempt(session, someone, ends_on=TODAY, reason="hemligt skäl")
    builders.exempt(session, someone, school, ends_on=TODAY + DAY, reason="hemligt skäl")
    builders.exempt(session, someone, ends_on=TODAY - DAY, reason="hemligt skäl")
    member = only(session, school)
    assert (member.status, member.outside, member.status_day) == (MemberStatus.OUTSIDE, "exempt", TODAY + DAY)
    assert "hemligt" not in repr(member)
    builders.exempt(session, someone, school)
    assert only(session, school).status_day is None, "the one that holds is open"


@pytest.mark.parametrize(("last_day", "told"), [(TODAY + DAY, TODAY + DAY), (None, None)])
def test_of_two_jobs_in_one_unit_the_exempt_one_gives_the_last_day(
    session: Session, last_day: dt.date | None, told: dt.date | None
) -> None:
    office = builders.unit(session, "K")
    someone = employed(session, office)  # without a role
    builders.employ(session, someone, office, "skola", position="Rektor")
    builders.decide(session, office, position="Rektor", ends_on=last_day)
    member = only(session, office)
    assert (member.outside, member.status_day) == ("exempt", told)


def test_the_other_reasons_for_being_outside_are_told(session: Session, school: OrgUnit) -> None:
    shelter = builders.unit(session, "X", UnitKind.EXTERNAL, name="Kvinnojouren")
    office = builders.unit(session, "K", name="Kansliet")
    for at, job_role in ((shelter, "skola"), (office, None), (school, "kock")):
        employed(session, at, job_role=job_role)
    assert [unit.members[0].outside for unit in list_of(session, shelter, office, school)] == [
        "without_role",
        "external",
        "without_course",
    ]


def test_the_overdue_stand_first_and_of_these_the_oldest(session: Session, school: OrgUnit) -> None:
    def trained(name: str, valid_until: dt.date) -> None:
        builders.recognise(session, employed(session, school, name), "skola", LONG_AGO, valid_until)

    trained("Klar", FAR_AHEAD)
    builders.exempt(session, employed(session, school, "Undantagen"))
    trained("Snart", TODAY + DAY)
    begin(session, employed(session, school, "Påbörjad", TODAY), "skola")
    employed(session, school, "Ny", TODAY)
    trained("Utgången-nyss", TODAY - DAY)
    employed(session, school, "Försenad", TODAY - (DUE + 5) * DAY)
    trained("Utgången-länge", TODAY - 9 * DAY)
    [unit] = list_of(session, school)
    assert [member.name.removesuffix(" Lind") for member in unit.members] == [
        "Utgången-länge",
        "Försenad",
        "Utgången-nyss",
        "Ny",
        "Påbörjad",
        "Snart",
        "Klar",
        "Undantagen",
    ]
    assert (len(unit.target), unit.trained_count, unit.share) == (7, 2, Fraction(2, 7))
    assert unit.overdue_count == 2, "whose course expired yesterday has today left"


def test_units_and_names_stand_in_swedish_order(session: Session) -> None:
    units = [
        builders.unit(session, code, job_role="skola", name=name)
        for code, name in (("A", "Örnen"), ("B", "Ängen"), ("C", "åsen"), ("D", "Zonen"))
    ]
    for name in ("Örjan", "Zeb", "Åsa"):
        employed(session, units[0], name, TODAY)
    for unit in units[1:]:
        employed(session, unit)
    found = list_of(session, *units)
    assert [unit.name for unit in found] == ["Zonen", "åsen", "Ängen", "Örnen"]
    assert [member.name for member in found[3].members] == ["Zeb Lind", "Åsa Lind", "Örjan Lind"]


def test_only_the_units_that_are_asked_for_and_only_who_works_there_today(
    session: Session, school: OrgUnit
) -> None:
    """S4: the selection is the database's."""
    employed(session, builders.unit(session, "U2", job_role="skola"), "Kanariefågel")
    employed(session, builders.unit(session, "U11", parent=school), "Kanariefågel")
    builders.employ(session, builders.person(session, "Kanariefågel"), school, ends_on=TODAY - DAY)
    employed(session, school, "Kanariefågel", TODAY + DAY)
    employed(session, school, "Sara")
    assert [member.name for unit in list_of(session, school) for member in unit.members] == ["Sara Lind"]
    assert list_of(session) == ()


def test_a_member_has_status_and_dates_and_nothing_of_answers_scores_or_tries(
    session: Session, school: OrgUnit
) -> None:
    """S5."""
    begin(session, employed(session, school), "skola")
    fields = {field.name for field in dataclasses.fields(Member)}
    assert fields == {
        "person_id",
        "name",
        "position",
        "status",
        "status_day",
        "is_overdue",
        "has_begun",
        "outside",
        "has_password",
        "has_more_rights",
        "is_named",
    }
    assert "hemlig-fraga" not in repr(list_of(session, school))


def test_a_person_in_two_units_is_one_person_in_the_totals(session: Session, school: OrgUnit) -> None:
    """Rule 6: trained in one of them only is not trained."""
    other = builders.unit(session, "U2", job_role="förskola")
    someone = employed(session, school)
    builders.employ(session, someone, other)
    builders.recognise(session, someone, "skola", LONG_AGO, FAR_AHEAD)
    builders.recognise(session, employed(session, school), "skola", LONG_AGO, FAR_AHEAD)
    builders.exempt(session, employed(session, other))
    units = list_of(session, school, other)
    assert [(len(unit.target), unit.trained_count) for unit in units] == [(1, 0), (2, 2)]
    together = team.totals(units)
    assert (together.target, together.trained, together.overdue, together.share) == (2, 1, 1, Fraction(1, 2))
    assert team.totals([]).share is None
