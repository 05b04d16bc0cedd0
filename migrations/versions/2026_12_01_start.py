"""A code on every completion, by which a certificate can be checked."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "2026_12_01_start"
down_revision = "2026_12_01_drafts"

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SQLITE_TRIGGER = "completion_no_update"
SQLITE_REFUSAL = (
    f"CREATE TRIGGER {SQLITE_TRIGGER} BEFORE UPDATE ON completion "
    "BEGIN SELECT RAISE(ABORT, 'a completion is never changed'); END"
)
ON_POSTGRESQL, UNCHANGED = "ALTER TABLE completion", "completion_unchanged"


def upgrade() -> None:
    # With a default for the rows that are there: so SQLite need not make the table anew, with its triggers.
    op.add_column("completion", sa.Column("code", sa.Text(), nullable=False, server_default=""))
    completion = sa.table("completion", sa.column("id", sa.Integer), sa.column("code", sa.Text))
    connection = op.get_bind()
    coded = [
        {"of": id, "new": "".join(secrets.choice(SYMBOLS) for _ in range(16))}
        for id in connection.scalars(sa.select(completion.c.id)).all()
    ]
    is_sqlite = connection.dialect.name == "sqlite"
    # A trigger refuses every change of a completion; this one is made in the same transaction as the column.
    op.execute(
        f"DROP TRIGGER {SQLITE_TRIGGER}" if is_sqlite else f"{ON_POSTGRESQL} DISABLE TRIGGER {UNCHANGED}"
    )
    if coded:
        statement = sa.update(completion).where(completion.c.id == sa.bindparam("of"))
        connection.execute(statement.values(code=sa.bindparam("new")), coded)
    op.execute(SQLITE_REFUSAL if is_sqlite else f"{ON_POSTGRESQL} ENABLE TRIGGER {UNCHANGED}")
    op.create_index(op.f("ix_completion_code"), "completion", ["code"], unique=True)
    if not is_sqlite:
        op.alter_column("completion", "code", server_default=None)
