"""Every kind of corruption, planted behind the program's back: each is found, and nothing else is."""

import contextlib
import datetime as dt
import re
import sqlite3
from collections.abc import Iterator
from fractions import Fraction

import pytest
import sqlalchemy as sa

from elearn import clock, database
from elearn.operations import invariants
from elearn.people.models import OrgUnit, Person
from elearn.reports import measurement_actions
from elearn.training import joining
from tests import builders
from tests.operations import places
from tests.web import town

LIFE = (
    "INSERT INTO attempt (id, person_id, course, lesson, number, edition, lesson_hash, right_count, asked_count,"
    " has_passed, submitted_on, submitted_at, answers, answers_due_at) VALUES (901, 1, 'forskola', 'forskola/slutprov',"
    " 1, 1, 'x', 2, 2, true, '2026-11-23', '2026-11-23 09:00:00', NULL, '2026-12-23 09:00:00')",
    "INSERT INTO completion (id, person_id, course, course_title, course_edition, course_hash, completed_on,"
    " valid_until, attempt_id, recorded_at, code) VALUES (902, 1, 'forskola', 'F', 1, 'x', '2026-11-23', '2028-11-23',"
    " 901, '2026-11-23 09:00:00', 'K902')",
    "INSERT INTO completion_recall (completion_id, reason, recalled_by, recalled_at) VALUES (902, 'Fel', 'operator:a',"
    " '2026-11-23 10:00:00')",
    "INSERT INTO meeting (id, title, subjects, held_on, organiser, recorded_at, recorded_by) VALUES (903, 'Heldag',"
    " '[]', '2026-10-01', 'VPC', '2026-11-23 09:00:00', 'operator:a')",
    "INSERT INTO meeting_completion (completion_id, ended_at) VALUES (902, '2026-11-23 10:00:00')",
)


@pytest.fixture
def lived(engine: sa.Engine) -> sa.Engine:
    """A town with everything in it that a rule is about."""
    places.lived_in(engine)
    with engine.begin() as connection:
        for statement in LIFE:
            connection.execute(sa.text(statement))
    with database.transaction(engine) as session:
        required = builders.curriculum({"förskola": "forskola"})
        freeze = measurement_actions.freeze_measurement
        freeze(session, places.deed(), required, town.TODAY, Fraction(9, 10), "Höst")
    return engine


def found(engine: sa.Engine) -> list[str]:
    with database.snapshot(engine) as session:
        return list(invariants.findings(session, clock.now()))


def test_two_numbers_that_were_joined_are_sound(lived: sa.Engine) -> None:
    """The attempt goes to the row that is kept; its completion, which cannot be changed, stays."""
    with database.transaction(lived) as session:
        new = session.get_one(Person, 1)
        builders.person(session, new.first_name, new.last_name, number="gammalt")
        joining.join_persons(session, places.deed(), "gammalt", new.number)
    with lived.connect() as connection:
        of = "SELECT a.person_id, c.person_id FROM completion c JOIN attempt a ON a.id = c.attempt_id"
        [(attempted, completed)] = connection.execute(sa.text(of)).all()
    assert attempted != completed
    assert found(lived) == []


@contextlib.contextmanager
def tampering(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that nothing is refused: neither triggers nor references nor conditions."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            raw = connection.connection.dbapi_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("PRAGMA ignore_check_constraints=ON")
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                raw.execute(f'DROP TRIGGER "{name}"')
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            yield connection
        connection.invalidate()


def test_a_town_that_is_sound_gives_no_finding(lived: sa.Engine) -> None:
    assert found(lived) == []


PLANTED = {
    "an employment of nobody": (
        "UPDATE employment SET person_id = 999 WHERE id = 1",
        r"employment\.person_id pekar på rader i person som inte finns. Antal: 1. Rader: 999",
    ),
    "an attempt of nobody": (
        "UPDATE attempt SET person_id = 999 WHERE id = 901",
        r"attempt\.person_id pekar på rader i person som inte finns",
    ),
    "a completion without its attempt": (
        "DELETE FROM attempt WHERE id = 901",
        r"completion\.attempt_id pekar på rader i attempt som inte finns. Antal: 1. Rader: 901",
    ),
    "a grant to nobody": (
        "DELETE FROM person WHERE number = 'n-vpc'",
        r"access_grant\.person_id pekar på rader i person som inte finns",
    ),
    "a grant to who was never employed": (
        "DELETE FROM employment WHERE person_id = (SELECT id FROM person WHERE number = 'n-vpc')",
        r"Behörigheter \(access_grant\) för någon som aldrig har varit anställd. Antal: 1",
    ),
    "another person's attempt": (
        "UPDATE completion SET person_id = 2 WHERE id = 902",
        r"försök är någon annans, en annan kurs eller inte godkänt. Antal: 1. Rader: 902",
    ),
    "another course's attempt": (
        "UPDATE attempt SET course = 'skola' WHERE id = 901",
        r"försök är någon annans, en annan kurs eller inte godkänt. Antal: 1. Rader: 902",
    ),
    "an attempt that was not passed": (
        "UPDATE attempt SET has_passed = false WHERE id = 901",
        r"försök är någon annans, en annan kurs eller inte godkänt. Antal: 1. Rader: 902",
    ),
    "a completion from before its attempt": (
        "UPDATE completion SET recorded_at = '2026-11-23 08:59:59' WHERE id = 902",
        r"från före sitt försök. Antal: 1. Rader: 902",
    ),
    "a recall from before what it recalls": (
        "UPDATE completion_recall SET recalled_at = '2026-11-23 08:59:59'",
        r"\(completion_recall\) från före det som återkallas. Antal: 1. Rader: 902",
    ),
    "a meeting's course that ended without being recalled": (
        "DELETE FROM completion_recall",
        r"Kurser från möten som inte gäller längre men inte är återkallade \(meeting_completion\). Antal: 1",
    ),
    "half a withdrawal": (
        "UPDATE meeting SET withdrawn_at = '2026-11-23 10:00:00' WHERE id = 903",
        r"meeting: bara en av withdrawn_at och withdrawn_by är satt. Antal: 1. Rader: 903",
    ),
    "half a recall of an exemption": (
        "UPDATE target_decision SET recalled_by = NULL",
        r"target_decision: bara en av recalled_at och recalled_by är satt. Antal: 1",
    ),
    "more right than asked": (
        "UPDATE attempt SET right_count = 3 WHERE id = 901",
        r"Försök \(attempt\) med fler rätt än frågor. Antal: 1. Rader: 901",
    ),
    "an employment that ends before it starts": (
        "UPDATE employment SET ends_on = '2019-12-31' WHERE id = 1",
        r"slutar före sin första dag. Antal: 1. Rader: 1",
    ),
    "an employment twice": (
        "INSERT INTO employment (id, person_id, unit_id, job_role, position, position_key, starts_on, ends_on,"
        " reported_from, is_ended_by_import) SELECT 950, person_id, unit_id, job_role, position, position_key,"
        " starts_on, ends_on, reported_from, is_ended_by_import FROM employment WHERE id = 1",
        r"finns två gånger samma dagar. Antal: 1. Rader: 950",
    ),
    "employments that overlap by a day": (
        "INSERT INTO employment (id, person_id, unit_id, job_role, position, position_key, starts_on, ends_on,"
        " reported_from, is_ended_by_import) SELECT 950, person_id, unit_id, job_role, position, position_key,"
        " '2018-01-01', starts_on, reported_from, is_ended_by_import FROM employment WHERE id = 1",
        r"finns två gånger samma dagar. Antal: 1. Rader: 950",
    ),
    "a circle in the tree": (
        "UPDATE org_unit SET parent_id = (SELECT id FROM org_unit WHERE code = 'UF1') WHERE code = 'U'",
        r"Enheter \(org_unit\) ligger under sig själva. Antal: 2",
    ),
    "a unit above itself": (
        "UPDATE org_unit SET parent_id = id WHERE code = 'U'",
        r"Enheter \(org_unit\) ligger under sig själva. Antal: 1",
    ),
    "a login from the future": (
        "UPDATE login_session SET began_at = '2099-01-01 00:00:00'",
        r"login_session\.began_at ligger i framtiden: datorns klocka har gått fel",
    ),
    "a completion from the future": (
        "UPDATE completion SET recorded_at = '2099-01-01 00:00:00' WHERE id = 902",
        r"completion\.recorded_at ligger i framtiden",
    ),
    "answers that should be gone": (
        "UPDATE attempt SET answers = '{}', answers_due_at = '2026-11-01 00:00:00' WHERE id = 901",
        r"Svar \(attempt\.answers\) vars tid är ute finns kvar: elearn tidy har inte körts. Antal: 1. Rader: 901",
    ),
    "a count of changes that is gone": (
        "DELETE FROM change_count",
        r"change_count saknar rader eller är negativ",
    ),
    "a journal's entry that was changed": (
        "UPDATE journal_entry SET actor = 'operator:x' WHERE id = 2",
        r"Journalen: Post 2 har ändrats",
    ),
    "a journal's entry that is gone": (
        "DELETE FROM journal_entry WHERE id = 2",
        r"Journalen: Post 2 saknas",
    ),
    "a measurement that was changed": (
        "UPDATE measurement_row SET trained = trained + 1 WHERE position = 0",
        r"Mätning 1 är ändrad sedan den frystes",
    ),
    "a measurement that is gone": (
        "DELETE FROM measurement_row",
        r"Mätning 1 är ändrad sedan den frystes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_planted_is_found(lived: sa.Engine, what: str) -> None:
    statement, sentence = PLANTED[what]
    with tampering(lived) as connection:
        assert connection.execute(sa.text(statement)).rowcount > 0
    told = found(lived)
    assert [one for one in told if re.search(sentence, one)], told
    assert len(told) <= 3, told
    assert not [one for one in told if "Sara" in one or "Åström" in one]


def test_an_employment_that_goes_on_the_day_after_is_no_overlap(lived: sa.Engine) -> None:
    """A date of hire that the file repeats after a gap, and a second contract from another day."""
    with database.transaction(lived) as session:
        someone, at = builders.person(session), session.scalars(sa.select(OrgUnit)).first()
        assert at is not None
        first = builders.employ(session, someone, at, ends_on=dt.date(2026, 1, 31))
        second = builders.employ(session, someone, at, starts_on=dt.date(2026, 2, 1))
        second.reported_from = first.reported_from
        builders.employ(session, someone, at, starts_on=dt.date(2025, 5, 5))
    assert found(lived) == []


def test_a_moment_is_in_the_future_after_the_skew_of_five_minutes(sqlite_url: str) -> None:
    engine = database.make_engine(sqlite_url)
    places.lived_in(engine)
    now = clock.now()
    for minutes, count in ((4, 0), (6, 1)):
        with engine.begin() as connection:
            connection.execute(
                sa.text("UPDATE login_session SET began_at = :at"),
                {"at": f"{now + dt.timedelta(minutes=minutes):%Y-%m-%d %H:%M:%S.%f}"},
            )
        with database.snapshot(engine) as session:
            assert len(list(invariants.findings(session, now))) == count
    engine.dispose()


def test_many_rows_are_told_by_their_number_and_the_first_five(sqlite_url: str) -> None:
    engine = database.make_engine(sqlite_url)
    places.lived_in(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE employment SET ends_on = '2019-12-31'"))
    assert found(engine) == [
        "Anställningar (employment) som slutar före sin första dag. Antal: 11. Rader: 1, 2, 3, 4, 5 …."
    ]
    engine.dispose()
