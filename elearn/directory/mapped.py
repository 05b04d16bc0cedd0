"""The personnel system's own files, read by a mapping: tables with our columns, as if they had been written
so."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from elearn import csv_in
from elearn.csv_in import Faults, Record, Table
from elearn.directory import tables
from elearn.directory.columns import (
    JOB_COLUMNS,
    NEEDED_OF_JOBS,
    NEEDED_OF_UNITS,
    OPTIONAL_JOB_COLUMNS,
    UNIT_COLUMNS,
)
from elearn.directory.mapping import Layout
from elearn.directory.mapping import Mapping as FileMapping

AS_OURS = Layout()


def read_tables(mapping: FileMapping, organisation: Path | None, staff: Path) -> tuple[Table, Table]:
    """The units and the employments. ``organisation`` is None when the mapping takes the units from the file
    of people (``Mapping.is_flat``)."""
    if organisation is not None and mapping.jobs == AS_OURS:
        jobs = tables.read_table(staff, JOB_COLUMNS, OPTIONAL_JOB_COLUMNS)
        return _units(organisation, mapping.units), jobs
    raw = _raw(staff, mapping.jobs, (*JOB_COLUMNS, *OPTIONAL_JOB_COLUMNS), mapping.levels)
    kept = [record for record in raw.records if not _is_left_out(record, mapping.jobs)]
    jobs = _mapped(raw, kept, mapping.jobs, (*JOB_COLUMNS, *OPTIONAL_JOB_COLUMNS), NEEDED_OF_JOBS)
    if organisation is None:
        return _units_of(raw, kept, mapping.levels), jobs
    return _units(organisation, mapping.units), jobs


def _units(organisation: Path, layout: Layout) -> Table:
    """A file that the mapping does not speak of is ours, with every column."""
    if layout == AS_OURS:
        return tables.read_table(organisation, UNIT_COLUMNS)
    raw = _raw(organisation, layout, UNIT_COLUMNS, ())
    kept = [record for record in raw.records if not _is_left_out(record, layout)]
    return _mapped(raw, kept, layout, UNIT_COLUMNS, NEEDED_OF_UNITS)


def _raw(path: Path, layout: Layout, ours: Sequence[str], levels: Iterable[Layout]) -> Table:
    """The file with its own columns. Those of ours that the mapping does not speak of may stand there under
    our names."""
    named = [
        column for one in (layout, *levels) for source in one.sources.values() for column in source.columns
    ]
    named += [rule.column for rule in layout.without]
    wanted = tuple(dict.fromkeys(map(csv_in.column_name, named)))
    plain = [column for column in ours if column not in layout.sources and column not in layout.fixed]
    optional = [column for column in plain if column not in wanted]
    return tables.read_table(path, wanted, optional, layout.header_row, layout.sheet)


def _is_left_out(record: Record, layout: Layout) -> bool:
    return any(rule.holds(record) for rule in layout.without)


def _mapped(
    raw: Table, kept: Sequence[Record], layout: Layout, ours: Sequence[str], needed: Sequence[str]
) -> Table:
    left_out = len(raw.records) - len(kept)
    if raw.records and (lacking := _lacking(raw.records[0], layout, needed)):
        for column in lacking:
            told = "Mappningen säger inte vilken av filens kolumner det är."
            raw.faults.add(layout.header_row, f"kolumnen ”{column}” saknas. {told}")
        return replace(raw, records=(), is_whole=False, left_out=left_out)
    if raw.records and not kept:
        raw.faults.add(None, "mappningen utelämnar alla rader. Rätta dess utan.")
    labels = {column: f"{column} ({', '.join(source.columns)})" for column, source in layout.sources.items()}
    records = tuple(
        Record(record.row, {column: layout.value(column, record) for column in ours}, labels)
        for record in kept
    )
    return replace(raw, records=records, left_out=left_out, is_whole=raw.is_whole and bool(kept))


def _lacking(record: Record, layout: Layout, needed: Sequence[str]) -> list[str]:
    """Columns of ours that neither the mapping nor the file has, though every row needs a value there."""
    there = {*layout.sources, *layout.fixed, *record.cells}
    return [column for column in needed if column not in there]


def _units_of(raw: Table, kept: Iterable[Record], levels: Sequence[Layout]) -> Table:
    """Each unit once, from the rows of its people: the levels of a row lie below each other, unless the
    mapping names a parent. Rows that disagree about a unit are a fault."""
    faults = Faults(raw.faults.file)
    units: dict[str, Record] = {}
    told: set[tuple[str, str]] = set()
    for record in kept:
        parent = ""
        for level in levels:
            cells = _unit_cells(record, level, parent)
            code = cells["enhetskod"]
            if not code or code == parent:
                continue  # this person works higher up: the level is empty, or repeats the one above
            parent = code
            there = units.setdefault(code, Record(record.row, cells))
            _add_managers(there.cells, cells["chef"])
            for column in UNIT_COLUMNS:
                if column != "chef" and cells[column] != there[column] and (code, column) not in told:
                    told.add((code, column))
                    here = f"enheten {code} har ”{cells[column]}” här men ”{there[column]}”"
                    faults.add(record.row, f"{column}: {here} på rad {there.row}.")
    is_whole = raw.is_whole and not faults.count
    return Table(tuple(units.values()), (), faults, is_whole, raw.sha256)


def _unit_cells(record: Record, level: Layout, parent: str) -> dict[str, str]:
    """Only what the level names: a column of ours in the file is the person's and not the unit's."""
    named = level.sources.keys() | level.fixed.keys()
    cells = {column: level.value(column, record) if column in named else "" for column in UNIT_COLUMNS}
    return cells if "överordnad" in named else cells | {"överordnad": parent}


def _add_managers(cells: dict[str, str], managers: str) -> None:
    cells["chef"] = " ".join(dict.fromkeys((*cells["chef"].split(), *managers.split())))
