"""Reading what is stored, and applying a plan. Bulk statements: 7 000 rows take a moment."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.people import queries
from elearn.people.directory_changes import Job, Plan, Stored, StoredPerson, StoredUnit
from elearn.people.directory_files import UnitRow
from elearn.people.models import Employment, OrgUnit, Person, UnitKind, UnitManager

STEPS = 5


def external_codes(session: Session) -> frozenset[str]:
    """The open external units: HR's file need not know them."""
    return frozenset(session.scalars(sa.select(OrgUnit.code).where(OrgUnit.kind == UnitKind.EXTERNAL, OrgUnit.ends_on.is_(None))))


def read_stored(session: Session) -> Stored:
    """Everything that an import compares with."""
    codes = {id: code for code, id in queries.unit_ids(session).items()}
    numbers = {id: number for number, id in queries.person_ids(session).items()}
    managers = _managers(session, numbers)
    units = session.execute(
        sa.select(
            OrgUnit.id, OrgUnit.code, OrgUnit.name, OrgUnit.kind, OrgUnit.parent_id, OrgUnit.committee, OrgUnit.job_role, OrgUnit.ends_on
        )
    )
    persons = session.execute(sa.select(Person.id, Person.number, Person.first_name, Person.last_name, Person.email))
    jobs = session.execute(
        sa.select(
            Employment.id, Employment.person_id, Employment.unit_id, Employment.job_role, Employment.position,
            Employment.starts_on, Employment.ends_on, Employment.reported_from,
        ).order_by(Employment.id)
    )  # fmt: skip
    return Stored(
        units={
            code: StoredUnit(
                id, code, name, UnitKind(kind), codes.get(parent or 0), committee, role, ends_on, frozenset(managers.get(id, ()))
            )
            for id, code, name, kind, parent, committee, role, ends_on in units
        },
        persons={row.number: StoredPerson(*row) for row in persons},
        jobs=[
            Job(
                row.id,
                numbers[row.person_id],
                codes[row.unit_id],
                row.job_role,
                row.position,
                row.starts_on,
                row.ends_on,
                row.reported_from,
            )
            for row in jobs
        ],
    )


def _managers(session: Session, numbers: dict[int, str]) -> dict[int, set[str]]:
    """Unit id -> its managers' numbers."""
    found: dict[int, set[str]] = {}
    for unit_id, person_id in session.execute(sa.select(UnitManager.unit_id, UnitManager.person_id)):
        found.setdefault(unit_id, set()).add(numbers[person_id])
    return found


def apply_plan(session: Session, plan: Plan, on_step: Callable[[], None]) -> None:
    """Make the planned changes; ``on_step`` is called ``STEPS`` times."""
    _apply_units(session, plan)
    on_step()
    _apply_persons(session, plan)
    on_step()
    unit_ids = queries.unit_ids(session)
    person_ids = queries.person_ids(session)
    _insert(session, Employment, [_job_values(job, unit_ids, person_ids) for job in plan.jobs_to_add])
    on_step()
    _update(session, Employment, [{"id": job.id, **_job_values(job, unit_ids, person_ids)} for job in plan.jobs_to_change])
    removed = [job.id for job in plan.jobs_to_remove]
    if removed:
        session.execute(sa.delete(Employment).where(Employment.id.in_(removed)))
    on_step()
    _insert(session, UnitManager, [{"unit_id": unit_ids[c], "person_id": person_ids[n]} for c, n in plan.managers_to_add])
    for code, number in plan.managers_to_remove:
        here = (UnitManager.unit_id == unit_ids[code], UnitManager.person_id == person_ids[number])
        session.execute(sa.delete(UnitManager).where(*here))
    on_step()


def _apply_units(session: Session, plan: Plan) -> None:
    """New units first without their places, then every place: a parent may stand after its children in the file."""
    _insert(session, OrgUnit, [{"code": unit.code, **_unit_values(unit)} for unit in plan.units_to_add])
    ids = queries.unit_ids(session)
    changed = [*plan.units_to_add, *plan.units_to_change]
    _update(
        session, OrgUnit, [{"id": ids[u.code], "parent_id": ids.get(u.parent or ""), "ends_on": None, **_unit_values(u)} for u in changed]
    )
    _update(session, OrgUnit, [{"id": ids[code], "ends_on": plan.last_day} for code in plan.units_to_close])


def _unit_values(unit: UnitRow) -> dict[str, Any]:
    return {"name": unit.name, "kind": unit.kind.value, "committee": unit.committee, "job_role": unit.job_role}


def _apply_persons(session: Session, plan: Plan) -> None:
    people = [
        {"number": row.number, "first_name": row.first_name, "last_name": row.last_name, "email": row.email} for row in plan.persons_to_add
    ]
    _insert(session, Person, people)
    if plan.persons_to_change:
        ids = queries.person_ids(session)
        changed = [
            {"id": ids[row.number], "first_name": row.first_name, "last_name": row.last_name, "email": row.email}
            for row in plan.persons_to_change
        ]
        _update(session, Person, changed)


def _job_values(job: Job, unit_ids: dict[str, int], person_ids: dict[str, int]) -> dict[str, Any]:
    return {
        "person_id": person_ids[job.number], "unit_id": unit_ids[job.unit], "job_role": job.job_role, "position": job.position,
        "starts_on": job.starts_on, "ends_on": job.ends_on, "reported_from": job.reported_from,
    }  # fmt: skip


def _insert(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(sa.insert(model), rows)


def _update(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> None:
    """By primary key, in one statement for all rows."""
    if rows:
        session.execute(sa.update(model), rows)
