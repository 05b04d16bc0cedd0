"""Coverage as files: the golden ones to the letter, and what a spreadsheet must never run."""

import csv
import datetime as dt
import io
import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from elearn.people.models import UnitKind
from elearn.reports import export
from elearn.reports.coverage import Coverage, UnitCoverage
from tests.builders import TODAY

GOLDEN = Path(__file__).parent.parent / "golden"
HEADER = (
    "mätdatum", "nivå", "enhetskod", "enhet", "överordnad", "nämnd", "anställda", "målgrupp", "utbildade",
    "utgångna", "påbörjade", "ej påbörjade", "andel", "säkerställd", "tröskel",
)  # fmt: skip
DATES = ("2026-11-30", "2026-12-01")
OUTSIDE = re.compile(r',\n   "offered": \d+,\n   "outside": \{[^}]*\}')


def of_row(found: dict[str, Any]) -> UnitCoverage:
    counts = {
        name: found[name] for name in ("employees", "target", "trained", "expired", "started", "not_started")
    }
    return UnitCoverage(
        unit_id=0,
        code=found["code"],
        name=found["name"],
        kind=UnitKind(found["level"]),
        parent=found["parent"],
        committee=found["committee"],
        depth=0,
        **counts,
        offered=0,
        exempt=1,
        external=2,
        without_course=3,
        without_role=4,
    )


def golden(date: str, threshold: Fraction = Fraction(9, 10)) -> Coverage:
    found = json.loads((GOLDEN / f"coverage-{date}.json").read_text(encoding="utf-8"))
    return Coverage(
        dt.date.fromisoformat(date), threshold, is_forecast=False, rows=tuple(map(of_row, found["rows"]))
    )


def cells(coverage: Coverage) -> list[dict[str, str]]:
    return list(
        csv.DictReader(io.StringIO(export.to_csv(coverage).decode("utf-8-sig"), newline=""), delimiter=";")
    )


@pytest.mark.parametrize("date", DATES)
def test_the_csv_is_the_golden_file_byte_for_byte(date: str) -> None:
    assert export.to_csv(golden(date)) == (GOLDEN / f"tackning-{date}.csv").read_bytes()


@pytest.mark.parametrize("date", DATES)
def test_the_json_is_the_golden_file_but_for_the_reasons(date: str) -> None:
    """In the same order and with the same indent, so that a comparison shows nothing but the keys that are
    more."""
    text = export.to_json(golden(date))
    assert OUTSIDE.sub("", text) == (GOLDEN / f"coverage-{date}.json").read_text(encoding="utf-8")
    assert {tuple(row["outside"].items()) for row in json.loads(text)["rows"]} == {
        (("exempt", 1), ("external", 2), ("without_course", 3), ("without_role", 4))
    }


def test_two_thirds_are_not_secured_at_66_7_percent_although_both_are_shown_so() -> None:
    [found] = [row for row in cells(golden(DATES[0], Fraction("0.667"))) if row["enhetskod"] == "S1"]
    assert (found["andel"], found["säkerställd"], found["tröskel"]) == ("66,7", "nej", "66,7")


def test_without_a_target_group_share_and_secured_are_empty_and_null() -> None:
    coverage = golden(DATES[0])
    [found] = [row for row in cells(coverage) if row["enhetskod"] == "K1"]
    assert (found["målgrupp"], found["andel"], found["säkerställd"]) == ("0", "", "")
    [row] = [row for row in json.loads(export.to_json(coverage))["rows"] if row["code"] == "K1"]
    assert (row["percent"], row["secured"]) == (None, None)


def test_a_name_that_a_spreadsheet_would_run_is_made_text() -> None:
    """S17."""
    evil = replace(
        golden(DATES[0]).rows[0],
        code="+1",
        name='=HYPERLINK("http://x";"y")',
        parent="-1+1",
        committee="@SUM(1)",
    )
    [found] = cells(Coverage(TODAY, Fraction(9, 10), is_forecast=False, rows=(evil,)))
    assert [found[name][0] for name in ("enhetskod", "enhet", "överordnad", "nämnd")] == ["'"] * 4
    assert found["enhet"] == "'" + evil.name


def test_a_report_without_rows_is_a_header_and_an_empty_list() -> None:
    empty = Coverage(TODAY, Fraction(9, 10), is_forecast=False, rows=())
    assert export.to_csv(empty).decode("utf-8-sig") == ";".join(HEADER) + "\r\n"
    assert json.loads(export.to_json(empty))["measure"]["both"] == {"secured": 0, "with_target": 0}
