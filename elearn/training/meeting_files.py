"""Who attended, as a file or as a pasted list; and moten.csv, a file of meetings."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import csv_in
from elearn.content.reading.lessons import SUBJECTS
from elearn.csv_in import Faults
from elearn.directory import tables
from elearn.people.models import Person
from elearn.people.queries import PersonIds, PersonRef
from elearn.swedish import folded
from elearn.training import meeting_reach
from elearn.training.meeting_actions import NewMeeting
from elearn.training.meeting_models import Meeting
from elearn.training.meeting_reach import Reach

ATTENDANCE_COLUMNS = ("anställningsnr",)
MEETING_COLUMNS = ("datum", "titel", "ämnen", "ordnat av", "förvaltningar")


@dataclass(frozen=True, slots=True)
class Listed:
    """Numbers with their rows, and what is wrong so far. ``unknown``: a file's columns that are not used."""

    numbers: tuple[tuple[int, str], ...]
    faults: Faults
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meetings:
    """moten.csv as read, with the row of each."""

    rows: tuple[tuple[int, NewMeeting], ...]
    faults: Faults
    unknown: tuple[str, ...]


def read_attendance(path: Path) -> Listed:
    """A CSV file with the column ``anställningsnr``."""
    table = tables.read_table(path, ATTENDANCE_COLUMNS)
    found = [
        (record.row, number)
        for record in table.records
        if (number := csv_in.parse(table.faults, record, "anställningsnr", csv_in.number))
    ]
    return Listed(tuple(found), table.faults, table.unknown)


def read_list(text: str) -> Listed:
    """A pasted list, a number on each line; empty lines are passed over."""
    faults, found = Faults("Listan"), []
    for row, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append((row, csv_in.number(line.strip())))
        except ValueError as error:
            faults.add(row, str(error))
    if not found and not faults.count:
        faults.add(None, "Skriv minst ett anställningsnummer.")
    return Listed(tuple(found), faults)


def find_persons(session: Session, listed: Listed, reach: Reach, meeting: Meeting) -> tuple[PersonRef, ...]:
    """Those in the list, each once, in its order. A number out of reach is a fault of the list, told as one
    that nobody has (S3)."""
    columns = (Person.id, Person.number, Person.first_name, Person.last_name)
    rows = session.execute(sa.select(*columns).where(meeting_reach.people_in(reach, meeting.held_on))).all()
    persons = {row.id: PersonRef(*row) for row in rows}
    ids = PersonIds((row.number, row.id) for row in rows)
    where = "" if reach is None else f" bland dem som arbetade i din förvaltning den {meeting.held_on}"
    for row, number in listed.numbers:
        if number not in ids:
            listed.faults.add(row, f"{number} finns inte{where}.")
    found = dict.fromkeys(ids[number] for _row, number in listed.numbers if number in ids)
    return tuple(persons[id] for id in found)


def read_meetings(path: Path) -> Meetings:
    """moten.csv: a meeting on each row; subjects are parted by a comma, departments' codes by a blank.
    Whether the departments exist is for ``register_meeting`` to say."""
    table = tables.read_table(path, MEETING_COLUMNS)
    rows = []
    for record in table.records:
        faults = table.faults
        held_on = csv_in.parse(faults, record, "datum", csv_in.date)
        title = csv_in.parse(faults, record, "titel", csv_in.required)
        subjects = csv_in.parse(faults, record, "ämnen", _subjects)
        organiser = csv_in.parse(faults, record, "ordnat av", csv_in.required)
        departments = csv_in.parse(faults, record, "förvaltningar", csv_in.required)
        if held_on and title and subjects and organiser and departments:
            codes = tuple(departments.split())
            rows.append((record.row, NewMeeting(title, held_on, organiser, tuple(subjects), codes)))
    return Meetings(tuple(rows), table.faults, table.unknown)


def _subjects(text: str) -> Sequence[str]:
    known = {folded(subject): subject for subject in SUBJECTS}
    named = [folded(part) for part in csv_in.required(text).split(",")]
    for part in named:
        if part not in known:
            raise ValueError(f"”{part}” är inget av ämnena. De är: {', '.join(SUBJECTS)}.")
    return [known[part] for part in dict.fromkeys(named)]
