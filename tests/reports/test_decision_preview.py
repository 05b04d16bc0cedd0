"""What a decision would change is what it changes, and the preview leaves nothing behind."""

import datetime as dt
from fractions import Fraction

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.errors import Invalid, NotFound
from elearn.journal.models import JournalEntry
from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.reports import coverage, decision_preview
from elearn.reports.decision_preview import Asking, Change, Preview
from elearn.reports.remembered import change_count
from elearn.training import decision_actions
from elearn.training.decision_actions import Tops
from elearn.training.decision_rules import NewDecision
from elearn.training.models import TargetDecision
from tests import builders
from tests.builders import TODAY

DAY = dt.timedelta(days=1)
CURRICULUM = builders.curriculum({"skola": "skola", "förskola": "forskola"})
HALF = Fraction(1, 2)


@pytest.fixture
def town(session: Session) -> dict[str, int]:
    """A department with a division and two schools; Sara works in both of them, and Mona in another
    department too. Sara is trained."""
    d = builders.unit(session, "D", UnitKind.DEPARTMENT, job_role="skola")
    o = builders.unit(session, "O", UnitKind.DIVISION, d)
    s1, s2 = (builders.unit(session, code, parent=o) for code in ("S1", "S2"))
    e = builders.unit(session, "E", UnitKind.DEPARTMENT, job_role="skola")
    sara, mona, omar = (builders.person(session, name) for name in ("Sara", "Mona", "Omar"))
    for someone, at, position in (
        (sara, s1, "Lärare"),
        (sara, s2, "Rektor"),
        (mona, s1, "Rektor"),
        (mona, e, "Handläggare"),
        (omar, s1, "Lärare"),
    ):
        builders.employ(session, someone, at, position=position)
    builders.recognise(session, sara, "skola", TODAY, TODAY.replace(year=2028))
    units = {unit.code: unit.id for unit in (d, o, s1, s2, e)}
    return units | {"sara": sara.id, "mona": mona.id, "omar": omar.id}


def asking(tops: Tops = None) -> Asking:
    return Asking(builders.deed(), tops, CURRICULUM, HALF)


def new(
    unit: int | None, person: int | None = None, position: str | None = None, starts_in: int = 0
) -> NewDecision:
    return NewDecision(unit, person, position, False, None, TODAY + starts_in * DAY, None, "Annat")


def told(changes: tuple[Change, ...]) -> list[tuple[str, tuple[int, int, int], tuple[int, int, int]]]:
    return [
        (
            one.before.code,
            (one.before.employees, one.before.target, one.before.trained),
            (one.after.employees, one.after.target, one.after.trained),
        )
        for one in changes
    ]


def test_the_unit_and_what_it_lies_under_stand_there_with_every_figure(
    session: Session, town: dict[str, int]
) -> None:
    """Sara works in another school of the department too: she leaves S1's target group and not theirs."""
    found = decision_preview.preview_new(session, asking(), new(town["S1"], position="lärare"))
    assert told(found.shown) == [
        ("D", (3, 3, 1), (3, 2, 1)),
        ("O", (3, 3, 1), (3, 2, 1)),
        ("S1", (3, 3, 1), (3, 1, 0)),
    ]
    assert [one.after.has_secured(HALF) for one in found.shown] == [True, True, False]
    assert (found.covered_count, found.held_count, found.others, found.has_changes) == (2, 2, (), True)


def test_of_a_department_the_units_that_change_stand_below(session: Session, town: dict[str, int]) -> None:
    found = decision_preview.preview_new(session, asking(), new(town["D"], position="Rektor"))
    assert told(found.shown) == [("D", (3, 3, 1), (3, 2, 1))]
    assert told(found.others) == [
        ("O", (3, 3, 1), (3, 2, 1)),
        ("S1", (3, 3, 1), (3, 2, 1)),
        ("S2", (1, 1, 1), (1, 0, 0)),
    ]
    assert found.others[-1].after.share is None


def test_of_a_person_every_unit_stands_there_in_which_it_would_hold(
    session: Session, town: dict[str, int]
) -> None:
    found = decision_preview.preview_new(session, asking(), new(None, town["mona"]))
    assert told(found.shown) == [
        ("D", (3, 3, 1), (3, 2, 1)),
        ("O", (3, 3, 1), (3, 2, 1)),
        ("S1", (3, 3, 1), (3, 2, 1)),
        ("E", (1, 1, 0), (1, 0, 0)),
    ]
    assert (found.covered_count, found.held_count) == (1, 1)
    inside = decision_preview.preview_new(session, asking(), new(town["D"], town["mona"]))
    assert [one.before.code for one in inside.shown] == ["D", "O", "S1"]


def test_one_that_covers_nobody_or_holds_for_nobody_is_told(session: Session, town: dict[str, int]) -> None:
    nobody = decision_preview.preview_new(session, asking(), new(town["S1"], position="Kock"))
    assert (nobody.covered_count, nobody.held_count, nobody.has_changes) == (0, 0, False)
    builders.decide(session, someone=session.get_one(Person, town["sara"]), is_included=True)
    weaker = decision_preview.preview_new(session, asking(), new(town["S2"]))
    assert (weaker.covered_count, weaker.held_count, weaker.has_changes) == (1, 0, False)


def test_one_that_begins_later_is_counted_on_that_day(session: Session, town: dict[str, int]) -> None:
    late = builders.person(session, "Sent")
    school = session.get_one(OrgUnit, town["S2"])
    builders.employ(session, late, school, starts_on=TODAY + 9 * DAY)
    today = decision_preview.preview_new(session, asking(), new(town["S2"]))
    later = decision_preview.preview_new(session, asking(), new(town["S2"], starts_in=9))
    assert (today.on, today.is_forecast, today.covered_count) == (TODAY, False, 1)
    assert (later.on, later.is_forecast, later.covered_count) == (TODAY + 9 * DAY, True, 2)
    assert told(later.shown)[-1] == ("S2", (2, 2, 1), (2, 0, 0))


@pytest.mark.parametrize("position", ["Rektor", None])
def test_what_is_shown_is_what_comes_of_it(
    session: Session, town: dict[str, int], position: str | None
) -> None:
    asked = new(town["O"], position=position)
    found = decision_preview.preview_new(session, asking(), asked)
    decision_actions.make_decision(session, builders.deed(), None, asked, "k")
    report = coverage.report(session, CURRICULUM, TODAY, HALF, TODAY)
    rows = {row.code: row for row in report.rows}
    for change in (*found.shown, *found.others):
        assert change.after == rows[change.after.code]
    assert {one.after.code for one in found.others} == {"S1", "S2"}


def test_ending_one_is_shown_on_the_first_day_without_it(session: Session, town: dict[str, int]) -> None:
    row = builders.decide(session, session.get_one(OrgUnit, town["S2"]))
    found = decision_preview.preview_end(session, asking(), row.id, TODAY - DAY)
    assert (found.on, found.is_forecast) == (TODAY, False)
    assert told(found.shown)[-1] == ("S2", (1, 0, 0), (1, 1, 1))
    assert (found.covered_count, found.held_count) == (1, 1)
    assert decision_preview.preview_end(session, asking(), row.id, TODAY).on == TODAY + DAY
    to_come = builders.decide(
        session, session.get_one(OrgUnit, town["S1"]), starts_on=TODAY + 5 * DAY, ends_on=TODAY + 9 * DAY
    )
    found = decision_preview.preview_end(session, asking(), to_come.id, TODAY - DAY)
    assert (found.on, told(found.shown)[-1]) == (TODAY + 5 * DAY, ("S1", (3, 0, 0), (3, 3, 1)))


def everything(session: Session) -> tuple[object, ...]:
    decisions = session.execute(sa.select(TargetDecision.__table__).order_by(TargetDecision.id)).all()
    entries = session.scalar(sa.select(sa.func.count()).select_from(JournalEntry))
    return decisions, entries, change_count(session)


def test_a_preview_leaves_nothing_behind(engine: sa.Engine, session: Session, town: dict[str, int]) -> None:
    id = builders.decide(session, session.get_one(OrgUnit, town["S2"])).id
    session.commit()
    with Session(engine) as reader:
        before = everything(reader)
    with database.transaction(engine) as writer:
        decision_preview.preview_new(writer, asking(), new(town["D"]))
        decision_preview.preview_end(writer, asking(), id, TODAY)
        assert writer.get_one(TargetDecision, id).ended_on is None
    with Session(engine) as reader:
        assert everything(reader) == before


def preview_refused(session: Session, tops: Tops, asked: NewDecision) -> Preview:
    return decision_preview.preview_new(session, asking(tops), asked)


def test_what_could_not_be_made_or_ended_is_not_shown_either(session: Session, town: dict[str, int]) -> None:
    with pytest.raises(NotFound):
        preview_refused(session, (town["E"],), new(town["S1"]))
    with pytest.raises(Invalid):
        preview_refused(session, None, new(town["S1"], starts_in=-1))
    row = builders.decide(session, session.get_one(OrgUnit, town["S2"]))
    with pytest.raises(NotFound):
        decision_preview.preview_end(session, asking((town["E"],)), row.id, TODAY)
    with pytest.raises(Invalid):
        decision_preview.preview_end(session, asking(), row.id, TODAY - 2 * DAY)
