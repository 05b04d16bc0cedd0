"""The report as a tagged PDF of two to four A4 pages (R38, R41), and one A4 for each department to print
(R37). The same report gives the same bytes."""

import dataclasses
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from elearn import clock, pdf
from elearn.reports import report_goals, report_sentences, report_tables, report_trend
from elearn.reports.charts import Trend
from elearn.reports.committee_report import CommitteeReport
from elearn.reports.words import share_in_words, threshold_in_words

PLUM = "#6d2a55"
CHART_WIDTH, CHART_HEIGHT = 640, 200
POINTS_SHOWN = 6
FOLDER = Path(__file__).parent / "print"
IN_NEED_SHOWN = 30
ON_A_SHEET = 12  # units that have not secured the knowledge
DIVISIONS_SHOWN, DIVISIONS_ON_A_SHEET = 20, 10  # with more of them only the departments are shown
LONGEST_ON_A_SHEET = 60  # characters of a name, so that a sheet is one A4 whatever the units are called


def draw(report: CommitteeReport) -> bytes:
    """The report."""
    tables = (
        report_tables.limits(report),
        report_tables.departments(report, DIVISIONS_SHOWN),
        report_goals.goals(report),
        report_goals.surveys(report),
        report_tables.in_need(report, IN_NEED_SHOWN),
    )
    trend = report_trend.trend(report, report_sentences.subject(report))
    told = _head(report) | {
        "trend": _trend(trend) if trend else None,
        "tables": [dataclasses.asdict(table) for table in tables if table],
        "outside": report_sentences.outside(report),
        "definitions": report_sentences.definitions(report),
        "about": _about(report),
    }
    return pdf.draw(FOLDER / "report.typ", _document(report, report.name) | told)


def _trend(trend: Trend) -> dict[str, Any]:
    """Its drawing and its figures."""
    drawing = trend.svg(str(CHART_WIDTH), CHART_HEIGHT, PLUM) if trend.is_drawn else ""
    return dataclasses.asdict(report_tables.trend(trend, POINTS_SHOWN)) | {"drawing": drawing}


def draw_sheets(reports: Sequence[CommitteeReport]) -> bytes:
    """An A4 for each of these reports, each on one department."""
    first = reports[0]
    title = first.name if len(reports) == 1 else f"{first.origin.municipality}, en sida per förvaltning"
    sheets = [_sheet(_shortened(one)) for one in reports]
    return pdf.draw(FOLDER / "sheets.typ", _document(first, title) | {"sheets": sheets})


def _sheet(report: CommitteeReport) -> dict[str, Any]:
    """The template shows as many of the units in need as there is room for, and the sentence about the
    rest; and the divisions if there is room for one unit with them."""
    in_need = report_tables.in_need(report, ON_A_SHEET)
    most = len(in_need.rows) if in_need else 0
    return _head(report) | {
        "more": _said(
            report_sentences.of_single(report),
            report_sentences.other_limits(report),
            *report_trend.changes(report),
        ),
        "departments": dataclasses.asdict(report_tables.departments(report, DIVISIONS_ON_A_SHEET)),
        "in_need": dataclasses.asdict(in_need) if in_need else None,
        "rests": [report_tables.rest(report, shown) for shown in range(most + 1)],
        "notes": (
            report_sentences.secured(report),
            report_sentences.form(report),
            report_sentences.source(report),
        ),
    }


def _shortened(report: CommitteeReport) -> CommitteeReport:
    """With no name that is longer than a sheet has room for."""
    rows = tuple(replace(row, name=_short(row.name)) for row in report.coverage.rows)
    origin = replace(report.origin, municipality=_short(report.origin.municipality))
    if origin.frozen:
        origin = replace(origin, frozen=replace(origin.frozen, name=_short(origin.frozen.name)))
    return replace(
        report, name=_short(report.name), origin=origin, coverage=replace(report.coverage, rows=rows)
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_ON_A_SHEET else text[: LONGEST_ON_A_SHEET - 1].rstrip() + "…"


def _said(*sentences: str) -> list[str]:
    return [sentence for sentence in sentences if sentence]


def _document(report: CommitteeReport, title: str) -> dict[str, Any]:
    day = report.origin.made_on
    return {
        "title": f"{title}, {clock.in_words(report.coverage.on)}",
        "municipality": report.origin.municipality,
        "made_on": (day.year, day.month, day.day),
    }


def _head(report: CommitteeReport) -> dict[str, Any]:
    return {
        "municipality": report.origin.municipality,
        "kind": report_sentences.KINDS[report.scope] + (", offentlig form" if report.public else ""),
        "name": report.name,
        "subject": report_sentences.SUBJECT,
        "day": f"Läget den {clock.in_words(report.coverage.on)}",
        "measure": report_sentences.measure(report),
        "more": _said(report_sentences.of_single(report), *report_trend.changes(report)),
        "facts": _facts(report),
    }


def _facts(report: CommitteeReport) -> list[tuple[str, str]]:
    measure = report.measure
    told = [] if report.single else [("Förvaltningar", report_sentences.tally(measure.departments))]
    told.append(("Enheter", report_sentences.tally(measure.units)))
    counted = report.counted(measure)
    limit = ("Gräns", f"{threshold_in_words(report.coverage.threshold)} av målgruppen")
    share = [] if counted.share is None else [("Andel", share_in_words(counted.share))]
    return [*told, *share, limit] if counted.with_target else [limit]


def _about(report: CommitteeReport) -> list[tuple[str, str]]:
    origin = report.origin
    about = [
        ("Form", report_sentences.form(report)),
        ("Siffrorna", report_sentences.source(report)),
        ("Framtagen", f"{clock.in_words(origin.made_on)} av {origin.made_by}"),
    ]
    if origin.frozen:
        about.append(("Kontrollsumma", origin.frozen.checksum))
    return about
