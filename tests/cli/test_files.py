"""Files that commands give: where they may go."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from elearn.settings import data_dir
from tests.cli import commands

COMMANDS = (
    ("coverage", "--format", "xlsx"),
    ("needs", "--format", "xlsx"),
    ("activities", "--format", "xlsx"),
    ("export-completions", "--format", "xlsx"),
    ("measure", "list", "--format", "xlsx"),
)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_spreadsheet_goes_to_a_pipe_and_to_a_file_and_not_to_a_screen(
    arguments: tuple[str, ...], sqlite_url: str, tmp_path: Path
) -> None:
    piped = commands.elearn(*arguments, database_url=sqlite_url)
    assert (piped.returncode, piped.stdout[:2]) == (0, b"PK")
    file = tmp_path / "fil.xlsx"
    assert commands.elearn(*arguments, "--output", file, database_url=sqlite_url).returncode == 0
    assert file.read_bytes()[:2] == b"PK"

    screen, its_end = pty.openpty()
    settings = {"ELEARN_DATABASE_URL": sqlite_url, "ELEARN_COURSES_DIR": str(data_dir("courses"))}
    command = [sys.executable, "-m", "elearn", *arguments]
    done = subprocess.run(
        command, env=os.environ | settings, stdout=its_end, stderr=subprocess.PIPE, check=False
    )
    os.close(its_end)
    os.close(screen)
    assert done.returncode == 1
    assert "Ett kalkylark går inte att visa här. Skriv det till en fil med --output." in done.stderr.decode()


def test_a_place_that_cannot_be_written_is_told(sqlite_url: str, tmp_path: Path) -> None:
    done = commands.elearn("activities", "--output", tmp_path / "ingen" / "fil.csv", database_url=sqlite_url)
    assert done.returncode == 1
    assert "fil.csv går inte att skriva: " in commands.words(done)
