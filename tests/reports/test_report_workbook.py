"""The report as a spreadsheet: the PDF's figures, as numbers, with every row."""

import datetime as dt
import io
from dataclasses import replace
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from elearn.reports import committee_report, export_pdf, report_workbook
from elearn.reports.charts import Point
from elearn.reports.committee_report import CommitteeReport
from tests.reports import reported
from tests.reports.reported import MEASURED, ORIGIN
from tests.reports.test_export_pdf import csv_rows, text_of


def book_of(report: CommitteeReport) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(report_workbook.to_xlsx(report)))


def rows_of(report: CommitteeReport, sheet: str) -> list[dict[str, Any]]:
    header, *rows = book_of(report).get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


@pytest.mark.parametrize("asked", [{}, {"committee": "Kultur- och fritidsnämnden"}, {"department": "F"}])
def test_it_has_every_row_of_the_csv_and_every_unit_of_the_pdf(asked: dict[str, str]) -> None:
    report = committee_report.make(reported.small(), ORIGIN, **asked)
    told = csv_rows(report.coverage)
    assert [row["enhetskod"] for row in rows_of(report, "Täckning")] == list(told)
    text = text_of(export_pdf.draw(report))
    found = rows_of(report, "Behöver stöd")
    assert {row["enhetskod"] for row in found} == {
        code for code, row in told.items() if row["nivå"] == "enhet" and row["säkerställd"] == "nej"
    }
    for row in found:
        counts = (f"{row['målgrupp']:g}", f"{row['utbildade']:g}")
        share, missing = f"{row['andel']:.1f}".replace(".", ","), f"{row['saknas till gränsen']:g}"
        assert f"{row['enhet']} {row['hör till']} {' '.join(counts)} {share} % {missing}" in text
        csv_row = told[row["enhetskod"]]
        assert (*counts, share) == (csv_row["målgrupp"], csv_row["utbildade"], csv_row["andel"])


def test_more_units_than_the_pdf_has_room_for_are_all_there() -> None:
    report = committee_report.make(reported.large(400, 6), ORIGIN)
    assert len(rows_of(report, "Behöver stöd")) == 300


def test_it_says_what_it_is_and_from_what() -> None:
    report = committee_report.make(reported.small(), MEASURED, committee="Kultur- och fritidsnämnden")
    cells = {
        str(cell) for row in book_of(report).get_sheet_by_name("Förklaringar").to_python() for cell in row
    }
    assert {
        "Kultur- och fritidsnämnden", "Årsuppföljning 2026", "5f" * 32, "Våldspreventivt center (VPC)", "2027-01-08",
        "2027-01-07", "2026-12-31", "fullständig", "saknas till gränsen",
    } <= cells  # fmt: skip
    assert any("3 av 7 förvaltningar och enheter under" in cell.replace("\u00a0", " ") for cell in cells)


def test_the_trend_is_a_sheet_where_there_are_measurements() -> None:
    report = committee_report.make(reported.small(), MEASURED, department="K")
    assert "Utveckling" not in book_of(report).sheet_names
    past = (Point(dt.date(2025, 12, 31), 1, 2, "=1+1"),)
    assert rows_of(replace(report, past=past), "Utveckling") == [
        {"mätdatum": dt.date(2025, 12, 31), "mätning": "=1+1", "säkerställda": 1, "med målgrupp": 2, "andel": 50},
        {
            "mätdatum": reported.ON, "mätning": "Årsuppföljning 2026", "säkerställda": 2, "med målgrupp": 2,
            "andel": 100,
        },
    ]  # fmt: skip


def test_the_public_form_has_two_points_for_what_is_hidden_and_lists_no_hidden_unit() -> None:
    coverage = reported.coverage(
        reported.department("D", "Staben", "Nämnden", 60, 40, reported.unit("D1", "Stor", 30, 20, "D"),
                            reported.unit("D2", "Stor till", 26, 18, "D"), reported.unit("D3", "Liten", 4, 2, "D"))
    )  # fmt: skip
    report = committee_report.in_public(committee_report.make(coverage, ORIGIN, department="D"), 5)
    rows = {row["enhetskod"]: row for row in rows_of(report, "Täckning")}
    assert (rows["D3"]["målgrupp"], rows["D3"]["utbildade"], rows["D"]["målgrupp"]) == ("..", "..", 60)
    assert "anställda" not in rows["D"]
    assert "D3" not in {row["enhetskod"] for row in rows_of(report, "Behöver stöd")}
