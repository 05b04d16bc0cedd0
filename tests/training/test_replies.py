"""A reply: read once at the door, stored and read back as it was."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from elearn.content.course import Question, QuestionKind
from elearn.training import replies
from elearn.training.replies import Reply
from tests import builders
from tests.builders import Answers

QUESTION = builders.question("q")
SEVERAL = builders.question("m", QuestionKind.MULTIPLE)
SCENARIO = builders.question("s", QuestionKind.SCENARIO)
REFLECTION = replace(builders.question("r", QuestionKind.REFLECT), choices=())
ORDERING, MATCHING = builders.ordering("o"), builders.matching("p")
ALL = (QUESTION, SEVERAL, SCENARIO, REFLECTION, ORDERING, MATCHING)


def parse(answers: Answers) -> set[tuple[str, str, str]]:
    return set(replies.parse(ALL, builders.form(answers)).answers)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, set()),
        ({"q": "q-b"}, {("q", "", "q-b")}),
        ({"q": ""}, set()),
        ({"q": "gone"}, set()),
        ({"q": ("q-a", "q-b")}, {("q", "", "q-a")}),  # radio buttons send one
        ({"m": ("m-c", "m-a", "m-c")}, {("m", "", "m-a"), ("m", "", "m-c")}),
        ({"m": ("m-a", "gone")}, set()),  # never graded in part
        ({"s": "s-c"}, {("s", "", "s-c")}),
        ({"r": "something written"}, set()),
        (
            {"o": {"o-r1": " 2", "o-r2": "01", "o-r3": "0"}},
            {("o", "o-r1", "2"), ("o", "o-r2", "1"), ("o", "o-r3", "0")},
        ),
        ({"o": {"o-r1": "1234567"}}, {("o", "o-r1", "123")}),
        ({"o": {"o-r1": "", "gone": "1"}}, set()),
        ({"p": {"p-r1": "p-c2", "p-r2": "gone", "gone": "p-c1"}}, {("p", "p-r1", "p-c2")}),
        ({"score": "9", "passed": "true", "attempt": "x", "csrf_token": "y"}, set()),  # S16
    ],
)
def test_a_form_is_read_once_and_what_the_questions_do_not_have_counts_for_nothing(
    answers: Answers, expected: set[tuple[str, str, str]]
) -> None:
    assert parse(answers) == expected


def test_a_reply_says_what_was_chosen_and_what_stands_in_each_row() -> None:
    reply = replies.parse(ALL, builders.form({"q": "q-b", "o": {"o-r2": "3"}, "p": {"p-r1": "p-c3"}}))
    assert (reply.chosen(QUESTION), reply.chosen(SEVERAL)) == ({"q-b"}, set())
    assert (reply.by_row(ORDERING), reply.by_row(MATCHING)) == ({"o-r2": "3"}, {"p-r1": "p-c3"})
    assert reply.to(SEVERAL) == frozenset()
    assert not replies.NO_REPLY


def test_what_fits_another_text_is_kept_and_the_rest_left_out() -> None:
    sent = Reply(
        frozenset(
            {
                *(("q", "", "gone"), ("m", "", "m-a"), ("m", "", "gone"), ("o", "o-r1", "9")),
                *(("o", "gone", "1"), ("p", "p-r1", "p-c3"), ("gone", "", "x")),
            }
        )
    )
    assert sent.only(ALL).answers == {("m", "", "m-a"), ("o", "o-r1", "9"), ("p", "p-r1", "p-c3")}


def test_it_is_stored_for_every_question_that_was_asked_in_the_order_shown() -> None:
    reply = replies.parse(ALL, builders.form({"m": ("m-c", "m-a"), "q": "q-a"}))
    assert list(reply.stored(["s", "m", "q"]).items()) == [
        ("s", []),
        ("m", [["", "m-a"], ["", "m-c"]]),
        ("q", [["", "q-a"]]),
    ]


fields = st.lists(
    st.tuples(
        st.sampled_from(["q", "m", "s", "r", "o.o-r1", "o.o-r2", "p.p-r1", "p.p-r3", "o", "p", "x"]),
        st.sampled_from(["q-a", "m-a", "m-b", "s-c", "p-c1", "p-c3", "1", " 02", "0", ""])
        | st.text(max_size=5),
    ),
    max_size=12,
)


@given(fields)
def test_any_form_is_read_and_comes_back_from_storage_as_it_was(sent: list[tuple[str, str]]) -> None:
    reply = replies.parse(ALL, MultiDict(sent))
    stored = json.loads(json.dumps(reply.stored([question.id for question in ALL])))
    assert replies.read_stored(stored) == reply
    assert reply.only(ALL) == reply
    by_id: dict[str, Question] = {question.id: question for question in ALL}
    for question_id, row, value in reply.answers:
        question = by_id[question_id]
        assert row in replies.rows_of(question)
        assert question.kind == QuestionKind.ORDER or value in {choice.key for choice in question.choices}
