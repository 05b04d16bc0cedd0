"""Erasing a person (S50): nothing that they are called is left, and no figure moves."""

import datetime as dt
import sqlite3
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from elearn import database
from elearn.cli import main
from elearn.database import Base
from elearn.directory import actions as directory_actions
from elearn.directory import files as directory_files
from elearn.errors import Invalid, NotFound, Refused
from elearn.identity import ending
from elearn.journal import chain
from elearn.journal import queries as journal_queries
from elearn.journal.models import JournalEntry
from elearn.operations import erase, scrub
from elearn.people import queries
from elearn.people.models import Employment, OrgUnit, Person
from elearn.reports import coverage
from elearn.reports.models import FrozenMeasurement, FrozenRow
from elearn.training import joining
from elearn.training.models import Attempt, LessonDraft, TargetDecision
from tests import builders
from tests.directory import staff_files
from tests.operations import persons
from tests.operations.persons import CALLED, EMAIL, LEFT_ON, NUMBER, TODAY
from tests.reports import measured

DEED = builders.deed(today=TODAY)
CURRICULUM = builders.curriculum({"förskola": "forskola"})
DAY = dt.timedelta(days=1)


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("ELEARN_DATABASE_URL", database_url)
    monkeypatch.setenv("ELEARN_TODAY", TODAY.isoformat())
    return CliRunner()


def erase_by_command(run: CliRunner, *more: str, number: str = NUMBER) -> Result:
    return run.invoke(main, ["erase", number, "--decision", "KS 2026:14", *more])


def rows(session: Session, *models: type[Base]) -> list[Any]:
    return [
        tuple(row)
        for model in models
        for row in session.execute(sa.select(model.__table__).order_by(*model.__table__.primary_key.columns))
    ]


def reports(session: Session) -> list[object]:
    """Coverage on days before, while and after the person worked there."""
    days = (dt.date(2024, 12, 31), dt.date(2025, 6, 1), LEFT_ON, LEFT_ON + DAY, TODAY)
    return [coverage.report(session, CURRICULUM, day, Fraction(9, 10), TODAY) for day in days]


def bytes_of(url: str) -> bytes:
    path = Path(sa.make_url(url).database or "")
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def left_in(content: bytes) -> list[str]:
    return [text for text in CALLED if text.encode() in content]


def test_no_byte_of_what_they_were_called_is_left_in_the_databases_files(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of a row that another program deleted, and left in the file."""
    monkeypatch.setenv("ELEARN_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("ELEARN_TODAY", TODAY.isoformat())
    engine = database.make_engine(sqlite_url)
    with database.transaction(engine) as session:
        id = persons.add_leaver(session)
    shell = sqlite3.connect(str(engine.url.database))
    shell.execute("PRAGMA secure_delete=OFF")
    shell.execute("INSERT INTO person (number, first_name, last_name) VALUES ('q-1', 'Qvxhemma', 'Qygift')")
    shell.commit()
    shell.execute("DELETE FROM person WHERE number = 'q-1'")
    shell.commit()
    shell.close()
    assert left_in(bytes_of(sqlite_url)) == list(CALLED)
    assert b"Qygift" in bytes_of(sqlite_url)
    done = CliRunner().invoke(main, ["erase", NUMBER, "--decision", "KS 2026:14", "--confirm", NUMBER])
    assert done.exit_code == 0, done.output
    assert left_in(bytes_of(sqlite_url)) == []
    assert b"Qygift" not in bytes_of(sqlite_url)
    assert f"heter nu raderad-{id}" in done.stderr
    assert "Säkerhetskopior från tidigare har kvar uppgifterna." in done.stderr
    engine.dispose()


def test_no_row_of_any_table_holds_it_and_no_figure_has_moved(run: CliRunner, engine: sa.Engine) -> None:
    with database.transaction(engine) as session:
        id = persons.add_leaver(session)
        measured.freeze(session, builders.deed(today=TODAY), on=TODAY)
    with database.snapshot(engine) as session:
        frozen, counted = rows(session, FrozenMeasurement, FrozenRow), reports(session)
    done = erase_by_command(run, "--confirm", NUMBER)
    assert done.exit_code == 0, done.output
    with database.snapshot(engine) as session:
        assert rows(session, FrozenMeasurement, FrozenRow) == frozen
        assert reports(session) == counted
        everything = repr(rows(session, *(mapper.class_ for mapper in Base.registry.mappers)))
        assert left_in(everything.encode()) == []
        assert not [told for told in ("utkastfråga", "valet", "hemlig") if told in everything]
        erased = persons.person_of(session, id)
        assert (erased.number, erased.name, erased.email) == (f"raderad-{id}", "Raderad person", None)
        assert erased.offered_on == dt.date(2025, 3, 1)
        assert session.scalar(sa.select(sa.func.count()).select_from(LessonDraft)) == 0
        assert session.scalars(sa.select(Attempt.answers).where(Attempt.person_id == id)).all() == [None]
        assert chain.faults(journal_queries.entries(session)) == []
        entry = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id.desc())).first()
        assert entry
        assert entry.kind == "erased-persons"
        assert entry.details == f'{{"count":1,"persons":"{id}","reference":"KS 2026:14"}}'


def test_every_table_that_refers_to_a_person_is_emptied_or_kept_for_the_figures() -> None:
    """The rows of a new table go, unless it is named here."""
    refers = {
        key.parent
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "person"
    }
    kept = {column for column in refers if column not in erase.emptied()}
    assert {column.table.name for column in kept} == {
        "employment",
        "attempt",
        "lesson_completion",
        "completion",
        "target_decision",
        "meeting_attendance",
    }


def test_erasing_again_changes_nothing_and_the_number_is_nobodys(run: CliRunner, engine: sa.Engine) -> None:
    with database.transaction(engine) as session:
        id = persons.add_leaver(session)
    assert erase_by_command(run, "--confirm", NUMBER).exit_code == 0
    with database.snapshot(engine) as session:
        before = rows(session, *(mapper.class_ for mapper in Base.registry.mappers))
    again = erase_by_command(run, number=f"raderad-{id}")
    assert again.exit_code == 0, again.output
    assert "redan raderad" in again.stderr
    unknown = erase_by_command(run, "--confirm", NUMBER)
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert "Det finns ingen person" in unknown.stderr
    with database.snapshot(engine) as session:
        assert rows(session, *(mapper.class_ for mapper in Base.registry.mappers)) == before


@pytest.mark.parametrize("ends_on", [None, TODAY, TODAY + DAY])
def test_somebody_who_is_employed_is_refused(session: Session, ends_on: dt.date | None) -> None:
    """Today is the last day on which they are."""
    persons.leaver(session, persons.town(session), ends_on)
    before = rows(session, Person)
    with pytest.raises(Refused, match="har en anställning som inte är slut"):
        erase.erase_person(session, DEED, NUMBER, "KS 2026:14")
    assert rows(session, Person) == before


def test_somebody_whose_last_day_was_yesterday_is_erased(session: Session) -> None:
    someone = persons.leaver(session, persons.town(session), TODAY - DAY)
    erase.erase_person(session, DEED, NUMBER, "KS 2026:14")
    assert someone.number == f"raderad-{someone.id}"


@pytest.mark.parametrize(
    "reference", ["", "  ", "x" * 101, "KS\n2026", f"om {NUMBER}", "Qvxhemma zwolmark slutade", EMAIL.upper()]
)
def test_a_reference_that_is_none_or_tells_who_it_is_is_refused(session: Session, reference: str) -> None:
    persons.add_leaver(session)
    with pytest.raises(Invalid):
        erase.erase_person(session, DEED, NUMBER, reference)
    assert queries.person_by_number(session, NUMBER).name == "Qvxhemma Zwolmark"


@pytest.mark.parametrize(
    ("more", "typed", "told"),
    [
        (("--confirm", "q-77432"), None, "Numren är inte lika."),
        ((), NUMBER, "Bekräfta med --confirm"),  # typed, but at no terminal
    ],
)
def test_without_the_number_once_more_nothing_is_erased(
    run: CliRunner, engine: sa.Engine, more: tuple[str, ...], typed: str | None, told: str
) -> None:
    with database.transaction(engine) as session:
        persons.add_leaver(session)
    done = run.invoke(main, ["erase", NUMBER, "--decision", "KS 2026:14", *more], input=typed)
    assert (done.exit_code, told in done.stderr) == (1, True)
    assert "Står kvar utan namn: anställningar 1" in done.stderr
    with database.snapshot(engine) as session:
        assert queries.person_by_number(session, NUMBER).email == EMAIL


def test_a_number_that_was_joined_is_erased_with_the_one_that_it_became(session: Session) -> None:
    """The row that a joining emptied has the name too."""
    unit = persons.town(session)
    persons.leaver(session, unit)
    new = builders.person(session, "Qvxhemma", "Zwolmark", "q-99")
    builders.employ(session, new, unit, starts_on=LEFT_ON + DAY, ends_on=TODAY - DAY)
    own = builders.recognise(session, new, "forskola", TODAY - DAY, TODAY)
    joining.join_persons(session, DEED, NUMBER, "q-99")
    assert own.person_id == new.id
    erase.erase_person(session, DEED, "q-99", "KS 2026:14")
    every = repr(rows(session, *(mapper.class_ for mapper in Base.registry.mappers)))
    assert left_in(every.encode()) == []
    assert "q-99" not in every


def test_a_name_that_somebody_wrote_elsewhere_is_told_with_its_place(session: Session) -> None:
    unit = persons.town(session)
    persons.leaver(session, unit)
    made = builders.decide(session, unit)
    made.decided_by = "qvxhemma Zwolmark, rektor"
    told = erase.erase_person(session, DEED, NUMBER, "KS 2026:14")
    assert [(one.table, one.column, one.row_count) for one in told] == [
        (TargetDecision.__tablename__, "decided_by", 1)
    ]


def test_an_import_with_the_same_number_afterwards_makes_a_new_person(
    session: Session, tmp_path: Path
) -> None:
    id = persons.add_leaver(session)
    erase.erase_person(session, DEED, NUMBER, "KS 2026:14")
    units = "U;Utbildningsförvaltningen;förvaltning;;;;\nF1;Förskolan Ängen;enhet;U;;förskola;\n"
    written = staff_files.write(tmp_path, f"{NUMBER};F1;;2026-11-01;", units)
    files = directory_files.read_files(*written, ("förskola",))
    _directory, plan = directory_actions.prepare(session, files, TODAY)
    directory_actions.apply_plan(session, DEED, plan, ending.end_access, lambda: None)
    found = queries.person_by_number(session, NUMBER)
    assert found.person_id != id
    assert session.scalar(sa.select(sa.func.count()).where(Employment.person_id == id)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(OrgUnit)) == 2


def test_nobody_by_that_number_is_told(session: Session) -> None:
    with pytest.raises(NotFound):
        erase.plan_erasure(session, "finns-inte", TODAY)


def test_files_that_somebody_reads_all_the_while_are_told_to_be_left(sqlite_url: str) -> None:
    """The log cannot be emptied under a reader."""
    engine = database.make_engine(sqlite_url)
    with database.transaction(engine) as session:
        builders.unit(session, "U1")
    with database.snapshot(engine) as reader:
        reader.scalar(sa.select(sa.func.count()).select_from(OrgUnit))
        assert not scrub.scrub(engine, waits=False)
    assert scrub.scrub(engine, waits=False)
    engine.dispose()
