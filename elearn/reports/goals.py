"""What the committees have set out to reach, and what the surveys said: both are typed in by VPC and stand
beside the system's own figures, never in them (R42; measure.md, "Measurements").

Nothing is changed: what is typed in anew is a new row, and the last one holds."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import clock
from elearn.errors import Invalid
from elearn.journal import actions as journal
from elearn.journal.deed import Deed
from elearn.journal.models import EntryKind
from elearn.people.models import OrgUnit, UnitKind
from elearn.reports.coverage import Coverage, UnitCoverage, department_id
from elearn.reports.models import CommitteeGoal, SurveyResult

PERCENT = re.compile("[0-9]{1,3}([.][0-9]{1,9})?")
FIRST_YEAR = 2015  # no survey has asked before


@dataclass(frozen=True, slots=True)
class Goal:
    """``share``: of the target group, to be trained ``by`` that day."""

    share: Fraction
    by: dt.date


@dataclass(frozen=True, slots=True)
class Survey:
    """How many answered a year, and how many of them had been offered training."""

    year: int
    answered: int
    yes: int

    @property
    def share(self) -> Fraction:
        """Of those who answered."""
        return Fraction(self.yes, self.answered)


@dataclass(frozen=True, slots=True)
class Standing:
    """A department today, with its goal and its surveys by year."""

    row: UnitCoverage
    goal: Goal | None
    surveys: tuple[Survey, ...]

    @property
    def is_reached(self) -> bool | None:
        """Compared exactly. None without a goal or a target group."""
        return None if self.missing is None else self.missing <= 0

    @property
    def missing(self) -> Fraction | None:
        """How much of the share is missing; below nothing when there is more than the goal asks for."""
        if self.goal is None or self.row.share is None:
            return None
        return self.goal.share - self.row.share


def standings(session: Session, live: Coverage) -> list[Standing]:
    """Every department of the report, in its order."""
    goals, surveys = _goals(session), _surveys(session)
    return [
        Standing(row, goals.get(row.code), tuple(surveys.get(row.code, ())))
        for row in live.rows
        if row.kind == UnitKind.DEPARTMENT
    ]


def set_goal(session: Session, deed: Deed, department: str, percent: str, by: str) -> None:
    """A department's own goal, in per cent, to be reached by a day from today on. A changed goal is a new
    row. Raises ``Invalid`` with every fault, ``NotFound`` for a code that is no department."""
    unit_id = department_id(session, department)
    share, day = _share(percent), _day(by, deed.today)
    if not isinstance(share, Fraction) or not isinstance(day, dt.date):
        raise Invalid(*(sentence for _field, sentence in goal_faults(percent, by, deed.today)))
    session.add(
        CommitteeGoal(
            unit_id=unit_id,
            share=str(share),
            reached_by=day,
            recorded_at=deed.now,
            recorded_by=str(deed.actor),
        )
    )
    session.flush()
    journal.record(
        session, deed, EntryKind.SET_GOAL, department=department, share=str(share), by=day.isoformat()
    )


def record_survey(session: Session, deed: Deed, department: str, year: str, answered: str, yes: str) -> None:
    """What a department's employees answered a year. Corrected figures are a new row. Raises ``Invalid`` with
    every fault, ``NotFound`` for a code that is no department."""
    unit_id = department_id(session, department)
    if faults := survey_faults(year, answered, yes, deed.today):
        raise Invalid(*(sentence for _field, sentence in faults))
    told = [_number(text) or 0 for text in (year, answered, yes)]
    session.add(
        SurveyResult(
            unit_id=unit_id,
            year=told[0],
            answered=told[1],
            yes=told[2],
            recorded_at=deed.now,
            recorded_by=str(deed.actor),
        )
    )
    session.flush()
    journal.record(
        session,
        deed,
        EntryKind.RECORDED_SURVEY,
        department=department,
        year=told[0],
        answered=told[1],
        yes=told[2],
    )


def _share(text: str) -> Fraction | str:
    """A goal's share, or what is wrong with it."""
    written = text.strip().removesuffix("%").strip().replace(",", ".")
    if not PERCENT.fullmatch(written):
        return "Skriv målet i procent, till exempel 90."
    share = Fraction(written) / 100
    return share if 0 < share <= 1 else "Målet ska vara över 0 och högst 100 procent."


def _day(text: str, today: dt.date) -> dt.date | str:
    try:
        day = clock.read_day(text)
    except clock.FarAwayError as error:
        return str(error)
    except ValueError:
        return f"Skriv dagen som {today.replace(month=12, day=31).isoformat()}."
    return day if day >= today else "Dagen ska vara i dag eller senare."


def _number(text: str) -> int | None:
    digits = text.strip().replace("\u00a0", "").replace(" ", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else None


def goal_faults(percent: str, by: str, today: dt.date) -> list[tuple[str, str]]:
    """(field, sentence) for each thing that is wrong with a goal as it was typed."""
    read = (("andel", _share(percent)), ("dag", _day(by, today)))
    return [(field, fault) for field, fault in read if isinstance(fault, str)]


def survey_faults(year: str, answered: str, yes: str, today: dt.date) -> list[tuple[str, str]]:
    """(field, sentence) for each thing that is wrong with a survey's answers as they were typed."""
    return list(_survey_faults(_number(year), _number(answered), _number(yes), today.year))


def _survey_faults(
    year: int | None, answered: int | None, yes: int | None, this_year: int
) -> Iterable[tuple[str, str]]:
    if year is None or not FIRST_YEAR <= year <= this_year:
        yield "ar", f"Året ska vara {FIRST_YEAR} till {this_year}."
    if not answered:
        yield "svar", "Skriv hur många som svarade, minst 1."
    if yes is None:
        yield "ja", "Skriv hur många som svarade ja, 0 eller fler."
    elif answered and yes > answered:
        yield "ja", "Antalet ja kan inte vara fler än antalet svar."


def _goals(session: Session) -> dict[str, Goal]:
    """The last one of each department, by its code."""
    found = session.execute(
        sa.select(OrgUnit.code, CommitteeGoal.share, CommitteeGoal.reached_by)
        .join(OrgUnit, OrgUnit.id == CommitteeGoal.unit_id)
        .order_by(CommitteeGoal.id)
    )
    return {code: Goal(Fraction(share), by) for code, share, by in found}


def _surveys(session: Session) -> dict[str, list[Survey]]:
    """The last figures of each department and year, by the department's code and then by year."""
    found = session.execute(
        sa.select(OrgUnit.code, SurveyResult.year, SurveyResult.answered, SurveyResult.yes)
        .join(OrgUnit, OrgUnit.id == SurveyResult.unit_id)
        .order_by(SurveyResult.id)
    )
    last = {(code, year): Survey(year, answered, yes) for code, year, answered, yes in found}
    by_code: dict[str, list[Survey]] = {}
    for (code, _year), survey in sorted(last.items()):
        by_code.setdefault(code, []).append(survey)
    return by_code
