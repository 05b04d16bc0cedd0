"""The brake: when so much would change at once that the files are more likely wrong than the municipality
(measure.md, "What an import does"; S43). Pure.

Compared is what is in force, not how it is written: capitals are no other name, and a role written out that
the unit already gives is no other role.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from elearn.directory import in_force
from elearn.directory.changes import BrakeKind, ChangeKind, Job, Plan
from elearn.directory.in_force import Roles
from elearn.directory.rows import Directory
from elearn.swedish import folded

LIMIT = Fraction(1, 10)


def brake(plan: Plan, directory: Directory, roles: Roles, today: dt.date) -> None:
    """Add every reason to stop to the plan. Called when all its changes are known."""
    _brake_endings(plan, today)
    _brake_persons(plan, directory, today)
    _brake_units(plan, directory, roles, today)
    _brake_target_group(plan, directory, roles, today)


def jobs_after(plan: Plan) -> list[Job]:
    """Every employment as it is after the import."""
    after = {job.id: job for job in plan.stored.jobs} | {
        change.job.id: change.after for change in plan.job_changes if change.job.id is not None
    }
    return [job for job in (*after.values(), *plan.jobs_to_add) if job is not None]


def employed(jobs: Iterable[Job], today: dt.date) -> set[str]:
    """The numbers of those with an employment that is not over."""
    return {job.number for job in jobs if job.is_open(today)}


def _stop(plan: Plan, kind: BrakeKind, some: int, all_: int, what: str) -> None:
    if all_ and Fraction(some, all_) > LIMIT:
        plan.stop(kind, f"{some} av {all_} {what}. Det är mer än 10 procent.")


def _brake_endings(plan: Plan, today: dt.date) -> None:
    opened = [job for job in plan.stored.jobs if job.is_open(today)]
    staying = employed(jobs_after(plan), today)
    leaving = [job for job in opened if job.number not in staying]
    units = [unit for unit in plan.stored.units.values() if unit.ends_on is None]
    what = "pågående anställningar skulle sluta för personer som inte har någon annan"
    _stop(plan, BrakeKind.ENDED, len(leaving), len(opened), what)
    _stop(plan, BrakeKind.ENDED, len(plan.units_to_close), len(units), "öppna enheter skulle stängas")


def _brake_persons(plan: Plan, directory: Directory, today: dt.date) -> None:
    """Of those who are employed before and stand in the file."""
    rows = {row.number: row for row in directory.jobs}
    known = employed(plan.stored.jobs, today) & rows.keys()
    compared = [(plan.stored.persons[number], rows[number]) for number in known]
    renamed = [person for person, row in compared if folded(person.name) != folded(row.name)]
    without_address = [person for person, row in compared if person.email and not row.email]
    readdressed = [
        person
        for person, row in compared
        if person.email and row.email and folded(person.email) != folded(row.email)
    ]
    moved = {change.job.number for change in plan.job_changes if change.kind == ChangeKind.JOB_MOVED}
    for some, what in (
        (len(renamed), "anställda skulle byta namn"),
        (len(without_address), "anställda skulle förlora sin e-postadress"),
        (len(readdressed), "anställda skulle byta e-postadress"),
        (len(moved & known), "anställda skulle flytta till en annan enhet eller yrkesroll"),
    ):
        _stop(plan, BrakeKind.CHANGED, some, len(compared), what)
    protected = [row for person, row in compared if person.is_protected]
    exposed = [row for row in protected if not row.is_protected]
    what = "anställda med skyddad identitet skulle inte längre ha det"
    _stop(plan, BrakeKind.CHANGED, len(exposed), len(protected), what)


def _brake_units(plan: Plan, directory: Directory, roles: Roles, today: dt.date) -> None:
    """Of the units that are open before and stand in the file. A unit whose managers all stop loses them by
    that, and not by the file's column."""
    opened = [code for code, unit in plan.stored.units.items() if unit.ends_on is None]
    compared = [code for code in opened if code in directory.units]
    staying = employed(jobs_after(plan), today)
    managers = defaultdict[str, set[str]](set)
    for code, number in plan.managers_to_remove:
        managers[code].add(number)
    added = {code for code, _number in plan.managers_to_add}
    unled = [
        code
        for code in compared
        if code not in added
        and managers[code] == plan.stored.units[code].managers
        and managers[code] & staying
    ]
    changed = [code for code in compared if roles.unit_before(code) != roles.unit_after(code)]
    _stop(plan, BrakeKind.CHANGED, len(unled), len(compared), "enheter skulle bli utan chef")
    _stop(plan, BrakeKind.CHANGED, len(changed), len(compared), "enheter skulle byta yrkesroll")


def _brake_target_group(plan: Plan, directory: Directory, roles: Roles, today: dt.date) -> None:
    """Of those who are in the target group today, before the import. Whoever ends altogether is another
    brake's."""
    units_after: Mapping[str, in_force.Placed] = {**plan.stored.units, **directory.units}
    outside_before, outside_after = map(in_force.external_units, (plan.stored.units, units_after))
    after = jobs_after(plan)
    before = {
        job.number
        for job in plan.stored.jobs
        if job.is_active(today) and _is_taught(roles.before(job), job, directory, outside_before)
    }
    still = {
        job.number
        for job in after
        if job.is_active(today) and _is_taught(roles.after(job), job, directory, outside_after)
    }
    leaving = (before - still) & employed(after, today)
    _stop(plan, BrakeKind.CHANGED, len(leaving), len(before), "i målgruppen skulle lämna den")


def _is_taught(role: str, job: Job, directory: Directory, external: Collection[str]) -> bool:
    """Whether a base course names the role, in a unit that is the municipality's own."""
    return role in directory.course_roles and job.unit not in external
