"""Whose number it is, and which unit's code: a new holder begins anew, and the former one keeps everything
(measure.md, "What an import does")."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from elearn.directory import plan as directory_plan
from elearn.directory.changes import Brake, BrakeKind, ChangeKind, Plan, Stored
from elearn.directory.holders import Choices
from elearn.errors import Invalid
from tests.directory import staff_files
from tests.directory.staff_files import DAY, NOTHING, TODAY, UNITS, after, periods, plan

JOBS = "anställningsnr;förnamn;efternamn;e-post;enhetskod;yrkesroll;befattning;från;till\n"
OTHERS = [f"{number};Anna;Ek{number};;F1;;;2020-01-01;" for number in range(100, 140)]
LISA = "9;Lisa;Ström;lisa@x.se;F1;;;2020-01-01;"
OMAR = "9;Omar;Kaya;omar@x.se;F2;;;2026-11-01;"
YESTERDAY = TODAY - DAY


def planned(
    folder: Path,
    rows: Sequence[str],
    stored: Stored = NOTHING,
    choices: Choices = directory_plan.NO_CHOICES,
    today: dt.date = TODAY,
) -> Plan:
    """The plan for whole rows of personal.csv, beside forty who stay as they are."""
    first, second = staff_files.write(folder, "")
    second.write_text(JOBS + "\n".join([*OTHERS, *rows]) + "\n", encoding="utf-8")
    read = staff_files.read(first, second, stored, today)
    return directory_plan.make_plan(read, stored, today, choices)


def imported(folder: Path, *rows: str, stored: Stored = NOTHING) -> Stored:
    return staff_files.applied(planned(folder, rows, stored))


def until(row: str, last_day: object) -> str:
    return f"{row}{last_day}"


def test_a_number_that_has_gone_to_somebody_else_begins_a_new_person(tmp_path: Path) -> None:
    stored = imported(tmp_path, until(LISA, "2026-06-30"))
    given = planned(tmp_path, [OMAR], stored)
    assert given.brakes == []
    (warning,) = given.warnings
    assert warning.startswith(
        "Numret 9 har gått från Lisa Ström, som slutade 2026-06-30, till Omar Kaya. "
        "Lisa Ström behåller sin historik som 9 (till 2026-06-30), och inloggning, lösenord och behörigheter upphör."
    )
    assert warning.endswith(": läs in med --same-person 9")
    assert [row.name for row in given.persons_to_add] == ["Omar Kaya"]
    now = staff_files.applied(given)
    assert now.persons["9 (till 2026-06-30)"].name == "Lisa Ström"
    assert periods(now, "9 (till 2026-06-30)") == [("F1", "2020-01-01", "2026-06-30")]
    assert periods(now, "9") == [("F2", "2026-11-01", "")]
    assert planned(tmp_path, [OMAR], now).is_empty


@pytest.mark.parametrize(
    "row",
    [
        OMAR.replace("Omar", "LISA"),  # one name is the same, in capitals
        OMAR.replace("Kaya", "Ström"),
        OMAR.replace("Omar;Kaya", "Ström;Lisa"),  # the columns have changed places
        until(OMAR, YESTERDAY).replace("2026-11-01", "2020-01-01"),  # nobody comes back
    ],
)
def test_a_number_that_comes_back_with_one_of_its_names_is_the_same_person(tmp_path: Path, row: str) -> None:
    stored = imported(tmp_path, until(LISA, "2026-06-30"))
    again = planned(tmp_path, [row], stored)
    assert (again.persons_to_rename, again.brakes) == ({}, [])
    assert [change.id if change else None for change in [again.stored.persons["9"]]] == [
        stored.persons["9"].id
    ]


def test_a_number_that_comes_back_for_a_time_that_is_over_is_a_new_person(tmp_path: Path) -> None:
    """A substitute who began and stopped between two imports."""
    stored = imported(tmp_path, until(LISA, "2026-06-30"))
    given = planned(tmp_path, [until(OMAR, YESTERDAY)], stored)
    assert (list(given.persons_to_rename), len(given.warnings), given.brakes) == (["9"], 1, [])
    now = staff_files.applied(given)
    assert now.persons["9 (till 2026-06-30)"].name == "Lisa Ström"
    assert now.persons["9"].name == "Omar Kaya"
    assert periods(now, "9") == [("F2", "2026-11-01", str(YESTERDAY))]
    assert planned(tmp_path, [until(OMAR, YESTERDAY)], now).is_empty


def test_the_last_day_decides_whether_a_number_is_free(tmp_path: Path) -> None:
    """Who stopped yesterday has left; who works today is asked about."""
    left = planned(tmp_path, [OMAR], imported(tmp_path, until(LISA, YESTERDAY)))
    assert list(left.persons_to_rename) == ["9"]
    there = planned(tmp_path, [OMAR], imported(tmp_path, until(LISA, TODAY)))
    assert there.persons_to_rename == {}
    assert [(brake.kind, brake.sentence) for brake in there.brakes] == [
        (
            BrakeKind.PERSON,
            "9 är Lisa Ström med en pågående anställning, men i filen Omar Kaya med annan e-post.",
        )
    ]


@pytest.mark.parametrize(
    "row",
    [
        OMAR.replace("omar@x.se", "LISA@x.se"),
        OMAR.replace("Omar", "Lisa"),
        OMAR.replace("Kaya", "Ström"),
    ],
)
def test_one_who_is_employed_may_change_two_of_first_name_last_name_and_address(
    tmp_path: Path, row: str
) -> None:
    again = planned(tmp_path, [row], imported(tmp_path, LISA))
    assert (again.brakes, again.persons_to_rename) == ([], {})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "",
            "",
            "9 är Lisa Ström med en pågående anställning, men i filen Omar Kaya och ingen av dem har e-post.",
        ),
        (
            "lisa@x.se",
            "",
            "9 är Lisa Ström med en pågående anställning, men i filen Omar Kaya med annan e-post.",
        ),
        (
            "",
            "omar@x.se",
            "9 är Lisa Ström med en pågående anställning, men i filen Omar Kaya med annan e-post.",
        ),
    ],
)
def test_an_address_that_both_lack_is_no_likeness(tmp_path: Path, old: str, new: str, expected: str) -> None:
    stored = imported(tmp_path, LISA.replace("lisa@x.se", old))
    row = OMAR.replace("omar@x.se", new)
    assert planned(tmp_path, [row], stored).brakes == [Brake(BrakeKind.PERSON, expected)]
    for choices in (Choices(same_persons=frozenset({"9"})), Choices(new_persons=frozenset({"9"}))):
        assert planned(tmp_path, [row], stored, choices).brakes == []


def test_the_operator_says_who_it_is(tmp_path: Path) -> None:
    stored = imported(tmp_path, LISA)
    same = planned(tmp_path, [OMAR], stored, Choices(same_persons=frozenset({"9"})))
    assert (same.brakes, same.persons_to_rename) == ([], {})
    other = planned(tmp_path, [OMAR], stored, Choices(new_persons=frozenset({"9"})))
    assert other.brakes == []
    now = staff_files.applied(other)
    assert periods(now, f"9 (till {YESTERDAY})") == [("F1", "2020-01-01", str(YESTERDAY))]
    assert periods(now, "9") == [("F2", "2026-11-01", "")]
    left = imported(tmp_path, until(LISA, "2026-06-30"))
    kept = planned(tmp_path, [OMAR], left, Choices(same_persons=frozenset({"9"})))
    assert (kept.persons_to_rename, kept.warnings) == ({}, [])


@pytest.mark.parametrize("later", [0, 1])
def test_a_number_given_away_by_the_operator_is_given_away_once(tmp_path: Path, later: int) -> None:
    """The same files with the same choice again, on the same day and on the next one, change nothing."""
    chosen = Choices(new_persons=frozenset({"9"}))
    now = staff_files.applied(planned(tmp_path, [OMAR], imported(tmp_path, LISA), chosen))
    again = planned(tmp_path, [OMAR.upper().replace("X.SE", "x.se")], now, chosen, TODAY + later * DAY)
    assert again.persons_to_rename == {}
    again = planned(tmp_path, [OMAR], now, chosen, TODAY + later * DAY)
    assert (again.is_empty, again.warnings, again.brakes) == (True, [], [])


@pytest.mark.parametrize(
    "row", [OMAR.replace("Omar", "Omer"), OMAR.replace("Kaya", "Kay"), OMAR.replace("omar@", "omer@")]
)
def test_a_number_given_away_twice_on_one_day_leaves_two_former_holders(tmp_path: Path, row: str) -> None:
    chosen = Choices(new_persons=frozenset({"9"}))
    first = OMAR.replace("2026-11-01", "2026-10-01")
    now = staff_files.applied(planned(tmp_path, [first], imported(tmp_path, LISA), chosen))
    now = staff_files.applied(planned(tmp_path, [row], now, chosen))
    former = [f"9 (till {YESTERDAY})", f"9 (till {YESTERDAY}) 2"]
    assert [now.persons[number].name for number in former] == ["Lisa Ström", "Omar Kaya"]
    assert [periods(now, number) for number in former] == [
        [("F1", "2020-01-01", str(YESTERDAY))],
        [("F2", "2026-10-01", str(YESTERDAY))],
    ]
    assert periods(now, "9") == [("F2", "2026-11-01", "")]


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (Choices(same_persons=frozenset({"404"})), "--same-person 404: finns inte i filen."),
        (Choices(new_persons=frozenset({"404"})), "--new-person 404: finns inte i filen."),
        (Choices(same_units=frozenset({"QQ"})), "--same-unit QQ: finns inte i filen."),
        (
            Choices(same_persons=frozenset({"9"}), new_persons=frozenset({"9"})),
            "9 kan inte vara både samma och en ny person.",
        ),
        (
            Choices(same_persons=frozenset({"a105"}), new_persons=frozenset({"A105"})),
            "a105 kan inte vara både samma och en ny person.",
        ),
    ],
)
def test_a_choice_about_nobody_is_refused(tmp_path: Path, choices: Choices, expected: str) -> None:
    with pytest.raises(Invalid) as refusal:
        planned(tmp_path, [LISA, LISA.replace("9", "a105", 1)], NOTHING, choices)
    assert refusal.value.faults == (expected,)


def test_a_manager_whose_number_has_gone_to_somebody_else_manages_nothing(tmp_path: Path) -> None:
    units = UNITS.replace("förskola;1", "förskola;9")
    first, second = staff_files.write(tmp_path, "", units)
    second.write_text(JOBS + "\n".join([*OTHERS, LISA]), encoding="utf-8")
    stored = staff_files.applied(directory_plan.make_plan(staff_files.read(first, second), NOTHING, TODAY))
    assert stored.units["F1"].managers == {"9"}
    chosen = Choices(new_persons=frozenset({"9"}))
    now = staff_files.applied(planned(tmp_path, [OMAR], stored, chosen))
    assert now.units["F1"].managers == frozenset()


def test_many_who_change_name_and_address_are_told_as_a_number(tmp_path: Path) -> None:
    """A file whose names were sorted apart from the numbers."""
    before = [f"{number};A{number};B{number};c{number}@x.se;F1;;;2020-01-01;" for number in range(30)]
    after_ = [f"{number};D{number};E{number};f{number}@x.se;F1;;;2020-01-01;" for number in range(30)]
    brakes = planned(tmp_path, after_, imported(tmp_path, *before)).brakes
    told = [brake.sentence for brake in brakes if brake.kind == BrakeKind.PERSON]
    assert len(told) == 21
    assert told[-1] == "… och 10 till heter något annat i filen."
    assert [brake.sentence for brake in brakes if brake.kind == BrakeKind.CHANGED] == [
        "30 av 70 anställda skulle byta namn. Det är mer än 10 procent.",
        "30 av 70 anställda skulle byta e-postadress. Det är mer än 10 procent.",
    ]


@pytest.mark.parametrize(
    ("new", "same"),
    [
        ("19;LISA;Ström;Lisa@x.se;F2;;;2026-01-01;", "samma namn och e-post"),
        ("19;Lisa;Ström;;F1;;;2020-01-01;", "samma namn, enhet och första dag"),
        ("19;Lisa;Ström;;F1;;;2020-01-02;", None),
        ("19;Lisa;Ström;;F2;;;2020-01-01;", None),
        ("19;Lisa;Storm;lisa@x.se;F1;;;2020-01-01;", None),
    ],
)
def test_a_changed_number_is_told_as_a_pair(tmp_path: Path, new: str, same: str | None) -> None:
    stored = imported(tmp_path, LISA)
    expected = [f"9 försvinner och 19 är ny, med {same}: "] if same else []
    warnings = planned(tmp_path, [new], stored).warnings
    assert [warning[: len(start)] for warning, start in zip(warnings, expected, strict=True)] == expected
    assert all(warning.endswith("samma person: elearn join 9 19") for warning in warnings)
    assert planned(tmp_path, [new, LISA], stored).warnings == []


def test_what_is_to_be_written_stands_last_and_can_be_copied(tmp_path: Path) -> None:
    """A number or a code with a blank stands in quotation marks."""
    chosen = Choices(new_persons=frozenset({"9"}))
    given = planned(tmp_path, [OMAR, LISA.replace("9", "19", 1)], imported(tmp_path, LISA), chosen)
    assert [warning.rpartition(": ")[2] for warning in given.warnings] == [
        "läs in med --same-person 9",
        f"elearn join '9 (till {YESTERDAY})' 19",
    ]
    staff = "1;F1;;2020-01-01;"
    stored = after(tmp_path, staff, units=UNITS.replace("F2;", "F 2;"))
    stored = after(tmp_path, staff, stored, units=CLOSED)
    reused = plan(tmp_path, staff, stored, units=CLOSED + "F 2;Hemtjänsten;enhet;V;;;\n")
    assert [warning.rpartition(": ")[2] for warning in reused.warnings] == ["läs in med --same-unit 'F 2'"]


CLOSED = UNITS.replace("F2;Åsen;enhet;U;;förskola;\n", "V;Vård;förvaltning;;;;\n")


def test_a_closed_units_code_with_another_name_and_parent_is_another_unit(tmp_path: Path) -> None:
    staff, moved = "1;F1;;2020-01-01; 2;F2;;2020-01-01;", "1;F1;;2020-01-01; 2;F1;;2020-01-01;"
    stored = after(tmp_path, moved, after(tmp_path, staff), units=CLOSED)
    units = CLOSED + "F2;Hemtjänsten;enhet;V;;;\n"
    later = TODAY + 60 * DAY
    again = plan(tmp_path, f"{moved} 3;F2;;{later};", stored, later, units)
    assert again.warnings == [
        f"Enhetskoden F2 används på nytt. Åsen, som stängdes {YESTERDAY}, behåller sina siffror som "
        f"F2 (till {YESTERDAY}), och Hemtjänsten börjar från början. Är det samma enhet: läs in med --same-unit F2"
    ]
    assert ChangeKind.UNIT_ADDED in [change.kind for change in again.changes]
    now = staff_files.applied(again)
    assert (now.units["F2"].name, now.units["F2"].ends_on) == ("Hemtjänsten", None)
    assert now.units[f"F2 (till {YESTERDAY})"].ends_on == YESTERDAY
    assert periods(now, "2")[0] == (f"F2 (till {YESTERDAY})", "2020-01-01", str(YESTERDAY))
    assert plan(tmp_path, f"{moved} 3;F2;;{later};", now, later, units).is_empty


@pytest.mark.parametrize("unit", ["F2;ÅSEN;enhet;V;;;\n", "F2;Hemtjänsten;enhet;U;;;\n"])
def test_a_closed_unit_that_comes_back_with_its_name_or_its_parent_is_the_same(
    tmp_path: Path, unit: str
) -> None:
    stored = after(tmp_path, "1;F1;;2020-01-01;", after(tmp_path, "1;F1;;2020-01-01;"), units=CLOSED)
    again = plan(tmp_path, "1;F1;;2020-01-01;", stored, units=CLOSED + unit)
    assert (again.units_to_rename, again.warnings) == ({}, [])
    assert [change.kind for change in again.changes] == [ChangeKind.UNIT_REOPENED]


def test_an_open_unit_that_changes_name_and_parent_is_the_same(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F1;;2020-01-01;", units=UNITS + "V;Vård;förvaltning;;;;\n")
    again = plan(tmp_path, "1;F1;;2020-01-01;", stored, units=CLOSED + "F2;Hemtjänsten;enhet;V;;;\n")
    assert (again.units_to_rename, again.warnings) == ({}, [])


def test_the_operator_says_that_a_code_is_the_same_unit(tmp_path: Path) -> None:
    stored = after(tmp_path, "1;F1;;2020-01-01;", after(tmp_path, "1;F1;;2020-01-01;"), units=CLOSED)
    units = CLOSED + "F2;Hemtjänsten;enhet;V;;;\n"
    chosen = Choices(same_units=frozenset({"F2"}))
    assert plan(tmp_path, "1;F1;;2020-01-01;", stored, units=units, choices=chosen).units_to_rename == {}


def test_an_employment_that_was_over_stays_in_the_unit_that_had_the_code(tmp_path: Path) -> None:
    over = "1;F1;;2020-01-01; 2;F2;;2020-01-01;2026-06-30"
    stored = after(tmp_path, over, after(tmp_path, over), units=CLOSED)
    units = CLOSED + "F2;Hemtjänsten;enhet;V;;;\n"
    now = after(tmp_path, over, stored, units=units)
    assert periods(now, "2") == [(f"F2 (till {YESTERDAY})", "2020-01-01", "2026-06-30")]


def test_a_code_used_anew_twice_after_one_last_day_leaves_two_former_units(tmp_path: Path) -> None:
    staff, moved = "1;F1;;2020-01-01; 2;F2;;2020-01-01;", "1;F1;;2020-01-01; 2;F1;;2020-01-01;"
    now = after(tmp_path, moved, after(tmp_path, staff), units=CLOSED)
    now = after(tmp_path, moved, now, units=CLOSED + "F2;Hemtjänsten;enhet;V;;;\n")
    now = after(tmp_path, moved, now, units=CLOSED)
    now = after(tmp_path, moved, now, units=CLOSED + "F2;Parken;enhet;U;;;\n")
    former = [f"F2 (till {YESTERDAY})", f"F2 (till {YESTERDAY}) 2", "F2"]
    assert [now.units[code].name for code in former] == ["Åsen", "Hemtjänsten", "Parken"]
