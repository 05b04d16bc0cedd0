"""The schema: made twice is harmless, and what the migrations make is what the models say, on both
engines."""

import datetime as dt
import json
import re

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session

from elearn import database
from elearn.people.models import Employment, Person
from elearn.reports.models import ChangeCount
from elearn.training.models import Attempt, Completion, TargetDecision
from tests import builders


def test_migrations_and_models_do_not_drift(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), database.Base.metadata) == []


def test_migrating_again_changes_nothing(engine: sa.Engine) -> None:
    database.migrate(engine)
    assert database.schema_fault(engine) is None


def test_an_empty_database_is_told_to_be_old(sqlite_url: str) -> None:
    engine = database.make_engine("sqlite://")
    assert database.schema_fault(engine) == "Databasens schema är inte aktuellt. Kör: elearn migrate"
    engine.dispose()


OLD_ANSWERS = {"s": None, "q": "q-a", "m": ["m-b", "m-a"], "o": {"o-r2": "1", "o-r1": "2"}}
ATTEMPT = (
    "INSERT INTO attempt (id, person_id, course, lesson, number, edition, lesson_hash, right_count, asked_count,"
    " has_passed, submitted_on, submitted_at, answers, answers_due_at) VALUES (:id, 1, 'f', 'f/a', :id, 1, 'x', 1,"
    " 1, true, '2026-11-23', '2026-11-23 09:00:00', :answers, '2026-12-23 09:00:00')"
)


def test_answers_kept_before_are_read_as_replies_afterwards(empty_engine: sa.Engine) -> None:
    database.migrate(empty_engine, "2026_11_30_journal")
    with empty_engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO person (id, number, first_name, last_name) VALUES (1, '1001', 'Sara', 'Lind')"
            )
        )
        for id, answers in ((1, json.dumps(OLD_ANSWERS)), (2, None)):
            connection.execute(sa.text(ATTEMPT), {"id": id, "answers": answers})
    database.migrate(empty_engine)
    with empty_engine.connect() as connection:
        first, second = connection.scalars(sa.select(Attempt.answers).order_by(Attempt.id)).all()
    assert first is not None
    assert list(first.items()) == [
        ("s", []),
        ("q", [["", "q-a"]]),
        ("m", [["", "m-a"], ["", "m-b"]]),
        ("o", [["o-r1", "2"], ["o-r2", "1"]]),
    ]
    assert second is None


def test_employments_and_exemptions_from_before_are_the_files_and_hold(empty_engine: sa.Engine) -> None:
    """What an import ended before this was kept is taken as told by the file; no exemption is taken back."""
    database.migrate(empty_engine, "2026_11_30_replies")
    statements = (
        "INSERT INTO person (id, number, first_name, last_name) VALUES (1, '1001', 'Sara', 'Lind')",
        "INSERT INTO org_unit (id, code, name, kind) VALUES (1, 'F1', 'Ängen', 'unit')",
        "INSERT INTO employment (id, person_id, unit_id, position, starts_on, ends_on, reported_from)"
        " VALUES (1, 1, 1, ' ÖVERLÄRARE', '2020-01-01', '2026-06-30', '2020-01-01')",
        "INSERT INTO exemption (id, person_id, reason, recorded_at)"
        " VALUES (7, 1, 'Ledig', '2026-11-23 09:00:00')",
    )
    with empty_engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    database.migrate(empty_engine)
    with empty_engine.connect() as connection:
        assert connection.scalars(sa.select(Employment.is_ended_by_import)).all() == [False]
        assert connection.scalars(sa.select(Employment.position_key)).all() == ["överlärare"]
        form = (TargetDecision.id, TargetDecision.covers_below, TargetDecision.is_included)
        assert connection.execute(sa.select(*form, TargetDecision.recalled_at)).all() == [
            (7, False, False, None)
        ]
    with Session(database.writing(empty_engine)) as session:
        before = session.scalar(sa.select(sa.func.sum(ChangeCount.count)))
        row = builders.exempt(session, session.get_one(Person, 1))
        assert row.id == 8
        assert session.scalar(sa.select(sa.func.sum(ChangeCount.count))) > before


def test_every_completion_from_before_gets_a_code_of_its_own_and_holds_as_before(
    empty_engine: sa.Engine,
) -> None:
    database.migrate(empty_engine, "2026_11_30_figures")
    completion = (
        "INSERT INTO completion (id, person_id, course, course_title, course_edition, course_hash, completed_on,"
        " valid_until, source, recorded_at) VALUES (:id, 1, 'f', 'F', 1, 'x', '2026-11-23', '2028-11-23', :source,"
        " '2026-11-23 09:00:00')"
    )
    with empty_engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO person (id, number, first_name, last_name) VALUES (1, '1001', 'Sara', 'Lind')"
            )
        )
        for id in (11, 12, 13):
            connection.execute(sa.text(completion), {"id": id, "source": f"Heldag {id}"})
    database.migrate(empty_engine)
    with empty_engine.connect() as connection:
        codes = connection.scalars(sa.select(Completion.code)).all()
    assert len(set(codes)) == 3
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{16}", code) for code in codes)
    for change in (sa.update(Completion).values(code="X"), sa.delete(Completion)):
        with pytest.raises(sa.exc.DBAPIError, match="never changed"), empty_engine.begin() as connection:
            connection.execute(change)
    count = sa.select(sa.func.sum(ChangeCount.count))
    with empty_engine.connect() as connection:
        before = connection.scalar(count)
    with Session(database.writing(empty_engine)) as session:
        someone = session.get_one(Person, 1)
        builders.recognise(session, someone, "f", dt.date(2026, 11, 24), dt.date(2028, 11, 24))
        assert session.scalar(count) > before


def test_who_was_told_before_is_known_by_the_first_trace_of_it(empty_engine: sa.Engine) -> None:
    """A code, a login and an attempt, of one each; of two the earlier, on the day that it was in Stockholm."""
    database.migrate(empty_engine, "2026_12_02_decisions")
    rows = (
        "INSERT INTO person (id, number, first_name, last_name) VALUES "
        "(1, '1', 'A', 'A'), (2, '2', 'B', 'B'), (3, '3', 'C', 'C'), (4, '4', 'D', 'D')",
        "INSERT INTO invitation (person_id, code_hash, expires_at) VALUES (1, 'x', '2026-11-29 22:59:00')",
        "INSERT INTO login_session (token_hash, person_id, began_at) VALUES "
        "('a', 2, '2026-11-15 23:00:00'), ('b', 2, '2026-11-20 09:00:00')",
        "INSERT INTO attempt (person_id, course, lesson, number, edition, lesson_hash, right_count, asked_count,"
        " has_passed, submitted_on, submitted_at, answers_due_at) VALUES (3, 'f', 'a', 1, 1, '', 0, 1, :no,"
        " '2026-11-02', '2026-11-02 09:00:00', '2026-12-02 09:00:00'), (2, 'f', 'a', 1, 1, '', 0, 1, :no,"
        " '2026-11-17', '2026-11-17 09:00:00', '2026-12-17 09:00:00')",
    )
    with empty_engine.begin() as connection:
        if empty_engine.name == "postgresql":  # a moment comes back in the server's zone, whichever it is
            connection.execute(sa.text("SET TIME ZONE 'UTC'"))
            name = connection.scalar(sa.text("SELECT current_database()"))
            connection.execute(sa.text(f"ALTER DATABASE {name} SET timezone TO 'Europe/Stockholm'"))
        for row in rows:
            connection.execute(sa.text(row), {"no": False} if ":no" in row else {})
    empty_engine.dispose()
    database.migrate(empty_engine)
    with empty_engine.connect() as connection:
        found = connection.execute(sa.select(Person.id, Person.offered_on).order_by(Person.id)).all()
    days = [None if day is None else day.isoformat() for _, day in found]
    assert days == ["2026-11-15", "2026-11-16", "2026-11-02", None]


def test_answers_counted_before_anybody_could_see_them_are_counted_anew(empty_engine: sa.Engine) -> None:
    """How many had answered was not counted then: a share of the two would be none."""
    database.migrate(empty_engine, "2026_12_03_meetings")
    with empty_engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO answer_tally (question_id, choice_key, course, is_first_attempt, count)"
                " VALUES ('q', 'a', 'f', :yes, 100)"
            ),
            {"yes": True},
        )
    database.migrate(empty_engine)
    with empty_engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM answer_tally")) == 0
