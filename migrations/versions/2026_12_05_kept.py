"""SQLite's INSERT OR REPLACE takes a row away without asking the triggers that forbid it: what is never changed is
not put in again either."""

from alembic import op

revision = "2026_12_05_kept"
down_revision = "2026_12_04_recorded"

KEPT = {"journal_entry": "a journal entry is never changed", "completion": "a completion is never changed"}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, refusal in KEPT.items():
            op.execute(
                f"CREATE TRIGGER {table}_no_other BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
