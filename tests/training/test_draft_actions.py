"""Keeping what is begun: in the database, for one person, until it is sent or its time is out."""

import contextlib
import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn import database
from elearn.content.course import Lesson, LessonKind, QuestionKind
from elearn.content.prose import Prose
from elearn.errors import Conflict
from elearn.training import actions, draft_actions, drawing, queries, replies
from elearn.training.drafts import Draft
from elearn.training.models import AnswerTally, Attempt, LessonDraft
from elearn.training.submission import LessonChanged, ReplyRefused, Submission
from tests import builders
from tests.builders import Answers
from tests.training import lessons
from tests.training.lessons import ASK, COURSE, FINAL, FINAL_RIGHT, FINAL_WRONG, Learner

MIXED = builders.lesson(
    "f/blandat",
    builders.question("q"),
    builders.question("w", must_be_right=True),
    builders.question("s", QuestionKind.SCENARIO),
)
SCENARIO = builders.question("s", QuestionKind.SCENARIO)


@pytest.fixture
def sara(session: Session) -> Learner:
    return Learner(session, builders.person(session).id)


def draft_of(learner: Learner, lesson: Lesson = MIXED) -> Draft:
    record = queries.training_record(learner.session, learner.person_id)
    return queries.draft(learner.session, learner.person_id, lesson, record.attempt_count(lesson.key) + 1)


def submission(learner: Learner, answers: Answers, lesson: Lesson = MIXED) -> Submission:
    draft = draft_of(learner, lesson)
    reply = replies.parse(lesson.questions, builders.form(answers))
    return Submission(COURSE, lesson, lessons.sign(lesson, draft.number), reply, draft)


def answer(learner: Learner, question_id: str, answers: Answers, lesson: Lesson = MIXED) -> bool:
    record = queries.training_record(learner.session, learner.person_id)
    sent = submission(learner, answers, lesson)
    return draft_actions.answer_question(learner.session, learner.deed(), record, sent, question_id)


def tally(session: Session) -> set[tuple[str, str]]:
    return {tuple(row) for row in session.execute(sa.select(AnswerTally.question_id, AnswerTally.choice_key))}


def test_an_answer_at_once_is_kept_with_what_else_was_chosen(sara: Learner) -> None:
    assert answer(sara, "q", {"q": "q-b", "s": "s-c"})
    draft = draft_of(sara)
    assert draft.opened == {"q"}
    assert draft.chosen == replies.parse(MIXED.questions, builders.form({"q": "q-b", "s": "s-c"}))
    assert sara.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 0


def test_another_answer_to_what_stands_changes_nothing_and_says_so(sara: Learner) -> None:
    assert answer(sara, "q", {"q": "q-b"})
    assert not answer(sara, "q", {"q": "q-a"})
    assert answer(sara, "q", {"q": "q-b"})
    assert draft_of(sara).chosen == replies.parse(MIXED.questions, builders.form({"q": "q-b"}))


@pytest.mark.parametrize("question_id", ["q", "s"])
def test_an_unanswered_question_is_told_alone(sara: Learner, question_id: str) -> None:
    with pytest.raises(ReplyRefused) as refused:
        answer(sara, question_id, {})
    assert [fault.question_id for fault in refused.value.answer_faults] == [question_id]


def test_a_lesson_is_done_with_the_last_reply_to_a_must_and_counted_with_the_first(sara: Learner) -> None:
    answer(sara, "w", {"w": "w-b"})
    answer(sara, "w", {"w": "w-a"})
    outcome = sara.send(MIXED, {"q": "q-b"})
    assert (outcome.right_count, outcome.has_passed) == (1, True)
    assert tally(sara.session) == {("q", "q-b"), ("w", "w-b")}
    assert draft_of(sara) == Draft(2)


def test_a_reply_that_stands_is_graded_whatever_the_form_says_and_the_sender_is_told(sara: Learner) -> None:
    answer(sara, "q", {"q": "q-b"})
    outcome = sara.send(MIXED, {"q": "q-a", "w": "w-a"})
    assert (outcome.right_count, outcome.is_stored) == (1, False)


def test_a_final_test_and_a_pretest_tell_nothing_before_they_are_sent(sara: Learner) -> None:
    """S15."""
    pretest = builders.lesson("f/fore", builders.question("p"), kind=LessonKind.PRETEST)
    for lesson, question in ((FINAL, "t1"), (pretest, "p")):
        with pytest.raises(Conflict):
            answer(sara, question, {question: f"{question}-a"}, lesson)
    assert sara.session.scalar(sa.select(sa.func.count()).select_from(LessonDraft)) == 0


def test_a_lesson_that_is_sent_is_answered_no_more(sara: Learner) -> None:
    old = submission(sara, {"q": "q-b"})
    sara.send(MIXED, {"q": "q-a", "w": "w-a"})
    record = queries.training_record(sara.session, sara.person_id)
    with pytest.raises(Conflict):
        draft_actions.answer_question(sara.session, sara.deed(), record, old, "q")
    draft_actions.save_draft(sara.session, sara.deed(), record, old, has_read=True)
    assert draft_of(sara) == Draft(2)


def test_a_question_that_is_gone_shows_the_lesson_again(sara: Learner) -> None:
    sent = submission(sara, {"q": "q-b"})
    shorter = builders.lesson("f/blandat", builders.question("w", must_be_right=True))
    changed = Submission(COURSE, shorter, sent.signed, sent.reply, sent.draft)
    record = queries.training_record(sara.session, sara.person_id)
    with pytest.raises(LessonChanged):
        draft_actions.answer_question(sara.session, sara.deed(), record, changed, "w")


def test_one_persons_draft_is_never_anothers(sara: Learner) -> None:
    other = Learner(sara.session, builders.person(sara.session).id)
    answer(sara, "q", {"q": "q-b"})
    assert draft_of(other) == Draft(1)


def test_a_failed_final_test_asks_the_same_questions_again_and_keeps_what_was_right(sara: Learner) -> None:
    sara.do_all_lessons()
    failed = sara.send(FINAL, {**FINAL_WRONG, "t1": "t1-a"})
    assert not failed.has_passed
    draft = draft_of(sara, FINAL)
    assert draft.asked == tuple(f"t{n}" for n in range(5))
    assert draft.kept == {"t1"}
    learnt = {name: key for name, key in FINAL_RIGHT.items() if name != "t1"}
    passed = sara.send(FINAL, learnt, number=2)
    assert (passed.right_count, passed.asked_count, passed.has_passed) == (5, 5, True)
    assert draft_of(sara, FINAL) == Draft(3)


@pytest.mark.parametrize("has_outcomes", [False, True])
def test_a_final_test_that_is_put_by_asks_the_same_questions_after_an_edit_of_its_text(
    sara: Learner, has_outcomes: bool
) -> None:
    bank = [builders.question(f"t{n}") for n in range(30)]
    if has_outcomes:
        bank = [replace(question, outcome="ab"[n % 2]) for n, question in enumerate(bank)]
    test = replace(builders.lesson("f/bank", *bank, SCENARIO, kind=LessonKind.FINAL_TEST), draw=4)
    drawn = drawing.draw(test, sara.person_id, 1, b"k" * 32)
    signed = replace(lessons.sign(test, 1), question_ids=drawn.question_ids)
    asked = tuple(id for id in drawn.question_ids if id != SCENARIO.id)
    sent = replace(submission(sara, {asked[0]: f"{asked[0]}-a"}, test), signed=signed)
    record = queries.training_record(sara.session, sara.person_id)
    draft_actions.save_draft(sara.session, sara.deed(), record, sent, has_read=True)
    edited = replace(test, hash="9" * 64)
    assert draft_of(sara, edited).asked == asked
    gone = next(question for question in bank if question.id == asked[1])
    shorter = replace(edited, blocks=tuple(block for block in edited.blocks if block != gone))
    assert draft_of(sara, shorter).asked == ()
    assert draft_of(sara, shorter).chosen.chosen(bank[int(asked[0][1:])]) == {f"{asked[0]}-a"}


def test_the_place_in_the_text_is_kept_over_an_attempt_and_a_wrong_one_is_none(sara: Learner) -> None:
    text = Prose(('<h2 id="nar">När</h2>',))
    lesson = builders.lesson("f/blandat", builders.question("q"))
    lesson = replace(lesson, blocks=(text, *lesson.blocks))
    record = queries.training_record(sara.session, sara.person_id)
    for place, expected in (("nar", "nar"), ("finns-inte", "nar"), ("", "nar")):
        draft_actions.save_place(
            sara.session, sara.deed(), record, COURSE, lesson, draft_of(sara, lesson), place == "", place
        )
        assert draft_of(sara, lesson).place == expected
    assert draft_of(sara, lesson).has_read
    later = queries.draft(sara.session, sara.person_id, lesson, 2)
    assert (later.number, later.has_read, later.place, later.chosen) == (2, True, "nar", replies.NO_REPLY)


@pytest.mark.parametrize(("days", "is_left"), [(29, True), (30, False)])
def test_a_draft_is_erased_as_answers_are(sara: Learner, days: int, is_left: bool) -> None:
    """30 days after it was last changed, by anybody's submission and by ``tidy``."""
    answer(sara, "q", {"q": "q-b"})
    later = sara.now + dt.timedelta(days=days)
    actions.erase_due_answers(sara.session, builders.deed(now=later, today=later.date()))
    assert bool(draft_of(sara).opened) == is_left


def test_a_completed_courses_drafts_stay_a_day(sara: Learner) -> None:
    sara.do_all_lessons()
    answer(sara, "q", {"q": "q-b"}, ASK)
    sara.send(FINAL, FINAL_RIGHT)
    due = sara.session.scalars(sa.select(LessonDraft.answers_due_at)).all()
    assert due == [sara.now + dt.timedelta(days=1)]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["answer", "save", "send", "send"]),
        st.fixed_dictionaries({}, optional={id: st.sampled_from("abc") for id in ("q", "w", "s")}),
        st.sampled_from(["q", "w", "s"]),
    ),
    max_size=10,
)


@given(steps=STEPS)
def test_however_one_goes_on_each_question_of_an_attempt_is_counted_once_by_its_first_reply(
    engine: sa.Engine, steps: list[tuple[str, dict[str, str], str]]
) -> None:
    """Compared with a plain retelling: what was right before and a scenario tried before are not counted
    again."""
    with Session(database.writing(engine)) as session:
        learner = Learner(session, builders.person(session).id)
        retold = Retelling()
        for what, answers, id in steps:
            form: Answers = {name: f"{name}-{choice}" for name, choice in answers.items()}
            with contextlib.suppress(ReplyRefused):
                if what == "answer":
                    answer(learner, id, form)
                    retold.answer(id, answers)
                elif what == "save":
                    record = queries.training_record(session, learner.person_id)
                    sent = submission(learner, form)
                    draft_actions.save_draft(session, learner.deed(), record, sent, has_read=True)
                    retold.choose(answers)
                else:
                    learner.send(MIXED, form, draft_of(learner).number)
                    retold.send(answers)
        every = session.execute(
            sa.select(
                AnswerTally.question_id, AnswerTally.choice_key, sa.func.sum(AnswerTally.count)
            ).group_by(AnswerTally.question_id, AnswerTally.choice_key)
        )
        found = {(question, key.removeprefix(f"{question}-")): count for question, key, count in every}
        assert found == dict(retold.tally)


class Retelling:
    """The rule once more, with plain dictionaries. Choice a is right; w must be right, s is a scenario."""

    def __init__(self) -> None:
        self.tally: Counter[tuple[str, str]] = Counter()
        self.last: dict[str, str] = {}
        self.told: set[str] = set()
        self.first: dict[str, str] = {}
        self.done: set[str] = set()  # right before, or a scenario tried before: counted then

    def stands(self, id: str) -> bool:
        if id == "s" or id not in self.told | self.done:
            return False
        return id in self.done or id == "q" or self.last[id] == "a"

    def choose(self, answers: dict[str, str]) -> None:
        self.last |= {id: choice for id, choice in answers.items() if not self.stands(id)}

    def answer(self, id: str, answers: dict[str, str]) -> None:
        if not self.stands(id):
            self.choose(answers)
            self.told.add(id)
            self.first.setdefault(id, self.last[id])

    def send(self, answers: dict[str, str]) -> None:
        said = {id: self.last[id] for id in "qws" if self.stands(id)} | {
            id: choice for id, choice in answers.items() if not self.stands(id)
        }
        counted = {id: self.first.get(id, choice) for id, choice in said.items()} | self.first
        self.tally.update((id, choice) for id, choice in counted.items() if id not in self.done)
        right = {id for id in ("q", "w") if said[id] == "a"}
        has_failed = said["w"] != "a"
        self.done = (right | ({"s"} & said.keys())) if has_failed else set()
        self.last = {id: choice for id, choice in said.items() if id in self.done}
        self.told, self.first = set(), {}
