"""Decisions that are made on the page: a form sent twice makes one."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_03_malgrupp"
down_revision = "2026_12_03_measurements"

TABLE = "target_decision"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("form_key", sa.Text()))
    op.create_index(op.f("ix_target_decision_form_key"), TABLE, ["form_key"], unique=True)
