"""A town in which something has happened, and what a backup of it is compared by."""

import secrets
from pathlib import Path

import sqlalchemy as sa

from elearn import clock, database
from elearn.identity import logins, passwords
from elearn.journal.deed import Deed
from elearn.operations import rows
from elearn.operations.rows import Sum
from elearn.people.models import Person
from tests import builders
from tests.web import town

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
PASSWORD = "lugn promenad vid sjön"


def deed() -> Deed:
    return builders.deed(now=clock.now(), today=town.TODAY)


def lived_in(engine: sa.Engine) -> dict[str, int]:
    """People, a password, a login, an exemption that was taken back, and letters of the whole alphabet."""
    people = town.build(engine).people
    with database.transaction(engine) as session:
        sara = session.get_one(Person, people["employee"])
        sara.last_name = 'Åström-Öberg 家 😀 "citat" \\ \' \n två rader'
        sara.password_hash = passwords.hash_password(PASSWORD)
        builders.recognise(session, sara, "forskola", town.TODAY, town.TODAY.replace(year=2028))
        row = builders.exempt(
            session, sara, reason=secrets.token_hex(80_000)
        )  # more than one piece of a file
        row.recalled_at, row.recalled_by, row.recall_reason = clock.now(), "operator:anna", "Fel person"
        logins.begin_session(session, people["employee"], clock.now())
    return people


def sums(engine: sa.Engine) -> dict[str, Sum]:
    """What each table is compared by."""
    with database.reading(engine).connect() as connection, connection.begin():
        return {table.name: rows.sum_of(connection, table) for table in rows.tables(connection)}


# What restoring itself adds: the journal's entry, the row of the restoring, and the end of every login.
CHANGED_BY_RESTORING = {"journal_entry", "backup_run", "login_session"}


def unchanged(found: dict[str, Sum]) -> dict[str, Sum]:
    return {name: one for name, one in found.items() if name not in CHANGED_BY_RESTORING}


def empty_sqlite(folder: Path) -> sa.Engine:
    """A new place in this folder, without a schema."""
    return database.make_engine(f"sqlite:///{folder / 'new' / 'elearn.db'}")
