"""What the courses hold, as a table: minutes, words, LIX and questions by kind, per lesson and per course
(docs/kursinnehall.md)."""

from collections import Counter
from collections.abc import Iterable, Iterator

from elearn.content.advice import readability
from elearn.content.course import Course, QuestionKind
from elearn.content.reading.lessons import RawLesson
from elearn.content.reading.reader import Reading
from elearn.content.rendering.builder import build

LESSON_COLUMNS = (
    "Fil",
    "Avsnitt",
    "Minuter",
    "Ord",
    "LIX",
    *(kind.traits.name for kind in QuestionKind),
    "Måste vara rätt",
)
COURSE_COLUMNS = (
    "Kurs",
    "Steg",
    "Avsnitt",
    "Minuter",
    "Ord",
    "LIX",
    "Frågor som räknas",
    "I slutprovet",
    "Dras",
    "Scenarier",
)


def overview(reading: Reading) -> list[str]:
    """Lines of Markdown: a table of the courses, a table of the lessons. Raises ``CourseFaults`` for a folder
    with faults."""
    catalog = build(reading)
    lessons = (_lesson_row(path, lesson) for path, lesson in sorted(reading.lessons.items()))
    courses = (_course_row(course, reading) for course in catalog.courses.values())
    return [*_table(COURSE_COLUMNS, courses), "", *_table(LESSON_COLUMNS, lessons)]


def _lesson_row(path: str, lesson: RawLesson) -> list[object]:
    text = readability.plain_text(lesson.source)
    kinds = Counter(question.kind for question in lesson.questions)
    must_count = sum(question.must_be_right for question in lesson.questions)
    counts = [kinds[kind] for kind in QuestionKind]
    return [
        path,
        lesson.title,
        lesson.minutes,
        len(readability.words(text)),
        f"{readability.lix(text):.0f}",
        *counts,
        must_count,
    ]


def _course_row(course: Course, reading: Reading) -> list[object]:
    raw = [reading.lessons[f"{lesson.key}.md"] for lesson in course.lessons]
    texts = [readability.plain_text(lesson.source) for lesson in raw]
    asked = [question.kind for lesson in raw for question in lesson.questions]
    graded_count = sum(kind.is_graded for kind in asked)
    bank_count = sum(question.is_graded for question in course.final_test.questions)
    word_count, mean = (
        sum(len(readability.words(text)) for text in texts),
        sum(readability.lix(text) for text in texts) / len(texts),
    )
    return [
        course.slug,
        course.step,
        len(course.lessons),
        course.minutes,
        word_count,
        f"{mean:.0f}",
        graded_count,
        bank_count,
        course.final_test.draw or bank_count,
        asked.count(QuestionKind.SCENARIO),
    ]


def _table(columns: tuple[str, ...], rows: Iterator[list[object]]) -> Iterator[str]:
    yield _line(columns)
    yield _line("---" for _ in columns)
    for row in rows:
        yield _line(str(cell) for cell in row)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
