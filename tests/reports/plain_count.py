"""Coverage counted a second time: loops over lists, straight from measure.md's rules, sharing nothing with
the SQL."""

import datetime as dt
from dataclasses import dataclass, field, replace
from fractions import Fraction


@dataclass
class Unit:
    code: str
    kind: str
    parent: "Unit | None"
    job_role: str | None
    ends_on: dt.date | None = None

    def upwards(self) -> list["Unit"]:
        return [self, *(self.parent.upwards() if self.parent else [])]


@dataclass
class Job:
    person: int
    unit: Unit
    job_role: str | None
    starts_on: dt.date
    ends_on: dt.date | None
    position: str | None = None


@dataclass
class Decided:
    """A decision about the target group. ``is_exact``: for that unit and none below, as undantag.csv has it.
    ``recorded``: the later, the higher. ``ended_on``: its last day was set to this."""

    person: int | None
    unit: Unit | None
    position: str | None
    is_included: bool
    job_role: str | None
    starts_on: dt.date | None
    ends_on: dt.date | None
    is_exact: bool = False
    recorded: int = 0
    ended_on: dt.date | None = None


@dataclass
class Done:
    person: int
    course: str
    completed_on: dt.date
    valid_until: dt.date
    is_recalled: bool


@dataclass
class Begun:
    """A sent attempt or a lesson completion, made in a course."""

    person: int
    course: str
    on: dt.date
    is_attempt: bool


@dataclass
class World:
    courses: dict[str, str]  # job role -> course
    units: list[Unit] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    decisions: list[Decided] = field(default_factory=list)
    completions: list[Done] = field(default_factory=list)
    begun: list[Begun] = field(default_factory=list)
    offered: dict[int, dt.date] = field(default_factory=dict)  # person -> told on


def covers(decision: Decided, job: Job, on: dt.date) -> bool:
    if decision.starts_on is not None and on < decision.starts_on:
        return False
    if any(last is not None and last < on for last in (decision.ends_on, decision.ended_on)):
        return False
    if decision.person is not None and decision.person != job.person:
        return False
    if decision.unit is not None:
        reached = [job.unit] if decision.is_exact else job.unit.upwards()
        if decision.unit not in reached:
            return False
    written = [one.strip().lower() for one in (job.position or "").split("\n")]
    asked = (decision.position or "").strip().lower()
    return not asked or asked in written


def strength(decision: Decided, job: Job) -> tuple[int, int, int]:
    """The lowest holds."""
    if decision.person is not None:
        kind = 0 if decision.unit is not None else 1
    else:
        kind = 2 if decision.position is not None else 3
    distance = job.unit.upwards().index(decision.unit) if decision.unit is not None else 0
    return kind, distance, -decision.recorded


def holding(world: World, job: Job, on: dt.date) -> Decided | None:
    found = [decision for decision in world.decisions if covers(decision, job, on)]
    return min(found, key=lambda decision: strength(decision, job), default=None)


def role_of(world: World, job: Job, on: dt.date) -> str | None:
    decision = holding(world, job, on)
    given = decision.job_role if decision and decision.is_included else None
    for role in [job.job_role, given, *(unit.job_role for unit in job.unit.upwards())]:
        if role is not None:
            return role
    return None


def reason_outside(world: World, job: Job, on: dt.date) -> str | None:
    decision = holding(world, job, on)
    if decision and not decision.is_included:
        return "exempt"
    if any(unit.kind == "external" for unit in job.unit.upwards()):
        return "external"
    if role_of(world, job, on) is None:
        return "without_role"
    return None if role_of(world, job, on) in world.courses else "without_course"


def active(world: World, on: dt.date) -> list[Job]:
    return [job for job in world.jobs if job.starts_on <= on and (job.ends_on is None or on <= job.ends_on)]


def opened(world: World, on: dt.date) -> list[Unit]:
    return [unit for unit in world.units if unit.ends_on is None or on <= unit.ends_on]


def by_person(jobs: list[Job]) -> dict[int, list[Job]]:
    return {person: [job for job in jobs if job.person == person] for person in {job.person for job in jobs}}


def count(world: World, unit: Unit, on: dt.date) -> dict[str, int]:
    figures = dict.fromkeys(
        (
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
        ),
        0,
    )
    for person, jobs in by_person([job for job in active(world, on) if unit in job.unit.upwards()]).items():
        judgement = judged(world, person, jobs, on)
        figures["employees"] += 1
        is_target = judgement in ("trained", "expired", "started", "not_started")
        figures["target"] += is_target
        figures["offered"] += is_target and person in world.offered and world.offered[person] <= on
        figures[judgement] += 1
    return figures


def judged(world: World, person: int, jobs: list[Job], on: dt.date) -> str:
    """Where a person stands who has these active jobs in a unit."""
    reasons = [reason_outside(world, job, on) for job in jobs]
    if None not in reasons:
        return next(
            reason for reason in ("exempt", "external", "without_course", "without_role") if reason in reasons
        )
    required = {
        world.courses[role_of(world, job, on) or ""]
        for job, reason in zip(jobs, reasons, strict=True)
        if reason is None
    }
    return status(world, person, required, on)


def status(world: World, person: int, required: set[str], on: dt.date) -> str:
    done = [d for d in world.completions if d.person == person and d.completed_on <= on and not d.is_recalled]
    if all(any(d.course == course and on <= d.valid_until for d in done) for course in required):
        return "trained"
    if all(any(d.course == course for d in done) for course in required):
        return "expired"
    begun = {d.course for d in done} | {b.course for b in world.begun if b.person == person and b.on <= on}
    return "started" if begun & required else "not_started"


def last_day(world: World, job: Job, on: dt.date) -> dt.date | None:
    """Until when the completion holds that holds longest, of the course that this job requires."""
    course = world.courses.get(role_of(world, job, on) or "")
    done = [d for d in world.completions if d.person == job.person and d.completed_on <= on]
    return max((d.valid_until for d in done if d.course == course and not d.is_recalled), default=None)


def due_on(world: World, job: Job, on: dt.date, due_days: int) -> dt.date:
    """Of a job in the target group."""
    last = last_day(world, job, on)
    if last:
        return last + dt.timedelta(days=1)
    begins = [job.starts_on, *([day] if (day := put_in_on(world, job, on)) else [])]
    return max(begins) + dt.timedelta(days=due_days)


def put_in_on(world: World, job: Job, on: dt.date) -> dt.date | None:
    """The first day of the decision that holds, where it changes the job's role or where one that takes the
    job out began before it."""
    decision = holding(world, job, on)
    if decision is None or not decision.is_included or decision.starts_on is None:
        return None
    others = [other for other in world.decisions if covers(other, job, on) and not other.is_included]
    lifts = any(other.starts_on is None or other.starts_on < decision.starts_on for other in others)
    undecided = replace(world, decisions=[])
    changes_role = role_of(world, job, on) != role_of(undecided, job, on)
    return decision.starts_on if lifts or changes_role else None


def is_overdue(world: World, job: Job, on: dt.date, due_days: int) -> bool:
    is_lacking = reason_outside(world, job, on) is None and judged(world, job.person, [job], on) != "trained"
    return is_lacking and due_on(world, job, on, due_days) < on


def measure(
    world: World, figures: dict[str, dict[str, int]], threshold: Fraction
) -> dict[str, tuple[int, int]]:
    """By kind of unit: how many of those with a target group have secured the knowledge, and how many have
    one."""
    decided: dict[str, list[bool]] = {"department": [], "unit": []}
    for unit in world.units:
        counted = figures.get(unit.code)
        if counted and counted["target"] and unit.kind in decided:
            decided[unit.kind].append(
                counted["trained"] * threshold.denominator >= counted["target"] * threshold.numerator
            )
    return {kind: (sum(answers), len(answers)) for kind, answers in decided.items()}


def required_of(world: World, jobs: list[Job], on: dt.date) -> set[str]:
    """The courses that these jobs ask for."""
    return {
        world.courses[role_of(world, job, on) or ""] for job in jobs if reason_outside(world, job, on) is None
    }


def keeps(world: World, person: int, required: set[str], on: dt.date, day: dt.date) -> bool:
    """Whether what this person has completed on the date holds on a day, all that is required."""
    done = [d for d in world.completions if d.person == person and d.completed_on <= on and not d.is_recalled]
    return all(any(d.course == course and day <= d.valid_until for d in done) for course in required)


def need(
    world: World, unit: Unit | None, course: str | None, on: dt.date, days: list[dt.date]
) -> tuple[int, int, tuple[int, ...]]:
    """Target, trained, and as many of these as are so no longer on each of the days: in a unit or below it
    (None: anywhere), of one course or of all together."""
    target = trained = 0
    ending = [0 for _ in days]
    here = [job for job in active(world, on) if unit is None or unit in job.unit.upwards()]
    for person, jobs in by_person(here).items():
        required = required_of(world, jobs, on)
        if course is not None:
            required &= {course}
        if not required:
            continue
        target += 1
        if keeps(world, person, required, on, on):
            trained += 1
            for place, day in enumerate(days):
                ending[place] += not keeps(world, person, required, on, day)
    return target, trained, tuple(ending)


def renewed(world: World, unit: Unit, on: dt.date, today: dt.date) -> int:
    """How many in a unit or below it are trained on a later date if what holds today does not end."""
    persons = by_person([job for job in active(world, on) if unit in job.unit.upwards()])
    required = {person: required_of(world, jobs, on) for person, jobs in persons.items()}
    return sum(
        bool(courses) and keeps(world, person, courses, on, today) for person, courses in required.items()
    )


def departures(world: World, department: Unit, on: dt.date) -> tuple[int, int, int, int]:
    """Of a department's persons: in by default, taken out, put in, in."""
    undecided = replace(world, decisions=[])
    jobs = by_person([job for job in active(world, on) if department in job.unit.upwards()])
    by_default = {p for p, own in jobs.items() if any(reason_outside(undecided, j, on) is None for j in own)}
    now = {p for p, own in jobs.items() if any(reason_outside(world, j, on) is None for j in own)}
    return len(by_default), len(by_default - now), len(now - by_default), len(now)


def deciders(world: World, department: Unit, on: dt.date) -> dict[int, tuple[int, int]]:
    """By the decision (as ``recorded``) how many of those who depart in a department it takes out and puts
    in."""
    undecided = replace(world, decisions=[])
    found: dict[int, tuple[set[int], set[int]]] = {}
    jobs = by_person([job for job in active(world, on) if department in job.unit.upwards()])
    for person, own in jobs.items():
        was = {id(j): reason_outside(undecided, j, on) is None for j in own}
        now = {id(j): reason_outside(world, j, on) is None for j in own}
        if any(was.values()) == any(now.values()):
            continue
        for job in own:
            decision = holding(world, job, on)
            if decision and was[id(job)] != now[id(job)]:
                found.setdefault(decision.recorded, (set(), set()))[now[id(job)]].add(person)
    return {recorded: (len(out), len(put_in)) for recorded, (out, put_in) in found.items()}
