"""``elearn courses``: what an author runs, in a process of its own."""

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from subprocess import CompletedProcess
from urllib.parse import urlsplit

import pytest

from elearn import database
from elearn.settings import data_dir
from tests import builders
from tests.cli import commands
from tests.content import folders

LESSON = "gemensamt/grunder.md"


def courses(command: str, folder: Path) -> CompletedProcess[bytes]:
    return commands.elearn("courses", command, folder, database_url="sqlite://")


def test_courses_without_a_fault_are_counted(tmp_path: Path) -> None:
    done = courses("check", folders.write_planned(tmp_path))
    assert done.returncode == 0
    assert commands.words(done).endswith("forskola: 4 avsnitt, 27 minuter\nInga fel.\n")


def test_the_projects_own_courses_have_no_fault() -> None:
    done = courses("check", data_dir("courses"))
    assert done.returncode == 0
    assert "Inga fel." in commands.words(done)


def test_every_fault_of_every_file_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    broken = folders.LESSON.replace("[x] En misstanke", "[ ] En misstanke").replace(
        "(kontakter.md#bris)", "(kontakter.md#saknas)"
    )
    test = folders.TEST.replace("dra: 2", "dra: 9")
    done = courses("check", folders.write_planned(tmp_path, **{LESSON: broken, "forskola/slutprov.md": test}))
    assert done.returncode == 1
    assert re.findall(r"^(\S+:\d+):", commands.words(done), re.MULTILINE) == [
        "forskola/slutprov.md:4",
        f"{LESSON}:21",
        f"{LESSON}:23",
    ]
    assert done.stdout == b""


def test_what_the_author_can_mend_is_told_before_what_must_be_compared_with_its_source(
    tmp_path: Path,
) -> None:
    facts = folders.FACTS.replace(
        "- Kontrollerad: 2026-11-23", "- Kontrollerad: nej\n- Att göra: VPC läser lagen."
    )
    root = folders.write_planned(tmp_path, **{"gemensamt/fakta.md": facts})
    briefly = commands.words(courses("check", root))
    assert "1 uppgift behöver jämföras med sin källa. Visa dem med --all.\n" in briefly
    assert "VPC läser lagen." not in briefly
    words = commands.words(commands.elearn("courses", "check", root, "--all", database_url="sqlite://"))
    order = [
        "Uppgiften krävs innan kursen öppnas",
        "Varning: gemensamt/grunder.md:2",
        "Det här behöver jämföras",
        "VPC läser lagen.",
        "Inga fel.",
    ]
    assert sorted(order, key=words.index) == order
    assert [words.count(piece) for piece in order] == [1] * len(order)


def test_a_fault_that_only_shows_when_the_text_is_read_is_told_with_the_others(tmp_path: Path) -> None:
    broken = folders.LESSON.replace("tid: 10 min", "tid: tio").replace(
        "Situationen.", "[x](saknas.md 'titel')"
    )
    done = courses("check", folders.write_planned(tmp_path, **{LESSON: broken}))
    assert done.returncode == 1
    assert re.findall(r"^(\S+:\d+):", commands.words(done), re.MULTILINE) == [f"{LESSON}:2", f"{LESSON}:26"]


def test_a_folder_that_is_missing_or_empty_says_so(tmp_path: Path) -> None:
    for folder in (tmp_path / "saknas", tmp_path):
        done = courses("check", folder)
        assert done.returncode == 1
        assert "kurs" in commands.words(done)
        assert "Traceback" not in commands.words(done)


def test_format_writes_what_it_mends_and_nothing_else(tmp_path: Path) -> None:
    root = folders.write_planned(
        tmp_path,
        **{
            LESSON: folders.LESSON.replace("<!-- id: grunder-racker -->\n", "").replace(
                "  > Ja. Det", "    > Ja. Det"
            )
        },
    )
    others = {file: file.read_bytes() for file in root.rglob("*.md") if file.name != "grunder.md"}
    done = courses("format", root)
    assert (done.returncode, done.stdout.decode()) == (0, f"{LESSON}\n")
    assert {file: file.read_bytes() for file in others} == others
    assert (root / LESSON).read_text(encoding="utf-8") == folders.LESSON.replace(
        "id: grunder-racker", "id: gemensamt-grunder-racker"
    )
    again = courses("format", root)
    assert (again.stdout, commands.words(again)) == (b"", "Inget att ändra.\n")
    assert courses("check", root).returncode == 0


def test_format_keeps_line_endings_and_leaves_no_file_behind(tmp_path: Path) -> None:
    text = folders.LESSON.replace("\n", "\r\n")
    root = folders.write_planned(tmp_path, **{LESSON: text.replace("  > Ja. Det", "    > Ja. Det")})
    (root / LESSON).chmod(0o640)
    files = sorted(root.rglob("*"))
    assert courses("format", root).returncode == 0
    assert (root / LESSON).read_bytes() == text.encode()
    assert (root / LESSON).stat().st_mode & 0o777 == 0o640
    assert sorted(root.rglob("*")) == files


def test_format_that_cannot_write_says_so_and_leaves_the_file_whole(tmp_path: Path) -> None:
    text = folders.LESSON.replace("  > Ja. Det", "    > Ja. Det")
    root = folders.write_planned(tmp_path, **{LESSON: text})
    (root / "gemensamt" / ".grunder.md.tmp").mkdir()
    done = courses("format", root)
    assert done.returncode == 1
    assert commands.words(done).startswith(f"{LESSON} går inte att skriva: ")
    assert (root / LESSON).read_text(encoding="utf-8") == text


def test_format_of_a_folder_without_courses_says_so(tmp_path: Path) -> None:
    for folder in (tmp_path / "saknas", tmp_path):
        done = courses("format", folder)
        assert done.returncode == 1
        assert "kurs" in commands.words(done)
        assert "Inget att ändra" not in commands.words(done)


def test_overview_is_a_table_on_standard_output(tmp_path: Path) -> None:
    done = courses("overview", folders.write(tmp_path))
    assert done.returncode == 0
    assert "| forskola | grundutbildning | 2 | 25 |" in done.stdout.decode()


@contextmanager
def previewing(folder: Path) -> Iterator[str]:
    """The address that the author is told to open."""
    command = [sys.executable, "-m", "elearn", "courses", "preview", folder, "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            yield process.stderr.readline().split()[1]
        finally:
            process.terminate()


def opened(address: str, path: str) -> tuple[int, str]:
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=20)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_preview_starts_on_broken_courses_and_shows_them_when_they_are_mended(tmp_path: Path) -> None:
    root = folders.write_planned(tmp_path, **{LESSON: "# Ingenting\n"})
    with previewing(root) as address:
        status, page = opened(address, "/")
        assert (status, f"{LESSON}, rad 1" in page) == (500, True)
        folders.write_planned(root)
        status, page = opened(address, "/kurs/forskola/1")
        assert (status, "Text efter frågan." in page) == (200, True)


def test_preview_is_for_this_computer_alone(tmp_path: Path) -> None:
    with previewing(folders.write_planned(tmp_path)) as address:
        place = urlsplit(address)
        assert place.hostname == "127.0.0.1"
        with pytest.raises(OSError):  # noqa: PT011
            socket.create_connection(("127.0.0.2", place.port or 0), timeout=5).close()


def test_a_port_that_is_taken_or_does_not_exist_is_refused_in_one_sentence(tmp_path: Path) -> None:
    root = folders.write(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for port in (taken.getsockname()[1], -1, 65536):
            done = commands.elearn("courses", "preview", root, "--port", str(port), database_url="sqlite://")
            assert done.returncode == 1
            assert (
                commands.words(done)
                == f"Port {port} är upptagen eller finns inte. Välj en annan med --port, mellan 1024 och 65535.\n"
            )


def test_a_revision_of_a_later_day_is_refused(tmp_path: Path) -> None:
    text = folders.COURSE.replace("utgåva: 1", "utgåva: 1\nreviderad: 2999-01-01")
    done = courses("check", folders.write_planned(tmp_path, **{"forskola/kurs.md": text}))
    assert done.returncode == 1
    assert "forskola/kurs.md:9: Reviderad 2999-01-01 är ett datum som inte har varit än." in commands.words(
        done
    )


def test_a_base_course_must_hold_what_the_plan_demands(tmp_path: Path) -> None:
    course = {"forskola/kurs.md": folders.introduced()}
    done = courses("check", folders.write(tmp_path, **course))
    assert done.returncode == 1
    assert re.findall(r"^(\S+:\d+: .*)$", commands.words(done), re.MULTILINE) == [
        f"forskola/kurs.md:1: Inget avsnitt i kursen handlar om {subject}. Ett avsnitt ska ha ”{subject}” först i "
        "”ämne”, och ”fakta” i ”del”. Handlingsplanen kräver det."
        for subject in ("hedersrelaterat våld och förtryck", "könsstympning")
    ] + ["forskola/slutprov.md:4: Slutprovet drar 2. I en grundutbildning ska det vara minst 8 frågor."]


def test_the_projects_own_courses_without_a_lesson_about_genital_mutilation_are_refused(
    tmp_path: Path,
) -> None:
    root = shutil.copytree(data_dir("courses"), tmp_path / "courses")
    for file in root.glob("*/kurs.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(
            re.sub(r"^\d+\. \[.*konsstympning\.md\)\n", "", text, flags=re.MULTILINE), encoding="utf-8"
        )
    done = courses("check", root)
    assert done.returncode == 1
    told = set(re.findall(r"^(\w+/kurs\.md):1: .* könsstympning", commands.words(done), re.MULTILINE))
    assert told == {f"{slug}/kurs.md" for slug in ("avux", "forskola", "fritid", "skola", "socialtjanst")}


def test_one_course_is_told_alone_by_its_folder_or_its_name(tmp_path: Path) -> None:
    long = "\n" + " ".join(["ord"] * 26) + ".\n"
    root = folders.write_planned(tmp_path)
    course = (root / "forskola" / "kurs.md").read_text(encoding="utf-8")
    for slug in ("skola", "fritid"):
        folder = root / slug
        folder.mkdir()
        (folder / "kurs.md").write_text(
            course.replace("yrkesroll: förskola", f"yrkesroll: {slug}"), encoding="utf-8"
        )
        test = (
            (root / "forskola" / "slutprov.md").read_text(encoding="utf-8").replace("prov-", f"{slug}-prov-")
        )
        (folder / "slutprov.md").write_text(test + long, encoding="utf-8")
    for asked in (root / "skola", "skola"):
        done = commands.elearn("courses", "check", asked, database_url="sqlite://", courses=root)
        told = commands.words(done)
        assert done.returncode == 0
        assert "skola/slutprov.md" in told
        assert not any(name in told for name in ("fritid", "forskola", "gemensamt/fakta.md"))
        assert told.endswith("skola: 4 avsnitt, 27 minuter\nInga fel.\n")
    (root / "fritid" / "slutprov.md").write_text("# Ingenting\n", encoding="utf-8")
    done = commands.elearn("courses", "check", "skola", database_url="sqlite://", courses=root)
    assert done.returncode == 0
    assert re.search(r"Inga fel i kursen\. Andra filer har \d+ fel: kör", commands.words(done))
    done = commands.elearn("courses", "check", "fritid", database_url="sqlite://", courses=root)
    assert done.returncode == 1
    assert "fritid/slutprov.md:1" in commands.words(done)


def test_one_file_and_one_minute_are_told_as_one(tmp_path: Path) -> None:
    text = folders.LESSON.replace("  > Ja. Det", "    > Ja. Det")
    done = courses("format", folders.write_planned(tmp_path, **{LESSON: text}))
    assert commands.words(done) == "1 fil ändrad.\n"
    files = {
        "forskola/kurs.md": folders.COURSE.replace("steg: grundutbildning", "steg: påminnelse").replace(
            "1. [Grunder](../gemensamt/grunder.md)\n2. [Slutprov]", "1. [Slutprov]"
        ),
        "forskola/slutprov.md": folders.TEST.replace("tid: 15 min", "tid: 1 min"),
    }
    done = courses("check", folders.write(tmp_path, **files))
    assert "forskola: 1 avsnitt, 1 minut\n" in commands.words(done)


def test_a_role_that_nobody_has_is_warned_about_when_a_database_is_at_hand(
    database_url: str, tmp_path: Path
) -> None:
    root = folders.write_planned(tmp_path)
    engine = database.make_engine(database_url)
    told = "Ingen enhet och ingen person har yrkesrollen ”förskola”, så kursen når ingen."

    def words() -> str:
        return commands.words(commands.elearn("courses", "check", root, database_url=database_url))

    assert told not in words(), "nobody is known yet"
    with database.transaction(engine) as session:
        place = builders.unit(session, "A", job_role="forskola")
    assert f"Varning: forskola/kurs.md:3: {told} Menar du ”forskola”?" in words()
    with database.transaction(engine) as session:
        builders.employ(session, builders.person(session), session.merge(place), job_role="förskola")
    assert told not in words()
    engine.dispose()


def test_checking_makes_no_database(tmp_path: Path) -> None:
    root = folders.write_planned(tmp_path / "courses")
    file = tmp_path / "none.db"
    done = commands.elearn("courses", "check", root, database_url=f"sqlite:///{file}")
    assert done.returncode == 0
    assert not file.exists()
