"""What becomes of one person's employments, rule by rule (measure.md, "What an import does")."""

from collections import defaultdict
from pathlib import Path

import pytest

from elearn.directory.changes import ChangeKind, Stored
from tests.directory.staff_files import DAY, TODAY, UNITS, WITHOUT_F2, after, periods, plan

GONE = "1 person som slutade för mer än 30 dagar sedan och inte finns här läses inte in."
YESTERDAY, TOMORROW = TODAY - DAY, TODAY + DAY
WEEK = 7 * DAY
SOON = TODAY + 30 * DAY


def kinds(folder: Path, staff: str, stored: Stored) -> list[ChangeKind]:
    return [change.kind for change in plan(folder, staff, stored).job_changes]


def test_a_change_of_till_or_position_is_an_update(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F1;;2020-01-01;", after(tmp_path, "1;F1;;2020-01-01;2026-12-31"))
    assert periods(stored, "1") == [("F1", "2020-01-01", "")]
    assert kinds(tmp_path, "1;F1;;2020-01-01;2027-01-31", stored) == [ChangeKind.JOB_CHANGED]
    assert periods(after(tmp_path, "1;F1;;2020-01-01;2027-01-31", stored), "1") == [
        ("F1", "2020-01-01", "2027-01-31")
    ]
    assert kinds(tmp_path, f"1;F1;;2020-01-01;{YESTERDAY}", stored) == [ChangeKind.JOB_ENDED]
    assert kinds(tmp_path, f"1;F1;;2020-01-01;{TODAY}", stored) == [ChangeKind.JOB_CHANGED]
    assert len(stored.jobs) == 1


def test_one_that_is_over_in_the_file_from_the_start_is_stored_as_over(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F1;;2020-01-01;2021-12-31")
    assert periods(stored, "1") == [("F1", "2020-01-01", "2021-12-31")]
    assert periods(after(tmp_path, "1;F1;;2020-01-01;2022-12-31", stored), "1") == [
        ("F1", "2020-01-01", "2022-12-31")
    ]
    assert periods(after(tmp_path, "1;F1;;2020-01-01;", stored), "1") == [("F1", "2020-01-01", "")]


def test_another_from_in_the_same_unit_and_role_is_a_correction(tmp_path: Path) -> None:
    for corrected in ("2019-12-01", "2020-02-01"):
        stored = after(tmp_path, f"1;F1;;{corrected};", after(tmp_path, "1;F1;;2020-01-01;"))
        assert periods(stored, "1") == [("F1", corrected, "")]
        assert str(stored.jobs[0].reported_from) == corrected


def test_a_new_period_after_one_that_was_over_is_no_correction(tmp_path: Path) -> None:
    """The boundary: from the last day itself it is a correction, from the day after it a new period."""
    over = after(tmp_path, "1;F1;;2020-01-01;2026-06-30")
    assert periods(after(tmp_path, "1;F1;;2026-07-01;", over), "1") == [
        ("F1", "2020-01-01", "2026-06-30"),
        ("F1", "2026-07-01", ""),
    ]
    assert periods(after(tmp_path, "1;F1;;2026-06-30;", over), "1") == [("F1", "2026-06-30", "")]


def test_an_ended_and_an_open_row_in_the_same_place_are_two_periods(tmp_path: Path) -> None:
    both = "1;F1;;2020-01-01;2024-12-31 1;F1;;2026-01-01;"
    for stored in (after(tmp_path, both), after(tmp_path, both, after(tmp_path, "1;F1;;2020-01-01;"))):
        assert periods(stored, "1") == [("F1", "2020-01-01", "2024-12-31"), ("F1", "2026-01-01", "")]
        assert plan(tmp_path, both, stored).is_empty


def test_of_two_rows_in_the_same_place_each_corrects_the_nearest(tmp_path: Path) -> None:
    stored = after(
        tmp_path,
        "1;F1;;2019-06-02; 1;F1;;2021-02-01;",
        after(tmp_path, "1;F1;;2021-01-01; 1;F1;;2019-06-01;"),
    )
    assert periods(stored, "1") == [("F1", "2019-06-02", ""), ("F1", "2021-02-01", "")]
    assert [str(job.reported_from) for job in stored.jobs] == ["2019-06-02", "2021-02-01"]


def test_a_move_ends_the_old_on_the_day_before_the_new(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F2;;2026-09-01;", after(tmp_path, "1;F1;;2020-01-01;"))
    assert periods(stored, "1") == [("F1", "2020-01-01", "2026-08-31"), ("F2", "2026-09-01", "")]


def test_a_move_where_hr_repeats_the_date_of_hire_happens_on_the_day_of_the_import(tmp_path: Path) -> None:
    """The boundary: the day before ``från`` must come after the old one's start."""
    hired = after(tmp_path, "1;F1;;2020-01-01;")
    for repeated in ("2019-01-01", "2020-01-01", "2020-01-02"):
        stored = after(tmp_path, f"1;F2;;{repeated};", hired)
        assert periods(stored, "1") == [("F1", "2020-01-01", str(YESTERDAY)), ("F2", str(TODAY), "")]
        assert str(stored.jobs[1].reported_from) == repeated
        assert plan(tmp_path, f"1;F2;;{repeated};", stored, SOON).is_empty
    stored = after(tmp_path, "1;F2;;2020-01-03;", hired)
    assert periods(stored, "1") == [("F1", "2020-01-01", "2020-01-02"), ("F2", "2020-01-03", "")]


def test_a_change_of_role_is_a_move_and_a_change_of_its_capitals_is_not(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F1;kock;2020-01-01;", after(tmp_path, "1;F1;;2020-01-01;"))
    assert [(job.job_role, job.starts_on, job.ends_on) for job in stored.jobs[1:]] == [("kock", TODAY, None)]
    assert stored.jobs[0].ends_on == YESTERDAY
    assert kinds(tmp_path, "1;F1;KOCK;2020-01-01;", stored) == [ChangeKind.JOB_CHANGED]
    assert after(tmp_path, "1;F1;KOCK;2020-01-01;", stored).jobs[1].job_role == "KOCK"


def test_a_move_to_a_coming_day_stays_as_planned_at_the_next_import(tmp_path: Path) -> None:
    staff = f"1;F2;;{SOON};"
    stored = after(tmp_path, staff, after(tmp_path, "1;F1;;2020-01-01;"))
    assert periods(stored, "1") == [("F1", "2020-01-01", str(SOON - DAY)), ("F2", str(SOON), "")]
    for today in (TODAY, TOMORROW, SOON - DAY, SOON, SOON + DAY):
        assert plan(tmp_path, staff, stored, today).is_empty


def test_a_planned_move_that_is_called_off_is_undone(tmp_path: Path) -> None:
    hired = after(tmp_path, "1;F1;;2020-01-01;")
    moving = after(tmp_path, f"1;F2;;{SOON};", hired)
    assert periods(after(tmp_path, "1;F1;;2020-01-01;", moving, TOMORROW), "1") == [("F1", "2020-01-01", "")]


def test_a_planned_move_to_somewhere_else_instead(tmp_path: Path) -> None:
    moving = after(tmp_path, f"1;F2;;{SOON};", after(tmp_path, "1;F1;;2020-01-01;"))
    assert periods(after(tmp_path, f"1;U;;{SOON};", moving), "1") == [
        ("F1", "2020-01-01", str(SOON - DAY)),
        ("U", str(SOON), ""),
    ]
    assert periods(after(tmp_path, "1;U;;2020-01-01;", moving), "1") == [
        ("F1", "2020-01-01", str(YESTERDAY)),
        ("U", str(TODAY), ""),
    ]


def test_a_move_keeps_an_earlier_last_day_of_the_old(tmp_path: Path) -> None:
    staff = f"1;F2;;{SOON};"
    stored = after(tmp_path, staff, after(tmp_path, f"1;F1;;2020-01-01;{TODAY + WEEK}"))
    assert periods(stored, "1") == [("F1", "2020-01-01", str(TODAY + WEEK)), ("F2", str(SOON), "")]
    assert plan(tmp_path, staff, stored, TOMORROW).is_empty


def test_who_is_missing_ended_yesterday_and_is_reopened_on_coming_back(tmp_path: Path) -> None:
    both, one = "1;F1;;2020-01-01; 2;F1;;2020-01-01;2027-06-30", "1;F1;;2020-01-01;"
    hired = after(tmp_path, both)
    assert kinds(tmp_path, one, hired) == [ChangeKind.JOB_ENDED]
    stored = after(tmp_path, one, hired)
    assert periods(stored, "2") == [("F1", "2020-01-01", str(YESTERDAY))]
    assert kinds(tmp_path, both, stored) == [ChangeKind.JOB_REOPENED]
    assert periods(after(tmp_path, both, stored, SOON), "2") == [("F1", "2020-01-01", "2027-06-30")]


def test_who_is_missing_after_the_last_day_ended_on_it(tmp_path: Path) -> None:
    one = "1;F1;;2020-01-01;"
    stored = after(tmp_path, f"{one} 2;F1;;2020-01-01;{YESTERDAY - WEEK}")
    assert plan(tmp_path, one, stored).is_empty


def test_who_had_not_begun_is_removed(tmp_path: Path) -> None:
    """The boundary: whoever was to begin today never did, whoever began yesterday had one day."""
    one = "1;F1;;2020-01-01;"
    for start in (TODAY, TOMORROW, SOON):
        hired = after(tmp_path, f"{one} 2;F1;;{start};")
        assert kinds(tmp_path, one, hired) == [ChangeKind.JOB_REMOVED]
        assert periods(after(tmp_path, one, hired), "2") == []
    stored = after(tmp_path, one, after(tmp_path, f"{one} 2;F1;;{YESTERDAY};"))
    assert periods(stored, "2") == [("F1", str(YESTERDAY), str(YESTERDAY))]


def test_one_that_ends_before_a_later_one_begins_may_leave_the_file(tmp_path: Path) -> None:
    """The boundary: a later one that begins on the last day itself leaves no doubt that the first is lost."""
    for start, last_day in ((SOON + DAY, SOON), (SOON, YESTERDAY)):
        later = f"1;F2;;{start};"
        stored = after(tmp_path, later, after(tmp_path, f"1;F1;;2020-01-01;{SOON} {later}"))
        assert periods(stored, "1") == [("F1", "2020-01-01", str(last_day)), ("F2", str(start), "")]


def test_a_coming_one_that_leaves_the_file_is_removed_though_a_later_one_stands_there(tmp_path: Path) -> None:
    later = f"1;F2;;{SOON + WEEK};"
    stored = after(tmp_path, later, after(tmp_path, f"1;F1;;{TOMORROW};{SOON} {later}"))
    assert periods(stored, "1") == [("F2", str(SOON + WEEK), "")]


def test_one_that_began_today_ends_before_a_coming_move(tmp_path: Path) -> None:
    stored = after(tmp_path, f"1;F2;;{SOON};", after(tmp_path, f"1;F1;;{TODAY};"))
    assert periods(stored, "1") == [("F1", str(TODAY), str(SOON - DAY)), ("F2", str(SOON), "")]


def test_an_earlier_period_that_the_file_adds_is_no_correction(tmp_path: Path) -> None:
    """The boundary: up to the day before it is an earlier period, from the first day on a correction."""
    hired = after(tmp_path, "1;F1;;2020-01-01;")
    stored = after(tmp_path, "1;F1;;2010-01-01;2019-12-31", hired)
    assert periods(stored, "1") == [("F1", "2010-01-01", "2019-12-31"), ("F1", "2020-01-01", str(YESTERDAY))]
    assert periods(after(tmp_path, "1;F1;;2010-01-01;2020-01-01", hired), "1") == [
        ("F1", "2010-01-01", "2020-01-01")
    ]


def test_a_coming_employment_elsewhere_is_no_move_of_one_that_has_not_begun(tmp_path: Path) -> None:
    hired = after(tmp_path, f"1;F1;;{SOON};")
    for start in (str(SOON), str(SOON + WEEK), "2026-11-01"):
        assert periods(after(tmp_path, f"1;F2;;{start};", hired), "1") == [("F2", start, "")]


def test_one_of_two_jobs_ending_is_no_move_and_another_beginning_is_none_either(tmp_path: Path) -> None:
    one, two = "1;F1;;2020-01-01;", "1;F1;;2020-01-01; 1;F2;;2021-01-01;"
    stored = after(tmp_path, two, after(tmp_path, one))
    assert periods(stored, "1") == [("F1", "2020-01-01", ""), ("F2", "2021-01-01", "")]
    assert periods(after(tmp_path, one, stored), "1") == [
        ("F1", "2020-01-01", ""),
        ("F2", "2021-01-01", str(YESTERDAY)),
    ]


def test_one_that_the_file_has_ended_is_not_lost(tmp_path: Path) -> None:
    staff = "1;F1;;2020-01-01;2026-10-31 1;F2;;2026-10-15;"
    stored = after(tmp_path, staff, after(tmp_path, "1;F1;;2020-01-01;"))
    assert periods(stored, "1") == [("F1", "2020-01-01", "2026-10-31"), ("F2", "2026-10-15", "")]


def test_a_row_that_is_over_is_no_move(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F2;;2026-01-01;2026-03-31", after(tmp_path, "1;F1;;2020-01-01;"))
    assert periods(stored, "1") == [("F1", "2020-01-01", str(YESTERDAY)), ("F2", "2026-01-01", "2026-03-31")]


def test_two_moves_at_once_keep_unit_or_role_where_they_can(tmp_path: Path) -> None:
    hired = after(tmp_path, "1;F1;skola;2020-01-01; 1;F2;kock;2020-01-01;")
    stored = after(tmp_path, "1;F2;fiskare;2026-03-01; 1;U;skola;2026-09-01;", hired)
    assert [(job.unit, job.job_role, str(job.ends_on or "")) for job in stored.jobs] == [
        ("F1", "skola", "2026-08-31"),
        ("F2", "kock", "2026-02-28"),
        ("F2", "fiskare", ""),
        ("U", "skola", ""),
    ]
    for first, second in (("skola", "kock"), ("kock", "skola")):
        moved = after(tmp_path, f"1;U;{first};2026-03-01; 1;U;{second};2026-09-01;", hired)
        assert {job.job_role: str(job.ends_on) for job in moved.jobs[:2]} == {
            first: "2026-02-28",
            second: "2026-08-31",
        }


def test_two_employments_of_a_person_swap_their_roles(tmp_path: Path) -> None:
    swapped = "1;F1;kock;2020-01-01; 1;F2;skola;2021-01-01;"
    stored = after(tmp_path, swapped, after(tmp_path, "1;F1;skola;2020-01-01; 1;F2;kock;2021-01-01;"))
    assert periods(stored, "1") == [
        ("F1", "2020-01-01", str(YESTERDAY)),
        ("F2", "2021-01-01", str(YESTERDAY)),
        ("F1", str(TODAY), ""),
        ("F2", str(TODAY), ""),
    ]
    assert plan(tmp_path, swapped, stored, TOMORROW).is_empty


def test_two_persons_swap_places(tmp_path: Path) -> None:
    swapped = "1;F2;;2020-01-01; 2;F1;;2020-01-01;"
    stored = after(tmp_path, swapped, after(tmp_path, "1;F1;;2020-01-01; 2;F2;;2020-01-01;"))
    assert periods(stored, "1") == [("F1", "2020-01-01", str(YESTERDAY)), ("F2", str(TODAY), "")]
    assert periods(stored, "2") == [("F2", "2020-01-01", str(YESTERDAY)), ("F1", str(TODAY), "")]


def test_a_second_import_on_the_same_day_undoes_the_first(tmp_path: Path) -> None:
    """A wrong file in the morning leaves no trace in the afternoon."""
    right, wrong = "1;F1;;2020-01-01;", "1;F2;;2020-01-01;"
    hired = after(tmp_path, right)
    for mistake in (wrong, "2;F1;;2020-01-01;", f"1;F2;;{SOON};"):
        assert periods(after(tmp_path, right, after(tmp_path, mistake, hired)), "1") == [
            ("F1", "2020-01-01", "")
        ]


def test_a_second_move_on_the_same_day_takes_the_place_of_the_first(tmp_path: Path) -> None:
    hired = after(tmp_path, "1;F1;;2020-01-01;")
    for start in ("2020-01-01", str(TODAY), str(TOMORROW)):
        stored = after(tmp_path, f"1;U;;{start};", after(tmp_path, "1;F2;;2020-01-01;", hired))
        begins = max(start, str(TODAY))
        assert periods(stored, "1") == [("F1", "2020-01-01", str(YESTERDAY)), ("U", begins, "")]


def test_who_moves_back_does_not_count_the_time_away(tmp_path: Path) -> None:
    """Past dates keep their figures, though the file repeats the date of hire and the old row with it."""
    stored = after(tmp_path, "1;F2;;2020-01-01;", after(tmp_path, "1;F1;;2020-01-01;"))
    back = after(tmp_path, "1;F1;;2020-01-01;", stored, SOON)
    assert periods(back, "1") == [
        ("F1", "2020-01-01", str(YESTERDAY)),
        ("F2", str(TODAY), str(SOON - DAY)),
        ("F1", str(SOON), ""),
    ]
    for today in (SOON, SOON + WEEK):
        assert plan(tmp_path, "1;F1;;2020-01-01;", back, today).is_empty
    ended = after(tmp_path, f"1;F1;;2020-01-01;{SOON + DAY}", back, SOON + WEEK)
    assert periods(ended, "1")[-1] == ("F1", str(SOON), str(SOON + DAY))


def test_who_goes_back_to_one_job_and_leaves_another_that_began_before_it(tmp_path: Path) -> None:
    """Neither what is left nor what is taken up again is changed on a day that has passed."""
    both, first, second = "1;F1;;2022-01-01; 1;F2;;2020-01-01;", "1;F2;;2020-01-01;", "1;F1;;2022-01-01;"
    stored = after(tmp_path, first, after(tmp_path, both))
    back = after(tmp_path, second, stored, SOON)
    assert periods(back, "1") == [
        ("F2", "2020-01-01", str(SOON - DAY)),
        ("F1", "2022-01-01", str(YESTERDAY)),
        ("F1", str(SOON), ""),
    ]
    more = after(tmp_path, f"{second} 1;U;;2020-01-01;", stored, SOON)
    assert periods(more, "1") == [*periods(back, "1"), ("U", str(SOON), "")]


def test_a_new_period_beside_an_old_one_that_the_file_still_has_is_no_return(tmp_path: Path) -> None:
    old = "1;F1;;2020-01-01;2024-12-31"
    stored = after(tmp_path, f"{old} 1;F1;;2024-06-01;", after(tmp_path, f"{old} 1;F2;;2021-01-01;"))
    assert periods(stored, "1") == [
        ("F1", "2020-01-01", "2024-12-31"),
        ("F2", "2021-01-01", "2024-05-31"),
        ("F1", "2024-06-01", ""),
    ]


def test_who_comes_back_to_another_unit_does_not_count_the_years_before(tmp_path: Path) -> None:
    """An import without the person, and the next one with the date of hire repeated in another unit."""
    away = after(tmp_path, "2;F1;;2020-01-01;", after(tmp_path, "1;F1;;2020-01-01; 2;F1;;2020-01-01;"))
    stored = after(tmp_path, "1;F2;;2020-01-01; 2;F1;;2020-01-01;", away, SOON)
    assert periods(stored, "1") == [("F1", "2020-01-01", str(YESTERDAY)), ("F2", str(SOON), "")]
    stored = after(tmp_path, "1;F2;;2026-11-01; 2;F1;;2020-01-01;", away, SOON)
    assert periods(stored, "1") == [("F1", "2020-01-01", str(YESTERDAY)), ("F2", "2026-11-01", "")]


@pytest.mark.parametrize(
    ("corrected", "starts_on"), [("2009-01-01", str(TODAY)), (str(TOMORROW), str(TOMORROW))]
)
def test_a_corrected_date_of_hire_does_not_bring_a_move_forward(
    tmp_path: Path, corrected: str, starts_on: str
) -> None:
    moved = after(tmp_path, "1;F2;;2010-01-01;", after(tmp_path, "1;F1;;2010-01-01;"))
    stored = after(tmp_path, f"1;F2;;{corrected};", moved, TOMORROW)
    assert periods(stored, "1")[-1] == ("F2", starts_on, "")
    assert str(stored.jobs[-1].reported_from) == corrected


def test_a_last_day_before_the_day_of_the_move_leaves_that_day(tmp_path: Path) -> None:
    """HR says that the employment, which an import began today, was over before: no employment ends before it
    begins."""
    moved = after(tmp_path, "1;F2;;2020-01-01;", after(tmp_path, "1;F1;;2020-01-01;"))
    ended = f"1;F2;;2020-01-01;{TODAY - WEEK}"
    stored = after(tmp_path, ended, moved, TOMORROW)
    assert ("F2", str(TODAY - WEEK), str(TODAY - WEEK)) in periods(stored, "1")
    assert plan(tmp_path, ended, stored, SOON).is_empty
    corrected = f"1;F2;;2020-01-05;{TODAY - WEEK}"
    assert periods(after(tmp_path, corrected, moved, TOMORROW), "1") == periods(stored, "1")


def test_a_unit_may_close_and_its_people_move_in_the_same_import(tmp_path: Path) -> None:
    """No employment goes on in a closed unit, not even until a coming move."""
    hired = after(tmp_path, "1;F2;;2020-01-01;")
    stored = after(tmp_path, "1;F1;;2026-11-01;", hired, units=WITHOUT_F2)
    assert periods(stored, "1") == [("F2", "2020-01-01", "2026-10-31"), ("F1", "2026-11-01", "")]
    stored = after(tmp_path, f"1;F1;;{SOON};", hired, units=WITHOUT_F2)
    assert periods(stored, "1") == [("F2", "2020-01-01", str(YESTERDAY)), ("F1", str(SOON), "")]
    planned = after(tmp_path, f"1;F1;;{SOON};", hired)
    assert periods(planned, "1") == [("F2", "2020-01-01", str(SOON - DAY)), ("F1", str(SOON), "")]
    assert periods(after(tmp_path, f"1;F1;;{SOON};", planned, units=WITHOUT_F2), "1") == periods(stored, "1")


@pytest.mark.parametrize(("last_day", "comes_in"), [("2026-10-23", False), ("2026-10-24", True)])
def test_who_left_more_than_30_days_ago_and_is_not_stored_is_not_read_in(
    tmp_path: Path, last_day: str, comes_in: bool
) -> None:
    """Whoever has been erased does not come back with the next night's file. The first import takes all."""
    row = f"5;F1;;2020-01-01;{last_day} "
    assert periods(after(tmp_path, row), "5") == [("F1", "2020-01-01", last_day)]
    stored = after(tmp_path, "1;F1;;2020-01-01;")
    staff = f"1;F1;;2020-01-01; {row}"
    told = [warning for warning in plan(tmp_path, staff, stored).warnings if "slutade för mer än" in warning]
    assert bool(periods(after(tmp_path, staff, stored), "5")) == comes_in
    assert told == ([] if comes_in else [GONE])


def test_every_change_of_an_employment_is_told(tmp_path: Path) -> None:
    stored = after(
        tmp_path,
        "1;F1;;2020-01-01; 2;F1;kock;2020-01-01; 3;F1;;2020-01-01; 4;F1;;2027-01-01; 6;F1;;2020-01-01;",
    )
    stored = after(
        tmp_path, "1;F1;;2020-01-01; 2;F1;kock;2020-01-01; 3;F1;;2020-01-01; 4;F1;;2027-01-01;", stored
    )
    staff = "1;F2;;2026-09-01; 2;F1;skola;2026-09-01; 5;F1;;2020-01-01;2026-11-01 6;F1;;2020-02-01;2027-01-31 7;F2;;2020-01-01;"
    told = defaultdict[ChangeKind, list[str]](list)
    for change in plan(tmp_path, staff, stored).changes:
        told[change.kind].append(change.sentence)
    assert told[ChangeKind.JOB_MOVED] == [
        "För1 Efter (1) går från Ängen (F1) till Åsen (F2), första dagen är 2026-09-01",
        "För2 Efter (2) byter yrkesroll i Ängen (F1) från kock till skola, första dagen är 2026-09-01",
    ]
    assert told[ChangeKind.JOB_ADDED] == [
        "För5 Efter (5) är anställd i Ängen (F1) från 2020-01-01, sista dagen är 2026-11-01",
        "För7 Efter (7) är anställd i Åsen (F2) från 2020-01-01",
    ]
    assert told[ChangeKind.JOB_REOPENED] == [
        "För6 Efter (6) i Ängen (F1): öppnas igen, första dagen ändras från 2020-01-01 till 2020-02-01, "
        "sista dagen ändras från 2026-11-22 till 2027-01-31, från i filen är nu 2020-02-01"
    ]
    assert told[ChangeKind.JOB_ENDED] == ["För3 Efter (3) slutar i Ängen (F1), sista dagen är 2026-11-22"]
    assert told[ChangeKind.JOB_REMOVED] == [
        "För4 Efter (4) i Ängen (F1): tas bort, anställningen hade inte börjat"
    ]


def test_back_within_31_days_is_a_slip_and_after_32_days_a_new_employment(tmp_path: Path) -> None:
    """Counted from the import that ended it. What is begun anew begins on the day of the import when the file
    repeats the date of hire."""
    both, one = "1;F1;;2020-01-01; 2;F1;;2020-01-01;", "1;F1;;2020-01-01;"
    missed = after(tmp_path, one, after(tmp_path, both))
    reopened = after(tmp_path, both, missed, TODAY + 31 * DAY)
    assert periods(reopened, "2") == [("F1", "2020-01-01", "")]
    begun = after(tmp_path, both, missed, TODAY + 32 * DAY)
    assert periods(begun, "2") == [("F1", "2020-01-01", str(YESTERDAY)), ("F1", str(TODAY + 32 * DAY), "")]
    assert plan(tmp_path, both, begun, TODAY + 33 * DAY).is_empty


def test_back_after_a_long_leave_begins_on_its_date_when_that_is_after_the_old_end(tmp_path: Path) -> None:
    """The boundary: the old one ended yesterday; today is after it, yesterday is not."""
    one, late = "1;F1;;2020-01-01;", TODAY + 40 * DAY
    missed = after(tmp_path, one, after(tmp_path, f"{one} 2;F1;;2020-01-01;"))
    for start, begins in ((TODAY, TODAY), (YESTERDAY, late)):
        again = after(tmp_path, f"{one} 2;F1;;{start};", missed, late)
        assert periods(again, "2")[1:] == [("F1", str(begins), "")]


def test_a_last_day_that_the_file_told_and_takes_back_is_an_update_however_late(tmp_path: Path) -> None:
    ended = after(tmp_path, f"1;F1;;2020-01-01;{YESTERDAY}", after(tmp_path, "1;F1;;2020-01-01;"))
    assert periods(after(tmp_path, "1;F1;;2020-01-01;", ended, TODAY + 90 * DAY), "1") == [
        ("F1", "2020-01-01", "")
    ]


def test_a_last_day_that_the_file_tells_after_the_import_ended_it_is_the_files(tmp_path: Path) -> None:
    one = "1;F1;;2020-01-01;"
    missed = after(tmp_path, one, after(tmp_path, f"{one} 2;F1;;2020-01-01;"))
    told = plan(tmp_path, f"{one} 2;F1;;2020-01-01;{YESTERDAY}", missed)
    assert [change.sentence for change in told.changes] == [
        f"För2 Efter (2) i Ängen (F1): sista dagen {YESTERDAY} står nu i filen"
    ]
    confirmed = after(tmp_path, f"{one} 2;F1;;2020-01-01;{YESTERDAY}", missed)
    again = after(tmp_path, f"{one} 2;F1;;2020-01-01;", confirmed, TODAY + 90 * DAY)
    assert periods(again, "2") == [("F1", "2020-01-01", "")]


def test_a_role_that_the_unit_already_gives_may_be_written_out_or_left_out(tmp_path: Path) -> None:
    """F1's role is förskola. Nothing changes, so no deadline begins anew."""
    for first, second in (("", "förskola"), ("förskola", ""), ("", "FÖRSKOLA")):
        stored = after(tmp_path, f"1;F1;{first};2020-01-01;")
        assert plan(tmp_path, f"1;F1;{second};2020-01-01;", stored, SOON).is_empty


def test_a_units_new_role_is_no_new_employment(tmp_path: Path) -> None:
    units = UNITS.replace("F1;Ängen;enhet;U;;förskola", "F1;Ängen;enhet;U;;skola")
    stored = after(tmp_path, "1;F1;;2020-01-01; 2;F1;förskola;2020-01-01; 3;F1;förskola;2020-01-01;")
    now = after(
        tmp_path, "1;F1;;2020-01-01; 2;F1;;2020-01-01; 3;F1;förskola;2020-01-01;", stored, units=units
    )
    assert [(job.number, job.job_role, str(job.starts_on), job.ends_on) for job in now.jobs] == [
        ("1", None, "2020-01-01", None),
        ("2", None, "2020-01-01", None),
        ("3", "förskola", "2020-01-01", None),
    ]


def test_a_role_written_out_while_the_unit_gets_another_is_kept(tmp_path: Path) -> None:
    units = UNITS.replace("F1;Ängen;enhet;U;;förskola", "F1;Ängen;enhet;U;;skola")
    now = after(tmp_path, "1;F1;förskola;2020-01-01;", after(tmp_path, "1;F1;;2020-01-01;"), units=units)
    assert [(job.job_role, str(job.starts_on), job.ends_on) for job in now.jobs] == [
        ("förskola", "2020-01-01", None)
    ]
