"""A measurement, and two compared, as files: coverage's columns and what a measurement holds beside them
(measure.md, "Measurements" and "Files")."""

import datetime as dt
import json
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypeAlias, TypeVar

from elearn import csv_out
from elearn.reports import export, measurement
from elearn.reports.comparison import Apart, Comparison, Pair
from elearn.reports.coverage import Coverage, Tally, percent
from elearn.reports.export import FileFormat
from elearn.reports.measurement import Measurement
from elearn.reports.suppression import PublicCoverage
from elearn.reports.table import COLUMNS, MORE_COLUMNS, Column, in_csv, in_json, sheet_of
from elearn.reports.workbook import About, Kind, write_workbook

Report = TypeVar("Report")
Row = TypeVar("Row")
ListColumn: TypeAlias = Column[None, Measurement]
PairColumn: TypeAlias = Column[Comparison, Pair]

LISTED: tuple[ListColumn, ...] = (
    Column("nummer", "id", lambda _, one: one.id, "Mätningens nummer.", Kind.COUNT),
    Column("mätdatum", "on", lambda _, one: one.on, "Dagen som siffrorna gäller.", Kind.DATE),
    Column("namn", "name", lambda _, one: one.name, "Mätningens namn."),
    Column(
        "säkerställda",
        "secured",
        lambda _, one: one.coverage.measure.both.secured,
        "Förvaltningar och enheter som hade säkerställt kunskapen.",
        Kind.COUNT,
    ),
    Column(
        "med målgrupp",
        "with_target",
        lambda _, one: one.coverage.measure.both.with_target,
        "Förvaltningar och enheter som hade en målgrupp.",
        Kind.COUNT,
    ),
    Column(
        "andel",
        "percent",
        lambda _, one: _percent(one.coverage.measure.both.share),
        "Säkerställda av dem med målgrupp, i procent.",
        Kind.DECIMAL,
    ),
    Column(
        "tröskel",
        "threshold_percent",
        lambda _, one: percent(one.coverage.threshold),
        "Gränsen för att ha säkerställt kunskapen, som den var då.",
        Kind.DECIMAL,
    ),
    Column("fryst", "frozen_at", lambda _, one: _moment(one.frozen_at), "När den frystes (UTC)."),
    Column("fryst av", "frozen_by", lambda _, one: one.frozen_by, "Vem som frös den, som i journalen."),
    Column("kontrollsumma", "checksum", lambda _, one: one.checksum, "SHA-256 över allt som frystes."),
)

COMPARED: tuple[PairColumn, ...] = (
    Column("nivå", "level", lambda _, pair: pair.after.kind, "Förvaltning eller enhet."),
    Column("enhetskod", "code", lambda _, pair: pair.after.code, "Enhetens kod."),
    Column("enhet", "name", lambda _, pair: pair.after.name, "Enhetens namn i den senare mätningen."),
    Column(
        "målgrupp då",
        "target_before",
        lambda _, pair: pair.before.target,
        "Målgruppen i den tidigare mätningen.",
        Kind.COUNT,
    ),
    Column(
        "målgrupp",
        "target_after",
        lambda _, pair: pair.after.target,
        "Målgruppen i den senare mätningen.",
        Kind.COUNT,
    ),
    Column(
        "andel då",
        "percent_before",
        lambda _, pair: pair.before.percent,
        "Utbildade av målgruppen i den tidigare mätningen, i procent.",
        Kind.DECIMAL,
    ),
    Column(
        "andel",
        "percent_after",
        lambda _, pair: pair.after.percent,
        "Utbildade av målgruppen i den senare mätningen, i procent.",
        Kind.DECIMAL,
    ),
    Column(
        "skillnad",
        "change",
        lambda _, pair: _points(pair.change),
        "I procentenheter, räknat på de exakta andelarna.",
        Kind.DECIMAL,
    ),
    Column("säkerställd då", "secured_before", lambda _, pair: pair.had_secured, "Med gränsen då."),
    Column("säkerställd", "secured_after", lambda _, pair: pair.has_secured, "Med den senares gräns."),
)


def list_written(measurements: Sequence[Measurement], file_format: FileFormat, municipality: str) -> bytes:
    """A row per measurement, with the measure for departments and units together."""
    return _table("Mätningar", LISTED, None, measurements, file_format, municipality)


def written(
    frozen: Measurement, told: Coverage | PublicCoverage, file_format: FileFormat, municipality: str
) -> bytes:
    """A measurement whole: ``told`` is its coverage, or the public form of it. The full CSV has, beside
    coverage's columns, what else is frozen."""
    match file_format:
        case FileFormat.JSON:
            document = {"measurement": _head(frozen), **json.loads(export.to_json(told))}
            return _json(document)
        case FileFormat.CSV if isinstance(told, Coverage):
            columns = (*COLUMNS, *MORE_COLUMNS)
            rows = [[in_csv(column.value(told, row)) for column in columns] for row in told.rows]
            return csv_out.write_csv([column.name for column in columns], rows)
        case _:
            return export.written(told, file_format, municipality)


def comparison_written(
    comparison: Comparison, ids: tuple[int, int], file_format: FileFormat, municipality: str
) -> bytes:
    """A row per unit and department that both have. ``ids``: of the earlier and of the later one. What came,
    went or moved stands in the JSON and on the page."""
    if file_format == FileFormat.JSON:
        return _json(_compared(comparison, ids))
    return _table("Jämförelse", COMPARED, comparison, comparison.pairs, file_format, municipality)


def _head(frozen: Measurement) -> dict[str, object]:
    return {
        "id": frozen.id,
        "name": frozen.name,
        "frozen_at": _moment(frozen.frozen_at),
        "frozen_by": frozen.frozen_by,
        "checksum": frozen.checksum,
        "is_whole": frozen.is_whole,
        "curriculum": json.loads(measurement.write_curriculum(frozen.curriculum)),
    }


def _compared(comparison: Comparison, ids: tuple[int, int]) -> dict[str, object]:
    before, after = comparison.before, comparison.after
    return {
        "before": {"id": ids[0], "on": before.on.isoformat(), "threshold": float(before.threshold)},
        "after": {"id": ids[1], "on": after.on.isoformat(), "threshold": float(after.threshold)},
        "measure": {
            "threshold": float(after.threshold),
            "before": _tally(before.measure_at(after.threshold).both),
            "after": _tally(after.measure.both),
            "change": in_json(_points(comparison.change)),
        },
        "rows": _objects(COMPARED, comparison, comparison.pairs),
        "came": [_object(one) for one in comparison.came],
        "went": [_object(one) for one in comparison.went],
        "moved": [_object(one) for one in comparison.moved],
    }


def _table(
    title: str,
    columns: Sequence[Column[Report, Row]],
    report: Report,
    rows: Sequence[Row],
    file_format: FileFormat,
    municipality: str,
) -> bytes:
    match file_format:
        case FileFormat.CSV:
            cells = [[in_csv(column.value(report, row)) for column in columns] for row in rows]
            return csv_out.write_csv([column.name for column in columns], cells)
        case FileFormat.JSON:
            return _json(_objects(columns, report, rows))
        case FileFormat.XLSX:
            return write_workbook(About(title, municipality), [sheet_of(title, columns, report, rows)])


def _objects(
    columns: Sequence[Column[Report, Row]], report: Report, rows: Sequence[Row]
) -> list[dict[str, object]]:
    return [
        {column.key: in_json(column.value(report, row)) for column in columns if column.key} for row in rows
    ]


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def _percent(share: Fraction | None) -> Decimal | None:
    return None if share is None else percent(share)


def _points(change: Fraction | None) -> Decimal | None:
    """In percentage points with one decimal, rounded half away from zero."""
    if change is None:
        return None
    exact = Decimal(change.numerator * 100) / Decimal(change.denominator)
    return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) + 0  # no zero below zero


def _tally(tally: Tally) -> dict[str, int]:
    return {"secured": tally.secured, "with_target": tally.with_target}


def _object(one: Apart) -> dict[str, str]:
    return {"level": str(one.kind), "code": one.code, "name": one.name, "reason": one.reason}


def _json(document: object) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
