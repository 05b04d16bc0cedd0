"""How many answer a question rightly at the first attempt, and the copy of the tallies that may be looked at."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_03_knowledge"
down_revision = "2026_12_03_meetings"


def upgrade() -> None:
    # Nobody could see it before, and how many had answered was not counted: the two must begin together.
    op.execute("DELETE FROM answer_tally")
    for table, *more in (("question_tally",), ("shown_tally", sa.Column("choices", sa.JSON, nullable=False))):
        op.create_table(
            table,
            sa.Column("question_id", sa.Text, primary_key=True),
            sa.Column("course", sa.Text, primary_key=True),
            sa.Column("answered_count", sa.Integer, nullable=False),
            sa.Column("right_count", sa.Integer, nullable=False),
            *more,
        )
