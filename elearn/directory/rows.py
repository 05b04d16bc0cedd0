"""What the two files of the personnel system say, as values (measure.md, "Files")."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from elearn.people import positions
from elearn.people.models import PROTECTED, UnitKind, full_name

TOP_ONLY = (UnitKind.DEPARTMENT, UnitKind.EXTERNAL)


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
    joined: tuple[str, ...] = ()  # the positions of several contracts that are one employment
    aid: str | None = None  # SKR's national job code
    is_main: bool = False  # the person's main employment: its address holds when two disagree
    is_protected: bool | None = None  # None: the file does not say, and what is stored stays

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)

    @property
    def told_name(self) -> str:
        """The name as a plan tells it: of somebody with protected identity, that and nothing else (S52)."""
        return PROTECTED if self.is_protected else self.name

    @property
    def position_key(self) -> str:
        """As decisions compare it."""
        return positions.key(self.joined or (self.position,))

    def is_open(self, today: dt.date) -> bool:
        """Not over: it goes on, or is still to begin."""
        return self.ends_on is None or self.ends_on >= today


@dataclass(frozen=True, slots=True)
class MissingCode:
    """An AID code that aid.csv does not have, of people who are employed and whose row has no role.
    ``roleless_count``: those to whom the unit gives none either."""

    code: str
    person_count: int
    roleless_count: int
    units: tuple[str, ...]  # codes
    positions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Directory:
    """Both files, checked. ``warnings`` are told and change nothing. ``course_roles``: the job roles that
    a base course names, folded. ``digests``: the SHA-256 of each file, by what it holds."""

    units: Mapping[str, UnitRow]  # by code, in the file's order
    jobs: tuple[JobRow, ...]
    warnings: tuple[str, ...]
    organisation: str = "organisation.csv"  # the file's name
    course_roles: frozenset[str] = frozenset()
    digests: Mapping[str, str] = field(default_factory=dict)
    missing_codes: tuple[MissingCode, ...] = ()  # AID codes that aid.csv does not have

    @property
    def knows_externals(self) -> bool:
        """HR's file without an ``extern`` row does not know the external units: they and their people are
        left as they are."""
        return any(unit.kind == UnitKind.EXTERNAL for unit in self.units.values())
