"""The schema against the migrations: what somebody took away, changed or turned off is named."""

import pytest
import sqlalchemy as sa

from elearn import database
from elearn.operations import shape


def test_a_migrated_database_is_as_the_migrations_make_it(engine: sa.Engine) -> None:
    assert shape.findings(engine) == []
    with engine.connect() as connection:
        assert "elearn_doctor" not in sa.inspect(connection).get_schema_names()


ON_SQLITE = {
    "DROP TRIGGER completion_no_update": "triggern completion_no_update på tabellen completion saknas",
    "DROP TRIGGER journal_entry_no_delete": "triggern journal_entry_no_delete på tabellen journal_entry",
    "DROP TRIGGER employment_insert_counted": "triggern employment_insert_counted på tabellen employment",
    "DROP INDEX uq_access_grant_everywhere": "indexet uq_access_grant_everywhere på tabellen access_grant",
    "ALTER TABLE person DROP COLUMN is_protected": "kolumnen is_protected på tabellen person saknas",
    "DROP TABLE survey_result": "kolumnen answered på tabellen survey_result saknas",
    "CREATE TRIGGER mine AFTER INSERT ON attempt BEGIN SELECT 1; END": "triggern mine",
}
NOTHING = "CREATE OR REPLACE FUNCTION refuse_completion_change() RETURNS trigger LANGUAGE plpgsql AS "
ON_POSTGRESQL = {
    "DROP TRIGGER completion_unchanged ON completion": "triggern completion_unchanged",
    "ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_unchanged": "är ändrad eller avstängd",
    f"{NOTHING} 'BEGIN RETURN NEW; END'": "completion_unchanged på tabellen completion är ändrad",
    "DROP INDEX uq_access_grant_everywhere": "indexet uq_access_grant_everywhere på tabellen access_grant",
    "ALTER TABLE attempt DROP CONSTRAINT uq_attempt_person_id_lesson_number": "villkoret uq_attempt_person",
    "ALTER TABLE attempt DROP CONSTRAINT fk_attempt_person_id_person": "fk_attempt_person_id_person",
    "ALTER TABLE person ALTER COLUMN number DROP NOT NULL": "kolumnen number på tabellen person är ändrad",
}


@pytest.mark.parametrize("statement", ON_SQLITE)
def test_what_was_done_to_a_sqlite_schema_is_named(sqlite_url: str, statement: str) -> None:
    named(sqlite_url, statement, ON_SQLITE[statement])


@pytest.mark.parametrize("statement", ON_POSTGRESQL)
def test_what_was_done_to_a_postgresql_schema_is_named(postgresql_url: str, statement: str) -> None:
    named(postgresql_url, statement, ON_POSTGRESQL[statement])


def named(url: str, statement: str, sentence: str) -> None:
    engine = database.make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    told = shape.findings(engine)
    assert [one for one in told if sentence in one], told
    engine.dispose()


def test_an_index_and_a_table_of_the_operators_own_are_no_fault(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE INDEX own ON attempt (course)")
        connection.exec_driver_sql("CREATE TABLE own_notes (text TEXT)")
    assert shape.findings(engine) == []
