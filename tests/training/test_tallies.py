"""The tally: each choice once, in key order, and nothing that names a person."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn import database
from elearn.content.course import Question, QuestionKind
from elearn.training import replies, tallies
from elearn.training.models import AnswerTally, QuestionTally, ShownTally
from elearn.training.replies import Reply
from tests import builders


def test_each_choice_is_counted_once_and_rows_by_row_and_choice() -> None:
    questions = [
        builders.question("q"),
        builders.question("m", QuestionKind.MULTIPLE),
        builders.question("s", QuestionKind.SCENARIO),
        builders.ordering("o"),
        builders.matching("p", row_count=2),
        builders.question("z"),
    ]
    answers = {
        "p": {"p-r2": "p-c1", "p-r1": "p-c1"},
        "o": {"o-r1": "02", "o-r2": "1", "o-r3": "3"},
        "s": "s-c",
        "m": ("m-c", "m-a", "m-c"),
        "q": "q-b",
        "elsewhere": "x",
    }
    assert tallies.choices_made(questions, replies.parse(questions, builders.form(answers))) == (
        ("m", "m-a"),
        ("m", "m-c"),
        ("o", "o-r1=2"),
        ("o", "o-r2=1"),
        ("o", "o-r3=3"),
        ("p", "p-r1=p-c1"),
        ("p", "p-r2=p-c1"),
        ("q", "q-b"),
        ("s", "s-c"),
    )


def test_a_choice_is_added_to_its_own_row_of_question_course_and_attempt(session: Session) -> None:
    for course, is_first in (("f", True), ("f", True), ("f", False), ("s", True)):
        tallies.add_answers(session, course, [("q", "q-a")], is_first)
    tallies.add_answers(session, "f", [], True)
    counts = {
        key: session.get_one(AnswerTally, ("q", "q-a", *key)).count
        for key in (("f", True), ("f", False), ("s", True))
    }
    assert counts == {("f", True): 2, ("f", False): 1, ("s", True): 1}


def test_the_tables_have_no_column_that_could_name_a_person_or_tell_a_moment() -> None:
    assert set(AnswerTally.__table__.columns.keys()) == {
        "question_id",
        "choice_key",
        "course",
        "is_first_attempt",
        "count",
    }
    counts = {"question_id", "course", "answered_count", "right_count"}
    assert set(QuestionTally.__table__.columns.keys()) == counts
    assert set(ShownTally.__table__.columns.keys()) == counts | {"choices"}


def answers(questions: list[Question], **chosen: Any) -> Reply:
    return replies.parse(questions, builders.form(chosen))


def send(
    session: Session, course: str, questions: list[Question], *, first: bool = True, **chosen: Any
) -> None:
    reply = answers(questions, **chosen)
    tallies.count_reply(session, course, questions, reply, is_first_attempt=first)


def judged(session: Session, question_id: str, course: str) -> tuple[int, int] | None:
    row = session.get(QuestionTally, (question_id, course), populate_existing=True)
    return row and (row.answered_count, row.right_count)


def test_a_whole_answer_is_counted_as_right_or_not_at_the_first_attempt_alone(session: Session) -> None:
    many = builders.question("m", QuestionKind.MULTIPLE)
    asked = [
        many,
        builders.ordering("o"),
        builders.question("s", QuestionKind.SCENARIO),
        builders.question("q"),
    ]
    right_order, other_order = (
        {f"o-r{n}": str(p) for n, p in enumerate(order, 1)} for order in ("123", "132")
    )
    send(session, "f", asked, m="m-a", o=right_order, s="s-c", q="q-a")
    send(session, "f", asked, m=("m-a", "m-b"), o=other_order, q="q-b")  # the scenario is left
    send(session, "f", asked, first=False, m="m-a", o=right_order, s="s-c", q="q-a")
    send(session, "g", asked, q="q-a")
    assert {id: judged(session, id, "f") for id in "mosq"} == {
        "m": (2, 1),
        "o": (2, 1),
        "s": (1, 0),
        "q": (2, 1),
    }
    assert (judged(session, "q", "g"), judged(session, "m", "g")) == ((1, 1), None)


def copies(session: Session) -> dict[tuple[str, str], tuple[int, int, dict[str, int]]]:
    return {
        (copy.question_id, copy.course): (copy.answered_count, copy.right_count, dict(copy.choices))
        for copy in tallies.shown(session)
    }


def test_a_copy_is_made_of_ten_and_anew_when_ten_more_have_answered(session: Session) -> None:
    asked = [builders.question("q")]
    seen = {}
    for number in range(1, 31):
        send(session, "f", asked, q="q-a" if number % 2 else "q-b")
        send(session, "f", asked, first=False, q="q-c")
        seen[number] = copies(session).get(("q", "f"))
    first, second = (10, 5, {"q-a": 5, "q-b": 5}), (20, 10, {"q-a": 10, "q-b": 10})
    assert (seen[9], seen[10], seen[19], seen[20], seen[29]) == (None, first, first, second, second)
    assert seen[30] == (30, 15, {"q-a": 15, "q-b": 15})


Sent = tuple[str, dict[str, str], bool]


CHOICE = st.sampled_from("abc")


@settings(max_examples=25)
@given(
    sent=st.lists(
        st.tuples(
            st.sampled_from("ffg"),
            st.fixed_dictionaries({"q": CHOICE}, optional={"r": CHOICE}),
            st.sampled_from([True, True, True, False]),
        ),
        min_size=40,  # so that some copy is renewed
        max_size=60,
    )
)
def test_no_two_copies_that_an_attacker_can_compare_differ_by_fewer_than_ten_answers(
    sqlite_template: Path, sent: list[Sent]
) -> None:
    """The attacker looks at everything that is shown after each answer that anybody sends, keeps it all, and
    knows whose answer came when."""
    asked = [builders.question(id) for id in "qr"]
    everything: dict[tuple[str, str], list[dict[str, int]]] = {}
    with emptied(sqlite_template) as session:
        was: dict[tuple[str, str], tuple[int, int, dict[str, int]]] = {}
        for course, chosen, is_first in sent:
            send(session, course, asked, first=is_first, **{id: f"{id}-{key}" for id, key in chosen.items()})
            for id, key in chosen.items() if is_first else ():
                everything.setdefault((id, course), []).append({f"{id}-{key}": 1})
            now = copies(session)
            assert was.keys() <= now.keys()
            for place, copy in now.items():
                count = len(everything[place])
                before = was.get(place, (0, 0, {}))
                assert copy[0] >= 10
                assert copy == before or copy[0] - before[0] >= 10
                assert count - copy[0] < 10  # and nobody waits longer than that
                if copy != before:
                    assert Counter(copy[2]) == sum(map(Counter, everything[place]), Counter())
                    assert copy[1] == copy[2].get(f"{place[0]}-a", 0)
            assert all(place in now for place, those in everything.items() if len(those) >= 10)
            was = now


@contextmanager
def emptied(template: Path) -> Iterator[Session]:
    """A session on a copy of the empty database, in memory."""
    engine = database.make_engine("sqlite://")
    with sqlite3.connect(template) as source, engine.connect() as connection:
        source.backup(connection.connection.dbapi_connection)  # type: ignore[arg-type]
        with Session(connection) as session:
            yield session
    engine.dispose()
