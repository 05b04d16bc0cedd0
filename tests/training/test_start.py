"""In which order what is required is to be done, what passes a test, and which certificate is shown of
each course."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn.content.course import Course, LessonKind
from elearn.training import drawing, grading, replies, start
from elearn.training.pages import Learner
from elearn.training.progress import HeldCompletion, TrainingRecord
from tests import builders
from tests.builders import TODAY

DAY = dt.timedelta(days=1)
FAR = dt.date(2028, 1, 1)


def course(slug: str, job_role: str) -> Course:
    test = builders.lesson(f"{slug}/prov", builders.question(f"{slug}-q"), kind=LessonKind.FINAL_TEST)
    return builders.course(slug, job_role, builders.lesson(f"{slug}/a", builders.question(f"{slug}-a")), test)


CATALOG = builders.catalog(*(course(slug, slug) for slug in ("a", "b", "c")))


def page(session: Session, *jobs: tuple[str, int], **held: dt.date) -> start.StartPage:
    """The start page of somebody with these jobs (role, days since it began) and these completions."""
    someone = builders.person(session)
    at = builders.unit(session, f"U{someone.id}")
    for job_role, days in jobs:
        builders.employ(session, someone, at, job_role, TODAY - days * DAY)
    for slug, until in held.items():
        builders.recognise(session, someone, slug, dt.date(2025, 1, 1), until)
    return start.start_page(session, CATALOG, Learner(someone.id, TODAY, 90, 90, b"key"))


def test_what_is_unfinished_comes_first_by_the_day_it_is_due_then_what_is_to_be_renewed(
    session: Session,
) -> None:
    found = page(session, ("a", 10), ("b", 20), ("c", 500), c=TODAY + 90 * DAY)
    assert [(card.course.slug, card.due_on) for card in found.required] == [
        ("b", TODAY + 70 * DAY),
        ("a", TODAY + 80 * DAY),
        ("c", TODAY + 91 * DAY),
    ]
    assert found.next_card == found.required[0]
    assert found.done_until is None
    assert found.own_course is None


@pytest.mark.parametrize(("days", "is_next"), [(-1, True), (0, True), (90, True), (91, False)])
def test_a_certificate_that_ends_within_ninety_days_or_has_ended_is_the_next_thing(
    session: Session, days: int, is_next: bool
) -> None:
    found = page(session, ("a", 500), a=TODAY + days * DAY)
    assert (found.next_card is not None) == is_next
    assert found.done_until == (None if is_next else TODAY + days * DAY)
    assert found.own_course == "a"


def test_who_must_take_two_is_done_until_the_first_ends(session: Session) -> None:
    assert page(session, ("a", 500), ("b", 500), a=FAR, b=FAR + DAY).done_until == FAR


def test_nobody_who_must_take_nothing_is_done(session: Session) -> None:
    found = page(session, ("okänd", 500), a=FAR)
    assert (found.next_card, found.done_until, found.required, found.own_course) == (None, None, (), None)
    assert [held.course for held in found.certificates] == ["a"]


def held(id: int, slug: str, until: dt.date) -> HeldCompletion:
    return HeldCompletion(id, slug, until - 700 * DAY, until, None, f"Kursen {slug}")


def test_of_each_course_the_certificate_that_holds_longest_is_shown_and_ended_ones_last() -> None:
    completions = (
        held(1, "a", TODAY - 500 * DAY),
        held(2, "b", TODAY - DAY),
        held(3, "a", TODAY),
        held(4, "c", TODAY + DAY),
    )
    record = TrainingRecord(1, frozenset(), completions, {}, frozenset())
    assert [one.id for one in start.certificates(record, TODAY)] == [4, 3, 2]
    assert [one.id for one in start.certificates(record, TODAY + DAY)] == [4, 3, 2]
    assert [one.id for one in start.certificates(record, TODAY + 2 * DAY)] == [4, 3, 2]


@pytest.mark.parametrize(
    ("questions", "musts", "draw", "draw_must", "mark", "expected"),
    [
        (24, 6, 10, None, Fraction(4, 5), (10, 8, 6)),
        (3, 1, None, None, Fraction(3, 5), (3, 2, 1)),
        (24, 6, 10, 4, Fraction(4, 5), (10, 8, 4)),
        (8, 6, 7, 4, Fraction(4, 5), (7, 6, 5)),  # too few others: one more that must be right
        (5, 0, 9, None, Fraction(1), (5, 5, 0)),
    ],
)
def test_what_passes_a_test_is_said_in_whole_questions(
    questions: int,
    musts: int,
    draw: int | None,
    draw_must: int | None,
    mark: Fraction,
    expected: tuple[int, int, int],
) -> None:
    terms = start.pass_terms(with_bank(questions, musts, draw, draw_must, mark))
    assert (terms.asked_count, terms.right_count, terms.must_count) == expected


def with_bank(questions: int, musts: int, draw: int | None, draw_must: int | None, mark: Fraction) -> Course:
    asked = [builders.question(f"q{n}", must_be_right=n < musts) for n in range(questions)]
    test = builders.lesson("p", *asked, kind=LessonKind.FINAL_TEST, draw=draw, draw_must=draw_must)
    return builders.course("a", "a", test, pass_mark=mark)


@given(
    st.integers(1, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    st.none() | st.integers(1, 12),
    st.none() | st.integers(0, 6),
    st.sampled_from((Fraction(1, 2), Fraction(3, 5), Fraction(4, 5), Fraction(1))),
)
def test_what_is_said_to_pass_is_what_passes(
    bank: tuple[int, int], draw: int | None, draw_must: int | None, mark: Fraction
) -> None:
    """As many right as it says pass, and one fewer does not."""
    taken = with_bank(*bank, draw, draw_must, mark)
    terms = start.pass_terms(taken)
    asked = drawing.draw(taken.final_test, 1, 1, b"key").questions
    assert (len(asked), sum(question.must_be_right for question in asked)) == (
        terms.asked_count,
        terms.must_count,
    )
    musts_first = sorted(asked, key=lambda question: not question.must_be_right)

    def passes(count: int) -> bool:
        form = builders.form({question.id: f"{question.id}-a" for question in musts_first[:count]})
        return grading.grade(LessonKind.FINAL_TEST, asked, replies.parse(asked, form), mark).has_passed

    enough = max(terms.right_count, terms.must_count)
    assert passes(enough)
    assert not passes(enough - 1)
