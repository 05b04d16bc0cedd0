"""The journal's command: whole is told with its checksum, broken with the place."""

import sqlalchemy as sa

from elearn import database
from tests import builders
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
