"""Every migration from the version before it, with rows in every table: nothing that was stored is lost or
changed unless it is told here (S44)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from elearn import database
from elearn.settings import data_dir

REVISIONS = [
    revision.revision
    for revision in reversed(list(ScriptDirectory(str(data_dir("migrations"))).walk_revisions()))
]
MOMENT = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
COUNTERS = {"alembic_version", "change_count"}
# What a rule of the table asks for, where a made-up value would break it.
VALUES: dict[tuple[str, str], Any] = {
    ("access_grant", "role"): "coordinator",
    ("backup_run", "kind"): "taken",
    ("completion", "attempt_id"): None,
    ("measurement", "row_count"): 3,
    ("org_unit", "kind"): "unit",
    ("target_decision", "person_id"): None,
    ("target_decision", "job_role"): None,
}
# revision -> table -> its columns that change, or "rows" when they go: each on purpose, as its file says.
CHANGED: dict[str, dict[str, set[str]]] = {
    "2026_11_30_replies": {"attempt": {"answers"}},
    "2026_12_02_decisions": {"exemption": {"rows"}},  # they are decisions now: test_migrations.py
    "2026_12_03_knowledge": {"answer_tally": {"rows"}},
}


def tables(connection: sa.Connection) -> dict[str, sa.Table]:
    """As they are now, parents before children."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return {table.name: table for table in metadata.sorted_tables if table.name not in COUNTERS}


def value(column: sa.Column[Any], n: int) -> Any:
    """What stands in row ``n`` (1 or 2) of this column."""
    if (column.table.name, column.name) in VALUES:
        return VALUES[column.table.name, column.name]
    if isinstance(column.type, sa.JSON):
        return {"q": ["a", "b"][:n]}
    made = {
        int: n,
        bool: n == 1,
        dt.date: dt.date(2026, 11, n),
        bytes: b"\x00\xff" * n,
        dt.datetime: MOMENT + dt.timedelta(hours=n),
    }
    return made.get(column.type.python_type, f"{column.table.name}.{column.name}.{n}")


def fill(connection: sa.Connection) -> None:
    """Two rows in every table that has none."""
    for table in tables(connection).values():
        if connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0:
            for n in (1, 2):
                connection.execute(table.insert().values({c.name: value(c, n) for c in table.columns}))


def stored(connection: sa.Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in the order of all its values."""
    found = {}
    for name, table in tables(connection).items():
        rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
        found[name] = sorted(rows, key=str)
    return found


def differences(
    before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]
) -> Iterator[tuple[str, str]]:
    """(table, column) of what is no longer as it was; ("table", "rows") when rows came or went."""
    for name, rows in before.items():
        if len(rows) != len(after.get(name, ())):
            yield name, "rows"
            continue
        for column in rows[0] if rows else ():
            was = sorted(str(row[column]) for row in rows)
            if column not in after[name][0] or was != sorted(str(row[column]) for row in after[name]):
                yield name, column


def test_no_migration_loses_what_was_stored(empty_engine: sa.Engine) -> None:
    for revision in REVISIONS:
        with empty_engine.connect() as connection:
            before = stored(connection)
        database.migrate(empty_engine, revision)
        with database.writing(empty_engine).begin() as connection:
            changed: dict[str, set[str]] = {}
            for table, column in differences(before, stored(connection)):
                changed.setdefault(table, set()).add(column)
            assert changed == CHANGED.get(revision, {}), revision
            fill(connection)
    assert database.schema_fault(empty_engine) is None


def test_a_table_or_column_that_goes_would_be_found() -> None:
    before = {"a": [{"x": 1, "y": 2}], "b": [{"x": 1}]}
    assert list(differences(before, {"a": [{"x": 1, "y": 3}], "b": []})) == [("a", "y"), ("b", "rows")]
    assert list(differences(before, {"a": [{"x": 1}]})) == [("a", "y"), ("b", "rows")]
    assert list(differences(before, before)) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_says_why_it_is_there(revision: str) -> None:
    module = ScriptDirectory(str(data_dir("migrations"))).get_revision(revision).module
    assert module.__doc__
    assert not hasattr(module, "downgrade")
