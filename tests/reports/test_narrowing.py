"""A part of the report: words in names, levels, the threshold and the order, against a plain search."""

import datetime as dt
import itertools
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.people.models import UnitKind
from elearn.reports import narrowing
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.reports.narrowing import Wanted
from elearn.reports.tree import branches
from tests import builders

NINETY = Fraction(9, 10)


def report(*rows: UnitCoverage) -> Coverage:
    return Coverage(dt.date(2026, 11, 23), NINETY, False, rows)


def codes(coverage: Coverage, wanted: Wanted) -> list[str]:
    tree = branches(coverage.rows, coverage.threshold)
    return [branch.row.code for branch in narrowing.matching(coverage, tree, wanted)]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("", True),
        ("ängen", True),
        ("ÄNGEN", True),
        ("a\u0308ngen", True),  # ä as two characters, as some keyboards write it
        ("angen", False),
        ("ngen försk", True),
        ("ängen åsen", False),
        ("utb-f1", True),
        ("förskolan f1-07", True),
        ("f1-08", False),
        ("  ", True),
        ("%", False),
    ],
)
def test_each_word_stands_in_the_name_or_the_code(text: str, is_found: bool) -> None:
    row = replace(builders.unit_coverage("UTB-F1-07", 3, 1), name="Förskolan Ängen")
    assert codes(report(row), Wanted(text)) == (["UTB-F1-07"] if is_found else [])


def test_those_below_the_threshold_are_the_ones_that_the_measure_counts() -> None:
    rows = (
        builders.unit_coverage("D", 20, 17, UnitKind.DEPARTMENT),
        builders.unit_coverage("O", 20, 17, UnitKind.DIVISION, "D", 1),
        builders.unit_coverage("at", 10, 9, parent="O", depth=2),
        builders.unit_coverage("below", 10, 8, parent="O", depth=2),
        builders.unit_coverage("none", 0, 0, parent="O", depth=2),
        builders.unit_coverage("X", 0, 0, UnitKind.EXTERNAL),
    )
    coverage = report(*rows)
    assert codes(coverage, Wanted(only_below=True)) == ["D", "below"]
    both = coverage.measure.both
    assert both.with_target - both.secured == 2
    assert codes(coverage, Wanted(kind=UnitKind.DIVISION, only_below=True)) == ["O"]
    assert codes(coverage, Wanted(kind=UnitKind.EXTERNAL)) == ["X"]
    assert codes(coverage, Wanted()) == [row.code for row in rows]


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=30))
def test_the_worst_stand_first_and_those_without_a_target_group_last(
    people: list[tuple[int, int]],
) -> None:
    rows = [builders.unit_coverage(f"U{number}", max(some), min(some)) for number, some in enumerate(people)]
    ordered = [branch.row for branch in narrowing.worst_first(branches(rows, NINETY))]
    shares = [row.share for row in ordered if row.share is not None]
    assert shares == sorted(shares)
    assert [row.target == 0 for row in ordered] == sorted(row.target == 0 for row in ordered)
    assert sorted(row.code for row in ordered) == sorted(row.code for row in rows)
    for one, after in itertools.pairwise(ordered):
        if one.share == after.share is not None:
            assert one.target - one.trained >= after.target - after.trained


def test_of_one_committee_there_are_its_departments_with_all_below_them() -> None:
    def department(code: str, committee: str | None) -> UnitCoverage:
        return replace(builders.unit_coverage(code, 10, 5, UnitKind.DEPARTMENT), committee=committee)

    rows = (
        department("A", "Socialnämnden"),
        builders.unit_coverage("A1", 10, 5, parent="A", depth=1),
        department("B", "Äldrenämnden"),
        builders.unit_coverage("B1", 10, 5, parent="B", depth=1),
        department("C", "Socialnämnden"),
        department("D", None),
        builders.unit_coverage("X", 0, 0, UnitKind.EXTERNAL),
    )
    whole = report(*rows)
    assert [row.code for row in narrowing.of_committee(whole, "socialnämnden").rows] == ["A", "A1", "C"]
    assert narrowing.of_committee(whole, "Kultur").rows == ()
    assert narrowing.of_committee(whole, "").rows == (), "not those without a nämnd"
