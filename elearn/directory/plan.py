"""Rows + what is stored -> a plan of changes (measure.md, "What an import does"). Pure: the same plan is
shown and applied."""

import datetime as dt
from collections import defaultdict
from dataclasses import replace

from elearn.directory import brake, changes, holders, words
from elearn.directory.brake import employed
from elearn.directory.changes import ChangeKind, Job, Plan, Stored
from elearn.directory.employments import DAY, plan_person
from elearn.directory.holders import Choices
from elearn.directory.in_force import Roles
from elearn.directory.rows import Directory, JobRow
from elearn.directory.words import Names
from elearn.people.models import LEVEL_WORDS

NO_CHOICES = Choices()
LONG_GONE = dt.timedelta(days=30)


def make_plan(directory: Directory, stored: Stored, today: dt.date, choices: Choices = NO_CHOICES) -> Plan:
    """What it takes to make the stored organisation the file's. An import of the same files again is an empty
    plan.

    Raises ``Invalid`` for a choice about what is not in the files."""
    plan = Plan(last_day=today - DAY, stored=stored, digests=directory.digests)
    directory, stored = holders.reassign(plan, directory, choices, today)
    directory = _without_long_gone(plan, _with_protection(directory, stored), stored, today)
    left_alone = (
        frozenset[str]()
        if directory.knows_externals
        else changes.left_alone(stored.units) - directory.units.keys()
    )
    roles = Roles(stored.units, {**stored.units, **directory.units})
    names = words.names_after(directory, stored)
    _plan_units(plan, directory, stored, left_alone)
    _plan_persons(plan, directory, stored)
    _plan_jobs(plan, directory, roles, left_alone, today)
    for change in plan.job_changes:
        plan.tell(change.kind, names.sentence(change))
    _plan_managers(plan, directory, names, today)
    gone = employed(stored.jobs, today) - employed(brake.jobs_after(plan), today)
    plan.warnings += holders.look_alikes(plan, plan.persons_to_add, gone, stored.jobs)
    brake.brake(plan, directory, roles, today)
    return plan


def _without_long_gone(plan: Plan, directory: Directory, stored: Stored, today: dt.date) -> Directory:
    """Without those who left more than ``LONG_GONE`` before the day of the import and are not stored: some
    personnel systems tell of everybody for years, and whoever has been erased is not to come back. The first
    import of all takes everybody."""
    here = {row.number for row in directory.jobs if row.ends_on is None or row.ends_on >= today - LONG_GONE}
    gone = {row.number for row in directory.jobs} - here - stored.persons.keys()
    if not stored.persons or not gone:
        return directory
    told = "person" if len(gone) == 1 else "personer"
    plan.warnings.append(
        f"{len(gone)} {told} som slutade för mer än {LONG_GONE.days} dagar sedan och inte finns här "
        "läses inte in."
    )
    return replace(directory, jobs=tuple(row for row in directory.jobs if row.number not in gone))


def _with_protection(directory: Directory, stored: Stored) -> Directory:
    """Every row says whether the person's identity is protected: what is stored stays where the file is
    silent (S52)."""
    kept = {number for number, person in stored.persons.items() if person.is_protected}
    jobs = (
        replace(row, is_protected=row.number in kept) if row.is_protected is None else row
        for row in directory.jobs
    )
    return replace(directory, jobs=tuple(jobs))


def _plan_units(plan: Plan, directory: Directory, stored: Stored, left_alone: frozenset[str]) -> None:
    for unit in directory.units.values():
        before = stored.units.get(unit.code)
        label = f"{unit.name} ({unit.code})"
        if before is None:
            plan.units_to_add.append(unit)
            plan.tell(ChangeKind.UNIT_ADDED, f"Ny {LEVEL_WORDS[unit.kind]}: {label}")
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
            plan.tell(ChangeKind.PERSON_ADDED, f"Ny person: {row.told_name} ({row.number})")
        elif (before.first_name, before.last_name, before.email, before.is_protected) != (
            row.first_name,
            row.last_name,
            row.email,
            row.is_protected,
        ):
            plan.persons_to_change.append(row)
            told = f"{row.told_name} ({row.number}): {words.person_changes(before, row)}"
            plan.tell(ChangeKind.PERSON_CHANGED, told)


def _plan_jobs(
    plan: Plan, directory: Directory, roles: Roles, left_alone: frozenset[str], today: dt.date
) -> None:
    """The employments, person by person. Those in units that are left alone are seen only where the file has
    the person there."""
    rows, held = defaultdict[str, list[JobRow]](list), defaultdict[str, list[Job]](list)
    for row in directory.jobs:
        rows[row.number].append(row)
    named = {(row.number, row.unit) for row in directory.jobs}
    for job in plan.stored.jobs:
        if job.unit not in left_alone or (job.number, job.unit) in named:
            held[job.number].append(job)
    closing = frozenset(plan.units_to_close)
    for number in dict.fromkeys((*rows, *held)):
        plan.job_changes += plan_person(rows[number], held[number], today, closing, roles)


def _plan_managers(plan: Plan, directory: Directory, names: Names, today: dt.date) -> None:
    """``chef`` as the file has it, of those in the file who are employed today. A unit that closes keeps whom
    it had: nobody sees by it any more."""
    in_file = {row.number for row in directory.jobs}
    numbers = in_file & {job.number for job in brake.jobs_after(plan) if job.is_active(today)}
    stored = plan.stored
    for unit in directory.units.values():
        before = stored.units[unit.code].managers if unit.code in stored.units else frozenset[str]()
        wanted = [number for number in unit.managers if number in numbers]
        for number in unit.managers:
            if number in in_file and number not in numbers:
                plan.warnings.append(
                    f"{directory.organisation}:{unit.row}: chefen {number} har ingen pågående anställning. "
                    f"{unit.name} får ingen sådan chef."
                )
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
