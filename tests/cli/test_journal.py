"""The journal's commands: whole is told with its checksum, broken with the place, and what leaves is what is
stored."""

import csv
import datetime as dt
import io
import json

import sqlalchemy as sa

from elearn import database
from elearn.journal import actions, chain
from elearn.journal.models import EntryKind
from tests import builders
from tests.builders import NOW
from tests.cli.commands import elearn, words


def test_a_whole_journal_is_told_with_its_last_checksum_and_a_changed_one_with_its_place(
    sqlite_url: str,
) -> None:
    engine = database.make_engine(sqlite_url)
    with database.transaction(engine) as session:
        builders.employ(session, builders.person(session, number="1001"), builders.unit(session, "E"))
    assert elearn("grant", "1001", "vpc", database_url=sqlite_url).returncode == 0
    assert elearn("revoke", "1001", "vpc", database_url=sqlite_url).returncode == 0
    done = elearn("journal", "verify", database_url=sqlite_url)
    assert (done.returncode, done.stdout) == (0, b"")
    with engine.connect() as connection:
        entries = connection.execute(sa.text("SELECT actor, kind, hash FROM journal_entry ORDER BY id")).all()
    assert [entry.kind for entry in entries] == ["granted-role", "revoked-role"]
    assert entries[0].actor.startswith("operator:")
    assert "Antal poster: 2." in words(done)
    assert entries[1].hash in words(done)
    with database.transaction(engine) as session:
        session.execute(sa.text("DROP TRIGGER journal_entry_no_update"))
        session.execute(sa.text("UPDATE journal_entry SET actor = 'operator:nobody' WHERE id = 1"))
    done = elearn("journal", "verify", database_url=sqlite_url)
    assert (done.returncode, words(done)) == (1, "Post 1 har ändrats.\n")
    engine.dispose()


def test_the_journal_is_exported_as_it_is_stored_and_the_same_twice(sqlite_url: str) -> None:
    engine = database.make_engine(sqlite_url)
    for now in (NOW - dt.timedelta(days=1), NOW):
        with database.transaction(engine) as session:
            actions.record(session, builders.deed(now=now), EntryKind.SET_PASSWORD, person=1)
    first, again = (elearn("journal", "export", database_url=sqlite_url) for _ in range(2))
    assert (first.returncode, first.stdout) == (0, again.stdout)
    rows = list(csv.reader(io.StringIO(first.stdout.decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows] == ["nummer", "1", "2"]
    since = ("--format", "json", "--since", "2026-11-23")
    lines = elearn("journal", "export", *since, database_url=sqlite_url).stdout.splitlines()
    (entry,) = map(json.loads, lines)
    moment = dt.datetime.fromisoformat(entry["recorded_at"])
    assert (entry["id"], entry["actor"], entry["kind"], moment) == (2, "operator:anna", "set-password", NOW)
    fields = (entry["id"], moment, entry["actor"], entry["kind"], entry["details"], entry["previous_hash"])
    assert entry["hash"] == chain.hash_of(*fields)
    assert entry["previous_hash"] == rows[1][6]
    engine.dispose()
