"""What every command starts from: a database without today's tables is refused in words, never with a
traceback."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from elearn.cli import main
from tests.cli import commands
from tests.content import folders

ADVICE = "Databasens schema är inte aktuellt. Kör: elearn migrate\n"


@pytest.mark.parametrize(
    "command",
    [
        "coverage",
        "tidy",
        "import organisation.csv personal.csv",
        "import-exemptions undantag.csv",
        "import-decisions malgrupp.csv",
        "import-completions genomforda.csv",
        "invite --output koder.csv",
        "grant 1 vpc",
        "revoke 1 vpc",
        "set-password 1",
        "recall 1 skola 2026-01-01 --reason fel",
        "end-decision 1 2026-01-01",
    ],
)
def test_a_command_on_an_empty_database_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ELEARN_COURSES_DIR", str(folders.write_roles(tmp_path / "courses", skola="skola")))
    header = "anställningsnr;kurs;datum;källa\n"
    (tmp_path / "genomforda.csv").write_text(header, encoding="utf-8")
    columns = "enhetskod;anställningsnr;befattning;beslut;yrkesroll;från;till;skäl;beslut av\n"
    (tmp_path / "malgrupp.csv").write_text(columns, encoding="utf-8")
    done = CliRunner().invoke(
        main, command.split(), env={"ELEARN_DATABASE_URL": f"sqlite:///{tmp_path}/tom.db"}
    )
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", ADVICE)
    assert not (tmp_path / "koder.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [("coverage", 0), ("coverage --as-of nyss", 1), ("finns-inte", 2)],
)
def test_the_installed_command_answers_as_the_one_that_the_tests_run(
    sqlite_url: str, arguments: str, code: int
) -> None:
    """Data, words and the exit code, byte for byte; the usage alone names the command."""
    told = [
        (
            done.returncode,
            done.stdout.replace(b"python -m elearn", b"elearn"),
            done.stderr.replace(b"python -m elearn", b"elearn"),
        )
        for run in (commands.elearn, commands.elearn_alone)
        for done in [run(*arguments.split(), database_url=sqlite_url)]
    ]
    assert told[0] == told[1]
    assert told[0][0] == code
    assert told[0][1] or told[0][2]
