"""aid.csv: which job role an AID code has (arbetsidentifikation, SKR's national code of what somebody works
with), and which codes still lack one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from elearn import csv_in, csv_out
from elearn.csv_in import Table
from elearn.directory import in_force, tables
from elearn.directory.role_names import RoleNames
from elearn.directory.rows import JobRow, MissingCode
from elearn.swedish import folded, sort_key

COLUMNS = ("aid", "yrkesroll")
REPORT_COLUMNS = ("aid", "personer", "utan yrkesroll", "enheter", "befattningar")
MOST_TOLD = 20  # one by one; the file has them all


@dataclass(frozen=True, slots=True)
class AidTable:
    """``roles``: by the folded code; None where the file says that the code has none. Faults stand in
    ``table``."""

    table: Table
    roles: Mapping[str, str | None]


def read_aid(path: Path, roles: RoleNames) -> AidTable:
    """Read aid.csv (or a sheet). A code that stands twice with two roles is a fault."""
    table = tables.read_table(path, COLUMNS)
    found: dict[str, str | None] = {}
    rows: dict[str, int] = {}
    for record in table.records:
        code = csv_in.parse(table.faults, record, "aid", csv_in.required)
        role = roles.read(record["yrkesroll"])
        if code is None:
            continue
        there = rows.setdefault(folded(code), record.row)
        if found.setdefault(folded(code), role) != role:
            table.faults.add(record.row, f"aid: {code} har en annan yrkesroll på rad {there}.")
    return AidTable(table, found)


def missing_codes(
    jobs: Sequence[JobRow], aid: AidTable, units: Mapping[str, in_force.Placed], today: dt.date
) -> tuple[MissingCode, ...]:
    """Codes of employments that go on or are to begin, without a role of their own, that aid.csv does not
    have; those of most people first."""
    inherited = in_force.inherited_roles(units)
    lacking = defaultdict[str, list[JobRow]](list)
    for job in jobs:
        if job.aid and job.job_role is None and folded(job.aid) not in aid.roles and job.is_open(today):
            lacking[folded(job.aid)].append(job)
    found = [_missing(rows[0].aid or "", rows, inherited) for rows in lacking.values()]
    return tuple(sorted(found, key=lambda one: (-one.person_count, one.code)))


def _missing(code: str, rows: Sequence[JobRow], inherited: Mapping[str, str | None]) -> MissingCode:
    return MissingCode(
        code,
        len({row.number for row in rows}),
        len({row.number for row in rows if not inherited.get(row.unit)}),
        tuple(sorted({row.unit for row in rows}, key=sort_key)),
        tuple(sorted({row.position for row in rows if row.position}, key=sort_key)),
    )


def sentences(missing: Sequence[MissingCode]) -> Iterator[str]:
    """A line for each code, at most 20 and how many more."""
    for one in missing[:MOST_TOLD]:
        people = "1 person" if one.person_count == 1 else f"{one.person_count} personer"
        units = "1 enhet" if len(one.units) == 1 else f"{len(one.units)} enheter"
        lacking = (
            f"{one.roleless_count} utan roll från enheten" if one.roleless_count else "alla med enhetens roll"
        )
        yield f"AID {one.code} saknar yrkesroll: {people} i {units}, {lacking}."
    if len(missing) > MOST_TOLD:
        more = len(missing) - MOST_TOLD
        yield f"… och {more} {'kod' if more == 1 else 'koder'} till saknar yrkesroll."


def to_csv(missing: Iterable[MissingCode]) -> bytes:
    """The report as a file: units by code, positions as they are called, several parted by a comma."""
    rows = (
        (
            one.code,
            str(one.person_count),
            str(one.roleless_count),
            ", ".join(one.units),
            ", ".join(one.positions),
        )
        for one in missing
    )
    return csv_out.write_csv(REPORT_COLUMNS, rows)
