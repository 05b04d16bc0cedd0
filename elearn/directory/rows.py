"""What the two files of the personnel system say, as values (measure.md, "Files")."""

import datetime as dt
from dataclasses import dataclass

from elearn.people.models import UnitKind

KINDS = {
    "förvaltning": UnitKind.DEPARTMENT,
    "område": UnitKind.DIVISION,
    "enhet": UnitKind.UNIT,
    "extern": UnitKind.EXTERNAL,
}
LEVELS = {kind: word for word, kind in KINDS.items()}
TOP_ONLY = (UnitKind.DEPARTMENT, UnitKind.EXTERNAL)


def same_role(job_role: str | None) -> str:
    """What two spellings of one job role have in common: capitals make no other role."""
    return (job_role or "").casefold()


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row of organisation.csv. ``managers`` are numbers; ``parent`` is a code."""

    row: int
    code: str
    name: str
    kind: UnitKind
    parent: str | None
    committee: str | None
    job_role: str | None
    managers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JobRow:
    """A row of personal.csv: one employment. ``unit`` is a code; ``starts_on`` is ``från`` as it stands
    there."""

    row: int
    number: str
    first_name: str
    last_name: str
    email: str | None
    unit: str
    job_role: str | None
    position: str | None
    starts_on: dt.date
    ends_on: dt.date | None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def is_open(self, today: dt.date) -> bool:
        """Not over: it goes on, or is still to begin."""
        return self.ends_on is None or self.ends_on >= today


@dataclass(frozen=True, slots=True)
class Directory:
    """Both files, checked. ``warnings`` are told and change nothing."""

    units: dict[str, UnitRow]  # by code, in the file's order
    jobs: tuple[JobRow, ...]
    warnings: tuple[str, ...]

    @property
    def knows_externals(self) -> bool:
        """HR's file without an ``extern`` row does not know the external units: they and their people are
        left as they are."""
        return any(unit.kind == UnitKind.EXTERNAL for unit in self.units.values())
