"""Whether the schema is as the migrations make it: triggers that refuse change are part of it.

The migrations are run once more beside the database (SQLite: in memory; PostgreSQL: in a schema of their own,
rolled back), and the two are compared. So nothing has to be listed here.
"""

from collections.abc import Iterator
from typing import TypeAlias

import sqlalchemy as sa

from elearn import database, schema
from elearn.database import Engine
from elearn.errors import Refused

# (what it is, its table, its name) -> how it is made
Shape: TypeAlias = dict[tuple[str, str, str], str]

TRIGGER, COLUMN, INDEX, CONSTRAINT = "triggern", "kolumnen", "indexet", "villkoret"
BESIDE = "elearn_doctor"

ON_SQLITE = (
    (TRIGGER, "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"),
    (INDEX, "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"),
    (CONSTRAINT, "SELECT name, 'CREATE TABLE', sql FROM sqlite_master WHERE type = 'table'"),
    (
        COLUMN,
        'SELECT m.name, c.name, c.type || c."notnull" || c.pk '
        "FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'",
    ),
)
ON_POSTGRESQL = (
    (
        TRIGGER,
        "SELECT c.relname, t.tgname, t.tgenabled::text || ' ' || t.tgtype || ' ' || p.prosrc "
        "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND n.nspname = current_schema()",
    ),
    (
        INDEX,
        "SELECT tablename, indexname, replace(indexdef, schemaname || '.', '') FROM pg_indexes "
        "WHERE schemaname = current_schema()",
    ),
    (
        CONSTRAINT,
        "SELECT c.relname, k.conname, replace(pg_get_constraintdef(k.oid), n.nspname || '.', '') "
        "|| k.convalidated FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE k.contype IN ('c', 'f', 'p', 'u') AND n.nspname = current_schema()",
    ),
    (
        COLUMN,
        "SELECT table_name, column_name, data_type || is_nullable FROM information_schema.columns "
        "WHERE table_schema = current_schema()",
    ),
)


def findings(engine: Engine) -> list[str]:
    """What is missing or changed, and every trigger that is not ours: a Swedish sentence each. The schema is
    the newest one. An index or a table that somebody has added is no fault."""
    with database.writing(engine).connect() as connection, connection.begin() as transaction:
        found = _shape(connection)
        wanted = _beside(connection) if engine.dialect.name == "postgresql" else _in_memory()
        transaction.rollback()
    return list(_differences(found, wanted))


def _differences(found: Shape, wanted: Shape) -> Iterator[str]:
    for key in sorted(wanted):
        what, table, name = key
        if key not in found:
            yield f"Schemat: {what} {name} på tabellen {table} saknas."
        elif found[key] != wanted[key]:
            yield f"Schemat: {what} {name} på tabellen {table} är ändrad eller avstängd."
    for what, table, name in sorted(found.keys() - wanted.keys()):
        if what == TRIGGER:
            yield f"Schemat: {what} {name} på tabellen {table} hör inte till programmet."


def _shape(connection: sa.Connection) -> Shape:
    questions = ON_SQLITE if connection.dialect.name == "sqlite" else ON_POSTGRESQL
    return {
        (what, table, name): _in_order(how)
        for what, question in questions
        for table, name, how in connection.exec_driver_sql(question)
    }


def _in_order(how: str) -> str:
    """A table that SQLite has made anew has its constraints in any order."""
    return "\n".join(sorted(line.strip().rstrip(",") for line in how.splitlines()))


def _in_memory() -> Shape:
    engine = database.make_engine("sqlite://")
    try:
        with database.writing(engine).begin() as connection:
            schema.upgrade(connection)
            return _shape(connection)
    finally:
        engine.dispose()


def _beside(connection: sa.Connection) -> Shape:
    try:
        connection.execute(sa.schema.CreateSchema(BESIDE))
    except sa.exc.ProgrammingError:
        raise Refused("Schemat kan inte kontrolleras: databasens användare får inte skapa scheman.") from None
    connection.execute(sa.select(sa.func.set_config("search_path", BESIDE, sa.true())))
    schema.upgrade(connection)
    return _shape(connection)
