"""``import-meetings`` and ``import-attendance``: what they write and what they say."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from elearn import database
from elearn.cli import main
from elearn.people.models import UnitKind
from elearn.training.meeting_models import Meeting, MeetingAttendance
from elearn.training.models import Completion
from tests import builders
from tests.content import folders
from tests.directory import workbooks

SUBJECTS = "våld i nära relationer, könsstympning, hedersrelaterat våld och förtryck"
HEADER = "datum;titel;ämnen;ordnat av;förvaltningar\n"
ROW = f"2026-05-04;Heldag;{SUBJECTS};VPC;U\n"


@pytest.fixture(autouse=True)
def municipality(
    engine: sa.Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELEARN_DATABASE_URL", database_url)
    monkeypatch.setenv("ELEARN_COURSES_DIR", str(folders.write_roles(tmp_path / "courses", skola="skola")))
    monkeypatch.setenv("ELEARN_TODAY", "2026-11-23")
    with database.transaction(engine) as session:
        u = builders.unit(session, "U", UnitKind.DEPARTMENT, job_role="skola")
        for number in ("1001", "1002"):
            builders.employ(session, builders.person(session, number=number), u)


def run(tmp_path: Path, command: tuple[str, ...], text: str) -> Result:
    file = tmp_path / "fil.csv"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, [*command, str(file)])


def count(engine: sa.Engine, model: type[database.Base]) -> int:
    with database.snapshot(engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_each_meeting_gets_a_number_that_it_keeps(engine: sa.Engine, tmp_path: Path) -> None:
    for _turn in range(2):
        done = run(tmp_path, ("import-meetings",), HEADER + ROW + ROW.replace("Heldag", "Halvdag"))
        assert (done.exit_code, done.stdout) == (0, "1;2026-05-04;Heldag\n2;2026-05-04;Halvdag\n")
    assert count(engine, Meeting) == 2


def test_meetings_and_who_attended_are_read_from_spreadsheets(engine: sa.Engine, tmp_path: Path) -> None:
    rows = [line.split(";") for line in (HEADER + ROW).splitlines()]
    meetings = workbooks.write(tmp_path / "moten.xlsx", ("Möten", rows))
    attended = workbooks.write(tmp_path / "deltagare.xlsx", ("Blad1", [["anställningsnr"], [1001], ["1002"]]))
    assert CliRunner().invoke(main, ["import-meetings", str(meetings)]).exit_code == 0
    done = CliRunner().invoke(main, ["import-attendance", "1", str(attended)])
    assert (done.exit_code, count(engine, MeetingAttendance)) == (0, 2)


def test_one_fault_stops_the_whole_file(engine: sa.Engine, tmp_path: Path) -> None:
    rows = ROW + ROW.replace(";U", ";Z") + ROW.replace("2026-05-04", "2026-11-24") + ROW.replace("VPC", "")
    done = run(tmp_path, ("import-meetings",), HEADER + rows)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "fil.csv:3: Det finns ingen förvaltning med koden Z.",
        "fil.csv:4: Dagen har inte varit än. Registrera mötet när det har hållits.",
        "fil.csv:5: ordnat av: fältet är tomt. Fyll i det.",
    ]
    assert count(engine, Meeting) == 0


def test_attendance_is_recorded_once_and_unknown_numbers_stop_the_file(
    engine: sa.Engine, tmp_path: Path
) -> None:
    run(tmp_path, ("import-meetings",), HEADER + ROW)
    attendance = ("import-attendance", "1")
    for expected in ("2 nya deltagare, 0 fanns redan.", "0 nya deltagare, 2 fanns redan."):
        done = run(tmp_path, attendance, "anställningsnr;namn\n1001;Sara\n1002;\n1001;\n")
        assert done.exit_code == 0
        assert done.stderr.splitlines() == ["Varning: fil.csv: kolumnerna namn används inte.", expected]
    done = run(tmp_path, attendance, "anställningsnr\n1001\n7777\n")
    assert (done.exit_code, done.stderr) == (1, "fil.csv:3: 7777 finns inte.\n")
    assert (count(engine, MeetingAttendance), count(engine, Completion)) == (2, 0)


def test_an_unknown_meeting_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, ("import-attendance", "9"), "anställningsnr\n1001\n")
    assert (done.exit_code, done.stderr) == (1, "Det finns inget möte med det numret.\n")
