"""The first day on which a person was told of the training. For who is there already it is the first that is
known of: a code that still stands, a login, an attempt."""

import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "2026_12_03_offered"
down_revision = "2026_12_02_decisions"

CODE_LIFETIME = dt.timedelta(days=14)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
# (table, column, how long before that moment it was)
TOLD = (
    ("invitation", "expires_at", CODE_LIFETIME),
    ("login_session", "began_at", dt.timedelta()),
    ("attempt", "submitted_at", dt.timedelta()),
)
SQLITE_TRIGGER = (
    "CREATE TRIGGER person_update_counted AFTER UPDATE OF offered_on ON person "
    "WHEN old.offered_on IS NOT new.offered_on BEGIN UPDATE change_count SET count = count + 1; END"
)
# For each row: a login of who has been told long since is no change.
POSTGRESQL_TRIGGER = (
    "CREATE TRIGGER person_counted AFTER UPDATE OF offered_on ON person "
    "FOR EACH ROW WHEN (old.offered_on IS DISTINCT FROM new.offered_on) EXECUTE FUNCTION count_change()"
)


def upgrade() -> None:
    op.add_column("person", sa.Column("offered_on", sa.Date()))
    first: dict[int, dt.date] = {}
    for table, column, before in TOLD:
        for person_id, moment in _first_moments(table, column):
            moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)  # SQLite keeps no zone
            day = (moment - before).astimezone(STOCKHOLM).date()
            first[person_id] = min(day, first.get(person_id, day))
    if first:
        person = sa.table("person", sa.column("id", sa.Integer), sa.column("offered_on", sa.Date))
        statement = sa.update(person).where(person.c.id == sa.bindparam("of"))
        rows = [{"of": person_id, "day": day} for person_id, day in first.items()]
        op.get_bind().execute(statement.values(offered_on=sa.bindparam("day")), rows)
    op.execute(SQLITE_TRIGGER if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_TRIGGER)
    op.execute("UPDATE change_count SET count = count + 1")


def _first_moments(table: str, column: str) -> list[tuple[int, dt.datetime]]:
    moment = sa.column(column, sa.DateTime(timezone=True))
    rows = sa.table(table, sa.column("person_id", sa.Integer), moment)
    statement = sa.select(rows.c.person_id, sa.func.min(rows.c[column], type_=sa.DateTime(timezone=True)))
    found = op.get_bind().execute(statement.group_by(rows.c.person_id))
    return [(person_id, moment) for person_id, moment in found if moment is not None]
