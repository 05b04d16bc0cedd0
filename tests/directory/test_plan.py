"""What an import does to units, managers and persons; the brake; and that any files twice do nothing the
second time."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.directory.changes import ChangeKind, Job, Stored
from elearn.people.models import UnitKind
from tests.directory.staff_files import (
    DAY,
    NOTHING,
    TODAY,
    UNITS,
    WITHOUT_F2,
    after,
    periods,
    plan,
)

YESTERDAY = TODAY - DAY
LATER = TODAY + 30 * DAY
ONE = "1;F1;;2020-01-01;"


def test_the_same_files_again_are_an_empty_plan(tmp_path: Path) -> None:
    staff = "1;F1;;2020-01-01; 2;F2;skola;2021-01-01;2027-06-30 2;F1;;2021-01-01; 3;F2;;2019-01-01;2020-12-31"
    stored = after(tmp_path, staff)
    for today in (TODAY, TODAY + DAY, LATER, dt.date(2027, 7, 1)):
        assert plan(tmp_path, staff, stored, today).is_empty


def test_a_missing_unit_closes_yesterday_and_opens_again_on_coming_back(tmp_path: Path) -> None:
    stored = after(tmp_path, ONE, after(tmp_path, ONE), units=WITHOUT_F2)
    assert stored.units["F2"].ends_on == YESTERDAY
    assert plan(tmp_path, ONE, stored, LATER, units=WITHOUT_F2).is_empty
    assert [change.kind for change in plan(tmp_path, ONE, stored, LATER).changes] == [
        ChangeKind.UNIT_REOPENED
    ]
    assert after(tmp_path, ONE, stored, LATER).units["F2"].ends_on is None


def test_a_code_that_is_used_again_opens_as_what_it_now_is(tmp_path: Path) -> None:
    stored = after(tmp_path, ONE, after(tmp_path, ONE), units=WITHOUT_F2)
    reused = after(tmp_path, ONE, stored, units=WITHOUT_F2 + "F2;Simhallen;område;U;;fritid;\n").units["F2"]
    assert (reused.name, reused.kind, reused.job_role, reused.ends_on) == (
        "Simhallen",
        UnitKind.DIVISION,
        "fritid",
        None,
    )


def test_a_unit_is_renamed_moved_and_changed_by_its_code(tmp_path: Path) -> None:
    hired = after(tmp_path, ONE)
    units = UNITS.replace(
        "F2;Åsen;enhet;U;;förskola;", "O;Området;område;U;;;\nF2;Nya Åsen;område;O;Nämnden;;"
    )
    changes = plan(tmp_path, ONE, hired, units=units).changes
    assert [change.sentence for change in changes] == [
        "Ny område: Området (O)",
        "Nya Åsen (F2): byter namn från Åsen till Nya Åsen, flyttas från U till O, byter nivå från enhet till område, "
        "byter nämnd från ingen till Nämnden, byter yrkesroll från förskola till ingen",
    ]
    unit = after(tmp_path, ONE, hired, units=units).units["F2"]
    assert (unit.name, unit.parent, unit.kind, unit.committee, unit.job_role) == (
        "Nya Åsen",
        "O",
        UnitKind.DIVISION,
        "Nämnden",
        None,
    )


def test_externals_are_left_alone_by_a_file_that_does_not_know_them(tmp_path: Path) -> None:
    external = UNITS + "X;Jouren;extern;;;;9\nX1;Jourens kansli;enhet;X;;;\n"
    stored = after(tmp_path, f"{ONE} 9;X;;2025-01-01; 8;X1;;2025-01-01; 1;X;;2025-02-01;", units=external)
    assert plan(tmp_path, ONE, stored, LATER).is_empty
    other = after(tmp_path, ONE, stored, LATER, units=UNITS + "Y;Polisen;extern;;;;\n")
    assert [other.units[code].ends_on for code in ("X", "X1")] == [LATER - DAY] * 2
    assert periods(other, "9") == [("X", "2025-01-01", str(LATER - DAY))]


def test_a_file_that_does_not_know_the_externals_may_still_employ_somebody_there(tmp_path: Path) -> None:
    stored = after(
        tmp_path, f"{ONE} 9;X;;2025-01-01; 8;X;;2025-01-01;", units=UNITS + "X;Jouren;extern;;;;\n"
    )
    changed = after(tmp_path, f"{ONE} 9;X;;2025-01-01;2026-12-31", stored)
    assert periods(changed, "9") == [("X", "2025-01-01", "2026-12-31")]
    assert periods(changed, "8") == [("X", "2025-01-01", "")]


def test_a_closed_external_is_not_opened_by_being_left_alone(tmp_path: Path) -> None:
    stored = after(tmp_path, ONE, units=UNITS + "X;Jouren;extern;;;;\n")
    closed = after(tmp_path, ONE, stored, units=UNITS + "Y;Polisen;extern;;;;\n")
    assert after(tmp_path, ONE, closed).units["X"].ends_on == YESTERDAY


def test_persons_are_overwritten_by_number_and_never_taken_away(tmp_path: Path) -> None:
    stored = after(tmp_path, f"{ONE} 01;F1;;2020-01-01;")
    renamed = replace(
        stored,
        persons={**stored.persons, "1": replace(stored.persons["1"], first_name="Annan", email="a@b.se")},
    )
    (change,) = plan(tmp_path, f"{ONE} 01;F1;;2020-01-01;", renamed).changes
    assert change.sentence == "För1 Efter (1): hette Annan Efter, byter e-post från a@b.se till ingen"
    assert after(tmp_path, f"{ONE} 01;F1;;2020-01-01;", renamed).persons["1"].name == "För1 Efter"
    assert after(tmp_path, ONE, stored).persons.keys() == {"1", "01"}


def test_managers_follow_the_file(tmp_path: Path) -> None:
    both = f"{ONE} 2;F1;;2020-01-01;"
    stored = after(tmp_path, both)
    assert stored.units["F1"].managers == {"1"}
    units = UNITS.replace("förskola;1", "förskola;2 404")
    changes = plan(tmp_path, both, stored, units=units).changes
    assert [change.sentence for change in changes] == [
        "För2 Efter (2) blir chef för Ängen (F1)",
        "För1 Efter (1) är inte längre chef för Ängen (F1)",
    ]
    assert after(tmp_path, both, stored, units=units).units["F1"].managers == {"2"}
    assert after(tmp_path, "2;F1;;2020-01-01;", stored).units["F1"].managers == frozenset()


def test_a_manager_is_one_from_the_first_day_of_an_employment_to_the_last(tmp_path: Path) -> None:
    units = UNITS.replace("förskola;1", "förskola;2")
    for start, end, is_manager in (
        (TODAY, "", True),
        (TODAY + DAY, "", False),
        (LATER, "", False),
        ("2020-01-01", TODAY, True),
        ("2020-01-01", YESTERDAY, False),
    ):
        planned = plan(tmp_path, f"{ONE} 2;F1;;{start};{end}", units=units)
        assert planned.managers_to_add == ([("F1", "2")] if is_manager else [])
        told = "organisation.csv:3: chefen 2 har ingen pågående anställning. Ängen får ingen sådan chef."
        assert planned.warnings == ([] if is_manager else [told])


def test_the_summary_counts_each_kind_in_words(tmp_path: Path) -> None:
    first = plan(tmp_path, f"{ONE} 2;F2;;2020-01-01;")
    assert first.summary == "3 nya enheter, 2 nya personer, 2 nya anställningar, 1 nytt chefskap."
    stored = after(tmp_path, f"{ONE} 2;F2;;2020-01-01; 3;F2;;{LATER};")
    second = plan(tmp_path, "2;F1;;2026-01-01;", stored, units=WITHOUT_F2)
    told = "1 enhet stängs, 1 flytt, 1 avslutad anställning, 1 borttagen anställning som inte hade börjat, 1 avslutat chefskap."
    assert second.summary == told
    assert plan(tmp_path, ONE, after(tmp_path, ONE)).summary == "Inget har ändrats sedan förra inläsningen."


BY_TIME = {ChangeKind.MANAGER_ADDED, ChangeKind.MANAGER_REMOVED}
days = st.integers(-40, 40).map(lambda offset: TODAY + offset * DAY)
rows = st.tuples(
    st.sampled_from("123"),
    st.sampled_from(("F1", "F2", "U", "X")),
    st.sampled_from(("", "skola", "Skola")),
    days,
    st.none() | days,
)
trees = st.tuples(st.booleans(), st.booleans(), st.sampled_from(("", "U", "F1")), st.sampled_from("123"))
File = tuple[list[tuple[str, str, str, dt.date, dt.date | None]], tuple[bool, bool, str, str], int]


def contents(file: File, stored: Stored) -> tuple[str, str]:
    """A pair of files without a fault: no two rows alike, none that ends before it begins or stands in a unit
    that is not there."""
    jobs, (has_second, has_external, parent, manager), _days = file
    units = f"U;Utbildning;förvaltning;;;;{manager}\nF1;Ängen;enhet;U;;förskola;1\n"
    units += f"F2;Åsen {manager};enhet;{parent};;;{manager} 2\n" if has_second else ""
    units += "X;Jouren;extern;;;;\n" if has_external else ""
    codes = {"U", "F1", *(["F2"] if has_second else []), *(["X"] if has_external else [])}
    if not has_external and "X" in stored.units and stored.units["X"].ends_on is None:
        codes.add("X")
    unique = {
        (number, unit, role.lower(), start): (role, end)
        for number, unit, role, start, end in jobs
        if unit in codes
    }
    staff = [
        f"{n};{u};{role};{s};{end if end and end >= s else ''}"
        for (n, u, _r, s), (role, end) in unique.items()
    ]
    return " ".join(staff) or f"1;F1;;{TODAY};", units


@given(st.lists(st.tuples(st.lists(rows, max_size=6), trees, st.integers(0, 20)), min_size=1, max_size=4))
def test_any_files_imported_again_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, files: list[File]
) -> None:
    """Except that a manager is one while employed. And whatever came before: every row of the file has its
    employment, none ends before it begins, none goes on in a closed unit, and nothing else goes on but what
    is left alone or ends before a later one of the file."""
    folder, stored, today = tmp_path_factory.getbasetemp(), NOTHING, TODAY
    for file in files:
        today += file[2] * DAY
        staff, units = contents(file, stored)
        stored = after(folder, staff, stored, today, units)
        assert plan(folder, staff, stored, today, units).is_empty
        for later in (today + DAY, today + 60 * DAY):
            changes = plan(folder, staff, stored, later, units).changes
            assert {change.kind for change in changes} <= BY_TIME
        check_invariants(stored, staff, today, knows_externals=";extern;" in units)


def key(job: Job) -> tuple[str, ...]:
    """As a row of the file has it."""
    return job.number, job.unit, (job.job_role or "").lower(), str(job.reported_from), str(job.ends_on or "")


def check_invariants(stored: Stored, staff: str, today: dt.date, knows_externals: bool) -> None:
    wanted = {tuple(row.lower().split(";")) for row in staff.split()}
    wanted = {(number, unit.upper(), role, start, end) for number, unit, role, start, end in wanted}
    assert wanted <= {key(job) for job in stored.jobs}
    for job in stored.jobs:
        assert job.ends_on is None or job.ends_on >= job.starts_on
        if not job.is_open(today):
            continue
        assert stored.units[job.unit].ends_on is None
        if key(job) not in wanted and (knows_externals or job.unit != "X"):
            coming = [
                other.starts_on
                for other in stored.jobs
                if other.number == job.number and key(other) in wanted
            ]
            assert any(job.ends_on is not None and day > job.ends_on for day in coming)
