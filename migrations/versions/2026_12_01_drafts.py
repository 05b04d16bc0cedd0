"""Where a person is in a lesson that has not been sent."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_01_drafts"
down_revision = "2026_11_30_figures"


def upgrade() -> None:
    op.create_table(
        "lesson_draft",
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("lesson", sa.Text, primary_key=True),
        sa.Column("course", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("first_answers", sa.JSON, nullable=False),
        sa.Column("kept_ids", sa.JSON, nullable=False),
        sa.Column("asked_ids", sa.JSON, nullable=False),
        sa.Column("has_read", sa.Boolean, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("answers_due_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_lesson_draft_answers_due_at", "lesson_draft", ["answers_due_at"])
