"""Which part of the municipality a report is of: a department, a nämnd's departments, a manager's units."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from elearn import swedish
from elearn.database import Session
from elearn.errors import NotFound
from elearn.people import access
from elearn.people.models import OrgUnit, UnitKind


@dataclass(frozen=True, slots=True)
class Department:
    """A department to choose. ``committee``: the nämnd that answers for it."""

    id: int
    code: str
    name: str
    committee: str | None


def departments(session: Session, on: dt.date, within: Sequence[int] | None) -> list[Department]:
    """Those that are open on the date, in Swedish order. ``within``: only those of these ids."""
    statement = sa.select(OrgUnit.id, OrgUnit.code, OrgUnit.name, OrgUnit.committee).where(
        OrgUnit.kind == UnitKind.DEPARTMENT, access.is_open(on)
    )
    if within is not None:
        statement = statement.where(OrgUnit.id.in_(within))
    found = [Department(*row) for row in session.execute(statement)]
    return sorted(found, key=lambda one: (swedish.sort_key(one.name), one.code))


def chosen_ids(
    choices: Sequence[Department], code: str | None, committee: str | None
) -> tuple[int, ...] | None:
    """The ids of the departments with this code, or of this nämnd; None: nothing is chosen.

    Raises ``NotFound`` when there is none to choose, whoever else may."""
    if not code and not committee:
        return None
    wanted = swedish.folded(committee or "")
    of_committee = [one for one in choices if not wanted or swedish.folded(one.committee or "") == wanted]
    found = tuple(one.id for one in of_committee if code in (None, "", one.code))
    if not found:
        raise NotFound
    return found


def managed_ids(session: Session, person_id: int, on: dt.date) -> tuple[int, ...]:
    """The ids of the open units that the person manages, with those below them (S4)."""
    return tuple(session.scalars(access.managed_units(person_id, on)))
