"""What the five courses hold, by the figures that were promised: no opinion, only counting."""

import datetime as dt
import re
from pathlib import Path

import pytest

from elearn.content.advice import lint, overview, readability
from elearn.content.course import Course, CourseStep, LessonKind, QuestionKind
from elearn.content.reading import reader
from elearn.content.rendering import builder
from elearn.settings import data_dir

COURSES = data_dir("courses")
READING = reader.read(COURSES)
CATALOG = builder.build(READING)
BASE = [course for course in CATALOG.courses.values() if course.step == CourseStep.BASE]
REMINDERS = [course for course in CATALOG.courses.values() if course.step == CourseStep.REMINDER]
each_base_course = pytest.mark.parametrize("course", BASE, ids=lambda course: course.slug)
each_reminder = pytest.mark.parametrize("course", REMINDERS, ids=lambda course: course.slug)


def asked(course: Course, *kinds: QuestionKind) -> int:
    return sum(question.kind in kinds for lesson in course.lessons for question in lesson.questions)


def test_nothing_is_warned_about_but_what_must_be_confirmed() -> None:
    found = lint.warnings(READING, dt.date(2026, 11, 24))
    assert [str(warning) for warning in found if not warning.message.startswith("Inte kontrollerad.")] == []


@each_base_course
def test_a_course_has_ten_lessons_or_eleven_of_at_most_fifteen_minutes_and_110_in_all(course: Course) -> None:
    own_count = 9 if course.slug == "socialtjanst" else 8  # "Skydd och beslut"
    assert [lesson.kind for lesson in course.lessons] == [
        LessonKind.PRETEST,
        *[LessonKind.LESSON] * own_count,
        LessonKind.FINAL_TEST,
    ]
    assert all(5 <= lesson.minutes <= 15 for lesson in course.lessons)
    assert 80 <= course.minutes <= (125 if course.slug == "socialtjanst" else 110)


@each_base_course
def test_a_course_asks_at_least_45_graded_questions_of_every_kind(course: Course) -> None:
    graded = sum(question.is_graded for lesson in course.lessons for question in lesson.questions)
    assert graded >= 45
    assert asked(course, QuestionKind.SCENARIO) >= 4
    assert asked(course, QuestionKind.ORDER) >= 1
    assert asked(course, QuestionKind.MATCH) >= 1
    assert asked(course, QuestionKind.MULTIPLE) >= 1


@each_base_course
def test_what_must_be_right_is_what_a_decisive_outcome_asks(course: Course) -> None:
    bank = [question for question in course.final_test.questions if question.is_graded]
    decisive = {outcome.name for outcome in course.outcomes if outcome.is_decisive}
    assert 1 <= len(decisive) <= 6
    assert all(question.must_be_right == (question.outcome in decisive) for question in bank)


@each_base_course
def test_every_lesson_asks_two_to_four_graded_questions(course: Course) -> None:
    for lesson in course.lessons[1:-1]:
        assert 2 <= sum(question.is_graded for question in lesson.questions) <= 4, lesson.key


@each_base_course
def test_a_colleague_thinks_aloud_before_the_learner_decides(course: Course) -> None:
    """The worked case, with its four questions, stands before every scenario and every question that must be
    right."""
    for lesson in course.lessons[1:-1]:
        text = (COURSES / f"{lesson.key}.md").read_text(encoding="utf-8")
        thinks = re.search(r"^## .* tänker högt", text, re.MULTILINE)
        decides = re.search(r"^### (?:Scenario|.*\(måste vara rätt\)).*:", text, re.MULTILINE)
        assert thinks, lesson.key
        assert decides, lesson.key
        assert thinks.start() < decides.start(), lesson.key
        asked = ("har jag sett och hört?", "vet jag inte?", "kan hända om jag väntar", "gör jag nu?")
        assert all(question in text[thinks.start() : decides.start()] for question in asked), lesson.key


@each_base_course
def test_the_pretest_asks_three_questions(course: Course) -> None:
    assert sum(question.is_graded for question in course.lessons[0].questions) == 3


@each_base_course
def test_the_language_is_plain(course: Course) -> None:
    scores = [
        readability.lix(readability.plain_text(READING.lessons[f"{lesson.key}.md"].source))
        for lesson in course.lessons
    ]
    assert max(scores) <= 50
    assert sum(scores) / len(scores) <= 45


@each_base_course
def test_the_way_when_you_are_worried_is_drawn_and_said_in_words(course: Course) -> None:
    text = (COURSES / course.slug / "agera.md").read_text(encoding="utf-8")
    alternative = re.search(r"!\[(.*)\]\(orolig\.svg\)", text)
    drawn = (COURSES / course.slug / "orolig.svg").read_text(encoding="utf-8")
    assert alternative
    for words in re.findall(r">([^<>]+)</text>", drawn):
        assert words.rstrip(":?.,") in alternative[1], words
    assert "prefers-color-scheme:dark" in drawn


@each_base_course
def test_a_course_has_a_guide_for_the_staff_meeting_of_about_two_pages(course: Course) -> None:
    assert course.guide
    text = (COURSES / course.slug / "apt.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^\d\. ", text, re.MULTILINE)) == 4
    assert "## Ett fall" in text
    assert "## Finns vår rutin?" in text
    assert 400 <= len(readability.words(text)) <= 850


@each_reminder
def test_a_reminder_takes_five_or_six_minutes_and_asks_three_questions(course: Course) -> None:
    assert len(course.lessons) == 1
    assert 5 <= course.minutes <= 6
    assert sum(question.is_graded for question in course.final_test.questions) == 3


def test_every_role_has_its_reminder() -> None:
    assert sorted(course.job_roles for course in REMINDERS) == sorted(course.job_roles for course in BASE)


PAPER = (Path(__file__).parents[2] / "docs" / "kursinnehall.md").read_text(encoding="utf-8")


def test_the_overview_in_the_papers_is_the_one_that_is_counted() -> None:
    """To mend it: the output of ``elearn courses overview`` goes at the paper's end."""
    assert PAPER.endswith("\n".join(overview.overview(READING)) + "\n")


def test_every_requirement_on_the_courses_stands_where_the_papers_say() -> None:
    rows = re.findall(r"^\| (R\d\d) \| .*\| (\S+\.md) \| (.+?) \|$", PAPER, re.MULTILINE)
    assert {f"R{number}" for number in range(46, 68)} <= {requirement for requirement, _, _ in rows}
    for requirement, path, heading in rows:
        headings = [text for _, _, text in READING.sources[path].headings()]
        assert heading in headings, (requirement, path)


def test_both_halves_about_religion_stand_wherever_one_does() -> None:
    """R66."""
    for path, source in READING.sources.items():
        text = readability.plain_text(source).replace("\n", " ")
        if "inget samband mellan" in text and "religion" in text:
            assert re.search(r"[Rr]eligiositet", text), path
