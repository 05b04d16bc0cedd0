"""The columns of personal.csv that a file may lack: skyddad, huvudanställning, anställningsform, aid (S52)."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.directory import actions, files
from elearn.directory import plan as directory_plan
from elearn.directory.changes import BrakeKind, Plan, Stored
from elearn.errors import Invalid
from elearn.identity import ending
from elearn.people.models import Person
from tests import builders
from tests.directory import staff_files
from tests.directory.staff_files import NOTHING, ROLES, TODAY

HEADER = "anställningsnr;förnamn;efternamn;e-post;enhetskod;yrkesroll;befattning;från;till"


def written(folder: Path, extra: str, *rows: str) -> tuple[Path, Path]:
    """personal.csv with more columns: a row is ``number;first name;email;unit`` and what the columns hold."""
    organisation, personal = staff_files.write(folder, "")
    lines = []
    for row in rows:
        number, name, email, unit, *more = row.split(";")
        lines.append(";".join([number, name, "Ek", email, unit, "", "", "2020-01-01", "", *more]))
    header = HEADER + ";" + extra if extra else HEADER
    personal.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return organisation, personal


def planned(folder: Path, extra: str, *rows: str, stored: Stored = NOTHING) -> Plan:
    directory = staff_files.read(*written(folder, extra, *rows), stored)
    return directory_plan.make_plan(directory, stored, TODAY)


def after(folder: Path, extra: str, *rows: str, stored: Stored = NOTHING) -> Stored:
    return staff_files.applied(planned(folder, extra, *rows, stored=stored))


def protected(stored: Stored) -> list[str]:
    return sorted(number for number, person in stored.persons.items() if person.is_protected)


def faults(folder: Path, extra: str, *rows: str) -> tuple[str, ...]:
    with pytest.raises(Invalid) as refusal:
        planned(folder, extra, *rows)
    return refusal.value.faults


def test_a_person_who_is_protected_in_any_row_is_protected(tmp_path: Path) -> None:
    rows = (
        "1;Sara;;F1;nej",
        "1;Sara;;F2;JA",
        "2;Omar;;F1;nej",
        "3;Lisa;;F1;",
        "4;Ida;;F1;ja",
        "5;Per;;F1;ja",
        "5;Per;;F2;nej",
    )
    assert protected(after(tmp_path, "skyddad", *rows)) == ["1", "4", "5"]


@pytest.mark.parametrize(
    ("extra", "cell", "is_kept"), [("", "", True), ("skyddad", ";", True), ("skyddad", ";nej", False)]
)
def test_only_a_no_that_is_written_out_ends_a_protected_identity(
    tmp_path: Path, extra: str, cell: str, is_kept: bool
) -> None:
    """S52: neither a file that lacks the column nor an empty cell."""
    stored = after(tmp_path, "skyddad", "1;Sara;;F1;ja")
    again = planned(tmp_path, extra, f"1;Sara;;F1{cell}", stored=stored)
    assert protected(staff_files.applied(again)) == (["1"] if is_kept else [])
    told = ["Sara Ek (1): har inte längre skyddad identitet"]
    assert [change.sentence for change in again.changes] == ([] if is_kept else told)


@pytest.mark.parametrize(("exposed", "is_braked"), [(1, False), (2, True)])
def test_more_than_a_tenth_who_would_lose_their_protection_stop_the_import(
    tmp_path: Path, exposed: int, is_braked: bool
) -> None:
    """S43: counted of those who are protected, so that one of a handful is stopped too."""
    rows = [f"{number};Sara{number};;F1" for number in range(30)]
    stored = after(tmp_path, "skyddad", *(f"{row};{'ja' if n < 10 else 'nej'}" for n, row in enumerate(rows)))
    cells = ["nej" if n < exposed or n >= 10 else "ja" for n in range(30)]
    brakes = planned(
        tmp_path, "skyddad", *(f"{row};{cell}" for row, cell in zip(rows, cells, strict=True)), stored=stored
    ).brakes
    expected = [
        "2 av 10 anställda med skyddad identitet skulle inte längre ha det. Det är mer än 10 procent."
    ]
    assert [brake.sentence for brake in brakes] == (expected if is_braked else [])
    assert {brake.kind for brake in brakes} <= {BrakeKind.CHANGED}


def test_no_sentence_of_a_plan_names_somebody_whose_identity_is_protected(tmp_path: Path) -> None:
    """S52: new, renamed, moved and gone; also where only the database knows that it is protected."""
    new = planned(tmp_path, "skyddad", "1;Sara;sara@x.se;F1;ja", "2;Omar;;F1;nej")
    stored = staff_files.applied(new)
    renamed = planned(tmp_path, "", "1;Lo;lo@x.se;F2", "2;Omar;;F1", stored=stored)
    gone = planned(tmp_path, "", "2;Omar;;F1", stored=stored)
    replaced = planned(tmp_path, "", "5;Sara;sara@x.se;F1", "2;Omar;;F1", stored=stored)
    somebody_else = planned(tmp_path, "", "1;Lo;lo@x.se;F1", "2;Omar;;F1", stored=stored)
    for plan in (new, renamed, gone, replaced, somebody_else):
        told = [change.sentence for change in plan.changes if "(5)" not in change.sentence]
        told += [*plan.warnings, *(brake.sentence for brake in plan.brakes)]
        assert [line for line in told if "Sara" in line or "Lo " in line or "@" in line] == []
        assert any("Person med skyddad identitet" in line for line in told)
    assert any("Omar Ek (2)" in change.sentence for change in new.changes)


@pytest.mark.parametrize("is_employed", [True, False])
def test_a_number_that_changes_hands_tells_neither_name_when_one_of_them_is_protected(
    tmp_path: Path, is_employed: bool
) -> None:
    """S52: it may be one person who has changed both names, as those who are threatened do."""
    stored = after(tmp_path, "skyddad", "1;Sara;sara@x.se;F1;ja", "2;Omar;;F1;nej")
    if not is_employed:
        stored = after(tmp_path, "", "2;Omar;;F1", stored=stored)
    organisation, personal = written(tmp_path, "", "2;Omar;;F1")
    with personal.open("a", encoding="utf-8") as file:
        file.write("1;Kim;Åberg;kim@x.se;F1;;;2026-11-23;\n")
    plan = directory_plan.make_plan(staff_files.read(organisation, personal, stored), stored, TODAY)
    told = [*plan.warnings, *(brake.sentence for brake in plan.brakes if brake.kind == BrakeKind.PERSON)]
    assert len(told) == 1
    assert told[0].startswith(
        "1 är person med skyddad identitet" if is_employed else "Numret 1 har gått från person med skyddad"
    )
    assert "Sara" not in told[0]
    assert "Kim" not in told[0]


@pytest.mark.parametrize("column", ["skyddad", "huvudanställning"])
def test_an_answer_is_yes_or_no(tmp_path: Path, column: str) -> None:
    (fault,) = faults(tmp_path, column, "1;Sara;;F1;J")
    assert fault == (
        f"personal.csv:2: {column}: ”J” är varken ja eller nej. Skriv ja eller nej, eller lämna fältet tomt."
    )


@pytest.mark.parametrize(
    ("rows", "address"),
    [
        (("1;Sara;a@x.se;F1;nej", "1;Sara;b@x.se;F2;ja"), "b@x.se"),
        (("1;Sara;a@x.se;F1;ja", "1;Sara;b@x.se;F2;"), "a@x.se"),
        (("1;Sara;a@x.se;F1;nej", "1;Sara;;F2;ja"), "a@x.se"),
        (("1;Sara;a@x.se;F1;ja", "1;Sara;b@x.se;F2;ja"), None),
        (("1;Sara;a@x.se;F1;nej", "1;Sara;b@x.se;F2;nej"), None),
    ],
)
def test_the_main_employments_address_holds_when_two_disagree(
    tmp_path: Path, rows: tuple[str, ...], address: str | None
) -> None:
    if address is None:
        (fault,) = faults(tmp_path, "huvudanställning", *rows)
        assert "e-post: 1 har" in fault
    else:
        assert after(tmp_path, "huvudanställning", *rows).persons["1"].email == address


def test_known_columns_are_not_told_as_unused(tmp_path: Path) -> None:
    extra = "aid;anställningsform;huvudanställning;skyddad;lön"
    organisation, personal = written(tmp_path, extra, "1;Sara;;F1;402010;Vikarie;ja;nej;1")
    read = files.check_files(files.read_files(organisation, personal, ROLES), NOTHING, TODAY)
    assert [line for line in read.warnings if "används inte" in line] == [
        "personal.csv: kolumnen lön används inte."
    ]


def imported(session: Session, folder: Path, extra: str, *rows: str) -> dict[str, bool]:
    read = files.read_files(*written(folder, extra, *rows), ROLES)
    _directory, plan = actions.prepare(session, read, TODAY)
    actions.apply_plan(session, builders.deed(), plan, ending.end_access, lambda: None)
    session.expire_all()
    rows = session.execute(sa.select(Person.number, Person.is_protected)).all()
    return {row.number: row.is_protected for row in rows}


def test_protection_is_stored_kept_and_ended(session: Session, tmp_path: Path) -> None:
    both = ("1;Sara;;F1", "2;Omar;;F1")
    yes, no = (f"{both[0]};ja", f"{both[1]};"), (f"{both[0]};nej", f"{both[1]};nej")
    assert imported(session, tmp_path, "skyddad", *yes) == {"1": True, "2": False}
    assert imported(session, tmp_path, "", both[0].replace("Sara", "Sara Ida"), both[1])["1"] is True
    assert imported(session, tmp_path, "skyddad", *no) == {"1": False, "2": False}
    assert imported(session, tmp_path, "skyddad", *yes, "3;Lo;;F1;ja") == {"1": True, "2": False, "3": True}


def test_who_takes_over_a_number_is_not_protected_by_it(session: Session, tmp_path: Path) -> None:
    imported(session, tmp_path, "skyddad", "1;Sara;;F1;ja", "2;Omar;;F1;")
    imported(session, tmp_path, "", "2;Omar;;F1")
    organisation, personal = written(tmp_path, "", "2;Omar;;F1")
    with personal.open("a", encoding="utf-8") as file:
        file.write("1;Kim;Åberg;;F1;;;2026-11-20;\n")
    _directory, plan = actions.prepare(session, files.read_files(organisation, personal, ROLES), TODAY)
    actions.apply_plan(session, builders.deed(), plan, ending.end_access, lambda: None)
    rows = session.execute(sa.select(Person.number, Person.first_name, Person.is_protected)).all()
    assert sorted(tuple(row) for row in rows) == [
        ("1", "Kim", False),
        ("1 (till 2026-11-22)", "Sara", True),
        ("2", "Omar", False),
    ]
