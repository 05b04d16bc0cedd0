"""The date on which a completion was recorded and recalled. Dates can be moved by a setting, moments cannot; for
what is there already the moment tells the date."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_04_recorded"
down_revision = "2026_12_03_goals"


def upgrade() -> None:
    op.add_column("completion", sa.Column("recorded_on", sa.Date))
    op.add_column("completion_recall", sa.Column("recalled_on", sa.Date))
