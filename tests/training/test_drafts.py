"""A lesson that is begun: what stands, what can be tried again, what is counted, what a retry begins with."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.course import LessonKind, Question, QuestionKind
from elearn.training import drafts, grading
from elearn.training.drafts import Draft
from elearn.training.replies import NO_REPLY, Reply
from tests import builders

PLAIN, MUST = builders.question("q"), builders.question("w", must_be_right=True)
SCENARIO = builders.question("s", QuestionKind.SCENARIO)
ALL = (PLAIN, MUST, SCENARIO)
LESSON = builders.lesson("f/fragor", *ALL)


def chose(**choices: str) -> Reply:
    """``q="b"``: the question's choice ``q-b``."""
    return Reply(frozenset((id, "", f"{id}-{choice}") for id, choice in choices.items()))


def opened(draft: Draft, question: Question, choice: str) -> Draft:
    return draft.with_reply([question], chose(**{question.id: choice})).with_opened(question)


def test_a_reply_stands_once_its_feedback_is_shown() -> None:
    draft = opened(Draft(1), PLAIN, "b")
    assert draft.is_settled(PLAIN)
    later = draft.with_reply(ALL, chose(q="a"))
    assert later.chosen == chose(q="b")
    assert later.reply(ALL, ALL, chose(q="a")) == chose(q="b")


def test_a_wrong_must_is_tried_again_and_counts_as_it_was_first() -> None:
    draft = opened(Draft(1), MUST, "b")
    assert not draft.is_settled(MUST)
    again = opened(draft, MUST, "a")
    assert again.is_settled(MUST)
    assert again.first == chose(w="b")
    assert again.reply(ALL, ALL, NO_REPLY) == chose(w="a")
    assert again.counted(ALL, chose(w="a")) == chose(w="b")


def test_a_scenario_can_be_tried_as_often_as_one_likes_and_its_first_choice_is_counted() -> None:
    draft = opened(opened(Draft(1), SCENARIO, "b"), SCENARIO, "c")
    assert not draft.is_settled(SCENARIO)
    assert (draft.chosen, draft.counted(ALL, chose(s="c"))) == (chose(s="c"), chose(s="b"))


def test_what_was_not_on_the_page_is_what_was_chosen_before() -> None:
    draft = Draft(1).with_reply(ALL, chose(s="b"))
    assert draft.reply(ALL, (PLAIN, MUST), chose(q="a", w="a")) == chose(q="a", w="a", s="b")


def test_what_is_cleared_on_the_page_is_not_sent_as_it_was_before() -> None:
    draft = Draft(1).with_reply(ALL, chose(q="b"))
    assert draft.reply(ALL, (PLAIN, MUST), chose(w="a")) == chose(w="a")


def test_another_answer_to_what_stands_contradicts_it_and_the_same_does_not() -> None:
    draft = opened(Draft(1), PLAIN, "b")
    assert draft.contradicts(ALL, chose(q="a"))
    assert not draft.contradicts(ALL, chose(q="b"))
    assert not draft.contradicts(ALL, NO_REPLY)
    assert not draft.contradicts(ALL, chose(w="b"))


def test_a_retry_keeps_what_was_right_and_the_scenarios_and_asks_the_rest_anew() -> None:
    again = drafts.retry(2, ALL, chose(q="a", w="b", s="c"))
    assert (again.number, again.chosen, again.kept) == (2, chose(q="a", s="c"), {"q"})
    assert (again.opened, again.counted(ALL, chose(q="a", w="a", s="c"))) == ({"s"}, chose(w="a"))
    assert again.is_settled(PLAIN)
    assert not again.is_settled(MUST)
    assert again.reply(ALL, ALL, chose(w="a", s="c")) == chose(q="a", w="a", s="c")
    assert again.counted(ALL, chose(q="a", w="a")) == chose(w="a")


def test_what_an_author_has_changed_is_asked_again_and_the_rest_stays() -> None:
    draft = opened(opened(Draft(1), PLAIN, "b"), MUST, "a").with_reply(ALL, chose(s="c"))
    edited = replace(PLAIN, choices=tuple(replace(c, key="ny" + c.key) for c in PLAIN.choices))
    fitting = draft.fitting(replace(LESSON, blocks=(edited, MUST, SCENARIO)))
    assert (fitting.chosen, fitting.opened, fitting.first) == (chose(w="a", s="c"), {"w"}, chose(w="a"))
    gone = draft.fitting(replace(LESSON, blocks=(SCENARIO,)))
    assert (gone.chosen, gone.opened) == (chose(s="c"), frozenset())


def test_what_an_author_has_made_wrong_is_not_kept_as_right() -> None:
    draft = drafts.retry(2, ALL, chose(q="a", w="a"))
    moved = replace(MUST, choices=tuple(replace(c, is_right=c.key == "w-b") for c in MUST.choices))
    fitting = draft.fitting(replace(LESSON, blocks=(PLAIN, moved, SCENARIO)))
    assert fitting.kept == {"q"}
    assert not fitting.is_settled(moved)


@pytest.mark.parametrize(
    ("kind", "told", "kept"),
    [
        (LessonKind.LESSON, {"q", "s"}, {"w"}),
        (LessonKind.FINAL_TEST, {"s"}, {"w"}),
        (LessonKind.PRETEST, {"s"}, set()),
    ],
)
def test_a_lesson_that_has_become_a_test_tells_nothing_before_it_is_sent(
    kind: LessonKind, told: set[str], kept: set[str]
) -> None:
    """S15."""
    draft = opened(opened(drafts.retry(2, ALL, chose(w="a")), PLAIN, "b"), SCENARIO, "c")
    fitting = draft.fitting(replace(LESSON, kind=kind))
    assert (fitting.opened, fitting.kept, fitting.chosen) == (told, kept, chose(w="a", q="b", s="c"))


def test_a_retry_of_a_test_whose_questions_are_gone_is_drawn_anew() -> None:
    draft = drafts.retry(2, ALL, chose(q="a"), asked_again=("q", "w"))
    assert draft.fitting(LESSON).asked == ("q", "w")
    assert draft.fitting(replace(LESSON, blocks=(PLAIN,))).asked == ()


def test_a_retry_from_before_a_test_had_outcomes_keeps_nothing_and_is_drawn_anew() -> None:
    """It showed old questions as right already, where the page has promised new ones."""
    bank = tuple(replace(question, outcome="tolk") for question in (PLAIN, MUST))
    test = builders.lesson("f/prov", *bank, SCENARIO, kind=LessonKind.FINAL_TEST)
    before = drafts.retry(2, ALL, chose(q="a", s="c"), asked_again=("q", "w"))
    fitting = before.fitting(test)
    assert (fitting.kept, fitting.asked, fitting.chosen) == (frozenset(), (), chose(s="c"))
    put_by = replace(before, kept=frozenset())
    assert (put_by.fitting(test).asked, put_by.fitting(test).chosen) == (("q", "w"), chose(q="a", s="c"))


@pytest.mark.parametrize(
    ("draw", "draw_must", "is_must", "is_asked_again"),
    [
        (None, None, False, False),
        (2, None, False, True),
        (3, None, False, False),
        (2, None, True, False),
        (2, 1, True, True),
        (2, 2, True, False),
    ],
)
def test_a_retry_asks_a_question_that_has_come_and_that_every_draw_asks(
    draw: int | None, draw_must: int | None, is_must: bool, is_asked_again: bool
) -> None:
    """A third graded question was added after a test with ``q`` and ``w`` was failed."""
    draft = drafts.retry(2, ALL, chose(q="a"), asked_again=("q", "w"))
    new = builders.question("n", must_be_right=is_must)
    longer = replace(LESSON, blocks=(*ALL, new), draw=draw, draw_must=draw_must)
    assert bool(draft.fitting(longer).asked) == is_asked_again
    assert draft.fitting(longer).kept == {"q"}


tries = st.lists(st.tuples(st.sampled_from(["q", "w", "s"]), st.sampled_from(["a", "b", "c"])), max_size=12)


@given(tries)
def test_however_one_tries_the_first_reply_is_counted_and_only_a_wrong_must_or_a_scenario_moves(
    tried: list[tuple[str, str]],
) -> None:
    """Compared with a plain retelling of the rule."""
    by_id = {question.id: question for question in ALL}
    draft, first, last = Draft(1), dict[str, str](), dict[str, str]()
    for id, choice in tried:
        draft = opened(draft, by_id[id], choice)
        first.setdefault(id, choice)
        if id not in last or id == "s" or (id == "w" and last[id] != "a"):
            last[id] = choice
    assert draft.chosen == chose(**last)
    assert draft.counted(ALL, draft.chosen) == chose(**first)
    settled = {question.id for question in ALL if draft.is_settled(question)}
    assert settled == {id for id in last if id == "q" or (id == "w" and last[id] == "a")}
    assert {q.id for q in ALL if q.is_graded and grading.result(q, draft.chosen).is_right} == {
        id for id, choice in last.items() if choice == "a" and id != "s"
    }
