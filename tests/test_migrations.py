"""The schema: made twice is harmless, and what the migrations make is what the models say, on both
engines."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from elearn import database


def test_migrations_and_models_do_not_drift(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), database.Base.metadata) == []


def test_migrating_again_changes_nothing(engine: sa.Engine) -> None:
    database.migrate(engine)
    assert database.schema_fault(engine) is None
    assert database.safety_fault(engine) is None


def test_an_empty_database_is_told_to_be_old(sqlite_url: str) -> None:
    engine = database.make_engine("sqlite://")
    assert database.schema_fault(engine) == "Databasens schema är inte aktuellt. Kör: elearn migrate"
    engine.dispose()
