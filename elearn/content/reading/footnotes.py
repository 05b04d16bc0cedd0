"""Footnotes: every reference has its text, every text its reference, and none stands where the page has no
room for it."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from elearn.content.reading.lessons import NOTE, RawLesson
from elearn.content.reading.links import ENTRY_FILES
from elearn.content.reading.questions import RawQuestion
from elearn.content.reading.sources import CODE_SPAN, Source

REFERENCE = re.compile(r"\[\^([^\]]+)\]")
IN_ENTRY = "Här kan ingen fotnot stå. Skriv källan i raden ”- Källa: …”."
IN_QUESTION = "En fotnot kan inte stå i en fråga. Skriv i förklaringen det som skulle stå i fotnoten."
TEXT_IN_QUESTION = "Fotnotens text hamnar i frågan här ovanför. Skriv den före frågans rubrik."
ONE_PARAGRAPH = (
    "En fotnot är ett enda stycke. Dra in dess rader två mellanslag, utan tom rad emellan, "
    "och skriv en tom rad efter den."
)


def check(source: Source, lesson: RawLesson | None) -> None:
    """Faults go to the source. ``lesson`` is what the file was read as, if it is one."""
    texts, references = _read(source)
    if PurePosixPath(source.path).name in ENTRY_FILES:
        for line in {*texts.values(), *references.values()}:
            source.fault(line, IN_ENTRY)
        return
    asked = set(_check_questions(source, lesson)) if lesson else set[str]()
    for name, line in references.items():
        if name not in texts and name not in asked:
            source.fault(line, f"Fotnoten har ingen text. Skriv den på en egen rad: ”[^{name}]: texten”.")
    for name, line in texts.items():
        if name not in references:
            source.fault(
                line,
                f"Inget leder till fotnoten. Skriv [^{name}] där den hör hemma i texten, eller ta bort den.",
            )
    if lesson and texts:
        _check_paragraphs(source)


def _read(source: Source) -> tuple[dict[str, int], dict[str, int]]:
    """The first line of each name's text, and of its references."""
    texts, references = dict[str, int](), dict[str, int]()
    for number, line in source.prose_lines():
        if text := NOTE.match(line):
            if texts.setdefault(text[1], number) != number:
                source.fault(number, f"Fotnoten [^{text[1]}] har redan en text. Ge den här ett eget namn.")
            continue
        for name in _names(line):
            references.setdefault(name, number)
    return texts, references


def _names(line: str) -> list[str]:
    return REFERENCE.findall(CODE_SPAN.sub("", line)) if "[^" in line else []


def _check_questions(source: Source, lesson: RawLesson) -> Iterator[str]:
    """A question is shown by itself, in several places: nothing follows it that could hold a footnote. The
    names that stand in one."""
    for question in lesson.questions:
        for text in _texts(question):
            for name in _names(text):
                lines = (
                    (number, line)
                    for number, line in source.prose_lines()
                    if number >= question.line and f"[^{name}]" in line
                )
                number, line = next(lines, (question.line, ""))
                source.fault(number, TEXT_IN_QUESTION if NOTE.match(line) else IN_QUESTION)
                yield name


def _texts(question: RawQuestion) -> Iterator[str]:
    yield from (question.prompt, *question.situation, *question.explanation)
    for option in question.options:
        yield from (option.text, *option.feedback)
    for _, left, right in question.rows:
        yield from (left, right)


def _check_paragraphs(source: Source) -> None:
    """A footnote ends where the lesson's reader lets it end."""
    is_note, is_after = False, False
    for number, line in source.prose_lines():
        is_indented = line.startswith("  ")
        if NOTE.match(line):
            is_note, is_after = True, False
        elif not line.strip():
            is_note, is_after = False, is_note or is_after
        else:
            if is_after if is_indented else is_note:
                source.fault(number, ONE_PARAGRAPH)
            is_note, is_after = is_note and is_indented, False
