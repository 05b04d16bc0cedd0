"""Recording recognised completions, and taking a wrong one out of every count (R24, S45)."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import csv_in
from elearn.content.catalog import Catalog
from elearn.content.course import Course
from elearn.errors import Conflict, NotFound
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people import queries
from elearn.training import curriculum
from elearn.training.models import Completion, CompletionRecall
from elearn.training.recognition import Recognitions


@dataclass(frozen=True, slots=True)
class RecognitionOutcome:
    """What a file did: rows that were new, rows that were there already, and how many of those are
    recalled."""

    new_count: int
    there_count: int
    recalled_count: int


def record_recognitions(
    session: Session, deed: Deed, recognitions: Recognitions, catalog: Catalog
) -> RecognitionOutcome:
    """Record the rows that are not there already. A recalled one is there and stays recalled: what somebody
    took back with a reason does not return because an old file is read again. Raises ``Invalid`` with every
    fault of the file."""
    people = queries.person_ids(session)
    for row, number in recognitions.numbers:
        if number not in people:
            recognitions.faults.add(row, f"anställningsnr: {number} finns inte. Läs in personalen först.")
    csv_in.refuse(recognitions.faults)
    there = _recognised(session)
    wanted = [
        ((people[row.number], row.course, row.completed_on, row.source), row) for row in recognitions.rows
    ]
    new = {key: row for key, row in wanted if key not in there}
    if new:
        session.execute(
            sa.insert(Completion),
            [
                completion_values(deed, person_id, catalog.courses[row.course], row.completed_on, row.source)
                for (person_id, *_), row in new.items()
            ],
        )
    journal.record(session, deed, EntryKind.RECOGNISED_COMPLETIONS, count=len(new))
    recalled_count = sum(there.get(key, False) for key, _row in wanted)
    return RecognitionOutcome(len(new), len(wanted) - len(new), recalled_count)


def _recognised(session: Session) -> dict[tuple[int, str, dt.date, str], bool]:
    """Every recognised completion by person, course, day and source: whether it is recalled."""
    found = session.execute(
        sa.select(
            Completion.person_id,
            Completion.course,
            Completion.completed_on,
            Completion.source,
            CompletionRecall.completion_id,
        )
        .outerjoin(CompletionRecall, CompletionRecall.completion_id == Completion.id)
        .where(Completion.source.is_not(None))
    )
    return {
        (person_id, course, day, str(source)): recall is not None
        for person_id, course, day, source, recall in found
    }


def completion_values(
    deed: Deed, person_id: int, course: Course, completed_on: dt.date, source: str
) -> dict[str, object]:
    """A recognised completion of this course as it is today, by column."""
    return {
        "person_id": person_id,
        "course": course.slug,
        "course_title": course.title,
        "course_edition": course.edition,
        "course_hash": course.hash,
        "completed_on": completed_on,
        "valid_until": curriculum.valid_until(course, completed_on),
        "attempt_id": None,
        "source": source,
        "recorded_at": deed.now,
        "recorded_on": deed.today,
        "recorded_by": str(deed.actor),
    }


def recall_completion(
    session: Session,
    deed: Deed,
    number: str,
    course: str,
    completed_on: dt.date,
    source: str | None,
    reason: str,
) -> str:
    """Take a wrongly recognised completion out of every count: its source. What a person has passed here is
    never recalled.

    Raises ``NotFound`` when there is none, ``Conflict`` when it is not clear which, or all are recalled
    already."""
    row = _to_recall(session, number, course, completed_on, source)
    session.add(
        CompletionRecall(
            completion_id=row.id,
            reason=reason,
            recalled_by=str(deed.actor),
            recalled_at=deed.now,
            recalled_on=deed.today,
        )
    )
    session.flush()
    journal.record(session, deed, EntryKind.RECALLED_COMPLETION, completion=row.id)
    return str(row.source)


def _to_recall(
    session: Session, number: str, course: str, completed_on: dt.date, source: str | None
) -> sa.Row[int, str | None, bool]:
    """The one recognised completion that is meant and not recalled yet."""
    person = queries.person_by_number(session, number)
    found = session.execute(
        sa.select(
            Completion.id, Completion.source, CompletionRecall.completion_id.is_not(None).label("is_recalled")
        )
        .outerjoin(CompletionRecall, CompletionRecall.completion_id == Completion.id)
        .where(Completion.person_id == person.person_id, Completion.course == course)
        .where(Completion.completed_on == completed_on)
        .where(Completion.source.is_not(None))
        .order_by(Completion.source)
    ).all()
    if not found:
        advice = "Bara tillgodoräknade kurser kan återkallas. Kontrollera nummer, kurs och datum."
        raise NotFound(f"{number} har ingen tillgodoräknad kurs {course} den {completed_on}. {advice}")
    named = [row for row in found if source in (None, row.source)]
    if not named:
        raise NotFound(
            f"Källan ”{source}” finns inte den dagen. Det här finns: "
            f"{'; '.join(str(row.source) for row in found)}."
        )
    left = [row for row in named if not row.is_recalled]
    if not left:
        raise Conflict("Den är redan återkallad. Ingenting har ändrats.")
    if len(left) > 1:
        raise Conflict(
            "Det finns flera den dagen. Säg vilken med --source: "
            + "; ".join(str(row.source) for row in left)
        )
    return left[0]
