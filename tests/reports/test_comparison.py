"""Two measurements beside each other, with figures worked out by hand."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from elearn.people.models import UnitKind
from elearn.reports import comparison
from elearn.reports.comparison import Apart, Step, compare, points, references
from elearn.reports.coverage import Coverage, UnitCoverage
from tests.builders import unit_coverage

THEN, NOW = dt.date(2025, 12, 31), dt.date(2026, 12, 31)
NINE_TENTHS = Fraction(9, 10)


def coverage(on: dt.date, *rows: UnitCoverage, threshold: Fraction = NINE_TENTHS) -> Coverage:
    return Coverage(on, threshold, False, rows)


def department(code: str, target: int, trained: int) -> UnitCoverage:
    return unit_coverage(code, target, trained, UnitKind.DEPARTMENT)


def under(code: str, parent: str, target: int = 10, trained: int = 9) -> UnitCoverage:
    return unit_coverage(code, target, trained, parent=parent, depth=1)


BEFORE = coverage(THEN, department("D", 40, 20), under("D1", "D", 10, 9), under("D2", "D", 30, 11))
AFTER = coverage(NOW, department("D", 40, 36), under("D1", "D", 10, 8), under("D2", "D", 30, 28))


def test_shares_change_in_points_of_the_exact_shares() -> None:
    """50 to 90 %; 90 to 80 %; 11/30 = 36.67 % to 28/30 = 93.33 %, which is 17/30 more."""
    pairs = compare(BEFORE, AFTER).pairs
    assert [(pair.after.code, pair.change) for pair in pairs] == [
        ("D", Fraction(4, 10)),
        ("D1", Fraction(-1, 10)),
        ("D2", Fraction(17, 30)),
    ]
    assert [points(pair.change) for pair in pairs if pair.change is not None] == ["+40,0", "−10,0", "+56,7"]
    assert [(pair.had_secured, pair.has_secured, pair.step) for pair in pairs] == [
        (False, True, Step.REACHED),
        (True, False, Step.LOST),
        (False, True, Step.REACHED),
    ]


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        ((10, 9), (1000, 899), Step.LOST),
        ((10, 9), (1000, 900), Step.STAYED),
        ((1000, 899), (10, 9), Step.REACHED),
        ((1000, 899), (1000, 899), Step.NOT_YET),
        ((0, 0), (10, 9), None),
        ((10, 9), (0, 0), None),
    ],
)
def test_secured_is_compared_exactly(
    before: tuple[int, int], after: tuple[int, int], step: Step | None
) -> None:
    [pair] = compare(
        coverage(THEN, unit_coverage("U", *before)), coverage(NOW, unit_coverage("U", *after))
    ).pairs
    assert pair.step == step
    assert (pair.change is None) is (step is None)


def test_secured_then_goes_by_the_threshold_of_then() -> None:
    then = coverage(THEN, unit_coverage("U", 10, 8), threshold=Fraction(8, 10))
    [pair] = compare(then, coverage(NOW, unit_coverage("U", 10, 8))).pairs
    assert (pair.had_secured, pair.has_secured) == (True, False)


def test_the_earlier_one_comes_first_whatever_the_order() -> None:
    assert compare(AFTER, BEFORE) == compare(BEFORE, AFTER)
    assert compare(AFTER, BEFORE).before.on == THEN


def test_divisions_and_externals_are_not_compared() -> None:
    rows = [unit_coverage(kind, 10, 9, kind) for kind in UnitKind]
    both = compare(coverage(THEN, *rows), coverage(NOW, *rows))
    assert [pair.after.kind for pair in both.pairs] == [UnitKind.DEPARTMENT, UnitKind.UNIT]
    assert (both.came, both.went, both.moved) == ((), (), ())


def test_what_came_went_and_moved_is_told_with_its_reason() -> None:
    then = coverage(
        THEN,
        department("A", 9, 9),
        under("gone", "A"),
        under("moves", "A"),
        under("stays", "A"),
        unit_coverage("risen", 9, 9, UnitKind.DIVISION, "A", 1),
        under("sunk", "A"),
        department("B", 9, 9),
    )
    now = coverage(
        NOW,
        department("A", 9, 9),
        under("new", "A"),
        under("stays", "A"),
        under("risen", "A"),
        unit_coverage("sunk", 9, 9, UnitKind.DIVISION, "A", 1),
        department("B", 9, 9),
        under("moves", "B"),
    )
    both = compare(then, now)
    assert both.came == (
        Apart("new", "new", UnitKind.UNIT, "Fanns inte den 31\u00a0december 2025."),
        Apart("risen", "risen", UnitKind.UNIT, "Var område den 31\u00a0december 2025."),
    )
    assert both.went == (
        Apart("gone", "gone", UnitKind.UNIT, "Finns inte längre den 31\u00a0december 2026."),
        Apart("sunk", "sunk", UnitKind.UNIT, "Är område den 31\u00a0december 2026."),
    )
    assert both.moved == (Apart("moves", "moves", UnitKind.UNIT, "Stod under A, står nu under B."),)
    assert [pair.after.code for pair in both.pairs] == ["A", "stays", "B", "moves"]


def test_a_department_that_became_a_unit_is_told_as_moved() -> None:
    then = coverage(THEN, department("A", 9, 9), department("B", 9, 9))
    now = coverage(NOW, department("A", 9, 9), under("B", "A"))
    [moved] = compare(then, now).moved
    assert moved.reason == "Stod överst, står nu under A. Var förvaltning, är nu enhet."


def test_a_new_code_with_a_name_that_went_is_told_to_be_perhaps_the_same() -> None:
    then = coverage(THEN, replace(under("F1", "A"), name="Ängen"))
    now = coverage(NOW, replace(under("F9", "A"), name="Ängen"))
    [came] = compare(then, now).came
    assert came.reason == (
        "Fanns inte den 31\u00a0december 2025. Då fanns F1 med samma namn: det kan vara samma enhet med ny kod."
    )


def test_the_measure_s_change_is_one_sentence() -> None:
    """One of three (D1) had secured; now D and D2 of three."""
    assert comparison.change_in_words(compare(BEFORE, AFTER)) == (
        "Andelen förvaltningar och enheter som har säkerställt kunskapen har ökat med 33,3\u00a0procentenheter, "
        "från 33,3 till 66,7\u00a0%."
    )
    assert comparison.change_in_words(compare(BEFORE, AFTER), " den 31 december 2025").endswith(
        "från 33,3\u00a0% den 31 december 2025 till 66,7\u00a0%."
    )


def units(count: int, secured: int) -> list[UnitCoverage]:
    return [unit_coverage(f"U{n}", 10, 9 if n < secured else 8) for n in range(count)]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ((10, 5), (10, 5), "är oförändrad: 50,0\u00a0%."),
        ((10, 5), (20, 10), "är oförändrad: 50,0\u00a0%."),
        ((10, 5), (10, 4), "har minskat med 10,0\u00a0procentenheter, från 50,0 till 40,0\u00a0%."),
        ((2000, 1000), (2000, 1001), "har ökat med 0,1\u00a0procentenheter, från 50,0 till 50,1\u00a0%."),
        (
            (2001, 1000),
            (2001, 1001),
            "har ökat med mindre än 0,1\u00a0procentenheter, från 50,0 till 50,0\u00a0%.",
        ),
    ],
)
def test_whether_it_increases_is_decided_exactly(
    before: tuple[int, int], after: tuple[int, int], words: str
) -> None:
    both = compare(coverage(THEN, *units(*before)), coverage(NOW, *units(*after)))
    assert (
        comparison.change_in_words(both).removeprefix(
            "Andelen förvaltningar och enheter som har säkerställt kunskapen "
        )
        == words
    )


def test_without_a_target_group_nothing_is_compared() -> None:
    both = compare(coverage(THEN, unit_coverage("U", 0, 0)), AFTER)
    assert both.change is None
    assert comparison.change_in_words(both) == (
        "Måttet går inte att jämföra: en av mätningarna har ingen målgrupp."
    )


def test_two_thresholds_are_made_one_and_it_is_said() -> None:
    """Frozen with 80 % two of three had secured (D1 and D2 with 24 of 30); with 90 % only D1."""
    rows = (department("D", 40, 20), under("D1", "D", 10, 9), under("D2", "D", 30, 24))
    both = compare(coverage(THEN, *rows, threshold=Fraction(8, 10)), AFTER)
    assert both.before.measure.both.share == Fraction(2, 3)
    assert (both.share_before, both.share_after) == (Fraction(1, 3), Fraction(2, 3))
    assert comparison.thresholds_in_words(both) == (
        "Gränsen var 80,0\u00a0% den 31\u00a0december 2025 och 90,0\u00a0% den 31\u00a0december 2026. "
        "Andelarna här är räknade med 90,0\u00a0% båda gångerna."
    )
    assert comparison.thresholds_in_words(compare(BEFORE, AFTER)) == ""


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("days", "on", "expected"),
    [
        ([], "2026-12-31", (None, None)),
        (["2026-12-31"], "2026-12-31", (None, None)),
        (["2026-12-30"], "2026-12-31", (1, None)),
        (["2024-12-31", "2025-12-31"], "2026-12-31", (2, 1)),
        (["2024-06-30", "2025-07-02", "2025-12-31"], "2026-12-31", (3, 2)),
        (["2024-06-30", "2025-07-03", "2025-12-31"], "2026-12-31", (3, 1)),
        (["2024-07-01", "2025-07-02", "2025-12-31"], "2026-12-31", (3, 1)),
        (["2024-06-30", "2024-06-30", "2025-12-31", "2025-12-31"], "2026-06-30", (4, 2)),
        (["2022-02-28", "2022-03-01", "2023-12-01"], "2024-02-29", (3, 1)),
    ],
)
def test_what_increases_is_told_of_the_latest_earlier_and_the_nearest_to_two_years(
    days: list[str], on: str, expected: tuple[int | None, int | None]
) -> None:
    numbered = [(day(text), id) for id, text in enumerate(days, 1)]
    assert references(numbered, day(on)) == expected
