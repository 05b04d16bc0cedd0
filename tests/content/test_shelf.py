"""The running server's catalogue: renewed by a save, kept through a broken one, and never waited for. The
author's draft: what is saved now, whatever it is."""

import logging
import resource
import shutil
import threading
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from elearn.content import reader
from elearn.content.catalog import Catalog
from elearn.content.faults import CourseFault, CourseFaults, UnreadableFile
from elearn.content.reader import Reading
from elearn.content.shelf import Desk, Draft, Marks, Shelf
from tests.content import folders

LESSON = "gemensamt/grunder.md"


def save(root: Path, text: str) -> None:
    (root / LESSON).write_text(text, encoding="utf-8")


def title(shelf: Shelf) -> str:
    return shelf.current().courses["forskola"].lessons[0].title


def test_a_saved_edit_is_read(tmp_path: Path) -> None:
    shelf = Shelf(folders.write(tmp_path))
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Grunderna"))
    shelf.renew()
    assert title(shelf) == "Grunderna"


def test_nothing_saved_is_nothing_read(tmp_path: Path) -> None:
    shelf = Shelf(folders.write(tmp_path))
    before = shelf.current()
    shelf.renew()
    assert shelf.current() is before


def test_a_broken_edit_keeps_the_last_good_catalogue_and_logs_every_fault(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(folders.write(tmp_path))
    broken = (
        folders.LESSON.replace("# Grunder", "# Trasigt")
        .replace("[x] En misstanke", "[ ] En misstanke")
        .replace("id: grunder-par", "id: G")
    )
    with caplog.at_level(logging.ERROR):
        save(tmp_path, broken)
        shelf.renew()
        shelf.renew()
    assert title(shelf) == "Grunder"
    assert caplog.text.count(f"{LESSON}:") == 2  # once each, though it looked twice
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Lagat"))
    shelf.renew()
    assert title(shelf) == "Lagat"


def test_a_folder_that_vanishes_keeps_it_too(tmp_path: Path) -> None:
    root = folders.write(tmp_path / "courses")
    shelf = Shelf(root)
    shutil.rmtree(root)
    shelf.renew()
    assert title(shelf) == "Grunder"
    folders.write(root)
    shelf.renew()
    assert title(shelf) == "Grunder"


def test_a_server_does_not_start_on_a_broken_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CourseFaults):
        Shelf(folders.write(tmp_path, **{LESSON: folders.LESSON.replace("tid: 10 min\n", "")}))


@contextmanager
def nothing_to_open() -> Iterator[None]:
    """The system refuses to open any file, whoever asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Hindered(Shelf):
    """A shelf that something keeps from reading what it has seen."""

    is_hindered = False

    def _read(self) -> bool:
        with nothing_to_open() if self.is_hindered else nullcontext():
            return super()._read()


def test_what_cannot_be_read_just_now_is_read_at_a_later_look(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Hindered(folders.write(tmp_path))
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Nytt"))
    shelf.is_hindered = True
    shelf.renew()
    assert title(shelf) == "Grunder"
    assert "går inte att läsa just nu" in caplog.text
    shelf.is_hindered = False
    shelf.renew()
    assert title(shelf) == "Nytt"


def test_a_picture_that_cannot_be_read_just_now_is_told_too(tmp_path: Path) -> None:
    with_picture = folders.LESSON.replace("Text efter frågan.", "![En bild](bild.svg)")
    reading = reader.read(folders.write(tmp_path, **{LESSON: with_picture, "gemensamt/bild.svg": "<svg/>"}))
    with pytest.raises(UnreadableFile), nothing_to_open():
        reader.build(reading)


class Disturbed(Shelf):
    """A shelf whose folder is saved in when it has just been read."""

    def _read(self) -> bool:
        was_read = super()._read()
        save(self._folder, folders.LESSON.replace("# Grunder", "# Senare"))
        return was_read


def test_what_is_saved_during_a_reading_is_read_at_the_next_look(tmp_path: Path) -> None:
    shelf = Disturbed(folders.write(tmp_path))
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Nytt"))
    shelf.renew()
    assert title(shelf) == "Nytt"
    shelf.renew()
    assert title(shelf) == "Senare"


def test_an_editors_own_file_that_leads_nowhere_is_passed_by(tmp_path: Path) -> None:
    shelf = Shelf(folders.write(tmp_path))
    (tmp_path / "gemensamt/.#grunder").symlink_to("nowhere")
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Nytt"))
    shelf.renew()
    assert title(shelf) == "Nytt"


class Slow(Shelf):
    """A shelf whose reading goes on until it is told to end."""

    def renew(self) -> None:
        started.set()
        assert may_end.wait(20)
        super().renew()


started, may_end = threading.Event(), threading.Event()


def test_nobody_waits_while_somebody_reads(tmp_path: Path) -> None:
    shelf = Slow(folders.write(tmp_path), look_every=0)
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Nytt"))
    assert title(shelf) == "Grunder"
    assert started.wait(20)
    assert [title(shelf) for _ in range(50)] == ["Grunder"] * 50  # the reading is still going on
    may_end.set()
    for _ in range(2000):
        if title(shelf) == "Nytt":
            break
        threading.Event().wait(0.01)
    assert title(shelf) == "Nytt"


BROKEN = folders.LESSON.replace("[x] En misstanke", "[ ] En misstanke")


def drafted(desk: Desk) -> str:
    return desk.draft().catalog.courses["forskola"].lessons[0].title


def test_a_draft_is_what_is_saved_now_whether_it_has_faults_or_not(tmp_path: Path) -> None:
    desk = Desk(folders.write(tmp_path, **{LESSON: BROKEN}))
    broken = desk.draft()
    assert [(fault.path, fault.line) for fault in broken.faults] == [(LESSON, 23)]
    assert broken.catalog.courses == {}
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Lagat"))
    assert (drafted(desk), desk.draft().faults) == ("Lagat", ())
    save(tmp_path, BROKEN)
    assert desk.draft().faults == broken.faults


def test_a_draft_without_a_folder_says_so_until_there_is_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "courses")
    assert [fault.message for fault in desk.draft().faults] == ["Mappen med kurser finns inte."]
    folders.write(tmp_path / "courses")
    assert drafted(desk) == "Grunder"


def test_every_save_gives_the_draft_another_version_and_nothing_else_does(tmp_path: Path) -> None:
    desk = Desk(folders.write(tmp_path))
    versions = [desk.draft().version]
    assert desk.draft().version == versions[0]
    assert Desk(tmp_path).draft().version == versions[0]
    for text in (folders.LESSON.replace("# Grunder", "# Nytt"), BROKEN, folders.LESSON + "\nMer.\n"):
        save(tmp_path, text)
        versions.append(desk.draft().version)
    (tmp_path / "gemensamt/bild.svg").write_text("<svg/>")
    versions.append(desk.draft().version)
    assert len(set(versions)) == 5


class SlowDesk(Desk):
    """A desk that has read the files and goes on with them until it is told to end."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.has_read, self.may_end, self.readings = threading.Event(), threading.Event(), 0

    def _read(self, marks: Marks) -> Draft:
        self.readings += 1
        draft = super()._read(marks)
        self.has_read.set()
        assert self.may_end.wait(20)
        return draft


def test_two_who_ask_at_once_wait_for_the_same_reading(tmp_path: Path) -> None:
    desk = SlowDesk(folders.write(tmp_path))
    with futures.ThreadPoolExecutor() as threads:
        first = threads.submit(desk.draft)
        assert desk.has_read.wait(20)
        second = threads.submit(desk.draft)
        futures.wait([second], timeout=0.2)  # for one that would not wait
        desk.may_end.set()
        assert first.result(20) is second.result(20)
    assert desk.readings == 1


def test_a_draft_that_was_saved_in_while_it_was_read_is_followed_by_another(tmp_path: Path) -> None:
    desk = SlowDesk(folders.write(tmp_path))
    with futures.ThreadPoolExecutor() as threads:
        first = threads.submit(desk.draft)
        assert desk.has_read.wait(20)
        save(tmp_path, folders.LESSON.replace("# Grunder", "# Senare"))
        desk.may_end.set()
        read = first.result(20)
    assert read.catalog.courses["forskola"].lessons[0].title == "Grunder"
    assert drafted(desk) == "Senare"
    assert desk.draft().version != read.version


class HinderedDesk(Desk):
    is_hindered = True

    def _read(self, marks: Marks) -> Draft:
        with nothing_to_open() if self.is_hindered else nullcontext():
            return super()._read(marks)


def test_a_file_that_cannot_be_read_is_told_until_it_can(tmp_path: Path) -> None:
    desk = HinderedDesk(folders.write(tmp_path))
    told = desk.draft()
    assert "går inte att läsa just nu" in told.faults[0].message
    assert desk.draft().version == told.version  # or the page would be loaded again and again
    desk.is_hindered = False
    assert drafted(desk) == "Grunder"
    assert desk.draft().version != told.version


def test_another_file_that_cannot_be_read_is_another_version(tmp_path: Path) -> None:
    told = [
        Draft(None, Reading(tmp_path), Catalog.empty(), (CourseFault(path, 1, "Går inte."),))
        for path in ("a.md", "b.md")
    ]
    assert told[0].version != told[1].version
