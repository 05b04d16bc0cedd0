"""Coverage and the measure, rule by rule: what the random comparison does not name."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn.errors import NotFound
from elearn.people.models import OrgUnit, Person, UnitKind
from elearn.reports import coverage
from elearn.reports.coverage import Coverage, Tally, UnitCoverage
from elearn.training.models import CompletionRecall
from tests import builders
from tests.builders import NOW, TODAY

CURRICULUM = builders.curriculum({"förskola": "forskola", "skola": "skola"})
NINE_TENTHS = Fraction(9, 10)
DAY = dt.timedelta(days=1)
LONG_AGO, FAR_AHEAD = dt.date(2020, 1, 1), dt.date(2030, 1, 1)


def row(target: int, trained: int, kind: UnitKind = UnitKind.UNIT, code: str = "U") -> UnitCoverage:
    return builders.unit_coverage(code, target, trained, kind)


def report(session: Session, on: dt.date = TODAY, department: str | None = None) -> Coverage:
    tops = None if department is None else (coverage.department_id(session, department),)
    return coverage.report(session, CURRICULUM, on, NINE_TENTHS, TODAY, tops)


def figures(session: Session, code: str, on: dt.date = TODAY) -> UnitCoverage:
    [found] = [row for row in report(session, on).rows if row.code == code]
    return found


def employed(session: Session, *units: OrgUnit, job_role: str | None = None) -> Person:
    someone = builders.person(session)
    for at in units:
        builders.employ(session, someone, at, job_role)
    return someone


@pytest.mark.parametrize(
    ("trained", "target", "shown"),
    [
        (2, 3, "66.7"),
        (1, 16, "6.3"),
        (1, 2000, "0.1"),
        (1, 2001, "0.0"),
        (8996, 10_000, "90.0"),
        (8994, 10_000, "89.9"),
        (0, 7, "0.0"),
        (7, 7, "100.0"),
        (1999, 2000, "100.0"),
    ],
)
def test_a_percentage_has_one_decimal_rounded_half_up(trained: int, target: int, shown: str) -> None:
    """Rule 11."""
    assert str(row(target, trained).percent) == shown


@given(st.integers(1, 10_000).flatmap(lambda target: st.tuples(st.integers(0, target), st.just(target))))
def test_a_percentage_is_the_nearest_one_with_one_decimal(numbers: tuple[int, int]) -> None:
    trained, target = numbers
    assert row(target, trained).percent == Decimal((2000 * trained + target) // (2 * target)) / 10


@pytest.mark.parametrize(
    ("trained", "target", "threshold", "expected"),
    [
        (8996, 10_000, "0.9", False),
        (9, 10, "0.9", True),
        (2, 3, "0.667", False),
        (2, 3, "0.6666", True),
        (7, 10, "0.7", True),
        (699, 1000, "0.7", False),
        (1999, 2000, "1", False),
        (2000, 2000, "1", True),
        (0, 3, "0.01", False),
    ],
)
def test_secured_is_compared_exactly_and_never_by_what_is_shown(
    trained: int, target: int, threshold: str, expected: bool
) -> None:
    """Rule 8: 89.96 % is shown as 90,0 % and has not reached 90 %."""
    assert row(target, trained).has_secured(Fraction(threshold)) is expected


def test_without_a_target_group_there_is_no_share_and_nothing_is_secured_or_not() -> None:
    """Rule 7: never 0, never 100."""
    empty = row(0, 0)
    assert (empty.share, empty.percent, empty.has_secured(Fraction(1, 100))) == (None, None, None)


def test_the_measure_counts_departments_and_units_that_have_a_target_group() -> None:
    """Rule 9: no divisions, no externals."""
    kinds = [
        UnitKind.DEPARTMENT,
        UnitKind.DEPARTMENT,
        UnitKind.DIVISION,
        UnitKind.UNIT,
        UnitKind.UNIT,
        UnitKind.UNIT,
        UnitKind.EXTERNAL,
    ]
    numbers = [(10, 9), (10, 8), (10, 10), (10, 10), (10, 5), (0, 0), (10, 10)]
    rows = tuple(row(target, trained, kind) for kind, (target, trained) in zip(kinds, numbers, strict=True))
    found = Coverage(TODAY, NINE_TENTHS, is_forecast=False, rows=rows)
    assert (found.measure.departments, found.measure.units, found.measure.both) == (
        Tally(1, 2),
        Tally(1, 2),
        Tally(2, 4),
    )
    assert [found.measure_at(at).both for at in coverage.SENSITIVITY] == [
        Tally(3, 4),
        Tally(2, 4),
        Tally(1, 4),
    ]
    assert found.measure.both.share == Fraction(1, 2)
    assert Tally(0, 0).share is None


def test_a_person_with_two_jobs_is_once_in_each_unit_and_once_above(session: Session) -> None:
    """Rule 6."""
    top = builders.unit(session, "D", UnitKind.DEPARTMENT)
    one, other = (
        builders.unit(session, "U1", parent=top, job_role="skola"),
        builders.unit(session, "U2", parent=top, job_role="förskola"),
    )
    someone = employed(session, one, other)
    builders.recognise(session, someone, "skola", LONG_AGO, FAR_AHEAD)
    assert [
        (figures(session, code).target, figures(session, code).trained) for code in ("D", "U1", "U2")
    ] == [(1, 0), (1, 1), (1, 0)]
    assert figures(session, "D").started == 1
    builders.recognise(session, someone, "forskola", LONG_AGO, FAR_AHEAD)
    assert figures(session, "D").trained == 1


def test_the_same_course_for_two_jobs_is_taken_once(session: Session) -> None:
    one, other = (
        builders.unit(session, "U1", job_role="skola"),
        builders.unit(session, "U2", job_role="skola"),
    )
    builders.recognise(session, employed(session, one, other), "skola", LONG_AGO, FAR_AHEAD)
    assert [figures(session, code).trained for code in ("U1", "U2")] == [1, 1]


def test_a_completion_is_valid_from_its_day_to_its_last(session: Session) -> None:
    """Rule 5."""
    at = builders.unit(session, "U", job_role="skola")
    builders.recognise(session, employed(session, at), "skola", TODAY - DAY, TODAY + DAY)
    found = [figures(session, "U", TODAY + offset * DAY) for offset in (-2, -1, 1, 2)]
    assert [(one.not_started, one.trained, one.expired) for one in found] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]


def test_a_recalled_completion_is_no_progress_either(session: Session) -> None:
    at = builders.unit(session, "U", job_role="skola")
    wrong = builders.recognise(session, employed(session, at), "skola", LONG_AGO, FAR_AHEAD)
    assert figures(session, "U").trained == 1
    session.add(
        CompletionRecall(completion_id=wrong.id, reason="Fel person", recalled_by="VPC", recalled_at=NOW)
    )
    session.flush()
    found = figures(session, "U")
    assert (found.target, found.trained, found.expired, found.started, found.not_started) == (1, 0, 0, 0, 1)


def test_who_is_outside_is_counted_by_the_first_reason_and_the_sums_always_hold(session: Session) -> None:
    top = builders.unit(session, "D", UnitKind.DEPARTMENT)
    without, cook = (
        builders.unit(session, "U1", parent=top),
        builders.unit(session, "U2", parent=top, job_role="kock"),
    )
    employed(session, without)
    employed(session, without, cook)
    builders.exempt(session, employed(session, without, cook), cook)
    employed(session, without, builders.unit(session, "U3", parent=top, job_role="skola"))
    found = figures(session, "D")
    assert (
        found.employees,
        found.target,
        found.exempt,
        found.external,
        found.without_course,
        found.without_role,
    ) == (4, 1, 1, 0, 1, 1)


def test_parents_stand_before_children_and_siblings_in_swedish_order_with_externals_last(
    session: Session,
) -> None:
    builders.unit(session, "X", UnitKind.EXTERNAL, name="Alfa kvinnojour")
    for code, name in (("E", "Östra"), ("B", "ängen"), ("C", "Åsen"), ("D", "Zonen"), ("A", "Östra")):
        builders.unit(session, code, UnitKind.DEPARTMENT, name=name)
    division = builders.unit(
        session, "D1", UnitKind.DIVISION, session.query(OrgUnit).filter_by(code="D").one(), name="Örnen"
    )
    builders.unit(session, "D11", parent=division, name="Abborren")
    builders.unit(session, "D2", parent=session.query(OrgUnit).filter_by(code="D").one(), name="Aspen")
    found = report(session).rows
    assert [(row.code, row.depth) for row in found] == [
        ("D", 0),
        ("D2", 1),
        ("D1", 1),
        ("D11", 2),
        ("C", 0),
        ("B", 0),
        ("A", 0),
        ("E", 0),
        ("X", 0),
    ]


def test_a_unit_is_in_the_report_to_its_last_day_and_its_people_stay_counted_above(session: Session) -> None:
    """Rule 10."""
    top = builders.unit(session, "D", UnitKind.DEPARTMENT)
    closing = builders.unit(session, "U1", parent=top, job_role="skola", ends_on=TODAY)
    builders.unit(session, "U11", parent=closing)
    employed(session, closing)
    assert [row.code for row in report(session, TODAY).rows] == ["D", "U1", "U11"]
    after = report(session, TODAY + DAY).rows
    assert sorted((row.code, row.depth) for row in after) == [("D", 0), ("U11", 0)]
    assert figures(session, "D", TODAY + DAY).target == 1


def test_a_date_after_today_is_a_forecast(session: Session) -> None:
    assert [report(session, TODAY + offset * DAY).is_forecast for offset in (-1, 0, 1)] == [
        False,
        False,
        True,
    ]


def test_an_empty_municipality_and_an_empty_catalogue_have_a_report(session: Session) -> None:
    assert report(session).rows == ()
    employed(session, builders.unit(session, "U", job_role="skola"))
    [found] = coverage.report(session, builders.curriculum({}), TODAY, NINE_TENTHS, TODAY).rows
    assert (found.employees, found.target, found.without_course) == (1, 0, 1)


def test_a_department_alone_has_its_own_units_and_its_own_measure(session: Session) -> None:
    """S4: nothing of the others."""
    for name in ("D", "E"):
        top = builders.unit(session, name, UnitKind.DEPARTMENT, job_role="skola")
        someone = employed(session, builders.unit(session, f"{name}1", parent=top))
        if name == "D":
            builders.recognise(session, someone, "skola", LONG_AGO, FAR_AHEAD)
    found = report(session, department="D")
    assert [row.code for row in found.rows] == ["D", "D1"]
    assert found.measure.both == Tally(2, 2)


@pytest.mark.parametrize("code", ["finns-inte", "D1", "X", ""])
def test_a_code_that_is_no_department_is_refused(session: Session, code: str) -> None:
    builders.unit(session, "D1", parent=builders.unit(session, "D", UnitKind.DEPARTMENT))
    builders.unit(session, "X", UnitKind.EXTERNAL)
    with pytest.raises(NotFound, match="ingen förvaltning med koden"):
        report(session, department=code)
