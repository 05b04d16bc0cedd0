"""The kompetensförsörjningsplan as files (R33): CSV, JSON and XLSX from one plan. No names stand in any of
them."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from elearn import csv_out
from elearn.people.models import UnitKind
from elearn.reports import forecast, needs, workbook
from elearn.reports.coverage import Coverage, Measure, Tally, percent
from elearn.reports.needs import GroupNeed
from elearn.reports.needs_table import AHEAD, COLUMNS, COURSE, GROUP, NEEDED, Line, NeedColumn, Plan, hours
from elearn.reports.table import Value, in_csv, in_json
from elearn.reports.workbook import About, Cell, Kind, Sheet
from elearn.training.curriculum import Curriculum

NOTES = (
    "Prognosen räknar med de anställningar och de beslut om målgruppen som är kända i dag.",
    "Om inget görs: ingen går kursen eller gör om den.",
    "Om alla förnyar: alla som har en giltig kurs i dag gör om den i tid, och ingen mer går den.",
)


def make_plan(
    session: Session,
    curriculum: Curriculum,
    lengths: needs.Lengths,
    threshold: Fraction,
    today: dt.date,
    tops: tuple[int, ...] | None = None,
) -> Plan:
    """Everything that the files hold, of everything or of the units ``tops`` and all below them."""
    return Plan(
        needs.needs(session, curriculum, lengths, threshold, today, tops),
        forecast.forecasts(session, curriculum, threshold, today, tops),
    )


def to_file(plan: Plan, file_format: str, municipality: str) -> bytes:
    """The plan as ``csv``, ``json`` or ``xlsx``."""
    if file_format == "xlsx":
        return to_xlsx(plan, municipality)
    return to_csv(plan) if file_format == "csv" else to_json(plan).encode()


def to_csv(plan: Plan) -> bytes:
    """A row per OrgUnit with all roles together, and below it one for each course."""
    rows = [[in_csv(column.value(line)) for column in COLUMNS] for line in plan.lines()]
    return csv_out.write_csv([column.name for column in COLUMNS], rows)


def to_json(plan: Plan) -> str:
    """Keys are for ever. ``whole``: everything that the plan covers, each person once."""
    report = plan.needs.coverage
    document = {
        "as_of": report.on.isoformat(),
        "threshold": float(report.threshold),
        "measure": _measure(report.measure),
        "forecasts": [
            {
                "months": one.months,
                "on": one.on.isoformat(),
                "if_nothing": _measure(one.if_nothing.measure),
                "if_renewed": _measure(one.if_renewed.measure),
            }
            for one in plan.forecasts
        ],
        "whole": _group(plan.needs.whole),
        "rows": [
            {column.key: in_json(column.value(line)) for column in COLUMNS if column.key}
            for line in plan.lines()
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _measure(measure: Measure) -> dict[str, dict[str, int]]:
    tallies = {"departments": measure.departments, "units": measure.units, "both": measure.both}
    return {
        name: {"secured": tally.secured, "with_target": tally.with_target} for name, tally in tallies.items()
    }


def _group(group: GroupNeed) -> dict[str, Any]:
    need = group.need
    ending = {
        f"ending_in_{months}": count for months, count in zip(forecast.MONTHS, need.ending, strict=True)
    }
    counts = {"target": need.target, "trained": need.trained, "lacking": need.lacking}
    return counts | ending | {"hours": float(hours(group.minutes))}


def to_xlsx(plan: Plan, municipality: str) -> bytes:
    """A sheet of OrgUnits, one by role, one of the measure ahead, and the definitions."""
    report = plan.needs.coverage
    lines = list(plan.lines())
    facts: tuple[tuple[str, Cell], ...] = (
        ("Dag", report.on),
        ("Tröskel i procent", percent(report.threshold)),
    )
    about = About("Kompetensförsörjningsplan", municipality, facts, NOTES)
    sheets = (
        _sheet("Enheter", (*GROUP, *NEEDED, *AHEAD), [line for line in lines if not line.course]),
        _sheet("Yrkesroller", (*GROUP, *COURSE, *NEEDED), [line for line in lines if line.course]),
        Sheet("Måttet", MEASURE_COLUMNS, list(_measure_rows(plan))),
    )
    return workbook.write_workbook(about, sheets)


def _sheet(name: str, columns: Sequence[NeedColumn], lines: Sequence[Line]) -> Sheet:
    return Sheet(name, columns, [[in_cell(column.value(line)) for column in columns] for line in lines])


def in_cell(value: Value) -> Cell:
    """A value as a spreadsheet has it: numbers and dates as such, a level in words."""
    return in_csv(value) if isinstance(value, UnitKind) else value


@dataclass(frozen=True, slots=True)
class MeasureColumn:
    """A column of the sheet of the measure."""

    name: str
    meaning: str
    kind: Kind = Kind.COUNT


MEASURE_COLUMNS = (
    MeasureColumn("datum", "Dagen som måttet gäller.", Kind.DATE),
    MeasureColumn("läge", "I dag, eller en prognos: om inget görs eller om alla förnyar.", Kind.TEXT),
    MeasureColumn("förvaltningar som har säkerställt", "Förvaltningar vars andel når tröskeln."),
    MeasureColumn("förvaltningar med målgrupp", "Förvaltningar där någon ska ha kursen."),
    MeasureColumn("enheter som har säkerställt", "Enheter vars andel når tröskeln."),
    MeasureColumn("enheter med målgrupp", "Enheter där någon ska ha kursen."),
    MeasureColumn("andel", "Andelen av båda som har säkerställt, i procent med en decimal.", Kind.DECIMAL),
)


def _measure_rows(plan: Plan) -> Sequence[Sequence[Cell]]:
    ahead = [
        (report, words)
        for one in plan.forecasts
        for report, words in ((one.if_nothing, "om inget görs"), (one.if_renewed, "om alla förnyar"))
    ]
    return [_measure_row(report, words) for report, words in ((plan.needs.coverage, "i dag"), *ahead)]


def _measure_row(report: Coverage, words: str) -> Sequence[Cell]:
    departments, units, both = report.measure.departments, report.measure.units, report.measure.both
    counts = (*_both(departments), *_both(units))
    return (report.on, words, *counts, None if both.share is None else percent(both.share))


def _both(tally: Tally) -> tuple[int, int]:
    return tally.secured, tally.with_target
