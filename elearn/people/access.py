"""Who may see which pages, and whose figures: the table of permissions and the conditions that the database
applies.

A role answers *may you open this page*; the selects of unit ids answer *which units' people may you see
there* and belong inside each query (S4), never in a filter afterwards.
"""

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import sqlalchemy as sa

from elearn.people import org_tree
from elearn.people.models import AccessGrant, AccessRole, Employment, OrgUnit, UnitManager

Day: TypeAlias = dt.date | sa.BindParameter[dt.date] | sa.orm.InstrumentedAttribute[dt.date]


class Permission(StrEnum):
    """``behörighet`` as a view declares it."""

    TAKE_COURSES = "take-courses"
    SEE_OWN_UNITS = "see-own-units"
    SEE_COVERAGE = "see-coverage"
    EXPORT_COVERAGE = "export-coverage"
    FETCH_FIGURES = "fetch-figures"
    DECIDE_TARGET_GROUP = "decide-target-group"
    SEE_MEASUREMENTS = "see-measurements"
    FREEZE_MEASUREMENTS = "freeze-measurements"
    REGISTER_MEETINGS = "register-meetings"
    RECOGNISE_MEETINGS = "recognise-meetings"
    SEE_KNOWLEDGE = "see-knowledge"
    SEE_NEEDS = "see-needs"
    IMPORT_DIRECTORY = "import-directory"
    GRANT_ROLES = "grant-roles"
    READ_JOURNAL = "read-journal"
    SEE_OPERATIONS = "see-operations"


GRANTS: Mapping[AccessRole, frozenset[Permission]] = {
    AccessRole.EMPLOYEE: frozenset({Permission.TAKE_COURSES}),
    AccessRole.MANAGER: frozenset({Permission.SEE_OWN_UNITS, Permission.FETCH_FIGURES, Permission.SEE_NEEDS}),
    AccessRole.COORDINATOR: frozenset(  # of the own departments
        {
            Permission.SEE_COVERAGE,
            Permission.FETCH_FIGURES,
            Permission.DECIDE_TARGET_GROUP,
            Permission.REGISTER_MEETINGS,
            Permission.SEE_NEEDS,
            Permission.SEE_MEASUREMENTS,
        }
    ),
    AccessRole.VPC: frozenset(
        {
            Permission.SEE_COVERAGE,
            Permission.EXPORT_COVERAGE,
            Permission.FETCH_FIGURES,
            Permission.DECIDE_TARGET_GROUP,
            Permission.SEE_MEASUREMENTS,
            Permission.FREEZE_MEASUREMENTS,
            Permission.REGISTER_MEETINGS,
            Permission.RECOGNISE_MEETINGS,
            Permission.SEE_KNOWLEDGE,
            Permission.SEE_NEEDS,
        }
    ),
    # Totals, never a name.
    AccessRole.WORKING_GROUP: frozenset(
        {Permission.SEE_COVERAGE, Permission.FETCH_FIGURES, Permission.SEE_MEASUREMENTS}
    ),
    # The files, the grants, the commands and how they went; sees no one's results by that.
    AccessRole.ADMINISTRATOR: frozenset(
        {Permission.IMPORT_DIRECTORY, Permission.GRANT_ROLES, Permission.SEE_OPERATIONS}
    ),
    AccessRole.AUDITOR: frozenset({Permission.READ_JOURNAL}),  # and changes nothing (S54)
}
SEES_EVERY_UNIT = frozenset({AccessRole.VPC, AccessRole.WORKING_GROUP})


@dataclass(frozen=True, slots=True)
class Access:
    """A person's roles on a day. ``department_ids``: the departments that a coordinator's grants name, in
    order."""

    person_id: int
    roles: frozenset[AccessRole]
    department_ids: tuple[int, ...] = ()

    def may(self, permission: Permission) -> bool:
        return any(permission in GRANTS[role] for role in self.roles)


def is_active(on: Day) -> sa.ColumnElement[bool]:
    """An ``Employment`` that is active on the date (measure.md, rule 1)."""
    return sa.and_(Employment.starts_on <= on, sa.or_(Employment.ends_on.is_(None), Employment.ends_on >= on))


def is_open(on: Day) -> sa.ColumnElement[bool]:
    """An ``OrgUnit`` that is not closed on the date."""
    return sa.or_(OrgUnit.ends_on.is_(None), OrgUnit.ends_on >= on)


def has_more_rights(
    person_id: sa.ColumnElement[int] | sa.orm.InstrumentedAttribute[int], on: Day
) -> sa.ColumnElement[bool]:
    """Whether a person may do more than an employee: holds a grant, or manages a unit that is open on the
    date."""
    manages = sa.select(UnitManager.unit_id).join(OrgUnit, OrgUnit.id == UnitManager.unit_id)
    # Of any unit, also where the statement round it asks about one.
    own = manages.where(UnitManager.person_id == person_id, is_open(on)).correlate_except(
        UnitManager, OrgUnit
    )
    return sa.or_(sa.exists().where(AccessGrant.person_id == person_id), own.exists())


def roles_held(who: sa.CTE, on: sa.BindParameter[dt.date]) -> sa.CompoundSelect[Any]:
    """A row per role of each person of ``who`` (by ``person_id``) on the date: its columns, ``role``, and a
    granted one's ``unit_id``."""
    no_unit = sa.cast(sa.null(), sa.Integer).label("unit_id")
    employed = sa.exists().where(Employment.person_id == who.c.person_id, is_active(on))
    manages = sa.exists().where(
        UnitManager.person_id == who.c.person_id, UnitManager.unit_id == OrgUnit.id, is_open(on)
    )
    granted = sa.select(*who.c, AccessGrant.role, AccessGrant.unit_id).join(
        AccessGrant, AccessGrant.person_id == who.c.person_id
    )
    return sa.union_all(
        sa.select(*who.c, sa.literal(AccessRole.EMPLOYEE.value).label("role"), no_unit).where(employed),
        sa.select(*who.c, sa.literal(AccessRole.MANAGER.value), no_unit).where(manages),
        granted,
    )


def from_roles(person_id: int, held: Iterable[tuple[str, int | None]]) -> Access | None:
    """A person's access from (role, unit id). None without an active employment: then every grant lapses
    (S7)."""
    grants = list(held)
    roles = frozenset(AccessRole(role) for role, _unit_id in grants)
    if AccessRole.EMPLOYEE not in roles:
        return None
    unit_ids = sorted(unit_id for _role, unit_id in grants if unit_id is not None)
    return Access(person_id, roles, tuple(unit_ids))


def managed_units(person_id: int | sa.BindParameter[int], on: Day) -> sa.Select[int]:
    """Ids of the open units that the person manages and of every open unit below them."""
    own = (
        sa.select(UnitManager.unit_id)
        .join(OrgUnit, OrgUnit.id == UnitManager.unit_id)
        .where(UnitManager.person_id == person_id, is_open(on))
    )
    return sa.select(OrgUnit.id).where(OrgUnit.id.in_(org_tree.below(own)), is_open(on))


def reported_departments(access: Access) -> tuple[int, ...] | None:
    """Ids of the departments whose coverage this access reaches, with all that is below them. None: of the
    whole municipality."""
    return None if access.roles & SEES_EVERY_UNIT else access.department_ids


def deciding_departments(access: Access) -> tuple[int, ...] | None:
    """Ids of the departments whose target group this access decides about, and whose people it may name in
    the register of meetings. None: everybody's. Seeing more, as the working group does, lets nobody decide
    more."""
    return None if AccessRole.VPC in access.roles else access.department_ids


@functools.lru_cache(maxsize=64)
def units_in_reach(department_ids: tuple[int, ...]) -> sa.Select[int]:
    """Ids of these departments and of all that lies below them. Made once, so that one statement may ask
    several times."""
    return org_tree.below(sa.select(OrgUnit.id).where(OrgUnit.id.in_(department_ids)))


def in_reach(department_ids: tuple[int, ...] | None, unit_id: Any = OrgUnit.id) -> sa.ColumnElement[bool]:
    """An ``OrgUnit`` (or what ``unit_id`` names) that is one of these departments or lies below one. None:
    any."""
    if department_ids is None:
        return sa.true()
    inside: sa.ColumnElement[bool] = unit_id.in_(units_in_reach(department_ids))
    return inside
