"""How often a course uses what ``undvik.md`` names, and a warning where that is too often."""

import re
from collections.abc import Iterator

from elearn.content.advice import readability
from elearn.content.faults import CourseFault
from elearn.content.reading.avoided import FIRST, Avoided
from elearn.content.reading.raw_courses import RawCourse
from elearn.content.reading.reader import Reading


def warnings(reading: Reading) -> list[CourseFault]:
    """One for each course and entry above its number."""
    return sorted(
        CourseFault(course.source.path, 1, _told(entry, count))
        for course in reading.courses
        for entry, count in counts(reading, course)
        if count > entry.most
    )


def _told(entry: Avoided, count: int) -> str:
    instead = f" Skriv hellre {entry.instead}." if entry.instead else ""
    times = "gång" if count == 1 else "gånger"
    return f"”{entry.name}” står {count} {times} i kursens avsnitt, högst {entry.most}.{instead}"


def counts(reading: Reading, course: RawCourse) -> Iterator[tuple[Avoided, int]]:
    """How often the course's lessons use each entry, in the list's order."""
    text = course_text(reading, course)
    sentences = [*readability.sentences(text)]
    for entry in reading.avoided:
        yield entry, sum(_count(form, text, sentences) for form in entry.forms)


def course_text(reading: Reading, course: RawCourse) -> str:
    """What a learner reads in the course's lessons."""
    found = (reading.lessons[path] for _, path in course.lessons if path in reading.lessons)
    return "\n\n".join(readability.plain_text(lesson.source) for lesson in found)


def _count(form: str, text: str, sentences: list[str]) -> int:
    """Whole words, whatever their capitals."""
    words = form.removesuffix(FIRST).rstrip()
    pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
    if form.endswith(FIRST):
        return sum(bool(pattern.match(sentence.lstrip("”\"' "))) for sentence in sentences)
    return len(pattern.findall(text))
