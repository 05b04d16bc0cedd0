"""Files for outside: no cell is run, and Swedish spreadsheets read them."""

import csv
import io

import pytest

from elearn import csv_out

EVIL = [
    "=1+1",
    "+46",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\n=1",
    "\nx",
    "\x00=1",
    "\x00x",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "  =1",
    "\u200b=1",
    "-2,5+1",
    "-2,",
    "--1",
    "-1\n=1",
]


@pytest.mark.parametrize("cell", EVIL)
def test_a_spreadsheet_never_runs_a_cell(cell: str) -> None:
    """S17: read back as a spreadsheet would, in the header too."""
    data = csv_out.write_csv([cell, "kod"], [[cell, "1"]])
    for first, _second in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"):
        assert first == "'" + cell.replace("\x00", "")


@pytest.mark.parametrize(
    "cell", ["", "a=1", "Lind-Ek", "0012", "87,5", "-2,5", "-12", "sara@x.se", "–", "'", "a\nb"]
)
def test_a_harmless_cell_is_written_as_it_is(cell: str) -> None:
    assert csv_out.harmless(cell) == cell


def test_a_file_is_written_as_swedish_spreadsheets_read_it() -> None:
    assert (
        csv_out.write_csv(["namn", "andel"], [["Å;a", "87,5"]])
        == '\ufeffnamn;andel\r\n"Å;a";87,5\r\n'.encode()
    )
