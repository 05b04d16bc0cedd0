"""A manager's list of units: its order, its headings and its length."""

import datetime as dt
from fractions import Fraction

import pytest

from elearn.training import unit_list, unit_places
from elearn.training.team import Member, MemberStatus, TeamUnit
from elearn.training.unit_list import UnitList
from elearn.training.unit_places import Place

THRESHOLD = Fraction(9, 10)
DAY = dt.date(2026, 11, 23)


def member(status: MemberStatus, *, is_overdue: bool = False) -> Member:
    return Member(1, "Sara Lind", "", status, DAY, is_overdue, False, None, True, False)


def unit(name: str, trained: int, target: int, overdue: int = 0, heading: str = "") -> TeamUnit:
    left = target - trained
    members = [member(MemberStatus.TRAINED)] * trained
    members += [member(MemberStatus.OVERDUE, is_overdue=True)] * overdue
    members += [member(MemberStatus.NOT_STARTED)] * (left - overdue)
    return TeamUnit(name, name, tuple(members) or (member(MemberStatus.OUTSIDE),), (), heading)


def listed(units: list[TeamUnit], *, only_below: bool = False, is_whole: bool = False) -> UnitList:
    return unit_list.unit_list(units, THRESHOLD, only_below=only_below, is_whole=is_whole)


def shown(found: UnitList) -> list[tuple[str, list[str]]]:
    return [(division.name, [unit.name for unit in division.units]) for division in found.divisions]


def test_the_lowest_share_stands_first_and_of_equal_ones_the_most_overdue_then_the_name() -> None:
    units = [
        unit("Klar", 4, 4),
        unit("Utan", 0, 0),
        unit("Örnen", 1, 2),
        unit("Ängen", 1, 2),
        unit("Östra", 2, 4, overdue=2),
        unit("Sämst", 1, 3),
    ]
    assert shown(listed(units)) == [("Övriga enheter", ["Sämst", "Östra", "Ängen", "Örnen", "Klar", "Utan"])]


def test_a_division_stands_where_its_worst_unit_does_and_counts_all_its_units() -> None:
    units = [
        unit("A1", 9, 10, heading="A"),
        unit("A2", 1, 10, heading="A"),
        unit("B1", 2, 10, heading="B"),
        unit("B2", 0, 0, heading="B"),
    ]
    found = listed(units, only_below=True)
    assert shown(found) == [("A", ["A2"]), ("B", ["B1"])]
    assert [(one.reached_count, one.target_count) for one in found.divisions] == [(1, 2), (0, 1)]
    assert (found.reached_count, found.target_count, found.asked_count) == (1, 3, 2)


def test_the_threshold_is_compared_exactly() -> None:
    """Rule 8: 89.96 % is shown as 90.0 % and has not reached it."""
    units = [unit("Nästan", 2249, 2500), unit("Precis", 9, 10)]
    assert shown(listed(units, only_below=True)) == [("Övriga enheter", ["Nästan"])]


@pytest.mark.parametrize(("unit_count", "shown_count"), [(25, 25), (26, 25), (300, 25)])
def test_at_most_twenty_five_rows_stand_at_first(unit_count: int, shown_count: int) -> None:
    units = [unit(f"E{number:03}", number, 300) for number in range(unit_count)]
    assert listed(units).shown_count == shown_count
    assert listed(units, is_whole=True).shown_count == unit_count


def test_headings_are_rows_too() -> None:
    """Units of three divisions in turns: 22 units and their three headings."""
    units = [unit(f"E{number:03}", number, 300, heading=f"D{number % 3}") for number in range(100)]
    found = listed(units)
    assert (found.shown_count, len(found.divisions)) == (22, 3)
    one_by_one = [unit(f"E{number:03}", number, 300, heading=f"D{number}") for number in range(100)]
    assert (listed(one_by_one).shown_count, len(listed(one_by_one).divisions)) == (12, 12)


def test_a_heading_says_what_lies_between_what_is_managed_and_the_unit() -> None:
    places = [
        Place(1, "U", "Utbildningsförvaltningen", 99),
        Place(2, "UN", "Norr", 1),
        Place(3, "UN1", "Tallskolan", 2),
        Place(4, "US", "Söder", 1),
        Place(5, "USG", "Gymnasier", 4),
        Place(6, "USG1", "Granen", 5),
        Place(7, "U9", "Kansliet", 1),
    ]
    assert unit_places.headings(places) == {
        "U": "Utbildningsförvaltningen",
        "UN": "Norr",
        "UN1": "Norr",
        "US": "Söder",
        "USG": "Söder · Gymnasier",
        "USG1": "Söder · Gymnasier",
        "U9": "Utbildningsförvaltningen",
    }
    assert unit_places.headings(places[2:3]) == {"UN1": ""}
    assert unit_places.headings([places[2], places[6]]) == {"UN1": "", "U9": ""}
    assert unit_places.headings([]) == {}
