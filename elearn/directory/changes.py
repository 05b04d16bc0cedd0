"""The nouns of an import: what is stored, and the plan of what changes."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from elearn.directory import in_force
from elearn.directory.rows import JobRow, UnitRow
from elearn.people.models import PROTECTED, UnitKind, full_name


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """``parent`` is a code; ``managers`` are numbers; ``ends_on`` None = open."""

    id: int
    code: str
    name: str
    kind: UnitKind
    parent: str | None
    committee: str | None
    job_role: str | None
    ends_on: dt.date | None
    managers: frozenset[str]


@dataclass(frozen=True, slots=True)
class StoredPerson:
    id: int
    number: str
    first_name: str
    last_name: str
    email: str | None
    is_protected: bool = False

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)

    @property
    def told_name(self) -> str:
        """The name as a plan tells it (S52)."""
        return PROTECTED if self.is_protected else self.name


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
    is_ended_by_import: bool = False
    position_key: str = ""

    def is_open(self, today: dt.date) -> bool:
        """Not over: it goes on, or is still to begin."""
        return self.ends_on is None or self.ends_on >= today

    def is_active(self, today: dt.date) -> bool:
        """Begun and not over (measure.md, rule 1)."""
        return self.starts_on <= today and self.is_open(today)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds: units by code, persons by number, employments."""

    units: Mapping[str, StoredUnit]
    persons: Mapping[str, StoredPerson]
    jobs: Sequence[Job]


def left_alone(units: Mapping[str, StoredUnit]) -> frozenset[str]:
    """Codes of the open external units and of the open units below them: what HR's file need not know."""
    return frozenset(code for code in in_force.external_units(units) if units[code].ends_on is None)


class ChangeKind(Enum):
    """What a change is called, once and many times: the summary's words, in its order."""

    UNIT_ADDED = "ny enhet", "nya enheter"
    UNIT_REPLACED = "enhetskod som används på nytt", "enhetskoder som används på nytt"
    UNIT_CHANGED = "ändrad enhet", "ändrade enheter"
    UNIT_REOPENED = "enhet öppnas igen", "enheter öppnas igen"
    UNIT_CLOSED = "enhet stängs", "enheter stängs"
    PERSON_ADDED = "ny person", "nya personer"
    PERSON_REPLACED = "nummer som har gått till någon annan", "nummer som har gått till någon annan"
    PERSON_CHANGED = "person med ändrade uppgifter", "personer med ändrade uppgifter"
    JOB_ADDED = "ny anställning", "nya anställningar"
    JOB_MOVED = "flytt", "flyttar"
    JOB_CHANGED = "ändrad anställning", "ändrade anställningar"
    JOB_REOPENED = "anställning öppnas igen", "anställningar öppnas igen"
    JOB_ENDED = "avslutad anställning", "avslutade anställningar"
    JOB_REMOVED = "borttagen anställning som inte hade börjat", "borttagna anställningar som inte hade börjat"
    MANAGER_ADDED = "nytt chefskap", "nya chefskap"
    MANAGER_REMOVED = "avslutat chefskap", "avslutade chefskap"


@dataclass(frozen=True, slots=True)
class JobChange:
    """What becomes of one employment. A ``job`` without id begins. ``after`` None: it is removed, since it
    had not begun. ``onward``: the employment that the person moves on to."""

    kind: ChangeKind
    job: Job
    after: Job | None
    onward: Job | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change, told in Swedish."""

    kind: ChangeKind
    sentence: str


class BrakeKind(Enum):
    """Why an import stops, and what is written to let it go on."""

    ENDED = "--accept-ended"
    CHANGED = "--accept-changed"
    PERSON = "--same-person NUMMER eller --new-person NUMMER"


@dataclass(frozen=True, slots=True)
class Brake:
    """A reason to stop, in Swedish."""

    kind: BrakeKind
    sentence: str


@dataclass(slots=True)
class Plan:
    """Everything that an import would change, what is worth a warning, and why it must not be made unasked
    (``brakes``)."""

    last_day: dt.date  # of what is closed or ended: the day before the import
    stored: Stored  # as compared with: former holders of a number and units with a reused code renamed
    digests: Mapping[str, str] = field(default_factory=dict)  # of the files, for the journal
    units_to_rename: dict[str, StoredUnit] = field(default_factory=dict)  # by the code that another unit got
    persons_to_rename: dict[str, StoredPerson] = field(default_factory=dict)  # by the number, likewise
    units_to_add: list[UnitRow] = field(default_factory=list)
    units_to_change: list[UnitRow] = field(default_factory=list)  # changed, moved, renamed or opened again
    units_to_close: list[str] = field(default_factory=list)  # codes
    managers_to_add: list[tuple[str, str]] = field(default_factory=list)  # unit code, number
    managers_to_remove: list[tuple[str, str]] = field(default_factory=list)
    persons_to_add: list[JobRow] = field(default_factory=list)
    persons_to_change: list[JobRow] = field(default_factory=list)
    job_changes: list[JobChange] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    brakes: list[Brake] = field(default_factory=list)

    def stop(self, kind: BrakeKind, sentence: str) -> None:
        """Add a reason why the import must not be made unasked."""
        self.brakes.append(Brake(kind, sentence))

    def tell(self, kind: ChangeKind, sentence: str) -> None:
        """Add a change to what is shown and counted."""
        self.changes.append(Change(kind, sentence))

    @property
    def is_empty(self) -> bool:
        return not self.changes

    @property
    def jobs_to_add(self) -> list[Job]:
        """The employments that begin, also those that somebody moves on to."""
        begun = [change.job for change in self.job_changes if change.job.id is None]
        return begun + [change.onward for change in self.job_changes if change.onward]

    @property
    def jobs_to_change(self) -> list[Job]:
        """The stored employments, as they become."""
        return [
            change.after
            for change in self.job_changes
            if change.job.id and change.after and change.after != change.job
        ]

    @property
    def jobs_to_remove(self) -> list[Job]:
        """The stored employments that had not begun and never will."""
        return [change.job for change in self.job_changes if change.after is None]

    @property
    def counts(self) -> dict[str, int]:
        """How many changes of each kind, by its name: what the journal tells."""
        return dict(Counter(change.kind.name.lower() for change in self.changes))

    @property
    def summary(self) -> str:
        """The changes counted, in one sentence."""
        if self.is_empty:
            return "Inget har ändrats sedan förra inläsningen."
        counts = Counter(change.kind for change in self.changes)
        return (
            ", ".join(f"{counts[kind]} {kind.value[counts[kind] > 1]}" for kind in ChangeKind if counts[kind])
            + "."
        )
