"""How many lesson pages a second the server gives, beside a bare Flask view under the same server, and how
large a worker grows.

    .venv/bin/python bench/lesson.py          (needs wrk: apt install wrk)

Both run in this one run, with two workers on SQLite and eight connections: the demonstration's municipality,
somebody logged in, a lesson with six questions. Prints requests a second, the median and p99, the ratio (goal
0.25, floor 0.2) and the resident memory of one worker after 1 000 lesson pages (goal 120 MB).
"""

import http.cookiejar
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from elearn.cli.serving import THREADS_PER_WORKER

ROOT = Path(__file__).parent.parent
SECONDS, CONNECTIONS, WORKERS, ROUNDS = 4, 8, 2, 9
LESSON = "/kurs/forskola/4"
EXTRA = """

### Fråga: En fråga till, för att de ska bli sex. Vad gör du?
<!-- id: bench-extra -->

- [ ] Jag väntar tills jag är säker.
  > Väntar du på bevis väntar du för länge.
- [x] Jag ringer socialtjänsten och frågar.
  > Ja. Det räcker att du misstänker.
"""


@contextmanager
def server(target: str, port: int, workers: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """granian with the settings of ``elearn serve``."""
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--factory",
        target,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        str(THREADS_PER_WORKER),
        "--no-ws",
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)} | environment)
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz")
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
            else:
                break
        yield process
    finally:
        process.terminate()
        process.wait(10)


def load(url: str, cookie: str = "") -> tuple[float, float, float]:
    """Requests a second, median and p99 in milliseconds."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-H", f"Cookie: {cookie}", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    median, p99 = (re.search(rf"{share}%\s+([\d.]+)(us|ms|s)", said) for share in (50, 99))
    if not (rate and median and p99):
        sys.exit(said)
    return float(rate[1]), milliseconds(median), milliseconds(p99)


def milliseconds(found: re.Match[str]) -> float:
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]]


def log_in(address: str) -> str:
    """The cookie of somebody who is logged in."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(address + "/logga-in").read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token[1], "anstallningsnr": "100002", "losenord": "lugn promenad vid sjön"}
    opener.open(address + "/logga-in", urllib.parse.urlencode(form).encode())
    lesson = opener.open(address + LESSON).read().decode()
    assert lesson.count("<fieldset") == 6
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def make_database(path: Path, courses: Path) -> None:
    code = (
        "import sys, datetime as dt; from pathlib import Path; from elearn import demo; "
        "from elearn.content.rendering import builder; "
        "demo.create(Path(sys.argv[1]), builder.read_catalog(Path(sys.argv[2])), dt.date.today(), lambda: 0)"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(path), str(courses)],
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def resident_megabytes(pid: int) -> list[float]:
    """Of the server's children: its workers."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pages = [int(Path(f"/proc/{child}/statm").read_text().split()[1]) for child in children]
    return [count * os.sysconf("SC_PAGE_SIZE") / 1e6 for count in pages]


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("wrk is needed: apt install wrk")
    with tempfile.TemporaryDirectory() as folder:
        courses, database = Path(folder, "courses"), Path(folder, "demo.db")
        shutil.copytree(ROOT / "courses", courses)
        lesson = courses / "gemensamt" / "konsstympning.md"
        lesson.write_text(lesson.read_text(encoding="utf-8") + EXTRA, encoding="utf-8")
        make_database(database, courses)
        environment = {
            "ELEARN_DATABASE_URL": f"sqlite:///{database}",
            "ELEARN_COURSES_DIR": str(courses),
            "ELEARN_SECRET_KEY": "k3yThatIsLongEnough-0123456789-abcdefg",
            "ELEARN_DEMO": "1",
        }
        compare(database, environment)
        measure_memory(environment)


def compare(database: Path, environment: dict[str, str]) -> None:
    """Both servers stand ready and are loaded in turns, a few seconds each: what else the machine does then
    hits both alike."""
    ratios = []
    bare_server = server("bench.bare:create", 8931, WORKERS, BARE_DATABASE=str(database))
    with bare_server, server("elearn.app:create_app", 8932, WORKERS, **environment):
        cookie = log_in("http://127.0.0.1:8932")
        for _ in range(ROUNDS):
            bare, *bare_tail = load("http://127.0.0.1:8931/")
            rate, median, p99 = load(f"http://127.0.0.1:8932{LESSON}", cookie)
            ratios.append(rate / bare)
            print(
                f"bare {bare:.0f}/s ({tail(*bare_tail)}), lesson {rate:.0f}/s "
                f"({tail(median, p99)}), ratio {rate / bare:.2f}"
            )
    print(f"ratio, median of {ROUNDS}: {sorted(ratios)[ROUNDS // 2]:.2f} (goal 0.25, floor 0.20)")


def tail(median: float, p99: float) -> str:
    return f"median {median:.1f} ms, p99 {p99:.1f} ms, {p99 / median:.1f} times"


def measure_memory(environment: dict[str, str]) -> None:
    with server("elearn.app:create_app", 8933, 1, **environment) as process:
        cookie = log_in("http://127.0.0.1:8933")
        for _ in range(1000):
            urllib.request.urlopen(
                urllib.request.Request(f"http://127.0.0.1:8933{LESSON}", headers={"Cookie": cookie})
            ).read()
        print(
            f"one worker after 1 000 lesson pages: {max(resident_megabytes(process.pid)):.0f} MB "
            "resident (goal 120)"
        )


if __name__ == "__main__":
    main()
