"""The rows of the coverage page: the tree as far as it is open, or the list of what somebody looks for.

Neither grows without end. Of a long row of siblings the first are shown, the worst ones, with a link to the
rest; every row has a page of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from elearn.reports import narrowing
from elearn.reports.remembered import Report
from elearn.reports.tree import Branch
from elearn.web.coverage_query import Asked

SIBLINGS_SHOWN = 10
LIST_SHOWN = 25


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
IsHidden: TypeAlias = Callable[[Branch], bool]


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


def tree(report: Report, asked: Asked, is_hidden: IsHidden) -> CoverageTable:
    """The top of the report; below what is open the worst rows, and always those that are open themselves."""
    opened = report.by_code.get(asked.opened)
    expanded = {*opened.above, opened.row.code} if opened else set()

    def walk(siblings: list[Branch]) -> Iterator[AnyRow]:
        for branch in siblings:
            row = branch.row
            is_expanded = row.code in expanded and branch.has_children
            yield _tree_row(branch, asked, is_hidden(branch), is_expanded)
            if is_expanded:
                children = _ordered(report.children[row.code], is_hidden)
                shown = _shortened(children, expanded)
                yield from walk(shown)
                if len(shown) < len(children):
                    yield Rest(row.depth + 1, row.name, len(children), asked.unit_address(row.code))

    rows = list(walk(report.children.get(None, [])))
    return CoverageTable(rows, len(rows))


def found(report: Report, asked: Asked, is_hidden: IsHidden) -> CoverageTable:
    """What is looked for. Of a hidden row nobody learns whether it is below the threshold."""
    matches = narrowing.matching(report.coverage, report.branches, asked.wanted)
    if asked.is_below:
        matches = [branch for branch in matches if not is_hidden(branch)]
    return _list(report, asked, matches, is_hidden, has_path=True)


def below(report: Report, asked: Asked, is_hidden: IsHidden, code: str) -> CoverageTable:
    """What stands straight below a row."""
    return _list(report, asked, report.children.get(code, []), is_hidden, has_path=False)


def _ordered(branches: list[Branch], is_hidden: IsHidden) -> list[Branch]:
    """The worst first. Hidden rows stand last, in the report's order: their place tells no figure."""
    shown = narrowing.worst_first(branch for branch in branches if not is_hidden(branch))
    return shown + [branch for branch in branches if is_hidden(branch)]


def _shortened(siblings: list[Branch], expanded: set[str]) -> list[Branch]:
    """The first ones, and those that are open. One more is shown rather than linked to."""
    if len(siblings) <= SIBLINGS_SHOWN + 1:
        return siblings
    opened = [branch for branch in siblings[SIBLINGS_SHOWN:] if branch.row.code in expanded]
    return siblings[:SIBLINGS_SHOWN] + opened


def _list(
    report: Report, asked: Asked, branches: list[Branch], is_hidden: IsHidden, *, has_path: bool
) -> CoverageTable:
    ordered = _ordered(branches, is_hidden)
    shown = ordered if asked.is_whole or len(ordered) <= LIST_SHOWN + 1 else ordered[:LIST_SHOWN]
    rows = [
        TableRow(
            branch,
            0,
            is_hidden(branch),
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
