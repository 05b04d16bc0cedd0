"""What stands in a backup: a head, every table with its rows, and at the end what each table is compared by.

One form for both engines, so that a backup of SQLite can be put into PostgreSQL and the other way round. It
is lines of JSON, compressed (zlib), in sealed pieces (sealing.py).
"""

import datetime as dt
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import sqlalchemy as sa

from elearn import schema
from elearn.errors import Refused
from elearn.operations import rows, sealing
from elearn.operations.rows import Sum, Summing

FORM = 1
DAMAGED = "Säkerhetskopian är skadad: {}. Ingenting är återläst. Ta en annan säkerhetskopia."


@dataclass(frozen=True, slots=True)
class Head:
    """``taken_at``: the moment that the backup shows. ``revision``: the schema's."""

    taken_at: dt.datetime
    revision: str
    engine: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The head, and each table's sum in the order in which the tables stand."""

    head: Head
    sums: dict[str, Sum]

    @property
    def row_count(self) -> int:
        """Rows in every table."""
        return sum(one.count for one in self.sums.values())


@dataclass(frozen=True, slots=True)
class Stored:
    """A table as it stands in the backup. Its ``lines`` are read once, before the next table."""

    name: str
    columns: list[str]
    lines: Iterator[bytes]


def write(connection: sa.Connection, taken_at: dt.datetime, file: BinaryIO, key: bytes | None) -> Manifest:
    """Write every row of the program's own tables that the connection's snapshot sees. What is not the
    program's is left out (``rows.foreign``)."""
    revision = schema.current(connection)
    if revision is None:
        raise Refused("Databasen är tom: det finns ingenting att säkerhetskopiera. Kör: elearn migrate")
    head = Head(taken_at, revision, connection.dialect.name)
    out = LineWriter(file, key)
    out.put_json({"form": FORM, "taken_at": taken_at.isoformat(), "schema": revision, "engine": head.engine})
    sums: dict[str, Sum] = {}
    foreign = rows.foreign(connection)
    for table in (one for one in rows.tables(connection) if one.name not in foreign):
        columns = rows.names(table)
        out.put_json({"table": table.name, "columns": columns})
        summing = Summing(columns)
        for line in rows.lines(connection, table):
            summing.add(line)
            out.put(line)
        sums[table.name] = summing.sum
    out.put_json({"sums": {name: [one.count, one.sha256] for name, one in sums.items()}})
    out.close()
    return Manifest(head, sums)


class Reading:
    """A backup that is read once, from its beginning to its end.

    Raises ``Refused`` for whatever is not as it was written: ``sealing.read_pieces`` looks at every piece,
    ``manifest`` compares every table."""

    def __init__(self, file: BinaryIO, key: bytes | None) -> None:
        self._lines = unpacked(sealing.read_pieces(file, key))
        self._sums: dict[str, Sum] = {}
        self._next = self._read_json()
        if self._next.get("form") != FORM:
            raise Refused("Säkerhetskopian är gjord av en nyare version av elearn. Uppgradera elearn först.")
        self.head = Head(
            dt.datetime.fromisoformat(self._next["taken_at"]), self._next["schema"], self._next["engine"]
        )
        self._next = self._read_json()

    def tables(self) -> Iterator[Stored]:
        """The tables, in the order in which they can be put in."""
        while "table" in self._next:
            name, columns = self._next["table"], self._next["columns"]
            yield Stored(name, columns, self._rows(name, columns))

    def manifest(self) -> Manifest:
        """What the backup says that it has, when all of it has been read and it is so."""
        told = {name: Sum(*one) for name, one in self._next.get("sums", {}).items()}
        if told != self._sums or next(self._lines, None) is not None:
            raise Refused(DAMAGED.format("tabellerna är inte de som den säger"))
        return Manifest(self.head, told)

    def _rows(self, name: str, columns: list[str]) -> Iterator[bytes]:
        summing = Summing(columns)
        for line in self._lines:
            if line.startswith(b"{"):
                self._next = json.loads(line)
                self._sums[name] = summing.sum
                return
            summing.add(line)
            yield line
        raise Refused(DAMAGED.format("slutet saknas"))

    def _read_json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(next(self._lines, b"{}"))
        return found


def check(file: BinaryIO, key: bytes | None) -> Manifest:
    """Read all of it. Raises as ``Reading`` does."""
    reading = Reading(file, key)
    for table in reading.tables():
        for _line in table.lines:
            pass
    return reading.manifest()


class LineWriter:
    """Lines into a sealed file, compressed. ``close`` ends it."""

    def __init__(self, file: BinaryIO, key: bytes | None) -> None:
        self._sealed = sealing.SealedWriter(file, key)
        self._compressed = zlib.compressobj()

    def put(self, line: bytes) -> None:
        """Add a line, with its end."""
        self._sealed.write(self._compressed.compress(line))

    def put_json(self, value: dict[str, Any]) -> None:
        """Add a line that is no row."""
        self.put(json.dumps(value, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        """Write what waits."""
        self._sealed.write(self._compressed.flush())
        self._sealed.close()


def unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The lines again, each with its end."""
    unpacking, rest = zlib.decompressobj(), b""
    for piece in pieces:
        *whole, rest = (rest + unpacking.decompress(piece)).split(b"\n")
        yield from (line + b"\n" for line in whole)
    if rest or not unpacking.eof or unpacking.unused_data:
        raise Refused(DAMAGED.format("slutet saknas"))
