"""Goals and surveys: the last row holds, nothing is changed, and they are in no figure."""

import datetime as dt
import json
from fractions import Fraction

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.errors import Invalid, NotFound
from elearn.journal import queries
from elearn.journal.models import EntryKind
from elearn.reports import coverage, goals
from elearn.reports.coverage import Coverage
from elearn.reports.goals import Goal, Standing, Survey
from elearn.reports.models import CommitteeGoal, SurveyResult
from tests import builders
from tests.builders import TODAY
from tests.reports import measured

NEXT = "2027-12-31"


def live(session: Session) -> Coverage:
    return coverage.report(session, measured.CURRICULUM, TODAY, measured.NINE_TENTHS, TODAY)


def standing(session: Session) -> Standing:
    [one] = goals.standings(session, live(session))
    return one


def test_a_changed_goal_is_a_new_row_and_the_last_one_holds(session: Session) -> None:
    measured.populate(session)
    assert standing(session).goal is None
    goals.set_goal(session, builders.deed(), "F", "80", "2026-12-31")
    goals.set_goal(session, builders.deed(), "F", " 82,5 % ", NEXT)
    assert standing(session).goal == Goal(Fraction(33, 40), dt.date(2027, 12, 31))
    assert session.scalar(sa.select(sa.func.count()).select_from(CommitteeGoal)) == 2
    told = [json.loads(one) for one in queries.details_of(session, EntryKind.SET_GOAL)]
    assert told[1] == {"department": "F", "share": "33/40", "by": NEXT}


@pytest.mark.parametrize(
    ("percent", "is_reached", "missing"),
    [("81,8", True, "-1/5500"), ("81,9", False, "9/11000"), ("100", False, "2/11")],
)
def test_the_goal_is_compared_exactly_with_the_actual_share(
    session: Session, percent: str, is_reached: bool, missing: str
) -> None:
    """Nine of eleven are trained: 81.8181… %, which is 0.0181… points more than 81.8 %."""
    measured.populate(session)
    goals.set_goal(session, builders.deed(), "F", percent, NEXT)
    assert (standing(session).is_reached, standing(session).missing) == (is_reached, Fraction(missing))


@pytest.mark.parametrize(
    ("percent", "by", "faults"),
    [
        ("0", NEXT, ["Målet ska vara över 0 och högst 100 procent."]),
        ("100,1", NEXT, ["Målet ska vara över 0 och högst 100 procent."]),
        ("nio", "i mars", ["Skriv målet i procent, till exempel 90.", "Skriv dagen som 2026-12-31."]),
        ("90", "2026-11-22", ["Dagen ska vara i dag eller senare."]),
        ("1e-5000", NEXT, ["Skriv målet i procent, till exempel 90."]),
        ("90/2", NEXT, ["Skriv målet i procent, till exempel 90."]),
        ("90", "20271231", ["Skriv dagen som 2026-12-31."]),
        ("90", "2027-W01-1", ["Skriv dagen som 2026-12-31."]),
    ],
)
def test_a_goal_that_cannot_be_is_refused_with_every_fault(
    session: Session, percent: str, by: str, faults: list[str]
) -> None:
    measured.populate(session)
    with pytest.raises(Invalid) as refusal:
        goals.set_goal(session, builders.deed(), "F", percent, by)
    assert list(refusal.value.faults) == faults
    assert standing(session).goal is None
    goals.set_goal(session, builders.deed(), "F", "100", TODAY.isoformat())


def test_only_a_department_has_a_goal_or_a_survey(session: Session) -> None:
    measured.populate(session)
    for code in ("F1", "X", "Ö", ""):
        with pytest.raises(NotFound):
            goals.set_goal(session, builders.deed(), code, "90", NEXT)
        with pytest.raises(NotFound):
            goals.record_survey(session, builders.deed(), code, "2022", "10", "1")


def test_surveys_come_by_year_corrected_by_a_new_row_and_are_in_no_figure(session: Session) -> None:
    measured.populate(session)
    before = live(session)
    for year, answered, yes in (("2024", "1 200", "600"), ("2022", "1000", "310"), ("2022", "1000", "300")):
        goals.record_survey(session, builders.deed(), "F", year, answered, yes)
    assert standing(session).surveys == (Survey(2022, 1000, 300), Survey(2024, 1200, 600))
    assert [one.share for one in standing(session).surveys] == [Fraction(3, 10), Fraction(1, 2)]
    assert session.scalar(sa.select(sa.func.count()).select_from(SurveyResult)) == 3
    assert live(session) == before
    told = json.loads(queries.details_of(session, EntryKind.RECORDED_SURVEY)[1])
    assert told == {"department": "F", "year": 2022, "answered": 1000, "yes": 310}


@pytest.mark.parametrize(
    ("year", "answered", "yes", "faults"),
    [
        ("2014", "1", "0", ["Året ska vara 2015 till 2026."]),
        ("2027", "1", "0", ["Året ska vara 2015 till 2026."]),
        ("2022", "0", "0", ["Skriv hur många som svarade, minst 1."]),
        ("2022", "5", "6", ["Antalet ja kan inte vara fler än antalet svar."]),
        (
            "i fjol",
            "många",
            "-1",
            [
                "Året ska vara 2015 till 2026.",
                "Skriv hur många som svarade, minst 1.",
                "Skriv hur många som svarade ja, 0 eller fler.",
            ],
        ),
    ],
)
def test_a_survey_that_cannot_be_is_refused_with_every_fault(
    session: Session, year: str, answered: str, yes: str, faults: list[str]
) -> None:
    measured.populate(session)
    with pytest.raises(Invalid) as refusal:
        goals.record_survey(session, builders.deed(), "F", year, answered, yes)
    assert list(refusal.value.faults) == faults
    for right in (("2015", "1", "1"), ("2026", "5", "5"), ("2022", "5", "0")):
        goals.record_survey(session, builders.deed(), "F", *right)


@pytest.mark.parametrize("table", ["committee_goal", "survey_result"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET recorded_by = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_them(engine: sa.Engine, table: str, statement: str) -> None:
    with database.transaction(engine) as session:
        measured.populate(session)
        goals.set_goal(session, builders.deed(), "F", "90", NEXT)
        goals.record_survey(session, builders.deed(), "F", "2022", "10", "1")
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), database.transaction(engine) as session:
        session.execute(sa.text(statement.format(table)))
