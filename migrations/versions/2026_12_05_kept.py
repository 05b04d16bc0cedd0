"""SQLite's INSERT OR REPLACE takes a row away without asking the triggers that forbid it: what is never changed is
not put in again either."""

from alembic import op

revision = "2026_12_05_kept"
down_revision = "2026_12_04_recorded"

SQLITE_TRIGGERS = (
    "CREATE TRIGGER journal_entry_no_other BEFORE INSERT ON journal_entry "
    "WHEN EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'a journal entry is never changed'); END",
    "CREATE TRIGGER completion_no_other BEFORE INSERT ON completion "
    "WHEN EXISTS (SELECT 1 FROM completion WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'a completion is never changed'); END",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE_TRIGGERS:
            op.execute(statement)
