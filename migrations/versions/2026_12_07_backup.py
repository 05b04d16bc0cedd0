"""A row for each backup that was taken, that failed, or that this database was restored from."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_07_backup"
down_revision = "2026_12_07_gates"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "backup_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("is_encrypted", sa.Boolean(), nullable=False),
        sa.Column("finding_count", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text()),
        sa.CheckConstraint("kind IN ('taken', 'failed', 'restored')", name=op.f("ck_backup_run_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_run")),
    )
