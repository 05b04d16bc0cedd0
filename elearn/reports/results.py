"""What goes back to the personnel system: a row for each course that somebody has completed (operations.md,
"Results back to the personnel system").

One person, one course and one day are one row there, however many completions stand behind it. What has been
recalled holds no more: the full list leaves it out, and a list since a date tells it by a last day before its
first, so that no system that reads the dates takes it for one that holds.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from elearn import clock, csv_out
from elearn.database import Session
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind, JournalEntry
from elearn.people.models import ERASED_NUMBER, Employment, Person
from elearn.reports import workbook
from elearn.reports.workbook import About, Kind, Sheet
from elearn.training.models import Completion, CompletionRecall

# What import and ``join`` call somebody whose number is now another's, and somebody who has been erased: no
# file may have such a number.
OUR_NAME = re.compile(rf"\(|^{ERASED_NUMBER}")


@dataclass(frozen=True, slots=True)
class Result:
    """One course that one person completed on one day. ``valid_until`` is before ``completed_on`` when it has
    been recalled."""

    number: str
    course: str
    competence: str
    completed_on: dt.date
    valid_until: dt.date

    @property
    def is_recalled(self) -> bool:
        """Whether it never held."""
        return self.valid_until < self.completed_on


@dataclass(frozen=True, slots=True)
class Results:
    """``left_out``: how many rows belong to somebody whom the personnel system does not know by that number
    any more; ``protected``: and how many to somebody with a protected identity, who was not asked for."""

    rows: tuple[Result, ...]
    left_out: int
    protected: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` in the file, for ever, and what it means."""

    name: str
    value: Callable[[Result], str | dt.date]
    meaning: str
    kind: Kind = Kind.TEXT


COLUMNS = (
    Column("anställningsnr", lambda row: row.number, "Personens nummer i personalsystemet."),
    Column("kurs", lambda row: row.course, "Kursens namn, som i genomforda.csv."),
    Column(
        "kompetens",
        lambda row: row.competence,
        "Personalsystemets kod för kursen. Tom om kursen inte har någon.",
    ),
    Column("datum", lambda row: row.completed_on, "Dagen då kursen blev genomförd.", Kind.DATE),
    Column(
        "giltig till",
        lambda row: row.valid_until,
        "Den sista dagen som den gäller. En dag före ”datum”: den är återkallad och har aldrig gällt.",
        Kind.DATE,
    ),
)


def results(
    session: Session,
    competences: Mapping[str, str],
    since: dt.date | None = None,
    *,
    with_protected: bool = False,
) -> Results:
    """What holds or has held, by number, course and day: everything, or what is new, changed or recalled on
    ``since`` or later. ``competences``: the personnel system's code by course. ``with_protected``: also of
    those who have a protected identity (S52)."""
    joins = _joins(session)
    changed = None if since is None else _changed(session, since)
    moved = {join.person_id for join in joins if since is not None and join.on >= since}
    standing: dict[tuple[str, str, dt.date], list[dt.date]] = {}
    wanted: set[tuple[str, str, dt.date]] = set()
    for row in session.execute(_completions({join.emptied_id for join in joins})):
        key = (row.number, row.course, row.completed_on)
        standing.setdefault(key, []).extend(() if row.is_recalled else (row.valid_until,))
        if changed is None or row.id in changed or row.person_id in moved:
            wanted.add(key)
    found = [_result(key, standing[key], competences) for key in sorted(wanted)]
    told = [row for row in found if since is not None or not row.is_recalled]
    known = [row for row in told if not OUR_NAME.search(row.number)]
    hidden = frozenset[str]() if with_protected else _protected(session)
    shown = tuple(row for row in known if row.number not in hidden)
    return Results(shown, len(told) - len(known), len(known) - len(shown))


def _protected(session: Session) -> frozenset[str]:
    """The numbers of those who have a protected identity."""
    return frozenset(session.scalars(sa.select(Person.number).where(Person.is_protected)))


def _completions(emptied_ids: set[int]) -> sa.Select[int, int, str, str, dt.date, dt.date, bool]:
    """Everybody's, but those that still stand at a number that a join has emptied: it copied them."""
    is_employed = sa.exists().where(Employment.person_id == Person.id)
    return (
        sa.select(
            Completion.id,
            Completion.person_id,
            Person.number,
            Completion.course,
            Completion.completed_on,
            Completion.valid_until,
            CompletionRecall.completion_id.is_not(None).label("is_recalled"),
        )
        .join(Person, Person.id == Completion.person_id)
        .outerjoin(CompletionRecall, CompletionRecall.completion_id == Completion.id)
        .where(sa.or_(Person.id.not_in(emptied_ids), is_employed))
    )


def _changed(session: Session, since: dt.date) -> frozenset[int]:
    """Ids of the completions that were recorded or recalled on the day or later."""
    recorded = sa.select(Completion.id, Completion.recorded_on, Completion.recorded_at)
    recalled = sa.select(
        CompletionRecall.completion_id, CompletionRecall.recalled_on, CompletionRecall.recalled_at
    )
    rows = (row for statement in (recorded, recalled) for row in session.execute(statement))
    return frozenset(id for id, on, at in rows if (on or clock.day_of(at)) >= since)


@dataclass(frozen=True, slots=True)
class _Join:
    """Two numbers that became one person's: who got the other number, and who was left with nothing."""

    on: dt.date
    person_id: int
    emptied_id: int


def _joins(session: Session) -> list[_Join]:
    rows = session.execute(
        sa.select(JournalEntry.recorded_at, JournalEntry.details).where(
            JournalEntry.kind == EntryKind.JOINED_PERSONS.value
        )
    )
    told = [(clock.day_of(at), json.loads(details)) for at, details in rows]
    return [_Join(on, details["person"], details["emptied"]) for on, details in told]


def _result(key: tuple[str, str, dt.date], ends: Iterable[dt.date], competences: Mapping[str, str]) -> Result:
    number, course, completed_on = key
    valid_until = max(ends, default=completed_on - dt.timedelta(days=1))
    return Result(number, course, competences.get(course, ""), completed_on, valid_until)


def record_export(
    session: Session, deed: Deed, exported: Results, since: dt.date | None, file_format: str
) -> None:
    """Tell the journal that the results left the system."""
    journal.record(
        session,
        deed,
        EntryKind.EXPORTED_COMPLETIONS,
        count=len(exported.rows),
        since=since.isoformat() if since else None,
        format=file_format,
    )


def to_file(exported: Results, since: dt.date | None, file_format: str, municipality: str) -> bytes:
    """One row per person, course and day, in that order, as ``csv`` or ``xlsx``: equal data, equal bytes."""
    rows = [[column.value(row) for column in COLUMNS] for row in exported.rows]
    if file_format == "csv":
        texts = ([str(cell) for cell in row] for row in rows)
        return csv_out.write_csv([column.name for column in COLUMNS], texts)
    about = About(
        "Genomförda kurser",
        municipality,
        [("Från och med", since)] if since else [],
        ["En rad vars ”giltig till” är dagen före ”datum” är återkallad och har aldrig gällt."],
    )
    return workbook.write_workbook(about, [Sheet("Genomförda", COLUMNS, rows)])
