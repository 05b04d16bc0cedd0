"""Coverage as files: the fixed CSV columns in Swedish, the same in English as JSON (measure.md, "Files";
R43)."""

import json
from typing import Any

from elearn import csv_out
from elearn.reports.coverage import Coverage, Tally, UnitCoverage
from elearn.reports.table import COLUMNS, in_csv, in_json


def to_csv(coverage: Coverage) -> bytes:
    """One row per OrgUnit, in the order of the report."""
    rows = [[in_csv(column.value(coverage, row)) for column in COLUMNS] for row in coverage.rows]
    return csv_out.write_csv([column.name for column in COLUMNS], rows)


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
        "rows": [_object(coverage, row) for row in coverage.rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _tally(tally: Tally) -> dict[str, int]:
    return {"secured": tally.secured, "with_target": tally.with_target}


def _object(coverage: Coverage, row: UnitCoverage) -> dict[str, Any]:
    columns = {column.key: in_json(column.value(coverage, row)) for column in COLUMNS if column.key}
    return columns | {"offered": row.offered, "outside": row.outside}
