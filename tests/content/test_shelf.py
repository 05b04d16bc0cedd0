"""The running server's catalogue: renewed by a save, kept through a broken one, and never waited for."""

import logging
import shutil
import threading
from pathlib import Path

import pytest

from content import folders
from elearn.content.faults import CourseFaults
from elearn.content.shelf import Shelf

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
    assert shelf.faults == ()


def test_nothing_saved_is_nothing_read(tmp_path: Path) -> None:
    shelf = Shelf(folders.write(tmp_path))
    before = shelf.current()
    shelf.renew()
    assert shelf.current() is before


def test_a_broken_edit_keeps_the_last_good_catalogue_and_logs_every_fault(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shelf = Shelf(folders.write(tmp_path))
    broken = (
        folders.LESSON.replace("# Grunder", "# Trasigt").replace("[x] En misstanke", "[ ] En misstanke").replace("id: grunder-par", "id: G")
    )
    with caplog.at_level(logging.ERROR):
        save(tmp_path, broken)
        shelf.renew()
    assert title(shelf) == "Grunder"
    assert {fault.path for fault in shelf.faults} == {LESSON}
    assert len(shelf.faults) == 2
    for fault in shelf.faults:
        assert str(fault) in caplog.text
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Lagat"))
    shelf.renew()
    assert (title(shelf), shelf.faults) == ("Lagat", ())


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
