"""organisation.csv and personal.csv: every fault of both at once, with its row."""

from pathlib import Path

import pytest

from elearn.errors import Invalid
from elearn.people import directory_files
from people import staff_files

GOLDEN = Path(__file__).parent.parent / "golden"


def faults(folder: Path, staff: str, units: str = staff_files.UNITS) -> tuple[str, ...]:
    with pytest.raises(Invalid) as refusal:
        staff_files.directory(folder, staff, units)
    return refusal.value.faults


def test_the_golden_files_are_read_without_a_warning() -> None:
    read = directory_files.read_directory(GOLDEN / "organisation.csv", GOLDEN / "personal.csv", ("förskola", "skola", "socialtjänst"), ())
    assert (len(read.units), len(read.jobs), read.warnings) == (10, 15, [])


def test_faults_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    units = staff_files.UNITS.replace(";förvaltning;", ";avdelning;")
    found = faults(tmp_path, "1;F1;;2020-13-01; 2;F9;;2020-01-01; 3;F1;;2025-08-01;2025-06-30", units)
    assert [fault.partition(": ")[0] for fault in found] == [
        "organisation.csv:2", "organisation.csv:3", "organisation.csv:4", "personal.csv:2", "personal.csv:4", "personal.csv:3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("staff", "expected"),
    [
        ("1;F1;;2020-13-01;", "personal.csv:2: från: ”2020-13-01”: månaden ska vara 01 till 12."),
        ("1;F1;;2025-08-01;2025-06-30", "personal.csv:2: till: sista dagen 2025-06-30 ligger före första dagen 2025-08-01."),
        ("1;f1;;2020-01-01;", "personal.csv:2: enhetskod: f1 finns inte i organisationen."),
        ("1;F22;;2020-01-01;", "Menar du F2, Åsen?"),
        ("850101-1234;F1;;2020-01-01;", "personal.csv:2: anställningsnr: ser ut som ett personnummer."),
        ("1;F1;skola;2020-01-01; 1;F1;skola;2020-01-01;2026-12-31", "personal.csv:3: samma anställning står redan på rad 2"),
        (";F1;;2020-01-01;", "personal.csv:2: anställningsnr: fältet är tomt."),
    ],
)
def test_a_fault_in_the_staff_says_what_to_write(tmp_path: Path, staff: str, expected: str) -> None:
    assert any(expected in fault for fault in faults(tmp_path, staff)), faults(tmp_path, staff)


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ("A;Ett;enhet;B;;;\nB;Två;område;A;;;\n", "A ligger under sig själv"),
        ("A;Ett;enhet;A;;;\n", "A ligger under sig själv"),
        ("A;Ett;enhet;Z;;;\n", "Z finns inte i filen"),
        ("A;Ett;förvaltning;;;;\nB;Två;förvaltning;A;;;\n", "B är förvaltning och ska ligga överst"),
        ("A;Ett;förvaltning;;;;\nB;Två;extern;A;;;\n", "B är extern och ska ligga överst"),
        ("A;Ett;enhet;;;;\nA;Två;enhet;;;;\n", "organisation.csv:3: enhetskod: A finns redan på rad 2"),
        ("A;;enhet;;;;\n", "organisation.csv:2: namn: fältet är tomt"),
    ],
)
def test_a_fault_in_the_tree_is_refused(tmp_path: Path, units: str, expected: str) -> None:
    assert any(expected in fault for fault in faults(tmp_path, "1;A;;2020-01-01;", units))


def test_two_names_for_one_number_are_a_fault(tmp_path: Path) -> None:
    staff_files.directory(tmp_path, "1;F1;;2020-01-01; 1;F2;;2020-01-01;")
    file = tmp_path / "personal.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("För1;Efter;;F2", "För1;Annan;;F2"), encoding="utf-8")
    with pytest.raises(Invalid, match=r"personal\.csv:3: anställningsnr: 1 har ett annat namn"):
        directory_files.read_directory(tmp_path / "organisation.csv", file, (), ())


def test_a_manager_outside_the_staff_and_an_unknown_role_are_warnings(tmp_path: Path) -> None:
    read = staff_files.directory(tmp_path, "7;F1;kock;2020-01-01; 8;F2;KOCK;2020-01-01;")
    assert any("chefen 1 finns inte" in warning for warning in read.warnings)
    assert any("”kock” (1 rader)" in warning for warning in read.warnings)


def test_a_role_is_stored_in_the_catalogues_spelling(tmp_path: Path) -> None:
    assert [job.job_role for job in staff_files.directory(tmp_path, "7;F1;FÖRSKOLA;2020-01-01; 8;F2;;2020-01-01;").jobs] == [
        "förskola",
        None,
    ]
