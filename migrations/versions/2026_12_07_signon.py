"""Ways in beside the password: codes by mail, and the states of single sign-on that are used up."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_07_signon"
down_revision = "2026_12_07_backup"


def upgrade() -> None:
    op.create_table(
        "used_state",
        sa.Column("state_hash", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_used_state")),
    )
    op.create_index(op.f("ix_used_state_used_at"), "used_state", ["used_at"])
    op.create_table(
        "mail_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("browser_hash", sa.Text(), nullable=False),
        sa.Column("account_hash", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("failure_count", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_code_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_code")),
        sa.UniqueConstraint("browser_hash", name=op.f("uq_mail_code_browser_hash")),
    )
    op.create_index(op.f("ix_mail_code_account_hash"), "mail_code", ["account_hash"])
    op.create_index(op.f("ix_mail_code_person_id"), "mail_code", ["person_id"])
    op.create_index(op.f("ix_mail_code_expires_at"), "mail_code", ["expires_at"])
