"""Several imports at once are one after the other: nobody and nothing is added twice."""

import threading
from pathlib import Path

import sqlalchemy as sa

from elearn import database
from elearn.directory import actions, files
from elearn.identity import ending
from elearn.people.models import Employment, OrgUnit, Person
from tests import builders
from tests.directory import staff_files
from tests.directory.staff_files import ROLES, TODAY

IMPORTS = 6


def test_the_same_files_read_by_several_at_once_are_there_once(
    engine: sa.Engine, database_url: str, tmp_path: Path
) -> None:
    """Without the lock each would add what none of them finds."""
    staff = "".join(f"{number};F1;;2026-01-01;\n" for number in range(1, 40))
    read = files.read_files(*staff_files.write(tmp_path, staff), ROLES)
    barrier, failures, changed = threading.Barrier(IMPORTS), [], []

    def run() -> None:
        own = database.make_engine(database_url)
        barrier.wait()
        try:
            with database.transaction(own) as session:
                actions.lock_imports(session)
                _directory, plan = actions.prepare(session, read, TODAY)
                changed.append(not plan.is_empty)
                actions.apply_plan(session, builders.deed(), plan, ending.end_access, lambda: None)
        except sa.exc.SQLAlchemyError as error:
            failures.append(error)
        finally:
            own.dispose()

    threads = [threading.Thread(target=run) for _ in range(IMPORTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failures, sorted(changed)) == ([], [False] * (IMPORTS - 1) + [True])
    with database.snapshot(engine) as session:
        counts = [
            session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in (OrgUnit, Person, Employment)
        ]
    assert counts == [3, 39, 39]
