"""The schema's revisions."""

import sqlalchemy as sa

from elearn import database, schema


def test_a_revision_that_no_migration_makes_is_not_known() -> None:
    assert schema.is_known("2026_11_23_people")
    assert not schema.is_known("2031_01_01_later")
    assert not schema.is_known("head?")


def test_a_database_has_no_revision_until_it_is_migrated(empty_engine: sa.Engine) -> None:
    with empty_engine.connect() as connection:
        assert schema.current(connection) is None
    database.migrate(empty_engine, "2026_11_23_people")
    with empty_engine.connect() as connection:
        assert schema.current(connection) == "2026_11_23_people"


def test_a_migration_that_is_not_ended_has_not_been(empty_engine: sa.Engine) -> None:
    """What restoring stands on: everything in one transaction."""
    with database.writing(empty_engine).connect() as connection, connection.begin() as transaction:
        schema.upgrade(connection)
        assert schema.current(connection) == schema.newest()
        transaction.rollback()
    assert sa.inspect(empty_engine).get_table_names() == []
