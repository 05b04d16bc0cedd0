"""``elearn tidy``: the same erasing as every submission, for cron."""

import datetime as dt

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from elearn import clock, database
from elearn.cli import main
from elearn.identity.models import LoginFailure
from elearn.training.models import Attempt
from tests import builders
from tests.training.lessons import ASK, ASK_RIGHT, SORT, SORT_RIGHT, Learner


def test_tidy_erases_what_is_due_and_says_how_much(
    engine: sa.Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    with database.transaction(engine) as session:
        mine = Learner(session, builders.person(session).id, now - dt.timedelta(days=31))
        mine.send(ASK, ASK_RIGHT)
        mine.at(days=2).send(SORT, SORT_RIGHT)
        session.add(LoginFailure(account_hash="a", address_hash="b", failed_at=now - dt.timedelta(days=90)))
    monkeypatch.setenv("ELEARN_DATABASE_URL", database_url)
    done = CliRunner().invoke(main, ["tidy"])
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "Svar raderade från 1 försök.",
        "Gamla inloggningar och inbjudningar raderade: 1.",
        "Personalfiler som ingen har svarat på raderade: 0.",
    ]
    with database.snapshot(engine) as session:
        assert session.scalars(sa.select(Attempt.lesson).where(Attempt.answers.is_not(None))).all() == [
            SORT.key
        ]
