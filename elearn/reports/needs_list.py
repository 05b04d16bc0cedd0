"""Which rows of the kompetensförsörjningsplan a page shows: those that need most come first."""

from dataclasses import dataclass

from elearn import swedish
from elearn.errors import NotFound
from elearn.people.models import UnitKind
from elearn.reports import tree
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.reports.forecast import Forecast
from elearn.reports.needs import GroupNeed, Needs
from elearn.reports.tree import Branch

MOST_ROWS = 25


@dataclass(frozen=True, slots=True)
class NeedRow:
    """``is_group``: there are units below it to open."""

    row: UnitCoverage
    group: GroupNeed
    is_group: bool


@dataclass(frozen=True, slots=True)
class NeedList:
    """What one page is about: everything, or one department. ``rows``: those that are shown of
    ``row_count``; ``others_count``: how many more have nobody to train."""

    opened: UnitCoverage | None
    group: GroupNeed
    rows: tuple[NeedRow, ...]
    row_count: int
    others_count: int


def need_list(needs: Needs, code: str, *, is_whole: bool) -> NeedList:
    """``is_whole``: every row, else the first ``MOST_ROWS``. Raises ``NotFound`` as ``choose``."""
    choice = choose(needs.coverage, code)
    rows = [
        NeedRow(branch.row, needs.of(branch.row), choice.is_groups and branch.has_children)
        for branch in choice.branches
        if branch.row.target
    ]
    rows.sort(key=_most_first)
    return NeedList(
        choice.opened,
        needs.of(choice.opened) if choice.opened else needs.whole,
        tuple(rows if is_whole else rows[:MOST_ROWS]),
        len(rows),
        len(choice.branches) - len(rows),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """``is_groups``: the branches are those at the top, to be opened."""

    opened: UnitCoverage | None
    branches: tuple[Branch, ...]
    is_groups: bool


def choose(report: Coverage, code: str) -> Choice:
    """Which rows one page is about. ``code``: of the row that is opened, "" for none: then those at the top;
    where there is one alone, or they are units, the units below. Raises ``NotFound`` for a code that is not
    in the report (S3)."""
    branches = tree.branches(report.rows, report.threshold)
    tops = tuple(branch for branch in branches if not branch.above)
    opened = next((branch.row for branch in branches if branch.row.code == code), None)
    if code and not opened:
        raise NotFound
    if not opened and len(tops) == 1:
        opened = tops[0].row
    if not opened and all(branch.row.kind != UnitKind.UNIT for branch in tops):
        return Choice(None, tops, is_groups=True)
    units = (
        branch
        for branch in branches
        if (branch.row.kind == UnitKind.UNIT or not branch.has_children)
        and (not opened or opened.code in (*branch.above, branch.row.code))
    )
    return Choice(opened, tuple(units), is_groups=False)


@dataclass(frozen=True, slots=True)
class AheadRow:
    """An OrgUnit on a day ahead."""

    if_nothing: UnitCoverage
    if_renewed: UnitCoverage
    is_group: bool


@dataclass(frozen=True, slots=True)
class AheadList:
    """``rows``: those that are shown of ``row_count``, in the order of the report."""

    opened: UnitCoverage | None
    rows: tuple[AheadRow, ...]
    row_count: int


def ahead_list(forecast: Forecast, code: str, *, is_whole: bool) -> AheadList:
    """As ``need_list``, of a forecast."""
    choice = choose(forecast.if_nothing, code)
    rows = tuple(
        AheadRow(
            branch.row,
            forecast.if_renewed.by_id[branch.row.unit_id],
            choice.is_groups and branch.has_children,
        )
        for branch in choice.branches
        if branch.row.target
    )
    return AheadList(choice.opened, rows if is_whole else rows[:MOST_ROWS], len(rows))


def _most_first(one: NeedRow) -> tuple[int, int, str, str]:
    need = one.group.need
    return -need.lacking, -need.ending[-1], swedish.sort_key(one.row.name), one.row.code
