"""How often each choice is made, by nobody in particular (architecture.md, "What is stored about a person's
answers")."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from elearn.content.course import Question
from elearn.training.models import AnswerTally
from elearn.training.replies import Reply

KEY = ("question_id", "choice_key", "course", "is_first_attempt")


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
    """Add one to each choice, in one statement with its rows in key order: two that meet do not wait for each
    other."""
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
    if not rows:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    one_more = {"count": AnswerTally.count + sa.literal(1)}
    session.execute(insert(AnswerTally).values(rows).on_conflict_do_update(index_elements=KEY, set_=one_more))
