"""A measurement stands whatever happens afterwards, and a change behind the program's back is found."""

import datetime as dt
from fractions import Fraction
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn import database
from elearn.errors import NotFound, Refused
from elearn.people.models import Employment, OrgUnit, Person, UnitKind
from elearn.reports import coverage, export, measurement, measurements
from elearn.reports.measurements import RememberedMeasures
from elearn.training.curriculum import Curriculum, RequiredCourse
from tests import builders
from tests.builders import TODAY
from tests.reports import measured
from tests.reports.measured import ON, freeze, tamper


@pytest.fixture
def frozen(engine: sa.Engine) -> sa.Engine:
    """The municipality with two measurements."""
    with database.transaction(engine) as session:
        measured.populate(session)
        freeze(session, on=ON)
        freeze(session, on=dt.date(2026, 1, 2), name="Första")
    return engine


def change_the_world(engine: sa.Engine) -> Curriculum:
    """A person is erased, a unit is moved and renamed, one is closed, a course is rewritten."""
    with database.transaction(engine) as session:
        someone = session.scalars(sa.select(Person)).first()
        assert someone
        someone.first_name = someone.last_name = ""
        someone.number, someone.email = "raderad-1", None
        session.execute(sa.delete(Employment).where(Employment.person_id == someone.id))
        other = builders.unit(session, "N", UnitKind.DEPARTMENT, name="Ny förvaltning")
        [unit] = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "F1"))
        unit.parent_id, unit.name, unit.job_role = other.id, "Nytt namn", "skola"
        [closed] = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "F2"))
        closed.ends_on = dt.date(2020, 1, 1)
    return Curriculum((RequiredCourse("förskola", "en-annan-kurs", 6, Fraction(1)),))


def test_what_is_frozen_stands_to_the_byte_when_all_else_changes(frozen: sa.Engine) -> None:
    def files() -> list[tuple[bytes, str, object]]:
        with database.snapshot(frozen) as session:
            kept = [measurements.load(session, id) for id in (1, 2)]
        return [(export.to_csv(one.coverage), export.to_json(one.coverage), one) for one in kept]

    before = files()
    curriculum = change_the_world(frozen)
    assert files() == before
    with database.snapshot(frozen) as session:
        assert all(not check.faults for check in measurements.check(session))
        now = coverage.report(session, curriculum, ON, Fraction(8, 10), TODAY)
    assert export.to_csv(now) != before[0][0]


def test_measurements_come_by_date_and_then_as_they_were_frozen(frozen: sa.Engine) -> None:
    with database.transaction(frozen) as session:
        freeze(session, on=ON)
        assert measurements.ids(session) == [2, 1, 3]


def test_an_id_that_is_none_is_told(frozen: sa.Engine) -> None:
    with database.snapshot(frozen) as session, pytest.raises(NotFound, match="ingen mätning 3"):
        measurements.load(session, 3)


CHANGES = [
    "UPDATE measurement_row SET trained = trained + 1, not_started = not_started - 1 WHERE measurement_id = 1 AND code = 'F1'",
    "UPDATE measurement_row SET committee = 'En annan nämnd' WHERE measurement_id = 1 AND code = 'F'",
    "UPDATE measurement SET threshold = '4/5' WHERE id = 1",
    "UPDATE measurement SET name = 'Årsuppföljning 2020' WHERE id = 1",
    "UPDATE measurement SET measured_on = '2026-11-19' WHERE id = 1",
    "UPDATE measurement SET frozen_by = 'person:99' WHERE id = 1",
    "UPDATE measurement SET curriculum = '[]' WHERE id = 1",
    "DELETE FROM measurement_row WHERE measurement_id = 1 AND code = 'F2'",
]
UNREADABLE = [
    "UPDATE measurement SET threshold = 'nio tiondelar' WHERE id = 1",
    "UPDATE measurement SET threshold = '9/0' WHERE id = 1",
    "UPDATE measurement SET curriculum = 'x' WHERE id = 1",
    "UPDATE measurement SET curriculum = '{\"a\": 1}' WHERE id = 1",
    "UPDATE measurement SET curriculum = '[{}]' WHERE id = 1",
    "UPDATE measurement_row SET kind = 'planet' WHERE measurement_id = 1",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_behind_the_programs_back_is_found(frozen: sa.Engine, change: str) -> None:
    tamper(frozen, change)
    with database.snapshot(frozen) as session:
        checks = {check.id: check.faults for check in measurements.check(session)}
        assert not measurements.load(session, 1).is_whole
    assert checks == {
        1: ("Mätning 1 är ändrad sedan den frystes: kontrollsumman stämmer inte.",),
        2: (),
    }


@pytest.mark.parametrize("change", UNREADABLE)
def test_what_cannot_be_read_any_more_is_told_as_changed(frozen: sa.Engine, change: str) -> None:
    tamper(frozen, change)
    sentence = "Mätning 1 går inte att läsa: den är ändrad sedan den frystes."
    with database.snapshot(frozen) as session:
        assert {check.id: check.faults for check in measurements.check(session)} == {1: (sentence,), 2: ()}
        with pytest.raises(Refused, match=sentence):
            measurements.load(session, 1)


def test_a_checksum_made_anew_after_a_change_does_not_match_the_journal(frozen: sa.Engine) -> None:
    tamper(frozen, "UPDATE measurement SET name = 'Annat' WHERE id = 1")
    with database.snapshot(frozen) as session:
        made_anew = measurement.checksum(measurements.load(session, 1))
    with database.transaction(frozen) as session:
        session.execute(sa.text("UPDATE measurement SET checksum = :sum WHERE id = 1"), {"sum": made_anew})
    with database.snapshot(frozen) as session:
        assert measurements.load(session, 1).is_whole
        [_, first] = measurements.check(session)
    assert first.faults == (
        "Mätning 1 har en annan kontrollsumma än den som journalen fick när den frystes.",
    )


def test_a_measurement_that_was_taken_away_is_missed(frozen: sa.Engine) -> None:
    tamper(
        frozen, "DELETE FROM measurement_row WHERE measurement_id = 2", "DELETE FROM measurement WHERE id = 2"
    )
    with database.snapshot(frozen) as session:
        checks = {check.id: check.faults for check in measurements.check(session)}
    assert checks == {1: (), 2: ("Mätning 2 är borttagen. Journalen säger att den frystes.",)}


def crowd(session: Session, code: str, trained_count: int) -> None:
    """A department whose one unit has 20 in its target group: nothing of it has to be hidden."""
    department = builders.unit(session, code, UnitKind.DEPARTMENT)
    unit = builders.unit(session, f"{code}1", UnitKind.UNIT, department, "förskola")
    for number in range(20):
        someone = builders.person(session)
        builders.employ(session, someone, unit)
        if number < trained_count:
            builders.recognise(session, someone, "forskola", dt.date(2025, 1, 1), dt.date(2028, 1, 1), code)


def test_everybody_may_read_the_measure_of_those_that_are_given_out_and_hide_nobody(
    engine: sa.Engine,
) -> None:
    memory, threshold = RememberedMeasures(), Fraction(9, 10)

    def told() -> list[int]:
        with database.snapshot(engine) as session:
            assert len(memory.all(session, threshold)) == len(measurements.ids(session))
            return [one.head.id for one in memory.public(session, threshold, 5)]

    with database.transaction(engine) as session:
        crowd(session, "A", 20)
        crowd(session, "B", 10)
        for on in ("2026-01-01", "2026-01-30", "2026-01-31", "2026-03-02"):
            freeze(session, on=dt.date.fromisoformat(on))
    assert told() == [1, 3, 4], (
        "the second is 29 days from the first, the others 30 from one that is given out"
    )
    with database.transaction(engine) as session:
        crowd(session, "C", 19)
        freeze(session, on=dt.date(2026, 6, 1))
    assert told() == [1, 3, 4], "one of C is not trained: whether C has secured it cannot be told"
    with database.snapshot(engine) as session:
        assert memory.public(session, Fraction(8, 10), 5) == [], "frozen with another threshold"


def test_of_two_that_are_close_the_one_frozen_first_is_given_out() -> None:
    def days(*found: str) -> list[int]:
        ones = [SimpleNamespace(id=id, on=dt.date.fromisoformat(day)) for id, day in enumerate(found, 1)]
        return [one.id for one in measurements.given_out(reversed(ones))]

    assert days("2026-02-01", "2026-01-15") == [1]
    assert days("2026-01-01", "2026-01-30") == [1]
    assert days("2026-01-01", "2026-01-31") == [1, 2]
    assert days("2026-01-31", "2026-01-01", "2026-01-16") == [1, 2]
    assert days("2026-01-01", "2026-01-20", "2026-02-10") == [1, 3], "the second keeps nobody out"
