"""What the rows of organisation.csv and personal.csv must be to each other, and what is only worth a word."""

import datetime as dt
import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from elearn.csv_in import Faults
from elearn.directory import changes, in_force
from elearn.directory.changes import StoredUnit
from elearn.directory.rows import TOP_ONLY, JobRow, UnitRow
from elearn.people.models import LEVEL_WORDS, UnitKind
from elearn.swedish import folded, sort_key


class Suggestions:
    """ "Menar du UF8, Förskolan Ängen?": the unit whose code or name is most like what stands there."""

    def __init__(self, units: Mapping[str, UnitRow], faults: Faults) -> None:
        self._units = units
        self._faults = faults
        self._words = {unit.name.casefold(): code for code, unit in units.items()} | {
            code.casefold(): code for code in units
        }
        self._found: dict[str, str] = {}

    def sentence(self, text: str) -> str:
        if self._faults.is_full:  # thousands of faults are counted, not told: their words are not made
            return ""
        if text not in self._found:
            close = difflib.get_close_matches(text.casefold(), self._words, n=1, cutoff=0.6)
            code = self._words[close[0]] if close else ""
            self._found[text] = f" Menar du {code}, {self._units[code].name}?" if close else ""
        return self._found[text]


def check_tree(units: Mapping[str, UnitRow], codes: Collection[str], faults: Faults) -> None:
    """Every unit's parent. ``codes``: all in the file, those of rows with another fault among them."""
    suggestions, circle = Suggestions(units, faults), _circle(units)
    for unit in units.values():
        if unit.parent is None:
            continue
        if unit.kind in TOP_ONLY:
            faults.add(
                unit.row,
                f"överordnad: {unit.name} är {LEVEL_WORDS[unit.kind]} och ligger överst. Lämna fältet tomt.",
            )
        elif unit.parent not in codes:
            faults.add(
                unit.row,
                f"överordnad: ”{unit.parent}” finns inte i filen.{suggestions.sentence(unit.parent)}",
            )
        elif unit.code in circle:
            faults.add(
                unit.row, f"överordnad: {unit.name} ligger under sig själv. Rätta vem som är över vem."
            )


def _circle(units: Mapping[str, UnitRow]) -> set[str]:
    """Codes of the units that lie below themselves. Each is walked over once, however deep the tree."""
    found: set[str] = set()
    done: set[str] = set()
    for start in units:
        way: list[str] = []
        code = start
        while code in units and code not in done:
            done.add(code)
            way.append(code)
            code = "" if units[code].kind in TOP_ONLY else units[code].parent or ""
        if code in way:
            found.update(way[way.index(code) :])
    return found


def check_places(
    jobs: Iterable[JobRow],
    units: Mapping[str, UnitRow],
    codes: Collection[str],
    stored_units: Mapping[str, StoredUnit],
    today: dt.date,
    organisation: str,
    faults: Faults,
) -> None:
    """Every employment's unit: in the file, or stored and not in need of standing there."""
    suggestions = Suggestions(units, faults)
    has_externals = any(unit.kind == UnitKind.EXTERNAL for unit in units.values())
    places = {*codes, *(() if has_externals else changes.left_alone(stored_units))}
    for job in jobs:
        if job.unit in places:
            continue
        if job.unit not in stored_units:
            faults.add(
                job.row,
                f"enhetskod: ”{job.unit}” finns inte i organisationen.{suggestions.sentence(job.unit)}",
            )
        elif job.is_open(today):
            name = f"{stored_units[job.unit].name} ({job.unit})"
            faults.add(
                job.row,
                (
                    f"enhetskod: {name} finns inte i {organisation}, men här är någon anställd. "
                    "Rätta en av filerna."
                ),
            )


def check_persons(jobs: Sequence[JobRow], faults: Faults) -> list[JobRow]:
    """The rows with one name and one address for each person: the first spelling, and the address of the main
    employment, or else of the row that has one. Two that disagree are a fault. Whoever is protected in one
    row is so in all."""
    first: dict[str, JobRow] = {}
    addressed: dict[str, JobRow] = {job.number: job for job in jobs if job.is_main and job.email}
    protected: dict[str, bool] = {}
    secret = {job.number for job in jobs if job.is_protected}
    for job in jobs:
        other = first.setdefault(job.number, job)
        if folded(job.name) != folded(other.name):
            told = f"{job.name} här men {other.name} på rad {other.row}"
            if job.number in secret:
                told = f"något annat här än på rad {other.row}"
            faults.add(job.row, f"anställningsnr: {job.number} heter {told}.")
        if job.email:
            other = addressed.setdefault(job.number, job)
            if folded(job.email) != folded(other.email) and (job.is_main or not other.is_main):
                told = f"{job.email} här men {other.email} på rad {other.row}"
                if job.number in secret:
                    told = f"en annan adress här än på rad {other.row}"
                faults.add(job.row, f"e-post: {job.number} har {told}.")
        if job.is_protected is not None:
            protected[job.number] = job.is_protected or protected.get(job.number, False)
    return [
        replace(
            job,
            is_protected=protected.get(job.number),
            first_name=first[job.number].first_name,
            last_name=first[job.number].last_name,
            email=addressed[job.number].email if job.number in addressed else None,
        )
        for job in jobs
    ]


@dataclass(slots=True)
class Contracts:
    """Rows alike in number, unit, role in force and ``från`` are one employment; ``warnings`` tell so."""

    jobs: list[JobRow]
    warnings: list[str]


def join_contracts(
    jobs: Sequence[JobRow], units: Mapping[str, in_force.Placed], staff: str, faults: Faults
) -> Contracts:
    """One employment of two contracts: their befattningar joined, the later last day. Rows alike in
    everything are a fault."""
    roles = in_force.inherited_roles(units)
    alike: dict[tuple[str, str, str, dt.date], list[JobRow]] = {}
    for job in jobs:
        role = folded(job.job_role or roles.get(job.unit))
        alike.setdefault((job.number, job.unit, role, job.starts_on), []).append(job)
    warnings = []
    for rows in alike.values():
        seen: dict[tuple[str, dt.date | None], int] = {}
        for row in rows:
            there = seen.setdefault((folded(row.position), row.ends_on), row.row)
            if there != row.row:
                faults.add(row.row, f"samma rad står redan på rad {there}. Ta bort en av dem.")
        if rows[1:]:
            numbers = " och ".join(str(row.row) for row in rows)
            warnings.append(
                f"{staff}: rad {numbers} är samma anställning för {rows[0].number} och räknas en gång."
            )
    return Contracts([_joined(rows) for rows in alike.values()], warnings)


def _joined(rows: Sequence[JobRow]) -> JobRow:
    if not rows[1:]:
        return rows[0]
    positions = {folded(row.position): row.position for row in reversed(rows) if row.position}
    joined = tuple(sorted(positions.values(), key=sort_key))
    last_days = [row.ends_on for row in rows if row.ends_on]
    return replace(
        rows[0],
        position=", ".join(joined) or None,
        joined=joined,
        ends_on=max(last_days) if len(last_days) == len(rows) else None,
    )


def warn_of_tree(units: Mapping[str, UnitRow], organisation: str) -> Iterator[str]:
    """Units that lie below no department."""
    for unit in units.values():
        if unit.parent is None and unit.kind not in TOP_ONLY:
            yield (
                f"{organisation}:{unit.row}: {unit.name} är {LEVEL_WORDS[unit.kind]} men ligger "
                "inte under någon förvaltning."
            )


def warn_of_managers(
    units: Mapping[str, UnitRow], jobs: Iterable[JobRow], organisation: str, staff: str
) -> Iterator[str]:
    """Managers who stand in no row of the staff."""
    numbers = {job.number for job in jobs}
    for unit in units.values():
        for number in unit.managers:
            if number not in numbers:
                yield (
                    f"{organisation}:{unit.row}: chefen {number} finns inte i {staff}. "
                    f"{unit.name} får ingen sådan chef."
                )
