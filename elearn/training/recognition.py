"""genomforda.csv: training done elsewhere or earlier that VPC recognises (tillgodoräknande, R24), and the recall of a wrong one."""

import datetime as dt
import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import clock, tabular
from elearn.content.catalog import Catalog
from elearn.errors import Conflict, NotFound
from elearn.people import queries
from elearn.people.models import Person
from elearn.training.models import Completion, CompletionRecall

COLUMNS = ("anställningsnr", "kurs", "datum", "källa")


@dataclass(frozen=True, slots=True)
class RecognitionRow:
    """A row of genomforda.csv."""

    row: int
    number: str
    course: str
    completed_on: dt.date
    source: str


def read_recognitions(path: Path, catalog: Catalog, today: dt.date) -> tuple[tabular.Faults, list[RecognitionRow]]:
    """The rows, and the file's faults so far: a course that does not exist and a day that has not come are among them."""
    table = tabular.read_table(path, COLUMNS)
    faults, rows = table.faults, []
    for record in table.records:
        number = tabular.parse(faults, record, "anställningsnr", tabular.number)
        completed_on = tabular.parse(faults, record, "datum", tabular.date)
        source = tabular.parse(faults, record, "källa", tabular.required)
        if record["kurs"] not in catalog.courses:
            close = difflib.get_close_matches(record["kurs"], catalog.courses, n=1)
            advice = f"Menar du {close[0]}?" if close else f"Välj bland: {', '.join(catalog.courses)}."
            faults.add(record.row, f"kurs: ”{record['kurs']}” finns inte. {advice}")
        if completed_on and completed_on > today:
            faults.add(record.row, f"datum: {completed_on} har inte varit än.")
        if number and completed_on and source:
            rows.append(RecognitionRow(record.row, number, record["kurs"], completed_on, source))
    return faults, rows


def record_recognitions(
    session: Session, rows: Sequence[RecognitionRow], faults: tabular.Faults, catalog: Catalog, now: dt.datetime
) -> int:
    """Record those that are not there already, recalled ones among them: how many. Raises ``Invalid`` with every fault."""
    people = queries.person_ids(session)
    for row in rows:
        if row.number not in people:
            faults.add(row.row, f"anställningsnr: {row.number} finns inte. Läs in personalen först.")
    tabular.refuse(faults)
    keys = (Completion.person_id, Completion.course, Completion.completed_on, Completion.source)
    there = {tuple(found) for found in session.execute(sa.select(*keys).where(Completion.source.is_not(None)))}
    new = {key: row for row in rows if (key := (people[row.number], row.course, row.completed_on, row.source)) not in there}
    if new:
        session.execute(sa.insert(Completion), [_values(person_id, row, catalog, now) for (person_id, *_), row in new.items()])
    return len(new)


def _values(person_id: int, row: RecognitionRow, catalog: Catalog, now: dt.datetime) -> dict[str, object]:
    course = catalog.courses[row.course]
    return {
        "person_id": person_id, "course": course.slug, "course_title": course.title, "course_edition": course.edition,
        "course_hash": course.hash, "completed_on": row.completed_on,
        "valid_until": clock.add_months(row.completed_on, course.validity_months),
        "attempt_id": None, "source": row.source, "recorded_at": now,
    }  # fmt: skip


def recall(
    session: Session, number: str, course: str, completed_on: dt.date, source: str | None, reason: str, by: str, now: dt.datetime
) -> str:
    """Take a wrongly recognised completion out of every count (S45): its source. What a person has passed is never recalled here.

    Raises ``NotFound`` when there is none, ``Conflict`` when it is not clear which, or all are recalled already."""
    statement = (
        sa.select(Completion.id, Completion.source, CompletionRecall.completion_id.is_not(None).label("is_recalled"))
        .join(Person, Person.id == Completion.person_id)
        .outerjoin(CompletionRecall, CompletionRecall.completion_id == Completion.id)
        .where(Person.number == number, Completion.course == course, Completion.completed_on == completed_on)
        .where(Completion.source.is_not(None))
    )
    found = session.execute(statement if source is None else statement.where(Completion.source == source)).all()
    if not found:
        raise NotFound(f"{number} har ingen tillgodoräknad kurs {course} den {completed_on}. Kontrollera nummer, kurs och datum.")
    left = [row for row in found if not row.is_recalled]
    if not left:
        raise Conflict("Den är redan återkallad. Ingenting har ändrats.")
    if len(left) > 1:
        raise Conflict("Det finns flera den dagen. Säg vilken med --source: " + "; ".join(str(row.source) for row in left))
    session.add(CompletionRecall(completion_id=left[0].id, reason=reason, recalled_by=by, recalled_at=now))
    session.flush()
    return str(left[0].source)
