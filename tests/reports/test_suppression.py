"""The public form against an attacker who subtracts whatever can be subtracted (measure.md, "Small groups")."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from fractions import Fraction

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from elearn.people.models import UnitKind
from elearn.reports import suppression
from elearn.reports.coverage import Coverage, UnitCoverage
from elearn.reports.suppression import Bounds, PublicCoverage, public
from tests import builders

D, V, U = UnitKind.DEPARTMENT, UnitKind.DIVISION, UnitKind.UNIT
NINE_TENTHS = Fraction(9, 10)


def report(rows: Sequence[UnitCoverage], threshold: Fraction = NINE_TENTHS) -> Coverage:
    return Coverage(dt.date(2026, 11, 23), threshold, is_forecast=False, rows=tuple(rows))


def tree(*rows: tuple[int, str, int, int]) -> Coverage:
    """(depth, code, target, trained), as a report has them."""
    kinds = (D, V, U, U)
    found: list[UnitCoverage] = []
    for number, (depth, code, target, trained) in enumerate(rows):
        above = next((row.code for row in reversed(found) if row.depth < depth), None)
        is_leaf = number + 1 == len(rows) or rows[number + 1][0] <= depth
        kind = U if depth and is_leaf else kinds[depth]
        found.append(builders.unit_coverage(code, target, trained, kind, above, depth))
    return report(found)


def hidden(coverage: Coverage, small_group: int = 5) -> set[str]:
    return set(public(coverage, small_group).hidden)


@pytest.mark.parametrize(
    ("target", "trained", "small_group", "is_forbidden"),
    [
        (0, 0, 5, False),
        (1, 1, 5, True), (4, 2, 5, True), (7, 3, 8, True), (8, 4, 8, False), (5, 2, 5, True),
            (6, 3, 5, False),
        (20, 1, 5, True), (20, 2, 5, True), (20, 3, 5, False),
        (20, 19, 5, True), (20, 18, 5, True), (20, 17, 5, False),
        (9, 9, 5, True), (10, 10, 5, False), (9, 0, 5, True), (10, 0, 5, False),
        (1, 0, 1, True), (2, 0, 1, True), (3, 0, 1, False), (3, 3, 1, False), (3, 0, 2, True),
        (4, 0, 2, False),
        (-1, 0, 5, True), (0, -1, 5, True), (5, 6, 5, True),
    ],
)  # fmt: skip
def test_what_is_forbidden_on_both_sides_of_every_boundary(
    target: int, trained: int, small_group: int, is_forbidden: bool
) -> None:
    assert suppression.is_forbidden(target, trained, small_group) is is_forbidden


# The organisations below have people in them, so that two jobs in two units are counted as coverage counts.

Job = tuple[int, bool]  # the place of the unit, and whether the person is trained for that job


@st.composite
def organisations(draw: st.DrawFn) -> Coverage:
    """Up to eight nested rows, each with some people of its own, and people with two or three jobs."""
    depths = [0]
    for _ in range(draw(st.integers(1, 7))):
        depths.append(draw(st.integers(0, min(3, depths[-1] + 1))))
    people: list[list[Job]] = []
    for place in range(len(depths)):
        for is_trained, count in ((True, draw(SIZES)), (False, draw(SIZES))):
            people += [[(place, is_trained)]] * count
    job = st.tuples(st.integers(0, len(depths) - 1), st.booleans())
    people += draw(st.lists(st.lists(job, min_size=2, max_size=3), max_size=8))
    return counted(depths, people)


SIZES = st.sampled_from((0, 0, 1, 2, 3, 3, 4, 6, 10, 12))


def counted(depths: Sequence[int], people: Sequence[Sequence[Job]]) -> Coverage:
    """Each person once in every row: in the target group if there is a job there, trained if for all there."""
    rows = []
    for place, depth in enumerate(depths):
        end = next((n for n in range(place + 1, len(depths)) if depths[n] <= depth), len(depths))
        here = [[is_trained for unit, is_trained in jobs if place <= unit < end] for jobs in people]
        rows.append(
            (depth, f"R{place}", sum(map(bool, here)), sum(bool(jobs) and all(jobs) for jobs in here))
        )
    return tree(*rows)


def told_apart(target: int, trained: int, small_group: int) -> str | None:
    """What the attacker has found out, by the rule's own words; None: nothing that is forbidden."""
    left = target - trained
    if (target, trained) == (0, 0):
        return None
    if target < small_group:
        return "a small group, or what two jobs are"
    if trained in (1, 2) or left in (1, 2) or trained < 0 or left < 0:
        return "one or two among others"
    return "what all are" if (not trained or not left) and target < 2 * small_group else None


def below(rows: Sequence[UnitCoverage], place: int) -> Iterator[list[int]]:
    """Every choice of rows below a row of which none stands below another."""
    depth = rows[place].depth
    children = []
    for number in range(place + 1, len(rows)):
        if rows[number].depth <= depth:
            break
        if rows[number].depth == depth + 1:
            children.append(number)
    for choice in itertools.product(*([[one], *below(rows, one)] for one in children)):
        yield [number for chosen in choice for number in chosen]


def attacks(coverage: Coverage, shown: set[str], small_group: int) -> Iterator[str]:
    """Each subtraction of shown rows from a shown row above them that gives what nobody may know. The
    attacker reads the rows that are shown, and nothing else."""
    rows = coverage.rows
    for place, row in enumerate(rows):
        for chosen in below(rows, place) if row.code in shown else ():
            if all(rows[one].code in shown for one in chosen):
                target = row.target - sum(rows[one].target for one in chosen)
                trained = row.trained - sum(rows[one].trained for one in chosen)
                if found := told_apart(target, trained, small_group):
                    yield f"{row.code} - {[rows[one].code for one in chosen]} = {target}, {trained}: {found}"


def shown_in(form: PublicCoverage) -> set[str]:
    return {row.code for row in form.told.rows} - form.hidden


@settings(max_examples=400)
@given(organisations(), st.integers(1, 7))
def test_no_subtraction_gives_a_group_that_is_forbidden(coverage: Coverage, small_group: int) -> None:
    form = public(coverage, small_group)
    assert not list(attacks(form.told, shown_in(form), small_group))


def test_the_attacker_finds_what_only_the_forbidden_rows_hide() -> None:
    """Else the attacker could be too weak to show anything: with and without two jobs."""

    def primary(coverage: Coverage) -> set[str]:
        return {row.code for row in coverage.rows if not suppression.is_forbidden(row.target, row.trained, 5)}

    planted = tree((0, "D", 24, 12), (1, "a", 20, 10), (1, "b", 4, 2))
    assert list(attacks(planted, primary(planted), 5)) == [
        "D - ['a'] = 4, 2: a small group, or what two jobs are"
    ]
    assert find(organisations(), lambda one: any(attacks(one, primary(one), 5)))


@settings(max_examples=200)
@given(organisations(), st.integers(1, 7))
def test_nothing_is_hidden_without_need(coverage: Coverage, small_group: int) -> None:
    """When no row is forbidden and the rows below add up to the row above, everything is shown. And whoever
    has nobody in the target group is never hidden."""
    form = public(coverage, small_group)
    by_code = {row.code: row for row in coverage.rows}
    assert all(by_code[code].target for code in form.hidden)
    everything = set(by_code)
    if form.hidden:
        assert list(attacks(coverage, everything, small_group))


def test_the_smallest_beside_a_hidden_row_goes_with_it() -> None:
    assert hidden(tree((0, "D", 60, 30), (1, "a", 36, 18), (1, "b", 20, 10), (1, "c", 4, 2))) == {"b", "c"}
    same = tree((0, "D", 44, 22), (1, "b", 20, 10), (1, "a", 20, 10), (1, "c", 4, 2))
    assert hidden(same) == {"a", "c"}, "of two alike the first by code"


def test_what_stands_between_is_subtracted_level_by_level() -> None:
    """A hidden division is no cover: its units are subtracted from the department."""
    coverage = tree((0, "D", 60, 30), (1, "V", 24, 12), (2, "a", 20, 10), (2, "b", 4, 2), (1, "W", 36, 18))
    assert hidden(coverage) == {"a", "b"}
    uneven = tree((0, "D", 64, 32), (1, "V", 24, 12), (2, "a", 24, 12), (1, "W", 36, 18))
    assert hidden(uneven) == {"V", "a"}, "four work in the department itself; to hide V alone hides nothing"


def test_one_person_alone_in_a_division_is_not_had_from_two_levels() -> None:
    """To hide one sibling was not enough: the department less b and c was that one."""
    coverage = tree(
        (0, "D", 22, 10), (1, "V", 1, 0), (2, "a", 1, 0), (1, "W", 21, 10), (2, "b", 10, 10), (2, "c", 11, 0)
    )
    assert hidden(coverage) == {"V", "a", "W", "b", "c"}


def test_two_jobs_that_are_seen_from_above_are_hidden_too() -> None:
    """19 of 39 against 10 and 10: the one who works in both is trained."""
    assert hidden(tree((0, "D", 39, 19), (1, "a", 20, 10), (1, "b", 20, 10))) == {"a"}


def test_rows_that_add_up_are_all_shown() -> None:
    assert not hidden(tree((0, "D", 46, 23), (1, "a", 40, 20), (1, "b", 6, 3), (1, "c", 0, 0)))


def test_the_form_holds_no_figure_that_is_not_told() -> None:
    """A page that forgets to ask what is hidden has nothing to show: it is not there, and a new figure is
    not there either until somebody decides that it may be."""
    coverage = tree((0, "D", 24, 12), (1, "a", 20, 10), (1, "b", 4, 2))
    everywhere = {field.name: 7 for field in fields(UnitCoverage) if field.type is int}
    keep = ("unit_id", "depth", "target", "trained")
    filled = report(
        [
            replace(row, **{**everywhere, **{name: getattr(row, name) for name in keep}})
            for row in coverage.rows
        ]
    )
    form = public(filled, 5)
    assert form.hidden == {"a", "b"}
    for row in form.told.rows:
        figures = {name: getattr(row, name) for name in everywhere if name not in ("unit_id", "depth")}
        told = {name for name, value in figures.items() if value}
        assert told == (set() if row.code in form.hidden else {"target", "trained"})
    assert [row.name for row in form.told.rows] == [row.name for row in coverage.rows]


def units(*figures: tuple[int, int]) -> list[tuple[int, str, int, int]]:
    return [(1, f"u{number:02}", *pair) for number, pair in enumerate(figures)]


def of_two_departments(*figures: tuple[int, int]) -> Coverage:
    """The units' figures in one department that adds up; the other has secured the knowledge."""
    target, trained = map(sum, zip(*figures, strict=True))
    return tree((0, "D", target, trained), *units(*figures), (0, "E", 40, 40))


@pytest.mark.parametrize(
    ("hidden_units", "expected"),
    [
        ([(4, 4)] * 3 + [(4, 0)] * 3, Bounds(4, 4, 7)),  # three of each: told exactly
        ([(4, 4)] * 2 + [(4, 0)] * 4, Bounds(1, 7, 7)),  # two that have: anybody could be told
        ([(4, 4)] * 4 + [(4, 0)] * 2, Bounds(1, 7, 7)),  # two that have not
        ([(4, 4)] * 6, Bounds(1, 7, 7)),  # all have
    ],
)
def test_the_measure_is_exact_only_where_the_hidden_rows_cannot_be_told(
    hidden_units: list[tuple[int, int]], expected: Bounds
) -> None:
    form = public(of_two_departments((100, 95), *hidden_units), 5, is_whole=True)
    assert form.hidden == {f"u{number:02}" for number in range(1, 7)}
    assert form.measure.units == expected
    assert form.measure.departments == Bounds(
        1 + (sum(r for _, r in hidden_units) == 24), 1 + (sum(r for _, r in hidden_units) == 24), 2
    )
    assert (expected.secured is None) is (expected.least < expected.most)


def test_the_measure_of_a_part_is_told_in_bounds() -> None:
    """Else a department's could be had as the whole less the others."""
    coverage = of_two_departments((100, 95), *[(4, 4)] * 3, *[(4, 0)] * 3)
    assert public(coverage, 5).measure.units == Bounds(1, 7, 7)
    assert public(of_two_departments((100, 95), (100, 20)), 5).measure.units == Bounds(1, 1, 2)


def test_two_thresholds_part_no_small_group_of_hidden_rows() -> None:
    """At 90 % four of eight hidden units have secured it, at 80 % five would: the one between is told by
    neither, so 80 % is told in bounds."""
    figures = [(4, 4)] * 4 + [(9, 8)] + [(4, 0)] * 3
    form = public(of_two_departments((100, 95), *figures), 5, is_whole=True)
    assert len(form.hidden) == 8
    told = {float(at): measure.units for at, measure in form.sensitivity}
    assert told == {0.8: Bounds(1, 9, 9), 0.9: Bounds(5, 5, 9), 1.0: Bounds(4, 4, 9)}


@settings(max_examples=200)
@given(organisations(), st.integers(1, 7), st.sampled_from((Fraction(8, 10), NINE_TENTHS, Fraction(2, 3))))
def test_the_bounds_hold_and_are_no_wider_than_what_is_hidden(
    coverage: Coverage, small_group: int, threshold: Fraction
) -> None:
    coverage = replace(coverage, threshold=threshold)
    for is_whole in (False, True):
        form = public(coverage, small_group, is_whole=is_whole)
        assert form == public(coverage, small_group, is_whole=is_whole)
        assert [at for at, _ in form.sensitivity] == [at for at, _ in coverage.sensitivity]
        for (_, told), (_, real) in zip(form.sensitivity, coverage.sensitivity, strict=True):
            for name in ("departments", "units", "both"):
                bounds, tally = getattr(told, name), getattr(real, name)
                assert bounds.with_target == tally.with_target
                assert bounds.least <= tally.secured <= bounds.most <= bounds.least + len(form.hidden)


def test_an_empty_report_has_an_empty_form() -> None:
    form = public(report([]), 5)
    assert (form.hidden, form.told.rows, form.measure.both) == (frozenset(), (), Bounds(0, 0, 0))
    assert form.measure.both.share is None
