"""What stands beside coverage, and that it is beside it: counted in persons, by department, within N
months."""

import datetime as dt
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn import database
from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.reports import coverage, meeting_figures
from elearn.reports.meeting_figures import DepartmentFigures
from elearn.reports.remembered import RememberedCoverage
from elearn.training import apt, meeting_actions
from tests import builders
from tests.conftest import EXAMPLES
from tests.training.registers import (
    ALL,
    CATALOG,
    CUTTING,
    HONOUR,
    VIOLENCE,
    attend,
    held,
    recognised_meeting,
)

D = dt.date(2026, 11, 23)
ONE = dt.timedelta(days=1)
CURRICULUM = builders.curriculum({"förskola": "forskola", "skola": "skola"})


def build(session: Session) -> dict[str, OrgUnit]:
    u = builders.unit(session, "U", UnitKind.DEPARTMENT, name="Utbildning")
    s = builders.unit(session, "S", UnitKind.DEPARTMENT, name="Social")
    builders.unit(session, "X", UnitKind.EXTERNAL, name="Jouren", job_role="förskola")
    area = builders.unit(session, "UA", UnitKind.DIVISION, parent=u)
    return {
        "U": u,
        "S": s,
        "U1": builders.unit(session, "U1", parent=area, job_role="förskola"),
        "U2": builders.unit(session, "U2", parent=u, job_role="skola"),
        "S1": builders.unit(session, "S1", parent=s, job_role="skola"),
    }


@pytest.fixture
def town(session: Session) -> dict[str, OrgUnit]:
    return build(session)


def employed(session: Session, *places: OrgUnit, job_role: str | None = None) -> Person:
    someone = builders.person(session)
    for place in places:
        builders.employ(session, someone, place, job_role=job_role)
    return someone


def figures(
    session: Session, months: int = 12, tops: tuple[int, ...] | None = None
) -> dict[str, DepartmentFigures]:
    report = coverage.report(session, CURRICULUM, D, Fraction(9, 10), D, tops)
    found = meeting_figures.department_figures(session, CURRICULUM, report, tops, months)
    return {row.code: row for row in found}


def test_persons_of_the_target_group_each_once_in_each_department(
    session: Session, town: dict[str, OrgUnit]
) -> None:
    both = employed(session, town["U1"], town["U2"], town["S1"])
    plain = employed(session, town["U1"])
    cook = employed(session, town["U2"], job_role="kock")
    away = employed(session, town["U2"])
    builders.exempt(session, away)
    employed(session, town["S1"])
    first, second = held(session, D), held(session, D - ONE, (CUTTING,), title="Två")
    attend(session, first, both, plain, cook, away)
    attend(session, second, both)
    assert figures(session) == {
        "S": DepartmentFigures("S", "Social", 2, 1, (1, 1, 1), 0, 1),
        "U": DepartmentFigures("U", "Utbildning", 2, 2, (2, 2, 2), 0, 2),
    }
    assert figures(session)["S"].share == Fraction(1, 2)


@pytest.mark.parametrize(
    ("held_on", "months", "counts"),
    [
        (dt.date(2025, 11, 23), 12, 1),
        (dt.date(2025, 11, 22), 12, 0),
        (dt.date(2024, 11, 23), 24, 1),
        (dt.date(2024, 11, 22), 24, 0),
        (D, 6, 1),
    ],
)
def test_within_so_many_months(
    session: Session, town: dict[str, OrgUnit], held_on: dt.date, months: int, counts: int
) -> None:
    attend(session, held(session, held_on), employed(session, town["U1"]))
    assert figures(session, months)["U"].attended == counts


def test_a_meeting_after_the_date_of_the_report_is_not_in_it(
    session: Session, town: dict[str, OrgUnit]
) -> None:
    attend(session, held(session, D), employed(session, town["U1"]))
    report = coverage.report(session, CURRICULUM, D - ONE, Fraction(9, 10), D)
    rows = meeting_figures.department_figures(session, CURRICULUM, report, None, 12)
    assert [row.attended for row in rows] == [0, 0]


def test_by_subject_and_what_is_withdrawn_counts_nowhere(session: Session, town: dict[str, OrgUnit]) -> None:
    someone, other = employed(session, town["U1"]), employed(session, town["U1"])
    first = held(session, D, (VIOLENCE, HONOUR))
    second = held(session, D, (CUTTING,), title="Två")
    attend(session, first, someone, other)
    attend(session, second, someone)
    assert figures(session)["U"].by_subject == (2, 1, 2)
    meeting_actions.withdraw_attendance(session, builders.deed(), CATALOG, None, first, other.id)
    assert (figures(session)["U"].attended, figures(session)["U"].by_subject) == (1, (1, 1, 1))
    meeting_actions.withdraw_meeting(session, builders.deed(), CATALOG, None, first, "Fel")
    assert (figures(session)["U"].attended, figures(session)["U"].by_subject) == (1, (0, 1, 0))


def test_units_that_have_held_a_staff_meeting(session: Session, town: dict[str, OrgUnit]) -> None:
    johan = employed(session, town["U1"])
    for code in ("U1", "U2"):
        builders.manage(session, johan, town[code])
        for day in (D, D - ONE):
            apt.record_staff_meeting(session, builders.deed(), johan.id, code, day, 5)
    found = figures(session)
    assert [(row.staff_meeting_units, row.unit_count) for row in found.values()] == [(0, 1), (2, 2)]
    for code in ("U", "UA"):  # what is no unit is counted neither above nor below
        place = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == code)).one()
        builders.manage(session, johan, place)
        apt.record_staff_meeting(session, builders.deed(), johan.id, code, D, 5)
    again = figures(session)
    assert [(row.staff_meeting_units, row.unit_count) for row in again.values()] == [(0, 1), (2, 2)]


def test_a_part_has_its_own_departments_alone(session: Session, town: dict[str, OrgUnit]) -> None:
    attend(session, held(session, D), employed(session, town["U1"], town["S1"]))
    assert list(figures(session, tops=(town["S"].id,))) == ["S"]


def test_attendance_is_in_no_figure_of_coverage_and_a_recognised_meeting_is_at_once(
    engine: sa.Engine,
) -> None:
    """Also in the coverage that is remembered, which is counted anew after each transaction that changes it."""
    with database.transaction(engine) as session:
        someone = employed(session, build(session)["U1"]).id
    memory = RememberedCoverage()

    def trained() -> list[int]:
        with database.snapshot(engine) as session:
            report = memory.report(session, CURRICULUM, D, Fraction(9, 10), D).coverage
            return [row.trained for row in report.rows if row.code in ("U", "U1")]

    assert trained() == [0, 0]
    with database.transaction(engine) as session:
        attend(session, held(session, D - ONE), session.get_one(Person, someone))
    assert trained() == [0, 0]
    with database.transaction(engine) as session:
        meeting_id = recognised_meeting(session, D)
        attend(session, meeting_id, session.get_one(Person, someone))
    assert trained() == [1, 1]
    with database.transaction(engine) as session:
        meeting_actions.withdraw_recognition(session, builders.deed(), CATALOG, meeting_id, CUTTING, "Fel")
    assert trained() == [0, 0]


JOBS = st.lists(st.sampled_from(("U1", "U2", "S1", "S")), max_size=3, unique=True)
WORLD = st.tuples(
    st.lists(JOBS, min_size=1, max_size=5),  # where each person works; in S itself there is no role
    st.lists(
        st.tuples(
            st.sampled_from((D, dt.date(2025, 11, 23), dt.date(2025, 11, 22))),
            st.sets(st.sampled_from(ALL), min_size=1),
            st.sets(st.integers(0, 4)),
        ),
        max_size=4,
    ),
)


def test_every_figure_is_what_a_plain_count_gives(engine: sa.Engine) -> None:
    @settings(max_examples=EXAMPLES[engine.dialect.name])
    @given(WORLD)
    def check(world: tuple[list[list[str]], list[tuple[dt.date, set[str], set[int]]]]) -> None:
        jobs, meetings = world
        with Session(database.writing(engine)) as session:  # rolled back
            places = build(session)
            people = [employed(session, *(places[code] for code in codes)) for codes in jobs]
            for turn, (day, subjects, who) in enumerate(meetings):
                there = [people[number] for number in who if number < len(people)]
                attend(session, held(session, day, subjects, title=f"Möte {turn}"), *there)
            found = figures(session)
            for code, units in (("U", {"U1", "U2"}), ("S", {"S1"})):
                target = {number for number, codes in enumerate(jobs) if units & set(codes)}
                counted = [
                    {
                        number
                        for day, subjects, who in meetings
                        if day >= dt.date(2025, 11, 23) and (subject is None or subject in subjects)
                        for number in who & target
                    }
                    for subject in (None, *ALL)
                ]
                row = found[code]
                assert (row.target, row.attended, row.by_subject) == (
                    len(target),
                    len(counted[0]),
                    tuple(len(one) for one in counted[1:]),
                )

    check()
