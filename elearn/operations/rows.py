"""A table's rows as lines of JSON: the same on both engines, in the order of the key, and back again."""

import base64
import datetime as dt
import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from elearn import schema
from elearn.database import Base

BATCH = 1000
# What belongs to the engine and not to the municipality: the schema's own row, and the count by which figures
# are known to hold still, which has one row on SQLite and several on PostgreSQL.
NOT_COPIED = frozenset({schema.VERSION_TABLE, "change_count"})


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows, and SHA-256 over their lines: what a table is compared by."""

    count: int
    sha256: str


class Summing:
    """A sum as it grows."""

    def __init__(self, columns: Iterable[str]) -> None:
        self._count, self._hash = 0, hashlib.sha256(_line(list(columns)))

    def add(self, line: bytes) -> None:
        """A row's line, with its end."""
        self._count += 1
        self._hash.update(line)

    @property
    def sum(self) -> Sum:
        """Of what has been added."""
        return Sum(self._count, self._hash.hexdigest())


def tables(connection: sa.Connection) -> list[sa.Table]:
    """The tables as they are in the database, each after those that it refers to. Read from it and not from
    the models, so that an older schema is read as it was."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name not in NOT_COPIED]


def foreign(connection: sa.Connection) -> list[str]:
    """Names of tables in the database that are not this program's. Asked of the newest schema."""
    if schema.current(connection) != schema.newest():
        return []
    return [table.name for table in tables(connection) if table.name not in Base.metadata.tables]


def names(table: sa.Table) -> list[str]:
    """The names of its columns, sorted: a column that was added later stands elsewhere in the table."""
    return sorted(column.name for column in table.columns)


def lines(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """Every row as a line. Numbers, text and booleans are JSON's; a day and a moment (UTC) are ISO 8601,
    bytes are base64, and a JSON value is the text that is stored."""
    is_sqlite = connection.dialect.name == "sqlite"
    columns = [table.columns[name] for name in names(table)]
    writers = [_writer(column.type) for column in columns]
    statement = sa.select(*(_as_stored(column, is_sqlite) for column in columns))
    statement = statement.order_by(*(_in_order(column, is_sqlite) for column in _key(table)))
    for row in connection.execute(statement.execution_options(yield_per=BATCH)):
        yield _line([write(value) for write, value in zip(writers, row, strict=True)])


def sum_of(connection: sa.Connection, table: sa.Table) -> Sum:
    """What the table is compared by."""
    summing = Summing(names(table))
    for line in lines(connection, table):
        summing.add(line)
    return summing.sum


def insert(connection: sa.Connection, table: sa.Table, told: Iterable[bytes]) -> None:
    """Put rows in that ``lines`` told. In a table that refers to itself, each comes after what it refers
    to."""
    is_sqlite = connection.dialect.name == "sqlite"
    columns = [table.columns[name] for name in names(table)]
    readers = [(_field(column), _reader(column.type)) for column in columns]
    statement = sa.insert(table).values({column.name: _to_store(column, is_sqlite) for column in columns})
    rows = (
        {field: read(value) for (field, read), value in zip(readers, json.loads(line), strict=True)}
        for line in told
    )
    for batch in _batches(_parents_first(table, rows)):
        connection.execute(statement, batch)


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _key(table: sa.Table) -> list[sa.Column[Any]]:
    return list(table.primary_key.columns) or [table.columns[name] for name in names(table)]


def _in_order(column: sa.Column[Any], is_sqlite: bool) -> sa.ColumnElement[Any]:
    """By bytes, as SQLite does, whatever language a PostgreSQL database was made for."""
    is_text = isinstance(column.type, sa.String)
    return column.collate("C") if is_text and not is_sqlite else column


def _as_stored(column: sa.Column[Any], is_sqlite: bool) -> sa.ColumnElement[Any]:
    if not isinstance(column.type, sa.JSON):
        return column
    return sa.type_coerce(column, sa.Text) if is_sqlite else sa.cast(column, sa.Text)


def _field(column: sa.Column[Any]) -> str:
    return f"new_{column.name}"  # a column's own name is taken by the statement


def _to_store(column: sa.Column[Any], is_sqlite: bool) -> sa.ColumnElement[Any]:
    if not isinstance(column.type, sa.JSON):
        return sa.bindparam(_field(column), type_=column.type)
    text = sa.bindparam(_field(column), type_=sa.Text())
    return text if is_sqlite else sa.cast(text, column.type)


def _same(value: Any) -> Any:
    return value


def _unless_none(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else change(value)


def _write_moment(value: dt.datetime) -> str:
    known = value if value.tzinfo else value.replace(tzinfo=dt.UTC)  # SQLite keeps no zone
    return known.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _writer(kind: sa.types.TypeEngine[Any]) -> Callable[[Any], Any]:
    """From what the database gives to what JSON has."""
    match kind:
        case sa.DateTime():
            return _unless_none(_write_moment)
        case sa.Date():
            return _unless_none(dt.date.isoformat)
        case sa.LargeBinary():
            return _unless_none(lambda value: base64.b64encode(value).decode())
        case sa.Integer() | sa.String() | sa.Boolean() | sa.Float() | sa.JSON():
            return _same
        case _:
            raise TypeError(f"a column of type {kind} is not known to backups")


def _reader(kind: sa.types.TypeEngine[Any]) -> Callable[[Any], Any]:
    """Back again."""
    match kind:
        case sa.DateTime():
            return _unless_none(dt.datetime.fromisoformat)
        case sa.Date():
            return _unless_none(dt.date.fromisoformat)
        case sa.LargeBinary():
            return _unless_none(base64.b64decode)
        case _:
            return _same


def _parents_first(table: sa.Table, rows: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The rows, of a table that refers to itself in an order in which each may be put in. A row in a circle
    is left to the database, which refuses it."""
    own = [key for key in table.foreign_keys if key.column.table is table]
    if not own:
        return rows
    fields = [(_field(key.parent), _field(key.column)) for key in own]
    waiting = list(rows)
    ordered: list[dict[str, Any]] = []
    known = {target: {None} for _field_name, target in fields}
    while waiting:
        ready = [row for row in waiting if all(row[field] in known[target] for field, target in fields)]
        if not ready:
            return [*ordered, *waiting]
        for row in ready:
            for _field_name, target in fields:
                known[target].add(row[target])
        ordered += ready
        taken = {id(row) for row in ready}
        waiting = [row for row in waiting if id(row) not in taken]
    return ordered


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    remaining = iter(rows)
    while batch := list(itertools.islice(remaining, BATCH)):
        yield batch
