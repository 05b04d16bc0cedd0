"""The nouns of an import: what is stored, and the plan of what changes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from elearn.people.directory_files import JobRow, UnitRow
from elearn.people.models import UnitKind


@dataclass(frozen=True, slots=True)
class StoredUnit:
    id: int
    code: str
    name: str
    kind: UnitKind
    parent: str | None
    committee: str | None
    job_role: str | None
    ends_on: dt.date | None
    managers: frozenset[str]  # numbers


@dataclass(frozen=True, slots=True)
class StoredPerson:
    id: int
    number: str
    first_name: str
    last_name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Job:
    """An employment, stored (``id``) or to be added (None)."""

    id: int | None
    number: str
    unit: str
    job_role: str | None
    position: str | None
    starts_on: dt.date
    ends_on: dt.date | None
    reported_from: dt.date

    def is_open(self, today: dt.date) -> bool:
        """Not over: it goes on, or is still to begin."""
        return self.ends_on is None or self.ends_on >= today


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds."""

    units: Mapping[str, StoredUnit]
    persons: Mapping[str, StoredPerson]
    jobs: Sequence[Job]


@dataclass(slots=True)
class Plan:
    """Every change. ``lines`` tells them in Swedish, one line each."""

    units_to_add: list[UnitRow] = field(default_factory=list)
    units_to_change: list[UnitRow] = field(default_factory=list)  # changed, moved, renamed or opened again
    units_to_close: list[str] = field(default_factory=list)
    managers_to_add: list[tuple[str, str]] = field(default_factory=list)  # unit code, number
    managers_to_remove: list[tuple[str, str]] = field(default_factory=list)
    persons_to_add: list[JobRow] = field(default_factory=list)
    persons_to_change: list[JobRow] = field(default_factory=list)
    jobs_to_add: list[Job] = field(default_factory=list)
    jobs_to_change: list[Job] = field(default_factory=list)
    jobs_to_remove: list[Job] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    last_day: dt.date = dt.date.min  # of what is closed: the day before the import
    brakes: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.lines)
