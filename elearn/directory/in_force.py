"""Which job role is in force in a unit, and which units are external: what a row does not need to write out
(measure.md, rule 2). Pure."""

from collections.abc import Mapping
from typing import Protocol

from elearn.people.models import UnitKind
from elearn.swedish import folded


class Placed(Protocol):
    """A unit, of the file or stored: its place in the tree, its level and its own role."""

    @property
    def kind(self) -> UnitKind: ...
    @property
    def parent(self) -> str | None: ...
    @property
    def job_role(self) -> str | None: ...


class Employed(Protocol):
    """An employment, of the file or stored: its unit and its own role."""

    @property
    def unit(self) -> str: ...
    @property
    def job_role(self) -> str | None: ...


def inherited_roles(units: Mapping[str, Placed]) -> dict[str, str | None]:
    """The role of each unit by code: its own, else that of the nearest unit above that has one. Each unit is
    visited once, and a circle has no role."""
    roles: dict[str, str | None] = {}
    for start in units:
        way: list[str] = []
        code, role = start, None
        while code in units and code not in roles and role is None:
            way.append(code)
            role = units[code].job_role
            code = units[code].parent or ""
            roles[way[-1]] = role
        role = role if role is not None else roles.get(code)
        for below in way:
            roles[below] = role
    return roles


def external_units(units: Mapping[str, Placed]) -> frozenset[str]:
    """Codes of the external units and of every unit below them."""
    external: dict[str, bool] = {}
    for start in units:
        way: list[str] = []
        code = start
        while code in units and code not in external and units[code].kind != UnitKind.EXTERNAL:
            way.append(code)
            external[code] = False
            code = units[code].parent or ""
        is_external = code in units and (units[code].kind == UnitKind.EXTERNAL or external[code])
        for below in (*way, code) if is_external else way:
            external[below] = is_external
    return frozenset(code for code, is_external in external.items() if is_external)


class Roles:
    """Job roles before the import and after it, by the two trees. Compared is what is in force, not how it
    is written."""

    def __init__(self, before: Mapping[str, Placed], after: Mapping[str, Placed]) -> None:
        self._before, self._after = inherited_roles(before), inherited_roles(after)

    def before(self, employed: Employed) -> str:
        """Folded; empty = without role."""
        return folded(employed.job_role or self._before.get(employed.unit))

    def after(self, employed: Employed) -> str:
        """Folded; empty = without role."""
        return folded(employed.job_role or self._after.get(employed.unit))

    def unit_before(self, code: str) -> str:
        """What whoever has no role of their own has there. Folded; empty = without role."""
        return folded(self._before.get(code))

    def unit_after(self, code: str) -> str:
        """Folded; empty = without role."""
        return folded(self._after.get(code))

    def is_same(self, row: Employed, job: Employed) -> bool:
        """Whether a row has the role of a stored employment in the same unit: the same one is in force, or
        both have the unit's."""
        if self.before(job) == self.after(row):
            return True
        has_units_before = self.before(job) == self.unit_before(job.unit)
        return has_units_before and self.after(row) == self.unit_after(row.unit)

    def written(self, row: Employed, job: Employed) -> str | None:
        """The own role to store for a row that is a stored employment. One that the unit already gives is
        not written anew."""
        if folded(row.job_role) == folded(job.job_role):
            return row.job_role
        return job.job_role if self.after(row) == self.after(job) else row.job_role
