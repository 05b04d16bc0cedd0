"""The committees' own goals, and what the surveys said. The database refuses every change of them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_03_goals"
down_revision = "2026_12_03_knowledge"

TABLES = ("committee_goal", "survey_result")


def upgrade() -> None:
    op.create_table(
        "committee_goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("share", sa.Text(), nullable=False),
        sa.Column("reached_by", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_committee_goal_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_goal")),
    )
    op.create_table(
        "survey_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "yes >= 0 AND yes <= answered AND answered > 0", name=op.f("ck_survey_result_counts")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_survey_result_unit_id_org_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_result")),
    )
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_unit_id"), table, ["unit_id"])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(
            "CREATE FUNCTION refuse_followup_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a goal or a survey is never changed'; END $$"
        )
    for table in TABLES:
        for statement in sqlite_triggers(table) if is_sqlite else postgresql_triggers(table):
            op.execute(statement)


def sqlite_triggers(table: str) -> list[str]:
    refuse = "BEGIN SELECT RAISE(ABORT, 'a goal or a survey is never changed'); END"
    events = [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {refuse}"
        for verb in ("update", "delete")
    ]
    # INSERT OR REPLACE deletes without asking the triggers above.
    again = f"CREATE TRIGGER {table}_no_other BEFORE INSERT ON {table} "
    return [*events, again + f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse}"]  # noqa: S608


def postgresql_triggers(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_followup_change()",
        f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_followup_change()",
    ]
