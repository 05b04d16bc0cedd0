"""A municipality of any size, made as an operator makes it: two files through `elearn import`, then three
years of training in bulk, as the demonstration's.

    .venv/bin/python bench/large.py URL PERSONS

Sixteen persons to a unit, and 20 in the first one, which ``MANAGER`` manages. The roles are those of the
courses in this repository.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from elearn import clock, database
from elearn.content.rendering import builder
from elearn.demo import history
from elearn.people.models import Employment, OrgUnit, Person
from elearn.training.models import Attempt

ROOT = Path(__file__).parent.parent
COURSES = ROOT / "courses"
UNIT_HEADER = "enhetskod;namn;nivå;överordnad;nämnd;yrkesroll;chef"
STAFF_HEADER = "anställningsnr;förnamn;efternamn;e-post;enhetskod;yrkesroll;befattning;från;till"
ROLES = ("förskola", "skola", "socialtjänst", "fritid", "AVUX", "")  # of the departments
FIRST_NUMBER = 100_001
MANAGER = FIRST_NUMBER  # of the first unit
EMPLOYEE = FIRST_NUMBER + 1  # in the first unit, with nothing done
PER_UNIT, FIRST_UNIT, UNITS_PER_DIVISION = 16, 20, 10


def organisation(persons: int) -> list[str]:
    """Departments, divisions and units; every unit has a manager who works there."""
    units = max(1, persons // PER_UNIT)
    divisions = max(6, units // UNITS_PER_DIVISION)
    rows = [f"D{n};Förvaltning {n};förvaltning;;Nämnd {n};{role};" for n, role in enumerate(ROLES)]
    rows += [f"O{n};Område {n};område;D{n % len(ROLES)};;;" for n in range(divisions)]
    return rows + [f"E{n};Enhet {n};enhet;O{n % divisions};;;{manager(n)}" for n in range(units)]


def manager(unit: int) -> int:
    return FIRST_NUMBER + (FIRST_UNIT + (unit - 1) * PER_UNIT if unit else 0)


def staff(persons: int) -> list[str]:
    """A row for each person, and a second job for every sixteenth."""
    units = max(1, persons // PER_UNIT)
    rows = []
    for n in range(persons):
        unit = 0 if n < FIRST_UNIT else 1 + (n - FIRST_UNIT) // PER_UNIT % max(1, units - 1)
        own_role = ROLES[n % 5] if n % 7 == 3 else ""
        name = f"{FIRST_NUMBER + n};Förnamn{n};Efternamn{n};person{n}@example.se"
        day = f"20{n % 18 + 7:02}-08-{n % 28 + 1:02}"
        rows.append(f"{name};E{unit};{own_role};Handläggare;{day};")
        if n % 16 == 15 and units > 2:
            rows.append(f"{name};E{1 + (unit + 7) % (units - 1)};skola;Timvikarie;{day};")
    return rows


def command(url: str, *arguments: str | Path) -> None:
    environment = os.environ | {"ELEARN_DATABASE_URL": url, "ELEARN_COURSES_DIR": str(COURSES)}
    subprocess.run(
        [sys.executable, "-m", "elearn", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def make(url: str, persons: int) -> None:
    """Fill an empty database."""
    with tempfile.TemporaryDirectory() as name:
        units, people = Path(name, "organisation.csv"), Path(name, "personal.csv")
        units.write_text("\n".join([UNIT_HEADER, *organisation(persons), ""]), encoding="utf-8")
        people.write_text("\n".join([STAFF_HEADER, *staff(persons), ""]), encoding="utf-8")
        command(url, "migrate")
        command(url, "import", units, people)
    engine = database.make_engine(url)
    with database.transaction(engine) as session:
        employee = session.scalars(sa.select(Person.id).where(Person.number == str(EMPLOYEE))).one()
        history.record(session, builder.read_catalog(COURSES), clock.today(), frozenset({employee}))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":  # the history's attempts came with ids of their own
            last = sa.select(sa.func.max(Attempt.id)).scalar_subquery()
            connection.execute(sa.select(sa.func.setval("attempt_id_seq", last)))
        connection.exec_driver_sql("ANALYZE")
        for table in (OrgUnit, Person, Employment):
            count = connection.scalar(sa.select(sa.func.count()).select_from(table))
            print(f"{table.__tablename__} {count}", file=sys.stderr)
    engine.dispose()


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]))
