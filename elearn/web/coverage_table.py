"""The rows of the coverage page: the tree as far as it is open, or the list of what somebody looks for.

Neither grows without end. Of a long row of siblings the first are shown, the worst ones, with a link to the
rest; every row has a page of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from elearn.reports import narrowing
from elearn.reports.remembered import Report
from elearn.reports.tree import Branch
from elearn.web.coverage_query import Asked

SIBLINGS_SHOWN = 10
LIST_SHOWN = 25
WHOLE_SHOWN = 500  # of a list that is asked for to its end: a page of thousands of rows is of no use


@dataclass(frozen=True, slots=True)
class TableRow:
    """``address``: its own page. ``toggle``: the link that opens it in place or closes it; "" where nothing
    is below it or a list is shown. ``path``: in a list, the names of what it stands below."""

    is_rest: ClassVar[bool] = False
    branch: Branch
    depth: int
    is_hidden: bool
    address: str
    toggle: str = ""
    is_expanded: bool = False
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rest:
    """How many more stand below a row, and where they are shown."""

    is_rest: ClassVar[bool] = True
    depth: int
    name: str
    count: int
    address: str


AnyRow: TypeAlias = TableRow | Rest


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """``found_count``: how many rows there are to show in a list; those after ``rows`` are left out until all
    are asked for."""

    rows: Sequence[AnyRow]
    found_count: int

    @property
    def left_count(self) -> int:
        return self.found_count - len(self.rows)

    @property
    def has_units(self) -> bool:
        """Whether any row has units with a target group below it."""
        return any(row.branch.units.with_target for row in self.rows if isinstance(row, TableRow))


def tree(report: Report, asked: Asked) -> CoverageTable:
    """The top of the report; below what is open the worst rows, and always those that are open themselves."""
    opened = report.by_code.get(asked.opened)
    expanded = {*opened.above, opened.row.code} if opened else set()

    def walk(siblings: list[Branch]) -> Iterator[AnyRow]:
        for branch in siblings:
            row = branch.row
            is_expanded = row.code in expanded and branch.has_children
            yield _tree_row(branch, asked, row.code in report.hidden, is_expanded)
            if is_expanded:
                children = _ordered(report.children[row.code], report.hidden)
                shown = _shortened(children, expanded)
                yield from walk(shown)
                if len(shown) < len(children):
                    yield Rest(row.depth + 1, row.name, len(children), asked.unit_address(row.code))

    rows = list(walk(report.children.get(None, [])))
    return CoverageTable(rows, len(rows))


def found(report: Report, asked: Asked) -> CoverageTable:
    """What is looked for. A hidden row has no figures, so it is never found below the threshold."""
    matches = narrowing.matching(report.coverage, report.branches, asked.wanted)
    return _list(report, asked, matches, has_path=True)


def below(report: Report, asked: Asked, code: str) -> CoverageTable:
    """What stands straight below a row."""
    return _list(report, asked, report.children.get(code, []), has_path=False)


def _ordered(branches: list[Branch], hidden: frozenset[str]) -> list[Branch]:
    """The worst first. Hidden rows stand last, in the report's order: their place tells no figure."""
    shown = narrowing.worst_first(branch for branch in branches if branch.row.code not in hidden)
    return shown + [branch for branch in branches if branch.row.code in hidden]


def _shortened(siblings: list[Branch], expanded: set[str]) -> list[Branch]:
    """The first ones, and those that are open. One more is shown rather than linked to."""
    if len(siblings) <= SIBLINGS_SHOWN + 1:
        return siblings
    opened = [branch for branch in siblings[SIBLINGS_SHOWN:] if branch.row.code in expanded]
    return siblings[:SIBLINGS_SHOWN] + opened


def _list(report: Report, asked: Asked, branches: list[Branch], *, has_path: bool) -> CoverageTable:
    ordered = _ordered(branches, report.hidden)
    most = WHOLE_SHOWN if asked.is_whole else LIST_SHOWN
    shown = ordered if len(ordered) <= most + 1 else ordered[:most]
    rows = [
        TableRow(
            branch,
            0,
            branch.row.code in report.hidden,
            asked.unit_address(branch.row.code),
            path=tuple(report.by_code[code].row.name for code in branch.above) if has_path else (),
        )
        for branch in shown
    ]
    return CoverageTable(rows, len(ordered))


def _tree_row(branch: Branch, asked: Asked, is_hidden: bool, is_expanded: bool) -> TableRow:
    """The link that closes a row leaves what is above it open, and each leads back to the row."""
    row = branch.row
    opened = (row.parent or "") if is_expanded else row.code
    toggle = f"{asked.address(opened=opened)}#{row.code}" if branch.has_children else ""
    return TableRow(branch, row.depth, is_hidden, asked.unit_address(row.code), toggle, is_expanded)
