"""CSV from outside: what is read, and what is refused with its row; CSV for outside: what a spreadsheet
cannot run."""

import codecs
import csv
import datetime as dt
import io
import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn import csv_in, csv_out, csv_text
from elearn.csv_in import Faults, Record
from elearn.directory import tables
from elearn.errors import Invalid

COLUMNS = ("namn", "kod")


def read(tmp_path: Path, data: bytes | str) -> csv_in.Table:
    file = tmp_path / "fil.csv"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return tables.read_table(file, COLUMNS)


def faults_of(tmp_path: Path, data: bytes | str) -> list[str]:
    return read(tmp_path, data).faults.all()


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_delimiter_and_order_of_columns_are_found_and_unknown_columns_are_told(
    tmp_path: Path, delimiter: str
) -> None:
    table = read(tmp_path, f"kod{delimiter}Namn{delimiter}färg\r\n7{delimiter} Örjan {delimiter}blå\r\n")
    assert table.faults.all() == []
    assert [(record.row, record["namn"], record["kod"]) for record in table.records] == [(2, "Örjan", "7")]
    assert table.unknown == ("färg",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_encodings_of_personnel_systems_are_read(tmp_path: Path, encoding: str, newline: str) -> None:
    (record,) = read(tmp_path, newline.join(["namn;kod", "Åsa Öberg;0012", ""]).encode(encoding)).records
    assert (record["namn"], record["kod"]) == ("Åsa Öberg", "0012")


@pytest.mark.parametrize(("delimiter", "newline"), [(";", "\n"), (",", "\r\n"), ("\t", "\r")])
@pytest.mark.parametrize("line", ["sep={}", "SEP={}", '"sep={}"'])
def test_a_line_that_tells_the_delimiter_is_passed_over(
    tmp_path: Path, delimiter: str, newline: str, line: str
) -> None:
    """A spreadsheet does not show it: the header is row 1 with or without it."""
    text = newline.join([line.format(delimiter), f"namn{delimiter}kod", f"Åsa{delimiter}7", "halv", ""])
    table = read(tmp_path, "\ufeff" + text)
    assert [(record.row, record["namn"], record["kod"]) for record in table.records] == [(2, "Åsa", "7")]
    assert [fault.partition(": ")[0] for fault in table.faults.all()] == ["fil.csv:3"]


@pytest.mark.parametrize(
    "text",
    [
        "namn;kod;rum, plan, hus, gata\nÅsa;7;\n",
        "namn,kod,a;b;c;d\nÅsa,7,\n",
        "namn\tkod\ta;b;c,d,e\nÅsa\t7\t\n",
        '"namn";"kod";"rum, plan, hus"\nÅsa;7;\n',
        "\n\nnamn,kod,;;;;\nÅsa,7,\n",
    ],
)
def test_the_delimiter_is_told_by_the_columns_and_not_by_counting_signs(tmp_path: Path, text: str) -> None:
    table = read(tmp_path, text)
    assert [(record["namn"], record["kod"]) for record in table.records] == [("Åsa", "7")]


def test_blanks_before_a_quotation_mark_are_dropped(tmp_path: Path) -> None:
    table = read(tmp_path, 'namn; "kod"\n  "Åsa; Ö"; "7"\n x ;  "" \n')
    assert table.faults.all() == [
        "fil.csv:3: raden går inte att läsa: ett citattecken är inte avslutat eller står fel."
    ]
    assert [(record["namn"], record["kod"]) for record in table.records] == [("Åsa; Ö", "7")]


def test_a_column_that_is_not_used_may_stand_twice(tmp_path: Path) -> None:
    table = read(tmp_path, "namn;rum;kod;rum;;\nÅsa;1;7;2;;\n")
    assert (table.faults.all(), table.unknown) == ([], ("rum",))
    assert table.records[0]["kod"] == "7"
    file = tmp_path / "fil.csv"
    file.write_text("namn;kod;beslut;beslut\nÅsa;1;7;2\n", encoding="utf-8")
    assert tables.read_table(file, COLUMNS, ["beslut"]).faults.all() == [
        "fil.csv:1: kolumnen ”beslut” finns två gånger."
    ]


@pytest.mark.parametrize(
    ("encoding", "name"), [("mac_roman", "Mac Roman"), ("cp850", "code page 850"), ("cp437", "code page 850")]
)
def test_an_old_encoding_is_named(tmp_path: Path, encoding: str, name: str) -> None:
    file = tmp_path / "fil.csv"
    file.write_bytes("anställningsnr;förnamn;från\n1;Åsa Öberg;2020\n".encode(encoding))
    (fault,) = tables.read_table(file, ("anställningsnr", "förnamn", "från")).faults.all()
    assert fault.startswith(f"fil.csv:1: filen är sparad i en gammal teckenkod ({name}")
    assert fault.endswith("Spara om filen som CSV UTF-8.")


def test_letters_written_as_two_characters_are_read_as_one(tmp_path: Path) -> None:
    assert read(tmp_path, "namn;kod\nA\u030asa;1\n").records[0]["namn"] == "Åsa"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "fil.csv:1: filen är tom: det finns inga rader under kolumnernas namn, som ska vara namn;kod"),
        (b"\r\n;;\r\n", "fil.csv:1: filen är tom"),
        (codecs.BOM_UTF8, "fil.csv:1: filen är tom"),
        (b"namn;kod\n", "fil.csv:1: filen är tom"),
        (b"namn;kod\n;\n \n", "fil.csv:1: filen är tom"),
        (b"namn\nx\n", "fil.csv:1: kolumnen ”kod” saknas. Raden ska vara namn;kod"),
        (b"a\nx\n", "fil.csv:1: kolumnerna ”namn” och ”kod” saknas"),
        (b"namn;kod;kod\nx;1;2\n", "fil.csv:1: kolumnen ”kod” finns två gånger"),
        (b"namn;kod\nx;1\ny\n", "fil.csv:3: raden har 1 fält, men första raden har 2"),
        (b"namn;kod\nx;1;2\n", "fil.csv:2: raden har 3 fält"),
        (b'namn;kod\n"x;1\n', "fil.csv:2: raden går inte att läsa: ett citattecken"),
        (b'namn;kod\n"x"y;1\nx;1\n', "fil.csv:2: raden går inte att läsa: ett citattecken"),
        (b'namn;"kod\nx;1\n', "fil.csv:1: raden går inte att läsa: ett citattecken"),
        (b'namn;kod\nx;"' + b"y" * 200_000 + b'"\n', "fil.csv:2: raden går inte att läsa"),
        ("namn;kod\nÃ–rjan;1\n".encode(), "fil.csv:2: ”Ã–” ser ut att vara"),
        ("namn;kod\nx;1\nSjÃ¶;1\n".encode(), "fil.csv:3: ”Ã¶” ser ut att vara"),
        ("nÃ¤mn;kod\nx;1\n".encode(), "fil.csv:1: ”Ã¤” ser ut att vara"),
        ("namn;kod\nÃ\x85sa;1\n".encode(), "fil.csv:2: ”Ã\x85” ser ut att vara"),
        ("namn;kod\nÖrjan;1\n".encode() + b"\xe5sa;2\n", "fil.csv:3: filen är skadad UTF-8"),
        ('namn;kod\n"två\nrader Ö";1\n'.encode() + b"x;1\n\xe5sa;2\n", "fil.csv:4: filen är skadad UTF-8"),
        (codecs.BOM_UTF8 + b"namn;kod\nx;1\n\xe5sa;2\n", "fil.csv:3: filen är skadad UTF-8"),
        ("namn;kod\nÅsa;1\nx;Ö\n".encode()[:-2], "fil.csv:3: filen är skadad UTF-8"),
        ("namn;kod\nx;1\n".encode("utf-16"), "fil.csv:1: filen är sparad som UTF-16"),
        ("namn;kod\nx;1\n".encode("utf-16-be"), "fil.csv:1: filen är sparad som UTF-16"),
        (b"namn;kod\nx\x07;1\n", "fil.csv:2: här står ett styrtecken"),
        ("namn;kod\nx;1\nx\u0090;1\n".encode(), "fil.csv:3: här står ett styrtecken"),
        (
            "namn;kod\nx\u202e;1\n".encode(),
            "fil.csv:2: här står ett märke för skrivriktning (U+202E) i fält 1.",
        ),
        ("namn;kod\nx;a\u00adb\n".encode(), "fil.csv:2: här står ett mjukt bindestreck (U+00AD) i fält 2."),
        ("namn;kod\nx;1\u200b\n".encode(), "fil.csv:2: här står ett nollbrett mellanslag (U+200B) i fält 2."),
        ("namn;kod\nx;1\u200c\n".encode(), "fil.csv:2: här står ett nollbrett skiljetecken (U+200C)"),
        ("namn;kod\nx;1\u2028\n".encode(), "fil.csv:2: här står ett osynligt radslut (U+2028) i fält 2."),
        ("namn;kod\nx;1\u200d\n".encode(), "fil.csv:2: här står ett nollbrett fogtecken (U+200D)"),
        ("namn;kod\nx;1\ufe0f\n".encode(), "fil.csv:2: här står ett osynligt tecken (U+FE0F)"),
        ("namn;kod\nx;1\U000e0020\n".encode(), "fil.csv:2: här står ett osynligt tecken (U+E0020)"),
        (b"namn;kod\n" + b"x;1\n" * 100 + b"x\x00;1\n", "fil.csv:102: här står ett styrtecken"),
        ("namn;kod\nx\ufffdy;1\n".encode(), "fil.csv:2: här står ett tecken som inte går att läsa"),
        (
            "namn;kod\nå".encode("cp1252") + b"\x81;1\n",
            "fil.csv:2: här står ett tecken som inte går att läsa",
        ),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "fil.csv:1: filen är sparad som UTF-16 eller är inte text"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_with_its_row(
    tmp_path: Path, data: bytes, expected: str
) -> None:
    table = read(tmp_path, data)
    assert [line[: len(expected)] for line in table.faults.all()] == [expected]
    assert not table.is_whole


def test_an_unreadable_row_hides_no_fault_below_it(tmp_path: Path) -> None:
    assert [line.split(":")[1] for line in faults_of(tmp_path, 'namn;kod\n"x"y;1\nx;1\nhalv\nSjÃ¶;1\n')] == [
        "2",
        "4",
        "5",
    ]


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    """A cell with line breaks is one row; an empty row is one too."""
    table = read(tmp_path, 'namn;kod\r\n"två\r\nrader";1\r\n\r\n;;\r\nsist;2\r\n')
    assert [(record.row, record["kod"]) for record in table.records] == [(2, "1"), (5, "2")]
    assert table.records[0]["namn"] == "två\r\nrader"


def test_empty_cells_to_the_right_are_a_spreadsheets_and_no_fault(tmp_path: Path) -> None:
    table = read(tmp_path, "namn;kod;;\nx;1\ny;2;;;;\n")
    assert table.faults.all() == []
    assert table.is_whole
    assert [record["kod"] for record in table.records] == ["1", "2"]


def test_one_fault_in_ten_megabytes_is_one_line(tmp_path: Path) -> None:
    rows = ["Anna Andersson med ett långt namn;100"] * 280_000
    rows[200_000] = "avklippt"
    data = ("namn;kod\n" + "\n".join(rows)).encode()
    assert len(data) > 10_000_000
    found = faults_of(tmp_path, data)
    assert found == [
        "fil.csv:200002: raden har 1 fält, men första raden har 2. Är något förskjutet eller avklippt?"
    ]


@pytest.mark.parametrize(
    ("more", "last"),
    [(0, "fil.csv:201: raden har 1 fält"), (1, "fil.csv: … och 1 till"), (800, "fil.csv: … och 800 till")],
)
def test_thousands_of_faults_are_counted_after_the_first_two_hundred(
    tmp_path: Path, more: int, last: str
) -> None:
    found = faults_of(tmp_path, "namn;kod\n" + "x\n" * (csv_in.MOST_FAULTS + more))
    assert len(found) == csv_in.MOST_FAULTS + (more > 0)
    assert found[-1].startswith(last)


def test_what_cannot_be_opened_is_told_in_a_sentence(tmp_path: Path) -> None:
    missing = tmp_path / "saknas.csv"
    assert tables.read_table(missing, COLUMNS).faults.all() == [f"saknas.csv: filen finns inte ({missing})"]
    assert "det här är en mapp" in tables.read_table(tmp_path, COLUMNS).faults.all()[0]


def test_all_files_faults_are_raised_together() -> None:
    one, none, two = Faults("ett.csv"), Faults("noll.csv"), Faults("två.csv")
    csv_in.refuse(one, none, two)
    one.add(3, "fel.")
    two.add(None, "annat fel.")
    with pytest.raises(Invalid) as refusal:
        csv_in.refuse(one, none, two)
    assert refusal.value.faults == ("ett.csv:3: fel.", "två.csv: annat fel.")


@given(st.binary(max_size=300) | st.text(max_size=120).map(lambda text: f"namn;kod\n{text}".encode()))
def test_no_bytes_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "fil.csv"
    file.write_bytes(data)
    table = tables.read_table(file, COLUMNS)
    assert table.faults.count or table.records
    for record in table.records:
        assert not set(COLUMNS) - record.cells.keys()
        for reader in (csv_in.date, csv_in.number, csv_in.required, csv_in.optional):
            csv_in.parse(table.faults, record, "namn", reader)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-31", dt.date(2026, 12, 31)),
        ("2028-02-29", dt.date(2028, 2, 29)),
        ("1900-01-01", dt.date(1900, 1, 1)),
        ("9999-12-31", dt.date(9999, 12, 31)),
        ("2026-13-01", "”2026-13-01”: månaden ska vara 01 till 12. Skriv datumet som 2026-12-01."),
        ("2026-00-10", "månaden ska vara 01 till 12"),
        ("2026-11-31", "”2026-11-31”: månaden har dagarna 01 till 30. Menar du 2026-11-30?"),
        ("2026-02-29", "månaden har dagarna 01 till 28. Menar du 2026-02-28?"),
        ("2026-11-00", "månaden har dagarna 01 till 30"),
        ("0202-01-01", "”0202-01-01”: året ska vara 1900 eller senare"),
        ("31/12 2026", "”31/12 2026” är inget datum. Skriv det som 2026-12-31."),
        ("2026-1-1", "är inget datum"),
        ("", "fältet är tomt"),
    ],
)
def test_a_date_is_read_or_its_fault_is_told(text: str, expected: dt.date | str) -> None:
    if isinstance(expected, dt.date):
        assert csv_in.date(text) == expected
    else:
        faults = Faults("fil.csv")
        assert csv_in.parse(faults, Record(7, {"från": text}), "från", csv_in.date) is None
        (line,) = faults.all()
        assert line.startswith("fil.csv:7: från: ")
        assert expected in line


def test_a_text_is_one_line_and_an_empty_one_is_told_or_none() -> None:
    assert csv_in.required("Förskolan\r\n \u00a0Ängen") == "Förskolan Ängen"
    assert csv_in.optional("Förskolan\nÄngen") == "Förskolan Ängen"
    assert csv_in.optional("") is None
    assert csv_in.optional_date("") is None
    with pytest.raises(ValueError, match="fältet är tomt"):
        csv_in.required("")


@pytest.mark.parametrize(
    "text",
    [
        "850101-1234",
        "198501011234",
        "8501011234",
        "850161-1234",
        "850191-1234",
        "19850101+1234",
        "850101+1234",
        "850101 1234",
        "850131–1234",
        "180101011234",
        "20.01.01-1234",
    ],
)
def test_what_is_shaped_like_a_personnummer_is_refused_and_never_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="ser ut som ett personnummer") as refusal:
        csv_in.number(text)
    assert text not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "1001",
        "0012",
        "8513011234",
        "8500011234",
        "8501001234",
        "8501321234",
        "8501601234",
        "8501921234",
        "A-17",
        "123456789",
        "85010112345",
        "218501011234",
        "Å_7.1",
    ],
)
def test_an_employment_number_is_text_with_its_zeros(text: str) -> None:
    assert csv_in.number(text) == text


@pytest.mark.parametrize("text", ["1001,0", "1001.0", "1001.00", "0,0"])
def test_a_number_that_a_spreadsheet_gave_decimals_is_told_what_to_write(text: str) -> None:
    with pytest.raises(
        ValueError, match=rf"”{text}” är ett tal med decimaler.* Skriv {text[:-2].rstrip('.')},"
    ):
        csv_in.number(text)


@pytest.mark.parametrize("text", ["", "10 01", "1001,1002", "a@b.se", "1,23E+05", "x" * 41])
def test_what_is_no_employment_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"är inget anställningsnummer|fältet är tomt"):
        csv_in.number(text)


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)] * 2),
        max_size=6,
    )
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    """But for what the reader refuses, every cell comes back as it was written: harmless, trimmed,
    composed."""
    file = tmp_path_factory.getbasetemp() / "skriven.csv"
    file.write_bytes(csv_out.write_csv(COLUMNS, rows))
    table = tables.read_table(file, COLUMNS)
    cells = [[unicodedata.normalize("NFC", csv_out.harmless(cell)) for cell in row] for row in rows]
    if csv_text.DAMAGE.search("\n".join("\n".join(row) for row in cells)):
        assert table.faults.count
    else:
        wanted = [[cell.strip() for cell in row] for row in cells if any(cell.strip() for cell in row)]
        assert [[record["namn"], record["kod"]] for record in table.records] == wanted
        assert table.faults.count == (not wanted)


@given(
    st.lists(st.tuples(*[st.text("aå \"';,\t\n=", max_size=6)] * 3), min_size=1, max_size=4),
    st.sampled_from(";,\t"),
    st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    st.text("å;,\t ", max_size=8),
    st.booleans(),
)
def test_what_another_program_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    delimiter: str,
    quoting: Literal[0, 1],
    unused: str,
    has_separator_line: bool,
) -> None:
    """Whatever the delimiter, however it quotes, with an unused column whose name has other delimiters."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, quoting=quoting, lineterminator="\r\n")
    writer.writerows([("kod", f"x{unused}", "namn"), *rows])
    start = f"sep={delimiter}\r\n" if has_separator_line else ""
    file = tmp_path_factory.getbasetemp() / "annan.csv"
    file.write_bytes((start + written.getvalue()).encode())
    table = tables.read_table(file, COLUMNS)
    wanted = [(name.strip(), code.strip()) for code, other, name in rows if (code + other + name).strip()]
    assert [(record["namn"], record["kod"]) for record in table.records] == wanted
