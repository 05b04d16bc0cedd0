"""What the reviews of the courses counted, made again: sentences, what gives the right answer away, reports
as the answer, worn-out words (docs/kursinnehall.md)."""

import re
from collections.abc import Iterator

from elearn.content.advice import guesser, lint, readability, tics
from elearn.content.course import CourseStep, QuestionKind
from elearn.content.reading import links
from elearn.content.reading.lessons import RawLesson
from elearn.content.reading.questions import RawQuestion
from elearn.content.reading.raw_courses import RawCourse
from elearn.content.reading.reader import Reading

ACT = re.compile(r"\b(?:vad|hur) gör (?:du|ni)\b|\bsvarar du\b|\bvad blir nästa steg\b", re.IGNORECASE)
REPORT = re.compile(r"anmäl|socialtjänst|socialjour|\b112\b", re.IGNORECASE)
AGREES = re.compile(r"^\W*(?:Ja|Rätt)\b")


def counts(reading: Reading) -> list[str]:
    """Lines of Markdown: a table of the base courses, one of the worn-out words, and what stands alone."""
    courses = [course for course in reading.courses if course.step == CourseStep.BASE]
    found = [_course(reading, course) for course in courses]
    lines = _table(["Mått", *(course.slug for course in courses)], found)
    used = [{entry.name: str(count) for entry, count in tics.counts(reading, course)} for course in courses]
    lines += ["", *_table(["Uttryck", *(course.slug for course in courses)], used)]
    return [*lines, "", *_alone(reading)]


def _table(columns: list[str], found: list[dict[str, str]]) -> list[str]:
    """A row for each name, a column for each course."""
    rows = [[name, *(values[name] for values in found)] for name in (found[0] if found else ())]
    return [f"| {' | '.join(row)} |" for row in [columns, ["---"] * len(columns), *rows]]


def _course(reading: Reading, course: RawCourse) -> dict[str, str]:
    listed = [reading.lessons[path] for _, path in course.lessons]
    word_count = len(readability.words(tics.course_text(reading, course)))
    return {"Ord": str(word_count)} | _text_counts(running_text(listed)) | _question_counts(listed)


def running_text(listed: list[RawLesson]) -> str:
    """What has sentences in these lessons."""
    return "\n\n".join(readability.running_text(lesson.source) for lesson in listed)


def _text_counts(text: str) -> dict[str, str]:
    lengths = [len(readability.words(sentence)) for sentence in readability.sentences(text)]
    return {
        "Ord i en mening": f"{sum(lengths) / max(1, len(lengths)):.1f}",
        "Meningar på högst 5 ord": _percent(sum(length <= 5 for length in lengths), len(lengths)),
        "Meningar på högst 8 ord": _percent(sum(length <= 8 for length in lengths), len(lengths)),
        "Meningar på mer än 15 ord": _percent(sum(length > 15 for length in lengths), len(lengths)),
        "LIX": f"{readability.lix(text):.0f}",
    }


def _question_counts(listed: list[RawLesson]) -> dict[str, str]:
    asked = [question for lesson in listed for question in lesson.questions]
    bank = guesser.single_answers(listed[-1].questions if listed else [])
    acts = acting(asked)
    return {
        "Frågor med ett svar i slutprovets bank": str(len(bank)),
        "Rätt svar är längst": str(sum(lint.is_given_away_by_length(question, max) for question in bank)),
        "Rätt svar är kortast": str(sum(lint.is_given_away_by_length(question, min) for question in bank)),
        "Rätt svar börjar sin återkoppling med Ja eller Rätt": str(sum(map(agrees, bank))),
        "Gissaren utan att läsa": _percent(float(guesser.share(bank)), 1),
        "Frågor om vad du gör": str(len(acts)),
        "Av dem är en anmälan rätt": str(sum(map(is_report, acts))),
        "Scenarier": str(sum(question.kind == QuestionKind.SCENARIO for question in asked)),
    }


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "0 %"


def acting(questions: list[RawQuestion]) -> list[RawQuestion]:
    """The questions with one right answer that ask what somebody does."""
    return [question for question in guesser.single_answers(questions) if ACT.search(question.prompt)]


def is_report(question: RawQuestion) -> bool:
    """Whether a report is the right act."""
    return any(option.is_right and REPORT.search(option.text) for option in question.options)


def agrees(question: RawQuestion) -> bool:
    """Whether the right option's feedback begins by saying so."""
    return any(option.is_right and AGREES.match(" ".join(option.feedback)) for option in question.options)


def _alone(reading: Reading) -> Iterator[str]:
    entries = [entry for found in reading.entries.values() for entry in found.values()]
    silent = [entry for entry in entries if entry.is_contact and not entry.value("telefon")]
    linked = set(_linked(reading))
    unused = [entry.key for entry in entries if not entry.is_contact and entry.key not in linked]
    yield f"- Kontakter utan nummer: {len(silent)}"
    yield f"- Fakta som inget avsnitt länkar till: {', '.join(unused) or 'inga'}"


def _linked(reading: Reading) -> Iterator[str]:
    """The keys of the facts and contacts that a lesson, a course or something to print links to."""
    for path, source in reading.sources.items():
        for _, is_picture, _, target in source.links():
            if reading.library and not is_picture and path not in reading.entries:
                found = links.find(path, target, reading.library)
                if not isinstance(found, str) and found.entry:
                    yield found.entry
