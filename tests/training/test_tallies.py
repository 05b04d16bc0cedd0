"""The tally: each choice once, in key order, and nothing that names a person."""

from sqlalchemy.orm import Session

from elearn.content.course import QuestionKind
from elearn.training import replies, tallies
from elearn.training.models import AnswerTally
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


def test_the_table_has_no_column_that_could_name_a_person() -> None:
    assert set(AnswerTally.__table__.columns.keys()) == {
        "question_id",
        "choice_key",
        "course",
        "is_first_attempt",
        "count",
    }
