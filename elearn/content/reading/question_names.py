"""The questions' names: each stands once in the whole folder and for ever, because the statistics follow
it."""

import re
from collections.abc import Iterable, Iterator

from elearn.content.reading.lessons import RawLesson
from elearn.content.reading.questions import RawQuestion
from elearn.content.reading.sources import folded

LONGEST = 60
NAME = re.compile(rf"[a-z][a-z0-9-]{{2,{LONGEST - 1}}}")


def check_names(lessons: Iterable[RawLesson]) -> None:
    """Missing, malformed and taken names. Faults go to each lesson's source."""
    lessons = list(lessons)
    for lesson, question, name in missing_names(lessons):
        lesson.source.fault(
            question.line, f"Frågan saknar namn. Skriv på raden under rubriken: <!-- id: {name} -->"
        )
    seen: dict[str, str] = {}
    for lesson, question in _named(lessons):
        source, line = lesson.source, question.name_line
        if not NAME.fullmatch(question.id):
            source.fault(
                line,
                "Namnet ska vara 3 till 60 små bokstäver a–z, siffror och bindestreck, med en bokstav först.",
            )
        elif question.id in seen:
            advice = "Ändra namnet på den nya frågan, aldrig på den gamla."
            source.fault(line, f"Namnet ”{question.id}” finns redan: {seen[question.id]}. {advice}")
        seen.setdefault(question.id, f"{source.path}:{line}")


def missing_names(lessons: Iterable[RawLesson]) -> Iterator[tuple[RawLesson, RawQuestion, str]]:
    """Every question without a name, with one that is nobody else's. A reflection needs none; a mistyped name
    is its author's to mend."""
    lessons = list(lessons)
    taken = {question.id for _, question in _named(lessons)}
    for lesson in lessons:
        for question in lesson.questions:
            if question.kind.is_answered and not question.name_line and not question.is_misnamed:
                name = _free(propose(lesson.key, question.prompt), taken)
                taken.add(name)
                yield lesson, question, name


def _named(lessons: Iterable[RawLesson]) -> Iterator[tuple[RawLesson, RawQuestion]]:
    return ((lesson, question) for lesson in lessons for question in lesson.questions if question.name_line)


def propose(lesson_key: str, prompt: str) -> str:
    """A name from the lesson's and the question's words."""
    start = re.sub(r"[^a-z0-9-]", "", folded(lesson_key.replace("/", "-")))
    words = [word for word in re.findall(r"[a-z0-9]+", folded(prompt)) if len(word) > 3]
    name = "-".join([start, *words[:3]]).strip("-")
    return (name if NAME.match(name) else f"fraga-{name}")[:LONGEST].strip("-")


def _free(proposal: str, taken: set[str]) -> str:
    name, number = proposal, 2
    while name in taken:
        name, number = f"{proposal[: LONGEST - len(str(number)) - 1]}-{number}", number + 1
    return name
