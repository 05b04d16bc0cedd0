"""The worked example, to the letter, through the commands that an operator types, on both engines."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import elearn, words
from tests.content import folders
from tests.directory import workbooks

GOLDEN = Path(__file__).parent.parent / "golden"
DECIDED = GOLDEN / "decisions"
DATES = ("2026-11-30", "2026-12-01")


@pytest.fixture(autouse=True)
def courses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folders.write_roles(
        tmp_path / "courses", forskola="förskola", skola="skola", socialtjanst="socialtjänst"
    )
    monkeypatch.setenv("TEST_COURSES", str(folder))


@pytest.fixture
def imported(database_url: str) -> str:
    for arguments in (
        ("import", GOLDEN / "organisation.csv", GOLDEN / "personal.csv"),
        ("import-completions", GOLDEN / "genomforda.csv"),
        ("import-exemptions", GOLDEN / "undantag.csv"),
    ):
        done = elearn(*arguments, database_url=database_url, ELEARN_TODAY="2026-11-23")
        assert done.returncode == 0, words(done)
    return database_url


def same(golden: Any, found: Any) -> bool:
    """Equal in everything that golden fixes; more keys are allowed."""
    if isinstance(golden, dict):
        return all(key in found and same(value, found[key]) for key, value in golden.items())
    if isinstance(golden, list):
        return len(golden) == len(found) and all(map(same, golden, found))
    return bool(golden == found)


def test_the_worked_example_comes_out_to_the_letter(imported: str) -> None:
    for date in DATES:
        done = elearn("coverage", "--as-of", date, database_url=imported)
        assert done.stdout == (GOLDEN / f"tackning-{date}.csv").read_bytes()
        done = elearn("coverage", "--as-of", date, "--format", "json", database_url=imported)
        assert same(json.loads((GOLDEN / f"coverage-{date}.json").read_text()), json.loads(done.stdout))


def test_decisions_of_every_kind_come_out_to_the_letter_and_again_change_nothing(database_url: str) -> None:
    """measure.md, "Decisions about the target group"."""
    files = (
        ("import", DECIDED / "organisation.csv", DECIDED / "personal.csv"),
        ("import-completions", DECIDED / "genomforda.csv"),
        ("import-exemptions", DECIDED / "undantag.csv"),
        ("import-decisions", DECIDED / "malgrupp.csv"),
    )
    for told in ("10 nya beslut, 0 fanns redan.", "0 nya beslut, 10 fanns redan."):
        for arguments in files:
            done = elearn(*arguments, database_url=database_url, ELEARN_TODAY="2026-11-23")
            assert done.returncode == 0, words(done)
        assert told in words(done)
        for date in ("2026-11-29", *DATES):
            done = elearn("coverage", "--as-of", date, database_url=database_url)
            assert done.stdout.decode() == (DECIDED / f"tackning-{date}.csv").read_bytes().decode()


def test_the_same_files_as_spreadsheets_come_out_to_the_letter(database_url: str, tmp_path: Path) -> None:
    """Every number and date as a spreadsheet keeps it: the numbers as numbers, the days as days."""

    def sheet(name: str) -> Path:
        rows = [line.split(";") for line in (DECIDED / name).read_text(encoding="utf-8-sig").splitlines()]
        cells = [[cell if not row else typed(cell) for cell in line] for row, line in enumerate(rows)]
        return workbooks.write(tmp_path / name, ("Blad1", cells))

    def typed(cell: str) -> object:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
            return dt.date.fromisoformat(cell)
        return int(cell) if re.fullmatch("[1-9][0-9]*", cell) else cell

    for arguments in (
        ("import", sheet("organisation.csv"), sheet("personal.csv")),
        ("import-completions", sheet("genomforda.csv")),
        ("import-exemptions", sheet("undantag.csv")),
        ("import-decisions", sheet("malgrupp.csv")),
    ):
        done = elearn(*arguments, database_url=database_url, ELEARN_TODAY="2026-11-23")
        assert done.returncode == 0, words(done)
    for date in ("2026-11-29", *DATES):
        done = elearn("coverage", "--as-of", date, database_url=database_url)
        assert done.stdout.decode() == (DECIDED / f"tackning-{date}.csv").read_bytes().decode()


def test_two_thirds_are_not_secured_at_66_7_percent(imported: str) -> None:
    done = elearn("coverage", "--as-of", DATES[0], "--threshold", "0.667", database_url=imported)
    assert "enhet;S1;Barnmottagningen;S;;3;3;2;0;0;1;66,7;nej;66,7" in done.stdout.decode()
    done = elearn("coverage", "--as-of", DATES[0], "--threshold", "0,6666", database_url=imported)
    assert "enhet;S1;Barnmottagningen;S;;3;3;2;0;0;1;66,7;ja;66,7" in done.stdout.decode()


def test_a_department_alone_has_its_own_measure_and_nothing_of_others(imported: str) -> None:
    done = elearn(
        "coverage", "--as-of", DATES[0], "--department", "U", "--format", "json", database_url=imported
    )
    report = json.loads(done.stdout)
    assert [row["code"] for row in report["rows"]] == ["U", "UF", "UF2", "UF1", "US1"]
    assert report["measure"] == {
        "departments": {"secured": 0, "with_target": 1},
        "units": {"secured": 2, "with_target": 3},
        "both": {"secured": 2, "with_target": 4},
    }


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--as-of", "i morgon"), "i morgon är inget datum"),
        (("--threshold", "0"), "över 0 och högst 1"),
        (("--threshold", "1.01"), "över 0 och högst 1"),
        (("--department", "UF1"), "ingen förvaltning med koden UF1"),
    ],
)
def test_a_wrong_word_is_refused_in_swedish(
    sqlite_url: str, arguments: tuple[str, ...], expected: str
) -> None:
    done = elearn("coverage", *arguments, database_url=sqlite_url)
    assert (done.returncode, done.stdout) == (1, b"")
    assert expected in words(done)


def test_a_coming_date_is_a_forecast_and_data_stays_clean(imported: str) -> None:
    done = elearn(
        "coverage",
        "--as-of",
        "2026-12-24",
        "--format",
        "json",
        database_url=imported,
        ELEARN_TODAY="2026-12-23",
    )
    assert "prognos" in words(done)
    assert json.loads(done.stdout)["as_of"] == "2026-12-24"
    done = elearn("coverage", "--as-of", "2026-12-23", database_url=imported, ELEARN_TODAY="2026-12-23")
    assert words(done) == ""


def test_a_recalled_completion_is_out_of_every_count(imported: str) -> None:
    """S45: taken out by a row of its own, with a reason; again is refused; the same row in the file does not
    bring it back."""
    recall = ("recall", "1011", "socialtjanst", "2026-01-15", "--reason", "Fel person")
    assert elearn(*recall, database_url=imported).returncode == 0
    done = elearn("coverage", "--as-of", DATES[0], database_url=imported)
    assert "enhet;S1;Barnmottagningen;S;;3;3;1;0;0;2;33,3;nej" in done.stdout.decode()
    again = elearn(*recall, database_url=imported)
    assert again.returncode == 1
    assert "redan återkallad" in words(again)
    elearn("import-completions", GOLDEN / "genomforda.csv", database_url=imported)
    assert elearn("coverage", "--as-of", DATES[0], database_url=imported).stdout == done.stdout
    assert (
        elearn(
            "recall", "1012", "socialtjanst", "2026-01-15", "--reason", "x", database_url=imported
        ).returncode
        == 1
    )


def test_everything_again_changes_nothing(imported: str) -> None:
    done = elearn(
        "import",
        GOLDEN / "organisation.csv",
        GOLDEN / "personal.csv",
        database_url=imported,
        ELEARN_TODAY="2026-11-23",
    )
    assert "Inget har ändrats" in words(done)
    done = elearn("import-completions", GOLDEN / "genomforda.csv", database_url=imported)
    assert "0 nya tillgodoräknade, 10 fanns redan" in words(done)
    done = elearn("import-exemptions", GOLDEN / "undantag.csv", database_url=imported)
    assert "0 nya undantag, 1 fanns redan" in words(done)
