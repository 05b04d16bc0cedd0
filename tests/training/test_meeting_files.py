"""Who attended, as a list or a file, and moten.csv: what is read and every fault with its row."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn.errors import Invalid
from elearn.people.models import UnitKind
from elearn.training import meeting_files, meeting_reach
from elearn.training.meeting_actions import NewMeeting
from tests import builders
from tests.training.registers import CUTTING, DAY, HONOUR, held


def test_a_pasted_list_has_a_number_on_each_line() -> None:
    listed = meeting_files.read_list("\n 100001 \r\n\n00042\n")
    assert listed.numbers == ((2, "100001"), (4, "00042"))
    assert listed.faults.all() == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Listan: Skriv minst ett anställningsnummer."),
        ("  \n\n", "Listan: Skriv minst ett anställningsnummer."),
        ("1\n2;Sara\n", "Listan:2: ”2;Sara” är inget anställningsnummer."),
        ("1\n\n850101-1234", "Listan:3: här står något som ser ut som ett personnummer."),
    ],
)
def test_what_is_no_list_of_numbers_is_told_with_its_row(text: str, told: str) -> None:
    [fault] = meeting_files.read_list(text).faults.all()
    assert fault.startswith(told)
    assert "850101" not in fault


@given(st.text())
def test_any_text_is_read_or_told(text: str) -> None:
    listed = meeting_files.read_list(text)
    rows = [row for row, _number in listed.numbers]
    assert rows == sorted(set(rows))
    assert bool(listed.numbers) or listed.faults.count > 0


@pytest.mark.parametrize("is_everything", [True, False])
def test_unknown_numbers_and_those_out_of_reach_are_told_alike(session: Session, is_everything: bool) -> None:
    u = builders.unit(session, "U", UnitKind.DEPARTMENT)
    s = builders.unit(session, "S", UnitKind.DEPARTMENT)
    mine, theirs = builders.person(session, number="A1"), builders.person(session, number="B2")
    builders.employ(session, mine, u)
    builders.employ(session, theirs, s)
    reach = None if is_everything else (u.id,)
    meeting = meeting_reach.meeting_in(session, None, held(session))
    listed = meeting_files.read_list("a1\nB2\nC3\nA1")
    found = meeting_files.find_persons(session, listed, reach, meeting)
    assert [one.number for one in found] == (["A1", "B2"] if is_everything else ["A1"])
    where = "" if is_everything else " bland dem som arbetade i din förvaltning den 2026-05-04"
    assert listed.faults.all() == [
        f"Listan:{row}: {number} finns inte{where}."
        for row, number in ((2, "B2"), (3, "C3"))
        if not (is_everything and number == "B2")
    ]


def test_a_file_of_attendance_needs_one_column(tmp_path: Path) -> None:
    file = tmp_path / "narvaro.csv"
    file.write_text("Namn;Anställningsnr\nSara;1\nJohan;x y\n", encoding="utf-8")
    listed = meeting_files.read_attendance(file)
    assert (listed.numbers, listed.unknown) == (((2, "1"),), ("namn",))
    assert listed.faults.all() == [
        "narvaro.csv:3: anställningsnr: ”x y” är inget anställningsnummer. Det får ha bokstäver, siffror, "
        "punkt och bindestreck."
    ]


HEADER = "datum;titel;ämnen;ordnat av;förvaltningar\n"


def read(tmp_path: Path, rows: str) -> meeting_files.Meetings:
    file = tmp_path / "moten.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    return meeting_files.read_meetings(file)


def test_moten_csv_is_read_whatever_the_order_and_capitals_of_the_subjects(tmp_path: Path) -> None:
    meetings = read(
        tmp_path, f"{DAY};Heldag;Hedersrelaterat våld och förtryck , KÖNSSTYMPNING,könsstympning;VPC;U  S\n"
    )
    new = NewMeeting("Heldag", dt.date(2026, 5, 4), "VPC", (HONOUR, CUTTING), ("U", "S"))
    assert meetings.rows == ((2, new),)


def test_every_fault_of_moten_csv_is_told_and_a_row_with_one_is_no_meeting(tmp_path: Path) -> None:
    meetings = read(tmp_path, "igår;;dans;;\n")
    assert meetings.rows == ()
    assert [line.split(": ")[1] for line in meetings.faults.all()] == [
        "datum",
        "förvaltningar",
        "ordnat av",
        "titel",
        "ämnen",
    ]
    with pytest.raises(Invalid):
        meeting_files.csv_in.refuse(meetings.faults)
