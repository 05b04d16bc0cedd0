"""What an attempt asks, in which order; and the signed field that nobody else can use."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.course import Lesson, LessonKind, Question, QuestionKind
from elearn.content.prose import Prose
from elearn.errors import Invalid
from elearn.training import drawing
from elearn.training.drawing import Drawn
from tests import builders

KEY = b"a key of the tests, long enough to be one"
RENDERS = 1000
# Chi-square, upper 0.1 % point, by degrees of freedom. The key is fixed, so the tests are too.
LIMIT = {1: 10.83, 2: 13.82, 4: 18.47, 5: 20.52, 9: 27.88}


def chi_square(counts: Counter[object], cells: int) -> float:
    expected = counts.total() / cells
    return (
        sum((counts[cell] - expected) ** 2 / expected for cell in counts) + (cells - len(counts)) * expected
    )


def is_even(seen: Iterable[object], cells: int) -> bool:
    """Whether chance alone explains how often each of the cells was seen."""
    return chi_square(Counter(seen), cells) < LIMIT[cells - 1]


def renders(lesson: Lesson, count: int = RENDERS) -> list[Drawn]:
    """As many persons' and attempts' pages."""
    return [
        drawing.draw(lesson, person_id, number, KEY)
        for person_id in range(count // 4)
        for number in range(1, 5)
    ]


def bank(must_count: int = 0, other_count: int = 10, **kwargs: int) -> Lesson:
    musts = [builders.question(f"m{n}", must_be_right=True) for n in range(must_count)]
    return builders.lesson(
        "f/prov", *musts, *(builders.question(f"q{n}") for n in range(other_count)), **kwargs
    )


def right_place(question: Question) -> int:
    return next(n for n, choice in enumerate(question.choices) if choice.is_right)


def test_the_same_attempt_is_drawn_alike_and_the_next_one_anew() -> None:
    lesson = bank(draw=5)
    first = drawing.draw(lesson, 7, 1, KEY)
    assert drawing.draw(lesson, 7, 1, KEY) == first
    others = [
        drawing.draw(lesson, 7, 2, KEY),
        drawing.draw(lesson, 8, 1, KEY),
        drawing.draw(lesson, 7, 1, KEY + b"!"),
        drawing.draw(replace(lesson, hash="9" * 64), 7, 1, KEY),
        drawing.draw(replace(lesson, key="f/annat"), 7, 1, KEY),
    ]
    assert all(other.blocks != first.blocks for other in others)


def test_where_the_right_option_stands_says_nothing() -> None:
    """S15."""
    lesson = builders.lesson("f/a", builders.question("q"), builders.question("w"))
    pages = [drawn.questions for drawn in renders(lesson)]
    assert is_even([right_place(first) for first, _ in pages], 3)
    assert is_even([right_place(second) for _, second in pages], 3)
    assert is_even([(right_place(first) - right_place(second)) % 3 for first, second in pages], 3)


def test_an_unmixed_lesson_fails_the_same_measure() -> None:
    """S15: the control. With ``blanda: nej`` the author's order stands, and the measure sees it."""
    lesson = builders.lesson("f/a", builders.question("q"), is_shuffled=False)
    places = [right_place(drawn.questions[0]) for drawn in renders(lesson)]
    assert set(places) == {0}
    assert not is_even(places, 3)


def test_every_order_of_the_options_is_as_likely() -> None:
    """S15."""
    lesson = builders.lesson("f/a", builders.question("q"))
    assert is_even([tuple(c.key for c in drawn.questions[0].choices) for drawn in renders(lesson)], 6)


def test_the_choices_of_a_matching_stand_in_any_order_even_unmixed() -> None:
    """S15: in the author's order the first row's choice would stand first."""
    for is_shuffled in (True, False):
        lesson = builders.lesson("f/a", builders.matching("p"), is_shuffled=is_shuffled)
        drawn = [page.questions[0] for page in renders(lesson)]
        assert is_even([tuple(c.key for c in question.choices) for question in drawn], 6)
        assert ({question.rows for question in drawn} == {builders.matching("p").rows}) is not is_shuffled


@pytest.mark.parametrize("is_shuffled", [True, False])
def test_an_ordering_is_never_shown_in_the_right_order_and_else_in_any(is_shuffled: bool) -> None:
    """S15."""
    lesson = builders.lesson("f/a", builders.ordering("o"), is_shuffled=is_shuffled)
    orders = [tuple(row.answer for row in drawn.questions[0].rows) for drawn in renders(lesson)]
    assert ("1", "2", "3") not in orders
    assert is_even(orders, 5)


def test_one_row_can_stand_in_one_order_only() -> None:
    lesson = builders.lesson("f/a", builders.ordering("o", row_count=1))
    assert len(drawing.draw(lesson, 1, 1, KEY).questions[0].rows) == 1


def test_each_question_of_a_bank_is_drawn_as_often_and_stands_as_often_first() -> None:
    pages = renders(bank(draw=5))
    assert is_even([question_id for drawn in pages for question_id in drawn.question_ids], 10)
    assert is_even([drawn.question_ids[0] for drawn in pages], 10)


def test_without_a_bank_every_question_stands_in_its_place() -> None:
    lesson = builders.lesson("f/a", *(builders.question(f"q{n}") for n in range(6)))
    assert {drawn.question_ids for drawn in renders(lesson, 100)} == {tuple(f"q{n}" for n in range(6))}


@pytest.mark.parametrize(("draw_must", "expected_musts"), [(None, 4), (2, 2)])
def test_all_musts_are_drawn_or_as_many_as_are_asked_for(draw_must: int | None, expected_musts: int) -> None:
    lesson = replace(bank(must_count=4, draw=6), draw_must=draw_must)
    pages = renders(lesson, 400)
    for drawn in pages:
        assert len(drawn.questions) == 6
        assert sum(question.must_be_right for question in drawn.questions) == expected_musts
    assert {question_id for drawn in pages for question_id in drawn.question_ids} == {
        q.id for q in lesson.questions
    }
    assert {drawn.questions[0].must_be_right for drawn in pages} == {True, False}


def test_scenarios_and_reflections_are_never_drawn_away_and_keep_their_place() -> None:
    scenario = builders.question("s", QuestionKind.SCENARIO)
    reflection = replace(builders.question("r", QuestionKind.REFLECT), choices=())
    graded = [builders.question(f"q{n}") for n in range(4)]
    lesson = builders.lesson("f/prov", scenario, *graded, reflection, draw=1)
    for drawn in renders(lesson, 40):
        prose, first, second, last = drawn.blocks
        assert isinstance(prose, Prose)
        assert isinstance(first, Question)
        assert isinstance(second, Question)
        assert isinstance(last, Question)
        assert (first.id, second.id[0], last.id) == ("s", "q", "r")
        assert drawn.question_ids == ("s", second.id)


@given(
    must_count=st.integers(0, 5),
    other_count=st.integers(0, 6),
    draw=st.none() | st.integers(0, 12),
    draw_must=st.none() | st.integers(0, 6),
    person_id=st.integers(1, 10**6),
    number=st.integers(1, 50),
    is_shuffled=st.booleans(),
)
def test_whatever_is_drawn_is_the_lessons_own(
    must_count: int,
    other_count: int,
    draw: int | None,
    draw_must: int | None,
    person_id: int,
    number: int,
    is_shuffled: bool,
) -> None:
    lesson = replace(bank(must_count, other_count), draw=draw, draw_must=draw_must, is_shuffled=is_shuffled)
    originals = {question.id: question for question in lesson.questions}
    drawn = drawing.draw(lesson, person_id, number, KEY)
    assert len(set(drawn.question_ids)) == len(drawn.questions)
    for question in drawn.questions:
        original = originals[question.id]
        assert set(question.choices) == set(original.choices)
        assert replace(question, choices=original.choices) == original
        assert is_shuffled or question == original
    musts = sum(question.must_be_right for question in drawn.questions)
    if draw is None:
        assert drawn.question_ids == tuple(originals)
    else:
        wanted = must_count if draw_must is None else min(draw_must, must_count)
        assert len(drawn.questions) == min(must_count + other_count, max(draw, wanted))
        assert musts == max(wanted, len(drawn.questions) - other_count)


def test_an_attempt_drawn_before_is_arranged_alike_again() -> None:
    lesson = bank(must_count=2, draw=5)
    drawn = drawing.draw(lesson, 7, 3, KEY)
    assert drawing.arrange(lesson, drawn.question_ids, 7, 3, KEY) == drawn


def test_a_question_that_is_gone_is_passed_over() -> None:
    lesson = bank(draw=5)
    drawn = drawing.draw(lesson, 7, 1, KEY)
    left = [block for block in lesson.blocks if isinstance(block, Prose) or block.id != drawn.question_ids[0]]
    again = drawing.arrange(replace(lesson, blocks=tuple(left)), drawn.question_ids, 7, 1, KEY)
    assert again.question_ids == drawn.question_ids[1:]


def test_the_signed_field_tells_what_was_drawn() -> None:
    lesson = replace(bank(draw=3), edition=4)
    drawn = drawing.draw(lesson, 7, 2, KEY)
    signed = drawing.read_attempt(drawing.sign_attempt(lesson, drawn, 7, KEY), 7, KEY)
    assert signed == drawing.SignedAttempt("f/prov", 2, 4, lesson.hash, drawn.question_ids)


def test_another_persons_field_and_a_changed_one_are_invalid() -> None:
    """S16."""
    lesson = bank(draw=3)
    field = drawing.sign_attempt(lesson, drawing.draw(lesson, 7, 1, KEY), 7, KEY)
    wrong = [
        (8, field, KEY),
        (7, field, KEY + b"!"),
        (7, field[:-1], KEY),
        (7, "x" + field, KEY),
        (7, "", KEY),
    ]
    for person_id, text, key in wrong:
        with pytest.raises(Invalid):
            drawing.read_attempt(text, person_id, key)


@given(st.text(max_size=200))
def test_any_other_text_is_invalid(text: str) -> None:
    with pytest.raises(Invalid):
        drawing.read_attempt(text, 7, KEY)


def test_the_signed_field_tells_nothing_about_what_is_right() -> None:
    """S15: two lessons that differ only in which option is right have the same field."""
    question = builders.question("q")
    turned = replace(question, choices=tuple(replace(c, is_right=not c.is_right) for c in question.choices))
    fields = set()
    for one in (question, turned):
        lesson = builders.lesson("f/a", one)
        fields.add(drawing.sign_attempt(lesson, drawing.draw(lesson, 7, 1, KEY), 7, KEY))
    assert len(fields) == 1


@pytest.mark.parametrize(
    ("kind", "is_kept"),
    [(LessonKind.LESSON, False), (LessonKind.PRETEST, True), (LessonKind.FINAL_TEST, True)],
)
def test_a_scenario_before_or_after_a_course_keeps_the_authors_order(kind: LessonKind, is_kept: bool) -> None:
    """The threshold is a row of steps. A graded question beside it is mixed as ever."""
    threshold = builders.question("s", kind=QuestionKind.SCENARIO)
    lesson = builders.lesson("f/a", threshold, builders.question("q"), kind=kind)
    written = tuple(choice.key for choice in threshold.choices)
    pages = renders(lesson)
    by_id = {name: [page.questions[place] for page in pages] for place, name in enumerate("sq")}
    assert all(question.id == name for name, found in by_id.items() for question in found)
    assert ({tuple(c.key for c in q.choices) for q in by_id["s"]} == {written}) is is_kept
    assert len({tuple(c.key for c in q.choices) for q in by_id["q"]}) == 6
