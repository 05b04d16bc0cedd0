"""What a report is about and what it finds: pure, from coverage alone."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.errors import NotFound
from elearn.people.models import UnitKind
from elearn.reports import committee_report
from elearn.reports.committee_report import Scope
from tests.builders import unit_coverage
from tests.reports import reported
from tests.reports.reported import ORIGIN


@pytest.mark.parametrize(
    "asked",
    ["Kultur- och fritidsnämnden", " kultur- och FRITIDSNÄMNDEN ", "kultur- och fritidsna\u0308mnden"],
)
def test_a_committee_is_every_department_with_its_label_without_case_and_outer_blanks(asked: str) -> None:
    found = committee_report.make(reported.small(), ORIGIN, committee=asked)
    assert (found.scope, found.name) == (Scope.COMMITTEE, "Kultur- och fritidsnämnden")
    assert [row.code for row in found.coverage.rows] == ["K", "K1", "K2", "F", "FO", "FO1", "FO2", "F1", "F2"]
    assert (found.coverage.measure.departments.secured, found.coverage.measure.departments.with_target) == (
        1,
        2,
    )
    assert (found.coverage.measure.units.secured, found.coverage.measure.units.with_target) == (2, 5)


def test_a_department_is_its_own_rows() -> None:
    found = committee_report.make(reported.small(), ORIGIN, department="F")
    assert (found.scope, found.name) == (Scope.DEPARTMENT, "Fritidsförvaltningen")
    assert [row.code for row in found.coverage.rows] == ["F", "FO", "FO1", "FO2", "F1", "F2"]
    assert found.single == found.coverage.rows[0]


def test_without_either_it_is_the_whole_municipality_also_with_a_single_department() -> None:
    coverage = reported.small()
    found = committee_report.make(coverage, ORIGIN)
    assert (found.scope, found.name, found.coverage) == (Scope.WHOLE, "Botkyrka kommun", coverage)
    one = reported.coverage(reported.department("D", "D", None, 1, 1))
    assert committee_report.make(one, ORIGIN).single is None


@pytest.mark.parametrize(
    "asked",
    [{"department": ""}, {"department": "K1"}, {"department": "X"}, {"department": "finns-inte"},
     {"committee": ""}, {"committee": "  "}, {"committee": "Nämnden"}],
)  # fmt: skip
def test_what_is_no_department_or_committee_is_refused_and_never_everything(asked: dict[str, str]) -> None:
    coverage = reported.small()
    unlabelled = reported.department("U", "Utan nämnd", None, 5, 5)
    with pytest.raises(NotFound):
        committee_report.make(replace(coverage, rows=coverage.rows + unlabelled), ORIGIN, **asked)


def test_the_committees_are_told_once_each_in_swedish_order() -> None:
    labels = ["Öppna nämnden", "Arbetsnämnden", "ARBETSNÄMNDEN ", None, "  ", "Ängnämnden"]
    rows = [reported.department(str(n), str(n), label, 1, 1) for n, label in enumerate(labels)]
    found = committee_report.committees(reported.coverage(*rows))
    assert [name.casefold() for name in found] == ["arbetsnämnden", "ängnämnden", "öppna nämnden"]


def test_units_in_need_stand_with_the_lowest_share_first_and_then_where_most_are_missing() -> None:
    found = committee_report.make(reported.small(), ORIGIN).in_need
    assert [(one.row.code, one.place, one.missing) for one in found] == [
        ("FO1", "Hallar", 7),
        ("F2", "Fritidsförvaltningen", 5),
        ("FO2", "Hallar", 4),
    ]
    alike = reported.coverage(
        reported.department("D", "D", None, 60, 30,
            reported.unit("D1", "Liten", 10, 5, "D"), reported.unit("D2", "Stor", 40, 20, "D"),
            reported.unit("D3", "Liten till", 10, 5, "D"),
        )
    )  # fmt: skip
    assert [one.row.code for one in committee_report.make(alike, ORIGIN).in_need] == ["D2", "D1", "D3"]


def test_a_unit_under_no_other_is_in_need_of_its_own() -> None:
    coverage = replace(reported.small(), rows=(unit_coverage("E", 4, 1),))
    [one] = committee_report.make(coverage, ORIGIN).in_need
    assert (one.place, one.missing) == ("", 3)


@pytest.mark.parametrize(
    ("target", "trained", "threshold", "missing"),
    [
        (10, 8, Fraction(9, 10), 1),
        (10, 9, Fraction(9, 10), 0),
        (11, 9, Fraction(9, 10), 1),
        (3, 2, Fraction(2, 3), 0),
        (3, 2, Fraction(667, 1000), 1),
        (10_000, 8_996, Fraction(9, 10), 4),
        (5, 5, Fraction(1, 10), 0),
        (0, 0, Fraction(9, 10), 0),
    ],
)
def test_how_many_are_missing_is_counted_exactly(
    target: int, trained: int, threshold: Fraction, missing: int
) -> None:
    assert committee_report.missing(unit_coverage("E", target, trained), threshold) == missing


@given(st.integers(1, 500), st.data(), st.fractions(Fraction(1, 100), 1))
def test_with_the_missing_it_has_secured_and_with_one_less_it_has_not(
    target: int, data: st.DataObject, threshold: Fraction
) -> None:
    trained = data.draw(st.integers(0, target))
    count = committee_report.missing(unit_coverage("E", target, trained), threshold)
    assert unit_coverage("E", target, trained + count).has_secured(threshold)
    if count:
        assert not unit_coverage("E", target, trained + count - 1).has_secured(threshold)


def test_a_report_on_each_department_holds_its_rows_alone() -> None:
    whole = committee_report.make(reported.small(), ORIGIN)
    each = list(committee_report.each_department(whole))
    assert [one.name for one in each] == ["Kulturförvaltningen", "Fritidsförvaltningen", "Ledningen"]
    rows = [row for one in each for row in one.coverage.rows]
    assert rows == [row for row in whole.coverage.rows if row.kind != UnitKind.EXTERNAL]
