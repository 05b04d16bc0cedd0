"""organisation.csv and personal.csv -> rows, or every fault of both files at once (measure.md, "Files")."""

import datetime as dt
import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from elearn import tabular
from elearn.people.models import UnitKind
from elearn.tabular import Faults, Record

UNIT_COLUMNS = ("enhetskod", "namn", "nivå", "överordnad", "nämnd", "yrkesroll", "chef")
JOB_COLUMNS = ("anställningsnr", "förnamn", "efternamn", "e-post", "enhetskod", "yrkesroll", "befattning", "från", "till")
KINDS = {"förvaltning": UnitKind.DEPARTMENT, "område": UnitKind.DIVISION, "enhet": UnitKind.UNIT, "extern": UnitKind.EXTERNAL}
TOP_ONLY = (UnitKind.DEPARTMENT, UnitKind.EXTERNAL)
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row of organisation.csv."""

    row: int
    code: str
    name: str
    kind: UnitKind
    parent: str | None
    committee: str | None
    job_role: str | None
    managers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JobRow:
    """A row of personal.csv: one employment."""

    row: int
    number: str
    first_name: str
    last_name: str
    email: str | None
    unit: str
    job_role: str | None
    position: str | None
    starts_on: dt.date
    ends_on: dt.date | None

    @property
    def key(self) -> tuple[str, str, str | None, dt.date]:
        return self.number, self.unit, self.job_role, self.starts_on


@dataclass(slots=True)
class Directory:
    """Both files, checked. ``warnings`` are told and change nothing."""

    units: dict[str, UnitRow] = field(default_factory=dict)  # by code, in the file's order
    jobs: list[JobRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def knows_externals(self) -> bool:
        return any(unit.kind == UnitKind.EXTERNAL for unit in self.units.values())


def read_directory(organisation: Path, staff: Path, known_roles: Collection[str], external_codes: Collection[str]) -> Directory:
    """Read both files. ``known_roles``: the catalogue's; ``external_codes``: external units that are stored, which HR's file need
    not know. Raises ``Invalid`` with every fault of both."""
    units, jobs = tabular.read_table(organisation, UNIT_COLUMNS), tabular.read_table(staff, JOB_COLUMNS)
    directory = Directory()
    for name, table in ((organisation.name, units), (staff.name, jobs)):
        if table.unknown:
            directory.warnings.append(f"{name}: kolumnerna {', '.join(table.unknown)} används inte.")
    roles = Roles(known_roles)
    for record in units.records:
        _add_unit(directory, record, units.faults, roles)
    for record in jobs.records:
        if job := _read_job(record, jobs.faults, roles):
            directory.jobs.append(job)
    _check_tree(directory, units.faults)
    if directory.units:
        _check_units_of_jobs(directory, jobs.faults, external_codes)
    _check_persons(directory, jobs.faults)
    tabular.refuse(units.faults, jobs.faults)
    _warn(directory, organisation.name, staff.name, roles)
    return directory


class Roles:
    """Job roles in the catalogue's own spelling, whatever the file's capitals; and those that no course names."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = {role.casefold(): role for role in known}
        self.unknown: dict[str, int] = {}

    def read(self, text: str) -> str | None:
        role = " ".join(text.split())
        if role and role.casefold() not in self._known:
            self.unknown[role] = self.unknown.get(role, 0) + 1
        return self._known.get(role.casefold(), role) or None


def _add_unit(directory: Directory, record: Record, faults: Faults, roles: Roles) -> None:
    before = faults.count
    code = tabular.parse(faults, record, "enhetskod", tabular.required)
    name = tabular.parse(faults, record, "namn", tabular.required)
    kind = tabular.parse(faults, record, "nivå", _kind)
    if faults.count > before or not (code and name and kind):
        return
    if code in directory.units:
        faults.add(record.row, f"enhetskod: {code} finns redan på rad {directory.units[code].row}.")
        return
    directory.units[code] = UnitRow(
        record.row, code, name, kind, record["överordnad"] or None, record["nämnd"] or None,
        roles.read(record["yrkesroll"]), tuple(dict.fromkeys(record["chef"].split())),
    )  # fmt: skip


def _kind(text: str) -> UnitKind:
    if text.lower() not in KINDS:
        raise ValueError(f"”{text}” finns inte. Skriv förvaltning, område, enhet eller extern.")
    return KINDS[text.lower()]


def _read_job(record: Record, faults: Faults, roles: Roles) -> JobRow | None:
    before = faults.count
    number = tabular.parse(faults, record, "anställningsnr", tabular.number)
    first_name = tabular.parse(faults, record, "förnamn", tabular.required)
    last_name = tabular.parse(faults, record, "efternamn", tabular.required)
    email = tabular.parse(faults, record, "e-post", _email)
    unit = tabular.parse(faults, record, "enhetskod", tabular.required)
    starts_on = tabular.parse(faults, record, "från", tabular.date)
    ends_on = tabular.parse(faults, record, "till", tabular.optional_date)
    if starts_on and ends_on and ends_on < starts_on:
        faults.add(record.row, f"till: sista dagen {ends_on} ligger före första dagen {starts_on}. Byt plats eller rätta en av dem.")
    if faults.count > before or not (number and first_name and last_name and unit and starts_on):
        return None
    position = record["befattning"] or None
    return JobRow(record.row, number, first_name, last_name, email, unit, roles.read(record["yrkesroll"]), position, starts_on, ends_on)


def _email(text: str) -> str | None:
    if text and not EMAIL.match(text):
        raise ValueError(f"”{text}” är ingen e-postadress. Skriv hela, till exempel sara.lindell@kommun.se, eller lämna tomt.")
    return text or None


def _check_tree(directory: Directory, faults: Faults) -> None:
    for unit in directory.units.values():
        if unit.parent is None:
            continue
        if unit.parent not in directory.units:
            faults.add(unit.row, f"överordnad: {unit.parent} finns inte i filen.{suggestion(unit.parent, _names(directory))}")
        elif unit.kind in TOP_ONLY:
            faults.add(unit.row, f"överordnad: {unit.code} är {_word(unit.kind)} och ska ligga överst. Lämna fältet tomt.")
        elif _is_in_circle(unit, directory.units):
            faults.add(unit.row, f"överordnad: {unit.code} ligger under sig själv. Rätta vem som är över vem.")


def _is_in_circle(unit: UnitRow, units: Mapping[str, UnitRow]) -> bool:
    seen: set[str] = set()
    code = unit.parent
    while code is not None and code in units and code not in seen:
        if code == unit.code:
            return True
        seen.add(code)
        code = units[code].parent
    return False


def _word(kind: UnitKind) -> str:
    return next(word for word, value in KINDS.items() if value == kind)


def _names(directory: Directory) -> dict[str, str]:
    return {code: unit.name for code, unit in directory.units.items()}


def suggestion(text: str, names: Mapping[str, str]) -> str:
    """Menar du UF8, Förskolan Ängen? – or nothing."""
    close = difflib.get_close_matches(text, names, n=1, cutoff=0.6)
    return f" Menar du {close[0]}, {names[close[0]]}?" if close else ""


def _check_units_of_jobs(directory: Directory, faults: Faults, external_codes: Collection[str]) -> None:
    names = _names(directory)
    known = names.keys() | (set() if directory.knows_externals else set(external_codes))
    for job in directory.jobs:
        if job.unit not in known:
            faults.add(job.row, f"enhetskod: {job.unit} finns inte i organisationen.{suggestion(job.unit, names)}")


def _check_persons(directory: Directory, faults: Faults) -> None:
    first: dict[str, JobRow] = {}
    seen: dict[tuple[str, str, str | None, dt.date], int] = {}
    for job in directory.jobs:
        other = first.setdefault(job.number, job)
        if (job.first_name, job.last_name, job.email) != (other.first_name, other.last_name, other.email):
            faults.add(job.row, f"anställningsnr: {job.number} har ett annat namn eller en annan e-post än på rad {other.row}.")
        if job.key in seen:
            faults.add(job.row, f"samma anställning står redan på rad {seen[job.key]}: samma nummer, enhet, yrkesroll och från.")
        seen.setdefault(job.key, job.row)


def _warn(directory: Directory, organisation: str, staff: str, roles: Roles) -> None:
    numbers = {job.number for job in directory.jobs}
    for unit in directory.units.values():
        for number in unit.managers:
            if number not in numbers:
                directory.warnings.append(
                    f"{organisation}:{unit.row}: chefen {number} finns inte i {staff}. {unit.name} får ingen sådan chef."
                )
        if unit.parent is None and unit.kind not in TOP_ONLY:
            directory.warnings.append(f"{organisation}:{unit.row}: {unit.name} ligger inte under någon förvaltning.")
    for role, count in sorted(roles.unknown.items()):
        directory.warnings.append(f"Yrkesrollen ”{role}” ({count} rader) finns inte i någon kurs.")
