"""The report as a tree, against a plain search for what stands below what."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from elearn.people.models import UnitKind
from elearn.reports.coverage import UnitCoverage
from elearn.reports.tree import branches
from tests import builders

HALF = Fraction(1, 2)


@st.composite
def reports(draw: st.DrawFn) -> list[UnitCoverage]:
    """Rows as a report has them: no depth is more than one deeper than the row before."""
    rows: list[UnitCoverage] = []
    above: list[str] = []
    for number in range(draw(st.integers(0, 12))):
        depth = draw(st.integers(0, len(above)))
        target = draw(st.integers(0, 3))
        trained = draw(st.integers(0, target))
        code = f"U{number}"
        kind = draw(st.sampled_from((UnitKind.UNIT, UnitKind.UNIT, UnitKind.DIVISION)))
        parent = above[depth - 1] if depth else draw(st.sampled_from((None, "closed")))
        rows.append(builders.unit_coverage(code, target, trained, kind, parent, depth))
        above = [*above[:depth], code]
    return rows


def chain(rows: list[UnitCoverage], row: UnitCoverage) -> list[str]:
    """The codes above a row, the top first, found parent by parent."""
    by_code = {one.code: one for one in rows}
    parent = by_code.get(row.parent or "")
    return [*chain(rows, parent), parent.code] if parent else []


@given(reports())
def test_every_row_knows_what_is_above_it_and_how_the_units_below_it_have_done(
    rows: list[UnitCoverage],
) -> None:
    found = branches(rows, HALF)
    assert [branch.row for branch in found] == rows
    for branch in found:
        code = branch.row.code
        assert list(branch.above) == chain(rows, branch.row)
        assert branch.has_children == any(row.parent == code for row in rows)
        below = [row for row in rows if code in chain(rows, row) and row.kind == UnitKind.UNIT and row.target]
        secured = [row for row in below if 2 * row.trained >= row.target]
        assert (branch.units.secured, branch.units.with_target) == (len(secured), len(below))
