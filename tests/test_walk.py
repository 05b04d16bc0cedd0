"""What the walk (bench/walk.py) does without a browser: counting words, telling figures, the sheet of
pictures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import reading, screenshots, tour, validity, walk
from bench.reading import Figure


@pytest.mark.parametrize(
    ("texts", "count"),
    [
        ([], 0),
        (["", " \n "], 0),
        (["Du är inte ensam."], 4),
        (["Ring 112 – nu."], 3),  # a dash is none
        (["87,5\N{NO-BREAK SPACE}%"], 1),
        (["Läs", "Öva"], 2),
        (["(Sara)", "·", "å"], 2),
    ],
)
def test_a_word_has_a_letter_or_a_digit(texts: list[str], count: int) -> None:
    assert reading.count_words(texts) == count


@given(st.lists(st.text()))
def test_words_are_counted_text_by_text(texts: list[str]) -> None:
    assert reading.count_words(texts) == sum(reading.count_words([text]) for text in texts)


def test_what_stands_on_each_page_of_a_lesson_is_read_once() -> None:
    """Within one page everything is read, also what is said twice."""
    assert reading.once([["Rubrik", "Ja", "Ja"], ["Rubrik", "Nej"], ["Nej", "Ja", "Slut"]]) == [
        "Rubrik",
        "Ja",
        "Ja",
        "Nej",
        "Slut",
    ]


@pytest.mark.parametrize(("values", "found"), [([3], (3, 3)), ([1, 9, 2], (2, 9)), ([4, 1, 2, 8], (3, 8))])
def test_the_middle_and_the_most(values: list[float], found: tuple[float, float]) -> None:
    assert reading.middle_and_most(values) == found


@pytest.mark.parametrize(
    ("value", "limit", "is_reached"),
    [
        (421.9, 422, True),
        (422, 422, True),
        (422.1, 422, False),
        (0, 0, True),
        (0.0007, 0, False),
        (5, None, True),
    ],
)
def test_a_goal_is_reached_by_at_most_its_limit(value: float, limit: float | None, is_reached: bool) -> None:
    assert Figure("något", value, limit).is_reached is is_reached


def test_a_figure_is_told_in_one_row() -> None:
    assert Figure("a page", 9.04, 8, "screens", "the longest").cells == (
        "a page (the longest)",
        "9.0 screens",
        "at most 8",
        "NO",
    )
    assert Figure("a page", 8, 8, "screens").cells == ("a page", "8 screens", "at most 8", "yes")
    assert Figure("words", 1794.5, None).cells == ("words", "1794.5", "", "told")
    assert Figure("shift", 0.0007, 0).cells[1] == "0.0007"


def test_the_help_says_of_each_measurement_what_it_measures() -> None:
    told = walk.explained()
    for one in walk.MEASUREMENTS:
        assert one.__name__ in told
        assert one.__doc__
        assert one.__doc__.split()[0] in told
    assert "html5lib is not the Nu checker" in told


def test_every_picture_of_the_sheet_has_a_file_of_its_own() -> None:
    names = ["log in", "log in, wrong password", "final test"]
    files = {screenshots.file_name(name, look) for name in names for look in screenshots.LOOKS}
    assert len(files) == len(names) * 4
    assert "log-in-wrong-password-390-dark.png" in files
    page = screenshots.sheet(names)
    assert all(page.count(f'src="{file}"') == 1 for file in files)
    assert "http" not in page
    assert validity.malformed(page) == []


def test_a_document_that_is_not_well_formed_is_told() -> None:
    assert validity.malformed("<!doctype html><title>Ja</title><p>Ja</p>") == []
    assert validity.malformed("<!doctype html><title>Ja</title><p>Ja</p></div>") != []


def test_every_look_has_a_name_of_its_own() -> None:
    assert len({look.name for look in tour.LOOKS}) == 6
