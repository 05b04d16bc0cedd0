"""A migration that is killed between two of its statements leaves the version before it, whole (S44)."""

import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa

from elearn import database

OLD = "2026_11_30_figures"
# Runs `database.migrate` and ends like a machine that loses its power, after so many statements.
KILLED = """
import os, signal, sys
import sqlalchemy as sa
from elearn import database

engine = database.make_engine(sys.argv[1])
left = int(sys.argv[2])

@sa.event.listens_for(engine, "after_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

database.migrate(engine)
"""


def version(engine: sa.Engine) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))


@pytest.mark.parametrize("statement_count", [20, 60])
def test_a_migration_that_is_killed_is_not_made_and_is_made_again(
    empty_engine: sa.Engine, statement_count: int
) -> None:
    database.migrate(empty_engine, OLD)
    with empty_engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO person (id, number, first_name, last_name) VALUES (1, '1', 'Sara', 'Lind')")
        )
    url = empty_engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", KILLED, url, str(statement_count)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert version(empty_engine) == OLD

    database.migrate(empty_engine)
    assert database.schema_fault(empty_engine) is None
    with empty_engine.connect() as connection:
        assert connection.execute(sa.text("SELECT number, first_name FROM person")).all() == [("1", "Sara")]
