"""Coverage as files, in the full and in the public form: the fixed CSV columns in Swedish, the same in
English as JSON, and as a spreadsheet (measure.md, "Files" and "Small groups: the public form"; R43)."""

import json
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeAlias

from elearn import csv_out
from elearn.reports.coverage import Coverage, Tally, UnitCoverage, percent
from elearn.reports.suppression import Bounds, PublicCoverage
from elearn.reports.table import (
    COLUMNS,
    MORE_COLUMNS,
    Column,
    Told,
    Value,
    in_csv,
    in_json,
    in_sheet,
    sheet_of,
)
from elearn.reports.workbook import About, Cell, Kind, Sheet, write_workbook

HIDDEN = ".."

AnyCoverage: TypeAlias = Coverage | PublicCoverage


class Form(StrEnum):
    """``FULL`` has every figure; ``PUBLIC`` hides what could point at one person."""

    FULL = "full"
    PUBLIC = "public"


class FileFormat(StrEnum):
    """The kinds of file; their names end like this too."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"


def written(coverage: AnyCoverage, file_format: FileFormat, municipality: str) -> bytes:
    """The file's bytes."""
    match file_format:
        case FileFormat.CSV:
            return to_csv(coverage)
        case FileFormat.JSON:
            return to_json(coverage).encode()
        case FileFormat.XLSX:
            return to_xlsx(coverage, municipality)


def to_csv(coverage: AnyCoverage) -> bytes:
    """One row per OrgUnit, in the order of the report. What the public form does not tell is ``..``."""
    rows = [[in_csv(cell) for cell in cells] for cells in _cells(coverage, COLUMNS)]
    return csv_out.write_csv([column.name for column in COLUMNS], rows)


def to_json(coverage: AnyCoverage) -> str:
    """Keys are for ever; ``outside`` counts the reasons why somebody is not in the target group.

    In the public form what is not told is null, and each row says whether it is ``hidden``."""
    if isinstance(coverage, PublicCoverage):
        told, more = coverage.told, {"form": Form.PUBLIC.value, "small_group": coverage.small_group}
    else:
        told, more = coverage, {}
    measure = coverage.measure
    document = {
        "as_of": told.on.isoformat(),
        "threshold": float(told.threshold),
        "measure": {
            "departments": _tally(measure.departments),
            "units": _tally(measure.units),
            "both": _tally(measure.both),
        },
        **more,
        "rows": [_object(coverage, row) for row in told.rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def to_xlsx(coverage: AnyCoverage, municipality: str) -> bytes:
    """The sheets of coverage, and one with the definitions."""
    return write_workbook(about("Täckning", municipality, coverage), sheets(coverage))


def sheets(coverage: AnyCoverage) -> list[Sheet]:
    """A sheet with the rows, and one with the measure at each threshold. Columns that the public form never
    tells are left out of it."""
    is_public = isinstance(coverage, PublicCoverage)
    columns = [
        column for column in (*COLUMNS, *MORE_COLUMNS) if not (is_public and column.told == Told.IN_FULL)
    ]
    rows = [[in_sheet(cell) for cell in cells] for cells in _cells(coverage, columns)]
    return [Sheet("Täckning", columns, rows), sheet_of("Måttet", MEASURE_COLUMNS, None, _measures(coverage))]


def about(title: str, municipality: str, coverage: AnyCoverage) -> About:
    """What a workbook of coverage says of itself: date, threshold, form, and what the form hides."""
    told = coverage if isinstance(coverage, Coverage) else coverage.told
    facts: list[tuple[str, Cell]] = [
        ("Mätdatum", told.on),
        ("Tröskel, procent", percent(told.threshold)),
        ("Form", "fullständig" if isinstance(coverage, Coverage) else "offentlig"),
    ]
    notes = list(NOTES)
    if told.is_forecast:
        notes.append("Mätdatumet ligger framåt i tiden: siffrorna är en prognos.")
    if isinstance(coverage, PublicCoverage):
        notes.append(PUBLIC_NOTE.format(coverage.small_group))
    return About(title, municipality, facts, notes)


NOTES = (
    "En person räknas en gång i varje rad. Den som arbetar i två enheter räknas i båda, men en gång i "
    "förvaltningen: enheternas summa är inte förvaltningens siffra.",
)


PUBLIC_NOTE = (
    "Två punkter (..) betyder att siffran inte visas, för att ingen person ska kunna pekas ut. En rad döljs "
    "om målgruppen är färre än {}, om nästan alla eller nästan ingen är utbildad, eller om den behövs för "
    "att räkna fram en annan rad som är dold."
)


def _cells(coverage: AnyCoverage, columns: Sequence[Column[Coverage, UnitCoverage]]) -> list[list[Value]]:
    """A value for each row and column, ``..`` where the public form tells none."""
    if isinstance(coverage, Coverage):
        return [[column.value(coverage, row) for column in columns] for row in coverage.rows]
    return [[_public_value(coverage, row, column) for column in columns] for row in coverage.told.rows]


def _public_value(
    coverage: PublicCoverage, row: UnitCoverage, column: Column[Coverage, UnitCoverage]
) -> Value:
    return column.value(coverage.told, row) if _is_told(coverage, row, column) else HIDDEN


def _is_told(coverage: PublicCoverage, row: UnitCoverage, column: Column[Coverage, UnitCoverage]) -> bool:
    is_hidden = row.code in coverage.hidden
    return column.told == Told.ALWAYS or (column.told == Told.UNLESS_HIDDEN and not is_hidden)


def _tally(tally: Tally | Bounds) -> dict[str, int | None]:
    if isinstance(tally, Bounds) and tally.secured is None:
        bounds = {"secured_least": tally.least, "secured_most": tally.most}
        return {"secured": None, "with_target": tally.with_target, **bounds}
    return {"secured": tally.secured, "with_target": tally.with_target}


def _object(coverage: AnyCoverage, row: UnitCoverage) -> dict[str, Any]:
    if isinstance(coverage, Coverage):
        columns = {column.key: in_json(column.value(coverage, row)) for column in COLUMNS if column.key}
        return columns | {"offered": row.offered, "outside": row.outside}
    told = {
        column.key: in_json(column.value(coverage.told, row)) if _is_told(coverage, row, column) else None
        for column in COLUMNS
        if column.key
    }
    return told | {"hidden": row.code in coverage.hidden}


_Measured: TypeAlias = tuple[Fraction, str, Tally | Bounds]


def _measures(coverage: AnyCoverage) -> list[_Measured]:
    found: list[_Measured] = []
    measure: Any
    for at, measure in coverage.sensitivity:
        found += [
            (at, "förvaltningar", measure.departments),
            (at, "enheter", measure.units),
            (at, "båda", measure.both),
        ]
    return found


def _secured(tally: Tally | Bounds) -> Value:
    if isinstance(tally, Bounds) and tally.secured is None:
        return f"{tally.least}–{tally.most}"
    return tally.secured


def _share(tally: Tally | Bounds) -> Decimal | str | None:
    if isinstance(tally, Bounds) and tally.secured is None:
        return HIDDEN
    return None if tally.share is None else percent(tally.share)


MEASURE_COLUMNS: tuple[Column[None, _Measured], ...] = (
    Column(
        "tröskel",
        None,
        lambda _, row: percent(row[0]),
        "Gränsen som raden räknas med, i procent.",
        Kind.DECIMAL,
    ),
    Column("räknat i", None, lambda _, row: row[1], "Förvaltningar, enheter eller båda tillsammans."),
    Column(
        "säkerställda",
        None,
        lambda _, row: _secured(row[2]),
        "Hur många som har säkerställt kunskapen. Två tal: minst och högst, när det exakta inte visas.",
        Kind.COUNT,
    ),
    Column(
        "med målgrupp",
        None,
        lambda _, row: row[2].with_target,
        "Hur många som har någon i målgruppen.",
        Kind.COUNT,
    ),
    Column(
        "andel",
        None,
        lambda _, row: _share(row[2]),
        "Säkerställda av dem med målgrupp, i procent.",
        Kind.DECIMAL,
    ),
)
