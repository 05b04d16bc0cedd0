"""Answers that are kept for review take the shape of a reply: question id -> [row, value] …"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_replies"
down_revision = "2026_11_30_journal"


def upgrade() -> None:
    attempt = sa.table(
        "attempt", sa.column("id", sa.Integer), sa.column("answers", sa.JSON(none_as_null=True))
    )
    connection = op.get_bind()
    kept = connection.execute(
        sa.select(attempt.c.id, attempt.c.answers).where(attempt.c.answers.is_not(None))
    )
    for id, answers in kept.all():
        pairs = {question_id: as_pairs(answer) for question_id, answer in answers.items()}
        connection.execute(sa.update(attempt).where(attempt.c.id == id).values(answers=pairs))


def as_pairs(answer: object) -> list[list[str]]:
    """A choice, several choices, rows with their values, or nothing: as [row, value] …"""
    if isinstance(answer, dict):
        return sorted([row, value] for row, value in answer.items())
    if isinstance(answer, list):
        return sorted(["", key] for key in answer)
    return [["", str(answer)]] if answer else []
