"""organisation.csv and personal.csv: every fault of both at once, with its row; and what is only a
warning."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.directory import files as directory_files
from elearn.directory.rows import JobRow
from elearn.errors import Invalid
from tests.directory import staff_files
from tests.directory.staff_files import DAY, NOTHING, TODAY, UNITS, WITHOUT_F2

GOLDEN = Path(__file__).parent.parent / "golden"
JOBS = "anställningsnr;förnamn;efternamn;e-post;enhetskod;yrkesroll;befattning;från;till\n"


def faults(folder: Path, staff: str, units: str = UNITS) -> tuple[str, ...]:
    with pytest.raises(Invalid) as refusal:
        staff_files.directory(folder, staff, units)
    return refusal.value.faults


def faults_of(folder: Path, personal: str, organisation: str = UNITS) -> tuple[str, ...]:
    """The same for whole rows of personal.csv."""
    first, second = staff_files.write(folder, "", organisation)
    second.write_text(JOBS + personal, encoding="utf-8")
    with pytest.raises(Invalid) as refusal:
        staff_files.read(first, second)
    return refusal.value.faults


def test_the_golden_files_are_read_without_a_warning() -> None:
    roles = ("förskola", "skola", "socialtjänst")
    files = directory_files.read_files(GOLDEN / "organisation.csv", GOLDEN / "personal.csv", roles)
    read = directory_files.check_files(files, NOTHING, TODAY)
    assert (len(read.units), len(read.jobs), read.warnings) == (10, 15, ())
    assert read.knows_externals
    assert [unit.managers for unit in read.units.values()][:3] == [("1001",), (), ("1002",)]


def test_faults_of_both_files_are_told_at_once_by_row(tmp_path: Path) -> None:
    units = UNITS.replace(";förvaltning;", ";avdelning;")
    found = faults(tmp_path, "1;F1;;2020-13-01; 2;F9;;2020-01-01; 3;F1;;2025-08-01;2025-06-30", units)
    assert [fault.partition(": ")[0] for fault in found] == [
        "organisation.csv:2",
        "personal.csv:2",
        "personal.csv:3",
        "personal.csv:4",
    ]


def test_both_files_are_named_when_neither_is_there(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        staff_files.read(tmp_path / "a.csv", tmp_path / "b.csv")
    assert [fault.partition(": ")[0] for fault in refusal.value.faults] == ["a.csv", "b.csv"]


def test_the_four_rows_of_the_design_are_told_with_what_to_write(tmp_path: Path) -> None:
    """ui-draft: an address cut off, a code one off, a thirteenth month, a last day before the first."""
    units = "".join(
        f"UF{number};Förskolan {name};enhet;;;;\n" for number, name in enumerate(("Åsen", "Eken", "Ängen"), 6)
    )
    rows = (
        "1;Sara;Lindell;sara.lindell@;UF8;;;2020-01-01;\n"
        "2;Per;Ek;;UF9;;;2020-01-01;\n"
        "3;Per;Ek;;UF8;;;2026-13-01;\n"
        "4;Per;Ek;;UF8;;;2025-08-01;2025-06-30\n"
    )
    assert faults_of(tmp_path, rows, units) == (
        "personal.csv:2: e-post: ”sara.lindell@” är ingen e-postadress. "
        "Skriv hela adressen, till exempel sara.lindell@kommun.se, eller lämna fältet tomt.",
        "personal.csv:3: enhetskod: ”UF9” finns inte i organisationen. Menar du UF8, Förskolan Ängen?",
        "personal.csv:4: från: ”2026-13-01”: månaden ska vara 01 till 12. Skriv datumet som 2026-12-01.",
        "personal.csv:5: till: sista dagen 2025-06-30 ligger före första dagen 2025-08-01. Byt plats på dem eller rätta en av dem.",
    )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (";För;Efter;;F1;;;2020-01-01;", "anställningsnr: fältet är tomt. Fyll i det."),
        (
            "850101-1234;För;Efter;;F1;;;2020-01-01;",
            "anställningsnr: här står något som ser ut som ett personnummer.",
        ),
        ("1;;;;F1;;;2020-01-01;", "förnamn och efternamn: båda är tomma. Fyll i minst ett av dem."),
        ("1;För;Efter;;;;;2020-01-01;", "enhetskod: fältet är tomt."),
        ("1;För;Efter;;F1;;;;", "från: fältet är tomt."),
        (
            "1;För;Efter;;F1;;;2026-11-31;",
            "från: ”2026-11-31”: månaden har dagarna 01 till 30. Menar du 2026-11-30?",
        ),
        ("1;För;Efter;;F1;;;2020-01-01;i dag", "till: ”i dag” är inget datum. Skriv det som 2026-12-31."),
        ("1;För;Efter;för efter@x.se;F1;;;2020-01-01;", "e-post: ”för efter@x.se” är ingen e-postadress."),
        ("1;För;Efter;a@b@x.se;F1;;;2020-01-01;", "e-post: "),
        ("1;För;Efter;a@x;F1;;;2020-01-01;", "e-post: "),
        ("1;För;Efter;;f1;;;2020-01-01;", "enhetskod: ”f1” finns inte i organisationen. Menar du F1, Ängen?"),
        (
            "1;För;Efter;;Åsen;;;2020-01-01;",
            "enhetskod: ”Åsen” finns inte i organisationen. Menar du F2, Åsen?",
        ),
        ("1;För;Efter;;QQQ;;;2020-01-01;", "enhetskod: ”QQQ” finns inte i organisationen."),
        ("För;Efter;;1;F1;;;2020-01-01;", "e-post: ”1” är ingen e-postadress."),
    ],
)
def test_a_fault_in_a_row_of_the_staff_says_what_stands_there_and_what_to_write(
    tmp_path: Path, row: str, expected: str
) -> None:
    assert any(fault.startswith(f"personal.csv:2: {expected}") for fault in faults_of(tmp_path, row))


def test_a_shared_or_empty_address_is_no_fault(tmp_path: Path) -> None:
    first, second = staff_files.write(tmp_path, "", UNITS)
    second.write_text(
        JOBS + "1;A;B;x@y.se;F1;;;2020-01-01;\n2;A;B;x@y.se;F1;;;2020-01-01;\n3;A;B;;F1;;;2020-01-01;\n",
        encoding="utf-8",
    )
    read = staff_files.read(first, second)
    assert [job.email for job in read.jobs] == ["x@y.se", "x@y.se", None]


def test_the_same_first_and_last_day_is_no_fault_and_the_day_before_is(tmp_path: Path) -> None:
    assert staff_files.directory(tmp_path, "1;F1;;2020-01-02;2020-01-02").jobs[0].ends_on
    assert "till: " in faults(tmp_path, "1;F1;;2020-01-02;2020-01-01")[0]


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        (
            "A;Ett;enhet;B;;;\nB;Två;område;A;;;\n",
            ["2: överordnad: Ett ligger under sig själv.", "3: överordnad: Två ligger under sig själv."],
        ),
        ("A;Ett;enhet;A;;;\nC;Tre;enhet;A;;;\n", ["2: överordnad: Ett ligger under sig själv."]),
        ("A;Ett;enhet;AZ;;;\n", ["2: överordnad: ”AZ” finns inte i filen. Menar du A, Ett?"]),
        (
            "A;Ett;förvaltning;;;;\nB;Två;förvaltning;A;;;\n",
            ["3: överordnad: Två är förvaltning och ligger överst. Lämna fältet tomt."],
        ),
        ("A;Ett;förvaltning;;;;\nB;Två;extern;A;;;\n", ["3: överordnad: Två är extern och ligger överst."]),
        (
            "A;Ett;förvaltning;B;;;\nB;Två;område;A;;;\n",
            ["2: överordnad: Ett är förvaltning och ligger överst."],
        ),
        ("A;Ett;förvaltning;ZZ;;;\n", ["2: överordnad: Ett är förvaltning och ligger överst."]),
        (
            "A;Ett;enhet;;;;\nA;Två;enhet;;;;\n",
            ["3: enhetskod: A står redan på rad 2. Varje enhet har en rad."],
        ),
        (";Ett;enhet;;;;\nA;Två;enhet;;;;\n", ["2: enhetskod: fältet är tomt."]),
        ("A;;enhet;;;;\n", ["2: namn: fältet är tomt."]),
        ("A;Ett;;;;;\n", ["2: nivå: ”” finns inte. Skriv förvaltning, område, enhet eller extern."]),
        ("A;Ett;enhet;;;;1001,1002\n", ["2: chef: ”1001,1002” är inget anställningsnummer."]),
        ("A;Ett;enhet;;;;1001 850101-1234\n", ["2: chef: här står något som ser ut som ett personnummer."]),
    ],
)
def test_a_fault_in_the_tree_is_told_where_it_is_and_nowhere_else(
    tmp_path: Path, units: str, expected: list[str]
) -> None:
    found = faults(tmp_path, "1;A;;2020-01-01;", units)
    assert [
        fault.removeprefix("organisation.csv:")[: len(start)]
        for fault, start in zip(found, expected, strict=True)
    ] == expected


def test_a_deep_tree_and_a_wide_circle_take_no_time(tmp_path: Path) -> None:
    deep = "".join(f"E{number};Enhet;enhet;E{number + 1};;;\n" for number in range(20_000))
    assert (
        len(staff_files.directory(tmp_path, "1;E0;;2020-01-01;", f"{deep}E20000;Enhet;enhet;;;;\n").units)
        == 20_001
    )
    assert (
        faults(tmp_path, "1;E0;;2020-01-01;", f"{deep}E20000;Enhet;enhet;E0;;;\n")[-1]
        == "organisation.csv: … och 19801 till"
    )


def test_a_wrong_unit_does_not_make_its_people_wrong(tmp_path: Path) -> None:
    """What follows from another fault is not told: it would go away by itself."""
    staff = "1;F1;;2020-01-01; 2;F2;;2020-01-01;"
    assert len(faults(tmp_path, staff, UNITS.replace("Ängen;enhet", "Ängen;avdelning"))) == 1
    assert len(faults(tmp_path, staff, UNITS.replace("Ängen;enhet;U;;förskola;1", "Ängen;enhet"))) == 1
    assert len(faults(tmp_path, staff, UNITS.replace("U;Utbildning;", "U;;"))) == 1


def test_thousands_of_unknown_codes_are_refused_quickly_and_counted(tmp_path: Path) -> None:
    units = "".join(f"ENHET{number};Förskolan nummer {number};enhet;;;;\n" for number in range(400))
    staff = " ".join(f"{number};XNHET{number};;2020-01-01;" for number in range(7000))
    found = faults(tmp_path, staff, units)
    assert len(found) == 201
    assert found[-1] == "personal.csv: … och 6800 till"


def test_one_person_has_one_name_and_one_address(tmp_path: Path) -> None:
    rows = "1;Åsa;Ek;a@x.se;F1;;;2020-01-01;\n1;Åsa;Eek;a@x.se;F2;;;2020-01-01;\n1;Åsa;Ek;b@x.se;F2;;;2021-01-01;\n"
    assert faults_of(tmp_path, rows) == (
        "personal.csv:3: anställningsnr: 1 heter Åsa Eek här men Åsa Ek på rad 2.",
        "personal.csv:4: e-post: 1 har b@x.se här men a@x.se på rad 2.",
    )


def rows_read(folder: Path, personal: str) -> tuple[JobRow, ...]:
    first, second = staff_files.write(folder, "")
    second.write_text(JOBS + personal, encoding="utf-8")
    return staff_files.read(first, second).jobs


def test_an_empty_address_takes_the_other_rows_and_capitals_are_no_other_address(tmp_path: Path) -> None:
    for addresses in (("", "a@x.se"), ("a@x.se", ""), ("a@x.se", " A@X.se ")):
        rows = [f"1;Åsa;Ek;{address};F{place};;;2020-01-01;\n" for place, address in enumerate(addresses, 1)]
        assert [row.email for row in rows_read(tmp_path, "".join(rows))] == ["a@x.se", "a@x.se"]


def test_a_person_may_have_one_name_only(tmp_path: Path) -> None:
    jobs = rows_read(tmp_path, "1;Suharto;;;F1;;;2020-01-01;\n2;;Björk;;F1;;;2020-01-01;\n")
    assert [(job.first_name, job.last_name, job.name) for job in jobs] == [
        ("Suharto", "", "Suharto"),
        ("", "Björk", "Björk"),
    ]


def test_capitals_make_no_other_number(tmp_path: Path) -> None:
    """The stored spelling holds, else the file's first; also for a manager."""
    stored = staff_files.after(tmp_path, "a1;F1;;2020-01-01;")
    rows = "A1;Föra1;Efter;;F1;;;2020-01-01;\nB2;Åsa;Ek;;F1;;;2020-01-01;\nb2;ÅSA;Ek;;F2;;;2020-01-01;\n"
    first, second = staff_files.write(tmp_path, "", UNITS.replace("förskola;1", "förskola;b2 A1"))
    second.write_text(JOBS + rows, encoding="utf-8")
    read = staff_files.read(first, second, stored)
    assert [(job.number, job.first_name) for job in read.jobs] == [
        ("a1", "Föra1"),
        ("B2", "Åsa"),
        ("B2", "Åsa"),
    ]
    assert read.units["F1"].managers == ("B2", "a1")
    assert not any("finns inte i personal.csv" in warning for warning in read.warnings)


def test_two_rows_alike_in_everything_are_a_fault(tmp_path: Path) -> None:
    for role in ("skola", "SKOLA"):
        (fault,) = faults(tmp_path, f"1;F1;skola;2020-01-01; 1;F1;{role};2020-01-01;")
        assert fault.startswith("personal.csv:3: samma rad står redan på rad 2")
    for other in (
        "2;F1;skola;2020-01-01;",
        "1;F2;skola;2020-01-01;",
        "1;F1;;2020-01-01;",
        "1;F1;skola;2020-01-02;",
    ):
        assert len(staff_files.directory(tmp_path, f"1;F1;skola;2020-01-01; {other}").jobs) == 2


def test_two_contracts_are_one_employment_with_both_positions_and_the_later_last_day(tmp_path: Path) -> None:
    """Alike in number, unit, role in force and ``från``; F1's own role is förskola."""
    rows = [
        ("", "Lärare", "2026-12-31"),
        ("förskola", "barnskötare", "2027-06-30"),
        ("", "LÄRARE", "2027-01-31"),
    ]
    text = [f"1;Åsa;Ek;;F1;{role};{position};2020-01-01;{end}\n" for role, position, end in rows]
    first, second = staff_files.write(tmp_path, "")
    for order in (text, text[::-1]):
        second.write_text(JOBS + "".join(order), encoding="utf-8")
        read = staff_files.read(first, second)
        (job,) = read.jobs
        assert (job.position or "").lower() == "barnskötare, lärare"
        assert job.position_key == "barnskötare\nlärare"
        assert str(job.ends_on) == "2027-06-30"
        assert (
            "personal.csv: rad 2 och 3 och 4 är samma anställning för 1 och räknas en gång." in read.warnings
        )
    second.write_text(JOBS + text[0] + "1;Åsa;Ek;;F1;;;2020-01-01;\n", encoding="utf-8")
    (job,) = staff_files.read(first, second).jobs
    assert (job.position, job.ends_on) == ("Lärare", None)


def test_an_employment_goes_on_only_in_a_unit_that_the_file_has(tmp_path: Path) -> None:
    """The boundary: whoever stopped yesterday may stand in a unit that is closed, whoever works there today
    may not."""
    stored = staff_files.after(tmp_path, "1;F1;;2020-01-01; 2;F2;;2020-01-01;")
    over = f"1;F1;;2020-01-01; 2;F2;;2020-01-01;{TODAY - DAY}"
    assert len(staff_files.directory(tmp_path, over, WITHOUT_F2, stored).jobs) == 2
    with pytest.raises(Invalid) as refusal:
        staff_files.directory(tmp_path, f"1;F1;;2020-01-01; 2;F2;;2020-01-01;{TODAY}", WITHOUT_F2, stored)
    (fault,) = refusal.value.faults
    assert fault.startswith(
        "personal.csv:3: enhetskod: Åsen (F2) finns inte i organisation.csv, men här är någon anställd."
    )
    assert "finns inte i organisationen" in faults(tmp_path, "2;F9;;2020-01-01;2020-12-31")[0]


def test_externals_need_not_stand_in_the_file_unless_it_knows_some(tmp_path: Path) -> None:
    external = UNITS + "X;Jouren;extern;;;;\nX1;Jourens kansli;enhet;X;;;\n"
    stored = staff_files.after(tmp_path, "1;F1;;2020-01-01;", units=external)
    for unit in ("X", "X1"):
        staff = f"1;F1;;2020-01-01; 9;{unit};;2025-01-01;"
        assert len(staff_files.directory(tmp_path, staff, UNITS, stored).jobs) == 2
        with pytest.raises(Invalid, match="finns inte i organisation"):
            staff_files.directory(tmp_path, staff, UNITS + "Y;Polisen;extern;;;;\n", stored)
        with pytest.raises(Invalid, match="finns inte i organisation"):
            staff_files.directory(tmp_path, staff, UNITS)


def test_what_is_odd_but_allowed_is_a_warning(tmp_path: Path) -> None:
    units = UNITS + "E;Ensam;enhet;;;;7 404\nO;Område;område;;;kock;\n"
    read = staff_files.directory(tmp_path, "7;F1;kock;2020-01-01; 8;F2;fiskare;2020-01-01;", units)
    assert read.warnings == (
        "organisation.csv:5: Ensam är enhet men ligger inte under någon förvaltning.",
        "organisation.csv:6: Område är område men ligger inte under någon förvaltning.",
        "organisation.csv:3: chefen 1 finns inte i personal.csv. Ängen får ingen sådan chef.",
        "organisation.csv:5: chefen 404 finns inte i personal.csv. Ensam får ingen sådan chef.",
        "Yrkesrollen ”fiskare” finns inte i någon kurs (1 rad).",
        "Yrkesrollen ”kock” finns inte i någon kurs (2 rader).",
    )


def test_unknown_columns_are_told_and_ignored(tmp_path: Path) -> None:
    first, second = staff_files.write(tmp_path, "1;F1;;2020-01-01;")
    first.write_text(
        first.read_text("utf-8")
        .replace("\n", ";färg\n", 1)
        .replace(";\n", ";;blå\n")
        .replace(";1\n", ";1;röd\n"),
        "utf-8",
    )
    read = staff_files.read(first, second)
    assert read.warnings == ("organisation.csv: kolumnen färg används inte.",)
    assert len(read.units) == 3


def test_a_role_is_stored_in_the_catalogues_spelling(tmp_path: Path) -> None:
    read = staff_files.directory(
        tmp_path, "1;F1;FÖRSKOLA;2020-01-01; 8;F2;;2020-01-01; 9;F2;Kock;2020-01-01;"
    )
    assert [job.job_role for job in read.jobs] == ["förskola", None, "Kock"]
    assert (
        staff_files.directory(tmp_path, "1;F1;;2020-01-01;", UNITS.replace(";förskola;", ";Förskola;"))
        .units["F1"]
        .job_role
        == "förskola"
    )


def test_cells_of_several_lines_become_one(tmp_path: Path) -> None:
    first, second = staff_files.write(tmp_path, "")
    second.write_text(JOBS + '1;"Anna\nMaria";Ek;;F1;;"Lärare\n\n åk 1";2020-01-01;\n', encoding="utf-8")
    (job,) = staff_files.read(first, second).jobs
    assert (job.name, job.position) == ("Anna Maria Ek", "Lärare åk 1")


cells = st.sampled_from(
    [
        "",
        "1",
        "F1",
        "U",
        "enhet",
        "extern",
        "2020-01-01",
        "2020-02-30",
        "a@b.se",
        "850101-1234",
        "Å",
        '"',
        "\n",
        "skola",
    ]
)
table = st.lists(st.lists(cells, min_size=6, max_size=10), max_size=5).map(
    lambda rows: "\n".join(";".join(row) for row in rows)
)


@given(table, table)
def test_no_rows_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, units: str, jobs: str) -> None:
    """Either everything is in order or every line of the refusal says where."""
    first, second = staff_files.write(tmp_path_factory.getbasetemp(), "", UNITS + units)
    second.write_text(JOBS + "1;För;Efter;;F1;;;2020-01-01;\n" + jobs, encoding="utf-8")
    told: tuple[str, ...] = ()
    try:
        staff_files.read(first, second)
    except Invalid as refusal:
        told = refusal.faults
    assert all(fault.startswith(("organisation.csv:", "personal.csv:")) for fault in told)
