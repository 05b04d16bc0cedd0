"""Filling the demonstration's database, and knowing it from every other one."""

import datetime as dt
import secrets
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from elearn import clock, csv_out, database
from elearn.content.catalog import Catalog
from elearn.demo import answers, follow_up, gatherings, history, town
from elearn.directory import actions as directory_actions
from elearn.directory import columns
from elearn.directory import files as directory_files
from elearn.errors import Refused
from elearn.identity import actions, ending, passwords
from elearn.journal.deed import Deed, system
from elearn.people import queries
from elearn.people.models import GRANTABLE_ROLES, AccessRole, Person
from elearn.training import curriculum, decisions, exemptions
from elearn.training.models import Completion, LessonCompletion

MARK = 0x656C6465  # SQLite's application_id
PASSWORD = "lugn promenad vid sjön"  # noqa: S105  invented people in a database of their own; the login page tells it
STEPS = directory_actions.STEPS + 5


def is_ours(path: Path) -> bool:
    """Whether this file is a database that the demonstration made."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("PRAGMA application_id").fetchone()[0] == MARK)
    except sqlite3.DatabaseError:
        return False


def refuse_foreign(path: Path) -> None:
    if not is_ours(path):
        raise Refused(
            f"{path} är inte demonstrationens egen databas, och rörs inte. Flytta den och försök igen."
        )


def remove(path: Path) -> None:
    """Begin again: only what carries our mark is removed."""
    if path.exists():
        refuse_foreign(path)
        path.unlink()
    remove_journal(path)


def remove_journal(path: Path) -> None:
    """What a removed database leaves beside it would damage a new one in its place."""
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def secret_key(path: Path) -> str:
    """The demonstration's own key, made once, so that logins survive a restart."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def create(path: Path, catalog: Catalog, today: dt.date, on_step: Callable[[], None]) -> None:
    """Make the whole municipality beside its place and put it there when it is finished: half of one is never
    seen."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        unfinished = Path(folder) / path.name
        engine = database.make_engine(f"sqlite:///{unfinished}")
        database.migrate(engine)
        on_step()
        fill(engine, catalog, today, on_step)
        database.set_application_id(engine, MARK)
        engine.dispose()
        remove_journal(path)
        unfinished.rename(path)


def fill(engine: database.Engine, catalog: Catalog, today: dt.date, on_step: Callable[[], None]) -> None:
    """The two files, read and applied as any import; then exemptions and decisions, the cast's logins and
    roles, three years of training, and the measurements that were frozen meanwhile."""
    municipality = town.build(today)
    with tempfile.TemporaryDirectory() as folder:
        organisation, staff, exempted, decided = (
            Path(folder) / f"{name}.csv" for name in ("organisation", "personal", "undantag", "malgrupp")
        )
        organisation.write_bytes(csv_out.write_csv(columns.UNIT_COLUMNS, municipality.organisation))
        staff.write_bytes(csv_out.write_csv(columns.JOB_COLUMNS, [job.cells for job in municipality.jobs]))
        exempted.write_bytes(csv_out.write_csv(town.EXEMPTIONS_HEADER, municipality.exemptions()))
        files = directory_files.read_files(organisation, staff, catalog.required_courses())
        exempt = exemptions.read_exemptions(exempted)
        decided.write_bytes(csv_out.write_csv(decisions.COLUMNS, follow_up.decisions(municipality)))
        made = decisions.read_decisions(decided, catalog.required_courses())
    password_hash = passwords.hash_password(PASSWORD)
    deed = Deed(system("demo"), clock.now(), today)
    on_step()
    with database.transaction(engine) as session:
        _directory, plan = directory_actions.prepare(session, files, today)
        directory_actions.apply_plan(session, deed, plan, ending.end_access, on_step)
        exemptions.record_exemptions(session, deed, exempt)
        decisions.record_decisions(session, deed, made)
        untouched = _open_doors(session, deed, password_hash)
        on_step()
        history.record(session, catalog, today, untouched)
        answers.record(session, catalog)
        _give_passwords(session, password_hash)
        follow_up.offer(session, today)
        on_step()
        follow_up.freeze(session, deed, curriculum.from_catalog(catalog))
        follow_up.set_goals(session, deed)
        gatherings.record(session, deed, catalog)
    on_step()


def _give_passwords(session: database.Session, password_hash: str) -> None:
    """Whoever has come somewhere in a course has chosen a password."""
    begun = sa.union(sa.select(LessonCompletion.person_id), sa.select(Completion.person_id))
    session.execute(sa.update(Person).where(Person.id.in_(begun)).values(password_hash=password_hash))


def _open_doors(session: database.Session, deed: Deed, password_hash: str) -> frozenset[int]:
    """Logins and roles for the cast. Whoever is to take the course in the demonstration has done nothing
    yet."""
    untouched = set()
    for place, member in enumerate(town.CAST):
        number = str(town.FIRST_NUMBER + place)
        person_id = queries.person_by_number(session, number).person_id
        actions.set_password(session, deed, person_id, password_hash)
        if member.role in GRANTABLE_ROLES:
            actions.grant_role(session, deed, number, member.role, member.department)
        if member.role == AccessRole.EMPLOYEE:
            untouched.add(person_id)
    return frozenset(untouched)
