"""Running a command as an operator does: the environment, standard output, standard error and the exit
code."""

import os
import subprocess
import sys
from pathlib import Path

from elearn.settings import data_dir


def elearn(
    *arguments: str | Path, database_url: str, courses: Path | None = None, **settings: str
) -> subprocess.CompletedProcess[bytes]:
    """The installed command in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ELEARN_")}
    environment |= {
        "ELEARN_DATABASE_URL": database_url,
        "ELEARN_COURSES_DIR": str(courses or environment.get("TEST_COURSES", data_dir("courses"))),
        **settings,
    }
    command = [sys.executable, "-m", "elearn", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)


def words(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode()
