"""``coverage``: where the data goes, where the words go, and what is refused (the figures: test_golden)."""

import datetime as dt
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from elearn import database
from elearn.cli import main
from elearn.people.models import UnitKind
from tests import builders
from tests.content import folders

TODAY = "2026-11-23"
HEADER = "mätdatum;nivå;enhetskod;enhet;"


@pytest.fixture(autouse=True)
def municipality(
    engine: sa.Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELEARN_DATABASE_URL", database_url)
    monkeypatch.setenv("ELEARN_COURSES_DIR", str(folders.write_roles(tmp_path / "courses", skola="skola")))
    monkeypatch.setenv("ELEARN_TODAY", TODAY)
    with database.transaction(engine) as session:
        for code in ("D", "E"):
            top = builders.unit(session, code, UnitKind.DEPARTMENT, job_role="skola")
            at = builders.unit(session, f"{code}1", parent=top)
            people = [builders.person(session) for _ in range(5)]
            for someone in people:
                builders.employ(session, someone, at)
            for someone in people[:4]:
                builders.recognise(session, someone, "skola", dt.date(2026, 1, 1), dt.date(2027, 1, 1))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["coverage", *map(str, arguments)])


def test_without_options_it_is_today_as_csv_with_the_setting_s_threshold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ELEARN_THRESHOLD", "0.8")
    done = run()
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout_bytes.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith(HEADER)
    assert lines[1] == f"{TODAY};förvaltning;D;Enhet D;;;5;5;4;0;0;1;80,0;ja;80,0"
    assert len(lines) == 6
    assert lines[-1] == ""


def test_a_threshold_on_the_line_goes_before_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELEARN_THRESHOLD", "0.8")
    report = json.loads(run("--threshold", "0,801", "--format", "json").stdout)
    assert (report["threshold"], report["measure"]["both"]) == (0.801, {"secured": 0, "with_target": 4})


def test_a_file_holds_the_same_bytes_as_standard_output_which_then_is_silent(tmp_path: Path) -> None:
    for form in ("csv", "json"):
        done = run("--format", form, "--output", tmp_path / "rapport")
        assert (done.exit_code, done.stdout) == (0, "")
        assert (tmp_path / "rapport").read_bytes() == run("--format", form).stdout_bytes


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = run("--output", tmp_path / "finns-inte" / "rapport.csv")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{tmp_path}/finns-inte/rapport.csv går inte att skriva")
    assert run("--output", tmp_path).exit_code == 2


@pytest.mark.parametrize("option", ["--as-of", "--threshold", "--department"])
def test_an_empty_option_is_refused_and_never_means_everything(option: str) -> None:
    """An empty variable in a script must not turn one department's report into everybody's."""
    done = run(option, "")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.strip()


@pytest.mark.parametrize(
    "text", ["2026-02-30", "31/12 2026", "2026-13-01", "20261231", "2026-W48-1", "imorgon"]
)
def test_a_date_that_is_none_is_refused(text: str) -> None:
    done = run("--as-of", text)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"{text} är inget datum. Skriv det som 2026-12-31." in done.stderr


@pytest.mark.parametrize("text", ["0", "-0.1", "1.0001", "90", "90 %", "nio", "nan", "inf"])
def test_a_threshold_outside_its_bounds_is_refused(text: str) -> None:
    done = run("--threshold", text)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "över 0 och högst 1" in done.stderr


def test_a_format_that_is_not_there_is_wrong_usage() -> None:
    assert run("--format", "xml").exit_code == 2


def test_a_department_s_report_names_no_other_department() -> None:
    """S4."""
    for form in ("csv", "json"):
        done = run("--department", "D", "--format", form)
        assert "Enhet D1" in done.stdout
        assert "Enhet E" not in done.stdout


@pytest.mark.parametrize(("date", "is_told"), [("2026-11-23", False), ("2026-11-24", True)])
def test_only_a_date_after_today_is_called_a_forecast_on_standard_error(date: str, is_told: bool) -> None:
    done = run("--as-of", date)
    assert ("prognos" in done.stderr) is is_told
    assert "prognos" not in done.stdout


def test_the_public_form_hides_the_small_groups_and_says_so() -> None:
    """Each unit has five with four trained: one who is not is too few."""
    lines = run("--form", "public").stdout_bytes.decode("utf-8-sig").split("\r\n")
    assert lines[1] == f"{TODAY};förvaltning;D;Enhet D;;;..;..;..;..;..;..;..;..;90,0"
    document = json.loads(run("--form", "public", "--format", "json").stdout)
    assert [row["hidden"] for row in document["rows"]] == [True] * 4
    assert document["measure"]["both"] == {
        "secured": None, "with_target": 4, "secured_least": 0, "secured_most": 4
    }  # fmt: skip
    part = json.loads(run("--form", "public", "--format", "json", "--department", "D").stdout)
    assert part["rows"] == document["rows"][:2]
    assert run("--form", "hemlig").exit_code == 2


@pytest.mark.parametrize("form", ["full", "public"])
def test_a_spreadsheet_is_the_same_bytes_in_a_file_and_in_a_pipe(tmp_path: Path, form: str) -> None:
    done = run("--form", form, "--format", "xlsx", "--output", tmp_path / "rapport.xlsx")
    assert (done.exit_code, done.stdout) == (0, "")
    data = (tmp_path / "rapport.xlsx").read_bytes()
    assert data == run("--form", form, "--format", "xlsx").stdout_bytes
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    header, first, *_ = book.get_sheet_by_name("Täckning").to_python()
    row = dict(zip(header, first, strict=True))
    assert (row["enhet"], row["målgrupp"]) == ("Enhet D", 5.0 if form == "full" else "..")


def test_a_spreadsheet_is_not_written_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides: a pipe takes it (above)."""
    terminal, other_end = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "elearn", "coverage", "--format", "xlsx"],
        stdout=other_end, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(other_end)
    os.close(terminal)
    assert done.returncode == 1
    assert "Skriv det till en fil med --output." in done.stderr
