"""What an import does, rule by rule, and that the same files again do nothing."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.people import directory_plan
from people.staff_files import NOTHING, TODAY, UNITS, after, directory, periods

DAY = dt.timedelta(days=1)
YESTERDAY = str(TODAY - DAY)
LATER = TODAY + dt.timedelta(days=30)


def test_the_same_files_again_are_an_empty_plan(tmp_path: Path) -> None:
    staff = "1;F1;;2020-01-01; 2;F2;skola;2021-01-01;2027-06-30 2;F1;;2021-01-01;"
    stored = after(tmp_path, staff)
    assert directory_plan.make_plan(directory(tmp_path, staff), stored, LATER).lines == []


def test_a_change_of_till_is_an_update(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F1;;2020-01-01;", after(tmp_path, "1;F1;;2020-01-01;2026-12-31"))
    assert periods(stored, "1") == [("F1", "2020-01-01", "")]
    assert periods(after(tmp_path, "1;F1;;2020-01-01;2027-01-31", stored), "1") == [("F1", "2020-01-01", "2027-01-31")]


def test_another_from_in_the_same_place_is_a_correction(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F1;;2020-02-01;", after(tmp_path, "1;F1;;2020-01-01;"))
    assert periods(stored, "1") == [("F1", "2020-02-01", "")]


def test_a_new_period_after_one_that_was_over_is_no_correction(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F1;;2026-08-01;", after(tmp_path, "1;F1;;2020-01-01;2026-06-30"))
    assert periods(stored, "1") == [("F1", "2020-01-01", "2026-06-30"), ("F1", "2026-08-01", "")]


def test_a_move_ends_the_old_on_the_day_before_the_new(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F2;;2026-09-01;", after(tmp_path, "1;F1;;2020-01-01;"))
    assert periods(stored, "1") == [("F1", "2020-01-01", "2026-08-31"), ("F2", "2026-09-01", "")]


def test_a_move_where_hr_repeats_the_date_of_hire_happens_on_the_day_of_the_import(tmp_path: Path) -> None:
    """The boundary: the day before ``från`` must come after the old one's start."""
    stored = after(tmp_path, "1;F2;;2020-01-02;", after(tmp_path, "1;F1;;2020-01-01;"))
    assert periods(stored, "1") == [("F1", "2020-01-01", YESTERDAY), ("F2", str(TODAY), "")]
    assert directory_plan.make_plan(directory(tmp_path, "1;F2;;2020-01-02;"), stored, LATER).lines == []
    stored = after(tmp_path, "1;F2;;2020-01-03;", after(tmp_path, "1;F1;;2020-01-01;"))
    assert periods(stored, "1") == [("F1", "2020-01-01", "2020-01-02"), ("F2", "2020-01-03", "")]


def test_a_change_of_role_is_a_move_too(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F1;skola;2020-01-01;", after(tmp_path, "1;F1;;2020-01-01;"))
    assert [(job.job_role, str(job.starts_on), str(job.ends_on)) for job in stored.jobs] == [
        (None, "2020-01-01", YESTERDAY), ("skola", str(TODAY), "None"),
    ]  # fmt: skip


def test_a_move_to_a_coming_day_stays_as_planned_at_the_next_import(tmp_path: Path) -> None:
    staff = f"1;F2;;{LATER};"
    stored = after(tmp_path, staff, after(tmp_path, "1;F1;;2020-01-01;"))
    assert periods(stored, "1") == [("F1", "2020-01-01", str(LATER - DAY)), ("F2", str(LATER), "")]
    assert directory_plan.make_plan(directory(tmp_path, staff), stored, TODAY + DAY).lines == []


def test_who_is_missing_ended_yesterday_and_is_reopened_on_coming_back(tmp_path: Path) -> None:
    both, one = "1;F1;;2020-01-01; 2;F1;;2020-01-01;", "1;F1;;2020-01-01;"
    stored = after(tmp_path, one, after(tmp_path, both))
    assert periods(stored, "2") == [("F1", "2020-01-01", YESTERDAY)]
    assert periods(after(tmp_path, both, stored, LATER), "2") == [("F1", "2020-01-01", "")]


def test_who_had_not_begun_is_removed(tmp_path: Path) -> None:
    one = "1;F1;;2020-01-01;"
    stored = after(tmp_path, one, after(tmp_path, f"{one} 2;F1;;{TODAY};"))
    assert periods(stored, "2") == []
    stored = after(tmp_path, one, after(tmp_path, f"{one} 2;F1;;{YESTERDAY};"))
    assert periods(stored, "2") == [("F1", YESTERDAY, YESTERDAY)]


def test_one_of_two_jobs_ending_is_no_move(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F1;;2020-01-01;", after(tmp_path, "1;F1;;2020-01-01; 1;F2;;2021-01-01;"))
    assert periods(stored, "1") == [("F1", "2020-01-01", ""), ("F2", "2021-01-01", YESTERDAY)]


def test_a_missing_unit_closes_and_opens_again(tmp_path: Path) -> None:
    staff, without = "1;F1;;2020-01-01;", UNITS.replace("F2;Åsen;enhet;U;;förskola;\n", "")
    stored = after(tmp_path, staff, after(tmp_path, staff), units=without)
    assert str(stored.units["F2"].ends_on) == YESTERDAY
    assert after(tmp_path, staff, stored).units["F2"].ends_on is None


def test_a_unit_is_renamed_and_moved_by_its_code(tmp_path: Path) -> None:
    staff = "1;F1;;2020-01-01;"
    moved = UNITS.replace("F2;Åsen;enhet;U", "O;Området;område;U;;;\nF2;Nya Åsen;enhet;O")
    stored = after(tmp_path, staff, after(tmp_path, staff), units=moved)
    assert (stored.units["F2"].name, stored.units["F2"].parent) == ("Nya Åsen", "O")


def test_a_unit_may_close_and_its_people_move_in_the_same_import(tmp_path: Path) -> None:
    without = UNITS.replace("F2;Åsen;enhet;U;;förskola;\n", "")
    stored = after(tmp_path, "1;F1;;2026-11-01;", after(tmp_path, "1;F2;;2020-01-01;"), units=without)
    assert periods(stored, "1") == [("F2", "2020-01-01", "2026-10-31"), ("F1", "2026-11-01", "")]


def test_externals_are_left_alone_by_a_file_that_does_not_know_them(tmp_path: Path) -> None:
    external = UNITS + "X;Jouren;extern;;;;\n"
    stored = after(tmp_path, "1;F1;;2020-01-01; 9;X;;2025-01-01;", units=external)
    same = after(tmp_path, "1;F1;;2020-01-01;", stored)
    assert same.units["X"].ends_on is None
    assert periods(same, "9") == [("X", "2025-01-01", "")]
    other = UNITS + "Y;Polisen;extern;;;;\n"
    assert after(tmp_path, "1;F1;;2020-01-01;", stored, units=other).units["X"].ends_on is not None


def test_managers_follow_the_file(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F1;;2020-01-01; 2;F1;;2020-01-01;")
    assert stored.units["F1"].managers == {"1"}
    changed = after(tmp_path, "1;F1;;2020-01-01; 2;F1;;2020-01-01;", stored, units=UNITS.replace("förskola;1", "förskola;2"))
    assert changed.units["F1"].managers == {"2"}


@pytest.mark.parametrize(("leaving", "is_braked"), [(1, False), (2, True)])
def test_the_brake_is_over_ten_percent_of_the_employments(tmp_path: Path, leaving: int, is_braked: bool) -> None:
    """S43: one of ten is ten percent and passes; two are stopped."""
    staff = [f"{number};F1;;2020-01-01;" for number in range(1, 11)]
    stored = after(tmp_path, " ".join(staff))
    plan = directory_plan.make_plan(directory(tmp_path, " ".join(staff[leaving:])), stored, TODAY)
    assert bool(plan.brakes) is is_braked


@pytest.mark.parametrize(("closing", "is_braked"), [(1, False), (2, True)])
def test_the_brake_is_over_ten_percent_of_the_units(tmp_path: Path, closing: int, is_braked: bool) -> None:
    units = [f"E{number};Enhet {number};enhet;;;;" for number in range(10)]
    staff = "1;E9;;2020-01-01;"
    stored = after(tmp_path, staff, units="\n".join(units) + "\n")
    plan = directory_plan.make_plan(directory(tmp_path, staff, "\n".join(units[closing:]) + "\n"), stored, TODAY)
    assert bool(plan.brakes) is is_braked


def test_who_moves_does_not_brake(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F1;;2020-01-01; 2;F1;;2020-01-01;")
    assert directory_plan.make_plan(directory(tmp_path, "1;F2;;2026-01-01; 2;F2;;2026-01-01;"), stored, TODAY).brakes == []


def test_an_empty_database_has_no_brake(tmp_path: Path) -> None:
    assert directory_plan.make_plan(directory(tmp_path, "1;F1;;2020-01-01;"), NOTHING, TODAY).brakes == []


dates = st.integers(-40, 40).map(lambda offset: TODAY + dt.timedelta(days=offset))
rows = st.tuples(st.sampled_from("123"), st.sampled_from(("F1", "F2", "U")), st.sampled_from(("", "skola")), dates, st.none() | dates)


def staff_of(found: list[tuple[str, str, str, dt.date, dt.date | None]]) -> str:
    """Rows that one file may hold: no two alike in number, unit, role and from; none that ends before it begins."""
    unique = {(number, unit, role, start): end for number, unit, role, start, end in found}
    return " ".join(f"{n};{u};{r};{s};{e if e and e >= s else ''}" for (n, u, r, s), e in unique.items()) or f"1;F1;;{TODAY};"


@given(st.lists(st.lists(rows, max_size=6), min_size=1, max_size=3))
def test_any_files_imported_again_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[tuple[str, str, str, dt.date, dt.date | None]]]
) -> None:
    """And no employment ends before it begins, and every row of the last file has its employment."""
    folder = tmp_path_factory.mktemp("files")
    stored, staff = NOTHING, ""
    for step, found in enumerate(files):
        staff = staff_of(found)
        stored = after(folder, staff, stored, TODAY + step * DAY)
    today = TODAY + (len(files) - 1) * DAY
    again = directory_plan.make_plan(directory(folder, staff), stored, today)
    assert again.lines == []
    assert all(job.ends_on is None or job.ends_on >= job.starts_on for job in stored.jobs)
    held = {(job.number, job.unit, job.job_role or "", str(job.reported_from), str(job.ends_on or "")) for job in stored.jobs}
    assert all(tuple(row.split(";")) in held for row in staff.split())
