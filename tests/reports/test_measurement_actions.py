"""Freezing: what is kept, what is refused, and that half of it is never kept."""

import datetime as dt
import json
import subprocess
import sys

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.errors import Invalid, Refused
from elearn.journal import deed as journal_deed
from elearn.journal import queries
from elearn.journal.models import EntryKind
from elearn.reports import coverage, measurements
from elearn.reports.models import FrozenMeasurement, FrozenRow
from tests import builders
from tests.builders import NOW, TODAY
from tests.reports import measured
from tests.reports.measured import CURRICULUM, NINE_TENTHS, ON, freeze

DAY = dt.timedelta(days=1)


def test_what_is_frozen_is_what_coverage_says_and_what_is_loaded(session: Session) -> None:
    measured.populate(session)
    made = freeze(session, builders.deed(by=journal_deed.person(12)), name="  Årsuppföljning   2026 ")
    session.expire_all()
    assert measurements.load(session, made.id) == made
    assert made.coverage == coverage.report(session, CURRICULUM, ON, NINE_TENTHS, TODAY)
    assert [(row.code, row.target, row.trained) for row in made.coverage.rows] == [
        ("F", 11, 9),
        ("F1", 10, 9),
        ("F2", 1, 0),
        ("X", 0, 0),
    ]
    assert (made.id, made.name, made.on, made.frozen_by) == (1, "Årsuppföljning 2026", ON, "person:12")
    assert (made.frozen_at, made.curriculum, made.is_whole) == (NOW, CURRICULUM, True)


def test_the_journal_says_who_froze_what_with_its_checksum(session: Session) -> None:
    measured.populate(session)
    made = freeze(session)
    [details] = queries.details_of(session, EntryKind.FROZE_MEASUREMENT)
    assert json.loads(details) == {
        "measurement": 1,
        "on": "2026-11-20",
        "rows": 4,
        "checksum": made.checksum,
    }


def test_without_a_name_it_is_named_by_its_date_and_ids_count_from_one(session: Session) -> None:
    measured.populate(session)
    made = [freeze(session), freeze(session, name="Två")]
    assert [(one.id, one.name) for one in made] == [(1, "Mätning 2026-11-20"), (2, "Två")]


def test_today_can_be_frozen_and_the_day_after_cannot(session: Session) -> None:
    measured.populate(session)
    assert freeze(session, on=TODAY).on == TODAY
    with pytest.raises(Refused, match="2026-11-24 ligger framåt i tiden"):
        freeze(session, on=TODAY + DAY)
    assert measurements.ids(session) == [1]


def test_nothing_to_count_is_refused(session: Session) -> None:
    with pytest.raises(Refused, match="inga enheter"):
        freeze(session)


def test_a_name_has_at_most_a_hundred_characters_that_are_seen(session: Session) -> None:
    measured.populate(session)
    assert len(freeze(session, name="å" * 100).name) == 100
    for wrong in ("å" * 101, "Års\u00aduppföljning", "Års\x00"):
        with pytest.raises(Invalid):
            freeze(session, name=wrong)


ONE_MORE = (
    "INSERT INTO measurement_row SELECT measurement_id, {position}, unit_id, 'NY', name, kind, parent, committee, depth,"
    " employees, target, trained, expired, started, not_started, offered, exempt, external, without_course, without_role"
    " FROM measurement_row WHERE position = 0"
)
REFUSED = [
    ("UPDATE measurement SET name = 'Annat'", "never changed"),
    ("UPDATE measurement SET checksum = checksum", "never changed"),
    ("UPDATE measurement_row SET trained = trained + 1 WHERE position = 1", "never changed"),
    ("DELETE FROM measurement_row WHERE position = 3", "never changed"),
    ("DELETE FROM measurement", "never changed"),
    (ONE_MORE.format(position=4), "no more rows"),
    (ONE_MORE.format(position=99), "no more rows"),
    (ONE_MORE.format(position=3), "no more rows|duplicate key"),
    (ONE_MORE.format(position=-1), "ck_measurement_row_position"),
]
REFUSED_BY_SQLITE = [
    "INSERT OR REPLACE INTO measurement SELECT id, 'Annat', measured_on, frozen_at, frozen_by, threshold, curriculum,"
    " row_count, checksum FROM measurement",
    "INSERT OR REPLACE INTO measurement_row SELECT * FROM measurement_row",
    "REPLACE INTO measurement_row SELECT * FROM measurement_row WHERE position = 2",
]


@pytest.mark.parametrize(("statement", "words"), REFUSED)
def test_the_database_refuses_to_change_a_measurement(engine: sa.Engine, statement: str, words: str) -> None:
    with database.transaction(engine) as session:
        measured.populate(session)
        made = freeze(session)
    with pytest.raises(sa.exc.DBAPIError, match=words), database.transaction(engine) as session:
        session.execute(sa.text(statement))
    with database.snapshot(engine) as session:
        assert measurements.load(session, 1) == made


@pytest.mark.parametrize("statement", REFUSED_BY_SQLITE)
def test_sqlite_refuses_to_replace_what_it_refuses_to_delete(sqlite_url: str, statement: str) -> None:
    engine = database.make_engine(sqlite_url)
    with database.transaction(engine) as session:
        measured.populate(session)
        freeze(session)
    with (
        pytest.raises(sa.exc.DBAPIError, match=r"no more rows|never changed"),
        database.transaction(engine) as session,
    ):
        session.execute(sa.text(statement))
    engine.dispose()


@pytest.mark.parametrize("table", ["measurement", "measurement_row"])
def test_a_measurement_cannot_be_emptied_at_once(postgresql_url: str, table: str) -> None:
    engine = database.make_engine(postgresql_url)
    with database.transaction(engine) as session:
        measured.populate(session)
        freeze(session)
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), database.transaction(engine) as session:
        session.execute(sa.text(f"TRUNCATE {table} CASCADE"))
    engine.dispose()


def test_a_row_of_no_measurement_is_never_kept(engine: sa.Engine) -> None:
    with database.transaction(engine) as session:
        measured.populate(session)
        made = freeze(session)
    values = {"measurement_id": 2, "position": 0, **measured.values(made.coverage.rows[0])}
    with pytest.raises(sa.exc.IntegrityError), database.transaction(engine) as session:
        session.execute(sa.insert(FrozenRow), [values])
    with database.snapshot(engine) as session:
        assert session.scalars(sa.select(FrozenRow.measurement_id).distinct()).all() == [1]


KILLED = """
import os, signal, sys
import sqlalchemy as sa
from elearn import database
from tests.reports import measured

url, table = sys.argv[1:]
engine = database.make_engine(url)

@sa.event.listens_for(engine, "after_cursor_execute")
def kill(connection, cursor, statement, parameters, context, executemany):
    if statement.startswith(f"INSERT INTO {table} "):
        os.kill(os.getpid(), signal.SIGKILL)

with database.transaction(engine) as session:
    measured.freeze(session)
print("frozen")
"""


@pytest.mark.parametrize("table", ["measurement_row", "measurement", "journal_entry"])
def test_a_process_that_is_killed_half_way_leaves_nothing(
    engine: sa.Engine, database_url: str, table: str
) -> None:
    with database.transaction(engine) as session:
        measured.populate(session)
    command = [sys.executable, "-c", KILLED, database_url]
    killed = subprocess.run([*command, table], capture_output=True, check=False)
    assert (killed.returncode, killed.stdout) == (-9, b"")
    with database.snapshot(engine) as session:
        for model in (FrozenMeasurement, FrozenRow):
            assert session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
        assert queries.details_of(session, EntryKind.FROZE_MEASUREMENT) == []
    done = subprocess.run([*command, "none"], capture_output=True, check=True)
    assert done.stdout == b"frozen\n"
    with database.snapshot(engine) as session:
        assert measurements.load(session, 1).is_whole


def test_a_day_when_nobody_was_employed_is_not_frozen(engine: sa.Engine) -> None:
    with database.transaction(engine) as session:
        measured.populate(session)
        with pytest.raises(Refused, match="Ingen var anställd den 1900-01-01"):
            freeze(session, on=dt.date(1900, 1, 1))
