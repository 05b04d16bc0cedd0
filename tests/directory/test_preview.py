"""A plan as it is shown: the worst first, searched and opened, and another mark for every other plan."""

from pathlib import Path

from elearn.directory import preview
from elearn.directory.changes import ChangeKind, Plan
from tests.directory.staff_files import NOTHING, TODAY, UNITS, after, plan


def told(*changes: tuple[ChangeKind, str]) -> Plan:
    made = Plan(TODAY, NOTHING)
    for kind, sentence in changes:
        made.tell(kind, sentence)
    return made


MANY = told(
    *[(ChangeKind.PERSON_ADDED, f"Ny person: Sara Lind {number}") for number in range(30)],
    (ChangeKind.JOB_ENDED, "Åke Ek slutar"),
    (ChangeKind.PERSON_ADDED, "Ny person: Åke Alm"),
)


def test_every_kind_of_change_has_its_place() -> None:
    assert sorted(preview.ORDER, key=lambda kind: kind.name) == sorted(ChangeKind, key=lambda kind: kind.name)


def test_what_somebody_loses_stands_first_and_each_list_is_short() -> None:
    ended, added = preview.groups(MANY, "", "")
    assert (ended.kind, ended.count, ended.sentences) == (ChangeKind.JOB_ENDED, 1, ("Åke Ek slutar",))
    assert (added.title, added.count, added.found_count, len(added.sentences)) == ("nya personer", 31, 31, 25)


def test_one_kind_is_opened_whole() -> None:
    _, added = preview.groups(MANY, "", "person_added")
    assert len(added.sentences) == 31


def test_each_word_that_is_searched_for_is_there_whatever_its_capitals() -> None:
    found = preview.groups(MANY, " ÅKE  ny", "")
    assert [(one.count, one.sentences) for one in found] == [(31, ("Ny person: Åke Alm",))]


def test_the_same_plan_has_the_same_mark_and_another_plan_another(tmp_path: Path) -> None:
    rows = "1;F1;;2020-01-01; 2;F2;;2020-01-01;"
    first = plan(tmp_path, rows)
    assert preview.mark(first) == preview.mark(plan(tmp_path, rows))
    others = [
        plan(tmp_path, "1;F1;;2020-01-01;"),
        plan(tmp_path, "1;F1;;2020-01-02; 2;F2;;2020-01-01;"),
        plan(tmp_path, rows, units=UNITS.replace("Ängen", "Ängsro")),
        plan(tmp_path, rows, units=UNITS.replace("förskola;1", "förskola;2")),
        plan(tmp_path, rows, after(tmp_path, rows)),
    ]
    assert len({preview.mark(first), *map(preview.mark, others)}) == 6


def test_a_command_of_the_command_line_is_no_advice_on_a_page() -> None:
    sentence = "Numret 1 har gått till Eva. Är det samma person: läs in med --same-person 1"
    assert preview.COMMAND_CHOICE.sub("", sentence) == "Numret 1 har gått till Eva."
