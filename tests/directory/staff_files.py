"""The two files in short: rows as text, so that a test shows only what it is about."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from elearn.directory import files as directory_files
from elearn.directory import plan as directory_plan
from elearn.directory.changes import Plan, Stored, StoredPerson, StoredUnit
from elearn.directory.holders import Choices
from elearn.directory.rows import Directory

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
ROLES = ("förskola", "skola")
UNITS = "U;Utbildning;förvaltning;;Utbildningsnämnden;;\nF1;Ängen;enhet;U;;förskola;1\nF2;Åsen;enhet;U;;förskola;\n"
WITHOUT_F2 = UNITS.replace("F2;Åsen;enhet;U;;förskola;\n", "")
NOTHING = Stored({}, {}, [])


def write(folder: Path, staff: str, units: str = UNITS) -> tuple[Path, Path]:
    """``staff`` rows: number;unit;role;from;to - the person is called after the number."""
    organisation, personal = folder / "organisation.csv", folder / "personal.csv"
    organisation.write_text("enhetskod;namn;nivå;överordnad;nämnd;yrkesroll;chef\n" + units, encoding="utf-8")
    rows = [row.split(";") for row in staff.split()]
    lines = [
        f"{number};För{number};Efter;;{unit};{role};Lärare;{start};{end}\n"
        for number, unit, role, start, end in rows
    ]
    header = "anställningsnr;förnamn;efternamn;e-post;enhetskod;yrkesroll;befattning;från;till\n"
    personal.write_text(header + "".join(lines), encoding="utf-8")
    return organisation, personal


def directory(
    folder: Path, staff: str, units: str = UNITS, stored: Stored = NOTHING, today: dt.date = TODAY
) -> Directory:
    return read(*write(folder, staff, units), stored, today)


def read(organisation: Path, personal: Path, stored: Stored = NOTHING, today: dt.date = TODAY) -> Directory:
    return directory_files.check_files(
        directory_files.read_files(organisation, personal, ROLES), stored, today
    )


def plan(
    folder: Path,
    staff: str,
    stored: Stored = NOTHING,
    today: dt.date = TODAY,
    units: str = UNITS,
    choices: Choices = directory_plan.NO_CHOICES,
) -> Plan:
    return directory_plan.make_plan(directory(folder, staff, units, stored, today), stored, today, choices)


def after(
    folder: Path,
    staff: str,
    stored: Stored = NOTHING,
    today: dt.date = TODAY,
    units: str = UNITS,
    choices: Choices = directory_plan.NO_CHOICES,
) -> Stored:
    return applied(plan(folder, staff, stored, today, units, choices))


def applied(plan: Plan) -> Stored:
    """What the database would hold after the plan: applied here by plain Python, to plan again from."""
    stored = plan.stored
    units = dict(stored.units)
    for unit in (*plan.units_to_add, *plan.units_to_change):
        managers = units[unit.code].managers if unit.code in units else frozenset[str]()
        units[unit.code] = StoredUnit(
            len(units),
            unit.code,
            unit.name,
            unit.kind,
            unit.parent,
            unit.committee,
            unit.job_role,
            None,
            managers,
        )
    for code in plan.units_to_close:
        units[code] = replace(units[code], ends_on=plan.last_day)
    for code, number in plan.managers_to_add:
        units[code] = replace(units[code], managers=units[code].managers | {number})
    for code, number in plan.managers_to_remove:
        units[code] = replace(units[code], managers=units[code].managers - {number})
    persons = dict(stored.persons)
    for row in (*plan.persons_to_add, *plan.persons_to_change):
        persons[row.number] = StoredPerson(
            len(persons), row.number, row.first_name, row.last_name, row.email, bool(row.is_protected)
        )
    jobs = {job.id: job for job in (*stored.jobs, *plan.jobs_to_change)}
    for job in plan.jobs_to_remove:
        del jobs[job.id]
    first = max((id for id in jobs if id is not None), default=0) + 1
    added = [replace(job, id=id) for id, job in enumerate(plan.jobs_to_add, first)]
    return Stored(units, persons, [*jobs.values(), *added])


def periods(stored: Stored, number: str) -> list[tuple[str, str, str]]:
    """(unit, first day, last day) of a person's employments, in order."""
    found = [
        (job.unit, str(job.starts_on), str(job.ends_on or "")) for job in stored.jobs if job.number == number
    ]
    return sorted(found, key=lambda period: (period[1], period[0]))
