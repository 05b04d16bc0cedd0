"""Reading what is stored, and applying a plan. Bulk statements: 7 000 rows take a moment."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from elearn.database import Base, Session
from elearn.directory.changes import Job, Plan, Stored, StoredPerson, StoredUnit
from elearn.directory.rows import JobRow, UnitRow
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people import queries
from elearn.people.models import Employment, OrgUnit, Person, UnitKind, UnitManager

STEPS = 5
TURN = 0x656C6561726E  # PostgreSQL's number for the lock


def wait_for_turn(session: Session) -> None:
    """One import at a time, until the transaction ends: two at once would both add what neither finds. On
    SQLite a writing transaction is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(TURN)))


def read_stored(session: Session) -> Stored:
    """Everything that an import compares with."""
    units = read_units(session)
    persons = session.execute(
        sa.select(Person.id, Person.number, Person.first_name, Person.last_name, Person.email)
    )
    jobs = session.execute(
        sa.select(
            Employment.id,
            Person.number,
            OrgUnit.code,
            Employment.job_role,
            Employment.position,
            Employment.starts_on,
            Employment.ends_on,
            Employment.reported_from,
        )
        .join(Person, Person.id == Employment.person_id)
        .join(OrgUnit, OrgUnit.id == Employment.unit_id)
        .order_by(Employment.id)
    )
    return Stored(units, {row.number: StoredPerson(*row) for row in persons}, [Job(*row) for row in jobs])


def read_units(session: Session) -> dict[str, StoredUnit]:
    """Every unit by code, closed ones too."""
    managers = defaultdict[int, set[str]](set)
    for unit_id, number in session.execute(
        sa.select(UnitManager.unit_id, Person.number).join(Person, Person.id == UnitManager.person_id)
    ):
        managers[unit_id].add(number)
    above = sa.orm.aliased(OrgUnit)
    rows = session.execute(
        sa.select(
            OrgUnit.id,
            OrgUnit.code,
            OrgUnit.name,
            OrgUnit.kind,
            above.code,
            OrgUnit.committee,
            OrgUnit.job_role,
            OrgUnit.ends_on,
        )
        .outerjoin(above, above.id == OrgUnit.parent_id)
        .order_by(OrgUnit.id)
    )
    return {
        code: StoredUnit(
            id, code, name, UnitKind(kind), parent, committee, job_role, ends_on, frozenset(managers[id])
        )
        for id, code, name, kind, parent, committee, job_role, ends_on in rows
    }


def apply_plan(session: Session, deed: Deed, plan: Plan, on_step: Callable[[], None]) -> None:
    """Make the planned changes; ``on_step`` is called ``STEPS`` times."""
    _apply_units(session, plan)
    on_step()
    _apply_persons(session, plan)
    on_step()
    units, persons = queries.unit_ids(session), queries.person_ids(session)
    _insert(session, Employment, [_job_values(job, units, persons) for job in plan.jobs_to_add])
    on_step()
    _update(
        session,
        Employment,
        [{"id": job.id, **_job_values(job, units, persons)} for job in plan.jobs_to_change],
    )
    _delete(session, Employment.id, [job.id for job in plan.jobs_to_remove])
    on_step()
    _insert(
        session,
        UnitManager,
        [{"unit_id": units[code], "person_id": persons[number]} for code, number in plan.managers_to_add],
    )
    for code, number in plan.managers_to_remove:
        held = sa.and_(UnitManager.unit_id == units[code], UnitManager.person_id == persons[number])
        session.execute(sa.delete(UnitManager).where(held))
    journal.record(session, deed, EntryKind.IMPORTED_DIRECTORY, summary=plan.summary)
    on_step()


def _apply_units(session: Session, plan: Plan) -> None:
    """New units first without their places, then every place: a parent may stand after its children in the
    file."""
    _insert(session, OrgUnit, [{"code": unit.code, **_unit_values(unit)} for unit in plan.units_to_add])
    ids = queries.unit_ids(session)
    placed = [
        {
            "id": ids[unit.code],
            "parent_id": ids[unit.parent] if unit.parent else None,
            "ends_on": None,
            **_unit_values(unit),
        }
        for unit in (*plan.units_to_add, *plan.units_to_change)
    ]
    _update(session, OrgUnit, placed)
    _update(session, OrgUnit, [{"id": ids[code], "ends_on": plan.last_day} for code in plan.units_to_close])


def _unit_values(unit: UnitRow) -> dict[str, object]:
    return {
        "name": unit.name,
        "kind": unit.kind.value,
        "committee": unit.committee,
        "job_role": unit.job_role,
    }


def _apply_persons(session: Session, plan: Plan) -> None:
    _insert(session, Person, [{"number": row.number, **_person_values(row)} for row in plan.persons_to_add])
    if plan.persons_to_change:
        ids = queries.person_ids(session)
        _update(
            session,
            Person,
            [{"id": ids[row.number], **_person_values(row)} for row in plan.persons_to_change],
        )


def _person_values(row: JobRow) -> dict[str, object]:
    return {"first_name": row.first_name, "last_name": row.last_name, "email": row.email}


def _job_values(job: Job, units: Mapping[str, int], persons: Mapping[str, int]) -> dict[str, object]:
    return {
        "person_id": persons[job.number],
        "unit_id": units[job.unit],
        "job_role": job.job_role,
        "position": job.position,
        "starts_on": job.starts_on,
        "ends_on": job.ends_on,
        "reported_from": job.reported_from,
    }


def _insert(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.execute(sa.insert(model), rows)


def _update(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """By primary key, in one statement for all rows."""
    if rows:
        session.execute(sa.update(model), rows)


def _delete(
    session: Session, key: sa.orm.InstrumentedAttribute[int], ids: Sequence[int | None], at_once: int = 1000
) -> None:
    """A statement has room for some thousands of values."""
    for start in range(0, len(ids), at_once):
        session.execute(sa.delete(key.class_).where(key.in_(ids[start : start + at_once])))
