"""Coverage as files: the fixed CSV columns in Swedish, the same in English as JSON (measure.md, "Files";
R43)."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

from elearn import csv_out
from elearn.people.models import LEVEL_WORDS
from elearn.reports.coverage import Coverage, Tally, UnitCoverage, percent

HEADER = (
    "mätdatum",
    "nivå",
    "enhetskod",
    "enhet",
    "överordnad",
    "nämnd",
    "anställda",
    "målgrupp",
    "utbildade",
    "utgångna",
    "påbörjade",
    "ej påbörjade",
    "andel",
    "säkerställd",
    "tröskel",
)
REASONS = ("exempt", "external", "without_course", "without_role")


def to_csv(coverage: Coverage) -> bytes:
    return csv_out.write_csv(HEADER, [_cells(coverage, row) for row in coverage.rows])


def _cells(coverage: Coverage, row: UnitCoverage) -> tuple[str, ...]:
    has_secured = row.has_secured(coverage.threshold)
    return (
        coverage.on.isoformat(),
        LEVEL_WORDS[row.kind],
        row.code,
        row.name,
        row.parent or "",
        row.committee or "",
        *map(str, (row.employees, row.target, row.trained, row.expired, row.started, row.not_started)),
        "" if row.percent is None else decimal_comma(row.percent),
        "" if has_secured is None else "ja" if has_secured else "nej",
        decimal_comma(percent(coverage.threshold)),
    )


def decimal_comma(number: Decimal) -> str:
    return str(number).replace(".", ",")


def to_json(coverage: Coverage) -> str:
    """Keys are for ever; ``outside`` counts the reasons why somebody is not in the target group."""
    measure = coverage.measure
    document = {
        "as_of": coverage.on.isoformat(),
        "threshold": float(coverage.threshold),
        "measure": {
            "departments": _tally(measure.departments),
            "units": _tally(measure.units),
            "both": _tally(measure.both),
        },
        "rows": [_object(row, coverage.threshold) for row in coverage.rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _tally(tally: Tally) -> dict[str, int]:
    return {"secured": tally.secured, "with_target": tally.with_target}


def _object(row: UnitCoverage, threshold: Fraction) -> dict[str, Any]:
    return {
        "level": row.kind.value,
        "code": row.code,
        "name": row.name,
        "parent": row.parent,
        "committee": row.committee,
        "employees": row.employees,
        "target": row.target,
        "trained": row.trained,
        "expired": row.expired,
        "started": row.started,
        "not_started": row.not_started,
        "percent": None if row.percent is None else float(row.percent),
        "secured": row.has_secured(threshold),
        "outside": {reason: getattr(row, reason) for reason in REASONS},
    }
