"""Measurements: the rows of coverage on a date, frozen. The database refuses every change of them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_03_measurements"
down_revision = "2026_12_03_offered"

# A row has a position below its measurement's row_count, and no position is given twice: what is written with
# the measurement fills it.
SQLITE_TRIGGERS = [
    *(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'a measurement is never changed'); END"
        for table in ("measurement", "measurement_row")
        for verb in ("update", "delete")
    ),
    # INSERT OR REPLACE deletes without asking the triggers above.
    "CREATE TRIGGER measurement_no_other BEFORE INSERT ON measurement "
    "WHEN EXISTS (SELECT 1 FROM measurement WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'a measurement is never changed'); END",
    "CREATE TRIGGER measurement_row_no_more BEFORE INSERT ON measurement_row "
    "WHEN NEW.position >= (SELECT row_count FROM measurement WHERE id = NEW.measurement_id) "
    "OR EXISTS (SELECT 1 FROM measurement_row WHERE measurement_id = NEW.measurement_id AND position = NEW.position) "
    "BEGIN SELECT RAISE(ABORT, 'a measurement that is whole takes no more rows'); END",
]
POSTGRESQL_TRIGGERS = [
    "CREATE FUNCTION refuse_measurement_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'a measurement is never changed'; END $$",
    "CREATE FUNCTION refuse_more_rows() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN IF NEW.position >= (SELECT row_count FROM measurement WHERE id = NEW.measurement_id) THEN "
    "RAISE EXCEPTION 'a measurement that is whole takes no more rows'; END IF; RETURN NEW; END $$",
    *(
        f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_measurement_change()"
        for table in ("measurement", "measurement_row")
    ),
    *(
        f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_measurement_change()"
        for table in ("measurement", "measurement_row")
    ),
    "CREATE TRIGGER measurement_row_no_more BEFORE INSERT ON measurement_row "
    "FOR EACH ROW EXECUTE FUNCTION refuse_more_rows()",
]
FIGURES = (
    "employees", "target", "trained", "expired", "started", "not_started", "offered",
    "exempt", "external", "without_course", "without_role",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "measurement",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Text(), nullable=False),
        sa.Column("curriculum", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
    )
    op.create_table(
        "measurement_row",
        sa.Column("measurement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text()),
        sa.Column("committee", sa.Text()),
        sa.Column("depth", sa.Integer(), nullable=False),
        *(sa.Column(figure, sa.Integer(), nullable=False) for figure in FIGURES),
        sa.ForeignKeyConstraint(
            ["measurement_id"],
            ["measurement.id"],
            name=op.f("fk_measurement_row_measurement_id_measurement"),
        ),
        sa.CheckConstraint("position >= 0", name=op.f("ck_measurement_row_position")),
        sa.PrimaryKeyConstraint("measurement_id", "position", name=op.f("pk_measurement_row")),
    )
    for statement in SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_TRIGGERS:
        op.execute(statement)
