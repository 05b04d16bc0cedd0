"""Random organisations, counted by the SQL and by plain loops: every figure of every row, the measure, any
part of the tree and the manager's list, on both engines."""

import datetime as dt
from fractions import Fraction
from itertools import count as counter

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn import database
from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.reports import coverage, departures
from elearn.reports.coverage import Coverage, Tally
from elearn.training import obligations, overdue, team
from elearn.training.models import Attempt, CompletionRecall, LessonCompletion
from elearn.training.obligations import Terms
from elearn.training.overdue import ManagedPeople
from elearn.training.team import MemberStatus, TeamUnit, Viewer
from tests import builders
from tests.conftest import EXAMPLES
from tests.reports import plain_count as plain

D = dt.date(2026, 11, 30)
ROLES = ("förskola", "skola", "lärare", "kock")  # the last has no course, the two before it share one
COURSES = {"förskola": "forskola", "skola": "skola", "lärare": "skola"}
CURRICULUM = builders.curriculum(COURSES)
PEOPLE = 3
DUE_DAYS = 1
TERMS = Terms(D, DUE_DAYS, renewal_days=1)
THRESHOLDS = (Fraction(1, 3), Fraction(2, 3), Fraction(1))
FIGURES = (
    "employees",
    "target",
    "trained",
    "expired",
    "started",
    "not_started",
    "offered",
    "exempt",
    "external",
    "without_course",
    "without_role",
)


def days(*offsets: int | None) -> st.SearchStrategy[dt.date | None]:
    """Dates round D; None: open. Drawn more often the more often they are named, so that most rows mean
    something on D."""
    return st.sampled_from([None if offset is None else D + dt.timedelta(days=offset) for offset in offsets])


@st.composite
def decided(draw: st.DrawFn, world: plain.World, recorded: int) -> plain.Decided:
    """Of every kind. Several in one unit, or about one person, are what it is about."""
    kind = draw(st.sampled_from(("person in a unit", "person", "position", "unit", "unit", "exact")))
    unit, person = draw(st.sampled_from(world.units)), draw(st.integers(0, PEOPLE - 1))
    is_included = kind != "exact" and draw(st.booleans())
    return plain.Decided(
        person if kind in ("person in a unit", "person", "exact") else None,
        None if kind == "person" or (kind == "exact" and draw(st.booleans())) else unit,
        draw(st.sampled_from(("Rektor", "REKTOR ", "Kock"))) if kind == "position" else None,
        is_included,
        draw(st.sampled_from((None, None, *ROLES))) if is_included else None,
        draw(days(None, -1, -1, 0, 1)),
        draw(days(None, None, -1, 0, 1)),
        is_exact=kind == "exact",
        recorded=recorded,
        ended_on=draw(days(None, None, None, -1, 0, 1)),
    )


@st.composite
def worlds(draw: st.DrawFn) -> plain.World:
    world = plain.World(COURSES)
    for number in range(draw(st.integers(1, 6))):
        parent = draw(st.sampled_from((None, *world.units, *world.units[-1:])))
        kinds = (
            ("division", "unit") if parent else ("department", "department", "department", "external", "unit")
        )
        job_role, ends_on = draw(st.sampled_from((None, *ROLES))), draw(days(None, None, None, None, -1, 0))
        world.units.append(plain.Unit(f"U{number}", draw(st.sampled_from(kinds)), parent, job_role, ends_on))
    unit, person = st.sampled_from(world.units), st.integers(0, PEOPLE - 1)
    job_role = st.sampled_from((None, None, None, "förskola", "skola", *ROLES))
    for _ in range(draw(st.integers(3, 10))):
        world.jobs.append(
            plain.Job(
                draw(person),
                draw(unit),
                draw(job_role),
                draw(days(-2, -1, 0, 0, 1)),
                draw(days(None, None, None, -1, 0, 1)),
                draw(st.sampled_from((None, "Rektor", " rektor ", "Kock", "Kock\nREKTOR", "Kock, rektor"))),
            )
        )
    for recorded in range(draw(st.integers(0, 5))):
        world.decisions.append(draw(decided(world, recorded)))
    course = st.sampled_from(("forskola", "forskola", "forskola", "skola", "skola", "skola", "annan"))
    for _ in range(draw(st.integers(1, 6))):
        completed_on, valid_until = draw(days(-1, -1, 0, 0, 1)), draw(days(-2, -1, 0, 0, 1))
        world.completions.append(
            plain.Done(draw(person), draw(course), completed_on, valid_until, draw(st.integers(0, 3)) == 0)
        )
    told = draw(st.lists(days(None, -1, 0, 1), min_size=PEOPLE, max_size=PEOPLE))
    world.offered = {number: day for number, day in enumerate(told) if day}
    for _ in range(draw(st.integers(0, 3))):
        world.begun.append(plain.Begun(draw(person), draw(course), draw(days(-1, 0, 1)), draw(st.booleans())))
    return world


def store(session: Session, world: plain.World) -> None:
    rows: dict[str, OrgUnit] = {}
    for unit in world.units:
        parent = rows[unit.parent.code] if unit.parent else None
        rows[unit.code] = builders.unit(
            session, unit.code, UnitKind(unit.kind), parent, unit.job_role, ends_on=unit.ends_on
        )
    people = [builders.person(session, last_name=str(number)) for number in range(PEOPLE)]
    for number, day in world.offered.items():
        people[number].offered_on = day
    for job in world.jobs:
        builders.employ(
            session,
            people[job.person],
            rows[job.unit.code],
            job.job_role,
            job.starts_on,
            job.ends_on,
            job.position,
        )
    for decision in world.decisions:
        row = builders.decide(
            session,
            rows[decision.unit.code] if decision.unit else None,
            people[decision.person] if decision.person is not None else None,
            decision.position,
            is_included=decision.is_included,
            job_role=decision.job_role,
            starts_on=decision.starts_on,
            ends_on=decision.ends_on,
        )
        row.covers_below, row.ended_on = not decision.is_exact, decision.ended_on
        row.decided_by = str(decision.recorded)
    for number, done in enumerate(world.completions):
        row = builders.recognise(
            session, people[done.person], done.course, done.completed_on, done.valid_until, f"Källa {number}"
        )
        if done.is_recalled:
            session.add(
                CompletionRecall(
                    completion_id=row.id, reason="Fel person", recalled_by="VPC", recalled_at=builders.NOW
                )
            )
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
            session.add(
                LessonCompletion(
                    person_id=person_id,
                    course=begun.course,
                    lesson="gemensamt/a",
                    edition=number,
                    completed_on=begun.on,
                    completed_at=builders.NOW,
                )
            )
    session.flush()


def figures_of(report: Coverage) -> dict[str, dict[str, int]]:
    return {row.code: {name: getattr(row, name) for name in FIGURES} for row in report.rows}


def compare(session: Session, world: plain.World) -> None:
    """The whole report, and then each part of the tree alone: its rows are the same, and no other is there
    (S4)."""
    report = coverage.report(session, CURRICULUM, D, THRESHOLDS[0], D)
    expected = {unit.code: plain.count(world, unit, D) for unit in plain.opened(world, D)}
    assert figures_of(report) == expected
    assert len(report.rows) == len(expected)
    above: list[str] = []
    for row in report.rows:  # below its parent, or at the top when that is closed
        above = above[: row.depth]
        assert (above[-1] if above else None) == (row.parent if row.parent in expected else None)
        above.append(row.code)
    for threshold in THRESHOLDS:
        found, secured = report.measure_at(threshold), plain.measure(world, expected, threshold)
        assert (found.departments, found.units) == (Tally(*secured["department"]), Tally(*secured["unit"]))
        assert found.both == Tally(
            *(sum(pair) for pair in zip(secured["department"], secured["unit"], strict=True))
        )
    for top in (world.units[0], world.units[-1]):
        part = coverage.report(
            session,
            CURRICULUM,
            D,
            THRESHOLDS[0],
            D,
            (session.scalars(sa.select(OrgUnit.id).where(OrgUnit.code == top.code)).one(),),
        )
        inside = {unit.code for unit in world.units if top in unit.upwards()}
        assert figures_of(part) == {code: figures for code, figures in expected.items() if code in inside}


def compare_departures(session: Session, world: plain.World) -> None:
    """What departs from the default, per department, and by whose decision: of all, and of one alone."""
    opened = [unit for unit in plain.opened(world, D) if unit.kind == "department"]
    expected = {
        unit.code: (*plain.departures(world, unit, D), plain.deciders(world, unit, D)) for unit in opened
    }
    assert departures_of(session, None) == expected
    for unit in opened:
        id = session.scalars(sa.select(OrgUnit.id).where(OrgUnit.code == unit.code)).one()
        assert departures_of(session, (id,)) == {unit.code: expected[unit.code]}


def departures_of(session: Session, tops: tuple[int, ...] | None) -> dict[str, tuple[object, ...]]:
    return {
        one.code: (
            one.default_count,
            one.out_count,
            one.in_count,
            one.target,
            {int(who.name or ""): (who.out_count, who.in_count) for who in one.deciders},
        )
        for one in departures.departures(session, CURRICULUM, D, tops)
    }


def compare_team(session: Session, world: plain.World) -> None:
    """A unit's list says the same of each person as the plain count of those who work in the unit itself."""
    units = team.unit_team(session, CURRICULUM, sa.select(OrgUnit.id), TERMS)
    assert members_of(units) == expected_members(world, world.units)
    persons = {
        person: (
            plain.judged(world, person, jobs, D),
            any(plain.is_overdue(world, j, D, DUE_DAYS) for j in jobs),
        )
        for person, jobs in plain.by_person(plain.active(world, D)).items()
    }
    inside = [
        (status, is_late)
        for status, is_late in persons.values()
        if status in ("trained", "expired", "started", "not_started")
    ]
    totals = team.totals(units)
    assert (totals.target, totals.trained, totals.overdue) == (
        len(inside),
        sum(status == "trained" for status, _ in inside),
        sum(is_late for _, is_late in inside),
    )


def compare_managers(session: Session, world: plain.World) -> None:
    """A manager's list has the people of the managed unit and of those below it, and nobody else (S4); so has
    the count of those who are overdue."""
    for top in (world.units[0], world.units[-1]):
        boss = builders.person(session, "Chef")
        builders.manage(session, boss, session.scalars(sa.select(OrgUnit).filter_by(code=top.code)).one())
        is_open = top in plain.opened(world, D)
        units = [unit for unit in plain.opened(world, D) if is_open and top in unit.upwards()]
        listed = team.managed_team(session, CURRICULUM, Viewer(boss.id), TERMS)
        assert members_of(listed) == expected_members(world, units)
        for unit in listed:
            one, _is_only = team.managed_unit(session, CURRICULUM, Viewer(boss.id), TERMS, unit.code)
            assert (one.code, one.members) == (unit.code, unit.members)
        late = {
            job.person
            for job in plain.active(world, D)
            if job.unit in units and plain.is_overdue(world, job, D, DUE_DAYS)
        }
        counted = overdue.managed_people(session, CURRICULUM, boss.id, TERMS)
        assert counted == ManagedPeople(len(units), len(late))


def members_of(units: tuple[TeamUnit, ...]) -> dict[tuple[str, int], tuple[str, bool]]:
    return {
        (unit.code, int(member.name.split()[1])): (said(member), member.is_overdue)
        for unit in units
        for member in unit.members
    }


def expected_members(world: plain.World, units: list[plain.Unit]) -> dict[tuple[str, int], tuple[str, bool]]:
    expected = {}
    for unit in units:
        here = [job for job in plain.active(world, D) if job.unit is unit]
        for person, jobs in plain.by_person(here).items():
            is_late = any(plain.is_overdue(world, job, D, DUE_DAYS) for job in jobs)
            expected[unit.code, person] = (plain.judged(world, person, jobs, D), is_late)
    return expected


def compare_persons(session: Session, world: plain.World) -> None:
    """One person's obligations are those of that person's jobs, each as the plain count has it."""
    for number in range(PEOPLE):
        who = session.scalars(sa.select(Person.id).where(Person.last_name == str(number))).one()
        found = [
            (
                duty.course,
                duty.outside,
                duty.valid_until,
                obligations.status(duty, TERMS),
                duty.due_on,
                obligations.is_overdue(duty, TERMS),
            )
            for duty in obligations.of_person(session, CURRICULUM, who, TERMS)
        ]
        assert found == [expected_duty(world, job) for job in plain.active(world, D) if job.person == number]


def expected_duty(world: plain.World, job: plain.Job) -> tuple[object, ...]:
    outside = plain.reason_outside(world, job, D)
    return (
        COURSES.get(plain.role_of(world, job, D) or ""),
        outside,
        plain.last_day(world, job, D),
        plain.judged(world, job.person, [job], D),
        None if outside else plain.due_on(world, job, D, DUE_DAYS),
        plain.is_overdue(world, job, D, DUE_DAYS),
    )


def said(member: team.Member) -> str:
    """The manager's words as coverage's: overdue is started or not, expiring is trained."""
    if member.status == MemberStatus.OUTSIDE:
        return str(member.outside)
    if member.is_trained:
        return "trained"
    if member.status == MemberStatus.EXPIRED:
        return "expired"
    assert (
        member.has_begun == (member.status == MemberStatus.STARTED) or member.status == MemberStatus.OVERDUE
    )
    return "started" if member.has_begun else "not_started"


def test_every_figure_is_what_a_plain_count_gives(engine: sa.Engine) -> None:
    @settings(max_examples=EXAMPLES[engine.dialect.name])
    @given(worlds())
    def check(world: plain.World) -> None:
        with Session(database.writing(engine)) as session:  # rolled back
            store(session, world)
            compare(session, world)
            compare_departures(session, world)
            compare_team(session, world)
            compare_persons(session, world)
            compare_managers(session, world)

    check()
