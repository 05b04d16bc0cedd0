"""Freezing a measurement (measure.md, "Measurements")."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.errors import Conflict, Invalid, Refused
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.reports import coverage, measurement
from elearn.reports.measurement import Measurement
from elearn.reports.models import FrozenMeasurement, FrozenRow
from elearn.training.curriculum import Curriculum

LONGEST_NAME = 100
FREEZE_LOCK = 0x6D656173757265  # PostgreSQL's number for the lock: "measure" in ASCII


def freeze_measurement(
    session: Session,
    deed: Deed,
    curriculum: Curriculum,
    on: dt.date,
    threshold: Fraction,
    name: str = "",
    seen_count: int | None = None,
) -> Measurement:
    """Count coverage on the date and keep every row of it for ever. Without a name it is named by its date.

    ``seen_count``: how many there were when somebody looked, so that one press too many freezes nothing.
    All or nothing, in the caller's transaction. Raises ``Refused`` for a day after today and when there is
    nothing to count, ``Invalid`` for a name that cannot be used, ``Conflict`` when another one has been
    frozen meanwhile."""
    called = read_freezable(deed.today, on, name)
    id = _next_id(session)
    if seen_count not in (None, id - 1):
        raise Conflict("En mätning har frysts sedan du öppnade sidan. Ingenting mer har frysts.")
    counted = coverage.report(session, curriculum, on, threshold, deed.today)
    if not counted.rows:
        raise Refused(f"Det finns inga enheter den {on}. Läs in organisationen först.")
    if not any(row.employees for row in counted.rows):
        raise Refused(f"Ingen var anställd den {on}, så det finns ingenting att frysa.")
    made = Measurement(id, called, deed.now, str(deed.actor), curriculum, counted, "")
    made = replace(made, checksum=measurement.checksum(made))
    _store(session, made)
    # The checksum stands in the journal's chain too: one that is made anew later does not match.
    journal.record(
        session,
        deed,
        EntryKind.FROZE_MEASUREMENT,
        measurement=made.id,
        on=on.isoformat(),
        rows=len(counted.rows),
        checksum=made.checksum,
    )
    return made


def read_freezable(today: dt.date, on: dt.date, name: str) -> str:
    """What the measurement of this day is to be called. Raises as ``freeze_measurement`` does."""
    if on > today:
        raise Refused(f"{on} ligger framåt i tiden. Bara det som har hänt kan frysas, till och med i dag.")
    return read_name(name) or f"Mätning {on}"


def read_name(text: str) -> str:
    """A measurement's name on one line. Raises ``Invalid`` for one that is too long or holds characters that
    cannot be seen."""
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME:
        raise Invalid(f"Namnet får ha högst {LONGEST_NAME} tecken. Det här har {len(name)}.")
    if not name.isprintable():
        raise Invalid("Namnet innehåller tecken som inte syns. Skriv det på nytt.")
    return name


def _next_id(session: Session) -> int:
    """Nobody else can freeze from here to the end of the transaction: on SQLite a writer is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(FREEZE_LOCK)))
    return (session.scalar(sa.select(sa.func.max(FrozenMeasurement.id))) or 0) + 1


def _store(session: Session, made: Measurement) -> None:
    session.execute(
        sa.insert(FrozenMeasurement).values(
            id=made.id,
            name=made.name,
            measured_on=made.on,
            frozen_at=made.frozen_at,
            frozen_by=made.frozen_by,
            threshold=str(made.coverage.threshold),
            curriculum=measurement.write_curriculum(made.curriculum),
            row_count=len(made.coverage.rows),
            checksum=made.checksum,
        )
    )
    rows = [
        {"measurement_id": made.id, "position": position, **measurement.row_values(row)}
        for position, row in enumerate(made.coverage.rows)
    ]
    session.execute(sa.insert(FrozenRow), rows)
