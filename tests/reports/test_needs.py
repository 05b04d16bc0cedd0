"""Who lacks the course, what ends when, and how coverage will stand: the boundaries of the calendar, rule by
rule, and random organisations counted by plain loops on both engines."""

import datetime as dt
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn import database
from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.reports import coverage, forecast, needs
from elearn.reports.coverage import Tally
from elearn.reports.forecast import Forecast
from elearn.reports.needs import CourseNeed, Need, Needs
from tests import builders
from tests.conftest import EXAMPLES
from tests.reports import plain_count as plain
from tests.reports.test_random_comparison import CURRICULUM as RANDOM_CURRICULUM
from tests.reports.test_random_comparison import D, figures_of, store, worlds

CURRICULUM = builders.curriculum({"förskola": "forskola", "skola": "skola", "fritidshem": "skola"})
LENGTHS = {"forskola": 110, "skola": 100}
NINE_TENTHS = Fraction(9, 10)
TODAY = dt.date(2026, 11, 30)
LAST_DAY = dt.date(2028, 11, 30)


def needs_of(session: Session, today: dt.date = TODAY, tops: tuple[int, ...] | None = None) -> Needs:
    return needs.needs(session, CURRICULUM, LENGTHS, NINE_TENTHS, today, tops)


def forecast_of(session: Session, months: int, today: dt.date = TODAY) -> Forecast:
    return forecast.forecast(session, CURRICULUM, months, NINE_TENTHS, today)


def employed(session: Session, *units: OrgUnit, job_role: str | None = None) -> Person:
    someone = builders.person(session)
    for at in units:
        builders.employ(session, someone, at, job_role)
    return someone


@pytest.mark.parametrize(
    ("today", "last_day", "ending"),
    [
        # Three months after 30 November is the last of February: the 27th is over then, the 28th is not.
        (dt.date(2026, 11, 30), dt.date(2027, 2, 27), (1, 1, 1)),
        (dt.date(2026, 11, 30), dt.date(2027, 2, 28), (0, 1, 1)),
        (dt.date(2027, 11, 30), dt.date(2028, 2, 28), (1, 1, 1)),
        (dt.date(2027, 11, 30), dt.date(2028, 2, 29), (0, 1, 1)),
        (dt.date(2026, 11, 30), dt.date(2027, 5, 29), (0, 1, 1)),
        (dt.date(2026, 11, 30), dt.date(2027, 5, 30), (0, 0, 1)),
        (dt.date(2026, 11, 30), dt.date(2027, 11, 29), (0, 0, 1)),
        (dt.date(2026, 11, 30), dt.date(2027, 11, 30), (0, 0, 0)),
        (dt.date(2026, 11, 30), dt.date(2026, 11, 30), (1, 1, 1)),
        (dt.date(2026, 8, 31), dt.date(2027, 2, 27), (0, 1, 1)),
        (dt.date(2026, 8, 31), dt.date(2027, 2, 28), (0, 0, 1)),
        (dt.date(2028, 2, 29), dt.date(2029, 2, 27), (0, 0, 1)),
        (dt.date(2028, 2, 29), dt.date(2029, 2, 28), (0, 0, 0)),
    ],
)
def test_what_ends_is_told_by_calendar_months(
    session: Session, today: dt.date, last_day: dt.date, ending: tuple[int, ...]
) -> None:
    place = builders.unit(session, "F", UnitKind.DEPARTMENT, job_role="förskola")
    builders.recognise(session, employed(session, place), "forskola", dt.date(2026, 1, 1), last_day)
    found = needs_of(session, today)
    [row] = found.coverage.rows
    assert found.of(row).need == found.whole.need == Need(1, 1, ending)
    for months, is_over in zip((3, 6, 12), ending, strict=True):
        ahead = forecast_of(session, months, today)
        assert (ahead.if_nothing.rows[0].trained, ahead.if_nothing.rows[0].expired) == (1 - is_over, is_over)
        assert (ahead.if_renewed.rows[0].trained, ahead.if_renewed.rows[0].expired) == (1, 0)


def test_what_has_ended_today_is_lacking_and_is_not_renewed(session: Session) -> None:
    place = builders.unit(session, "F", UnitKind.DEPARTMENT, job_role="förskola")
    builders.recognise(
        session, employed(session, place), "forskola", dt.date(2026, 1, 1), dt.date(2026, 11, 29)
    )
    assert needs_of(session).whole.need == Need(1, 0, (0, 0, 0))
    [row] = forecast_of(session, 3).if_renewed.rows
    assert (row.target, row.trained, row.expired) == (1, 0, 1)


def test_a_person_with_two_jobs_is_one_person_and_two_courses(session: Session) -> None:
    department = builders.unit(session, "U", UnitKind.DEPARTMENT)
    preschool = builders.unit(session, "F", parent=department, job_role="förskola")
    school = builders.unit(session, "S", parent=department, job_role="skola")
    both = employed(session, preschool, school)
    builders.recognise(session, both, "forskola", dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    found = needs_of(session)
    by_code = {row.code: found.of(row) for row in found.coverage.rows}
    assert by_code["U"].need == found.whole.need == Need(1, 0, (0, 0, 0))  # lacks the school's
    assert by_code["U"].courses == found.whole.courses
    assert by_code["U"].courses == (
        CourseNeed("forskola", ("förskola",), Need(1, 1, (1, 1, 1)), 0),
        CourseNeed("skola", ("skola", "fritidshem"), Need(1, 0, (0, 0, 0)), 100),
    )
    assert by_code["U"].minutes == 100
    assert by_code["F"].need == Need(1, 1, (1, 1, 1))


def test_two_roles_with_one_course_ask_for_its_time_once(session: Session) -> None:
    department = builders.unit(session, "U", UnitKind.DEPARTMENT)
    someone = builders.person(session)
    for role in ("skola", "fritidshem"):
        builders.employ(session, someone, builders.unit(session, role, parent=department), role)
    found = needs_of(session)
    top = next(row for row in found.coverage.rows if row.code == "U")
    assert found.of(top).courses == (
        CourseNeed("skola", ("skola", "fritidshem"), Need(1, 0, (0, 0, 0)), 100),
    )
    assert found.of(top).minutes == found.whole.minutes == 100


def test_a_forecast_knows_whose_employment_ends_and_whose_exemption(session: Session) -> None:
    place = builders.unit(session, "F", UnitKind.DEPARTMENT, job_role="förskola")
    leaving = builders.person(session)
    builders.employ(session, leaving, place, ends_on=dt.date(2027, 2, 27))
    away = employed(session, place)
    builders.exempt(session, away, ends_on=dt.date(2027, 2, 27))
    for someone in (leaving, away):
        builders.recognise(session, someone, "forskola", dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    assert needs_of(session).whole.need == Need(1, 1, (1, 1, 1))  # the one who is to leave
    [row] = forecast_of(session, 3).if_nothing.rows
    assert (row.employees, row.target, row.trained, row.exempt) == (1, 1, 0, 0)  # the one who comes back
    [row] = forecast_of(session, 3).if_renewed.rows
    assert (row.employees, row.target, row.trained) == (1, 1, 1)


def test_the_forecast_of_the_measure(session: Session) -> None:
    department = builders.unit(session, "U", UnitKind.DEPARTMENT)
    for code, last_day in (("A", dt.date(2027, 2, 27)), ("B", LAST_DAY)):
        at = builders.unit(session, code, parent=department, job_role="förskola")
        builders.recognise(session, employed(session, at), "forskola", dt.date(2026, 1, 1), last_day)
    ahead = forecast_of(session, 3)
    assert (ahead.months, ahead.on) == (3, dt.date(2027, 2, 28))
    assert ahead.if_nothing.is_forecast
    assert ahead.if_renewed.is_forecast
    assert ahead.if_nothing.measure.departments == Tally(0, 1)
    assert ahead.if_nothing.measure.units == Tally(1, 2)
    assert ahead.if_renewed.measure.both == Tally(3, 3)
    assert ahead.if_nothing == coverage.report(session, CURRICULUM, dt.date(2027, 2, 28), NINE_TENTHS, TODAY)


def test_nobody_in_the_target_group_needs_nothing(session: Session) -> None:
    builders.unit(session, "F", UnitKind.DEPARTMENT)
    found = needs_of(session)
    assert found.whole.need == Need(0, 0, (0, 0, 0))
    assert found.whole.courses == ()
    assert found.of(found.coverage.rows[0]).minutes == 0


@st.composite
def worlds_ahead(draw: st.DrawFn) -> plain.World:
    """Random organisations in which much begins and ends round the days that are looked ahead to."""
    world = draw(worlds())
    round_them = [D, *forecast.horizons(D)]
    near = st.sampled_from([day + dt.timedelta(days=off) for day in round_them for off in (-1, 0, 1)])
    for done in world.completions:
        done.valid_until = draw(near)
    for job in world.jobs:
        job.ends_on = draw(st.one_of(st.none(), st.none(), near))
    for decision in world.decisions:
        decision.starts_on = draw(st.one_of(st.none(), near))
        decision.ends_on = draw(st.one_of(st.none(), near))
    return world


def compare(session: Session, world: plain.World) -> None:
    lengths = {"forskola": 7, "skola": 11}
    days = [*forecast.horizons(D)]
    found = needs.needs(session, RANDOM_CURRICULUM, lengths, NINE_TENTHS, D)
    assert found.coverage == coverage.report(session, RANDOM_CURRICULUM, D, NINE_TENTHS, D)
    for unit in [None, *plain.opened(world, D)]:
        row = next((row for row in found.coverage.rows if unit and row.code == unit.code), None)
        group = found.of(row) if row else found.whole
        assert group.need == Need(*plain.need(world, unit, None, D, days))
        assert {one.course: one.need for one in group.courses} == {
            course: Need(*expected)
            for course in lengths
            if (expected := plain.need(world, unit, course, D, days))[0]
        }
        assert group.minutes == sum(one.need.lacking * lengths[one.course] for one in group.courses)
    tops = tuple(session.scalars(sa.select(OrgUnit.id).where(OrgUnit.code == world.units[-1].code)))
    part = needs.needs(session, RANDOM_CURRICULUM, lengths, NINE_TENTHS, D, tops)
    assert part.whole.need == Need(*plain.need(world, world.units[-1], None, D, days))
    assert all(part.of(row) == found.of(row) for row in part.coverage.rows)


def compare_forecasts(session: Session, world: plain.World) -> None:
    for ahead in forecast.forecasts(session, RANDOM_CURRICULUM, NINE_TENTHS, D):
        expected = {unit.code: plain.count(world, unit, ahead.on) for unit in plain.opened(world, ahead.on)}
        assert figures_of(ahead.if_nothing) == expected
        renewed = {
            unit.code: plain.renewed(world, unit, ahead.on, D) for unit in plain.opened(world, ahead.on)
        }
        assert {row.code: row.trained for row in ahead.if_renewed.rows} == renewed
        for row in ahead.if_renewed.rows:
            assert row.target == row.trained + row.expired + row.started + row.not_started
            assert row.expired >= 0


def test_needs_and_forecasts_are_what_a_plain_count_gives(engine: sa.Engine) -> None:
    @settings(max_examples=EXAMPLES[engine.dialect.name])
    @given(worlds_ahead())
    def check(world: plain.World) -> None:
        with Session(database.writing(engine)) as session:  # rolled back
            store(session, world)
            compare(session, world)
            compare_forecasts(session, world)

    check()
