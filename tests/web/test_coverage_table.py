"""Which rows the coverage page shows: never without end, the worst first, and hidden ones in no order."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from elearn.people.models import UnitKind
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.reports.remembered import Report
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


def codes(table: coverage_table.CoverageTable) -> list[str]:
    return [row.branch.row.code for row in table.rows if isinstance(row, TableRow)]


@given(PEOPLE)
def test_an_open_row_shows_eleven_at_most_and_tells_how_many_there_are(people: People) -> None:
    found = report(people)
    table = coverage_table.tree(found, Asked(DAY, opened="D"))
    shown = codes(table)
    assert shown[0] == "D"
    expected = len(people) if len(people) <= 11 else 10
    assert len(shown) == 1 + expected
    rest = [row for row in table.rows if not isinstance(row, TableRow)]
    assert [(row.count, row.name) for row in rest] == ([(len(people), "D")] if len(people) > 11 else [])
    assert codes(coverage_table.tree(found, Asked(DAY))) == ["D"], "closed"


@given(PEOPLE, st.integers(0, 39))
def test_what_is_opened_is_shown_also_when_it_is_not_among_the_worst(people: People, number: int) -> None:
    shown = codes(coverage_table.tree(report(people), Asked(DAY, opened=f"U{number}")))
    assert (f"U{number}" in shown) == (number < len(people))
    assert len(shown) == len(set(shown))


@given(PEOPLE)
def test_a_list_is_cut_at_25_unless_one_more_is_all(people: People) -> None:
    asked, found = Asked(DAY, level="enhet"), report(people)
    table = coverage_table.found(found, asked)
    assert len(codes(table)) == (len(people) if len(people) <= 26 else 25)
    assert len(codes(table)) + table.left_count == table.found_count == len(people)
    whole = coverage_table.found(found, replace(asked, is_whole=True))
    assert whole.left_count == 0
    assert codes(whole)[: len(codes(table))] == codes(table)


def test_a_list_that_is_asked_for_whole_is_never_thousands_of_rows() -> None:
    asked = Asked(DAY, level="enhet", is_whole=True)
    for count, shown in ((500, 500), (501, 501), (502, 500)):
        table = coverage_table.found(report([(10, number % 10) for number in range(count)]), asked)
        assert (len(table.rows), table.found_count) == (shown, count)


@given(PEOPLE, st.booleans())
def test_hidden_rows_stand_last_in_the_reports_order_and_are_never_told_to_be_below(
    people: People, is_below: bool
) -> None:
    public = report(people).in_public(5, is_whole=False)
    asked = Asked(DAY, level="enhet", is_below=is_below, is_whole=True)
    table = coverage_table.found(public, asked)
    assert [row.is_hidden for row in table.rows if isinstance(row, TableRow)] == [
        code in public.hidden for code in codes(table)
    ]
    hidden = [row.code for row in public.coverage.rows if row.code in public.hidden and row.code != "D"]
    if is_below:
        assert not set(hidden) & set(codes(table))
        return
    for shown in (codes(table), codes(coverage_table.below(public, asked, "D"))):
        assert shown[len(shown) - len(hidden) :] == hidden
    opened = [code for code in codes(coverage_table.tree(public, Asked(DAY, opened="D"))) if code in hidden]
    assert opened == hidden[: len(opened)]


def test_a_list_says_what_a_row_stands_below_and_a_tree_opens_in_place() -> None:
    found = report([(5, 5)])
    (row,) = coverage_table.found(found, Asked(DAY, level="enhet")).rows
    assert isinstance(row, TableRow)
    assert (row.path, row.toggle, row.depth) == (("D",), "", 0)
    top, unit = coverage_table.tree(found, Asked(DAY, opened="D")).rows
    assert isinstance(top, TableRow)
    assert isinstance(unit, TableRow)
    assert (top.toggle, top.is_expanded) == (f"/tackning?datum={DAY}#D", True)
    assert (unit.toggle, unit.is_expanded, unit.depth) == ("", False, 1)
    assert unit.address == f"/tackning/enhet/U0?datum={DAY}"
