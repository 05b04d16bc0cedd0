"""XLSX from outside: the same rows as the same table saved as CSV, and nothing that fills the memory."""

import csv
import datetime as dt
import io
import resource
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elearn import csv_in
from elearn.directory import cell_scan, tables
from tests.directory import staff_files, workbooks
from tests.directory.staff_files import NOTHING

COLUMNS = ("nummer", "namn", "från")
HEADER = ["nummer", "namn", "från"]


def read(path: Path, **how: Any) -> csv_in.Table:
    return tables.read_table(path, COLUMNS, **how)


def rows(table: csv_in.Table) -> list[tuple[int, str, str, str]]:
    assert table.faults.all() == []
    return [(row.row, row["nummer"], row["namn"], row["från"]) for row in table.records]


def test_numbers_dates_texts_truths_and_formulas_are_read_as_csv_writes_them(tmp_path: Path) -> None:
    file = workbooks.write(
        tmp_path / "fil.xlsx",
        (
            "Personal",
            [
                ["Nummer ", "NAMN", "Från"],
                [100001, " Åsa ", dt.date(2026, 1, 31)],
                ["0012", ('="Ö"&"rjan"', "Örjan"), "2026-02-01"],
                ["", "", ""],
                [12.5, True, ""],
                [("=1+1", 2), False, dt.date(9999, 12, 31)],
            ],
        ),
    )
    assert rows(read(file)) == [
        (2, "100001", "Åsa", "2026-01-31"),
        (3, "0012", "Örjan", "2026-02-01"),
        (5, "12.5", "ja", ""),
        (6, "2", "nej", "9999-12-31"),
    ]


def test_a_table_that_begins_further_in_keeps_the_numbers_of_its_rows(tmp_path: Path) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(3, 2, HEADER)
        sheet.write_row(5, 2, ["7", "Åsa", "fel"])
        sheet.write(5, 9, "utanför")

    table = read(workbooks.made(tmp_path / "fil.xlsx", fill))
    assert [fault.partition(": ")[0] for fault in table.faults.all()] == ["fil.xlsx:6"]
    assert "raden har 10 fält, men första raden har 5" in table.faults.all()[0]


def test_a_moment_is_a_date_at_midnight_and_else_no_date(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, HEADER)
        for row, hour in enumerate((0, 13), 1):
            sheet.write_row(row, 0, [str(row), "Åsa"])
            sheet.write_datetime(row, 2, dt.datetime.combine(dt.date(2026, 1, 2), dt.time(hour)), moment)

    found = rows(read(workbooks.made(tmp_path / "fil.xlsx", fill)))
    assert [row[3] for row in found] == ["2026-01-02", "2026-01-02 13:00:00"]


def test_a_number_that_is_shown_with_zeros_before_it_is_read_with_them(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        for row, pattern in enumerate(("000000", "0", "0.00", "#,##0", "00"), 1):
            sheet.write_number(row, 0, 123, book.add_format({"num_format": pattern}))
            sheet.write_string(row, 1, "Åsa")

    found = rows(read(workbooks.made(tmp_path / "fil.xlsx", fill)))
    assert [row[1] for row in found] == ["000123", "123", "123", "123", "123"]


@pytest.mark.parametrize(
    ("number", "text"), [(999_999_999_999_999, "999999999999999"), (1_000_000_000_000_000, None)]
)
def test_a_number_with_more_digits_than_a_cell_can_hold_is_refused(
    tmp_path: Path, number: int, text: str | None
) -> None:
    file = workbooks.write(tmp_path / "fil.xlsx", ("A", [HEADER, [number, "Åsa", ""]]))
    table = read(file)
    if text:
        assert rows(table)[0][1] == text
    else:
        (fault,) = table.faults.all()
        assert fault.startswith("fil.xlsx:2: cell A2: talet har fler siffror")
        assert "1000" not in fault


def test_an_error_and_a_formula_without_value_are_faults_where_the_column_is_used(tmp_path: Path) -> None:
    file = workbooks.write(
        tmp_path / "fil.xlsx",
        (
            "A",
            [
                [*HEADER, "lön"],
                ["1", ("=1/0", "#DIV/0!"), ("=X", "VÄNTAR"), ("=1/0", "#DIV/0!")],
                ["2", "Åsa", "", ("=1/0", "#N/A")],
            ],
        ),
    )
    workbooks.changed(file, lambda _name, part: part.replace("<v>VÄNTAR</v>".encode(), b""))
    assert read(file).faults.all() == [
        "fil.xlsx:2: cell B2 har felet #DIV/0!. Rätta formeln, eller skriv värdet.",
        "fil.xlsx:2: cell C2 har en formel utan värde. Öppna filen i ett kalkylprogram och spara den.",
    ]


def test_an_error_is_told_also_when_nothing_else_stands_in_the_row(tmp_path: Path) -> None:
    rows_of = [HEADER, ["1", "Åsa", ""], [("=1/0", "#DIV/0!"), "", ""]]
    (fault,) = read(workbooks.write(tmp_path / "fil.xlsx", ("A", rows_of))).faults.all()
    assert fault.startswith("fil.xlsx:3: cell A3 har felet")


def test_merged_cells_are_faults_from_the_header_on_where_the_column_is_used(tmp_path: Path) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:D1", "Personallista")
        sheet.write_row(2, 0, [*HEADER, "lön"])
        sheet.write_row(3, 0, ["1", "Åsa", "2026-01-01", ""])
        sheet.write_row(4, 0, ["2", "", "2026-01-01", ""])
        sheet.merge_range("B4:B5", "Åsa")
        sheet.merge_range("D4:D5", "100")

    table = read(workbooks.made(tmp_path / "fil.xlsx", fill), header_row=3)
    assert table.faults.all() == [
        "fil.xlsx:4: cellerna B4:B5 är sammanfogade. Dela dem och fyll i varje cell."
    ]


def test_a_hidden_row_is_a_row_as_it_is_when_the_sheet_is_saved_as_csv(tmp_path: Path) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["1", "Åsa", ""])
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})

    assert rows(read(workbooks.made(tmp_path / "fil.xlsx", fill))) == [(2, "1", "Åsa", "")]


def test_the_first_sheet_that_people_see_is_read_or_the_named_one(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["gömt"])
        for name, number in (("Anställda", "1"), ("Timavlönade", "2")):
            other = book.add_worksheet(name)
            other.write_row(0, 0, HEADER)
            other.write_row(1, 0, [number, "Åsa", ""])
        book.worksheets()[1].activate()
        book.worksheets()[1].set_first_sheet()
        sheet.hide()

    file = workbooks.made(tmp_path / "fil.xlsx", fill)
    assert rows(read(file))[0][1] == "1"
    assert rows(read(file, sheet="timavlönade "))[0][1] == "2"
    (fault,) = read(file, sheet="Chefer").faults.all()
    assert fault == (
        "fil.xlsx: arket ”Chefer” finns inte. Filens ark är ”Blad1”, ”Anställda”, ”Timavlönade”."
    )


def test_a_file_is_what_it_holds_and_not_what_it_is_called(tmp_path: Path) -> None:
    sheet = workbooks.write(tmp_path / "fil.csv", ("A", [HEADER, ["1", "Åsa", ""]]))
    assert rows(read(sheet)) == [(2, "1", "Åsa", "")]
    text = tmp_path / "text.xlsx"
    text.write_text("nummer;namn;från\n1;Åsa;\n", encoding="utf-8")
    assert rows(read(text)) == [(2, "1", "Åsa", "")]


def odt(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", "<office/>")
    return packed.getvalue()


def halved(folder: Path) -> bytes:
    data = workbooks.write(folder / "hel.xlsx", ("A", [HEADER])).read_bytes()
    return data[: len(data) // 2]


def without_end(folder: Path) -> bytes:
    file = workbooks.write(folder / "hel.xlsx", ("A", [HEADER]))
    return workbooks.changed(file, lambda name, part: part[:-30] if "sheet1" in name else part).read_bytes()


def with_doctype(folder: Path) -> bytes:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><worksheet'
    file = workbooks.write(folder / "hel.xlsx", ("A", [HEADER]))
    return workbooks.changed(file, lambda _name, part: part.replace(b"<worksheet", bomb, 1)).read_bytes()


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (
            lambda _folder: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "gammalt Excel-ark (.xls) eller låst",
        ),
        (odt, "inget Excel-ark"),
        (halved, "skadad eller låst"),
        (without_end, "skadad"),
        (with_doctype, "inget vanligt Excel-ark"),
        (lambda _folder: b"PK\x03\x04", "skadad eller låst"),
    ],
    ids=["xls", "ods", "half", "cut xml", "doctype", "only four bytes"],
)
def test_what_is_no_spreadsheet_is_refused_in_a_sentence(tmp_path: Path, made: Any, told: str) -> None:
    file = tmp_path / "fil.xlsx"
    file.write_bytes(made(tmp_path))
    table = read(file)
    (fault,) = table.faults.all()
    assert fault.startswith("fil.xlsx: ")
    assert told in fault
    assert "CSV UTF-8" in fault
    assert (table.records, table.is_whole) == ((), False)


def with_padding(path: Path, size: int) -> Path:
    """A workbook of exactly that many bytes unpacked: spaces after the theme, which nobody reads."""
    workbooks.write(path, ("A", [HEADER, ["1", "Åsa", ""]]))
    with zipfile.ZipFile(path) as file:
        now = sum(part.file_size for part in file.infolist())
    return workbooks.changed(path, lambda name, part: part + b" " * (size - now) if "theme" in name else part)


@pytest.mark.parametrize(("size", "is_read"), [(50_000_000, True), (50_000_001, False)])
def test_fifty_megabytes_unpacked_are_read_and_a_byte_more_is_refused(
    tmp_path: Path, size: int, is_read: bool
) -> None:
    table = read(with_padding(tmp_path / "fil.xlsx", size))
    assert bool(table.records) is is_read
    told = "fil.xlsx: filen är 51 MB uppackad. Högst 50 MB läses. Ta bort ark och kolumner som inte behövs, eller spara arket som CSV UTF-8."
    assert table.faults.all() == ([] if is_read else [told])


def memory_to_read(path: Path) -> int:
    """How many MB a process of its own needs at most to read the file, above what it needs to begin."""
    code = (
        "import resource, sys; from pathlib import Path; from elearn.directory import tables\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "table = tables.read_table(Path(sys.argv[1]), ('nummer', 'namn', 'från'))\n"
        "assert table.faults.count and not table.records\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))

    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True, text=True, timeout=60, check=True, preexec_fn=limit,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return int(done.stdout)


def bomb(path: Path) -> Path:
    """1 000 to 1: 200 MB of spaces in some 200 kB."""
    return with_padding(path, 200_000_000)


def lying_bomb(path: Path) -> Path:
    """The same, that tells a size of 1 000 bytes both where the part stands and in the list of parts."""
    data = bytearray(bomb(path).read_bytes())
    with zipfile.ZipFile(path) as file:
        part = next(part for part in file.infolist() if "theme" in part.filename)
        start = part.header_offset
        size = struct.pack("<L", part.file_size)
    data[start + 22 : start + 26] = struct.pack("<L", 1_000)
    end = data.rindex(size)
    data[end : end + 4] = struct.pack("<L", 1_000)
    path.write_bytes(data)
    return path


def far_corner(path: Path) -> Path:
    """17 milliards of places for two cells."""

    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        sheet.write(1_048_575, 16_383, "x")

    return workbooks.made(path, fill)


def one_text_everywhere(path: Path) -> Path:
    """10 000 cells that refer to one text of 32 000 characters: 320 MB."""

    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        for row in range(1, 10_001):
            sheet.write_string(row, 1, "x" * 32_000)

    return workbooks.made(path, fill)


@pytest.mark.parametrize("made", [bomb, lying_bomb, far_corner, one_text_everywhere])
def test_a_bomb_is_refused_without_filling_the_memory(tmp_path: Path, made: Any) -> None:
    file = made(tmp_path / "fil.xlsx")
    assert file.stat().st_size < 400_000
    (fault,) = read(file).faults.all()
    assert fault.startswith("fil.xlsx: ")
    assert memory_to_read(file) < 60


@pytest.mark.parametrize(("row", "is_read"), [(1_000_000, True), (1_000_001, False)])
def test_four_million_places_are_read_and_a_row_more_is_refused(
    tmp_path: Path, row: int, is_read: bool
) -> None:
    """The last cell of a value counts. One that only has a colour does not."""

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, [*HEADER, "lön"])
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))
        sheet.write_string(row - 1, 0, "1")

    file = workbooks.made(tmp_path / "fil.xlsx", fill)
    data = file.read_bytes()
    if is_read:
        parts = tables.workbook_parts.unpack(data)
        scan = cell_scan.scan(parts, parts.sheets[0])
        assert scan.last_row * scan.last_column == 4_000_000
    else:
        told = read(file).faults.all()
        assert told == [
            "fil.xlsx: arket är för stort: cell A1000001 ligger långt från de andra. Radera tomma rader och kolumner runt tabellen, eller spara arket som CSV UTF-8."
        ]


@pytest.mark.parametrize(("size", "is_read"), [(50_000_000, True), (50_000_001, False)])
def test_a_file_that_lies_there_with_more_than_fifty_megabytes_is_not_opened(
    tmp_path: Path, size: int, is_read: bool
) -> None:
    file = tmp_path / "fil.csv"
    with file.open("wb") as stream:
        stream.truncate(size)
    faults = csv_in.Faults("fil.csv")
    data = tables.read_file(file, faults)
    assert (data is not None) is is_read
    assert bool(faults.count) is not is_read


@pytest.mark.parametrize(("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_columns_are_told_by_letters(column: int, letters: str) -> None:
    assert cell_scan.column_letters(column) == letters


texts = st.text(
    st.characters(
        min_codepoint=32, max_codepoint=0x2FF, exclude_characters='"\x7f\xad', exclude_categories=("Cc", "Cf")
    ),
    max_size=12,
)
days = st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)).map(str) | st.just("") | st.just("2026-02-30")
cells = st.tuples(
    st.sampled_from(["1", "007", "199001011234", "a b", "12"]),
    texts, texts, st.sampled_from(["", "a@b.se", "a@b"]), st.sampled_from(["F1", "F2", "F9", ""]),
    st.sampled_from(["", "förskola", "Skola", "kock"]), texts, days, days,
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(cells, min_size=1, max_size=6))
def test_the_same_table_as_csv_and_as_xlsx_gives_the_same_plan_or_the_same_faults(
    tmp_path: Path, table: list[tuple[str, ...]]
) -> None:
    organisation, personal = staff_files.write(tmp_path, "")
    header = personal.read_text(encoding="utf-8").strip().split(";")
    with personal.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *table])
    sheet = workbooks.write(tmp_path / "ark.xlsx", ("A", [header, *table]))
    told = []
    for staff in (personal, sheet):
        files = staff_files.directory_files.read_files(organisation, staff, staff_files.ROLES)
        try:
            directory = staff_files.read(organisation, staff)
        except staff_files.directory_files.csv_in.Invalid as refusal:
            told.append([fault.replace(staff.name, "fil") for fault in refusal.faults])
        else:
            plan = staff_files.directory_plan.make_plan(directory, NOTHING, staff_files.TODAY)
            told.append([change.sentence for change in plan.changes])
        assert len(files.job_table.records) <= len(table)
    assert told[0] == told[1]
