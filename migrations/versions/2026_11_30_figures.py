"""The count of changes that coverage is remembered by, and the indexes of the obligations' look-ups."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_figures"
down_revision = "2026_11_30_directory"

# What coverage is counted from, and for a table that is also changed in columns that it does not read, those
# that it does.
COUNTED = {
    "org_unit": None,
    "employment": None,
    "exemption": None,
    "completion": None,
    "completion_recall": None,
    "attempt": "person_id, course, submitted_on",
    "lesson_completion": None,
}
SQLITE_ACTION = "BEGIN UPDATE change_count SET count = count + 1; END"
# Once in a transaction, since thousands of updates of one row make each other slow; rolling back to a
# savepoint
# takes back the setting with the count. A slot that no other transaction holds: a submission never waits for
# an
# import.
POSTGRESQL_FUNCTION = (
    "CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF current_setting('elearn.has_counted', true) = 'yes' THEN RETURN NULL; END IF; "
    "UPDATE change_count SET count = count + 1 WHERE slot = "
    "(SELECT slot FROM change_count ORDER BY slot LIMIT 1 FOR UPDATE SKIP LOCKED); "
    "IF NOT FOUND THEN INSERT INTO change_count (count) VALUES (1); END IF; "
    "PERFORM set_config('elearn.has_counted', 'yes', true); "
    "RETURN NULL; END $$"
)


def upgrade() -> None:
    op.create_table(
        "change_count",
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_change_count")),
    )
    op.execute("INSERT INTO change_count (count) VALUES (0)")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(POSTGRESQL_FUNCTION)
    for table, columns in COUNTED.items():
        update = f"UPDATE OF {columns}" if columns else "UPDATE"
        statements = sqlite_triggers(table, update) if is_sqlite else postgresql_triggers(table, update)
        for statement in statements:
            op.execute(statement)


def sqlite_triggers(table: str, update: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_{event.split()[0].lower()}_counted AFTER {event} ON {table} {SQLITE_ACTION}"
        for event in ("INSERT", update, "DELETE")
    ]


def postgresql_triggers(table: str, update: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_counted AFTER INSERT OR {update} OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
    ]
