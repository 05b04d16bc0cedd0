"""Running a command as an operator does: the environment, standard output, standard error and the exit
code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from elearn.cli import main
from elearn.settings import data_dir


def elearn(
    *arguments: str | Path, database_url: str, courses: Path | None = None, **settings: str
) -> subprocess.CompletedProcess[bytes]:
    """The command in this process: starting a new one takes longer than most of what is tested. What it sets
    in the environment for its workers ends with it."""
    environment: dict[str, str | None] = {name: None for name in os.environ if name.startswith("ELEARN_")}
    environment |= _settings(database_url, courses, settings)
    given = [str(argument) for argument in arguments]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", os.environ.copy())
        done = CliRunner(catch_exceptions=False).invoke(main, given, env=environment, prog_name="elearn")
    return subprocess.CompletedProcess(given, done.exit_code, done.stdout_bytes, done.stderr_bytes)


def elearn_alone(
    *arguments: str | Path, database_url: str, courses: Path | None = None, **settings: str
) -> subprocess.CompletedProcess[bytes]:
    """The installed command in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ELEARN_")}
    environment |= _settings(database_url, courses, settings)
    command = [sys.executable, "-m", "elearn", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)


def _settings(database_url: str, courses: Path | None, settings: dict[str, str]) -> dict[str, str]:
    folder = str(courses or os.environ.get("TEST_COURSES", data_dir("courses")))
    return {"ELEARN_DATABASE_URL": database_url, "ELEARN_COURSES_DIR": folder, **settings}


def words(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode()
