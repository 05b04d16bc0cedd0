"""A mapping: files with other columns and values are read as if they were ours, and what is wrong with the
mapping is told at once, with its row."""

import contextlib
import csv
import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.csv_in import Faults, Record
from elearn.directory import files, mapping_draft, mapping_files, mapping_lines
from elearn.directory import plan as directory_plan
from elearn.directory.mapping import Mapping, Source, iso_date
from elearn.directory.rows import Directory
from elearn.errors import Invalid
from tests.directory import staff_files, workbooks
from tests.directory.staff_files import NOTHING, ROLES, TODAY

STAFF = """
[personal]
datum = ["ÅÅÅÅMMDD", "DD/MM/ÅÅÅÅ"]

[personal.kolumner]
"anställningsnr" = "Anst.nr"
"förnamn" = ["Tilltalsnamn", "Mellannamn"]
efternamn = {kolumn = "Namn", vid = ",", del = 1}
e-post = {"första" = ["Mejl", "Privat mejl"]}
enhetskod = "Org"
yrkesroll = "Verksamhet"
befattning = {flera = ["Titel", "Grad"], mellan = ", "}
"från" = "Anställd"
till = "Slutar"
skyddad = "Sekr"

[personal.byt.yrkesroll]
"Förskolan" = "förskola"
"övrigt" = ""

[personal.byt.till]
"99991231" = ""

[personal.byt.skyddad]
J = "ja"
N = "nej"

[[personal.utan]]
kolumn = "Form"
lika = ["Arvodist", "förtroendevald"]
"""
THEIRS = [
    "Anst.nr",
    "Tilltalsnamn",
    "Mellannamn",
    "Namn",
    "Mejl",
    "Privat mejl",
    "Org",
    "Verksamhet",
    "Titel",
    "Grad",
    "Anställd",
    "Slutar",
    "Sekr",
    "Form",
    "Lön",
]
ROWS = [
    ["1", "Sara", "Ida", "Lind, Sara", "", "s@x.se", "F1", "FÖRSKOLAN", "Lärare", "", "20200101", "99991231",
     "J", "Tillsvidare", "1"],
    ["2", "Omar", "", "Ek, Omar", "o@x.se", "p@x.se", "F2", "övrigt", "Kock", "II", "01/02/2021", "", "N",
     "Vikarie", "2"],
    ["3", "Bo", "", "Ås, Bo", "", "", "F2", "", "", "", "", "", "", "ARVODIST", "3"],
]  # fmt: skip
OURS = (
    "anställningsnr;förnamn;efternamn;e-post;enhetskod;yrkesroll;befattning;från;till;skyddad\n"
    "1;Sara Ida;Lind;s@x.se;F1;förskola;Lärare;2020-01-01;;ja\n"
    "2;Omar;Ek;o@x.se;F2;;Kock, II;2021-02-01;;nej\n"
)


def parsed(text: str) -> Mapping:
    faults = Faults("m.toml")
    mapping = mapping_files.parse_mapping(text.encode(), faults)
    assert faults.all() == []
    return mapping


def faults_of(text: str | bytes) -> list[str]:
    faults = Faults("m.toml")
    mapping_files.parse_mapping(text if isinstance(text, bytes) else text.encode(), faults)
    return faults.all()


def write(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return path


def read(organisation: Path | None, staff: Path, mapping: Mapping) -> Directory:
    found = files.read_files(organisation, staff, ROLES, mapping=mapping)
    return files.check_files(found, NOTHING, TODAY)


def told(directory: Directory) -> list[str]:
    return [change.sentence for change in directory_plan.make_plan(directory, NOTHING, TODAY).changes]


def test_their_file_and_ours_give_the_same_plan_as_csv_and_as_xlsx(tmp_path: Path) -> None:
    organisation, ours = staff_files.write(tmp_path, "")
    ours.write_text(OURS, encoding="utf-8")
    expected = told(staff_files.read(organisation, ours))
    assert len(expected) == 3 + 2 + 2 + 1
    dated = [[dt.date(2020, 1, 1) if cell == "20200101" else cell for cell in row] for row in ROWS]
    for theirs in (
        write(tmp_path / "hr.csv", THEIRS, *ROWS),
        workbooks.write(tmp_path / "hr.xlsx", ("Blad", [THEIRS, *dated])),
    ):
        directory = read(organisation, theirs, parsed(STAFF))
        assert told(directory) == expected
        assert directory.warnings == (
            f"{theirs.name}: kolumnen lön används inte.",
            f"{theirs.name}: mappningen utelämnar 1 rad.",
        )
        assert [job.row for job in directory.jobs] == [2, 3]
        assert set(directory.digests) == {"organisation_sha256", "staff_sha256", "mapping_sha256"}


def test_a_fault_is_told_by_both_names_of_the_column(tmp_path: Path) -> None:
    organisation, _ours = staff_files.write(tmp_path, "")
    theirs = write(tmp_path / "hr.csv", THEIRS, [*ROWS[0][:10], "2020-13-01", *ROWS[0][11:]])
    with pytest.raises(Invalid) as refusal:
        read(organisation, theirs, parsed(STAFF))
    assert refusal.value.faults == (
        "hr.csv:2: från (Anställd): ”2020-13-01”: månaden ska vara 01 till 12. Skriv datumet som 2020-12-01.",
    )


def test_a_column_of_theirs_that_is_missing_is_told(tmp_path: Path) -> None:
    organisation, _ours = staff_files.write(tmp_path, "")
    theirs = write(tmp_path / "hr.csv", THEIRS[1:], ROWS[0][1:])
    with pytest.raises(Invalid) as refusal:
        read(organisation, theirs, parsed(STAFF))
    assert refusal.value.faults[0].startswith("hr.csv:1: kolumnen ”anst.nr” saknas.")


def test_a_column_of_ours_needs_no_mapping_and_one_that_every_row_needs_is_asked_for(tmp_path: Path) -> None:
    organisation, ours = staff_files.write(tmp_path, "")
    ours.write_text(
        "Nr;förnamn;enhetskod;från\n1;Sara;F1;2020-01-01\n2;Omar;F1;2020-1-1 00:00:00\n", encoding="utf-8"
    )
    mapping = parsed('[personal.kolumner]\n"anställningsnr" = "Nr"\n')
    assert [job.starts_on for job in read(organisation, ours, mapping).jobs] == [dt.date(2020, 1, 1)] * 2
    ours.write_text("Nr;förnamn;enhetskod\n1;Sara;F1\n", encoding="utf-8")
    with pytest.raises(Invalid) as refusal:
        read(organisation, ours, mapping)
    assert refusal.value.faults == (
        "personal.csv:1: kolumnen ”från” saknas. Mappningen säger inte vilken av filens kolumner det är.",
    )


def test_a_file_that_the_mapping_does_not_speak_of_must_be_ours_with_every_column(tmp_path: Path) -> None:
    """Else a lost column ``chef`` would take the managers from every unit."""
    organisation, _ours = staff_files.write(tmp_path, "")
    lines = organisation.read_text(encoding="utf-8").splitlines()
    without = "\n".join(line.rpartition(";")[0] for line in lines)
    organisation.write_text(without + "\n", encoding="utf-8")
    with pytest.raises(Invalid) as refusal:
        read(organisation, write(tmp_path / "hr.csv", THEIRS, *ROWS), parsed(STAFF))
    assert refusal.value.faults[0].startswith("organisation.csv:1: kolumnen ”chef” saknas.")


def test_titles_above_the_header_are_passed_over_and_a_sheet_is_named(tmp_path: Path) -> None:
    mapping = parsed('[personal]\nrubrikrad = 3\nark = "HR"\n')
    organisation, ours = staff_files.write(tmp_path, "1;F1;;2020-01-01;")
    rows = [line.split(";") for line in ours.read_text(encoding="utf-8").splitlines()]
    titled = [["Personal, utdrag"], ["a,b,c,d,e,f,g"], *rows]
    as_csv = write(tmp_path / "hr.csv", *titled)
    as_xlsx = workbooks.write(tmp_path / "hr.xlsx", ("Info", [["hej"]]), ("HR", titled))
    for file in (as_csv, as_xlsx):
        assert [(job.row, job.number) for job in read(organisation, file, mapping).jobs] == [(4, "1")]


def test_a_mapping_that_leaves_out_every_row_is_a_fault(tmp_path: Path) -> None:
    organisation, ours = staff_files.write(tmp_path, "1;F1;;2020-01-01;")
    mapping = parsed('[[personal.utan]]\nkolumn = "yrkesroll"\nlika = [""]\n')
    with pytest.raises(Invalid) as refusal:
        read(organisation, ours, mapping)
    assert refusal.value.faults == ("personal.csv: mappningen utelämnar alla rader. Rätta dess utan.",)


FLAT = """
[[organisation.ur-personal]]
kolumner = {enhetskod = "Fkod", namn = "Förvaltning", "nämnd" = "Nämnd"}
fast = {"nivå" = "förvaltning"}

[[organisation.ur-personal]]
kolumner = {enhetskod = "Okod", namn = "Område"}
fast = {"nivå" = "område"}

[[organisation.ur-personal]]
kolumner = {enhetskod = "Ekod", namn = "Enhet", yrkesroll = "Verksamhet", chef = "Chefsnr"}
fast = {"nivå" = "enhet"}
byt.yrkesroll = {"Förskolan" = "förskola"}

[personal.kolumner]
"anställningsnr" = "Nr"
"förnamn" = "Namn"
enhetskod = {"första" = ["Ekod", "Okod", "Fkod"]}
"från" = "Start"
"""
FLAT_HEADER = [
    "Nr",
    "Namn",
    "Start",
    "Fkod",
    "Förvaltning",
    "Nämnd",
    "Okod",
    "Område",
    "Ekod",
    "Enhet",
    "Verksamhet",
    "Chefsnr",
]
FLAT_ROWS = [
    ["1", "Sara", "2020-01-01", "U", "Utbildning", "UN", "N", "Norr", "F1", "Ängen", "Förskolan", "2"],
    ["2", "Omar", "2020-01-01", "U", "Utbildning", "UN", "N", "Norr", "F1", "Ängen", "Förskolan", "2"],
    ["3", "Lisa", "2020-01-01", "U", "Utbildning", "UN", "", "", "F2", "Åsen", "", ""],
    ["4", "Per", "2020-01-01", "U", "Utbildning", "UN", "U", "Utbildning", "U", "Utbildning", "", ""],
    ["5", "Ida", "2020-01-01", "U", "Utbildning", "UN", "N", "Norr", "F1", "Ängen", "Förskolan", "1"],
]  # fmt: skip


def test_one_flat_file_gives_both_the_organisation_and_its_people(tmp_path: Path) -> None:
    directory = read(None, write(tmp_path / "hr.csv", FLAT_HEADER, *FLAT_ROWS), parsed(FLAT))
    assert [
        (unit.code, unit.name, unit.kind.value, unit.parent, unit.committee, unit.job_role, unit.managers)
        for unit in directory.units.values()
    ] == [
        ("U", "Utbildning", "department", None, "UN", None, ()),
        ("N", "Norr", "division", "U", None, None, ()),
        ("F1", "Ängen", "unit", "N", None, "förskola", ("2", "1")),
        ("F2", "Åsen", "unit", "U", None, None, ()),
    ]
    assert [(job.number, job.unit) for job in directory.jobs] == [
        ("1", "F1"), ("2", "F1"), ("3", "F2"), ("4", "U"), ("5", "F1"),
    ]  # fmt: skip
    assert directory.warnings == ()


def test_rows_of_a_flat_file_that_disagree_about_a_unit_are_faults(tmp_path: Path) -> None:
    rows = [[*row] for row in FLAT_ROWS]
    rows[1][9], rows[4][6], rows[4][7] = "Ängarna", "S", "Syd"
    with pytest.raises(Invalid) as refusal:
        read(None, write(tmp_path / "hr.csv", FLAT_HEADER, *rows), parsed(FLAT))
    assert refusal.value.faults == (
        "hr.csv:3: namn: enheten F1 har ”Ängarna” här men ”Ängen” på rad 2.",
        "hr.csv:6: överordnad: enheten F1 har ”S” här men ”N” på rad 2.",
    )


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (
            '[personal.kolumner]\n# kommentar\n"anställningnr" = "A"\nenhetkod = "B"\n',
            [
                'm.toml:3: personal.kolumner."anställningnr": nyckeln finns inte. Menar du ”anställningsnr”?',
                "m.toml:4: personal.kolumner.enhetkod: nyckeln finns inte. Menar du ”enhetskod”?",
            ],
        ),
        (
            '[person]\nx = 1\n\n[personal]\nrubrik = 2\narkk = "A"\n',
            [
                "m.toml:1: person: nyckeln finns inte. Menar du ”personal”?",
                "m.toml:5: personal.rubrik: nyckeln finns inte. Menar du ”rubrikrad”?",
                "m.toml:6: personal.arkk: nyckeln finns inte. Menar du ”ark”?",
            ],
        ),
        ("", ["m.toml: filen är tom. Den ska ha [personal], [organisation] eller båda."]),
        (
            "[personal.kolumner]\nförnamn = 1\n",
            [
                "m.toml:2: raden går inte att läsa som TOML. Text står inom citattecken, och det gör också nycklar med å, ä, ö, punkt eller blanksteg: \"anställningsnr\" = \"Anst.nr\""
            ],
        ),
        (
            '[personal.kolumner]\ntill = 3\nbefattning = []\naid = ""\n',
            [
                'm.toml:2: personal.kolumner.till: skriv filens kolumn inom citattecken, eller flera som ["A", "B"].',
                'm.toml:3: personal.kolumner.befattning: skriv filens kolumner som en lista: ["A", "B"].',
                "m.toml:4: personal.kolumner.aid: namnet på filens kolumn är tomt.",
            ],
        ),
        (
            '[personal.kolumner]\ntill = {kolumn = "A", flera = ["B"]}\naid = {kolumn = "A", del = 2}\ne-post = {kolumm = "A"}\n',
            [
                "m.toml:2: personal.kolumner.till: skriv en av kolumn, flera och första.",
                "m.toml:3: personal.kolumner.aid: del är ett heltal från 1, och vid är tecknet som delar. Skriv båda.",
                "m.toml:4: personal.kolumner.e-post.kolumm: nyckeln finns inte. Menar du ”kolumn”?",
                "m.toml:4: personal.kolumner.e-post: skriv en av kolumn, flera och första.",
            ],
        ),
        (
            '[organisation.fast]\n"nivå" = "avdelning"\nnamn = 3\n[organisation.kolumner]\nnamn = "A"\n[organisation.byt."nivå"]\nA = "enhet"\na = "område"\nB = "sektion"\n',
            [
                'm.toml:2: organisation.fast."nivå": ”avdelning” kan inte stå i nivå. Välj bland: enhet, extern, förvaltning, område.',
                "m.toml:3: organisation.fast.namn: skriv värdet inom citattecken.",
                'm.toml:8: organisation.byt."nivå".a: ”a” står två gånger, med olika värden.',
                'm.toml:9: organisation.byt."nivå".B: ”sektion” kan inte stå i nivå. Välj bland: enhet, extern, förvaltning, område.',
            ],
        ),
        (
            '[organisation]\nfast = {namn = "A"}\nkolumner = {namn = "B"}\n',
            ["m.toml:2: organisation.fast.namn: kolumnen står också under kolumner. Ta bort en av dem."],
        ),
        (
            '[personal]\ndatum = ["ÅÅÅÅ-DD-MM"]\n[organisation]\ndatum = ["DD/MM/ÅÅÅÅ", "MM/DD/ÅÅÅÅ"]\n',
            [
                "m.toml:2: personal.datum: välj bland: ÅÅÅÅ-MM-DD, ÅÅÅÅMMDD, ÅÅÅÅ/MM/DD, ÅÅÅÅ.MM.DD, DD-MM-ÅÅÅÅ, DD/MM/ÅÅÅÅ, DD.MM.ÅÅÅÅ, MM/DD/ÅÅÅÅ.",
                "m.toml:4: organisation.datum: DD/MM/ÅÅÅÅ och MM/DD/ÅÅÅÅ kan inte gälla båda: 02/03/2026 vore två dagar.",
            ],
        ),
        (
            '[[personal.utan]]\nkolumn = "A"\nlika = ["x"]\n\n[[personal.utan]]\nkolum = "A"\nlika = "x"\n',
            [
                'm.toml:5: personal.utan (2): lika ska vara en lista av värden, till exempel ["Arvodist"].',
                "m.toml:5: personal.utan (2): namnet på filens kolumn är tomt.",
                "m.toml:6: personal.utan (2).kolum: nyckeln finns inte. Menar du ”kolumn”?",
            ],
        ),
        (
            '[[organisation.ur-personal]]\nkolumner = {enhetskod = "A"}\n\n[organisation.byt.namn]\nA = "B"\n',
            [
                "m.toml:1: organisation.ur-personal (1): ”namn” saknas. Skriv den under kolumner.",
                "m.toml:1: organisation.ur-personal (1): ”nivå” saknas. Skriv den under fast.",
                "m.toml:4: organisation.byt: nyckeln finns inte. Välj bland: ur-personal.",
            ],
        ),
        (
            "[organisation]\nur-personal = true\n[personal]\nkolumner = 1\nark = 2\nutan = 3\n",
            [
                "m.toml:2: organisation.ur-personal: ska vara en lista av nivåer: [[organisation.ur-personal]] för var och en.",
                "m.toml:4: personal.kolumner: ska vara en tabell: [personal.kolumner] på en egen rad.",
                "m.toml:5: personal.ark: skriv värdet inom citattecken.",
                "m.toml:6: personal.utan: skriv [[personal.utan]] med kolumn och lika.",
            ],
        ),
        (b"\xff\xfe[", ["m.toml: filen är inte sparad som UTF-8. Spara om den som UTF-8."]),
    ],
)  # fmt: skip
def test_every_fault_of_a_mapping_is_told_at_once_with_its_row(text: str | bytes, faults: list[str]) -> None:
    assert faults_of(text) == faults


@pytest.mark.parametrize(
    ("row", "is_right"), [("0", False), ("1", True), ("1000", True), ("1001", False), ("true", False)]
)
def test_the_header_stands_in_one_of_the_first_thousand_rows(row: str, is_right: bool) -> None:
    told = ["m.toml:2: personal.rubrikrad: ska vara ett heltal från 1 till 1000: raden med kolumnernas namn."]
    assert faults_of(f"[personal]\nrubrikrad = {row}\n") == ([] if is_right else told)


@pytest.mark.parametrize(
    ("text", "formats", "day"),
    [
        ("20260131", ("ÅÅÅÅMMDD",), "2026-01-31"),
        ("31.1.2026", ("DD.MM.ÅÅÅÅ",), "2026-01-31"),
        ("1/2/2026", ("DD/MM/ÅÅÅÅ",), "2026-02-01"),
        ("1/2/2026", ("MM/DD/ÅÅÅÅ",), "2026-01-02"),
        ("31/1/2026", ("MM/DD/ÅÅÅÅ",), "31/1/2026"),
        ("20260230", ("ÅÅÅÅMMDD",), "20260230"),
        ("2026-01-31T00:00:00", ("ÅÅÅÅ-MM-DD",), "2026-01-31"),
        ("2026-01-31 00:00:00.000+01:00", (), "2026-01-31"),
        ("2026-01-31T08:00:00", ("ÅÅÅÅ-MM-DD",), "2026-01-31T08:00:00"),
        ("", ("ÅÅÅÅMMDD",), ""),
    ],
)  # fmt: skip
def test_dates_are_read_in_the_formats_that_the_mapping_names(
    text: str, formats: tuple[str, ...], day: str
) -> None:
    assert iso_date(text, formats) == day


@given(st.dates(dt.date(1900, 1, 1)), st.sampled_from(sorted(mapping_files.DATE_FORMATS)))
def test_every_day_is_read_back_from_every_format(day: dt.date, name: str) -> None:
    text = name
    for part, digits in (("ÅÅÅÅ", f"{day.year:04}"), ("MM", f"{day.month:02}"), ("DD", f"{day.day:02}")):
        text = text.replace(part, digits)
    assert iso_date(text, (name,)) == day.isoformat()


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (Source(("A",), at=",", part=1), "Lind"),
        (Source(("A",), at=",", part=2), "Sara"),
        (Source(("A",), at=",", part=3), ""),
        (Source(("B", "A"), None), "Lind, Sara"),
        (Source(("A", "B", "C"), "-"), "Lind, Sara-x"),
    ],
)
def test_a_value_comes_from_a_part_of_a_column_or_from_several(source: Source, value: str) -> None:
    assert source.value(Record(2, {"a": "Lind, Sara", "b": "", "c": "x"})) == value


def test_keys_in_lists_of_tables_have_their_rows() -> None:
    text = '[[a]]\nb = 1\n\n[[a]]\n[a."c d"]\nb.e = 1\n'
    lines = mapping_lines.lines_of(text)
    assert lines[("a", 0, "b")] == 2
    assert lines[("a", 1)] == 4
    assert lines[("a", 1, "c d", "b", "e")] == 6
    assert mapping_lines.row_of(("a", 1, "c d", "x"), lines) == 5
    assert mapping_lines.written(("a", 1, "c d")) == 'a (2)."c d"'


names = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs")), max_size=8)


@settings(max_examples=150, deadline=None)
@given(st.lists(names, min_size=1, max_size=6), st.sampled_from(";,\t"))
def test_a_draft_can_be_read_whatever_the_header_is(header: list[str], delimiter: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fil.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=delimiter).writerows([header, header])
        with contextlib.suppress(Invalid):  # a header that cannot be read is told in words
            assert faults_of(mapping_draft.draft(file)) == []


def test_a_draft_of_our_own_file_changes_nothing(tmp_path: Path) -> None:
    organisation, staff = staff_files.write(tmp_path, "1;F1;skola;2020-01-01; 2;F2;;2020-01-01;2027-01-01")
    expected = told(staff_files.read(organisation, staff))
    mapping = parsed(mapping_draft.draft(staff) + mapping_draft.draft(organisation))
    assert told(read(organisation, staff, mapping)) == expected


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_draft_finds_usual_names_and_says_what_is_left(tmp_path: Path, kind: str) -> None:
    rows = [
        ["referenceNumber", "givenname", "lastname", "startDate", "endDate", "orgId", "title", "isClassified",
         "topOrgName"],
        ["1", "Sara", "Lind", "01/02/2020", "13/02/2021", "7", "Lärare", "nej", "Utbildning"],
    ]  # fmt: skip
    file = (
        write(tmp_path / "hr.csv", *rows)
        if kind == "csv"
        else workbooks.write(tmp_path / "hr.xlsx", ("A", rows))
    )
    assert mapping_draft.draft(file) == (
        f"# Utkast efter hr.{kind}. Gå igenom varje rad innan filen används.\n"
        "[personal]\n"
        'datum = ["DD/MM/ÅÅÅÅ"]\n\n'
        "[personal.kolumner]\n"
        '"anställningsnr" = "referenceNumber"\n'
        '"förnamn" = "givenname"\n'
        'efternamn = "lastname"\n'
        '# e-post = ""  # kan utelämnas: ingen kolumn liknar den\n'
        'enhetskod = "orgId"\n'
        '# yrkesroll = ""  # kan utelämnas: ingen kolumn liknar den\n'
        'befattning = "title"\n'
        '"från" = "startDate"\n'
        'till = "endDate"\n'
        '# aid = ""  # kan utelämnas: ingen kolumn liknar den\n'
        '# "anställningsform" = ""  # kan utelämnas: ingen kolumn liknar den\n'
        '# "huvudanställning" = ""  # kan utelämnas: ingen kolumn liknar den\n'
        'skyddad = "isClassified"\n\n'
        "# används inte: topOrgName\n"
        '# Utelämna rader: [[personal.utan]], kolumn = "…", lika = ["…"]\n'
    )


TEMPLATES = Path(__file__).parents[2] / "docs" / "mall-personal"


@pytest.mark.parametrize("name", ["mappning.toml", "mappning-en-fil.toml"])
def test_the_templates_can_be_read(name: str) -> None:
    mapping = mapping_files.read_mapping(TEMPLATES / name)
    assert mapping.is_flat is (name == "mappning-en-fil.toml")


def test_the_template_for_one_file_reads_one_file(tmp_path: Path) -> None:
    row = {
        "referenceNumber": "1", "givenname": "Sara", "lastname": "Lind", "emailAddress": "", "orgId": "28",
        "orgName": "Ängen", "topOrgId": "10", "topOrgName": "Barn", "title": "Lärare", "endDate": "",
        "startDate": "2020-01-01T00:00:00", "aid": "402010", "formOfEmploymentId": "1",
        "isMainEmployment": "true", "isClassified": "True", "companyId": "1",
    }  # fmt: skip
    file = write(tmp_path / "hr.csv", list(row), list(row.values()))
    directory = read(None, file, mapping_files.read_mapping(TEMPLATES / "mappning-en-fil.toml"))
    assert {unit.code: unit.parent for unit in directory.units.values()} == {"10": None, "28": "10"}
    (job,) = directory.jobs
    assert (job.unit, job.starts_on, job.aid, job.is_main, job.is_protected) == (
        "28", dt.date(2020, 1, 1), "402010", True, True,
    )  # fmt: skip
    assert directory.warnings == ("hr.csv: kolumnen companyid används inte.",)


def test_the_example_of_the_papers_is_a_mapping() -> None:
    papers = (TEMPLATES.parent / "operations.md").read_text(encoding="utf-8")
    (example,) = [part.partition("```")[0] for part in papers.split("```toml\n")[1:]]
    assert parsed(example).jobs.sources["från"] == Source(("Anställd fr.o.m.",))
