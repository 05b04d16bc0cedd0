"""Which pages a lesson has, and what stands on each."""

import dataclasses

import pytest

from elearn.content.course import Course, LessonKind, Question, QuestionKind
from elearn.content.prose import ContactRows, Jump, Prose
from elearn.content.rendering import builder
from elearn.settings import data_dir
from elearn.training import steps
from elearn.training.steps import Step
from tests import builders

SCENARIO = builders.question("s", QuestionKind.SCENARIO)
REFLECTION = builders.question("r", QuestionKind.REFLECT)


@pytest.fixture(scope="module")
def courses() -> list[Course]:
    return list(builder.read_catalog(data_dir("courses")).courses.values())


@pytest.mark.parametrize(
    ("blocks", "kind", "expected"),
    [
        ((), LessonKind.LESSON, (Step.READ,)),
        ((REFLECTION,), LessonKind.LESSON, (Step.READ,)),
        ((builders.question("q"),), LessonKind.LESSON, (Step.READ, Step.CHECK)),
        ((SCENARIO,), LessonKind.LESSON, (Step.READ, Step.PRACTISE)),
        ((builders.question("q"), SCENARIO), LessonKind.LESSON, (Step.READ, Step.PRACTISE, Step.CHECK)),
        ((builders.question("q"), SCENARIO), LessonKind.FINAL_TEST, (Step.WHOLE,)),
        ((builders.question("q"), SCENARIO), LessonKind.PRETEST, (Step.WHOLE,)),
    ],
)
def test_a_lesson_has_a_page_for_what_it_asks(
    blocks: tuple[Question, ...], kind: LessonKind, expected: tuple[Step, ...]
) -> None:
    assert steps.steps_of(builders.lesson("f/a", *blocks, kind=kind)) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(2, (Step.WHOLE,)), (3, (Step.READ, Step.CHECK))])
def test_a_lesson_of_a_minute_or_two_is_not_parted(minutes: int, expected: tuple[Step, ...]) -> None:
    lesson = dataclasses.replace(builders.lesson("f/a", builders.question("q")), minutes=minutes)
    assert steps.steps_of(lesson) == expected


def test_every_question_that_is_answered_stands_on_one_step_of_an_ordinary_lesson(
    courses: list[Course],
) -> None:
    for lesson in (lesson for course in courses for lesson in course.lessons):
        pages = [steps.questions_at(step, lesson.questions) for step in steps.steps_of(lesson)]
        asked = [question.id for page in pages for question in page]
        assert sorted(asked) == sorted(q.id for q in lesson.questions if q.kind.is_answered), lesson.key


def test_no_sentence_is_lost_between_the_pages(courses: list[Course]) -> None:
    """Reading, ending and contacts together are the lesson's text, in order, without its summary: who reads
    the text meets a link to it."""
    for lesson in (lesson for course in courses for lesson in course.lessons):
        texts = steps.texts(lesson.blocks)
        last = () if texts.contacts is None else (texts.contacts,)
        written = [b for b in lesson.blocks if isinstance(b, Prose) or not b.kind.is_answered]
        read = [b for b in written if isinstance(b, Question) or not steps.is_short_version(b)]
        assert [*texts.reading, *texts.ending, *last] == read, lesson.key


def test_the_contacts_of_every_ordinary_lesson_are_a_section_of_their_own(courses: list[Course]) -> None:
    for lesson in (lesson for course in courses for lesson in course.lessons):
        if lesson.kind == LessonKind.LESSON:
            contacts = steps.texts(lesson.blocks).contacts
            assert contacts, lesson.key
            assert any(isinstance(part, ContactRows) for part in contacts.parts), lesson.key


def test_the_short_version_ends_where_the_next_heading_begins(courses: list[Course]) -> None:
    """It leads nowhere itself: it stands where its links lead."""
    hard = [lesson for course in courses for lesson in course.lessons if steps.short_version(lesson.blocks)]
    assert len({lesson.key for lesson in hard}) > 15
    for lesson in hard:
        short = steps.short_version(lesson.blocks)
        headings = [str(part).count('<h2 id="') for text in short for part in text.parts]
        assert sum(headings) == 1, lesson.key
        assert not [part for text in short for part in text.parts if isinstance(part, Jump)], lesson.key


def test_a_lesson_without_a_short_version_has_none() -> None:
    assert steps.short_version((Prose(("<p>Text.</p>",)), builders.question("q"))) == ()
    assert (
        steps.short_version((builders.question("q"), Prose(('<h2 id="kort-version">Kort version</h2>',))))
        == ()
    )


def test_a_lesson_without_questions_is_all_reading() -> None:
    text, contacts = Prose(("<p>Text.</p>",)), Prose((ContactRows(()),))
    texts = steps.texts((text, REFLECTION, contacts))
    assert (texts.reading, texts.ending, texts.contacts) == ((text, REFLECTION), (), contacts)


def test_a_contact_in_the_middle_of_a_text_stays_there() -> None:
    row = Prose((ContactRows(()),))
    texts = steps.texts((row, builders.question("q"), Prose(("<p>Slut.</p>",))))
    assert (texts.reading, texts.contacts) == ((row,), None)
