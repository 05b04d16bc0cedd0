"""What the tables themselves promise."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.training.models import Attempt, Completion
from tests import builders

UNTIL = dt.date(2028, 11, 23)


@pytest.fixture
def completion(session: Session) -> Completion:
    row = builders.recognise(session, builders.person(session), "f", builders.TODAY, UNTIL)
    session.commit()
    return row


@pytest.mark.parametrize(
    "statement",
    [
        sa.update(Completion).values(completed_on=dt.date(2020, 1, 1)),
        sa.update(Completion).values(valid_until=UNTIL),
        sa.update(Completion).values(person_id=Completion.person_id),
        sa.delete(Completion),
    ],
    ids=["another date", "the same date", "the same person", "delete"],
)
def test_a_completion_is_neither_changed_nor_deleted(
    session: Session, completion: Completion, statement: sa.Update
) -> None:
    """S45: the database refuses, whoever asks."""
    with pytest.raises(sa.exc.DBAPIError, match="a completion is never changed"):
        session.execute(statement)
    session.rollback()
    kept = session.execute(sa.select(Completion.completed_on, Completion.valid_until)).one()
    assert tuple(kept) == (builders.TODAY, UNTIL)


def test_a_completion_is_not_put_in_again_in_place_of_the_one_that_stands(sqlite_url: str) -> None:
    """S45: on SQLite, where INSERT OR REPLACE would take the first away without a word."""
    engine = database.make_engine(sqlite_url)
    with database.transaction(engine) as session:
        builders.recognise(session, builders.person(session), "skola", builders.TODAY, UNTIL)
    names = [column.name for column in Completion.__table__.columns]
    told = ", ".join("'2020-01-01'" if name == "completed_on" else name for name in names)
    again = f"INSERT OR REPLACE INTO completion ({', '.join(names)}) SELECT {told} FROM completion"  # noqa: S608
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), database.transaction(engine) as session:
        session.execute(sa.text(again))
    with database.snapshot(engine) as session:
        assert session.scalars(sa.select(Completion.completed_on)).one() == builders.TODAY


def test_an_attempt_says_itself_when_its_answers_are_due(session: Session) -> None:
    row = Attempt(
        person_id=builders.person(session).id,
        course="f",
        lesson="f/a",
        number=1,
        edition=1,
        lesson_hash="1",
        right_count=1,
        asked_count=1,
        has_passed=True,
        submitted_on=builders.TODAY,
        submitted_at=builders.NOW,
        answers={"q": "q-a"},
    )
    session.add(row)
    session.flush()
    session.expire(row)
    assert row.answers_due_at == builders.NOW + dt.timedelta(days=30)
