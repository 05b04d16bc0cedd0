"""aid.csv: the role that an AID code gives, after the row's own and before the unit's; and codes without one."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.directory import aid, files
from elearn.directory.rows import Directory, MissingCode
from elearn.errors import Invalid
from tests.directory import staff_files
from tests.directory.staff_files import NOTHING, ROLES, TODAY

UNITS = "U;Utbildning;förvaltning;;;;\nF1;Ängen;enhet;U;;förskola;\nF2;Åsen;enhet;U;;;\nF10;Å;enhet;U;;;\n"
HEADER = "anställningsnr;förnamn;efternamn;e-post;enhetskod;yrkesroll;befattning;från;till;aid\n"


def read(folder: Path, staff: str, codes: str) -> Directory:
    """``staff`` rows: number;unit;role;position;to;aid."""
    organisation, personal = staff_files.write(folder, "", UNITS)
    lines = []
    for row in staff.split():
        number, unit, role, position, end, code = row.split(";")
        lines.append(f"{number};För{number};Ek;;{unit};{role};{position};2020-01-01;{end};{code}\n")
    personal.write_text(HEADER + "".join(lines), encoding="utf-8")
    table = folder / "aid.csv"
    table.write_text("aid;yrkesroll\n" + codes, encoding="utf-8")
    return files.check_files(files.read_files(organisation, personal, ROLES, table), NOTHING, TODAY)


def test_the_rows_own_role_comes_first_then_the_codes_then_the_units(tmp_path: Path) -> None:
    staff = "1;F1;förskola;;;10 2;F1;;;;10 3;F1;;;;11 4;F2;;;;10 5;F1;;;; 6;F1;;;;12"
    directory = read(tmp_path, staff, "10;Skola\n11;\n")
    assert {job.number: job.job_role for job in directory.jobs} == {
        "1": "förskola", "2": "skola", "3": None, "4": "skola", "5": None, "6": None,
    }  # fmt: skip
    assert directory.warnings == ()
    assert set(directory.digests) == {"organisation_sha256", "staff_sha256", "aid_sha256"}


def test_codes_without_a_role_are_told_with_how_many_people_and_where(tmp_path: Path) -> None:
    """A person is counted once; a row with a role of its own, a code that aid.csv has without a role, and an
    employment that is over are not counted. ``utan yrkesroll``: the unit gives none either."""
    staff = (
        "1;F1;;Kock;;20 1;F2;;Vikarie;;20 2;F2;;Kock;;20 3;F10;;;2026-11-23;20 4;F2;;;2026-11-22;20 "
        "5;F1;skola;;;20 6;F1;;;;21 7;F1;;;;A9 8;F1;;;;a9"
    )
    directory = read(tmp_path, staff, "21;\n")
    assert directory.missing_codes == (
        MissingCode("20", 3, 3, ("F1", "F10", "F2"), ("Kock", "Vikarie")),
        MissingCode("A9", 2, 0, ("F1",), ()),
    )
    assert list(aid.sentences(directory.missing_codes)) == [
        "AID 20 saknar yrkesroll: 3 personer i 3 enheter, 3 utan roll från enheten.",
        "AID A9 saknar yrkesroll: 2 personer i 1 enhet, alla med enhetens roll.",
    ]
    assert aid.to_csv(directory.missing_codes).decode("utf-8-sig") == (
        "aid;personer;utan yrkesroll;enheter;befattningar\r\n20;3;3;F1, F10, F2;Kock, Vikarie\r\nA9;2;0;F1;\r\n"
    )


def test_nothing_is_told_of_codes_when_there_is_no_table_of_them(tmp_path: Path) -> None:
    organisation, personal = staff_files.write(tmp_path, "1;F1;;2020-01-01;")
    personal.write_text(HEADER + "1;Sara;Ek;;F1;;;2020-01-01;;20\n", encoding="utf-8")
    directory = files.check_files(files.read_files(organisation, personal, ROLES), NOTHING, TODAY)
    assert (directory.missing_codes, directory.warnings) == ((), ())


def test_faults_of_the_table_are_told_with_those_of_the_files(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        read(tmp_path, "1;F11;;;;10", "10;skola\n10;förskola\n;skola\n10;SKOLA\n")
    assert refusal.value.faults == (
        "personal.csv:2: enhetskod: ”F11” finns inte i organisationen. Menar du F1, Ängen?",
        "aid.csv:3: aid: 10 har en annan yrkesroll på rad 2.",
        "aid.csv:4: aid: fältet är tomt. Fyll i det.",
    )


def test_a_role_that_no_course_names_is_a_warning(tmp_path: Path) -> None:
    directory = read(tmp_path, "1;F1;;;;10", "10;kock\n")
    assert directory.warnings == ("Yrkesrollen ”kock” finns inte i någon kurs (1 rad).",)


@pytest.mark.parametrize(
    ("count", "lines", "last"),
    [
        (20, 20, "AID 19 "),
        (21, 21, "… och 1 kod till saknar yrkesroll."),
        (22, 21, "… och 2 koder till saknar yrkesroll."),
    ],
)
def test_at_most_twenty_codes_are_told_one_by_one(count: int, lines: int, last: str) -> None:
    told = list(aid.sentences([MissingCode(str(code), 1, 1, ("F1",), ()) for code in range(count)]))
    assert len(told) == lines
    assert told[-1].startswith(last)


@given(
    st.dictionaries(st.text("0123456789A", min_size=1, max_size=3), st.sampled_from([*ROLES, ""]), min_size=1)
)
def test_every_code_of_the_table_gives_its_role(codes: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        staff = " ".join(f"{place};F2;;;;{code}" for place, code in enumerate(codes))
        directory = read(Path(folder), staff, "".join(f"{code};{role}\n" for code, role in codes.items()))
    found = {job.aid: job.job_role or "" for job in directory.jobs}
    assert found == codes
    assert directory.missing_codes == ()
