"""Whether an import ended an employment, or the file told its last day; exemptions that are taken back."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_directory"
down_revision = "2026_11_30_replies"


def upgrade() -> None:
    # Of what is stored nobody knows: it is taken as told by the file, as it has been until now.
    op.add_column(
        "employment",
        sa.Column("is_ended_by_import", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("exemption", sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("exemption", sa.Column("recalled_by", sa.Text(), nullable=True))
    op.add_column("exemption", sa.Column("recall_reason", sa.Text(), nullable=True))
