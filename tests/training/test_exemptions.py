"""Exemptions from a file: each once, corrected by a later row, taken back by hand; no row is ever lost."""

import datetime as dt
from pathlib import Path
from typing import Literal

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.errors import Conflict, Invalid, NotFound
from elearn.journal.models import JournalEntry
from elearn.people.models import Person
from elearn.training import exemptions, obligations
from elearn.training.exemptions import ExemptionOutcome
from elearn.training.models import TargetDecision
from elearn.training.obligations import Status, Terms
from tests import builders
from tests.builders import NOW, TODAY

HEADER = "anställningsnr;enhetskod;från;till;skäl;beslut av\n"
FIRST, CORRECTED = "A7;;2026-08-01;2026-12-31;Ledig;\n", "a7;;2026-08-01;2027-06-30;Ledig;Ulla\n"


@pytest.fixture
def someone(session: Session) -> Person:
    person = builders.person(session, "Sara", "Lind", number="A7")
    for code in ("F1", "F2"):
        builders.employ(session, person, builders.unit(session, code))
    return person


def record(session: Session, folder: Path, rows: str) -> ExemptionOutcome:
    file = folder / "undantag.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    return exemptions.record_exemptions(session, builders.deed(), exemptions.read_exemptions(file))


def faults(session: Session, folder: Path, rows: str) -> tuple[str, ...]:
    with pytest.raises(Invalid) as refusal:
        record(session, folder, rows)
    return refusal.value.faults


def recall(session: Session, unit: str | None = None, starts_on: dt.date | Literal[""] | None = None) -> None:
    exemptions.recall_exemption(session, builders.deed(), "a7", unit, starts_on, "Fel person")


def holding(session: Session) -> list[tuple[str | None, str]]:
    """Last day and reason of what has not been taken back."""
    rows = session.scalars(
        sa.select(TargetDecision).where(TargetDecision.recalled_at.is_(None)).order_by(TargetDecision.id)
    )
    return [(str(row.ends_on) if row.ends_on else None, row.reason) for row in rows]


def exempted(session: Session, on: dt.date) -> int:
    """How many employments are exempt."""
    terms = Terms(on, due_days=90, renewal_days=60)
    duties = obligations.of_everybody(session, builders.curriculum({"skola": "skola"}), terms)
    return sum(duty.outside == Status.EXEMPT for duty in duties)


def test_a_row_is_recorded_once_however_often_it_is_read(
    session: Session, tmp_path: Path, someone: Person
) -> None:
    assert record(session, tmp_path, FIRST + FIRST) == ExemptionOutcome(1, 0, 1, 0)
    assert record(session, tmp_path, FIRST.replace("Ledig;", "Ledig;Ulla")) == ExemptionOutcome(0, 0, 1, 0)
    (row,) = session.scalars(sa.select(TargetDecision)).all()
    assert (row.person_id, row.decided_by, row.recorded_by) == (someone.id, "Ulla", "operator:anna")


@pytest.mark.parametrize(
    "other",
    [CORRECTED, FIRST.replace("2026-12-31", ""), FIRST.replace("Ledig", "Tjänstledig")],
)
def test_a_row_with_the_same_person_unit_and_start_corrects_the_stored_one(
    session: Session, tmp_path: Path, someone: Person, other: str
) -> None:
    record(session, tmp_path, FIRST)
    assert record(session, tmp_path, other) == ExemptionOutcome(0, 1, 0, 0)
    old, new = session.scalars(sa.select(TargetDecision).order_by(TargetDecision.id)).all()
    assert (str(old.ends_on), old.reason) == ("2026-12-31", "Ledig")
    assert (old.recalled_at, old.recalled_by, old.recall_reason) == (
        NOW,
        "operator:anna",
        "Rättat i en senare fil.",
    )
    assert new.recalled_at is None
    assert record(session, tmp_path, other) == ExemptionOutcome(0, 0, 1, 0)


@pytest.mark.parametrize(
    "other",
    [FIRST.replace(";;", ";F1;", 1), FIRST.replace("08-01", "08-02"), FIRST.replace("2026-08-01", "")],
)
def test_another_unit_or_start_is_an_exemption_of_its_own(
    session: Session, tmp_path: Path, someone: Person, other: str
) -> None:
    record(session, tmp_path, FIRST)
    assert record(session, tmp_path, other) == ExemptionOutcome(1, 0, 0, 0)
    assert len(holding(session)) == 2


def test_two_rows_that_would_correct_each_other_are_a_fault(
    session: Session, tmp_path: Path, someone: Person
) -> None:
    assert faults(session, tmp_path, FIRST + CORRECTED) == (
        "undantag.csv:3: samma person, enhet och från står på rad 2, men med annat till eller skäl.",
    )


def test_one_that_was_taken_back_holds_on_no_date(session: Session, tmp_path: Path, someone: Person) -> None:
    """The boundaries of the exemption itself, before and after it is taken back."""
    record(session, tmp_path, FIRST)
    days = (dt.date(2026, 7, 31), dt.date(2026, 8, 1), TODAY, dt.date(2026, 12, 31), dt.date(2027, 1, 1))
    assert [exempted(session, day) for day in days] == [0, 2, 2, 2, 0]
    recall(session)
    assert [exempted(session, day) for day in days] == [0, 0, 0, 0, 0]
    (row,) = session.scalars(sa.select(TargetDecision)).all()
    assert (row.recalled_at, row.recalled_by, row.recall_reason) == (NOW, "operator:anna", "Fel person")
    entry = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
    assert (entry.kind, entry.details) == ("recalled-exemption", f'{{"exemption":{row.id}}}')


def test_one_that_was_taken_back_does_not_return_with_its_file(
    session: Session, tmp_path: Path, someone: Person
) -> None:
    record(session, tmp_path, FIRST)
    recall(session)
    assert record(session, tmp_path, FIRST) == ExemptionOutcome(0, 0, 0, 1)
    assert holding(session) == []
    assert record(session, tmp_path, FIRST.replace("Ledig", "Tjänstledig")) == ExemptionOutcome(1, 0, 0, 0)


def test_one_that_was_corrected_does_not_return_with_its_earlier_file(
    session: Session, tmp_path: Path, someone: Person
) -> None:
    """Neither while its correction holds nor when that has been taken back."""
    record(session, tmp_path, FIRST)
    record(session, tmp_path, CORRECTED)
    assert record(session, tmp_path, FIRST) == ExemptionOutcome(0, 0, 0, 1)
    assert holding(session) == [("2027-06-30", "Ledig")]
    recall(session)
    assert record(session, tmp_path, FIRST) == ExemptionOutcome(0, 0, 0, 1)
    assert record(session, tmp_path, CORRECTED) == ExemptionOutcome(0, 0, 0, 1)
    assert (holding(session), exempted(session, TODAY)) == ([], 0)
    assert record(session, tmp_path, FIRST.replace("Ledig", "Tjänstledig")) == ExemptionOutcome(1, 0, 0, 0)


def test_which_one_is_taken_back_must_be_clear(session: Session, tmp_path: Path, someone: Person) -> None:
    record(session, tmp_path, FIRST + FIRST.replace(";;2026-08-01", ";F1;2026-09-01"))
    with pytest.raises(Conflict, match="a7 har flera undantag"):
        recall(session)
    with pytest.raises(NotFound, match="inget sådant undantag"):
        recall(session, unit="F2")
    with pytest.raises(NotFound):
        recall(session, starts_on=dt.date(2026, 9, 2))
    recall(session, unit="F1")
    assert exempted(session, TODAY) == 2
    recall(session, starts_on=dt.date(2026, 8, 1))
    assert holding(session) == []
    with pytest.raises(NotFound):
        recall(session)


def test_each_of_several_is_taken_back_by_what_the_refusal_says(
    session: Session, tmp_path: Path, someone: Person
) -> None:
    """Also the one for all units beside one for a unit, and the one without a first day."""
    builders.unit(session, "F 3")
    record(session, tmp_path, FIRST + "A7;F1;2026-08-01;;Ledig;\nA7;F1;;;Sjuk;\nA7;F 3;;;Vård;\n")
    with pytest.raises(Conflict) as refusal:
        recall(session)
    assert str(refusal.value).splitlines() == [
        "a7 har flera undantag. Säg vilket, med en av raderna:",
        '  --unit "" --from 2026-08-01',
        "  --unit F1 --from 2026-08-01",
        '  --unit F1 --from ""',
        "  --unit 'F 3' --from \"\"",
        '--unit "" är det för alla enheter, --from "" det utan första dag.',
    ]
    recall(session, "", dt.date(2026, 8, 1))
    assert [reason for _day, reason in holding(session)] == ["Ledig", "Sjuk", "Vård"]
    recall(session, "F1", "")
    assert [reason for _day, reason in holding(session)] == ["Ledig", "Vård"]
    with pytest.raises(NotFound):
        recall(session, "")
    recall(session, starts_on="")
    assert [reason for _day, reason in holding(session)] == ["Ledig"]
