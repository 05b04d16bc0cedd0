"""genomforda.csv as it is read: every fault of it at once, with its row."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn import csv_in, csv_out
from elearn.errors import Invalid
from elearn.training import recognition
from elearn.training.recognition import RecognitionRow, Recognitions
from tests import builders
from tests.builders import TODAY

CATALOG = builders.catalog(builders.course("forskola", "förskola"), builders.course("skola", "skola"))
HEADER = "anställningsnr;kurs;datum;källa\n"


def read(tmp_path: Path, rows: str, header: str = HEADER) -> Recognitions:
    file = tmp_path / "genomforda.csv"
    file.write_text(header + rows, encoding="utf-8")
    return recognition.read_recognitions(file, CATALOG, TODAY)


def test_a_row_is_read_with_the_zeros_of_its_number(tmp_path: Path) -> None:
    found = read(tmp_path, "0017;forskola;2026-05-04;Heldag på plats\n")
    assert found.faults.all() == []
    assert found.rows == (RecognitionRow(2, "0017", "forskola", dt.date(2026, 5, 4), "Heldag på plats"),)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (";skola;2026-05-04;Heldag", "anställningsnr: fältet är tomt"),
        ("1;skola;4 maj;Heldag", "datum: ”4 maj” är inget datum"),
        ("1;skola;2026-02-30;Heldag", "datum: ”2026-02-30”"),
        ("1;skola;2026-05-04;", "källa: fältet är tomt"),
        ("1;Förskola;2026-05-04;Heldag", "kurs: ”Förskola” finns inte. Menar du forskola?"),
        ("1;FÖRSKOLAN;2026-05-04;Heldag", "kurs: ”FÖRSKOLAN” finns inte. Menar du forskola?"),
        ("1;kök;2026-05-04;Heldag", "kurs: ”kök” finns inte. Välj bland: forskola, skola."),
        ("1;;2026-05-04;Heldag", "kurs: ”” finns inte. Välj bland: forskola, skola."),
    ],
)
def test_what_is_wrong_with_a_row_is_told_with_what_to_write(tmp_path: Path, row: str, expected: str) -> None:
    [fault] = read(tmp_path, row + "\n").faults.all()
    assert fault.startswith(f"genomforda.csv:2: {expected}")


def test_today_may_be_recognised_and_tomorrow_may_not(tmp_path: Path) -> None:
    assert read(tmp_path, f"1;skola;{TODAY};Heldag\n").faults.all() == []
    tomorrow = TODAY + dt.timedelta(days=1)
    assert read(tmp_path, f"1;skola;{tomorrow};Heldag\n").faults.all() == [
        f"genomforda.csv:2: datum: {tomorrow} har inte varit än."
    ]


def test_every_fault_of_a_row_and_of_the_file_is_told_at_once(tmp_path: Path) -> None:
    found = read(tmp_path, "1;kock;igår;\n1;skola;2026-05-04;Heldag\n;skola;2099-01-01;Heldag\n")
    assert sorted(line.split(":")[1:3] for line in found.faults.all()) == [
        ["2", " datum"],
        ["2", " kurs"],
        ["2", " källa"],
        ["4", " anställningsnr"],
        ["4", " datum"],
    ]


def test_the_numbers_of_faulty_rows_are_kept_so_that_unknown_persons_are_told_too(tmp_path: Path) -> None:
    assert read(tmp_path, "7;kock;igår;\n;skola;2026-05-04;Heldag\n8;skola;2026-05-04;Heldag\n").numbers == (
        (2, "7"),
        (4, "8"),
    )


def test_a_column_that_is_not_used_is_reported(tmp_path: Path) -> None:
    assert read(tmp_path, "1;skola;2026-05-04;Heldag;x\n", HEADER.replace("\n", ";anteckning\n")).unknown == (
        "anteckning",
    )


cells = st.sampled_from(
    ("1", "skola", "kock", "2026-05-04", "2026-02-30", "2099-01-01", "", "Heldag", '"', "å\u0308", "=1")
) | st.text(max_size=8)


@given(st.lists(st.lists(cells, min_size=4, max_size=4), min_size=1, max_size=5))
def test_whatever_a_file_holds_it_is_read_or_refused_with_its_rows(
    tmp_path: Path, rows: list[list[str]]
) -> None:
    found = read(tmp_path, "".join(";".join(row) + "\n" for row in rows))
    assert all(line.startswith("genomforda.csv") for line in found.faults.all())
    for row in found.rows:
        assert row.number
        assert row.source
        assert row.completed_on <= TODAY or found.faults.count
        assert row.course in CATALOG.courses or found.faults.count


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1).filter(str.strip))
def test_any_source_that_this_house_writes_is_read_back(tmp_path: Path, source: str) -> None:
    file = tmp_path / "genomforda.csv"
    file.write_bytes(csv_out.write_csv(recognition.COLUMNS, [("1", "skola", "2026-05-04", source)]))
    found = recognition.read_recognitions(file, CATALOG, TODAY)
    try:
        csv_in.refuse(found.faults)
    except Invalid:
        return
    assert len(found.rows) == 1
