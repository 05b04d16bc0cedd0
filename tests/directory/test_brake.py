"""When an import stops: how many may change at once, on both sides of ten percent (measure.md, "What an
import does"; S43)."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from elearn.directory import plan as directory_plan
from elearn.directory.changes import Brake, BrakeKind, Plan
from tests.directory import staff_files
from tests.directory.staff_files import DAY, NOTHING, TODAY, UNITS, after, plan

YESTERDAY = TODAY - DAY
LATER = TODAY + 30 * DAY
JOBS = "anställningsnr;förnamn;efternamn;e-post;enhetskod;yrkesroll;befattning;från;till\n"


def sentences(brakes: Sequence[Brake], kind: BrakeKind) -> list[str]:
    return [brake.sentence for brake in brakes if brake.kind == kind]


@pytest.mark.parametrize(("leaving", "is_braked"), [(2, False), (3, True)])
def test_the_brake_is_over_ten_percent_of_the_open_employments(
    tmp_path: Path, leaving: int, is_braked: bool
) -> None:
    """S43: two of twenty are ten percent and pass; three are stopped. What was over already is not
    counted."""
    staff = [f"{number};F1;;2020-01-01;" for number in range(20)]
    over = " 90;F1;;2020-01-01;2020-12-31 91;F1;;2020-01-01;2020-12-31"
    stored = after(tmp_path, " ".join(staff) + over)
    for ended in (
        staff[leaving:],
        [f"{row}{YESTERDAY if place < leaving else ''}" for place, row in enumerate(staff)],
    ):
        brakes = sentences(plan(tmp_path, " ".join(ended), stored).brakes, BrakeKind.ENDED)
        expected = [
            "3 av 20 pågående anställningar skulle sluta för personer som inte har någon annan. Det är mer än 10 procent."
        ]
        assert brakes == (expected if is_braked else [])


@pytest.mark.parametrize(("closing", "is_braked"), [(2, False), (3, True)])
def test_the_brake_is_over_ten_percent_of_the_open_units(
    tmp_path: Path, closing: int, is_braked: bool
) -> None:
    """S43."""
    units = [f"E{number};Enhet {number};enhet;;;;\n" for number in range(20)]
    stored = after(tmp_path, "1;E9;;2020-01-01;", units="".join(units) + "Z;Stängd;enhet;;;;\n")
    stored = after(tmp_path, "1;E9;;2020-01-01;", stored, units="".join(units))
    planned = plan(tmp_path, "1;E9;;2020-01-01;", stored, units="".join(units[closing:]))
    assert sentences(planned.brakes, BrakeKind.ENDED) == (
        ["3 av 20 öppna enheter skulle stängas. Det är mer än 10 procent."] if is_braked else []
    )


def test_who_moves_or_has_another_job_does_not_end(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F1;;2020-01-01; 2;F1;;2020-01-01; 3;F1;;2020-01-01; 3;F2;;2020-01-01;")
    moved = plan(tmp_path, f"1;F2;;2026-01-01; 2;F2;;{LATER}; 3;F2;;2020-01-01;", stored)
    assert sentences(moved.brakes, BrakeKind.ENDED) == []
    external = after(
        tmp_path, "1;F1;;2020-01-01; 1;X;;2020-01-01; 2;U;;2020-01-01;", units=UNITS + "X;Jouren;extern;;;;\n"
    )
    assert sentences(plan(tmp_path, "2;U;;2020-01-01;", external).brakes, BrakeKind.ENDED) == []


def test_a_coming_employment_that_is_taken_away_counts_for_the_brake(tmp_path: Path) -> None:
    stored = after(
        tmp_path,
        " ".join(
            [f"{number};F1;;2020-01-01;" for number in range(8)] + [f"8;F1;;{LATER};", f"9;F1;;{LATER};"]
        ),
    )
    assert plan(tmp_path, " ".join(f"{number};F1;;2020-01-01;" for number in range(8)), stored).brakes


def test_an_empty_database_has_no_brake(tmp_path: Path) -> None:
    assert plan(tmp_path, "1;F1;;2020-01-01;").brakes == []


STAFF = [(str(number), f"För{number}", f"Efter{number}", f"a{number}@x.se", "F1", "") for number in range(20)]


def town(folder: Path, staff: Sequence[Sequence[str]], units: str = UNITS) -> staff_files.Directory:
    """Rows of number, names, e-mail, unit and role."""
    first, second = staff_files.write(folder, "", units)
    rows = (
        f"{number};{first_name};{last_name};{email};{unit};{role};Lärare;2020-01-01;\n"
        for number, first_name, last_name, email, unit, role in staff
    )
    second.write_text(JOBS + "".join(rows), encoding="utf-8")
    return staff_files.read(first, second)


def changed(folder: Path, count: int, column: int, value: str, units: str = UNITS) -> Plan:
    """The plan when one column of the first ``count`` of twenty has become ``value``."""
    stored = staff_files.applied(directory_plan.make_plan(town(folder, STAFF), NOTHING, TODAY))
    staff = [
        (*row[:column], value.format(place), *row[column + 1 :]) if place < count else row
        for place, row in enumerate(STAFF)
    ]
    return directory_plan.make_plan(town(folder, staff, units), stored, TODAY)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (2, "Ny{}", "3 av 20 anställda skulle byta namn. Det är mer än 10 procent."),
        (3, "", "3 av 20 anställda skulle förlora sin e-postadress. Det är mer än 10 procent."),
        (
            4,
            "F2",
            "3 av 20 anställda skulle flytta till en annan enhet eller yrkesroll. Det är mer än 10 procent.",
        ),
    ],
)
def test_two_of_twenty_persons_may_change_and_three_may_not(
    tmp_path: Path, column: int, value: str, expected: str
) -> None:
    assert changed(tmp_path, 2, column, value).brakes == []
    assert changed(tmp_path, 3, column, value).brakes == [Brake(BrakeKind.CHANGED, expected)]


def test_two_of_twenty_in_the_target_group_may_leave_it_and_three_may_not(tmp_path: Path) -> None:
    """A role that no course names, or an external unit. Whoever stops altogether is not counted here."""
    expected = "3 av 20 i målgruppen skulle lämna den. Det är mer än 10 procent."
    units = UNITS + "X;Jouren;extern;;;skola;\n"
    for column, value in ((5, "kock"), (4, "X")):
        assert changed(tmp_path, 2, column, value, units).brakes == []
        assert expected in sentences(changed(tmp_path, 3, column, value, units).brakes, BrakeKind.CHANGED)
    stored = staff_files.applied(directory_plan.make_plan(town(tmp_path, STAFF), NOTHING, TODAY))
    ended = directory_plan.make_plan(town(tmp_path, STAFF[3:]), stored, TODAY)
    assert len(sentences(ended.brakes, BrakeKind.ENDED)) == 1
    assert not any("målgruppen" in brake.sentence for brake in ended.brakes)


@pytest.mark.parametrize(
    ("count", "starts_on", "expected"),
    [
        (3, TODAY, []),
        (2, TODAY + DAY, []),
        (3, TODAY + DAY, ["3 av 20 i målgruppen skulle lämna den. Det är mer än 10 procent."]),
        (16, TODAY + DAY, ["16 av 20 i målgruppen skulle lämna den. Det är mer än 10 procent."]),
    ],
)
def test_who_has_not_begun_is_not_in_the_target_group(
    tmp_path: Path, count: int, starts_on: dt.date, expected: list[str]
) -> None:
    """``från`` that moves ahead. The five who are still to begin count neither before nor after."""
    staff = [f"{number};F1;;2020-01-01;" for number in range(20, 40)]
    coming = " ".join(f"{number};F1;;{LATER};" for number in range(90, 95))
    stored = after(tmp_path, f"{' '.join(staff)} {coming}")
    moved = [row.replace("2020-01-01", str(starts_on)) for row in staff[:count]]
    planned = plan(tmp_path, " ".join([*moved, *staff[count:], coming]), stored)
    assert sentences(planned.brakes, BrakeKind.CHANGED) == expected


def test_another_spelling_of_a_name_and_a_role_written_out_do_not_stop_the_import(tmp_path: Path) -> None:
    assert changed(tmp_path, 20, 2, "EFTER{}").brakes == []
    written = changed(tmp_path, 20, 5, "FÖRSKOLA")
    assert (written.changes, written.brakes) == ([], [])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (";;förskola;1", ";;förskola;", "3 av 20 enheter skulle bli utan chef. Det är mer än 10 procent."),
        (";;förskola;1", ";;kock;1", "3 av 20 enheter skulle byta yrkesroll. Det är mer än 10 procent."),
    ],
)
def test_two_of_twenty_units_may_change_and_three_may_not(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    units = [f"E{number};Enhet {number};enhet;;;förskola;1\n" for number in range(20)]
    staff = "1;E19;;2020-01-01;"
    stored = after(tmp_path, staff, units="".join(units))
    for count, brakes in ((2, []), (3, [Brake(BrakeKind.CHANGED, expected)])):
        fewer = [unit.replace(old, new) if place < count else unit for place, unit in enumerate(units)]
        assert plan(tmp_path, staff, stored, units="".join(fewer)).brakes == brakes


def test_a_unit_whose_manager_is_another_is_not_without_one(tmp_path: Path) -> None:
    staff = "1;F1;;2020-01-01; 2;F1;;2020-01-01;"
    stored = after(tmp_path, staff)
    other = plan(tmp_path, staff, stored, units=UNITS.replace("förskola;1", "förskola;2"))
    assert (len(other.changes), other.brakes) == (2, [])


def test_a_unit_whose_manager_stops_is_no_fault_of_the_file(tmp_path: Path) -> None:
    staff = "1;F1;;2020-01-01; 2;F1;;2020-01-01; 3;F2;;2020-01-01;"
    ended = plan(tmp_path, "2;F1;;2020-01-01; 3;F2;;2020-01-01;", after(tmp_path, staff))
    assert ended.managers_to_remove == [("F1", "1")]
    assert sentences(ended.brakes, BrakeKind.CHANGED) == []
