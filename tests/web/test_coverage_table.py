"""Which rows the coverage page shows: never without end, the worst first, and hidden ones in no order."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from elearn.people.models import UnitKind
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.reports.remembered import Report
from elearn.reports.tree import Branch
from elearn.web import coverage_table
from elearn.web.coverage_query import Asked
from elearn.web.coverage_table import TableRow
from tests import builders

DAY = "2026-11-23"
People = list[tuple[int, int]]
PEOPLE = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40)


def report(people: People) -> Report:
    """A department with these units: how many are in the target group, and how many of them trained."""
    top = builders.unit_coverage("D", 500, 100, UnitKind.DEPARTMENT)
    units = [
        builders.unit_coverage(f"U{number}", max(some), min(some), parent="D", depth=1)
        for number, some in enumerate(people)
    ]
    rows: list[UnitCoverage] = [top, *units]
    return Report(Coverage(dt.date(2026, 11, 23), Fraction(9, 10), False, tuple(rows)))


def none_hidden(_branch: Branch) -> bool:
    return False


def small_hidden(branch: Branch) -> bool:
    return 0 < branch.row.target < 5


def codes(table: coverage_table.CoverageTable) -> list[str]:
    return [row.branch.row.code for row in table.rows if isinstance(row, TableRow)]


@given(PEOPLE)
def test_an_open_row_shows_eleven_at_most_and_tells_how_many_there_are(people: People) -> None:
    found = report(people)
    table = coverage_table.tree(found, Asked(DAY, opened="D"), none_hidden)
    shown = codes(table)
    assert shown[0] == "D"
    expected = len(people) if len(people) <= 11 else 10
    assert len(shown) == 1 + expected
    rest = [row for row in table.rows if not isinstance(row, TableRow)]
    assert [(row.count, row.name) for row in rest] == ([(len(people), "D")] if len(people) > 11 else [])
    assert codes(coverage_table.tree(found, Asked(DAY), none_hidden)) == ["D"], "closed"


@given(PEOPLE, st.integers(0, 39))
def test_what_is_opened_is_shown_also_when_it_is_not_among_the_worst(people: People, number: int) -> None:
    shown = codes(coverage_table.tree(report(people), Asked(DAY, opened=f"U{number}"), none_hidden))
    assert (f"U{number}" in shown) == (number < len(people))
    assert len(shown) == len(set(shown))


@given(PEOPLE)
def test_a_list_is_cut_at_25_unless_one_more_is_all(people: People) -> None:
    asked, found = Asked(DAY, level="enhet"), report(people)
    table = coverage_table.found(found, asked, none_hidden)
    assert len(codes(table)) == (len(people) if len(people) <= 26 else 25)
    assert len(codes(table)) + table.left_count == table.found_count == len(people)
    whole = coverage_table.found(found, replace(asked, is_whole=True), none_hidden)
    assert whole.left_count == 0
    assert codes(whole)[: len(codes(table))] == codes(table)


@given(PEOPLE, st.booleans())
def test_a_hidden_rows_place_and_absence_tell_nothing_of_its_figures(people: People, is_below: bool) -> None:
    """Whatever its figures are, as long as they are hidden, the page is the same."""
    changed = [(max(some), max(some) - min(some)) if 0 < max(some) < 5 else some for some in people]
    asked = Asked(DAY, level="enhet", is_below=is_below, is_whole=True)
    for rows in (coverage_table.found, coverage_table.tree):
        query = asked if rows is coverage_table.found else Asked(DAY, opened="D")
        before = codes(rows(report(people), query, small_hidden))
        assert codes(rows(report(changed), query, small_hidden)) == before
    below = (coverage_table.below(report(one), asked, small_hidden, "D") for one in (people, changed))
    first, second = (codes(table) for table in below)
    assert first == second


def test_a_list_says_what_a_row_stands_below_and_a_tree_opens_in_place() -> None:
    found = report([(5, 5)])
    (row,) = coverage_table.found(found, Asked(DAY, level="enhet"), none_hidden).rows
    assert isinstance(row, TableRow)
    assert (row.path, row.toggle, row.depth) == (("D",), "", 0)
    top, unit = coverage_table.tree(found, Asked(DAY, opened="D"), none_hidden).rows
    assert isinstance(top, TableRow)
    assert isinstance(unit, TableRow)
    assert (top.toggle, top.is_expanded) == (f"/tackning?datum={DAY}#D", True)
    assert (unit.toggle, unit.is_expanded, unit.depth) == ("", False, 1)
    assert unit.address == f"/tackning/enhet/U0?datum={DAY}"
