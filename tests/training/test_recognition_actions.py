"""Recording what VPC recognises, and taking a wrong one back."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.content.catalog import Catalog
from elearn.errors import Conflict, Invalid, NotFound
from elearn.journal.deed import person
from elearn.people.models import Person
from elearn.training import recognition, recognition_actions
from elearn.training.models import Attempt, Completion, CompletionRecall
from elearn.training.recognition_actions import RecognitionOutcome
from tests import builders
from tests.builders import NOW, TODAY

DAY = dt.date(2026, 8, 31)
CATALOG = builders.catalog(builders.course("skola", "skola", validity_months=6, edition=3))
ROW = f"1;skola;{DAY};Heldag\n"
Record: TypeAlias = Callable[..., RecognitionOutcome]


@pytest.fixture(autouse=True)
def sara(session: Session) -> Person:
    return builders.person(session, number="1")


@pytest.fixture
def record(session: Session, tmp_path: Path) -> Record:
    def read_and_record(rows: str, catalog: Catalog = CATALOG) -> RecognitionOutcome:
        file = tmp_path / "genomforda.csv"
        file.write_text("anställningsnr;kurs;datum;källa\n" + rows, encoding="utf-8")
        return recognition_actions.record_recognitions(
            session, builders.deed(), recognition.read_recognitions(file, catalog, TODAY), catalog
        )

    return read_and_record


def stored(session: Session) -> list[Completion]:
    return list(session.scalars(sa.select(Completion).order_by(Completion.id)))


def recall(
    session: Session, source: str | None = None, number: str = "1", course: str = "skola", on: dt.date = DAY
) -> str:
    return recognition_actions.recall_completion(
        session, builders.deed(by=person(7)), number, course, on, source, "Fel person"
    )


def test_a_completion_holds_the_months_of_its_course_and_the_course_as_it_was(
    session: Session, sara: Person, record: Record
) -> None:
    """Rule 5: six months from the 31st of August end with February."""
    assert record(ROW) == RecognitionOutcome(1, 0, 0)
    [row] = stored(session)
    assert (row.person_id, row.course, row.course_title, row.course_edition) == (
        sara.id,
        "skola",
        "Kursen skola",
        3,
    )
    assert (row.completed_on, row.valid_until) == (DAY, dt.date(2027, 2, 28))
    assert (row.source, row.attempt_id, row.recorded_at) == ("Heldag", None, NOW)


def test_the_same_row_again_changes_nothing(session: Session, record: Record) -> None:
    assert record(ROW + ROW) == RecognitionOutcome(1, 1, 0)
    longer = builders.catalog(builders.course("skola", "skola", validity_months=24, edition=4))
    assert record(ROW, longer) == RecognitionOutcome(0, 1, 0)
    [row] = stored(session)
    assert (row.valid_until, row.course_edition) == (dt.date(2027, 2, 28), 3)


def test_another_day_or_source_is_another_completion(session: Session, record: Record) -> None:
    assert record(ROW) == RecognitionOutcome(1, 0, 0)
    assert record(f"{ROW}1;skola;{DAY};Webb\n1;skola;2026-08-30;Heldag\n") == RecognitionOutcome(2, 1, 0)
    assert len(stored(session)) == 3


def test_an_unknown_person_is_told_with_the_other_faults_of_the_row_and_nothing_is_written(
    session: Session, record: Record
) -> None:
    with pytest.raises(Invalid) as refused:
        record(ROW + "7;skola;igår;Heldag\n8;skola;2026-05-04;Heldag\n")
    assert sorted(line.split(": ")[0:2] for line in refused.value.faults) == [
        ["genomforda.csv:3", "anställningsnr"],
        ["genomforda.csv:3", "datum"],
        ["genomforda.csv:4", "anställningsnr"],
    ]
    assert stored(session) == []


def test_a_recalled_completion_stays_with_its_reason_and_is_never_changed(
    session: Session, record: Record
) -> None:
    """S45."""
    record(ROW)
    before = [dict(row._mapping) for row in session.execute(sa.select(*Completion.__table__.columns))]
    assert recall(session) == "Heldag"
    assert [dict(row._mapping) for row in session.execute(sa.select(*Completion.__table__.columns))] == before
    [row] = session.scalars(sa.select(CompletionRecall))
    assert (row.completion_id, row.reason, row.recalled_by, row.recalled_at) == (
        before[0]["id"],
        "Fel person",
        "person:7",
        NOW,
    )


def test_a_second_recall_is_refused_and_changes_nothing(session: Session, record: Record) -> None:
    record(ROW)
    recall(session)
    with pytest.raises(Conflict, match="redan återkallad"):
        recall(session)
    assert len(session.scalars(sa.select(CompletionRecall)).all()) == 1


def test_the_same_row_does_not_bring_a_recalled_one_back_but_another_source_does(
    session: Session, record: Record
) -> None:
    record(ROW)
    recall(session)
    assert record(ROW) == RecognitionOutcome(0, 1, 1)
    assert record(ROW.replace("Heldag", "Heldag, rättad")) == RecognitionOutcome(1, 0, 0)
    assert len(stored(session)) == 2


def test_several_on_one_day_are_told_apart_by_their_source(session: Session, record: Record) -> None:
    record(f"{ROW}1;skola;{DAY};Webb\n")
    with pytest.raises(Conflict, match="--source: Heldag; Webb"):
        recall(session)
    with pytest.raises(NotFound, match=r"Källan ”Kurs” finns inte den dagen\. Det här finns: Heldag; Webb"):
        recall(session, "Kurs")
    assert recall(session, "Webb") == "Webb"
    assert recall(session) == "Heldag", "the only one left needs no source"


def test_there_must_be_one_of_that_person_course_and_day(session: Session, record: Record) -> None:
    record(ROW)
    builders.person(session, number="2")
    for wrong in ({"number": "2"}, {"course": "fritid"}, {"on": TODAY}):
        with pytest.raises(NotFound, match="ingen tillgodoräknad kurs"):
            recall(session, **wrong)
    with pytest.raises(NotFound, match="ingen person med anställningsnumret 99"):
        recall(session, number="99")


def test_what_a_person_has_passed_here_is_not_recalled(session: Session, sara: Person) -> None:
    attempt = Attempt(
        person_id=sara.id,
        course="skola",
        lesson="skola/slutprov",
        number=1,
        edition=1,
        lesson_hash="",
        right_count=1,
        asked_count=1,
        has_passed=True,
        submitted_on=DAY,
        submitted_at=NOW,
    )
    session.add(attempt)
    session.flush()
    session.add(
        Completion(
            person_id=sara.id,
            course="skola",
            course_title="",
            course_edition=1,
            course_hash="",
            completed_on=DAY,
            valid_until=TODAY,
            attempt_id=attempt.id,
            source=None,
            recorded_at=NOW,
        )
    )
    session.flush()
    with pytest.raises(NotFound, match="Bara tillgodoräknade kurser kan återkallas"):
        recall(session)


def test_the_number_is_the_same_in_capitals(session: Session, record: Record) -> None:
    builders.person(session, number="ab1")
    record("AB1;skola;2026-08-31;Heldag\n")
    assert recall(session, number="Ab1") == "Heldag"
