"""What is kept for how long (S51): nobody is erased unless a setting and a decision say so."""

import datetime as dt
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from elearn import database
from elearn.cli import main
from elearn.errors import Invalid
from elearn.journal.models import JournalEntry
from elearn.operations import retention
from elearn.people.models import OrgUnit, Person
from elearn.training import joining
from elearn.training.models import Attempt
from tests import builders
from tests.cli.test_people import content
from tests.operations import persons
from tests.operations.persons import TODAY

DAY = dt.timedelta(days=1)
DEED = builders.deed(today=TODAY)
LONG_AGO = TODAY - dt.timedelta(days=401)


@pytest.fixture
def unit(session: Session) -> OrgUnit:
    return builders.unit(session, "F1")


def left(session: Session, unit: OrgUnit, *last_days: dt.date | None, number: str = "") -> Person:
    someone = builders.person(session, number=number)
    for last_day in last_days:
        builders.employ(session, someone, unit, ends_on=last_day)
    return someone


def test_those_who_left_more_days_ago_than_are_kept_are_erased_and_no_others(
    session: Session, unit: OrgUnit
) -> None:
    """400 days: the 400th day is kept."""
    due = left(session, unit, LONG_AGO)
    second = left(session, unit, LONG_AGO - DAY, LONG_AGO)
    kept = [
        left(session, unit, LONG_AGO + DAY),
        left(session, unit, LONG_AGO, TODAY),
        left(session, unit, LONG_AGO, None),
        left(session, unit),  # never employed: there is no day to go by
        left(session, unit, TODAY + DAY),
    ]
    assert retention.left_long_ago(session, TODAY, 400) == (due.id, second.id)
    before = [(one.number, one.name) for one in kept]
    assert retention.erase_left(session, DEED, 400, "Plan 7.2") == 2
    session.expire_all()
    assert [one.number for one in (due, second)] == [f"raderad-{due.id}", f"raderad-{second.id}"]
    assert [(one.number, one.name) for one in kept] == before
    entry = session.scalars(sa.select(JournalEntry)).one()
    assert json.loads(entry.details) == {
        "count": 2,
        "days": 400,
        "persons": f"{due.id} {second.id}",
        "reference": "Plan 7.2",
    }
    assert retention.erase_left(session, DEED, 400, "Plan 7.2") == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(JournalEntry)) == 1


@pytest.mark.parametrize(("last_day", "is_erased"), [(LONG_AGO, True), (None, False)])
def test_a_row_that_a_joining_emptied_goes_with_the_person_and_not_before(
    session: Session, unit: OrgUnit, last_day: dt.date | None, is_erased: bool
) -> None:
    old = left(session, unit, LONG_AGO - DAY, number="18")
    new = left(session, unit, last_day, number="19")
    joining.join_persons(session, DEED, "18", "19")
    assert retention.left_long_ago(session, TODAY, 400) == ((old.id, new.id) if is_erased else ())


def test_more_than_a_statement_has_room_for_are_erased(session: Session, unit: OrgUnit) -> None:
    for _turn in range(1101):
        left(session, unit, LONG_AGO)
    assert retention.erase_left(session, DEED, 400, "Plan") == 1101
    assert session.scalar(sa.select(sa.func.count()).where(Person.first_name == "")) == 1101


@pytest.mark.parametrize("reference", ["", " ", "x" * 101])
def test_without_a_reference_nobody_is_erased(session: Session, unit: OrgUnit, reference: str) -> None:
    someone = left(session, unit, LONG_AGO, number="18")
    with pytest.raises(Invalid):
        retention.erase_left(session, DEED, 400, reference)
    assert someone.number == "18"


class Tidying:
    """The command over a database with two who left long ago, and answers that are due."""

    def __init__(self, url: str, patch: pytest.MonkeyPatch) -> None:
        self.url, self.patch = url, patch
        patch.setenv("ELEARN_DATABASE_URL", url)
        patch.setenv("ELEARN_TODAY", TODAY.isoformat())
        engine = database.make_engine(url)
        with database.transaction(engine) as session:
            unit = persons.town(session)
            persons.leaver(session, unit, LONG_AGO)
            left(session, unit, LONG_AGO, number="18")
            session.execute(sa.update(Attempt).values(answers_due_at=persons.NOW - DAY * 500))
        engine.dispose()

    def run(self, *arguments: str, keep: str | None = None) -> Result:
        if keep is not None:
            self.patch.setenv("ELEARN_KEEP_LEFT_DAYS", keep)
        return CliRunner().invoke(main, ["tidy", *arguments])

    def numbers(self) -> list[str]:
        return [row.number for row in content(self.url)["person"]]


@pytest.fixture
def tidying(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Tidying:
    return Tidying(database_url, monkeypatch)


@pytest.mark.parametrize("arguments", [(), ("--decision", "Plan 7.2")])
@pytest.mark.parametrize("keep", [None, ""])
def test_without_the_setting_nobody_is_erased_whatever_is_asked(
    tidying: Tidying, keep: str | None, arguments: tuple[str, ...]
) -> None:
    done = tidying.run(*arguments, keep=keep)
    assert done.exit_code == 0, done.output
    assert tidying.numbers() == ["k-88542", "q-77431", "18"]
    assert ("ELEARN_KEEP_LEFT_DAYS är inte satt" in done.stderr) == bool(arguments)


def test_without_a_decision_nobody_is_erased_and_it_is_told_how_many_are_due(tidying: Tidying) -> None:
    done = tidying.run(keep="400")
    assert done.stderr.splitlines()[2:] == [
        "Personalfiler som ingen har svarat på raderade: 0.",
        "Personer som slutade för mer än 400 dagar sedan: 2.",
        "De raderas med: elearn tidy --decision BETECKNING",
    ]
    assert tidying.numbers() == ["k-88542", "q-77431", "18"]


def test_a_dry_run_tells_the_same_and_writes_nothing(tidying: Tidying) -> None:
    before = content(tidying.url)
    shown = tidying.run("--dry-run", "--decision", "Plan 7.2", keep="400")
    assert content(tidying.url) == before
    done = tidying.run("--decision", "Plan 7.2")
    assert shown.stderr.splitlines()[-1] == "Ingenting är raderat: det här är vad som skulle raderas."
    assert shown.stderr.splitlines()[:-1] == done.stderr.splitlines()
    assert "Svar raderade från 1 försök." in done.stderr
    assert tidying.numbers() == ["k-88542", "raderad-2", "raderad-3"]


def test_each_run_that_erases_stands_in_the_journal_with_its_counts_and_reference(tidying: Tidying) -> None:
    tidying.run("--decision", "Plan 7.2", keep="400")
    tidying.run("--decision", "Plan 7.2", keep="400")
    rows = [(row.kind, row.actor, json.loads(row.details)) for row in content(tidying.url)["journal_entry"]]
    persons_told = {"count": 2, "days": 400, "persons": "2 3", "reference": "Plan 7.2"}
    assert rows[2:] == [
        ("tidied", "system:tidy", {"answers": 1, "logins": 1}),
        ("erased-persons", "system:tidy", persons_told),
    ]


def test_no_byte_is_left_of_those_who_were_erased(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Tidying(sqlite_url, monkeypatch).run("--decision", "Plan 7.2", keep="400")
    path = Path(sa.make_url(sqlite_url).database or "")
    stored = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert [text for text in persons.CALLED if text.encode() in stored] == []
