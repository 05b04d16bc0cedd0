"""What is erased leaves the database's own files as well (S50).

``secure_delete`` overwrites what is deleted, but only where this program deleted it: another one (SQLite's
own shell) leaves it in the file. So the whole file is written anew, and the log beside it is emptied.
PostgreSQL writes the tables with names anew. Neither reaches what the disk, PostgreSQL's own log of changes
and old backups have kept (operations.md, "Erasing").
"""

import sqlalchemy as sa

from elearn import database
from elearn.database import Engine

# Every table that has held what somebody is called.
STATEMENTS = (
    "SET lock_timeout = '10s'",
    "VACUUM (FULL, ANALYZE) person",
    "VACUUM (FULL, ANALYZE) target_decision",
    "VACUUM (FULL, ANALYZE) completion_recall",
    "VACUUM (FULL, ANALYZE) staff_upload",
    "VACUUM (ANALYZE) attempt",
    "VACUUM (ANALYZE) lesson_draft",
    "VACUUM (ANALYZE) login_session",
)


def scrub(engine: Engine, *, waits: bool = True) -> bool:
    """Write the files anew. False when somebody used the database all the while, for ten seconds (``waits``),
    so that an old copy may be left: do it again."""
    own = database.make_engine(engine.url.render_as_string(hide_password=False))
    try:
        return _scrub_sqlite(own, waits=waits) if own.dialect.name == "sqlite" else _scrub_postgresql(own)
    except sa.exc.DBAPIError as error:
        if database.is_unavailable(error):
            return False
        raise
    finally:
        own.dispose()


def _scrub_sqlite(engine: Engine, *, waits: bool) -> bool:
    """Outside a transaction, as neither statement can be inside one."""
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        if not waits:
            cursor.execute("PRAGMA busy_timeout=0")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [(is_busy, *_pages)] = cursor.fetchall()
    return not is_busy


def _scrub_postgresql(engine: Engine) -> bool:
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for statement in STATEMENTS:
            connection.exec_driver_sql(statement)
    return True
