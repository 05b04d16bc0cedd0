"""Reading what is stored, and applying a plan. Statements are for many rows at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from elearn.database import Base, Session
from elearn.directory import files as files_shelf
from elearn.directory import plan as plan_shelf
from elearn.directory.changes import Job, Plan, Stored, StoredPerson, StoredUnit
from elearn.directory.files import DirectoryFiles
from elearn.directory.holders import Choices
from elearn.directory.plan import NO_CHOICES
from elearn.directory.rows import Directory, JobRow, UnitRow
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people.models import Employment, OrgUnit, Person, UnitKind, UnitManager

STEPS = 5
IMPORT_LOCK = 0x656C6561726E  # PostgreSQL's number for the lock: "elearn" in ASCII

EndAccess: TypeAlias = Callable[[Session, Deed, Sequence[int]], None]


def lock_imports(session: Session) -> None:
    """One import at a time, until the transaction ends: two at once would both add what neither finds. On
    SQLite a writing transaction is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(IMPORT_LOCK)))


def read_stored(session: Session) -> Stored:
    """Everything that an import compares with."""
    units = read_units(session)
    persons = session.execute(
        sa.select(
            Person.id,
            Person.number,
            Person.first_name,
            Person.last_name,
            Person.email,
            Person.is_protected,
        )
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
            Employment.is_ended_by_import,
            Employment.position_key,
        )
        .join(Person, Person.id == Employment.person_id)
        .join(OrgUnit, OrgUnit.id == Employment.unit_id)
        .order_by(Employment.id)
    )
    return Stored(
        units, {row.number: StoredPerson(*row) for row in persons}, [Job(*tuple(row)) for row in jobs]
    )


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


def prepare(
    session: Session, files: DirectoryFiles, today: dt.date, choices: Choices = NO_CHOICES
) -> tuple[Directory, Plan]:
    """Compare the files with what is stored, which is read once: the checked files and what they would
    change. An import locks first (``lock_imports``), so that nothing changes between this and
    ``apply_plan``. Raises ``Invalid`` with every fault of the files."""
    stored = read_stored(session)
    directory = files_shelf.check_files(files, stored, today)
    return directory, plan_shelf.make_plan(directory, stored, today, choices)


def apply_plan(
    session: Session, deed: Deed, plan: Plan, end_access: EndAccess, on_step: Callable[[], None]
) -> None:
    """Make the planned changes; ``on_step`` is called ``STEPS`` times.

    ``end_access`` takes login, password and grants from those whose number has gone to somebody else: they
    belong to a room that this one does not know (``identity.ending.end_access``)."""
    _rename(session, plan)
    if plan.persons_to_rename:
        end_access(session, deed, [former.id for former in plan.persons_to_rename.values()])
    units = _apply_units(session, plan)
    on_step()
    persons = _apply_persons(session, plan)
    on_step()
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
    journal.record(session, deed, EntryKind.IMPORTED_DIRECTORY, **plan.digests, **plan.counts)
    on_step()


def _rename(session: Session, plan: Plan) -> None:
    """Former holders first: their number or code is free for its new holder after it."""
    persons, units = plan.persons_to_rename.values(), plan.units_to_rename.values()
    _update(session, Person, [{"id": former.id, "number": former.number} for former in persons])
    _update(session, OrgUnit, [{"id": former.id, "code": former.code} for former in units])


def _apply_units(session: Session, plan: Plan) -> dict[str, int]:
    """Every unit's id by code. New units first without their places, then every place: a parent may stand
    after its children in the file."""
    ids = {code: unit.id for code, unit in plan.stored.units.items()}
    ids |= _insert_new(
        session,
        OrgUnit.code,
        OrgUnit.id,
        [{"code": unit.code, **_unit_values(unit)} for unit in plan.units_to_add],
    )
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
    return ids


def _unit_values(unit: UnitRow) -> dict[str, object]:
    return {
        "name": unit.name,
        "kind": unit.kind.value,
        "committee": unit.committee,
        "job_role": unit.job_role,
    }


def _apply_persons(session: Session, plan: Plan) -> dict[str, int]:
    """Everybody's id by number."""
    ids = {number: person.id for number, person in plan.stored.persons.items()}
    ids |= _insert_new(
        session,
        Person.number,
        Person.id,
        [{"number": row.number, **_person_values(row)} for row in plan.persons_to_add],
    )
    changed = [{"id": ids[row.number], **_person_values(row)} for row in plan.persons_to_change]
    _update(session, Person, changed)
    return ids


def _person_values(row: JobRow) -> dict[str, object]:
    return {
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email,
        "is_protected": bool(row.is_protected),
    }


def _job_values(job: Job, units: Mapping[str, int], persons: Mapping[str, int]) -> dict[str, object]:
    return {
        "person_id": persons[job.number],
        "unit_id": units[job.unit],
        "job_role": job.job_role,
        "position": job.position,
        "position_key": job.position_key,
        "starts_on": job.starts_on,
        "ends_on": job.ends_on,
        "reported_from": job.reported_from,
        "is_ended_by_import": job.is_ended_by_import,
    }


def _insert_new(
    session: Session,
    name: sa.orm.InstrumentedAttribute[str],
    id: sa.orm.InstrumentedAttribute[int],
    rows: Sequence[Mapping[str, Any]],
) -> dict[str, int]:
    """Insert them: the id that each got, by its name."""
    if not rows:
        return {}
    return {key: new_id for key, new_id in session.execute(sa.insert(name.class_).returning(name, id), rows)}  # noqa: C416


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
