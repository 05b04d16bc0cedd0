"""organisation.csv and personal.csv -> rows, or every fault of both files at once (measure.md, "Files")."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from elearn import csv_in
from elearn.csv_in import Faults, Record, Table
from elearn.directory import checks, holders
from elearn.directory.changes import Stored
from elearn.directory.rows import Directory, JobRow, UnitRow
from elearn.people.models import LEVEL_WORDS, UnitKind
from elearn.source import Source
from elearn.swedish import folded

UNIT_COLUMNS = ("enhetskod", "namn", "nivå", "överordnad", "nämnd", "yrkesroll", "chef")
JOB_COLUMNS = (
    "anställningsnr",
    "förnamn",
    "efternamn",
    "e-post",
    "enhetskod",
    "yrkesroll",
    "befattning",
    "från",
    "till",
)
LEVELS = {word: kind for kind, word in LEVEL_WORDS.items()}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class Roles:
    """Job roles in the catalogue's own spelling, whatever the file's capitals; and those that no course
    names, counted."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = {folded(role): role for role in known}
        self.unknown: Counter[str] = Counter()

    def read(self, text: str) -> str | None:
        role = csv_in.optional(text)
        if role is None:
            return None
        if folded(role) not in self.known:
            self.unknown[role] += 1
        return self.known.get(folded(role), role)


@dataclass(frozen=True, slots=True)
class DirectoryFiles:
    """Both files as read, before they are compared with what is stored. Their faults stand in the tables."""

    unit_table: Table
    job_table: Table
    units: Mapping[str, UnitRow]
    jobs: Sequence[JobRow]
    roles: Roles


def read_files(organisation: Source, staff: Source, known_roles: Collection[str]) -> DirectoryFiles:
    """Read both files. ``known_roles``: the catalogue's. Needs no database, so that no lock is held
    meanwhile."""
    unit_table, job_table = (
        csv_in.read_table(organisation, UNIT_COLUMNS),
        csv_in.read_table(staff, JOB_COLUMNS),
    )
    roles = Roles(known_roles)
    units = _read_units(unit_table, roles)
    jobs = [job for record in job_table.records if (job := _read_job(record, job_table.faults, roles))]
    return DirectoryFiles(unit_table, job_table, units, jobs, roles)


def check_files(files: DirectoryFiles, stored: Stored, today: dt.date) -> Directory:
    """The files' rows, checked against each other and what is stored: an external unit need not stand in the
    file, and an employment that is over may stand in a closed one.

    Raises ``Invalid`` with every fault of both files."""
    organisation, staff = files.unit_table.faults, files.job_table.faults
    units, jobs = holders.renumbered(files.units, files.jobs, stored.persons)
    if files.unit_table.is_whole:
        codes = {record["enhetskod"] for record in files.unit_table.records}
        checks.check_tree(units, codes, organisation)
        checks.check_places(jobs, units, codes, stored.units, today, organisation.file, staff)
    jobs = checks.check_persons(jobs, staff)
    contracts = checks.join_contracts(jobs, {**stored.units, **units}, staff.file, staff)
    csv_in.refuse(organisation, staff)
    warnings = [
        *_warn_of_columns(files.unit_table, files.job_table),
        *checks.warn_of_tree(units, organisation.file),
        *checks.warn_of_managers(units, jobs, organisation.file, staff.file),
        *contracts.warnings,
        *_warn_of_roles(files.roles),
    ]
    digests = {"organisation_sha256": files.unit_table.sha256, "staff_sha256": files.job_table.sha256}
    course_roles = frozenset(map(folded, files.roles.known))
    return Directory(units, tuple(contracts.jobs), tuple(warnings), organisation.file, course_roles, digests)


def _read_units(table: Table, roles: Roles) -> dict[str, UnitRow]:
    units: dict[str, UnitRow] = {}
    for record in table.records:
        unit = _read_unit(record, table.faults, roles)
        if unit is None:
            continue
        if unit.code in units:
            table.faults.add(
                unit.row,
                f"enhetskod: {unit.code} står redan på rad {units[unit.code].row}. Varje enhet har en rad.",
            )
        units.setdefault(unit.code, unit)
    return units


def _read_unit(record: Record, faults: Faults, roles: Roles) -> UnitRow | None:
    """The row, or None when it is so wrong that nothing can be said of its place."""
    code = csv_in.parse(faults, record, "enhetskod", csv_in.required)
    name = csv_in.parse(faults, record, "namn", csv_in.required)
    kind = csv_in.parse(faults, record, "nivå", _kind)
    managers = csv_in.parse(faults, record, "chef", _managers)
    if not (code and name and kind):
        return None
    parent, committee = csv_in.optional(record["överordnad"]), csv_in.optional(record["nämnd"])
    return UnitRow(
        record.row, code, name, kind, parent, committee, roles.read(record["yrkesroll"]), managers or ()
    )


def _kind(text: str) -> UnitKind:
    if text.lower() not in LEVELS:
        raise ValueError(f"”{text}” finns inte. Skriv förvaltning, område, enhet eller extern.")
    return LEVELS[text.lower()]


def _managers(text: str) -> tuple[str, ...]:
    """Each number once, in the file's order."""
    try:
        return tuple(dict.fromkeys(map(csv_in.number, text.split())))
    except ValueError as error:
        raise ValueError(f"{error} Flera chefer skrivs med mellanslag emellan.") from None


def _read_job(record: Record, faults: Faults, roles: Roles) -> JobRow | None:
    number = csv_in.parse(faults, record, "anställningsnr", csv_in.number)
    first_name, last_name = (csv_in.optional(record[column]) or "" for column in ("förnamn", "efternamn"))
    if not (first_name or last_name):
        faults.add(record.row, "förnamn och efternamn: båda är tomma. Fyll i minst ett av dem.")
    email = csv_in.parse(faults, record, "e-post", _email)
    unit = csv_in.parse(faults, record, "enhetskod", csv_in.required)
    starts_on = csv_in.parse(faults, record, "från", csv_in.date)
    ends_on = csv_in.parse(faults, record, "till", csv_in.optional_date)
    csv_in.refuse_reversed(faults, record, starts_on, ends_on)
    job_role, position = roles.read(record["yrkesroll"]), csv_in.optional(record["befattning"])
    if not (number and (first_name or last_name) and unit and starts_on):
        return None
    return JobRow(
        record.row, number, first_name, last_name, email, unit, job_role, position, starts_on, ends_on
    )


def _email(text: str) -> str | None:
    if text and not EMAIL.fullmatch(text):
        advice = "Skriv hela adressen, till exempel sara.lindell@kommun.se, eller lämna fältet tomt."
        raise ValueError(f"”{text}” är ingen e-postadress. {advice}")
    return text or None


def _warn_of_columns(*tables: Table) -> list[str]:
    return [
        f"{table.faults.file}: kolumnen {', '.join(table.unknown)} används inte."
        for table in tables
        if table.unknown
    ]


def _warn_of_roles(roles: Roles) -> list[str]:
    """It is allowed (measure.md, rule 3), and it may be a slip of the pen."""
    return [
        f"Yrkesrollen ”{role}” finns inte i någon kurs ({count} {'rad' if count == 1 else 'rader'})."
        for role, count in sorted(roles.unknown.items())
    ]
