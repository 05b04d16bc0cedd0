"""Decisions about the target group, of which an exemption is one kind; and the position of an employment as
they compare it."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "2026_12_02_decisions"
down_revision = "2026_12_01_start"

TABLE = "target_decision"
MOVE = (
    "INSERT INTO target_decision (id, person_id, unit_id, starts_on, ends_on, reason, decided_by, recorded_at, "
    "recorded_by, recalled_at, recalled_by, recall_reason, covers_below, is_included) "
    "SELECT id, person_id, unit_id, starts_on, ends_on, reason, decided_by, recorded_at, recorded_by, recalled_at, "
    "recalled_by, recall_reason, {no}, {no} FROM exemption"
)
COUNT_ON = (
    "SELECT setval(pg_get_serial_sequence('target_decision', 'id'), coalesce(max(id), 0) + 1, false) "
    "FROM target_decision"
)
COUNT = "BEGIN UPDATE change_count SET count = count + 1; END"
SQLITE_TRIGGERS = [
    f"CREATE TRIGGER {TABLE}_{event.lower()}_counted AFTER {event} ON {TABLE} {COUNT}"
    for event in ("INSERT", "UPDATE", "DELETE")
]
POSTGRESQL_TRIGGERS = [
    f"CREATE TRIGGER {TABLE}_counted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
]


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("unit_id", sa.Integer()),
        sa.Column("covers_below", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Text()),
        sa.Column("position_key", sa.Text()),
        sa.Column("is_included", sa.Boolean(), nullable=False),
        sa.Column("job_role", sa.Text()),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text()),
        sa.Column("ended_on", sa.Date()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text()),
        sa.Column("recalled_at", sa.DateTime(timezone=True)),
        sa.Column("recalled_by", sa.Text()),
        sa.Column("recall_reason", sa.Text()),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR unit_id IS NOT NULL", name=op.f("ck_target_decision_covers_somebody")
        ),
        sa.CheckConstraint(
            "position_key IS NULL OR person_id IS NULL", name=op.f("ck_target_decision_position_in_unit")
        ),
        sa.CheckConstraint(
            "job_role IS NULL OR is_included", name=op.f("ck_target_decision_role_when_included")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_target_decision_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_target_decision_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_decision")),
    )
    for column in ("person_id", "unit_id"):
        op.create_index(op.f(f"ix_target_decision_{column}"), TABLE, [column])
    no = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    op.execute(MOVE.format(no=no))
    op.drop_table("exemption")
    _go_on_counting()
    _compare_positions()


def _go_on_counting() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:  # the rows took their ids with them
        op.execute(COUNT_ON)
    for statement in SQLITE_TRIGGERS if is_sqlite else POSTGRESQL_TRIGGERS:
        op.execute(statement)
    op.execute("UPDATE change_count SET count = count + 1")


def _compare_positions() -> None:
    op.add_column("employment", sa.Column("position_key", sa.Text(), nullable=False, server_default=""))
    employment = sa.table("employment", sa.column("position", sa.Text), sa.column("position_key", sa.Text))
    connection = op.get_bind()
    written = connection.scalars(sa.select(employment.c.position).distinct()).all()
    keys = [{"of": text, "key": _folded(text)} for text in written if text]
    if keys:
        statement = sa.update(employment).where(employment.c.position == sa.bindparam("of"))
        connection.execute(statement.values(position_key=sa.bindparam("key")), keys)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().strip()
