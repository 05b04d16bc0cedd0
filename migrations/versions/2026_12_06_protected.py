"""Protected identity, as the personnel system tells it: nobody has it until a file says so."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_06_protected"
down_revision = "2026_12_05_kept"


def upgrade() -> None:
    op.add_column(
        "person", sa.Column("is_protected", sa.Boolean(), nullable=False, server_default=sa.false())
    )
