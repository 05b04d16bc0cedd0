"""Whose number it is, and which unit's code (measure.md, "What an import does"). Pure.

A number or a code that has gone to somebody or something else is taken from the former holder, who keeps
everything else under ``NUMBER (till DATE)``. The rest of the plan then sees a number that is new.
"""

import datetime as dt
import shlex
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from elearn.directory.changes import BrakeKind, ChangeKind, Job, Plan, Stored, StoredPerson, StoredUnit
from elearn.directory.rows import Directory, JobRow, UnitRow
from elearn.errors import Invalid
from elearn.people.models import PROTECTED
from elearn.swedish import folded

T = TypeVar("T", JobRow, Job)

MOST_QUESTIONS = 20  # told one by one; a file that is sorted wrong has thousands


@dataclass(frozen=True, slots=True)
class Choices:
    """What the operator has answered: numbers that are the same person, numbers that have gone to somebody
    else, codes that are the same unit."""

    same_persons: frozenset[str] = frozenset()
    new_persons: frozenset[str] = frozenset()
    same_units: frozenset[str] = frozenset()


def spelled(numbers: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Each number as it is spelled where it is ``known``, else as it is spelled first: capitals make no other
    number."""
    spellings = {folded(number): number for number in known}
    exact = frozenset(spellings.values())
    return {
        number: number if number in exact else spellings.setdefault(folded(number), number)
        for number in numbers
    }


def renumbered(
    units: Mapping[str, UnitRow], jobs: Iterable[JobRow], known: Iterable[str]
) -> tuple[dict[str, UnitRow], list[JobRow]]:
    """The rows with every number spelled in one way."""
    rows = list(jobs)
    numbers = [row.number for row in rows] + [number for unit in units.values() for number in unit.managers]
    spelling = spelled(numbers, known)
    renamed_units = {
        code: replace(unit, managers=tuple(dict.fromkeys(spelling[number] for number in unit.managers)))
        for code, unit in units.items()
    }
    return renamed_units, [
        row if spelling[row.number] == row.number else replace(row, number=spelling[row.number])
        for row in rows
    ]


def reassign(plan: Plan, directory: Directory, choices: Choices, today: dt.date) -> tuple[Directory, Stored]:
    """The file and what is stored, as the rest of the plan is to see them: with new names for those whose
    number or code has gone to another. Raises ``Invalid`` for a choice about what is not in the files."""
    choices = _checked(choices, directory)
    directory = _take_codes(plan, directory, choices)
    _take_numbers(plan, directory, choices, today)
    plan.stored = _renamed(plan)
    return directory, plan.stored


def _checked(choices: Choices, directory: Directory) -> Choices:
    numbers = {folded(row.number): row.number for row in directory.jobs}
    lost = [
        f"{option} {number}: finns inte i filen."
        for option, chosen in (("--same-person", choices.same_persons), ("--new-person", choices.new_persons))
        for number in sorted(chosen)
        if folded(number) not in numbers
    ]
    lost += [
        f"--same-unit {code}: finns inte i filen."
        for code in sorted(choices.same_units)
        if code not in directory.units
    ]
    same, new = ({folded(number) for number in some} for some in (choices.same_persons, choices.new_persons))
    lost += [
        f"{numbers.get(number, number)} kan inte vara både samma och en ny person."
        for number in sorted(same & new)
    ]
    if lost:
        raise Invalid(*lost)
    return replace(
        choices,
        same_persons=frozenset(numbers[folded(number)] for number in choices.same_persons),
        new_persons=frozenset(numbers[folded(number)] for number in choices.new_persons),
    )


def _take_codes(plan: Plan, directory: Directory, choices: Choices) -> Directory:
    """A closed unit's code that comes back with another name and another parent is another unit. Rows of
    employments that were over by then stay with the old one."""
    former = plan.units_to_rename
    taken = {*plan.stored.units, *directory.units}
    for code, unit in directory.units.items():
        before = plan.stored.units.get(code)
        if before is None or before.ends_on is None or code in choices.same_units:
            continue
        if folded(before.name) == folded(unit.name) or before.parent == unit.parent:
            continue
        former[code] = replace(before, code=_free_name(code, before.ends_on, taken))
        plan.warnings.append(
            f"Enhetskoden {code} används på nytt. {before.name}, som stängdes {before.ends_on}, behåller "
            f"sina siffror som {former[code].code}, och {unit.name} börjar från början. Är det samma enhet: "
            f"läs in med --same-unit {shlex.quote(code)}"
        )
        plan.tell(ChangeKind.UNIT_REPLACED, f"{before.name} ({code}): heter nu {former[code].code}")
    if not former:
        return directory
    jobs = (_in_former_unit(row, former.get(row.unit)) for row in directory.jobs)
    return replace(directory, jobs=tuple(jobs))


def _free_name(name: str, last_day: dt.date, taken: Container[str]) -> str:
    """What the former holder of a number or a code is called: with a running number when somebody who ended
    on the same day has that name already."""
    first = free = f"{name} (till {last_day})"
    count = 1
    while free in taken:
        count += 1
        free = f"{first} {count}"
    return free


def _in_former_unit(row: JobRow, former: StoredUnit | None) -> JobRow:
    is_former = former is not None and former.ends_on and row.ends_on and row.ends_on <= former.ends_on
    return replace(row, unit=former.code) if former is not None and is_former else row


def _take_numbers(plan: Plan, directory: Directory, choices: Choices, today: dt.date) -> None:
    rows = _by_number(directory.jobs)
    held = _by_number(plan.stored.jobs)
    questions: list[str] = []
    for number, its_rows in rows.items():
        before = plan.stored.persons.get(number)
        if before is None or number in choices.same_persons:
            continue
        row, jobs = its_rows[0], held.get(number, [])
        is_employed = any(job.is_open(today) for job in jobs)
        if number in choices.new_persons:
            if not _is_stored(before, row):
                _take_number(plan, before, jobs, row)
        elif not is_somebody_else(before, row):
            continue
        elif is_employed and not _has_same_address(before, row):
            questions.append(_question(before, row))
        elif not is_employed and _has_come_back(its_rows, jobs, today):
            _take_number(plan, before, jobs, row)
    for question in questions[:MOST_QUESTIONS]:
        plan.stop(BrakeKind.PERSON, question)
    if len(questions) > MOST_QUESTIONS:
        plan.stop(
            BrakeKind.PERSON, f"… och {len(questions) - MOST_QUESTIONS} till heter något annat i filen."
        )


def _by_number(employments: Iterable[T]) -> dict[str, list[T]]:
    found = defaultdict[str, list[T]](list)
    for employment in employments:
        found[employment.number].append(employment)
    return found


def is_somebody_else(before: StoredPerson, row: JobRow) -> bool:
    """Whether both names are others. A name that both lack is no likeness; names that changed places are
    one."""
    old = folded(before.first_name), folded(before.last_name)
    new = folded(row.first_name), folded(row.last_name)
    is_like = any(one and one == other for one, other in zip(old, new, strict=True))
    return not is_like and old != (new[1], new[0])


def _has_same_address(before: StoredPerson, row: JobRow) -> bool:
    """An address that both lack is no likeness."""
    return bool(row.email) and folded(before.email) == folded(row.email)


def _has_come_back(rows: Iterable[JobRow], jobs: Iterable[Job], today: dt.date) -> bool:
    """Whether the file has an employment that is not one of those that were over: also one that is over by
    now (a short substitute)."""
    known = {job.reported_from for job in jobs}
    return any(row.is_open(today) or row.starts_on not in known for row in rows)


def _is_stored(before: StoredPerson, row: JobRow) -> bool:
    """Whether the row is the person as stored: a number that was given away is so when its file is read
    again."""
    stored, read = (
        [folded(text) for text in (one.first_name, one.last_name, one.email)] for one in (before, row)
    )
    return stored == read


def _question(before: StoredPerson, row: JobRow) -> str:
    address = "med annan e-post" if before.email or row.email else "och ingen av dem har e-post"
    old, new = _told_names(before, row)
    return f"{before.number} är {old} med en pågående anställning, men i filen {new} {address}."


def _told_names(before: StoredPerson, row: JobRow) -> tuple[str, str]:
    """The stored name and the file's. Where one of them is protected both are hidden: it may be one person
    who has changed names (S52)."""
    if before.is_protected or row.is_protected:
        return PROTECTED[0].lower() + PROTECTED[1:], "någon med ett annat namn"
    return before.name, row.name


def _take_number(plan: Plan, before: StoredPerson, jobs: Sequence[Job], row: JobRow) -> None:
    number = before.number
    last_day = max((min(job.ends_on or plan.last_day, plan.last_day) for job in jobs), default=plan.last_day)
    former = replace(before, number=_free_name(number, last_day, plan.stored.persons))
    plan.persons_to_rename[number] = former
    old, new = _told_names(before, row)
    former_name = before.name if old == before.name else PROTECTED  # where it begins a sentence
    plan.warnings.append(
        f"Numret {number} har gått från {old}, som slutade {last_day}, till {new}. "
        f"{former_name} behåller sin historik som {former.number}, och inloggning, lösenord och behörigheter "
        f"upphör. Är det samma person: läs in med --same-person {shlex.quote(number)}"
    )
    plan.tell(ChangeKind.PERSON_REPLACED, f"{former_name} ({number}): har nu numret {former.number}")


def _renamed(plan: Plan) -> Stored:
    """What is stored, with the new numbers and codes everywhere."""
    numbers = {number: former.number for number, former in plan.persons_to_rename.items()}
    codes = {code: former.code for code, former in plan.units_to_rename.items()}
    if not (numbers or codes):
        return plan.stored
    return Stored(
        units={
            codes.get(code, code): replace(
                unit,
                code=codes.get(code, code),
                parent=codes.get(unit.parent, unit.parent) if unit.parent else None,
                managers=_each(unit.managers, numbers),
            )
            for code, unit in plan.stored.units.items()
        },
        persons={
            numbers.get(number, number): replace(person, number=numbers.get(number, number))
            for number, person in plan.stored.persons.items()
        },
        jobs=[
            replace(job, number=numbers.get(job.number, job.number), unit=codes.get(job.unit, job.unit))
            for job in plan.stored.jobs
        ],
    )


def _each(numbers: Collection[str], renamed: Mapping[str, str]) -> frozenset[str]:
    return frozenset(renamed.get(number, number) for number in numbers)


def look_alikes(plan: Plan, rows: Iterable[JobRow], gone: Collection[str], jobs: Iterable[Job]) -> list[str]:
    """A sentence for each number that disappears while another appears with the same name and e-mail, or the
    same name, unit and start. ``gone``: the numbers that disappear; ``rows``: of those that appear."""
    places = _by_number(jobs)
    by_name = defaultdict[str, list[StoredPerson]](list)
    for number in gone:
        by_name[folded(plan.stored.persons[number].name)].append(plan.stored.persons[number])
    pairs: dict[str, str] = {}
    for row in rows:
        for person in by_name.get(folded(row.name), ()):
            has_address = bool(row.email) and folded(row.email) == folded(person.email)
            has_place = any(
                (job.unit, job.reported_from) == (row.unit, row.starts_on) for job in places[person.number]
            )
            if has_address or has_place:
                same = "samma namn och e-post" if has_address else "samma namn, enhet och första dag"
                command = shlex.join(("elearn", "join", person.number, row.number))
                name = PROTECTED if person.is_protected else row.told_name
                pairs[row.number] = (
                    f"{person.number} försvinner och {row.number} är ny, med {same}: {name}. Är det "
                    f"samma person: {command}"
                )
    return list(pairs.values())
