"""The goals and surveys of a report: beside its own figures, and in public only what points at nobody."""

import datetime as dt
import io
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from elearn.reports import committee_report, export_pdf, report_goals, report_workbook
from elearn.reports.committee_report import CommitteeReport
from elearn.reports.coverage import Coverage
from elearn.reports.goals import Goal, Standing, Survey
from tests.reports import reported

BY = dt.date(2027, 12, 31)


def standings(coverage: Coverage) -> list[Standing]:
    """Kultur has reached its goal, Fritid has not, and Ledningen has none. Few answered in Ledningen."""
    rows = {row.code: row for row in coverage.rows}
    return [
        Standing(rows["F"], Goal(Fraction(9, 10), BY), (Survey(2022, 20, 5), Survey(2024, 24, 12))),
        Standing(rows["K"], Goal(Fraction(9, 10), BY), (Survey(2022, 10, 4),)),
        Standing(rows["L"], None, (Survey(2022, 2, 1),)),
    ]


def report(is_public: bool = False, **asked: str) -> CommitteeReport:
    coverage = reported.small()
    made = committee_report.make(coverage, reported.ORIGIN, **asked)
    made = committee_report.in_public(made, 5) if is_public else made
    return report_goals.with_goals(made, standings(coverage))


def cells(made: CommitteeReport) -> list[tuple[str, ...]]:
    table = report_goals.goals(made)
    return [row.cells for row in table.rows] if table else []


def test_each_goal_stands_beside_its_own_share_in_the_order_of_the_report() -> None:
    day = "31\u00a0december 2027"
    assert cells(report()) == [
        ("Kulturförvaltningen", "90\u00a0%", day, "90,0\u00a0%", "Målet nått"),
        ("Fritidsförvaltningen", "90\u00a0%", day, "40,0\u00a0%", "50,0 procentenheter kvar"),
    ]
    assert cells(report(department="L")) == []
    assert [row[0] for row in cells(report(department="F"))] == ["Fritidsförvaltningen"]


@pytest.mark.parametrize(
    ("goal", "state"), [("9/10", "Målet nått"), ("9001/10000", "0,0 procentenheter kvar")]
)
def test_a_goal_is_reached_exactly_and_not_by_rounding(goal: str, state: str) -> None:
    coverage = reported.small()
    row = next(row for row in coverage.rows if row.code == "K")
    made = committee_report.make(coverage, reported.ORIGIN, department="K")
    made = report_goals.with_goals(made, [Standing(row, Goal(Fraction(goal), BY), ())])
    assert cells(made)[0][-1] == state


def test_the_answers_of_the_departments_are_added_by_year() -> None:
    assert [
        (one.year, one.department_count, one.answered, one.yes) for one in report_goals.survey_years(report())
    ] == [
        (2022, 3, 32, 10),
        (2024, 1, 24, 12),
    ]
    assert report_goals.surveys(report(department="K")) is not None
    nobody = replace(report(), standings=())
    assert report_goals.surveys(nobody) is None
    assert report_goals.goals(nobody) is None


def test_in_public_no_answers_are_told_or_left_by_subtraction_that_point_at_persons() -> None:
    """Ledningen's two answers are in no sum: whoever subtracts reports from each other is left with groups
    that may be shown."""
    every = [report(is_public=True), *(report(is_public=True, department=code) for code in "FKL")]
    told = [{one.year: (one.answered, one.yes) for one in report_goals.survey_years(made)} for made in every]
    assert told[0] == {2022: (30, 9), 2024: (24, 12)}
    assert told[3] == {}
    for one, other in combinations(told, 2):
        for year in one.keys() & other.keys():
            left = abs(one[year][0] - other[year][0])
            assert left == 0 or left >= 5


def test_a_hidden_department_has_its_goal_but_no_share() -> None:
    """Of Kultur's 20 two are not trained: its row is hidden."""
    made = report(is_public=True)
    assert made.is_hidden(next(row for row in made.coverage.rows if row.code == "K"))
    assert cells(made)[0] == ("Kulturförvaltningen", "90\u00a0%", "31\u00a0december 2027", "..", "..")


def test_pdf_and_spreadsheet_say_what_the_tables_say() -> None:
    made = report()
    pages = pypdf.PdfReader(io.BytesIO(export_pdf.draw(made))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for said in (
        "Nämndens mål",
        "50,0 procentenheter kvar",
        "Enkät: har du erbjudits utbildning?",
        "2022 3 32 10",
    ):
        assert said in text
    book = CalamineWorkbook.from_filelike(io.BytesIO(report_workbook.to_xlsx(made)))
    assert ["Fritidsförvaltningen", 90.0, BY, 40.0] in book.get_sheet_by_name("Mål").to_python()
    assert [2022.0, 3.0, 32.0, 10.0, 31.3] in book.get_sheet_by_name("Enkät").to_python()
