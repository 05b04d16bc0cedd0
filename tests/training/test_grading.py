"""Right or wrong, done or passed: each rule from both sides, and an oracle that thinks question by
question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.course import LessonKind, Question, QuestionKind
from elearn.training import grading, replies
from elearn.training.grading import FaultKind, Grade
from elearn.training.replies import Reply
from tests import builders
from tests.builders import Answers

Answer: TypeAlias = str | Sequence[str] | Mapping[str, str] | None
MARK = Fraction(4, 5)
LESSON, PRETEST, FINAL = LessonKind.LESSON, LessonKind.PRETEST, LessonKind.FINAL_TEST


def two_right(question_id: str = "m") -> Question:
    """Several answers: a and b are right, c is wrong."""
    question = builders.question(question_id, QuestionKind.MULTIPLE)
    first, second, third = question.choices
    return replace(question, choices=(first, replace(second, is_right=True), third))


def reply(questions: Iterable[Question], answers: Answers) -> Reply:
    return replies.parse(questions, builders.form(answers))


def grade(kind: LessonKind, questions: Sequence[Question], answers: Answers, mark: Fraction) -> Grade:
    return grading.grade(kind, questions, reply(questions, answers), mark)


def faults(
    kind: LessonKind, questions: Sequence[Question], answers: Answers
) -> tuple[grading.AnswerFault, ...]:
    return grading.faults(kind, questions, reply(questions, answers))


def is_right(question: Question, answer: Answer) -> bool | None:
    return grade(LESSON, [question], {question.id: answer}, MARK).results[0].is_right


def fault(
    question: Question, answer: Answer, kind: LessonKind = LESSON
) -> tuple[FaultKind, tuple[str, ...]] | None:
    found = faults(kind, [question], {question.id: answer})
    return (found[0].kind, found[0].rows) if found else None


def test_a_single_answer_is_right_or_wrong() -> None:
    assert is_right(builders.question("q"), "q-a")
    assert not is_right(builders.question("q"), "q-b")


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (("m-a", "m-b"), True),
        (("m-b", "m-a"), True),
        (("m-a",), False),
        (("m-a", "m-b", "m-c"), False),
        ((), False),
    ],
)
def test_several_answers_are_all_or_nothing(chosen: tuple[str, ...], expected: bool) -> None:
    assert is_right(two_right(), chosen) is expected


def test_an_ordering_is_right_when_every_row_has_its_place_however_the_number_is_written() -> None:
    question = builders.ordering("o")
    assert is_right(question, {"o-r1": "1", "o-r2": " 2", "o-r3": "03"})
    assert not is_right(question, {"o-r1": "2", "o-r2": "1", "o-r3": "3"})


def test_an_ordering_says_which_rows_were_right() -> None:
    answers = {"o": {"o-r1": "2", "o-r2": "1", "o-r3": "3"}}
    rows = grade(LESSON, [builders.ordering("o")], answers, MARK).results[0].rows
    assert [(row.key, row.chosen, row.is_right) for row in rows] == [
        ("o-r1", "2", False),
        ("o-r2", "1", False),
        ("o-r3", "3", True),
    ]


def test_a_matching_is_right_when_every_row_is() -> None:
    question = builders.matching("p")
    right = {"p-r1": "p-c1", "p-r2": "p-c2", "p-r3": "p-c3"}
    assert is_right(question, right)
    assert not is_right(question, right | {"p-r3": "p-c2"})


def test_a_scenario_and_a_reflection_are_never_graded() -> None:
    scenario = builders.question("s", QuestionKind.SCENARIO)
    reflection = replace(builders.question("r", QuestionKind.REFLECT), choices=())
    graded = grade(LESSON, [scenario, reflection], {"s": "s-b"}, MARK)
    assert [(result.is_right, result.chosen) for result in graded.results] == [(None, ("s-b",)), (None, ())]
    assert (graded.asked_count, graded.has_passed) == (0, True)
    assert faults(LESSON, [scenario, reflection], {}) == ()


def test_a_lesson_is_done_with_wrong_answers_but_not_with_an_unanswered_question() -> None:
    questions = [builders.question("q"), builders.question("w")]
    assert grade(LESSON, questions, {"q": "q-b", "w": "w-b"}, MARK).has_passed
    assert not grade(LESSON, questions, {"q": "q-a"}, MARK).has_passed


def test_a_lesson_is_not_done_while_a_must_is_wrong() -> None:
    questions = [builders.question("q"), builders.question("w", must_be_right=True)]
    assert grade(LESSON, questions, {"q": "q-b", "w": "w-a"}, MARK).has_passed
    graded = grade(LESSON, questions, {"q": "q-a", "w": "w-b"}, MARK)
    assert not graded.has_passed


@pytest.mark.parametrize(("right_count", "has_passed"), [(4, True), (3, False)])
def test_a_final_test_is_passed_at_the_mark_and_not_below_it(right_count: int, has_passed: bool) -> None:
    questions = [builders.question(f"q{n}") for n in range(5)]
    answers = {q.id: f"{q.id}-{'a' if n < right_count else 'b'}" for n, q in enumerate(questions)}
    graded = grade(FINAL, questions, answers, Fraction(80, 100))
    assert (graded.right_count, graded.asked_count, graded.has_passed) == (right_count, 5, has_passed)


def test_the_mark_is_compared_as_fractions() -> None:
    """2/3 shown as 67 % has not reached 67 %."""
    questions = [builders.question(f"q{n}") for n in range(3)]
    answers = {"q0": "q0-a", "q1": "q1-a", "q2": "q2-b"}
    assert grade(FINAL, questions, answers, Fraction(2, 3)).has_passed
    assert not grade(FINAL, questions, answers, Fraction(67, 100)).has_passed


def test_a_final_test_is_not_passed_while_a_must_is_wrong_whatever_the_score() -> None:
    questions = [builders.question(f"q{n}", must_be_right=n == 0) for n in range(5)]
    answers = {q.id: f"{q.id}-a" for q in questions}
    assert grade(FINAL, questions, answers, MARK).has_passed
    assert not grade(FINAL, questions, answers | {"q0": "q0-b"}, MARK).has_passed


def test_a_final_test_that_asks_nothing_is_not_passed() -> None:
    assert not grade(FINAL, [], {}, MARK).has_passed


def test_a_pretest_is_always_done_answered_or_not() -> None:
    questions = [builders.question("q", must_be_right=True), builders.ordering("o")]
    assert grade(PRETEST, questions, {"q": "q-b"}, MARK).has_passed
    assert faults(PRETEST, questions, {"o": {"o-r1": "1", "o-r2": "1"}}) == ()


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        (builders.question("q"), None, (FaultKind.MISSING, ())),
        (builders.question("q"), "", (FaultKind.MISSING, ())),
        (builders.question("q"), "q-a", None),
        (builders.question("q"), "other-a", (FaultKind.MISSING, ())),
        (builders.question("q"), {"q": "q-a"}, (FaultKind.MISSING, ())),
        (builders.question("s", QuestionKind.SCENARIO), None, None),
        (builders.question("s", QuestionKind.SCENARIO), "x", None),
        (two_right(), (), (FaultKind.MISSING, ())),
        (two_right(), ("m-c",), None),
        (two_right(), ("m-a", "m-x"), (FaultKind.MISSING, ())),
        (builders.ordering("o"), {"o-r1": "1", "o-r3": "2"}, (FaultKind.MISSING, ("o-r2",))),
        (
            builders.ordering("o"),
            {"o-r1": "1", "o-r2": "1", "o-r3": "2"},
            (FaultKind.POSITIONS, ("o-r1", "o-r2")),
        ),
        (builders.ordering("o"), {"o-r1": "1", "o-r2": "2", "o-r3": "4"}, (FaultKind.POSITIONS, ("o-r3",))),
        (
            builders.ordering("o"),
            {"o-r1": "0", "o-r2": "2", "o-r3": "tre"},
            (FaultKind.POSITIONS, ("o-r1", "o-r3")),
        ),
        (builders.ordering("o"), {"o-r1": "3", "o-r2": "1", "o-r3": "2"}, None),
        (builders.ordering("o"), {"o-r1": "3", "o-r2": "1", "o-r3": "2", "x": "4"}, None),
        (builders.ordering("o"), "o-r1", (FaultKind.MISSING, ("o-r1", "o-r2", "o-r3"))),
        (builders.matching("p"), {"p-r1": "p-c1", "p-r2": "p-c2"}, (FaultKind.MISSING, ("p-r3",))),
        (builders.matching("p"), {"p-r1": "p-c1", "p-r2": "p-c1", "p-r3": "p-c1"}, None),
        (
            builders.matching("p"),
            {"p-r1": "p-c1", "p-r2": "p-c2", "p-r3": "p-c9"},
            (FaultKind.MISSING, ("p-r3",)),
        ),
    ],
)
def test_what_cannot_be_graded_is_told_with_its_rows(
    question: Question, answer: Answer, expected: tuple[FaultKind, tuple[str, ...]] | None
) -> None:
    assert fault(question, answer) == expected


def test_missing_names_the_graded_questions_without_a_whole_answer() -> None:
    questions = [
        builders.question("q"),
        builders.ordering("o"),
        builders.question("s", QuestionKind.SCENARIO),
        two_right(),
    ]
    found = faults(LESSON, questions, {"o": {"o-r1": "1"}, "m": ("m-a",)})
    assert [fault.question_id for fault in found] == ["q", "o"]


def test_what_the_client_says_about_the_score_counts_for_nothing() -> None:
    """S16."""
    answers: Answers = {"q": "q-b", "score": "1", "passed": "true", "right_count": "1"}
    assert grade(FINAL, [builders.question("q")], answers, MARK).has_passed is False


# The oracle: per kind, the plainest words of course-format.md.


@st.composite
def questions(draw: st.DrawFn) -> list[Question]:
    kinds = draw(st.lists(st.sampled_from(list(QuestionKind)), min_size=1, max_size=6))
    made = []
    for n, kind in enumerate(kinds):
        must = draw(st.booleans()) and kind not in (QuestionKind.SCENARIO, QuestionKind.REFLECT)
        if kind == QuestionKind.ORDER:
            made.append(builders.ordering(f"q{n}", draw(st.integers(3, 4)), must))
        elif kind == QuestionKind.MATCH:
            made.append(builders.matching(f"q{n}", draw(st.integers(2, 3)), must))
        else:
            made.append(
                builders.question(f"q{n}", kind, must)
                if kind != QuestionKind.MULTIPLE
                else two_right(f"q{n}")
            )
    return made


def answer_to(question: Question) -> st.SearchStrategy[Answer]:
    keys = [choice.key for choice in question.choices]
    rows = [row.key for row in question.rows]
    positions = [str(n) for n in range(1, len(rows) + 1)]
    match question.kind:
        case QuestionKind.MULTIPLE:
            return st.lists(st.sampled_from([*keys, "x"]), max_size=4).map(tuple)
        case QuestionKind.ORDER:
            return st.permutations(positions).map(
                lambda order: dict(zip(rows, order, strict=True))
            ) | st.dictionaries(st.sampled_from(rows), st.sampled_from([*positions, "9"]))
        case QuestionKind.MATCH:
            return st.dictionaries(st.sampled_from(rows), st.sampled_from([*keys, "x"]))
        case _:
            return st.sampled_from([None, "", *keys, "x"])


def oracle(question: Question, answer: Answer) -> bool:
    if question.kind == QuestionKind.SINGLE:
        return answer == f"{question.id}-a"
    if question.kind == QuestionKind.MULTIPLE:
        return sorted(set(answer or ())) == [f"{question.id}-a", f"{question.id}-b"]
    letter = "" if question.kind == QuestionKind.ORDER else f"{question.id}-c"
    given = answer if isinstance(answer, dict) else {}
    return all(given.get(f"{question.id}-r{n}") == f"{letter}{n}" for n in range(1, len(question.rows) + 1))


@given(data=st.data(), asked=questions(), mark=st.fractions(min_value=0, max_value=1, max_denominator=10))
def test_every_grade_is_the_oracles(data: st.DataObject, asked: list[Question], mark: Fraction) -> None:
    answers = {question.id: data.draw(answer_to(question)) for question in asked}
    judged = [
        question for question in asked if question.kind not in (QuestionKind.SCENARIO, QuestionKind.REFLECT)
    ]
    right = {question.id for question in judged if oracle(question, answers[question.id])}
    musts_hold = all(question.id in right for question in judged if question.must_be_right)
    graded = grade(FINAL, asked, answers, mark)
    assert (graded.right_count, graded.asked_count) == (len(right), len(judged))
    assert graded.has_passed == (len(judged) > 0 and len(right) >= mark * len(judged) and musts_hold)
    assert {result.question_id for result in graded.results if result.is_right} == right


@given(data=st.data(), asked=questions())
def test_a_lesson_with_an_unanswered_question_is_not_done(data: st.DataObject, asked: list[Question]) -> None:
    answers = {question.id: data.draw(answer_to(question)) for question in asked}
    if any(fault.kind == FaultKind.MISSING for fault in faults(LESSON, asked, answers)):
        assert not grade(LESSON, asked, answers, MARK).has_passed
