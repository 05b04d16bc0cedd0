"""What the invented municipality has answered: a tally for each question, as if everybody who has taken a test
had answered its lessons the first time. In bulk, and in nobody's name."""

import random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.content.catalog import Catalog
from elearn.content.course import Course, CourseStep, Lesson, LessonKind, Question
from elearn.training import tallies
from elearn.training.models import AnswerTally, Attempt, QuestionTally
from elearn.training.replies import values_of

SEED = 20240602
# How often a question is answered rightly, at the least and at the most, by the kind of its lesson.
RIGHT = {
    LessonKind.PRETEST: (0.38, 0.66),
    LessonKind.LESSON: (0.55, 0.96),
    LessonKind.FINAL_TEST: (0.71, 0.98),
}
STEPS_BEFORE, STEPS_AFTER = (4, 17, 38, 24, 17), (3, 11, 79, 5, 2)  # of a hundred, from a feeling to proof


def record(session: Session, catalog: Catalog) -> None:
    """Write the tallies of every base course, and the copies that may be looked at."""
    numbers = chance()
    persons = sa.select(Attempt.course, sa.func.count(Attempt.person_id.distinct())).group_by(Attempt.course)
    counts: dict[str, int] = {course: count for course, count in session.execute(persons)}  # noqa: C416
    for course in catalog.courses.values():
        if course.step == CourseStep.BASE and (count := counts.get(course.slug, 0)):
            record_course(session, numbers, course, count)


def chance() -> random.Random:
    """The same numbers every time."""
    return random.Random(SEED)


def record_course(session: Session, numbers: random.Random, course: Course, count: int) -> None:
    """The tallies of one course that so many persons have taken."""
    questions: list[dict[str, Any]] = []
    choices: list[dict[str, Any]] = []
    for lesson in course.lessons:
        for question in lesson.questions:
            asked = _asked(numbers, lesson, question, count)
            if not asked or not question.kind.is_answered:
                continue
            right = round(asked * numbers.uniform(*RIGHT[lesson.kind])) if question.is_graded else 0
            key = {"question_id": question.id, "course": course.slug}
            questions.append({**key, "answered_count": asked, "right_count": right})
            choices += [
                {**key, "choice_key": choice, "is_first_attempt": True, "count": chosen}
                for choice, chosen in _chosen(numbers, lesson, question, asked, right).items()
            ]
    if not questions:
        return
    session.execute(sa.insert(QuestionTally), questions)
    session.execute(sa.insert(AnswerTally), choices)
    tallies.renew_shown(session, course.slug, [row["question_id"] for row in questions])


def _asked(numbers: random.Random, lesson: Lesson, question: Question, count: int) -> int:
    """How many have met the question: of a bank some are drawn, and of a pretest some are passed over."""
    if lesson.kind == LessonKind.FINAL_TEST and question.is_graded and lesson.draw:
        bank = sum(each.is_graded for each in lesson.questions)
        return round(count * min(1, lesson.draw / bank) * numbers.uniform(0.9, 1.1))
    return round(count * numbers.uniform(0.84, 0.93)) if lesson.kind == LessonKind.PRETEST else count


def _chosen(
    numbers: random.Random, lesson: Lesson, question: Question, asked: int, right: int
) -> dict[str, int]:
    """How many made each choice, by its key in the tally."""
    if not question.is_graded:
        steps = STEPS_BEFORE if lesson.kind == LessonKind.PRETEST else STEPS_AFTER
        is_threshold = lesson.kind != LessonKind.LESSON and len(question.choices) == len(steps)
        weights = steps if is_threshold else [numbers.uniform(1, 4) for _ in question.choices]
        return _shared_out(asked, [choice.key for choice in question.choices], weights)
    wrong = asked - right
    if not question.kind.has_rows:
        rights = {choice.key: right for choice in question.choices if choice.is_right}
        others = [choice.key for choice in question.choices if not choice.is_right]
        return rights | _shared_out(wrong, others, [numbers.uniform(0.3, 4) for _ in others])
    made: dict[str, int] = {}
    for row in question.rows:
        missed = round(wrong * numbers.uniform(0.3, 0.9))
        others = sorted(values_of(question) - {row.answer})
        spread = _shared_out(missed, others, [numbers.uniform(0.3, 4) for _ in others])
        made |= {f"{row.key}={value}": number for value, number in spread.items()}
        made[f"{row.key}={row.answer}"] = asked - missed
    return made


def _shared_out(total: int, keys: list[str], weights: list[float] | tuple[int, ...]) -> dict[str, int]:
    """Whole numbers by weight; the first takes what is left over."""
    counts = {key: int(total * weight / sum(weights)) for key, weight in zip(keys, weights, strict=True)}
    counts[keys[0]] += total - sum(counts.values())
    return counts
