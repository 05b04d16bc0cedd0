"""Random organisations, counted by the SQL and by plain loops: every figure of every row and the measure (both engines)."""

import datetime as dt
from fractions import Fraction
from itertools import count as counter

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

import builders
from conftest import EXAMPLES
from elearn.people.models import UnitKind
from elearn.reports import coverage
from elearn.training.models import Attempt, CompletionRecall, LessonCompletion
from reports import plain_count as plain

D = dt.date(2026, 11, 30)
ROLES = ("förskola", "skola", "kock")  # the last has no course
COURSES = {"förskola": "forskola", "skola": "skola", "lärare": "skola"}
days = st.integers(-3, 3).map(lambda offset: D + dt.timedelta(days=offset))
maybe_days = st.none() | days
FIGURES = ("employees", "target", "trained", "expired", "started", "not_started", "exempt", "external", "without_course", "without_role")


@st.composite
def worlds(draw: st.DrawFn) -> plain.World:
    world = plain.World(COURSES)
    roles = st.sampled_from((None, *ROLES))
    for number in range(draw(st.integers(1, 8))):
        parent = draw(st.sampled_from((None, *world.units)))
        kinds = ("division", "unit") if parent else ("department", "external", "unit")
        ends_on = draw(st.one_of(st.none(), st.none(), days))
        world.units.append(plain.Unit(f"U{number}", draw(st.sampled_from(kinds)), parent, draw(roles), ends_on))
    unit, person = st.sampled_from(world.units), st.integers(0, 4)
    course = st.sampled_from(("forskola", "skola", "annan"))
    for _ in range(draw(st.integers(1, 9))):
        world.jobs.append(plain.Job(draw(person), draw(unit), draw(roles), draw(days), draw(maybe_days)))
    for _ in range(draw(st.integers(0, 3))):
        world.exemptions.append(plain.Exempted(draw(person), draw(st.none() | unit), draw(maybe_days), draw(maybe_days)))
    for _ in range(draw(st.integers(0, 7))):
        world.completions.append(plain.Done(draw(person), draw(course), draw(days), draw(days), draw(st.integers(0, 4)) == 0))
    for _ in range(draw(st.integers(0, 5))):
        world.begun.append(plain.Begun(draw(person), draw(course), draw(days), draw(st.booleans())))
    return world


def store(session: Session, world: plain.World) -> None:
    rows = {}
    for unit in world.units:
        parent = rows[unit.parent.code] if unit.parent else None
        rows[unit.code] = builders.unit(session, unit.code, UnitKind(unit.kind), parent, unit.job_role, ends_on=unit.ends_on)
    people = {number: builders.person(session) for number in range(5)}
    for job in world.jobs:
        builders.employ(session, people[job.person], rows[job.unit.code], job.job_role, job.starts_on, job.ends_on)
    for exemption in world.exemptions:
        at = rows[exemption.unit.code] if exemption.unit else None
        builders.exempt(session, people[exemption.person], at, exemption.starts_on, exemption.ends_on)
    for number, done in enumerate(world.completions):
        row = builders.recognise(session, people[done.person], done.course, done.completed_on, done.valid_until, f"Källa {number}")
        if done.is_recalled:
            session.add(CompletionRecall(completion_id=row.id, reason="Fel person", recalled_by="VPC", recalled_at=builders.NOW))
    numbers = counter(1)
    for begun in world.begun:
        person_id, number = people[begun.person].id, next(numbers)
        if begun.is_attempt:
            session.add(
                Attempt(
                    person_id=person_id,
                    course=begun.course,
                    lesson="gemensamt/a",
                    number=number,
                    edition=1,
                    lesson_hash="",
                    right_count=0,
                    asked_count=1,
                    has_passed=False,
                    submitted_on=begun.on,
                    submitted_at=builders.NOW,
                )
            )
        else:
            session.add(LessonCompletion(person_id=person_id, course=begun.course, lesson="gemensamt/a", edition=number,
                                         completed_on=begun.on, completed_at=builders.NOW))  # fmt: skip
    session.flush()


def compare(session: Session, world: plain.World) -> None:
    report = coverage.report(session, COURSES.items(), D, Fraction(2, 3), D)
    rows = {row.code: row for row in report.rows}
    opened = [unit for unit in world.units if unit.ends_on is None or unit.ends_on >= D]
    assert set(rows) == {unit.code for unit in opened}
    secured = {"department": [0, 0], "unit": [0, 0], "division": [0, 0], "external": [0, 0]}
    for unit in opened:
        expected = plain.count(world, unit, D)
        assert {name: getattr(rows[unit.code], name) for name in FIGURES} == expected, unit.code
        if expected["target"]:
            secured[unit.kind][1] += 1
            secured[unit.kind][0] += 3 * expected["trained"] >= 2 * expected["target"]
    measure = report.measure
    assert [measure.departments.secured, measure.departments.with_target] == secured["department"]
    assert [measure.units.secured, measure.units.with_target] == secured["unit"]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_figure_is_what_a_plain_count_gives(name: str, request: pytest.FixtureRequest) -> None:
    engine = sa.create_engine(sa.make_url(request.getfixturevalue(f"{name}_url")))

    @settings(max_examples=EXAMPLES[name])
    @given(worlds())
    def check(world: plain.World) -> None:
        with Session(engine) as session:
            store(session, world)
            compare(session, world)

    check()
    engine.dispose()
