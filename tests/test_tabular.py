"""CSV from outside: what is read, and what is refused with its row; CSV for outside: what a spreadsheet can not run."""

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn import tabular
from elearn.errors import Invalid

COLUMNS = ("namn", "kod")


def read(tmp_path: Path, data: bytes | str) -> tabular.Table:
    file = tmp_path / "fil.csv"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return tabular.read_table(file, COLUMNS)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_delimiter_and_order_of_columns_are_found(tmp_path: Path, delimiter: str) -> None:
    table = read(tmp_path, f"kod{delimiter}Namn{delimiter}färg\r\n7{delimiter} Örjan {delimiter}blå\r\n")
    assert table.faults.all() == []
    assert [(record.row, record["namn"], record["kod"]) for record in table.records] == [(2, "Örjan", "7")]
    assert table.unknown == ("färg",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_encodings_of_personnel_systems_are_read(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, "namn;kod\nÅsa Öberg;1\n".encode(encoding)).records[0]["namn"] == "Åsa Öberg"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "fil.csv:1: filen är tom"),
        (b"namn;kod\n", "fil.csv:1: filen har bara en rad"),
        (b"namn\nx\n", "fil.csv:1: kolumnen ”kod” saknas"),
        (b"namn;kod;kod\nx;1;2\n", "fil.csv:1: kolumnen ”kod” finns två gånger"),
        (b"namn;kod\nx;1\ny\n", "fil.csv:3: raden har 1 fält"),
        (b"namn;kod\nx;1;2\n", "fil.csv:2: raden har 3 fält"),
        (b'namn;kod\n"x;1\n', "fil.csv:2: raden går inte att läsa"),
        ("namn;kod\nÃ–rjan;1\n".encode(), "fil.csv:2: ”Ã–” ser ut att vara"),
        ("namn;kod\nx;1\nSjÃ¶;1\n".encode(), "fil.csv:3: ”Ã¶” ser ut att vara"),
        ("namn;kod\nÖrjan;1\n".encode()[:-2] + b"\xe5\n", "fil.csv:2: filen är skadad UTF-8"),
        ("namn;kod\nx;1\n".encode("utf-16"), "fil.csv:1: filen är sparad som UTF-16"),
        (b"namn;kod\nx\x07;1\n", "fil.csv:2: här står ett styrtecken"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "fil.csv:1: filen är sparad som UTF-16 eller är inte text"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_with_its_row(tmp_path: Path, data: bytes, expected: str) -> None:
    assert read(tmp_path, data).faults.all()[0].startswith(expected)


def test_a_cell_may_hold_line_breaks_and_rows_keep_the_spreadsheets_numbers(tmp_path: Path) -> None:
    table = read(tmp_path, 'namn;kod\n"två\nrader";1\n\nsist;2\n')
    assert [(record.row, record["kod"]) for record in table.records] == [(2, "1"), (5, "2")]


def test_one_fault_in_ten_megabytes_is_one_line(tmp_path: Path) -> None:
    rows = ["Anna Andersson med ett långt namn;100"] * 250_000
    rows[200_000] = "avklippt"
    found = read(tmp_path, "namn;kod\n" + "\n".join(rows)).faults.all()
    assert found == ["fil.csv:200002: raden har 1 fält, men första raden har 2. Är något förskjutet eller avklippt?"]


def test_thousands_of_faults_are_told_and_counted(tmp_path: Path) -> None:
    found = read(tmp_path, "namn;kod\n" + "x\n" * 1000).faults.all()
    assert len(found) == tabular.MOST_FAULTS + 1
    assert found[-1] == f"fil.csv: … och {1000 - tabular.MOST_FAULTS} fel till."


def test_a_missing_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="går inte att läsa"):
        tabular.read_table(tmp_path / "saknas.csv", COLUMNS)


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.mktemp("bytes") / "fil.csv"
    file.write_bytes(data)
    table = tabular.read_table(file, COLUMNS)
    assert table.records == () or not any(set(COLUMNS) - record.cells.keys() for record in table.records)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-31", dt.date(2026, 12, 31)),
        ("2026-13-01", "månaden ska vara 01 till 12"),
        ("2026-11-31", "den dagen finns inte"),
        ("31/12 2026", "Skriv det som 2026-12-31"),
        ("", "fältet är tomt"),
    ],
)
def test_a_date_is_read_or_its_fault_is_told(text: str, expected: dt.date | str) -> None:
    if isinstance(expected, dt.date):
        assert tabular.date(text) == expected
    else:
        with pytest.raises(ValueError, match=expected):
            tabular.date(text)


@pytest.mark.parametrize("text", ["850101-1234", "198501011234", "8501011234", "850161-1234", "19850101+1234", "850101 1234"])
def test_what_is_shaped_like_a_personnummer_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="personnummer"):
        tabular.number(text)


@pytest.mark.parametrize("text", ["1001", "0012", "8513011234", "A-17", "123456789"])
def test_an_employment_number_is_text_with_its_zeros(text: str) -> None:
    assert tabular.number(text) == text


def test_swedish_order_puts_the_three_letters_last() -> None:
    assert sorted(["Öst", "Ask", "Åberg", "Zorn", "ärlig", "ask"], key=tabular.swedish_key) == [
        "Ask",
        "ask",
        "Zorn",
        "Åberg",
        "ärlig",
        "Öst",
    ]


EVIL = ["=1+1", "+46", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "\x00=1", "＝1", "＋1", "－1", "＠x", "  =1"]


@pytest.mark.parametrize("cell", EVIL)
def test_a_spreadsheet_never_runs_a_cell(cell: str) -> None:
    """S17: read back as a spreadsheet would."""
    data = tabular.write_csv(("namn",), [(cell,)])
    (read_back,) = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))[1]
    assert read_back.startswith("'")


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12), min_size=2, max_size=2), max_size=6))
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    file = tmp_path_factory.mktemp("rows") / "fil.csv"
    file.write_bytes(tabular.write_csv(COLUMNS, rows))
    table = tabular.read_table(file, COLUMNS)
    if not table.faults.count:
        wanted = [[tabular.harmless(cell).strip() for cell in row] for row in rows if any(tabular.harmless(cell).strip() for cell in row)]
        assert [[record["namn"], record["kod"]] for record in table.records] == wanted
