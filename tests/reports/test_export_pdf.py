"""The report as PDF: the same figures as the CSV, cell by cell; tagged; two to four pages; and a name is only
ever a name."""

import csv
import datetime as dt
import io
from dataclasses import replace

import pypdf
import pytest

from elearn.reports import committee_report, export, export_pdf
from elearn.reports.charts import Point
from elearn.reports.committee_report import Origin
from elearn.reports.coverage import Coverage
from tests.reports import reported
from tests.reports.reported import MEASURED, ORIGIN

TYPST = '#panic("x") *fet* _k_ $x$ @nyckel <b> \\ ~ `kod` = // "'


def read(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data))


def text_of(data: bytes) -> str:
    """Everything that is printed, blanks made one."""
    return " ".join(" ".join(page.extract_text() for page in read(data).pages).split())


def drawn(coverage: Coverage, origin: Origin = ORIGIN, **asked: str) -> bytes:
    return export_pdf.draw(committee_report.make(coverage, origin, **asked))


def sheets_of(coverage: Coverage, origin: Origin) -> bytes:
    whole = committee_report.make(coverage, origin)
    return export_pdf.draw_sheets(list(committee_report.each_department(whole)))


def csv_rows(coverage: Coverage) -> dict[str, dict[str, str]]:
    told = export.to_csv(coverage).decode("utf-8-sig")
    return {row["enhetskod"]: row for row in csv.DictReader(io.StringIO(told, newline=""), delimiter=";")}


def printed_number(text: str) -> str:
    return f"{int(text):,}".replace(",", " ")


def printed_share(row: dict[str, str]) -> str:
    return f"{row['andel']} %" if row["andel"] else "–"


def secured_below(coverage: Coverage, code: str) -> str:
    """Counted from the CSV: the units whose chain of överordnad leads to this code."""
    rows = csv_rows(coverage)

    def stands_below(row: dict[str, str]) -> bool:
        above = row["överordnad"]
        return above == code or (above in rows and stands_below(rows[above]))

    found = [row["säkerställd"] for row in rows.values() if row["nivå"] == "enhet" and stands_below(row)]
    counted = [answer for answer in found if answer]
    return f"{counted.count('ja')} av {len(counted)}" if counted else "–"


@pytest.mark.parametrize("asked", [{}, {"committee": "Kultur- och fritidsnämnden"}])
def test_every_cell_of_a_department_is_the_cell_of_the_csv(asked: dict[str, str]) -> None:
    report = committee_report.make(reported.small(), ORIGIN, **asked)
    text, rows = text_of(export_pdf.draw(report)), csv_rows(report.coverage)
    found = [row for row in rows.values() if row["nivå"] == "förvaltning"]
    assert found
    for row in found:
        state = {"ja": "Säkerställt", "nej": "Inte än", "": "Ingen målgrupp"}[row["säkerställd"]]
        offered = next(one.offered for one in report.coverage.rows if one.code == row["enhetskod"])
        numbers = (row["målgrupp"], str(offered), row["utbildade"])
        cells = (
            row["enhet"],
            secured_below(report.coverage, row["enhetskod"]),
            *map(printed_number, numbers),
        )
        assert " ".join((*cells, printed_share(row), state)) in text


def test_every_cell_of_a_division_too() -> None:
    report = committee_report.make(reported.small(), ORIGIN, department="F")
    assert "Hallar 0 av 2 20 20 8 40,0 % Område" in text_of(export_pdf.draw(report))


def test_every_unit_that_has_not_secured_is_told_with_the_cells_of_the_csv_and_no_other_unit() -> None:
    coverage = reported.large(40)
    text, rows = text_of(drawn(coverage, department="D0")), csv_rows(coverage)
    units = [row for row in rows.values() if row["nivå"] == "enhet"]
    assert {row["säkerställd"] for row in units} == {"ja", "nej"}
    for row in units:
        target, trained = int(row["målgrupp"]), int(row["utbildade"])
        missing = next(n for n in range(target + 1) if (trained + n) * 10 >= target * 9)
        cells = f"{row['enhet']} Förvaltning 0 {target} {trained} {printed_share(row)} {missing}"
        assert (cells in text) == (row["säkerställd"] == "nej"), cells


def test_the_measure_and_its_thresholds_are_those_of_the_json() -> None:
    report = committee_report.make(reported.small(), ORIGIN)
    text = text_of(export_pdf.draw(report))
    assert "Gräns Förvaltningar Enheter Andel 80 % 1 av 2 2 av 5 42,9 %" in text
    assert "90 %, vald gräns 1 av 2 2 av 5 42,9 %" in text
    assert "100 % 0 av 2 0 av 5 0,0 %" in text


def test_it_is_tagged_and_in_swedish_for_who_has_it_read_aloud() -> None:
    for data, title in (
        (drawn(reported.small(), department="F"), "Fritidsförvaltningen, 31 december 2026"),
        (
            sheets_of(reported.small(), ORIGIN),
            "Botkyrka kommun, en sida per förvaltning, 31 december 2026",
        ),
    ):
        catalog = read(data).trailer["/Root"]
        assert catalog["/MarkInfo"]["/Marked"].value is True
        assert catalog["/Lang"] == "sv"
        assert b"pdfuaid:part" in catalog["/Metadata"].get_object().get_data()
        assert (read(data).metadata or {})["/Title"].replace("\u00a0", " ") == title
        kinds = structure(catalog["/StructTreeRoot"])
        assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= kinds


def structure(node: pypdf.generic.PdfObject) -> set[str]:
    """The kinds of every element of the tree of tags."""
    node = node.get_object()
    if isinstance(node, list):
        return set().union(*map(structure, node))
    if not isinstance(node, dict):
        return set()
    return {str(node.get("/S", ""))} | (structure(node["/K"]) if "/K" in node else set())


@pytest.mark.parametrize("is_frozen", [True, False])
def test_a_trend_is_drawn_with_its_words_as_its_alternative_and_its_figures_below(is_frozen: bool) -> None:
    origin = MEASURED if is_frozen else replace(ORIGIN, made_on=reported.ON)
    report = committee_report.make(reported.small(), origin, department="K")
    past = (
        Point(dt.date(2024, 12, 31), 0, 2, "Årsuppföljning 2024"),
        Point(dt.date(2025, 12, 31), 1, 2, "=2025"),
    )
    data = export_pdf.draw(replace(report, past=past))
    text = text_of(data)
    sentence = "Andelen enheter i Kulturförvaltningen som har säkerställt kunskapen har ökat från 0,0 % den"
    assert f"Utveckling {sentence}" in text
    assert "31 december 2024 Årsuppföljning 2024 0 av 2 0,0 %" in text
    assert "31 december 2025 =2025 1 av 2 50,0 %" in text
    own = "Årsuppföljning 2026" if is_frozen else "I dag, inte fryst"
    assert f"31 december 2026 {own} 2 av 2 100,0 %" in text
    assert "/Figure" in structure(read(data).trailer["/Root"]["/StructTreeRoot"])
    assert b"pdfuaid:part" in read(data).trailer["/Root"]["/Metadata"].get_object().get_data()
    assert "Utveckling" not in text_of(export_pdf.draw(report))


@pytest.mark.parametrize(("units", "departments"), [(40, 1), (400, 6), (400, 1), (7000, 6)])
def test_it_is_two_to_four_pages(units: int, departments: int) -> None:
    coverage = reported.large(units, departments)
    asked = {"committee": "Nämnd 0"} if departments == 1 else {}
    past = tuple(Point(dt.date(2020 + n, 12, 31), n, 40, f"Årsuppföljning {2020 + n}") for n in range(6))
    report = replace(committee_report.make(coverage, MEASURED, **asked), past=past)
    assert 2 <= len(read(export_pdf.draw(report)).pages) <= 4
    assert 2 <= len(read(export_pdf.draw(committee_report.in_public(report, 5))).pages) <= 4


def test_more_units_than_there_is_room_for_are_told_in_a_sentence() -> None:
    data = drawn(reported.large(400, 6))
    text = text_of(data)
    assert "300 enheter har inte nått gränsen. Lägst andel står först." in text
    assert "Ytterligare 270 enheter har inte nått gränsen." in text
    assert "Ytterligare" not in text_of(drawn(reported.large(40)))
    assert "Ytterligare 1 enhet har inte nått gränsen." in text_of(drawn(reported.large(42)))


def test_a_report_without_a_target_group_says_so_and_shows_no_measure() -> None:
    text = text_of(drawn(reported.small(), committee="Kommunstyrelsen"))
    assert "Ingen i Ledningen ska gå kursen den här dagen." in text
    assert "Så blir måttet" not in text
    assert "behöver stöd" not in text
    assert " 0,0 %" not in text


def test_a_single_unit_is_a_report() -> None:
    coverage = reported.coverage(
        reported.department("D", "Staben", "Nämnden", 4, 1, reported.unit("E", "Enheten", 4, 1, "D"))
    )
    text = text_of(drawn(coverage, committee="nämnden"))
    assert "0 av 1 enhet i Staben har säkerställt kunskapen" in text
    assert "Enheten Staben 4 1 25,0 % 3" in text


def test_a_frozen_report_has_its_measurement_and_the_whole_checksum() -> None:
    text = text_of(drawn(reported.small(), MEASURED))
    assert "Mätningen ”Årsuppföljning 2026”, fryst den 7 januari 2027." in text
    assert "5f" * 32 in text.replace(" ", "")
    assert "Framtagen 8 januari 2027 av Våldspreventivt center (VPC)" in text


@pytest.mark.parametrize(
    "name", [TYPST, "Þórðargleði ŁÓDŹ", "Мария", "李小龍", "W" * 300, "långt namn " * 40]
)
def test_whatever_a_unit_is_called_it_is_printed_as_it_is(name: str) -> None:
    coverage = reported.coverage(
        reported.department("D", name, name, 4, 1, reported.unit("E", name, 4, 1, "D")),
        reported.department("E", "Annat", "Annan", 4, 4),
    )
    origin = replace(MEASURED, municipality=name)
    data = drawn(coverage, origin, committee=name)
    assert "".join(name.split()) in "".join(text_of(data).split()) or any(
        letter > "\u0500" for letter in name
    )
    sheets = sheets_of(coverage, origin)
    assert len(read(sheets).pages) == 2


def test_the_same_report_gives_the_same_bytes() -> None:
    first, second = (drawn(reported.small()) for _ in range(2))
    assert first == second


def test_each_department_is_one_page_with_as_many_units_as_there_is_room_for() -> None:
    report = committee_report.make(reported.large(400, 6), MEASURED)
    pages = read(sheets_of(reported.large(400, 6), MEASURED)).pages
    assert len(pages) == 6
    for number, page in enumerate(pages):
        text = " ".join(page.extract_text().split())
        own = report.departments[number]
        assert f"{own.units.secured} av {own.units.with_target} enheter i Förvaltning {number} har" in text
        shown = text.count(f" i förvaltning {number} Förvaltning {number} ")
        not_reached = own.units.with_target - own.units.secured
        assert shown >= 8
        assert f"Ytterligare {not_reached - shown} enheter har inte nått gränsen." in text
        assert "Enhet " not in "".join(text.split(f"i förvaltning {number}")[-1:])


def test_a_sheet_stays_one_page_with_many_divisions_of_long_names() -> None:
    divisions = [
        reported.division(f"O{n}", "Ett område med ett långt namn " * 5, 5, 1, "D") for n in range(10)
    ]
    units = [reported.unit(f"E{n}", "En enhet med ett långt namn " * 5, 9, 1, "D") for n in range(30)]
    coverage = reported.coverage(
        reported.department("D", "Förvaltningen för det som är långt", "Nämnd", 300, 30, *divisions, *units)
    )
    assert len(read(sheets_of(coverage, MEASURED)).pages) == 1


def test_the_public_form_shows_hidden_rows_as_two_points_and_no_figure_of_theirs() -> None:
    coverage = reported.coverage(
        reported.department(
            "D", "Staben", "Nämnden", 70, 48,
            reported.division("DO", "Området", 4, 2, "D"),
            reported.division("DP", "Kontoren", 33, 23, "D"),
            reported.division("DQ", "Lokalerna", 33, 23, "D"),
            reported.unit("D1", "Enhet stor", 50, 33, "D"), reported.unit("D2", "Enhet liten", 7, 2, "D"),
            reported.unit("D3", "Enhet till", 13, 13, "D"),
        )
    )  # fmt: skip
    full = committee_report.make(coverage, ORIGIN, department="D")
    text = text_of(export_pdf.draw(committee_report.in_public(full, 5)))
    assert "Rapport för förvaltningen, offentlig form" in text
    assert "Området .. .. .. .. .." in text
    assert "Staben 0–2 av 3 70 48 68,6 % Inte än" in text
    assert "Enhet stor Staben 50 33 66,0 % 12" in text
    assert "Enhet liten" not in text
    assert "Erbjudna" not in text
    assert "räknas inte i målgruppen" not in text
    assert "Rapport för förvaltningen Staben" in text_of(export_pdf.draw(full))
