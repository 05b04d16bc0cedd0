"""``elearn end-decision``: once, by its number, and yesterday at the earliest."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.training.models import TargetDecision
from tests import builders
from tests.cli import commands


@pytest.fixture
def decision(engine: sa.Engine) -> int:
    with database.transaction(engine) as session:
        return builders.decide(session, builders.unit(session, "F1")).id


def end(database_url: str, *arguments: str) -> tuple[int, str]:
    done = commands.elearn("end-decision", *arguments, database_url=database_url, ELEARN_TODAY="2026-11-23")
    return done.returncode, commands.words(done)


def test_a_decision_is_ended_by_its_number(engine: sa.Engine, database_url: str, decision: int) -> None:
    number = str(decision)
    assert end(database_url, number, "i dag") == (1, "i dag är inget datum. Skriv det som 2026-12-31.\n")
    code, told = end(database_url, number, "2026-11-21")
    assert (code, told) == (1, "Sista dagen kan vara 2026-11-22 eller senare.\n")
    assert end(database_url, "99", "2026-11-22") == (1, "Det finns inget beslut 99.\n")
    assert end(database_url, number, "2026-11-22") == (
        0,
        f"Beslut {number} gäller till och med 2026-11-22.\n",
    )
    assert end(database_url, number, "2026-11-23") == (1, "Beslutet är redan avslutat.\n")
    with Session(engine) as session:
        assert str(session.get_one(TargetDecision, decision).ended_on) == "2026-11-22"
