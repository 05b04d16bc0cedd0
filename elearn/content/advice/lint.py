"""The author's lint: what is allowed but weak (course-format.md, "Warned about"), and what VPC must
confirm."""

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Set

from elearn import clock
from elearn.content.advice import readability, viewers
from elearn.content.course import Field, LessonKind
from elearn.content.faults import CourseFault
from elearn.content.reading import links
from elearn.content.reading.entries import RawEntry
from elearn.content.reading.lessons import RawLesson
from elearn.content.reading.questions import RawQuestion
from elearn.content.reading.reader import Reading
from elearn.content.reading.sources import Source

LONGEST_SENTENCE = 25
HIGHEST_LIX = 50
LONGEST_LESSON = 15
READING_SPEED = 160  # words a minute: an adult who reads something grave, and thinks about it
CHOOSING_MINUTES = 0.4  # to think and choose, for each question
FEEDBACK_READ = 0.6  # of all feedback: what belongs to options that nobody chose is mostly passed by
FAR_FROM_STATED = 0.33  # of the stated minutes, and never fewer than two
CHECKED_MONTHS = 6
ALL_ABOVE = re.compile(
    r"\balla (?:ovanstående|ovan)\b|\bingen av ovanstående\b|\balla är rätt\b", re.IGNORECASE
)
NEGATION = re.compile(r"\b(?:inte|ej|aldrig|ingen|inget|inga)\b", re.IGNORECASE)
OWN_LAW = re.compile(
    r"§|\b\d+ kap\.|\bSFS\b|\(\d{4}:\d+\)"
    r"|böter\b|fängelsestraff|\bfängelse i\b|\b(?:års?|månad(?:er)?s?)\s+(?:i\s+)?fängelse",
    re.IGNORECASE,
)
OWN_PHONE = re.compile(
    r"(?<![\d-])(?:\+46[ -]?|0)[1-9]\d{0,2}[ -]?\d[\d ]{4,}\d"  # an area code and a number
    # short ones, but 112
    r"|(?<!\d)(?<!\d )116 ?\d{3}(?! ?\d)|(?<!\d)11[34] ?1[34](?!\d)|(?<!\d)1177(?!\d|\.se)"
)
QUOTED_WORDS = re.compile(r"”[^”]*”|\"[^\"]*\"|’[^’]*’")
OUT_OF_REACH = "Kontakten har varken Telefon eller Webb, och visas inte för den som läser."
CONTINUES = re.compile(r"^[\s>]*(?!(?:[-*+]|\d+[.)])\s|[|#\s>]|<!--|\[\^|$)")


def warnings(reading: Reading, today: dt.date) -> list[CourseFault]:
    """What the author can do something about, by file and line. First of all what must be confirmed before
    the course opens."""
    return [warning for warning, is_required in _entry_warnings(reading, today) if is_required] + weaknesses(
        reading
    )


def weaknesses(reading: Reading) -> list[CourseFault]:
    """What is weak in the author's own text."""
    return sorted({*_lesson_warnings(reading), *_text_warnings(reading), *_link_warnings(reading)})


def unchecked(reading: Reading, today: dt.date) -> list[CourseFault]:
    """The other facts and contacts to compare with their source: VPC's work, and mostly the same from day to
    day."""
    return sorted(warning for warning, is_required in _entry_warnings(reading, today) if not is_required)


def unknown_roles(reading: Reading, known: Set[str]) -> list[CourseFault]:
    """A role that no unit and no person has: its course reaches nobody. Nothing is told while no role is
    known."""
    return sorted(
        _warn(
            course.source,
            course.source.line_of("yrkesroll"),
            f"Ingen enhet och ingen person har yrkesrollen ”{role}”, så kursen når ingen."
            f"{_nearest(role, known)}",
        )
        for course in reading.courses
        for role in course.job_roles
        if known and role not in known
    )


def _nearest(role: str, known: Set[str]) -> str:
    close = difflib.get_close_matches(role, sorted(known), n=1)
    return f" Menar du ”{close[0]}”?" if close else " Skriv den som i personalsystemet."


def _warn(source: Source, line: int, message: str) -> CourseFault:
    return CourseFault(
        source.path, line, message, source.lines[line - 1] if 0 < line <= len(source.lines) else ""
    )


def _lesson_warnings(reading: Reading) -> Iterator[CourseFault]:
    listed = {path for course in reading.courses for _, path in course.lessons}
    for path, lesson in reading.lessons.items():
        if path not in listed:
            yield _warn(lesson.source, 1, "Avsnittet står inte i någon kurs.")
        if lesson.minutes > LONGEST_LESSON:
            yield _warn(
                lesson.source,
                lesson.source.line_of("tid"),
                f"Avsnittet är längre än {LONGEST_LESSON} minuter. Dela det.",
            )
        taken = reading_minutes(lesson)
        if abs(taken - lesson.minutes) > max(2, FAR_FROM_STATED * lesson.minutes):
            message = (
                f"Avsnittet tar ungefär {taken:.0f} min att läsa och svara på, inte "
                f"{lesson.minutes}. Ändra tid, eller texten."
            )
            yield _warn(lesson.source, lesson.source.line_of("tid"), message)
        score = readability.lix(readability.plain_text(lesson.source))
        if score > HIGHEST_LIX:
            yield _warn(
                lesson.source, 1, f"LIX är {score:.0f}. Skriv kortare meningar och ord: högst {HIGHEST_LIX}."
            )
        yield from _question_warnings(lesson)


def _text_warnings(reading: Reading) -> Iterator[CourseFault]:
    for source in (*(course.source for course in reading.courses), *reading.materials.values()):
        yield from _prose_warnings(source)
        yield from _viewer_warnings(source, frozenset())
    for lesson in reading.lessons.values():
        yield from _prose_warnings(lesson.source)
        yield from _viewer_warnings(
            lesson.source, {line for question in lesson.questions for line in _own_lines(question)}
        )
    for path, found in reading.entries.items():
        yield from _viewer_warnings(
            reading.sources[path], {line for entry in found.values() for _, line in entry.items.values()}
        )


def _own_lines(question: RawQuestion) -> list[int]:
    """The lines that are read as a question before Markdown sees them."""
    return [
        question.explanation_line,
        *(option.line for option in question.options),
        *(line for line, *_ in question.rows),
    ]


def _viewer_warnings(source: Source, own: Set[int]) -> Iterator[CourseFault]:
    for line, message in viewers.differences([*source.prose_lines()], own):
        yield _warn(source, line, message)


def reading_minutes(lesson: RawLesson) -> float:
    """How long the lesson takes, from its words; of a bank only as many questions as are drawn. A pretest
    shows no feedback."""
    asked = [_question_words(question) for question in lesson.questions]
    prose_words = len(readability.words(readability.plain_text(lesson.source))) - sum(
        shown + feedback for shown, feedback in asked
    )
    drawn = 1.0 if lesson.draw is None else lesson.draw / len(asked)
    feedback_read = 0.0 if lesson.kind == LessonKind.PRETEST else FEEDBACK_READ
    read_words = prose_words + drawn * sum(shown + feedback_read * feedback for shown, feedback in asked)
    return read_words / READING_SPEED + CHOOSING_MINUTES * drawn * len(asked)


def _question_words(question: RawQuestion) -> tuple[int, int]:
    """(what is read before the answer, what is read after it)"""
    before = [question.prompt, *question.situation, *(option.text for option in question.options)]
    before += [cell for _, left, right in question.rows for cell in (left, right)]
    after = [*question.explanation, *(line for option in question.options for line in option.feedback)]
    return _count(before), _count(after)


def _count(texts: list[str]) -> int:
    return len(readability.words(readability.MARKS.sub(r"\1", "\n".join(texts))))


def _prose_warnings(source: Source) -> Iterator[CourseFault]:
    for first, paragraph in _paragraphs(source):
        text, place = readability.MARKS.sub(r"\1", paragraph), 0
        for sentence in readability.sentences(text):
            place = text.index(sentence, place)
            if (count := len(readability.words(sentence))) > LONGEST_SENTENCE:
                message = f"En mening har {count} ord. Dela den: högst {LONGEST_SENTENCE}."
                yield _warn(source, first + text.count("\n", 0, place), message)
        text = re.sub(r"\]\([^)]*\)", "]", paragraph)
        for pattern, message in (
            (OWN_LAW, "Lag och straff står i fakta.md. Länka dit i stället."),
            (OWN_PHONE, "Telefonnummer står i kontakter.md. Länka dit i stället."),
        ):
            for found in pattern.finditer(text):
                yield _warn(source, first + text.count("\n", 0, found.start()), message)


def _paragraphs(source: Source) -> Iterator[tuple[int, str]]:
    """(first line, text) of what a reader reads as one: a sentence may go on in the next line."""
    first, lines = 0, list[str]()
    for number, line in source.prose_lines():
        if lines and number == first + len(lines) and _goes_on(lines[-1], line):
            lines.append(line)
            continue
        if lines:
            yield first, "\n".join(lines)
        first, lines = number, [line]
    if lines:
        yield first, "\n".join(lines)


def _goes_on(above: str, line: str) -> bool:
    is_same_quotation = above.lstrip().startswith(">") == line.lstrip().startswith(">")
    return (
        bool(above.strip(" >") and CONTINUES.match(line)) and is_same_quotation and not above.startswith("#")
    )


def _question_warnings(lesson: RawLesson) -> Iterator[CourseFault]:
    for question in lesson.questions:
        asked = [*readability.sentences(QUOTED_WORDS.sub("", question.prompt))][-1:]
        if question.kind.is_graded and not question.kind.has_rows and asked and NEGATION.search(asked[0]):
            yield _warn(
                lesson.source, question.line, "Frågan har ett nej i sig. Fråga efter det som stämmer."
            )
        for option in question.options:
            if ALL_ABOVE.search(option.text):
                yield _warn(
                    lesson.source, option.line, "Undvik ”alla ovanstående”: svaren visas i blandad ordning."
                )
    single = [
        question
        for question in lesson.questions
        if question.kind.is_graded and question.kind.field == Field.RADIO and question.options
    ]
    for extreme, length in ((max, "längst"), (min, "kortast")):
        told = [question for question in single if is_given_away_by_length(question, extreme)]
        if len(single) > 1 and 2 * len(told) > len(single):
            message = (
                f"Det rätta svaret är {length} i {len(told)} av {len(single)} frågor. Gör svaren jämnare."
            )
            yield _warn(lesson.source, told[0].line, message)


def is_given_away_by_length(question: RawQuestion, extreme: Callable[[Iterable[int]], int]) -> bool:
    """Whether the right option, and no other, is the longest (``max``) or the shortest (``min``)."""
    most = extreme(len(option.text) for option in question.options)
    return [option.is_right for option in question.options if len(option.text) == most] == [True]


def _link_warnings(reading: Reading) -> Iterator[CourseFault]:
    """A link to a lesson that one of the courses does not have is plain text there."""
    for course in reading.courses:
        here = {path for _, path in course.lessons}
        for path in [course.source.path, *here]:
            source = reading.sources[path]
            for line, is_picture, _, target in source.links():
                found = (
                    links.find(path, target, reading.library) if reading.library and not is_picture else ""
                )
                if not isinstance(found, str) and found.lesson and f"{found.lesson}.md" not in here:
                    yield _warn(
                        source,
                        line,
                        f"Avsnittet finns inte i kursen {course.slug}. Länken visas där som vanlig text.",
                    )


def _entry_warnings(reading: Reading, today: dt.date) -> Iterator[tuple[CourseFault, bool]]:
    """(warning, whether the course must not open before it is seen to)"""
    for path, found in reading.entries.items():
        for entry in found.values():
            if message := _entry_warning(entry, today):
                is_required = entry.value("krävs") == "ja" and (
                    entry.value("kontrollerad") == "nej" or message == OUT_OF_REACH
                )
                yield _warn(reading.sources[path], entry.line, message), is_required


def _entry_warning(entry: RawEntry, today: dt.date) -> str | None:
    checked = entry.value("kontrollerad")
    if checked == "nej":
        required = " Uppgiften krävs innan kursen öppnas." if entry.value("krävs") == "ja" else ""
        return f"Inte kontrollerad.{required} {entry.value('att göra')}"
    if entry.is_contact and not (entry.value("telefon") or entry.value("webb")):
        return OUT_OF_REACH
    try:
        checked_on = clock.parse_date(checked)
    except ValueError:
        return None  # a fault, told by the reader
    if checked_on > today:
        return (
            f"Kontrollerad {checked} är ett datum som inte har varit än. Skriv dagen då du "
            "jämförde med källan."
        )
    is_old = clock.add_months(checked_on, CHECKED_MONTHS) < today
    return (
        f"Kontrollerades {checked}, för mer än {CHECKED_MONTHS} månader sedan. Kontrollera igen."
        if is_old
        else None
    )
