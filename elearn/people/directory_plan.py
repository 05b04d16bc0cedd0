"""Rows and what is stored -> a plan of changes (measure.md, "What an import does"). Pure: the same plan is shown and applied."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from elearn.people.directory_changes import Job, Plan, Stored, StoredUnit
from elearn.people.directory_files import Directory, JobRow, UnitRow
from elearn.people.employment_plan import DAY, Person
from elearn.people.models import UnitKind

BRAKE = Fraction(1, 10)


def make_plan(directory: Directory, stored: Stored, today: dt.date) -> Plan:
    """What it takes to make the stored organisation the file's. An import of the same files again is an empty plan."""
    plan = Plan(last_day=today - DAY)
    _plan_units(plan, directory, stored)
    _plan_managers(plan, directory, stored)
    _plan_persons(plan, directory, stored)
    ended = _plan_jobs(plan, directory, stored, today)
    _brake(plan, directory, stored, ended, today)
    return plan


def _plan_units(plan: Plan, directory: Directory, stored: Stored) -> None:
    for unit in directory.units.values():
        before = stored.units.get(unit.code)
        if before is None:
            plan.units_to_add.append(unit)
            plan.lines.append(f"Ny enhet: {unit.name} ({unit.code})")
        elif changes := _unit_changes(before, unit):
            plan.units_to_change.append(unit)
            plan.lines += [f"{unit.name} ({unit.code}): {change}" for change in changes]
    for before in stored.units.values():
        if before.code not in directory.units and before.ends_on is None and _is_known_to_file(before, directory):
            plan.units_to_close.append(before.code)
            plan.lines.append(f"Stängs: {before.name} ({before.code}), sista dagen {plan.last_day}")


def _is_known_to_file(unit: StoredUnit, directory: Directory) -> bool:
    """HR's file without an ``extern`` row does not know the external units: they and their people are left as they are."""
    return directory.knows_externals or unit.kind != UnitKind.EXTERNAL


def _unit_changes(before: StoredUnit, unit: UnitRow) -> list[str]:
    changes = []
    if before.ends_on is not None:
        changes.append("öppnas igen")
    for what, old, new in (
        ("byter namn från", before.name, unit.name),
        ("flyttas från", before.parent, unit.parent),
        ("nivå", before.kind.value, unit.kind.value),
        ("nämnd", before.committee, unit.committee),
        ("yrkesroll", before.job_role, unit.job_role),
    ):
        if old != new:
            changes.append(f"{what} {old or 'ingen'} till {new or 'ingen'}")
    return changes


def _plan_managers(plan: Plan, directory: Directory, stored: Stored) -> None:
    numbers = {job.number for job in directory.jobs}
    nobody: frozenset[str] = frozenset()
    for unit in directory.units.values():
        before = stored.units[unit.code].managers if unit.code in stored.units else nobody
        wanted = [number for number in unit.managers if number in numbers]
        for number in wanted:
            if number not in before:
                plan.managers_to_add.append((unit.code, number))
                plan.lines.append(f"{number} blir chef för {unit.name} ({unit.code})")
        for number in sorted(before.difference(wanted)):
            plan.managers_to_remove.append((unit.code, number))
            plan.lines.append(f"{number} är inte längre chef för {unit.name} ({unit.code})")


def _plan_persons(plan: Plan, directory: Directory, stored: Stored) -> None:
    for job in {job.number: job for job in directory.jobs}.values():
        before = stored.persons.get(job.number)
        if before is None:
            plan.persons_to_add.append(job)
            plan.lines.append(f"Ny person: {job.first_name} {job.last_name} ({job.number})")
        elif (before.first_name, before.last_name, before.email) != (job.first_name, job.last_name, job.email):
            plan.persons_to_change.append(job)
            plan.lines.append(f"{job.first_name} {job.last_name} ({job.number}): namn eller e-post ändras")


def _plan_jobs(plan: Plan, directory: Directory, stored: Stored, today: dt.date) -> list[Job]:
    """The employments, person by person. Those that end without another one beginning are returned."""
    left_alone = {code for code, unit in stored.units.items() if not _is_known_to_file(unit, directory)}
    rows, held = defaultdict[str, list[JobRow]](list), defaultdict[str, list[Job]](list)
    for row in directory.jobs:
        rows[row.number].append(row)
    for job in stored.jobs:
        if job.unit not in left_alone or any(row.unit == job.unit for row in rows[job.number]):
            held[job.number].append(job)
    ended: list[Job] = []
    for number in dict.fromkeys((*rows, *held)):
        ended += Person(plan, today, held[number]).take(rows[number])
    return ended


def _brake(plan: Plan, directory: Directory, stored: Stored, ended: Iterable[Job], today: dt.date) -> None:
    """Half a file must not end half the municipality."""
    opened = [job for job in stored.jobs if job.is_open(today)]
    ending = {job.id for job in ended}
    staying = {job.number for job in opened if job.id not in ending}
    staying |= {row.number for row in directory.jobs if row.ends_on is None or row.ends_on >= today}
    leaving = [job for job in ended if job.number not in staying]
    units = [unit for unit in stored.units.values() if unit.ends_on is None]
    for some, all_, what in (
        (len(leaving), len(opened), "anställningar skulle sluta för personer utan någon annan anställning"),
        (len(plan.units_to_close), len(units), "enheter skulle stängas"),
    ):
        if all_ and Fraction(some, all_) > BRAKE:
            plan.brakes.append(f"{some} av {all_} {what}. Det är mer än 10 procent.")
