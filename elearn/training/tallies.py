"""How often each choice is made and each question answered rightly, by nobody in particular (architecture.md,
"What is stored about a person's answers").

What is looked at is a copy, kept for each question in each course. It is made when ten have answered, and
anew when ten more have: no two copies that anybody can compare differ by fewer than ten answers. Everything
that is shown is worked out from these copies, so that no sum can tell more than they do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from elearn.content.course import Question
from elearn.database import Base
from elearn.training import grading
from elearn.training.models import AnswerTally, QuestionTally, ShownTally
from elearn.training.replies import Reply

KEY = ("question_id", "choice_key", "course", "is_first_attempt")
QUESTION_KEY = ("question_id", "course")
SMALLEST_GROUP = 10  # answers, of as many persons: each is counted once at the first attempt


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """What may be shown of one question in one course. ``choices``: how many chose each, by choice key."""

    question_id: str
    course: str
    answered_count: int
    right_count: int
    choices: Mapping[str, int]


def count_reply(
    session: Session, course: str, questions: Sequence[Question], reply: Reply, *, is_first_attempt: bool
) -> None:
    """Count what was answered to these questions, and renew the copies that are due."""
    add_answers(session, course, choices_made(questions, reply), is_first_attempt)
    if not is_first_attempt:
        return
    answered = [question for question in questions if reply.to(question)]
    _add_judgements(session, course, answered, reply)
    renew_shown(session, course, [question.id for question in answered])


def choices_made(questions: Iterable[Question], reply: Reply) -> tuple[tuple[str, str], ...]:
    """(question id, choice key) once each, in key order; for a question with rows the key is
    ``row=choice``."""
    made = {
        (question.id, f"{row}={value}" if row else value)
        for question in questions
        for row, value in reply.to(question)
    }
    return tuple(sorted(made))


def add_answers(
    session: Session, course: str, made: Iterable[tuple[str, str]], is_first_attempt: bool
) -> None:
    """Add one to each choice. They come in key order."""
    rows = [
        {
            "question_id": question_id,
            "choice_key": key,
            "course": course,
            "is_first_attempt": is_first_attempt,
            "count": 1,
        }
        for question_id, key in made
    ]
    _upsert(session, AnswerTally, rows, KEY, adds=("count",))


def _add_judgements(session: Session, course: str, answered: Iterable[Question], reply: Reply) -> None:
    rows = [
        {
            "question_id": question.id,
            "course": course,
            "answered_count": 1,
            "right_count": int(bool(grading.result(question, reply).is_right)),
        }
        for question in sorted(answered, key=lambda question: question.id)
    ]
    _upsert(session, QuestionTally, rows, QUESTION_KEY, adds=("answered_count", "right_count"))


def renew_shown(session: Session, course: str, question_ids: Sequence[str]) -> None:
    """Copy the tallies of those of these questions that at least ten more have answered since the copy. Their
    own rows are locked by whoever has just counted an answer, so no two renew one copy."""
    joined = sa.and_(
        ShownTally.question_id == QuestionTally.question_id, ShownTally.course == QuestionTally.course
    )
    shown_count = sa.func.coalesce(ShownTally.answered_count, 0)
    due = session.execute(
        sa.select(QuestionTally.question_id, QuestionTally.answered_count, QuestionTally.right_count)
        .outerjoin(ShownTally, joined)
        .where(QuestionTally.course == course, QuestionTally.question_id.in_(question_ids))
        .where(QuestionTally.answered_count - shown_count >= SMALLEST_GROUP)
        .order_by(QuestionTally.question_id)
    ).all()
    if not due:
        return
    choices = _choices(session, course, [row.question_id for row in due])
    rows = [{**row._mapping, "course": course, "choices": choices[row.question_id]} for row in due]
    _upsert(session, ShownTally, rows, QUESTION_KEY, sets=("answered_count", "right_count", "choices"))


def _choices(session: Session, course: str, question_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {question_id: {} for question_id in question_ids}
    rows = session.execute(
        sa.select(AnswerTally.question_id, AnswerTally.choice_key, AnswerTally.count)
        .where(AnswerTally.course == course, AnswerTally.is_first_attempt)
        .where(AnswerTally.question_id.in_(question_ids))
        .order_by(AnswerTally.choice_key)
    )
    for question_id, key, count in rows:
        found[question_id][key] = count
    return found


def _upsert(
    session: Session,
    model: type[Base],
    rows: Sequence[Mapping[str, object]],
    key: Sequence[str],
    adds: Sequence[str] = (),
    sets: Sequence[str] = (),
) -> None:
    """One statement with its rows in key order, so that two that meet do not wait for each other. Of a row
    that is there already these columns are added to, or set."""
    if not rows:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(model).values(rows)
    there = model.__table__.c
    changed = {name: there[name] + statement.excluded[name] for name in adds}
    changed |= {name: statement.excluded[name] for name in sets}
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))


def shown(session: Session) -> tuple[ShownQuestion, ...]:
    """Every copy, by question and course."""
    columns = (
        ShownTally.question_id,
        ShownTally.course,
        ShownTally.answered_count,
        ShownTally.right_count,
        ShownTally.choices,
    )
    rows = session.execute(sa.select(*columns).order_by(ShownTally.question_id, ShownTally.course))
    return tuple(ShownQuestion(*row) for row in rows)
