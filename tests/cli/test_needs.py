"""``needs``: where the plan goes, and what is refused (the figures: tests/reports)."""

import datetime as dt
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from elearn import database
from elearn.cli import main
from elearn.people.models import UnitKind
from tests import builders
from tests.content import folders


@pytest.fixture(autouse=True)
def municipality(
    engine: sa.Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELEARN_DATABASE_URL", database_url)
    monkeypatch.setenv("ELEARN_COURSES_DIR", str(folders.write_roles(tmp_path / "courses", skola="skola")))
    monkeypatch.setenv("ELEARN_TODAY", "2026-11-23")
    with database.transaction(engine) as session:
        for code in ("D", "E"):
            top = builders.unit(session, code, UnitKind.DEPARTMENT, job_role="skola")
            for number in range(3):
                someone = builders.person(session)
                builders.employ(session, someone, top)
                if number:
                    builders.recognise(session, someone, "skola", dt.date(2026, 1, 1), dt.date(2027, 1, 1))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["needs", *map(str, arguments)])


def test_without_options_it_is_everything_as_csv() -> None:
    done = run()
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout_bytes.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("mätdatum;nivå;enhetskod;enhet;överordnad;nämnd;yrkesroll;kurs;målgrupp;")
    assert lines[1].startswith("2026-11-23;förvaltning;D;Enhet D;;;;;3;2;1;2;2;2;")
    assert lines[2].startswith("2026-11-23;förvaltning;D;Enhet D;;;skola;skola;3;2;1;2;2;2;")
    assert len(lines) == 6


def test_one_department() -> None:
    document = json.loads(run("--department", "E", "--format", "json").stdout)
    assert {row["code"] for row in document["rows"]} == {"E"}
    assert document["whole"]["target"] == 3


def test_a_spreadsheet_goes_to_its_file(tmp_path: Path) -> None:
    done = run("--format", "xlsx", "--output", tmp_path / "plan.xlsx")
    assert (done.exit_code, done.stdout) == (0, "")
    assert (tmp_path / "plan.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("code", ["", "X", "D1"])
def test_a_code_that_is_no_department_is_refused(code: str) -> None:
    done = run("--department", code)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"Det finns ingen förvaltning med koden {code}.\n"


def test_the_list_of_activities_with_its_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "# Aktiviteter\n\n## Alla i skolan utbildas\n\nAlla går kursen.\n\n- Mål: 4.4\n- Ansvarig nämnd: Nämnden\n"
        "- Medansvariga: samtliga nämnder\n- Tidsplan: inte angiven\n- Kurs: skola\n- Mått: Andelen.\n"
        "- Källa: planen\n- Kontrollerad: 2026-11-30\n"
    )
    (tmp_path / "courses" / "aktiviteter.md").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, ["activities"])
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout_bytes.decode("utf-8-sig").split("\r\n")
    start = "4.4;Alla i skolan utbildas;Nämnden;samtliga nämnder;;skola;Andelen.;2"
    assert lines[1] == f"{start};nämnden och VPC;Enhet D;skola;3;2;66,7;inte säkerställt"
    monkeypatch.setenv("ELEARN_VPC_LEADS_FROM", "2")
    again = CliRunner().invoke(main, ["activities"]).stdout_bytes.decode("utf-8-sig").split("\r\n")
    assert again[1].startswith(f"{start};VPC;Enhet D;")
    monkeypatch.setenv("ELEARN_VPC_LEADS_FROM", "4")
    monkeypatch.setenv("ELEARN_VPC_JOINS_FROM", "3")
    assert (
        CliRunner()
        .invoke(main, ["activities"])
        .stdout_bytes.decode("utf-8-sig")
        .split("\r\n")[1]
        .startswith(f"{start};nämnden;Enhet D;")
    )
    file = CliRunner().invoke(main, ["activities", "--format", "xlsx", "--output", str(tmp_path / "a.xlsx")])
    assert (file.exit_code, (tmp_path / "a.xlsx").read_bytes()[:2]) == (0, b"PK")
