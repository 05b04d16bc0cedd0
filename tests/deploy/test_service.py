"""What stands in deploy/ for a machine: the unit files, gunicorn's settings, and a server with no rights (S60)."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from elearn import database
from tests.content import folders
from tests.servers import KEY, OPENER, answers, free_port, wait_until

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
NOBODY = 65534
TOKEN = "a-token-of-thirty-characters-x"
WITHOUT_RIGHTS = (
    "setpriv",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--no-new-privs",
    "--bounding-set=-all",
)


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return folders.write_planned(tmp_path / "courses", **{"gemensamt/kontakter.md": folders.CONFIRMED})


@contextmanager
def served(command: list[str], environment: dict[str, str], log: Path, cwd: Path) -> Iterator[None]:
    with log.open("ab") as file:
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=file, cwd=cwd)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


COMMANDS = {
    "gunicorn": ["-m", "gunicorn", "--config", str(DEPLOY / "gunicorn.conf.py")],
    "elearn serve": ["-m", "elearn", "serve", "--port", "PORT"],
}


@pytest.mark.parametrize("server", COMMANDS)
def test_the_workers_of_either_server_add_their_figures_up(
    server: str, sqlite_url: str, courses: Path, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "log"
    environment = {
        "ELEARN_DATABASE_URL": sqlite_url,
        "ELEARN_COURSES_DIR": str(courses),
        "ELEARN_SECRET_KEY": KEY,
        "ELEARN_WORKERS": "2",
        "ELEARN_METRICS_TOKEN": TOKEN,
        "ELEARN_LOG_FORMAT": "json",
        "BIND": f"127.0.0.1:{port}",
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, *(word.replace("PORT", str(port)) for word in COMMANDS[server])]
    with served(command, environment, log, cwd=tmp_path):
        wait_until(lambda: answers(port, "/logga-in"), log)
        for _ in range(40):
            answers(port, "/finns-inte")
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
        )
        told = OPENER.open(request, timeout=10).read().decode()
        assert 'elearn_requests_total{method="unknown",status="404",view="unknown"} 40.0' in told
    assert "finns-inte" not in log.read_text()


def test_gunicorn_refuses_what_serve_refuses(sqlite_url: str, courses: Path, tmp_path: Path) -> None:
    environment = {
        "ELEARN_DATABASE_URL": sqlite_url,
        "ELEARN_COURSES_DIR": str(courses),
        "ELEARN_SECRET_KEY": "weak",
        "BIND": f"127.0.0.1:{free_port()}",
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-m", "gunicorn", "--config", str(DEPLOY / "gunicorn.conf.py")]
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert "ELEARN_SECRET_KEY är för svag" in done.stderr


def interpreter_for_anybody() -> str:
    """A Python of this version that an account without rights may run, and that may read this program."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can start a server as somebody else")
    own = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for found in (sys.executable, f"/usr/bin/{own}"):
        read = f"import sys; sys.path[:0] = {[str(ROOT), sysconfig.get_path('purelib')]!r}; import elearn.cli"
        tried = subprocess.run(
            [*WITHOUT_RIGHTS, found, "-c", read], capture_output=True, cwd="/", check=False
        )
        if tried.returncode == 0:
            return found
    pytest.skip("this checkout, or its Python, can be read by root alone")


def test_it_runs_without_any_right_and_writes_its_own_folder_alone(courses: Path, tmp_path: Path) -> None:
    python = interpreter_for_anybody()
    folder = Path(f"/var/tmp/elearn-{os.getpid()}")  # noqa: S108  pytest's own folders are closed to others
    (folder / "data").mkdir(parents=True)
    try:
        shutil.copytree(courses, folder / "courses")
        os.chown(folder / "data", NOBODY, NOBODY)
        (folder / "data").chmod(0o700)
        port, log = free_port(), tmp_path / "log"
        environment = {
            "ELEARN_DATABASE_URL": f"sqlite:///{folder}/data/elearn.db",
            "ELEARN_COURSES_DIR": str(folder / "courses"),
            "ELEARN_SECRET_KEY": KEY,
            "ELEARN_WORKERS": "2",
            "PYTHONPATH": f"{ROOT}:{sysconfig.get_path('purelib')}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PATH": "/usr/bin:/bin",
        }
        run = [*WITHOUT_RIGHTS, python, "-m", "elearn"]
        subprocess.run(
            [*run, "migrate"], env=environment, cwd=folder / "data", check=True, capture_output=True
        )
        with served([*run, "serve", "--port", str(port)], environment, log, cwd=folder / "data"):
            wait_until(lambda: answers(port, "/logga-in"), log)
        engine = database.make_engine(environment["ELEARN_DATABASE_URL"])
        assert database.schema_fault(engine) is None
        engine.dispose()
        names = {file.name for file in (folder / "data").iterdir()}
        assert names <= {"elearn.db", "elearn.db-wal", "elearn.db-shm"}
    finally:
        shutil.rmtree(folder)


UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix == ".service")


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_the_unit_is_read_by_systemd_and_closed(unit: Path, tmp_path: Path) -> None:
    """systemd's own figure is 0 for closed and 10 for open."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    for file in UNITS:
        text = file.read_text().replace("/opt/elearn/bin/elearn", "/bin/true")
        (tmp_path / file.name).write_text(text)
    own = tmp_path / unit.name
    name = str(own).replace("@.", "@tidy.")
    verified = subprocess.run(
        ["systemd-analyze", "verify", name], capture_output=True, text=True, check=False
    )
    assert "elearn" not in verified.stderr.replace("Unit elearn", "")
    judged = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(own)]
    assert subprocess.run(judged, capture_output=True, check=False).returncode == 0


def test_the_image_needs_nothing_that_is_not_copied() -> None:
    """Every path that the recipe copies is there, and every one that the wheel needs is copied."""
    recipe = (DEPLOY / "Containerfile").read_text()
    copied = {
        name for line in re.findall(r"^COPY (?!--)(.*)$", recipe, re.MULTILINE) for name in line.split()[:-1]
    }
    assert all((ROOT / name).exists() for name in copied)
    assert {"requirements.txt", "pyproject.toml", "elearn", "courses", "migrations", "static"} <= copied
