"""What the second edition of the courses was promised to hold: no opinion, only counting."""

import re

import pytest

from elearn.content.advice import counts, guesser, lint, readability, tics
from elearn.content.course import Course, CourseStep, LessonKind, QuestionKind
from elearn.content.reading import reader
from elearn.content.reading.questions import RawQuestion
from elearn.content.reading.raw_courses import RawCourse
from elearn.content.rendering import builder
from elearn.settings import data_dir

COURSES = data_dir("courses")
READING = reader.read(COURSES, as_planned=True)
CATALOG = builder.build(READING)
BASE = [course for course in CATALOG.courses.values() if course.step == CourseStep.BASE]
SHARED = (
    "misstanke", "ingen-i-familjen", "tolk", "iakttagelse", "vem-anmaler", "akut-fara", "inget-lofte",
    "oppna-fragor", "stod-efter",
)  # fmt: skip
STEPS = (
    "Jag har en känsla av att något inte stämmer.",
    "Jag har sett eller hört något som oroar mig.",
    "Jag misstänker att ett barn far illa eller riskerar det.",
    "Jag är nästan säker på att barnet far illa.",
    "Jag har bevis eller barnet har berättat allt.",
)
MINUTES = {"socialtjanst": 125}
each_base_course = pytest.mark.parametrize("course", BASE, ids=lambda course: course.slug)


def raw(course: Course) -> RawCourse:
    return next(found for found in READING.courses if found.slug == course.slug)


def asked(course: Course) -> list[RawQuestion]:
    return [question for key in course.lesson_keys for question in READING.lessons[f"{key}.md"].questions]


def bank(course: Course) -> list[RawQuestion]:
    final = READING.lessons[f"{course.final_test.key}.md"]
    return [question for question in final.questions if question.kind.is_graded]


@each_base_course
def test_a_course_has_eight_to_twelve_outcomes_the_shared_ones_by_the_same_names(course: Course) -> None:
    assert 8 <= len(course.outcomes) <= 12
    assert {outcome.name for outcome in course.outcomes} >= set(SHARED)


@each_base_course
def test_a_final_test_draws_ten_or_more_of_thirty_six_or_more(course: Course) -> None:
    assert len(bank(course)) >= 36
    assert (course.final_test.draw or 0) >= 10


@each_base_course
def test_a_rule_without_reading_gets_at_most_two_fifths_of_the_bank(course: Course) -> None:
    assert guesser.share(bank(course)) <= 0.40


@each_base_course
def test_a_report_is_the_right_act_in_three_fifths_at_most_and_eight_times_it_is_another(
    course: Course,
) -> None:
    acts = counts.acting(asked(course))
    reports = sum(map(counts.is_report, acts))
    assert acts
    assert reports <= 0.60 * len(acts)
    assert len(acts) - reports >= 8


@each_base_course
def test_the_language_is_plain_and_has_its_rhythm(course: Course) -> None:
    listed = [READING.lessons[f"{key}.md"] for key in course.lesson_keys]
    text = counts.running_text(listed)
    lengths = [len(readability.words(sentence)) for sentence in readability.sentences(text)]
    assert 28 <= readability.lix(text) <= 38
    assert 11 <= sum(lengths) / len(lengths) <= 13


@each_base_course
def test_no_worn_out_word_is_used_too_often(course: Course) -> None:
    used = [(entry.name, count, entry.most) for entry, count in tics.counts(READING, raw(course))]
    assert used
    assert [entry for entry in used if entry[1] > entry[2]] == []


@each_base_course
def test_a_course_is_at_most_110_minutes_at_160_words_a_minute(course: Course) -> None:
    most = MINUTES.get(course.slug, 110)
    counted = sum(lint.reading_minutes(READING.lessons[f"{key}.md"]) for key in course.lesson_keys)
    assert lint.READING_SPEED == 160
    assert counted <= most
    assert course.minutes <= most


@each_base_course
def test_a_final_test_begins_with_what_it_holds_and_ends_with_where_to_turn(course: Course) -> None:
    text = (COURSES / f"{course.final_test.key}.md").read_text(encoding="utf-8")
    body = re.split(r"^# .*$", text, maxsplit=1, flags=re.MULTILINE)[1].partition("### ")[0]
    assert re.search(r"^> \*\*Viktigt: ", body, re.MULTILINE)
    headings = re.findall(r"^##? (.*)$", text, re.MULTILINE)
    assert headings[-1] == "Hit kan du ringa"
    assert "kontakter.md#" in text.partition("## Hit kan du ringa")[2]


@each_base_course
def test_the_threshold_is_asked_before_and_after_in_the_same_words(course: Course) -> None:
    pretest = next(lesson for lesson in course.lessons if lesson.kind == LessonKind.PRETEST)
    for lesson in (pretest, course.final_test):
        questions = READING.lessons[f"{lesson.key}.md"].questions
        steps = [q for q in questions if q.kind == QuestionKind.SCENARIO and "troskeln" in q.id]
        assert [tuple(option.text for option in q.options) for q in steps] == [STEPS], lesson.key


@each_base_course
def test_a_course_has_its_time_line_what_to_read_its_date_and_what_to_print(course: Course) -> None:
    assert course.timeline
    assert course.read_on
    assert course.revised_on
    assert course.written_by
    kinds = {material.kind for material in course.materials}
    assert kinds >= {"apt", "orosanmalan", "kort"}
    if course.slug in ("skola", "avux"):
        assert "lektion" in kinds
    if course.slug == "forskola":
        assert "foraldramote" in kinds
    if course.slug == "socialtjanst":
        assert "underlag" in kinds
