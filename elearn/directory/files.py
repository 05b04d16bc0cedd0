"""organisation.csv and personal.csv -> rows, or every fault of both files at once (measure.md, "Files")."""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from collections.abc import Mapping as AbcMapping
from dataclasses import dataclass
from pathlib import Path

from elearn import csv_in
from elearn.csv_in import Faults, Record, Table
from elearn.directory import checks, holders, mapped
from elearn.directory.aid import AidTable, missing_codes, read_aid
from elearn.directory.changes import Stored
from elearn.directory.columns import LEVELS
from elearn.directory.mapping import OURS, Mapping
from elearn.directory.role_names import RoleNames
from elearn.directory.rows import Directory, JobRow, UnitRow
from elearn.people.models import UnitKind
from elearn.swedish import folded

ANSWERS = {"ja": True, "nej": False}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True, slots=True)
class DirectoryFiles:
    """Both files as read, before they are compared with what is stored. Their faults stand in the tables."""

    unit_table: Table
    job_table: Table
    units: AbcMapping[str, UnitRow]
    jobs: Sequence[JobRow]
    roles: RoleNames
    aid: AidTable | None = None
    mapping_sha256: str = ""


def read_files(
    organisation: Path | None,
    staff: Path,
    known_roles: Collection[str],
    aid: Path | None = None,
    mapping: Mapping = OURS,
) -> DirectoryFiles:
    """Read both files. ``known_roles``: the catalogue's. ``aid``: aid.csv, whose codes give a role to the
    rows that have none. ``mapping``: how files with other columns are read; ``organisation`` is None when it
    takes the units from ``staff``. Needs no database, so that no lock is held meanwhile."""
    unit_table, job_table = mapped.read_tables(mapping, organisation, staff)
    roles = RoleNames(known_roles)
    codes = read_aid(aid, roles) if aid else None
    units = _read_units(unit_table, roles)
    jobs = [
        job
        for record in job_table.records
        if (job := _read_job(record, job_table.faults, roles, codes.roles if codes else {}))
    ]
    return DirectoryFiles(unit_table, job_table, units, jobs, roles, codes, mapping.sha256)


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
    csv_in.refuse(organisation, staff, *([files.aid.table.faults] if files.aid else []))
    warnings = [
        *_warn_of_columns(files.unit_table, files.job_table, *([files.aid.table] if files.aid else [])),
        *checks.warn_of_tree(units, organisation.file),
        *checks.warn_of_managers(units, jobs, organisation.file, staff.file),
        *contracts.warnings,
        *files.roles.warnings(),
    ]
    digests = {"organisation_sha256": files.unit_table.sha256, "staff_sha256": files.job_table.sha256}
    if files.aid:
        digests["aid_sha256"] = files.aid.table.sha256
    if files.mapping_sha256:
        digests["mapping_sha256"] = files.mapping_sha256
    return Directory(
        units,
        tuple(contracts.jobs),
        tuple(warnings),
        organisation.file,
        frozenset(map(folded, files.roles.known)),
        digests,
        missing_codes(contracts.jobs, files.aid, {**stored.units, **units}, today) if files.aid else (),
    )


def _read_units(table: Table, roles: RoleNames) -> dict[str, UnitRow]:
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


def _read_unit(record: Record, faults: Faults, roles: RoleNames) -> UnitRow | None:
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


def _read_job(
    record: Record, faults: Faults, roles: RoleNames, by_code: AbcMapping[str, str | None]
) -> JobRow | None:
    """The row, or None when it is so wrong that nothing can be said of it. ``by_code``: the role of each AID
    code, for a row that has none of its own."""
    number = csv_in.parse(faults, record, "anställningsnr", csv_in.number)
    first_name, last_name = (csv_in.optional(record[column]) or "" for column in ("förnamn", "efternamn"))
    if not (first_name or last_name):
        faults.add(record.row, "förnamn och efternamn: båda är tomma. Fyll i minst ett av dem.")
    email = csv_in.parse(faults, record, "e-post", _email)
    unit = csv_in.parse(faults, record, "enhetskod", csv_in.required)
    starts_on = csv_in.parse(faults, record, "från", csv_in.date)
    ends_on = csv_in.parse(faults, record, "till", csv_in.optional_date)
    csv_in.refuse_reversed(faults, record, starts_on, ends_on)
    is_main = csv_in.parse(faults, record, "huvudanställning", _yes_or_no)
    is_protected = csv_in.parse(faults, record, "skyddad", _yes_or_no)
    aid, position = csv_in.optional(record["aid"]), csv_in.optional(record["befattning"])
    job_role = roles.read(record["yrkesroll"]) or by_code.get(folded(aid))
    if not (number and (first_name or last_name) and unit and starts_on):
        return None
    return JobRow(
        record.row,
        number,
        first_name,
        last_name,
        email,
        unit,
        job_role,
        position,
        starts_on,
        ends_on,
        aid=aid,
        is_main=bool(is_main),
        is_protected=is_protected,
    )


def _yes_or_no(text: str) -> bool | None:
    """None where nothing stands there."""
    if text and text.lower() not in ANSWERS:
        raise ValueError(f"”{text}” är varken ja eller nej. Skriv ja eller nej, eller lämna fältet tomt.")
    return ANSWERS.get(text.lower())


def _email(text: str) -> str | None:
    if text and not EMAIL.fullmatch(text):
        advice = "Skriv hela adressen, till exempel sara.lindell@kommun.se, eller lämna fältet tomt."
        raise ValueError(f"”{text}” är ingen e-postadress. {advice}")
    return text or None


def _warn_of_columns(*tables: Table) -> list[str]:
    unused = [
        f"{table.faults.file}: kolumnen {', '.join(table.unknown)} används inte."
        for table in tables
        if table.unknown
    ]
    return unused + [
        f"{table.faults.file}: mappningen utelämnar {table.left_out} "
        f"{'rad' if table.left_out == 1 else 'rader'}."
        for table in tables
        if table.left_out
    ]
