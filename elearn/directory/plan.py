"""Rows + what is stored -> a plan of changes (measure.md, "What an import does"). Pure: the same plan is
shown and applied."""

import datetime as dt
from collections import defaultdict
from fractions import Fraction

from elearn.directory import changes, words
from elearn.directory.changes import ChangeKind, Job, Plan, Stored
from elearn.directory.employments import DAY, plan_person
from elearn.directory.rows import LEVELS, Directory, JobRow
from elearn.directory.words import Names
from elearn.errors import Conflict

BRAKE = Fraction(1, 10)


def make_plan(directory: Directory, stored: Stored, today: dt.date) -> Plan:
    """What it takes to make the stored organisation the file's. An import of the same files again is an empty
    plan.

    Raises ``Conflict`` when the units have changed since the files were checked against them."""
    plan = Plan(last_day=today - DAY)
    left_alone = (
        frozenset[str]()
        if directory.knows_externals
        else changes.left_alone(stored.units) - directory.units.keys()
    )
    _refuse_lost_places(directory, stored, left_alone, today)
    names = words.names_after(directory, stored)
    _plan_units(plan, directory, stored, left_alone)
    _plan_persons(plan, directory, stored)
    _plan_jobs(plan, directory, stored, left_alone, today)
    for change in plan.job_changes:
        plan.tell(change.kind, names.sentence(change))
    _plan_managers(plan, directory, stored, names)
    _brake(plan, stored, today)
    return plan


def _refuse_lost_places(
    directory: Directory, stored: Stored, left_alone: frozenset[str], today: dt.date
) -> None:
    places = directory.units.keys() | left_alone
    for job in directory.jobs:
        if job.unit not in places and (job.is_open(today) or job.unit not in stored.units):
            raise Conflict(
                "Organisationen ändrades medan filerna lästes. Ingenting är skrivet. Läs in dem igen."
            )


def _plan_units(plan: Plan, directory: Directory, stored: Stored, left_alone: frozenset[str]) -> None:
    for unit in directory.units.values():
        before = stored.units.get(unit.code)
        label = f"{unit.name} ({unit.code})"
        if before is None:
            plan.units_to_add.append(unit)
            plan.tell(ChangeKind.UNIT_ADDED, f"Ny {LEVELS[unit.kind]}: {label}")
            continue
        changes = words.unit_changes(before, unit)
        if before.ends_on is not None:
            plan.tell(ChangeKind.UNIT_REOPENED, ", ".join([f"{label}: öppnas igen", *changes]))
        elif changes:
            plan.tell(ChangeKind.UNIT_CHANGED, f"{label}: {', '.join(changes)}")
        if changes or before.ends_on is not None:
            plan.units_to_change.append(unit)
    for before in stored.units.values():
        if before.code not in directory.units and before.code not in left_alone and before.ends_on is None:
            plan.units_to_close.append(before.code)
            plan.tell(
                ChangeKind.UNIT_CLOSED,
                f"{before.name} ({before.code}): stängs, sista dagen är {plan.last_day}",
            )


def _plan_persons(plan: Plan, directory: Directory, stored: Stored) -> None:
    for row in {row.number: row for row in directory.jobs}.values():
        before = stored.persons.get(row.number)
        if before is None:
            plan.persons_to_add.append(row)
            plan.tell(ChangeKind.PERSON_ADDED, f"Ny person: {row.name} ({row.number})")
        elif (before.first_name, before.last_name, before.email) != (
            row.first_name,
            row.last_name,
            row.email,
        ):
            plan.persons_to_change.append(row)
            plan.tell(
                ChangeKind.PERSON_CHANGED, f"{row.name} ({row.number}): {words.person_changes(before, row)}"
            )


def _plan_jobs(
    plan: Plan, directory: Directory, stored: Stored, left_alone: frozenset[str], today: dt.date
) -> None:
    """The employments, person by person. Those in units that are left alone are seen only where the file has
    the person there."""
    rows, held = defaultdict[str, list[JobRow]](list), defaultdict[str, list[Job]](list)
    for row in directory.jobs:
        rows[row.number].append(row)
    named = {(row.number, row.unit) for row in directory.jobs}
    for job in stored.jobs:
        if job.unit not in left_alone or (job.number, job.unit) in named:
            held[job.number].append(job)
    closing = frozenset(plan.units_to_close)
    for number in dict.fromkeys((*rows, *held)):
        plan.job_changes += plan_person(rows[number], held[number], today, closing)


def _plan_managers(plan: Plan, directory: Directory, stored: Stored, names: Names) -> None:
    """``chef`` as the file has it, of those whom it has. A unit that closes keeps whom it had: nobody sees by
    it any more."""
    numbers = {job.number for job in directory.jobs}
    for unit in directory.units.values():
        before = stored.units[unit.code].managers if unit.code in stored.units else frozenset[str]()
        wanted = [number for number in unit.managers if number in numbers]
        for number in wanted:
            if number not in before:
                plan.managers_to_add.append((unit.code, number))
                plan.tell(
                    ChangeKind.MANAGER_ADDED, f"{names.person(number)} blir chef för {names.unit(unit.code)}"
                )
        for number in sorted(before.difference(wanted)):
            plan.managers_to_remove.append((unit.code, number))
            plan.tell(
                ChangeKind.MANAGER_REMOVED,
                f"{names.person(number)} är inte längre chef för {names.unit(unit.code)}",
            )


def _brake(plan: Plan, stored: Stored, today: dt.date) -> None:
    """Half a file must not end half the municipality (S43)."""
    opened = [job for job in stored.jobs if job.is_open(today)]
    after = {job.id: job for job in stored.jobs} | {
        change.job.id: change.after for change in plan.job_changes
    }
    staying = {job.number for job in (*after.values(), *plan.jobs_to_add) if job and job.is_open(today)}
    leaving = [job for job in opened if job.number not in staying]
    units = [unit for unit in stored.units.values() if unit.ends_on is None]
    for some, all_, what in (
        (
            len(leaving),
            len(opened),
            "pågående anställningar skulle sluta för personer som inte har någon annan",
        ),
        (len(plan.units_to_close), len(units), "öppna enheter skulle stängas"),
    ):
        if all_ and Fraction(some, all_) > BRAKE:
            plan.brakes.append(f"{some} av {all_} {what}. Det är mer än 10 procent.")
