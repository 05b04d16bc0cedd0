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
from types import SimpleNamespace

import pytest

from elearn.content import live_catalog
from elearn.content.catalog import Catalog
from elearn.content.faults import CourseFault, CourseFaults, UnreadableFile
from elearn.content.live_catalog import Draft, DraftCatalog, LiveCatalog, Stamps
from elearn.content.reading import reader
from elearn.content.reading.reader import Reading
from elearn.content.rendering import builder
from tests.content import folders

LESSON = "gemensamt/grunder.md"


def save(root: Path, text: str) -> None:
    (root / LESSON).write_text(text, encoding="utf-8")


def title(live: LiveCatalog) -> str:
    return live.current().courses["forskola"].lessons[0].title


def test_a_saved_edit_is_read(tmp_path: Path) -> None:
    live = LiveCatalog(folders.write(tmp_path))
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Grunderna"))
    live.renew()
    assert title(live) == "Grunderna"


def test_nothing_saved_is_nothing_read(tmp_path: Path) -> None:
    live = LiveCatalog(folders.write(tmp_path))
    before = live.current()
    live.renew()
    assert live.current() is before


def test_a_broken_edit_keeps_the_last_good_catalogue_and_logs_every_fault(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveCatalog(folders.write(tmp_path))
    broken = (
        folders.LESSON.replace("# Grunder", "# Trasigt")
        .replace("[x] En misstanke", "[ ] En misstanke")
        .replace("id: grunder-par", "id: G")
    )
    with caplog.at_level(logging.ERROR):
        save(tmp_path, broken)
        live.renew()
        live.renew()
    assert title(live) == "Grunder"
    assert caplog.text.count(f"{LESSON}:") == 2  # once each, though it looked twice
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Lagat"))
    live.renew()
    assert title(live) == "Lagat"


def test_a_folder_that_vanishes_keeps_it_too(tmp_path: Path) -> None:
    root = folders.write(tmp_path / "courses")
    live = LiveCatalog(root)
    shutil.rmtree(root)
    live.renew()
    assert title(live) == "Grunder"
    folders.write(root)
    live.renew()
    assert title(live) == "Grunder"


def test_a_server_does_not_start_on_a_broken_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CourseFaults):
        LiveCatalog(folders.write(tmp_path, **{LESSON: folders.LESSON.replace("tid: 10 min\n", "")}))


@contextmanager
def nothing_to_open() -> Iterator[None]:
    """The system refuses to open any file, whoever asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Hindered(LiveCatalog):
    """A live catalogue that something keeps from reading what it has seen."""

    is_hindered = False

    def _read(self) -> bool:
        with nothing_to_open() if self.is_hindered else nullcontext():
            return super()._read()


def test_what_cannot_be_read_just_now_is_read_at_a_later_look(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    live = Hindered(folders.write(tmp_path))
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Nytt"))
    live.is_hindered = True
    live.renew()
    assert title(live) == "Grunder"
    assert "går inte att läsa just nu" in caplog.text
    live.is_hindered = False
    live.renew()
    assert title(live) == "Nytt"


def test_a_picture_that_cannot_be_read_just_now_is_told_too(tmp_path: Path) -> None:
    with_picture = folders.LESSON.replace("Text efter frågan.", "![En bild](bild.svg)")
    reading = reader.read(folders.write(tmp_path, **{LESSON: with_picture, "gemensamt/bild.svg": "<svg/>"}))
    with pytest.raises(UnreadableFile), nothing_to_open():
        builder.build(reading)


class Disturbed(LiveCatalog):
    """A live whose folder is saved in when it has just been read."""

    def _read(self) -> bool:
        was_read = super()._read()
        save(self._folder, folders.LESSON.replace("# Grunder", "# Senare"))
        return was_read


def test_what_is_saved_during_a_reading_is_read_at_the_next_look(tmp_path: Path) -> None:
    live = Disturbed(folders.write(tmp_path))
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Nytt"))
    live.renew()
    assert title(live) == "Nytt"
    live.renew()
    assert title(live) == "Senare"


def test_an_editors_own_file_that_leads_nowhere_is_passed_by(tmp_path: Path) -> None:
    live = LiveCatalog(folders.write(tmp_path))
    (tmp_path / "gemensamt/.#grunder").symlink_to("nowhere")
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Nytt"))
    live.renew()
    assert title(live) == "Nytt"


class Slow(LiveCatalog):
    """A live whose reading goes on until it is told to end."""

    def renew(self) -> None:
        started.set()
        assert may_end.wait(20)
        super().renew()


started, may_end = threading.Event(), threading.Event()


def test_nobody_waits_while_somebody_reads(tmp_path: Path) -> None:
    live = Slow(folders.write(tmp_path), look_every=0)
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Nytt"))
    assert title(live) == "Grunder"
    assert started.wait(20)
    assert [title(live) for _ in range(50)] == ["Grunder"] * 50  # the reading is still going on
    may_end.set()
    for _ in range(2000):
        if title(live) == "Nytt":
            break
        threading.Event().wait(0.01)
    assert title(live) == "Nytt"


BROKEN = folders.LESSON.replace("[x] En misstanke", "[ ] En misstanke")


def drafted(draft_catalog: DraftCatalog) -> str:
    return draft_catalog.draft().catalog.courses["forskola"].lessons[0].title


def test_a_draft_is_what_is_saved_now_whether_it_has_faults_or_not(tmp_path: Path) -> None:
    draft_catalog = DraftCatalog(folders.write(tmp_path, **{LESSON: BROKEN}))
    broken = draft_catalog.draft()
    assert [(fault.path, fault.line) for fault in broken.faults] == [(LESSON, 23)]
    assert broken.catalog.courses == {}
    save(tmp_path, folders.LESSON.replace("# Grunder", "# Lagat"))
    assert (drafted(draft_catalog), draft_catalog.draft().faults) == ("Lagat", ())
    save(tmp_path, BROKEN)
    assert draft_catalog.draft().faults == broken.faults


def test_a_draft_without_a_folder_says_so_until_there_is_one(tmp_path: Path) -> None:
    draft_catalog = DraftCatalog(tmp_path / "courses")
    assert [fault.message for fault in draft_catalog.draft().faults] == ["Mappen med kurser finns inte."]
    folders.write(tmp_path / "courses")
    assert drafted(draft_catalog) == "Grunder"


def test_every_save_gives_the_draft_another_version_and_nothing_else_does(tmp_path: Path) -> None:
    draft_catalog = DraftCatalog(folders.write(tmp_path))
    versions = [draft_catalog.draft().version]
    assert draft_catalog.draft().version == versions[0]
    assert DraftCatalog(tmp_path).draft().version == versions[0]
    for text in (folders.LESSON.replace("# Grunder", "# Nytt"), BROKEN, folders.LESSON + "\nMer.\n"):
        save(tmp_path, text)
        versions.append(draft_catalog.draft().version)
    (tmp_path / "gemensamt/bild.svg").write_text("<svg/>")
    versions.append(draft_catalog.draft().version)
    assert len(set(versions)) == 5


class SlowDesk(DraftCatalog):
    """A draft_catalog that has read the files and goes on with them until it is told to end."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.has_read, self.may_end, self.readings = threading.Event(), threading.Event(), 0

    def _read(self, stamps: Stamps) -> Draft:
        self.readings += 1
        draft = super()._read(stamps)
        self.has_read.set()
        assert self.may_end.wait(20)
        return draft


def test_two_who_ask_at_once_wait_for_the_same_reading(tmp_path: Path) -> None:
    draft_catalog = SlowDesk(folders.write(tmp_path))
    with futures.ThreadPoolExecutor() as threads:
        first = threads.submit(draft_catalog.draft)
        assert draft_catalog.has_read.wait(20)
        second = threads.submit(draft_catalog.draft)
        futures.wait([second], timeout=0.2)  # for one that would not wait
        draft_catalog.may_end.set()
        assert first.result(20) is second.result(20)
    assert draft_catalog.readings == 1


def test_a_draft_that_was_saved_in_while_it_was_read_is_followed_by_another(tmp_path: Path) -> None:
    draft_catalog = SlowDesk(folders.write(tmp_path))
    with futures.ThreadPoolExecutor() as threads:
        first = threads.submit(draft_catalog.draft)
        assert draft_catalog.has_read.wait(20)
        save(tmp_path, folders.LESSON.replace("# Grunder", "# Senare"))
        draft_catalog.may_end.set()
        read = first.result(20)
    assert read.catalog.courses["forskola"].lessons[0].title == "Grunder"
    assert drafted(draft_catalog) == "Senare"
    assert draft_catalog.draft().version != read.version


class HinderedDesk(DraftCatalog):
    is_hindered = True

    def _read(self, stamps: Stamps) -> Draft:
        with nothing_to_open() if self.is_hindered else nullcontext():
            return super()._read(stamps)


def test_a_file_that_cannot_be_read_is_told_until_it_can(tmp_path: Path) -> None:
    draft_catalog = HinderedDesk(folders.write(tmp_path))
    told = draft_catalog.draft()
    assert "går inte att läsa just nu" in told.faults[0].message
    assert draft_catalog.draft().version == told.version  # or the page would be loaded again and again
    draft_catalog.is_hindered = False
    assert drafted(draft_catalog) == "Grunder"
    assert draft_catalog.draft().version != told.version


def test_another_file_that_cannot_be_read_is_another_version(tmp_path: Path) -> None:
    told = [
        Draft(None, Reading(tmp_path), Catalog.empty(), (CourseFault(path, 1, "Går inte."),))
        for path in ("a.md", "b.md")
    ]
    assert told[0].version != told[1].version


class Watching(LiveCatalog):
    """Tells when it looks at the files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.has_looked = threading.Event()

    def renew(self) -> None:
        self.has_looked.set()


@pytest.mark.parametrize(("passed", "looks"), [(0.0, False), (4.999, False), (5.0, True)])
def test_the_files_are_looked_at_every_five_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passed: float, looks: bool
) -> None:
    seconds = 1000.0
    monkeypatch.setattr(live_catalog, "time", SimpleNamespace(monotonic=lambda: seconds))
    live = Watching(folders.write(tmp_path))
    seconds += passed
    before = threading.active_count()
    live.current()
    if looks:
        assert live.has_looked.wait(10)
    else:
        assert threading.active_count() == before
        assert not live.has_looked.is_set()
