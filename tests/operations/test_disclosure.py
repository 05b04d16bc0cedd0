"""What may be given to whoever asks (S53): apart from every report, masked where it must be, and logged."""

import csv
import datetime as dt
import io
import json
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.orm import Session

from elearn import database
from elearn.cli import main
from elearn.journal.models import JournalEntry
from elearn.operations import disclosure, erase
from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.training.models import CompletionRecall
from tests import builders
from tests.builders import NOW, TODAY

DAY = dt.timedelta(days=1)
MAY_4, UNTIL = dt.date(2026, 5, 4), dt.date(2028, 5, 4)
M = disclosure.MASKED


@pytest.fixture
def unit(session: Session) -> OrgUnit:
    above = builders.unit(session, "U", UnitKind.DEPARTMENT, name="Utbildning")
    division = builders.unit(session, "N", UnitKind.DIVISION, above, name="Norr")
    return builders.unit(session, "U1", parent=division, name="Tallskolan")


def trained(session: Session, at: OrgUnit, name: str, *, is_protected: bool = False) -> Person:
    someone = builders.person(
        session, name, "Ek", f"nr-{name}", f"{name}@kommun.example", is_protected=is_protected
    )
    builders.employ(session, someone, at, position="Lärare")
    builders.recognise(session, someone, "skola", MAY_4, UNTIL)
    return someone


def cells(session: Session, on: dt.date = TODAY) -> list[list[str]]:
    data = disclosure.to_csv(disclosure.disclosed(session, on)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(data), delimiter=";"))[1:]


def row(name: str, unit: str = "Tallskolan", department: str = "Utbildning") -> list[str]:
    return [department, unit, name, "Lärare", "Kursen skola", "2026-05-04", "2028-05-04", "ja"]


def test_who_has_completed_what_stands_by_department_unit_and_name(session: Session, unit: OrgUnit) -> None:
    trained(session, unit, "Örjan")
    sara = trained(session, unit, "Åsa")
    other = builders.unit(session, "A", UnitKind.DEPARTMENT, name="Arkivet")
    builders.employ(session, sara, other, position="Lärare")
    builders.employ(session, sara, other, position="Lärare", starts_on=dt.date(2021, 1, 1))
    builders.employ(session, builders.person(session, "Utan-kurs"), unit)
    assert cells(session) == [row("Åsa Ek", "Arkivet", "Arkivet"), row("Åsa Ek"), row("Örjan Ek")]


def test_a_protected_identity_is_neither_named_nor_placed_and_still_counted(
    session: Session, unit: OrgUnit
) -> None:
    """One row for each course, however many units; nothing tells how many persons they are."""
    hidden = trained(session, unit, "Hemlig", is_protected=True)
    builders.employ(session, hidden, builders.unit(session, "U2", parent=unit))
    trained(session, unit, "Dold", is_protected=True)
    trained(session, unit, "Åsa")
    masked = [M, M, M, M, "Kursen skola", M, M, M]
    assert cells(session) == [row("Åsa Ek"), masked, masked]


def test_who_has_been_erased_is_masked_as_the_protected_are(session: Session, unit: OrgUnit) -> None:
    """Else the erasing would tell where a protected person worked."""
    gone = trained(session, unit, "Hemlig", is_protected=True)
    erase.blank(session, [gone.id])
    assert cells(session) == [[M, M, M, M, "Kursen skola", M, M, M]]


def test_neither_number_nor_address_nor_anything_of_an_exemption_is_told(
    session: Session, unit: OrgUnit
) -> None:
    someone = trained(session, unit, "Åsa")
    builders.exempt(session, someone, reason="Föräldraledig")
    told = disclosure.to_csv(disclosure.disclosed(session, TODAY)).decode("utf-8-sig")
    assert (
        told.splitlines()[0] == "förvaltning;enhet;namn;befattning;kurs;genomförd;giltig till;tillgodoräknad"
    )
    for private in ("nr-Åsa", "@", "Föräldraledig"):
        assert private not in told


@pytest.mark.parametrize(
    ("on", "count"), [(MAY_4 - DAY, 0), (MAY_4, 1), (dt.date(2026, 10, 31), 1), (dt.date(2026, 11, 1), 0)]
)
def test_it_is_those_who_were_employed_that_day_and_what_they_had_completed(
    session: Session, unit: OrgUnit, on: dt.date, count: int
) -> None:
    someone = builders.person(session, "Åsa", "Ek")
    builders.employ(session, someone, unit, position="Lärare", ends_on=dt.date(2026, 10, 31))
    builders.recognise(session, someone, "skola", MAY_4, UNTIL)
    assert len(cells(session, on)) == count


def test_what_was_recalled_is_not_there(session: Session, unit: OrgUnit) -> None:
    someone = trained(session, unit, "Åsa")
    wrong = builders.recognise(session, someone, "fritid", MAY_4, UNTIL)
    session.add(CompletionRecall(completion_id=wrong.id, reason="Fel", recalled_by="x", recalled_at=NOW))
    session.flush()
    assert cells(session) == [row("Åsa Ek")]


def test_the_command_writes_a_private_file_and_the_journal_tells_who_and_how_many(
    engine: sa.Engine, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ELEARN_DATABASE_URL", database_url)
    monkeypatch.setenv("ELEARN_TODAY", TODAY.isoformat())
    with database.transaction(engine) as session:
        above = builders.unit(session, "U", UnitKind.DEPARTMENT, name="Utbildning")
        trained(session, above, "Åsa")
        trained(session, above, "Hemlig", is_protected=True)
    path = tmp_path / "ut.csv"
    done = CliRunner().invoke(main, ["disclose", "--output", str(path), "--decision", "KS 2026:77"])
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    told = path.read_text(encoding="utf-8-sig")
    assert ("Åsa Ek" in told, "Hemlig" in told, len(told.splitlines())) == (True, False, 3)
    assert "Antal rader: 2, varav maskerade: 1." in done.stderr
    assert "Lämna inte ut filen utan prövning" in done.stderr
    with database.snapshot(engine) as session:
        entry = session.scalars(sa.select(JournalEntry)).one()
    assert entry.actor.startswith("operator:")
    assert (entry.kind, json.loads(entry.details)) == (
        "disclosed-completions",
        {"count": 2, "masked": 1, "on": "2026-11-23", "reference": "KS 2026:77"},
    )
    again = CliRunner().invoke(main, ["disclose", "--output", str(path)])
    assert (again.exit_code, "finns redan" in again.stderr) == (1, True)
    with database.snapshot(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(JournalEntry)) == 1
