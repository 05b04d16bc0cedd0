"""Which files of the inbox are a pair, which wait, and which pair is the newest."""

import datetime as dt
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn.directory import inbox
from elearn.directory.inbox import Outcome, Verdict
from elearn.errors import Refused
from elearn.journal import actions as journal
from elearn.journal.models import EntryKind
from tests import builders

NOW = dt.datetime(2026, 11, 23, 3, 0, tzinfo=dt.UTC)


def leave(folder: Path, *names: str, age: float = 3600, text: str = "x") -> None:
    for name in names:
        (folder / name).write_text(text, encoding="utf-8")
        os.utime(folder / name, (NOW.timestamp() - age, NOW.timestamp() - age))


def found(folder: Path, is_flat: bool = False) -> list[tuple[str, ...]]:
    return [tuple(file.name for file in pair.files) for pair in inbox.find(folder, is_flat, NOW).pairs]


@pytest.mark.parametrize(("age", "is_ready"), [(60, True), (59, False), (0, False), (-3600, False)])
def test_a_file_is_left_until_it_has_been_still_for_a_minute(
    tmp_path: Path, age: int, is_ready: bool
) -> None:
    """A time that has not come is the other machine's clock: the file waits, and it is told."""
    leave(tmp_path, "organisation.csv", age=9000)
    leave(tmp_path, "personal.csv", age=age)
    assert bool(found(tmp_path)) is is_ready
    assert bool(inbox.find(tmp_path, False, NOW).waiting) is not is_ready


def test_a_pair_is_two_files_with_one_ending_of_their_names(tmp_path: Path) -> None:
    leave(tmp_path, "organisation-1.csv", "personal-2.csv", "Organisation_A.XLSX", "PERSONAL_a.txt")
    leave(tmp_path, "organisation.csv.part", "personal.csv.tmp", ".personal.csv", "lön.csv", "personal.pdf")
    (tmp_path / "personal-1.csv").mkdir()
    assert found(tmp_path) == [("Organisation_A.XLSX", "PERSONAL_a.txt")]
    assert inbox.find(tmp_path, False, NOW).waiting == (
        "organisation-1.csv väntar: personal-1 saknas.",
        "personal-2.csv väntar: organisation-2 saknas.",
    )


def test_two_files_for_one_place_wait(tmp_path: Path) -> None:
    leave(tmp_path, "organisation.csv", "personal.csv", "personal.xlsx")
    assert found(tmp_path) == []
    (told,) = inbox.find(tmp_path, False, NOW).waiting
    assert "två filer av samma slag" in told


@pytest.mark.parametrize(("day", "is_ready"), [("20261124", True), ("20261125", False), ("20621124", False)])
def test_a_date_to_come_in_a_name_is_told_and_never_read(tmp_path: Path, day: str, is_ready: bool) -> None:
    """Read in, it would make every later pair an older one. The next day is the other machine's clock."""
    leave(tmp_path, f"organisation-{day}.csv", f"personal-{day}.csv")
    assert bool(found(tmp_path)) is is_ready
    told = inbox.find(tmp_path, False, NOW).waiting
    assert ["framtiden" in sentence for sentence in told] == ([] if is_ready else [True])


def test_a_flat_file_is_a_pair_by_itself(tmp_path: Path) -> None:
    leave(tmp_path, "personal-20261122.csv", "personal-20261123.csv", "organisation-20261123.csv")
    assert found(tmp_path, is_flat=True) == [("personal-20261123.csv",), ("personal-20261122.csv",)]


def test_the_moment_in_the_name_comes_before_the_time_of_the_file(tmp_path: Path) -> None:
    for name, age in (("-20261123-0200", 9000), ("-2026-11-23", 100), ("_20261122", 60), ("", 90_000)):
        leave(tmp_path, f"organisation{name}.csv", f"personal{name}.csv", age=age)
    assert [pair[1] for pair in found(tmp_path)] == [
        "personal-20261123-0200.csv",
        "personal-2026-11-23.csv",
        "personal.csv",  # written 2026-11-22 03:00 in Stockholm
        "personal_20261122.csv",
    ]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("-2026-12-01", "2026-12-01T00:00:00"),
        ("_20261201", "2026-12-01T00:00:00"),
        ("20261201-0215", "2026-12-01T02:15:00"),
        ("20261201021559", "2026-12-01T02:15:59"),
        (" 2026-12-01 02.15.59", "2026-12-01T02:15:59"),
        ("2026-12-01T02:15", "2026-12-01T02:15:00"),
        ("20269999", None),
        ("-123420261201", None),
        ("-7", None),
        ("20269999-20261201", "2026-12-01T00:00:00"),
    ],
)
def test_a_moment_is_found_in_a_name(text: str, moment: str | None) -> None:
    read = inbox.moment_in(text)
    assert (read.isoformat() if read else None) == moment


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    st.times().map(lambda time: time.replace(microsecond=0)),
    st.sampled_from(["%Y%m%d%H%M%S", "%Y-%m-%d %H.%M.%S", "-%Y%m%d_%H%M%S"]),
)
def test_every_moment_is_found_again(day: dt.date, time: dt.time, pattern: str) -> None:
    moment = dt.datetime.combine(day, time)
    assert inbox.moment_in(moment.strftime(pattern)) == moment


@pytest.mark.parametrize(
    ("name", "age", "text", "verdict"),
    [
        ("-20261123", 3600, "x", Verdict.SAME),
        ("-20261123", 1800, "x", Verdict.SAME),
        ("-20261123", 1800, "y", Verdict.NEW),
        ("-20261123", 7200, "y", Verdict.OLDER),
        ("-20261122", 60, "x", Verdict.OLDER),
        ("-20261122", 60, "y", Verdict.OLDER),
        ("-20261123-0001", 9000, "x", Verdict.NEW),
        ("-20261124", 9000, "x", Verdict.NEW),
    ],
)
def test_the_journal_tells_whether_a_pair_has_had_its_turn(
    session: Session, tmp_path: Path, name: str, age: int, text: str, verdict: Verdict
) -> None:
    def pair(rest: str, seconds: int, content: str) -> inbox.Pair:
        for file in tmp_path.glob("*.csv"):
            file.unlink()
        leave(tmp_path, f"organisation{rest}.csv", f"personal{rest}.csv", age=seconds, text=content)
        return inbox.find(tmp_path, False, NOW).pairs[0]

    assert inbox.verdict(session, pair(name, age, text)) == Verdict.NEW
    journal.record(session, builders.deed(), EntryKind.IMPORTED_DIRECTORY, organisation_sha256="0")
    for rest in ("-20261123", "-20261121"):
        read = pair(rest, 3600, "x")
        journal.record(
            session, builders.deed(), EntryKind.IMPORTED_DIRECTORY, inbox=read.stamp, **read.digests()
        )
    assert inbox.verdict(session, pair(name, age, text)) == verdict


def test_files_are_moved_beside_what_came_of_them_and_never_over_others(tmp_path: Path) -> None:
    places = []
    for _time in range(2):
        leave(tmp_path, "organisation.csv", "personal.csv")
        (pair,) = inbox.find(tmp_path, False, NOW).pairs
        places.append(inbox.move(tmp_path, pair, Outcome.REFUSED, ["Å", "Ö"]))
    assert [place.relative_to(tmp_path).as_posix() for place in places] == [
        "avvisade/2026-11-23T030000",
        "avvisade/2026-11-23T030000-2",
    ]
    for place in places:
        assert (place / "orsak.txt").read_text(encoding="utf-8") == "Å\nÖ\n"
        assert sorted(file.name for file in place.glob("*.csv")) == ["organisation.csv", "personal.csv"]
        assert place.stat().st_mode & 0o077 == 0


def test_a_file_that_grows_while_it_is_read_is_seen(tmp_path: Path) -> None:
    leave(tmp_path, "organisation.csv", "personal.csv")
    (pair,) = inbox.find(tmp_path, False, NOW).pairs
    before = pair.state()
    assert pair.state() == before
    with pair.staff.open("a", encoding="utf-8") as file:
        file.write("mer")
    assert pair.state() != before
    pair.staff.unlink()
    with pytest.raises(Refused):
        pair.state()


def test_a_lock_is_let_go_of(tmp_path: Path) -> None:
    with inbox.lock(tmp_path) as first, inbox.lock(tmp_path) as second:
        assert (first, second) == (True, False)
    with inbox.lock(tmp_path) as again:
        assert again
