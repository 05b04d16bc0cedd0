"""Files of staff that wait for an answer, the role of an auditor, and the journal read by its moments."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_07_gates"
down_revision = "2026_12_06_protected"

ROLES = "('coordinator', 'vpc', 'working-group', 'administrator', 'auditor')"


def upgrade() -> None:
    op.create_table(
        "staff_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.LargeBinary()),
        sa.Column("staff", sa.LargeBinary()),
        sa.Column("same_persons", sa.Text(), nullable=False),
        sa.Column("new_persons", sa.Text(), nullable=False),
        sa.Column("same_units", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text()),
        sa.Column("summary", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_upload")),
    )
    # SQLite changes a check only by making the table anew, with its rows; it has no triggers.
    with op.batch_alter_table("access_grant") as table:
        table.drop_constraint(op.f("ck_access_grant_role"), type_="check")
        table.create_check_constraint(op.f("ck_access_grant_role"), f"role IN {ROLES}")
    op.create_index("ix_journal_entry_recorded_at", "journal_entry", ["recorded_at"])
