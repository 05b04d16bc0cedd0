"""The journal, and who decided: a column on every row that somebody decides."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_journal"
down_revision = "2026_11_23_training"

# Rows from before have no known decider, so the columns may be empty. What is decided from now on fills them.
DECIDERS = {
    "access_grant": "granted_by",
    "exemption": "recorded_by",
    "completion": "recorded_by",
    "invitation": "created_by",
}
SQLITE_TRIGGERS = [
    f"CREATE TRIGGER journal_entry_no_{verb} BEFORE {verb.upper()} ON journal_entry "
    "BEGIN SELECT RAISE(ABORT, 'a journal entry is never changed'); END"
    for verb in ("update", "delete")
]
POSTGRESQL_TRIGGERS = [
    "CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'a journal entry is never changed'; END $$",
    "CREATE TRIGGER journal_entry_unchanged BEFORE UPDATE OR DELETE ON journal_entry "
    "FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()",
    "CREATE TRIGGER journal_entry_kept BEFORE TRUNCATE ON journal_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change()",
]


def upgrade() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
    )
    for table, column in DECIDERS.items():
        op.add_column(table, sa.Column(column, sa.Text(), nullable=True))
    triggers = SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_TRIGGERS
    for statement in triggers:
        op.execute(statement)
