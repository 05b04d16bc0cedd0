"""A small municipality to freeze: a department with two units, and an external."""

import datetime as dt
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.journal.deed import Deed
from elearn.people.models import UnitKind
from elearn.reports import measurement, measurement_actions
from elearn.reports.coverage import UnitCoverage
from elearn.reports.measurement import Measurement
from elearn.training.curriculum import Curriculum, RequiredCourse
from tests import builders

ON = dt.date(2026, 11, 20)
CURRICULUM = Curriculum(
    (
        RequiredCourse("förskola", "forskola", 24, Fraction(4, 5), dt.date(2025, 1, 1), (8, 31)),
        RequiredCourse("skola", "skola", 12, Fraction(2, 3)),
    )
)
NINE_TENTHS = Fraction(9, 10)


def populate(session: Session) -> None:
    """F1: nine of ten are trained; F2: none of one; one person of F1 is without a role."""
    top = builders.unit(
        session,
        "F",
        UnitKind.DEPARTMENT,
        name="Förskola",
        job_role="förskola",
        committee="Utbildningsnämnden",
    )
    first, second = (builders.unit(session, code, parent=top, name=f"Enhet {code}") for code in ("F1", "F2"))
    outside = builders.unit(session, "X", UnitKind.EXTERNAL, name="Polisen")
    people = [builders.person(session) for _ in range(12)]
    for someone in people[:10]:
        builders.employ(session, someone, first)
    for someone in people[:9]:
        builders.recognise(session, someone, "forskola", dt.date(2026, 1, 1), dt.date(2028, 1, 1))
    builders.employ(session, people[10], second)
    builders.employ(session, people[11], outside)


def freeze(
    session: Session,
    deed: Deed | None = None,
    on: dt.date = ON,
    name: str = "",
    threshold: Fraction = NINE_TENTHS,
) -> Measurement:
    return measurement_actions.freeze_measurement(
        session, deed or builders.deed(), CURRICULUM, on, threshold, name
    )


def values(row: UnitCoverage) -> dict[str, Any]:
    return measurement.row_values(row)


def tamper(engine: sa.Engine, *statements: str) -> None:
    """Change what is stored, as one can who owns the database and takes its triggers away."""
    drop = {
        "sqlite": [
            f"DROP TRIGGER {table}_no_{verb}"
            for table in ("measurement", "measurement_row")
            for verb in ("update", "delete")
        ],
        "postgresql": [
            "ALTER TABLE measurement_row DISABLE TRIGGER USER",
            "ALTER TABLE measurement DISABLE TRIGGER USER",
        ],
    }
    with database.transaction(engine) as session:
        for statement in [*drop[engine.dialect.name], *statements]:
            session.execute(sa.text(statement))
