"""The invented answers add up as real ones do: one answer of each person, and the same every time."""

from collections import Counter

import pytest
from sqlalchemy.orm import Session

from elearn.content.catalog import Catalog
from elearn.content.course import Course, Question, QuestionKind
from elearn.content.rendering import builder
from elearn.demo import answers
from elearn.reports.knowledge import knowledge
from elearn.settings import data_dir
from elearn.training import tallies
from elearn.training.tallies import ShownQuestion


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return builder.read_catalog(data_dir("courses"))


def recorded(session: Session, course: Course) -> dict[str, ShownQuestion]:
    answers.record_course(session, answers.chance(), course, 400)
    return {copy.question_id: copy for copy in tallies.shown(session)}


def adds_up(question: Question, copy: ShownQuestion) -> bool:
    if question.kind == QuestionKind.MULTIPLE:
        rights = [copy.choices[choice.key] for choice in question.choices if choice.is_right]
        return all(copy.right_count <= count <= copy.answered_count for count in rights)
    if question.kind.has_rows:
        by_row = Counter[str]()
        for key, count in copy.choices.items():
            by_row[key.partition("=")[0]] += count
        rights = [copy.choices[f"{row.key}={row.answer}"] for row in question.rows]
        return set(by_row.values()) == {copy.answered_count} and min(rights) >= copy.right_count
    rights = [copy.choices[choice.key] for choice in question.choices if choice.is_right]
    is_right = rights == [copy.right_count] if question.is_graded else copy.right_count == 0
    return sum(copy.choices.values()) == copy.answered_count and is_right


def test_every_answered_question_of_a_course_has_a_copy_that_adds_up(
    session: Session, catalog: Catalog
) -> None:
    course = catalog.courses["forskola"]
    copies = recorded(session, course)
    asked = {q.id: q for lesson in course.lessons for q in lesson.questions if q.kind.is_answered}
    assert copies.keys() == asked.keys()
    assert [id for id, copy in copies.items() if not adds_up(asked[id], copy)] == []
    session.rollback()
    assert recorded(session, course) == copies


def test_the_invented_municipality_has_learned_something(session: Session, catalog: Catalog) -> None:
    recorded(session, catalog.courses["skola"])
    found = knowledge(catalog, tallies.shown(session))
    course = next(course for course in found.courses if course.slug == "skola")
    assert course.pretest
    assert course.final
    assert course.before
    assert course.after
    assert course.pretest.share < course.final.share
    assert course.before.share < course.after.share
    assert all(outcome.right for outcome in course.outcomes)
    assert found.gone == ()
