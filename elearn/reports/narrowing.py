"""A part of the coverage report: of one nämnd (R41), what somebody looks for, and the worst first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from elearn import swedish
from elearn.errors import NotFound
from elearn.people.models import UnitKind
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.reports.tree import Branch

MEASURED = frozenset({UnitKind.DEPARTMENT, UnitKind.UNIT})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are looked for. ``text``: words that each stand in the name or the code, as they are spelled
    or not. ``only_below``: those that have not secured the knowledge; without a ``kind`` they are the ones
    that the measure counts (rule 9)."""

    text: str = ""
    kind: UnitKind | None = None
    only_below: bool = False

    @property
    def is_everything(self) -> bool:
        """Whether no row is left out."""
        return not (self.text.strip() or self.kind or self.only_below)

    @property
    def kinds(self) -> frozenset[UnitKind]:
        """The levels of the rows that are looked for."""
        if self.kind:
            return frozenset({self.kind})
        return MEASURED if self.only_below else frozenset(UnitKind)


def of_committee(coverage: Coverage, committee: str) -> Coverage:
    """The departments that this nämnd answers for, with all that is below them; nothing for a nämnd that
    answers for none. Its name is compared without case and outer blanks. The rows' figures are theirs in the
    whole report too: each is counted for itself."""
    wanted = swedish.folded(committee)
    codes = {row.code for row in departments(coverage) if wanted and swedish.folded(row.committee) == wanted}
    return of_departments(coverage, codes)


def of_departments(coverage: Coverage, codes: Collection[str]) -> Coverage:
    """The departments with these codes, which stand at the top, and all that is below them."""
    rows, is_inside = [], False
    for row in coverage.rows:
        if row.depth == 0:
            is_inside = row.kind == UnitKind.DEPARTMENT and row.code in codes
        if is_inside:
            rows.append(row)
    return replace(coverage, rows=tuple(rows))


def part(coverage: Coverage, code: str, committee: str) -> Coverage:
    """The department with this code, or this nämnd's departments, or both conditions at once; the report
    itself where nothing is asked for. Raises ``NotFound`` when that is no department."""
    chosen = of_committee(coverage, committee) if committee else coverage
    chosen = of_departments(chosen, {code}) if code else chosen
    if (code or committee) and not chosen.rows:
        raise NotFound
    return chosen


def departments(coverage: Coverage) -> list[UnitCoverage]:
    """In the report's order."""
    return [row for row in coverage.rows if row.kind == UnitKind.DEPARTMENT and row.depth == 0]


def matching(coverage: Coverage, branches: Iterable[Branch], wanted: Wanted) -> list[Branch]:
    """The rows that are looked for, in the report's order."""
    kinds, words = wanted.kinds, swedish.folded(wanted.text).split()
    return [
        branch
        for branch in branches
        if branch.row.kind in kinds
        and (not wanted.only_below or branch.row.has_secured(coverage.threshold) is False)
        and _has_words(branch.row, words)
    ]


def worst_first(branches: Iterable[Branch]) -> list[Branch]:
    """By rising share; of equal ones that with most people left to train, else in the report's order. Those
    without a target group stand last."""
    return sorted(branches, key=_need)


def _need(branch: Branch) -> tuple[bool, float, int]:
    # Two shares of fewer people than 2**26 that differ are different as floats too.
    row = branch.row
    share = row.trained / row.target if row.target else 0.0
    return not row.target, share, row.trained - row.target


def _has_words(row: UnitCoverage, words: list[str]) -> bool:
    return not words or all(word in swedish.folded(f"{row.name} {row.code}") for word in words)
