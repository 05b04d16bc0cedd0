"""Results back to the personnel system: who is in the file, until when, and what a list since a day tells
(operations.md, "Results back to the personnel system")."""

import csv
import datetime as dt
import io
import json

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from elearn.csv_in import Faults
from elearn.journal.models import JournalEntry
from elearn.people.models import OrgUnit, Person
from elearn.reports import results
from elearn.training import joining, recognition_actions
from elearn.training.models import Completion, CompletionRecall
from elearn.training.recognition import RecognitionRow, Recognitions
from tests import builders
from tests.builders import NOW, TODAY

DAY = dt.timedelta(days=1)
CODES = {"skola": "HRV-SKOLA", "fritid": ""}
MAY_4 = dt.date(2026, 5, 4)
# Midnight between 22 and 23 November in Stockholm is 23.00 in UTC.
MIDNIGHT = dt.datetime(2026, 11, 22, 23, 0, tzinfo=dt.UTC)
MOMENT = dt.timedelta(seconds=1)


@pytest.fixture
def unit(session: Session) -> OrgUnit:
    return builders.unit(session, "F1")


def employed(session: Session, unit: OrgUnit, number: str, **named: str) -> Person:
    someone = builders.person(session, number=number, **named)
    builders.employ(session, someone, unit)
    return someone


def recognised(
    session: Session,
    someone: Person,
    course: str = "skola",
    on: dt.date = MAY_4,
    until: dt.date = dt.date(2028, 5, 4),
    source: str = "Heldag",
    at: dt.datetime = NOW,
) -> Completion:
    return builders.recognise(session, someone, course, on, until, source, at)


def recall(session: Session, number: str, source: str | None = None, on: dt.date = TODAY) -> None:
    recognition_actions.recall_completion(
        session, builders.deed(today=on), number, "skola", MAY_4, source, "Fel person"
    )


def as_file(session: Session, since: dt.date | None = None, file_format: str = "csv") -> bytes:
    exported = results.results(session, CODES, since)
    return results.to_file(exported, since, file_format, "Botkyrka kommun")


def told(session: Session, since: dt.date | None = None) -> list[list[str]]:
    """The file's rows, read back; its header is for ever."""
    data = as_file(session, since)
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
    assert header == ["anställningsnr", "kurs", "kompetens", "datum", "giltig till"]
    return rows


def test_a_row_has_the_number_the_course_its_code_and_its_days(session: Session, unit: OrgUnit) -> None:
    someone = employed(session, unit, "0042")
    recognised(session, someone)
    recognised(session, someone, "fritid")
    recognised(session, someone, "borttagen")  # a course that is not taught any more
    assert told(session) == [
        ["0042", "borttagen", "", "2026-05-04", "2028-05-04"],
        ["0042", "fritid", "", "2026-05-04", "2028-05-04"],
        ["0042", "skola", "HRV-SKOLA", "2026-05-04", "2028-05-04"],
    ]


def test_what_has_expired_is_told_with_its_last_day(session: Session, unit: OrgUnit) -> None:
    recognised(session, employed(session, unit, "1"), until=dt.date(2026, 6, 1))
    assert told(session) == [["1", "skola", "HRV-SKOLA", "2026-05-04", "2026-06-01"]]


def test_the_order_is_that_of_number_course_and_day_whenever_it_was_recorded(
    session: Session, unit: OrgUnit
) -> None:
    """So the same data are the same file to the byte."""
    for number in ("2", "10", "b7", "0010"):
        someone = employed(session, unit, number)
        recognised(session, someone, on=MAY_4 + DAY)
        recognised(session, someone)
    rows = told(session)
    assert [(row[0], row[3]) for row in rows] == [
        (number, day) for number in ("0010", "10", "2", "b7") for day in ("2026-05-04", "2026-05-05")
    ]
    for file_format in ("csv", "xlsx"):
        assert as_file(session, TODAY, file_format) == as_file(session, TODAY, file_format)


def test_the_spreadsheet_read_back_has_the_same_rows_with_dates_as_dates(
    session: Session, unit: OrgUnit
) -> None:
    recognised(session, employed(session, unit, "0042"))
    recognised(session, employed(session, unit, "2"), "fritid", until=dt.date(2026, 6, 1))
    recall(session, "0042")
    for since in (None, TODAY):
        data = as_file(session, since, "xlsx")
        header, *rows = (
            CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Genomförda").to_python()
        )
        assert header == [column.name for column in results.COLUMNS]
        assert [[str(cell) for cell in row] for row in rows] == told(session, since)
        assert all(isinstance(cell, dt.date) for row in rows for cell in row[3:])


def test_two_completions_of_one_day_are_one_row_that_holds_as_long_as_any(
    session: Session, unit: OrgUnit
) -> None:
    someone = employed(session, unit, "1")
    recognised(session, someone, source="Webb", until=dt.date(2028, 8, 31))
    recognised(session, someone, source="Heldag", until=dt.date(2028, 5, 4))
    assert told(session) == [["1", "skola", "HRV-SKOLA", "2026-05-04", "2028-08-31"]]
    recall(session, "1", "Webb")
    changed = [["1", "skola", "HRV-SKOLA", "2026-05-04", "2028-05-04"]]
    assert told(session) == changed
    assert told(session, TODAY) == changed


def test_a_recalled_one_is_left_out_of_everything_and_told_since_as_one_that_never_held(
    session: Session, unit: OrgUnit
) -> None:
    recognised(session, employed(session, unit, "1"), at=MIDNIGHT - 9 * DAY)
    assert told(session, TODAY) == []
    recall(session, "1")
    assert told(session) == []
    assert told(session, TODAY) == [["1", "skola", "HRV-SKOLA", "2026-05-04", "2026-05-03"]]


@pytest.mark.parametrize(
    ("day", "is_told"),
    [(dt.date(2026, 11, 22), False), (dt.date(2026, 11, 23), True), (dt.date(2026, 11, 24), True)],
)
def test_since_is_from_the_day_on_which_it_was_recorded_or_recalled(
    session: Session, unit: OrgUnit, day: dt.date, is_told: bool
) -> None:
    for number in ("1", "2"):
        employed(session, unit, number)
    for number, on in (("1", day), ("2", dt.date(2026, 11, 1))):
        row = RecognitionRow(2, number, "skola", MAY_4, "Heldag")
        file = Recognitions((row,), ((2, number),), (), Faults("genomforda.csv"))
        catalog = builders.catalog(builders.course("skola", "skola", builders.lesson("skola/slutprov")))
        recognition_actions.record_recognitions(session, builders.deed(today=on), file, catalog)
    recall(session, "2", on=day)
    assert [row[0] for row in told(session, dt.date(2026, 11, 23))] == (["1", "2"] if is_told else [])
    assert len(told(session)) == 1


@pytest.mark.parametrize(("at", "is_told"), [(MIDNIGHT - MOMENT, False), (MIDNIGHT, True)])
def test_what_has_no_date_from_before_is_told_by_its_moment_in_stockholm(
    session: Session, unit: OrgUnit, at: dt.datetime, is_told: bool
) -> None:
    recognised(session, employed(session, unit, "1"), at=at)
    old = recognised(session, employed(session, unit, "2"), at=MIDNIGHT - 9 * DAY)
    session.add(CompletionRecall(completion_id=old.id, reason="Fel", recalled_by="anna", recalled_at=at))
    session.flush()
    assert [row[0] for row in told(session, dt.date(2026, 11, 23))] == (["1", "2"] if is_told else [])


def test_since_goes_by_the_day_it_was_recorded_and_not_by_the_day_of_the_course(
    session: Session, unit: OrgUnit
) -> None:
    recognised(session, employed(session, unit, "1"), on=dt.date(2024, 1, 2), at=NOW)
    assert [row[0] for row in told(session, TODAY)] == ["1"]


@pytest.mark.parametrize(
    ("joined_at", "today", "is_told"), [(MIDNIGHT - MOMENT, TODAY - DAY, False), (MIDNIGHT, TODAY, True)]
)
def test_a_person_who_has_got_another_number_is_told_again_by_the_new_one_alone(
    session: Session, unit: OrgUnit, joined_at: dt.datetime, today: dt.date, is_told: bool
) -> None:
    old, new = builders.person(session, "Lisa", "Ström", "9"), builders.person(session, "Lisa", "Ek", "19")
    builders.employ(session, old, unit, ends_on=TODAY - 2 * DAY)
    builders.employ(session, new, unit, starts_on=TODAY - DAY)
    recognised(session, old, at=MIDNIGHT - 99 * DAY)
    recognised(session, new, "fritid", at=MIDNIGHT - 98 * DAY)
    joining.join_persons(session, builders.deed(joined_at, today), "9", "19")
    session.expire_all()
    everything = [["19", "fritid"], ["19", "skola"]]
    assert [row[:2] for row in told(session)] == everything
    assert [row[:2] for row in told(session, TODAY)] == (everything if is_told else [])


def test_somebody_whose_number_is_anothers_by_now_is_left_out_and_counted(
    session: Session, unit: OrgUnit
) -> None:
    """Else the course would stand in the personnel system as the new holder's."""
    recognised(session, employed(session, unit, "7 (till 2026-03-31)"))
    recognised(session, employed(session, unit, "7"), "fritid")
    found = results.results(session, CODES)
    assert [(row.number, row.course) for row in found.rows] == [("7", "fritid")]
    assert found.left_out == 1


def test_somebody_who_has_left_is_told_and_so_is_who_was_never_employed(
    session: Session, unit: OrgUnit
) -> None:
    left = builders.person(session, number="1")
    builders.employ(session, left, unit, ends_on=TODAY - DAY)
    recognised(session, left)
    recognised(session, builders.person(session, number="2"))
    assert [row[0] for row in told(session)] == ["1", "2"]


def test_the_journal_tells_that_it_left_the_system_and_names_nobody(session: Session, unit: OrgUnit) -> None:
    recognised(session, employed(session, unit, "1"))
    for since, day in ((None, {}), (TODAY, {"since": "2026-11-23"})):
        results.record_export(session, builders.deed(), results.results(session, CODES, since), since, "csv")
        last = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id.desc())).first()
        assert last is not None
        assert last.kind == "exported-completions"
        assert json.loads(last.details) == {"count": 1, "format": "csv"} | day


def test_a_protected_identity_is_left_out_and_counted_unless_the_receiver_has_it(
    session: Session, unit: OrgUnit
) -> None:
    """S52."""
    recognised(session, employed(session, unit, "1"))
    hidden = employed(session, unit, "2")
    hidden.is_protected = True
    recognised(session, hidden)
    recognised(session, hidden, on=MAY_4 + DAY)
    found = results.results(session, CODES)
    assert ([row.number for row in found.rows], found.protected) == (["1"], 2)
    found = results.results(session, CODES, with_protected=True)
    assert ([row.number for row in found.rows], found.protected) == (["1", "2", "2"], 0)


def test_who_has_been_erased_has_no_number_that_the_personnel_system_knows(
    session: Session, unit: OrgUnit
) -> None:
    recognised(session, employed(session, unit, "raderad-7", first_name="", last_name=""))
    found = results.results(session, CODES)
    assert (found.rows, found.left_out) == ((), 1)
