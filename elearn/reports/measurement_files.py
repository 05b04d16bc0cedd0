"""A measurement, and two compared, as files: coverage's columns and what a measurement holds beside them
(measure.md, "Measurements" and "Files")."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from elearn import csv_out
from elearn.reports import export, measurement
from elearn.reports.comparison import Apart, Comparison, Pair
from elearn.reports.coverage import Tally, percent
from elearn.reports.measurement import Measurement
from elearn.reports.table import COLUMNS, Column, Value, in_csv, in_json

# In a measurement beside coverage's columns, whose names and order are fixed.
MEASURED = (
    *COLUMNS,
    Column(
        "erbjudna",
        "offered",
        lambda _, row: row.offered,
        "De i målgruppen som hade fått veta att kursen finns.",
    ),
    Column("undantagna", "exempt", lambda _, row: row.exempt, "Utanför målgruppen: undantagna."),
    Column(
        "externa", "external", lambda _, row: row.external, "Utanför målgruppen: i externa organisationer."
    ),
    Column(
        "utan kurs",
        "without_course",
        lambda _, row: row.without_course,
        "Utanför målgruppen: har en yrkesroll som ingen kurs gäller.",
    ),
    Column(
        "utan yrkesroll",
        "without_role",
        lambda _, row: row.without_role,
        "Utanför målgruppen: saknar yrkesroll.",
    ),
)

# The columns of the list: the name in the CSV and the key in the JSON.
LISTED = {
    "nummer": "id",
    "mätdatum": "on",
    "namn": "name",
    "säkerställda": "secured",
    "med målgrupp": "with_target",
    "andel": "percent",
    "tröskel": "threshold_percent",
    "fryst": "frozen_at",
    "fryst av": "frozen_by",
    "kontrollsumma": "checksum",
}


@dataclass(frozen=True, slots=True)
class ComparedColumn:
    """As ``table.Column``, of a pair."""

    name: str
    key: str
    value: Callable[[Pair], Value]
    meaning: str


COMPARED = (
    ComparedColumn("nivå", "level", lambda pair: pair.after.kind, "Förvaltning eller enhet."),
    ComparedColumn("enhetskod", "code", lambda pair: pair.after.code, "Enhetens kod."),
    ComparedColumn("enhet", "name", lambda pair: pair.after.name, "Enhetens namn i den senare mätningen."),
    ComparedColumn(
        "målgrupp då", "target_before", lambda pair: pair.before.target, "I den tidigare mätningen."
    ),
    ComparedColumn("målgrupp", "target_after", lambda pair: pair.after.target, "I den senare mätningen."),
    ComparedColumn(
        "andel då", "percent_before", lambda pair: pair.before.percent, "Utbildade då, i procent."
    ),
    ComparedColumn("andel", "percent_after", lambda pair: pair.after.percent, "Utbildade i den senare."),
    ComparedColumn(
        "skillnad",
        "change",
        lambda pair: _points(pair.change),
        "I procentenheter, av de exakta andelarna.",
    ),
    ComparedColumn(
        "säkerställd då", "secured_before", lambda pair: pair.had_secured, "Med den mätningens gräns."
    ),
    ComparedColumn(
        "säkerställd", "secured_after", lambda pair: pair.has_secured, "Med den mätningens gräns."
    ),
)


def list_to_csv(measurements: Sequence[Measurement]) -> bytes:
    """A row per measurement, with the measure for departments and units together."""
    rows = [[in_csv(value) for value in _line(one).values()] for one in measurements]
    return csv_out.write_csv(list(LISTED), rows)


def list_to_json(measurements: Sequence[Measurement]) -> str:
    """The same, with the keys of ``show``."""
    return _written([{key: in_json(value) for key, value in _line(one).items()} for one in measurements])


def _line(one: Measurement) -> dict[str, Value]:
    both = one.coverage.measure.both
    values = (
        one.id,
        one.on,
        one.name,
        both.secured,
        both.with_target,
        None if both.share is None else percent(both.share),
        percent(one.coverage.threshold),
        one.frozen_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        one.frozen_by,
        one.checksum,
    )
    return dict(zip(LISTED.values(), values, strict=True))


def to_csv(frozen: Measurement) -> bytes:
    """One row per OrgUnit, in the order in which they were frozen."""
    rows = [
        [in_csv(column.value(frozen.coverage, row)) for column in MEASURED] for row in frozen.coverage.rows
    ]
    return csv_out.write_csv([column.name for column in MEASURED], rows)


def to_json(frozen: Measurement) -> str:
    """What ``elearn coverage`` gives, with the measurement itself first. ``offered`` and ``outside`` stand in
    each row."""
    head = {
        "id": frozen.id,
        "name": frozen.name,
        "frozen_at": frozen.frozen_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "frozen_by": frozen.frozen_by,
        "checksum": frozen.checksum,
        "is_whole": frozen.is_whole,
        "curriculum": json.loads(measurement.write_curriculum(frozen.curriculum)),
    }
    return _written({"measurement": head, **json.loads(export.to_json(frozen.coverage))})


def comparison_to_csv(comparison: Comparison) -> bytes:
    """A row per unit and department that both have. What came, went or moved stands in the JSON and on the
    page."""
    rows = [[in_csv(column.value(pair)) for column in COMPARED] for pair in comparison.pairs]
    return csv_out.write_csv([column.name for column in COMPARED], rows)


def comparison_to_json(comparison: Comparison, ids: tuple[int, int]) -> str:
    """``ids``: of the earlier and of the later one."""
    before, after = comparison.before, comparison.after
    document = {
        "before": {"id": ids[0], "on": before.on.isoformat(), "threshold": float(before.threshold)},
        "after": {"id": ids[1], "on": after.on.isoformat(), "threshold": float(after.threshold)},
        "measure": {
            "threshold": float(after.threshold),
            "before": _tally(before.measure_at(after.threshold).both),
            "after": _tally(after.measure.both),
            "change": in_json(_points(comparison.change)),
        },
        "rows": [
            {column.key: in_json(column.value(pair)) for column in COMPARED} for pair in comparison.pairs
        ],
        "came": [_object(one) for one in comparison.came],
        "went": [_object(one) for one in comparison.went],
        "moved": [_object(one) for one in comparison.moved],
    }
    return _written(document)


def _points(change: Fraction | None) -> Decimal | None:
    """In percentage points with one decimal, rounded half away from zero."""
    if change is None:
        return None
    exact = Decimal(change.numerator * 100) / Decimal(change.denominator)
    return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _tally(tally: Tally) -> dict[str, int]:
    return {"secured": tally.secured, "with_target": tally.with_target}


def _object(one: Apart) -> dict[str, str]:
    return {"level": str(one.kind), "code": one.code, "name": one.name, "reason": one.reason}


def _written(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
