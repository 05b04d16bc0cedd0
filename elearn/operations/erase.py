"""Erasing persons by a decision (S50; operations.md, "Erasing"): what they are called, every way in and every
word about them. What has been counted stays, under a number that names nobody."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from elearn.database import Base, Session
from elearn.directory import uploads
from elearn.errors import Invalid, Refused
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.operations import joined
from elearn.people import queries
from elearn.people.models import ERASED_NUMBER, Employment, Person
from elearn.people.queries import PersonRef
from elearn.swedish import folded
from elearn.training.meeting_models import MeetingAttendance
from elearn.training.models import (
    Attempt,
    Completion,
    CompletionRecall,
    LessonCompletion,
    TargetDecision,
)

LONGEST_REFERENCE = 100
AT_ONCE = 500  # a statement has room for some thousands of values
# What figures are counted from. Of every other table that refers to a person the person's rows go.
KEPT = (Employment, Attempt, LessonCompletion, Completion, TargetDecision, MeetingAttendance)


def emptied() -> tuple[sa.Column[int], ...]:
    """The columns, in their tables, whose rows go: all that refer to a person, but those of ``KEPT``."""
    kept = {model.__tablename__ for model in KEPT}
    return tuple(column for column in _referring() if column.table.name not in kept)


def _referring() -> list[sa.Column[int]]:
    keys = (key for table in Base.metadata.sorted_tables for key in table.foreign_keys)
    return [key.parent for key in keys if key.column.table.name == Person.__tablename__]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What erasing somebody would do. ``ids``: the person's rows, several after a joining; ``removed`` and
    ``kept``: how many rows there are in each table, by its name; ``is_done``: it has been done already."""

    person: PersonRef
    ids: tuple[int, ...]
    removed: dict[str, int]
    kept: dict[str, int]
    is_done: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that somebody has written and that still holds the name, the number or the address."""

    table: str
    column: str
    row_count: int


def plan_erasure(session: Session, number: str, today: dt.date) -> Erasure:
    """Raises ``NotFound``, and ``Refused`` for somebody with an employment that is not over: the next import
    would make another person of them, who has done nothing."""
    person = queries.person_by_number(session, number)
    ids = joined.rows_of(session, person.person_id)
    going_on = sa.or_(Employment.ends_on.is_(None), Employment.ends_on >= today)
    if session.scalar(sa.select(sa.exists().where(Employment.person_id.in_(ids), going_on))):
        raise Refused(
            f"{number} har en anställning som inte är slut och kan inte raderas: nästa inläsning skulle göra "
            "personen till en ny, som inte har gjort något. Läs in personalen utan numret först."
        )
    referring, gone = _referring(), frozenset(emptied())
    return Erasure(
        person,
        ids,
        {column.table.name: _count(session, column, ids) for column in referring if column in gone},
        {column.table.name: _count(session, column, ids) for column in referring if column not in gone},
        person.number == erased_number(person.person_id),
    )


def erased_number(person_id: int) -> str:
    """What somebody who has been erased is called."""
    return f"{ERASED_NUMBER}{person_id}"


def _count(session: Session, column: sa.Column[int], ids: Collection[int]) -> int:
    rows = sa.select(sa.func.count()).select_from(column.table).where(column.in_(ids))
    return session.scalar(rows) or 0


def erase_person(session: Session, deed: Deed, number: str, reference: str) -> tuple[Mention, ...]:
    """Erase this person by the decision with this reference; where what they were called still stands in a
    text that somebody has written. Somebody who has been erased is left as they are. Raises as
    ``plan_erasure``, and ``Invalid`` for a reference that is none or tells who it is."""
    reference = checked_reference(reference)
    plan = plan_erasure(session, number, deed.today)
    if plan.is_done:
        return ()
    person = plan.person
    told = {folded(text) for text in (person.number, person.name, person.email) if text}
    if any(text in folded(reference) for text in told):
        raise Invalid("Hänvisningen till beslutet får inte innehålla personens namn, nummer eller e-post.")
    texts = _names(session, plan.ids)
    blank(session, plan.ids)
    uploads.erase_waiting(session, deed.now)
    journal.record(
        session,
        deed,
        EntryKind.ERASED_PERSONS,
        count=1,
        persons=" ".join(map(str, plan.ids)),
        reference=reference,
    )
    return _mentions(session, texts)


def checked_reference(text: str) -> str:
    """A decision's reference as it is stored. Raises ``Invalid``."""
    reference = text.strip()
    if not reference or len(reference) > LONGEST_REFERENCE or not reference.isprintable():
        raise Invalid(
            f"Skriv beslutets beteckning med --decision, högst {LONGEST_REFERENCE} tecken: till exempel "
            "diarienumret eller punkten i dokumenthanteringsplanen."
        )
    return reference


def blank(session: Session, ids: Sequence[int]) -> None:
    """Take what these rows of persons are called, every way in, what they have begun and answered, and the
    reasons that somebody wrote about them. Recorded by the act that it is a part of."""
    for start in range(0, len(ids), AT_ONCE):
        _blank(session, ids[start : start + AT_ONCE])


def _blank(session: Session, ids: Sequence[int]) -> None:
    for column in emptied():
        session.execute(sa.delete(column.table).where(column.in_(ids)))
    own = sa.select(Completion.id).where(Completion.person_id.in_(ids))
    decisions = sa.update(TargetDecision).where(TargetDecision.person_id.in_(ids))
    changes = (
        sa.update(Attempt)
        .where(Attempt.person_id.in_(ids), Attempt.answers.is_not(None))
        .values(answers=None),
        decisions.where(TargetDecision.reason != "").values(reason=""),
        decisions.where(TargetDecision.recall_reason.is_not(None)).values(recall_reason=""),
        sa.update(CompletionRecall).where(CompletionRecall.completion_id.in_(own)).values(reason=""),
        sa.update(Person)
        .where(Person.id.in_(ids))
        .values(
            number=sa.literal(ERASED_NUMBER) + sa.cast(Person.id, sa.Text),
            first_name="",
            last_name="",
            email=None,
            password_hash=None,
            is_protected=False,
        ),
    )
    for change in changes:
        session.execute(change, execution_options={"synchronize_session": False})
    session.expire_all()


def _names(session: Session, ids: Collection[int]) -> tuple[str, ...]:
    """What the person's rows are called, as somebody may have written it."""
    rows = session.execute(
        sa.select(Person.number, Person.first_name, Person.last_name, Person.email).where(Person.id.in_(ids))
    )
    names = {
        text for row in rows for text in (row.number, f"{row.first_name} {row.last_name}".strip(), row.email)
    }
    return tuple(sorted(name for name in names if name and len(name) > 2))


def _mentions(session: Session, texts: Collection[str]) -> tuple[Mention, ...]:
    """The columns of text that hold one of these, those who are persons apart: a number may be another's."""
    found: list[Mention] = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if texts and isinstance(column.type, sa.Text) and table.name != Person.__tablename__:
                holds = sa.or_(*(column.icontains(text, autoescape=True) for text in texts))
                count = session.scalar(sa.select(sa.func.count()).select_from(table).where(holds)) or 0
                found += [Mention(table.name, column.name, count)] if count else []
    return tuple(found)
