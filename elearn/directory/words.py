"""An import's changes in Swedish, one sentence each: what ``--dry-run`` shows."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from elearn.directory.changes import ChangeKind, Job, JobChange, Stored, StoredPerson, StoredUnit
from elearn.directory.rows import Directory, JobRow, UnitRow
from elearn.people.models import LEVEL_WORDS


@dataclass(frozen=True, slots=True)
class Names:
    """What people and units are called in a sentence, by number and by code."""

    persons: Mapping[str, str]
    units: Mapping[str, str]

    def person(self, number: str) -> str:
        return f"{self.persons[number]} ({number})"

    def unit(self, code: str) -> str:
        return f"{self.units[code]} ({code})"

    def sentence(self, change: JobChange) -> str:
        """What becomes of one employment."""
        job, after, onward = change.job, change.after, change.onward
        who, where = self.person(job.number), self.unit(job.unit)
        if onward:
            to = f"går från {where} till {self.unit(onward.unit)}"
            if onward.unit == job.unit:
                to = (
                    f"byter yrkesroll i {where} från {job.job_role or 'enhetens'} till "
                    f"{onward.job_role or 'enhetens'}"
                )
            return f"{who} {to}, första dagen är {onward.starts_on}"
        if after is None:
            return f"{who} i {where}: tas bort, anställningen hade inte börjat"
        if change.kind == ChangeKind.JOB_ENDED:
            return f"{who} slutar i {where}, sista dagen är {after.ends_on}"
        if change.kind == ChangeKind.JOB_ADDED:
            until = f", sista dagen är {after.ends_on}" if after.ends_on else ""
            return f"{who} är anställd i {where} från {after.starts_on}{until}"
        reopened = ["öppnas igen"] if change.kind == ChangeKind.JOB_REOPENED else []
        return f"{who} i {where}: {', '.join([*reopened, *_job_changes(job, after)])}"


def names_after(directory: Directory, stored: Stored) -> Names:
    """As they are called after the import."""
    persons = {number: person.told_name for number, person in stored.persons.items()} | {
        row.number: row.told_name for row in directory.jobs
    }
    units = {code: unit.name for code, unit in stored.units.items()} | {
        code: unit.name for code, unit in directory.units.items()
    }
    return Names(persons, units)


def _job_changes(before: Job, after: Job) -> Iterator[str]:
    day: tuple[tuple[str, dt.date | None, dt.date | None], ...] = (
        ("första dagen", before.starts_on, after.starts_on),
        ("sista dagen", before.ends_on, after.ends_on),
    )
    for what, old_day, new_day in day:
        if old_day != new_day:
            yield f"{what} ändras från {old_day or 'tills vidare'} till {new_day or 'tills vidare'}"
    if before.is_ended_by_import and before.ends_on == after.ends_on:
        yield f"sista dagen {after.ends_on} står nu i filen"
    if before.reported_from != after.reported_from:
        yield f"från i filen är nu {after.reported_from}"
    if before.position == after.position and before.position_key != after.position_key:
        yield "befattningarna jämförs nu var för sig"
    for what, old, new in (
        ("befattning", before.position, after.position),
        ("yrkesroll", before.job_role, after.job_role),
    ):
        if old != new:
            yield f"{what} ändras från {old or 'ingen'} till {new or 'ingen'}"


def unit_changes(before: StoredUnit, unit: UnitRow) -> list[str]:
    """What is another in a unit; none when it is as it was."""
    pairs = (
        ("byter namn från", before.name, unit.name),
        ("flyttas från", before.parent, unit.parent),
        ("byter nivå från", LEVEL_WORDS[before.kind], LEVEL_WORDS[unit.kind]),
        ("byter nämnd från", before.committee, unit.committee),
        ("byter yrkesroll från", before.job_role, unit.job_role),
    )
    return [f"{what} {old or 'ingen'} till {new or 'ingen'}" for what, old, new in pairs if old != new]


def person_changes(before: StoredPerson, row: JobRow) -> str:
    """What is another in a person's name and address. Of somebody with protected identity, only that it is
    another (S52)."""
    changes = []
    is_hidden = before.is_protected or row.is_protected
    if before.is_protected != row.is_protected:
        changes.append("får skyddad identitet" if row.is_protected else "har inte längre skyddad identitet")
    if (before.first_name, before.last_name) != (row.first_name, row.last_name):
        changes.append("byter namn" if is_hidden else f"hette {before.name}")
    if before.email != row.email and is_hidden:
        changes.append("byter e-post")
    elif before.email != row.email:
        changes.append(f"byter e-post från {before.email or 'ingen'} till {row.email or 'ingen'}")
    return ", ".join(changes)
