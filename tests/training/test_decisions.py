"""Decisions from a file: each row once, every fault at once, and who decided in the journal."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.errors import Invalid
from elearn.journal.models import JournalEntry
from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.training import decisions
from elearn.training.decisions import DecisionOutcome
from elearn.training.models import TargetDecision
from tests import builders
from tests.builders import TODAY

HEADER = "enhetskod;anställningsnr;befattning;beslut;yrkesroll;från;till;skäl;beslut av\n"
IN, OUT = (
    "F1;;;ingår;skola;2026-09-01;;;Ulla Falk\n",
    "F1;;Rektor;undantagen;;2026-09-01;;Annan kurs;Ulla Falk\n",
)


@pytest.fixture(autouse=True)
def someone(session: Session) -> Person:
    person = builders.person(session, "Sara", "Lind", number="A7")
    builders.employ(session, person, builders.unit(session, "F1"), position="Barnskötare\nRektor")
    return person


def record(session: Session, folder: Path, rows: str) -> DecisionOutcome:
    file = folder / "malgrupp.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    read = decisions.read_decisions(file, ["skola", "förskola"])
    return decisions.record_decisions(session, builders.deed(), read)


def test_a_row_is_recorded_once_however_often_and_however_it_is_written(
    session: Session, tmp_path: Path
) -> None:
    assert record(session, tmp_path, IN + OUT) == DecisionOutcome(2, 0)
    again = IN.replace("ingår;skola", "INGÅR; Skola") + OUT.replace("Rektor", " rektor")
    assert record(session, tmp_path, again + ";a7;;ingår;;2026-09-01;;;Ulla Falk\n" * 2) == DecisionOutcome(
        1, 3
    )
    first, second, third = session.scalars(sa.select(TargetDecision).order_by(TargetDecision.id)).all()
    assert (first.is_included, first.job_role, first.position, first.position_key) == (
        True,
        "skola",
        None,
        None,
    )
    assert (second.is_included, second.position, second.position_key) == (False, "Rektor", "rektor")
    assert (second.reason, second.decided_by, second.recorded_by) == (
        "Annan kurs",
        "Ulla Falk",
        "operator:anna",
    )
    assert (third.unit_id, third.covers_below) == (None, True)
    kinds = sa.select(JournalEntry.kind, JournalEntry.details).order_by(JournalEntry.id)
    assert session.execute(kinds).all() == [
        ("recorded-decisions", '{"count":2}'),
        ("recorded-decisions", '{"count":1}'),
    ]


def test_one_that_has_been_ended_since_does_not_begin_again_with_its_file(
    session: Session, tmp_path: Path
) -> None:
    record(session, tmp_path, OUT)
    session.scalars(sa.select(TargetDecision)).one().ended_on = TODAY
    session.flush()
    assert record(session, tmp_path, OUT) == DecisionOutcome(0, 1)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (";;;ingår;;2026-09-01;;;U", "enhetskod och anställningsnr: båda är tomma. Fyll i minst en av dem."),
        (
            "F1;A7;Rektor;ingår;;2026-09-01;;;U",
            "befattning: en rad om en person har ingen befattning. Lämna tomt.",
        ),
        ("F1;;;kanske;;2026-09-01;;;U", "beslut: ”kanske” finns inte. Skriv ingår eller undantagen."),
        ("F1;;;;;2026-09-01;;;U", "beslut: ”” finns inte. Skriv ingår eller undantagen."),
        (
            "F1;;;ingår;kock;2026-09-01;;;U",
            "yrkesroll: ”kock” finns inte i någon kurs. Där finns: förskola, skola.",
        ),
        (
            "F1;;;undantagen;skola;2026-09-01;;Annat;U",
            "yrkesroll: bara den som ingår får en yrkesroll. Lämna tomt.",
        ),
        ("F1;;;undantagen;;2026-09-01;;;U", "skäl: ett undantag ska ha ett skäl."),
        (
            "F1;;;ingår;;2026-09-02;2026-09-01;;U",
            "till: sista dagen 2026-09-01 ligger före första dagen 2026-09-02. "
            "Byt plats på dem eller rätta en av dem.",
        ),
        ("F1;;;ingår;;;;;U", "från: fältet är tomt. Fyll i det."),
        ("F1;;;ingår;;2026-09-01;;;", "beslut av: fältet är tomt. Fyll i det."),
        (
            ";B1;;ingår;;2026-09-01;;;U",
            "anställningsnr: B1 finns inte. Läs in personalen först, eller rätta numret.",
        ),
        (
            "F9;;;ingår;;2026-09-01;;;U",
            "enhetskod: ”F9” finns inte i organisationen. Rätta den.",
        ),
        (
            "F9;A7;;ingår;;2026-09-01;;;U",
            "enhetskod: ”F9” finns inte i organisationen. Rätta den, eller lämna tomt för alla enheter.",
        ),
        (
            ";A 7;;ingår;;2026-09-01;;;U",
            "anställningsnr: ”A 7” är inget anställningsnummer. Det får ha bokstäver, siffror, punkt och "
            "bindestreck.",
        ),
        ("F1;;;kanske;skola;2026-09-01;;;U", "beslut: ”kanske” finns inte. Skriv ingår eller undantagen."),
        (
            "F1;;;undantagen;kock;2026-09-01;;Annat;U",
            "yrkesroll: bara den som ingår får en yrkesroll. Lämna tomt.",
        ),
    ],
)
def test_a_wrong_row_is_refused_with_its_place_and_nothing_is_recorded(
    session: Session, tmp_path: Path, row: str, fault: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        record(session, tmp_path, f"{IN}{row}\n")
    assert refusal.value.faults == (f"malgrupp.csv:3: {fault}",)
    assert session.scalars(sa.select(TargetDecision)).all() == []


def test_the_last_day_may_be_the_first(session: Session, tmp_path: Path) -> None:
    assert record(session, tmp_path, IN.replace(";;;Ulla", ";2026-09-01;;Ulla")) == DecisionOutcome(1, 0)


def test_a_position_without_a_unit_is_a_fault(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        record(session, tmp_path, ";;Rektor;ingår;;2026-09-01;;;U\n")
    assert (
        "malgrupp.csv:2: befattning: skriv också enhetskoden som befattningen finns i."
        in refusal.value.faults
    )


def rows(session: Session) -> list[TargetDecision]:
    return list(session.scalars(sa.select(TargetDecision).order_by(TargetDecision.id)))


def test_another_reason_or_decider_corrects_the_row_and_an_older_file_changes_nothing(
    session: Session, tmp_path: Path
) -> None:
    record(session, tmp_path, OUT)
    rows(session)[0].ended_on, rows(session)[0].ended_by = TODAY, "person:7"
    session.flush()
    corrected = OUT.replace("Annan kurs", "Tjänstledig")
    assert record(session, tmp_path, corrected) == DecisionOutcome(0, 0, 1)
    old, new = rows(session)
    assert (old.recall_reason, old.recalled_at) == ("Rättat i en senare fil.", builders.NOW)
    assert (new.reason, new.ended_on, new.ended_by) == ("Tjänstledig", TODAY, "person:7")
    assert record(session, tmp_path, OUT) == DecisionOutcome(0, 1)
    assert record(session, tmp_path, corrected) == DecisionOutcome(0, 1)
    assert record(session, tmp_path, corrected.replace("Ulla Falk", "Bo Ek")) == DecisionOutcome(0, 0, 1)
    assert [row.recalled_at is None for row in rows(session)] == [False, False, True]
    details = session.scalars(sa.select(JournalEntry.details).order_by(JournalEntry.id)).all()
    assert details[1] == '{"corrected":1,"count":0}'


def test_a_file_takes_back_nothing_that_was_decided_on_the_page(session: Session, tmp_path: Path) -> None:
    record(session, tmp_path, OUT)
    rows(session)[0].form_key = "a form's"
    session.flush()
    assert record(session, tmp_path, OUT.replace("Annan kurs", "Tjänstledig")) == DecisionOutcome(1, 0)
    assert [row.recalled_at for row in rows(session)] == [None, None]


def test_one_with_other_days_is_another_decision(session: Session, tmp_path: Path) -> None:
    record(session, tmp_path, OUT)
    later = OUT.replace(";2026-09-01;;", ";2026-09-01;2026-12-31;")
    assert record(session, tmp_path, later) == DecisionOutcome(1, 0)
    assert [row.recalled_at for row in rows(session)] == [None, None]


@pytest.mark.parametrize(
    ("row", "covers_somebody"),
    [
        ("F1;;;ingår;;2026-09-01;;;U", True),
        ("D;;barnskötare;ingår;;2026-09-01;;;U", True),
        ("D;;Kock;ingår;;2026-09-01;;;U", False),
        ("F2;;;ingår;;2026-09-01;;;U", False),
        ("F2;A7;;ingår;;2026-09-01;;;U", False),
        (";A8;;ingår;;2026-09-01;;;U", False),  # works nowhere
        (";A9;;ingår;;2026-10-31;;;U", True),  # the last day
        (";A9;;ingår;;2026-11-01;;;U", False),
        (";A9;;ingår;;2026-01-01;2026-10-01;;U", True),  # the first day
        (";A9;;ingår;;2026-01-01;2026-09-30;;U", False),
    ],
)
def test_one_that_covers_nobody_is_told(
    session: Session, tmp_path: Path, row: str, covers_somebody: bool
) -> None:
    department = builders.unit(session, "D", UnitKind.DEPARTMENT)
    school = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "F1")).one()
    school.parent_id = department.id
    builders.unit(session, "F2", parent=department)
    builders.person(session, number="A8")
    leo = builders.person(session, number="A9")
    builders.employ(session, leo, school, None, dt.date(2026, 10, 1), dt.date(2026, 10, 31), "Vakt")
    warnings = () if covers_somebody else ("rad 2 gäller ingen.",)
    assert record(session, tmp_path, row + "\n") == DecisionOutcome(1, 0, 0, warnings)


def test_a_number_that_was_somebody_elses_then_is_told(session: Session, tmp_path: Path) -> None:
    school = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "F1")).one()
    old = builders.person(session, "Leo", "Ek", number="A7 (till 2026-08-31)")
    builders.employ(session, old, school, ends_on=dt.date(2026, 8, 31))
    told = (
        "rad 2: anställningsnumret A7 var en annans till 2026-08-31. Beslutet från 2026-08-31 gäller nu den "
        "som har det i dag. Kontrollera raden.",
    )
    row = ";A7;;ingår;;2026-08-31;;;U\n"
    assert record(session, tmp_path, row) == DecisionOutcome(1, 0, 0, told)
    assert record(session, tmp_path, row.replace("08-31", "09-01")) == DecisionOutcome(1, 0)


def test_a_file_from_before_a_number_or_a_code_was_given_away_changes_nothing(
    session: Session, tmp_path: Path
) -> None:
    row = "F1;A7;;ingår;;2026-08-01;;;U\n" + ";A7;;ingår;;2026-08-01;;;U\n" + "F1;;;ingår;;2026-08-01;;;U\n"
    assert record(session, tmp_path, row).new_count == 3
    old, school = session.scalars(sa.select(Person)).one(), session.scalars(sa.select(OrgUnit)).one()
    old.number, school.code = "A7 (till 2026-08-31)", "F1 (till 2026-08-31)"
    session.flush()
    builders.employ(
        session, builders.person(session, "Ny", "Person", number="A7"), builders.unit(session, "F1")
    )
    assert record(session, tmp_path, row) == DecisionOutcome(0, 3)
    other = record(session, tmp_path, "F1;;Rektor;ingår;;2026-08-01;;;U\n")
    assert other.warnings[0].startswith("rad 2: enhetskoden F1 var en annans till 2026-08-31.")
