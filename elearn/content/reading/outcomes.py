"""What a person can do after a base course (``## Lärandemål`` in ``kurs.md``), and the questions that ask for
it (course-format.md, "Learning outcomes")."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from elearn.content.course import LessonKind
from elearn.content.reading.lessons import RawLesson
from elearn.content.reading.questions import MUST, RawQuestion
from elearn.content.reading.sources import Source

NAME = re.compile(r"[a-z][a-z0-9-]{2,39}")
COMMENT = re.compile(r"<!--\s*mål:\s*(?P<name>[^,>]*?)\s*(?:,\s*(?P<mark>[^>]*?)\s*)?-->\s*$")
ITEM = re.compile(r"^ ?[-*+] (?P<text>.*\S.*)$")
DECISIVE = "avgörande"
FEWEST, MOST, MOST_DECISIVE = 6, 12, 6
BANK, DECISIVE_BANK = 3, 4
HOW = "Skriv ett mål per rad: - Jag gör det här. <!-- mål: namnet --> (eller <!-- mål: namnet, avgörande -->)"


@dataclass(frozen=True, slots=True)
class RawOutcome:
    """A line of the list. ``text`` is Markdown."""

    line: int
    name: str
    text: str
    is_decisive: bool


def without_comment(line: str) -> str:
    """The line of an outcome as readers see it."""
    return COMMENT.sub("", line).rstrip()


def read_item(source: Source, number: int, line: str, earlier: Iterable[RawOutcome]) -> RawOutcome | None:
    """The outcome in this line of the list; None when the line is refused."""
    item, found = ITEM.match(without_comment(line)), COMMENT.search(line)
    if not item or not found:
        source.fault(number, HOW)
        return None
    if not NAME.fullmatch(found["name"]):
        source.fault(number, "Målets namn ska vara 3 till 40 små bokstäver a–z, siffror och bindestreck.")
        return None
    if found["mark"] is not None and found["mark"] != DECISIVE:
        source.fault(number, f"Efter namnet kan det stå ”, {DECISIVE}”, inget annat.")
    if found["name"] in {outcome.name for outcome in earlier}:
        source.fault(number, f"Målet ”{found['name']}” finns redan i listan.")
        return None
    return RawOutcome(number, found["name"], item["text"].strip(), found["mark"] == DECISIVE)


def check(source: Source, outcomes: list[RawOutcome], listed: list[RawLesson]) -> None:
    """The list, and that every graded question names one of it and every outcome is asked for. Faults of a
    question go to its lesson's source."""
    if not outcomes:
        return
    _check_list(source, outcomes)
    known = {outcome.name: outcome for outcome in outcomes}
    for lesson in listed:
        for question in lesson.questions:
            if question.kind.is_graded and lesson.kind != LessonKind.PRETEST:
                _check_question(source, lesson, question, known)
    final = listed[-1]
    _check_final(final)
    lessons = [lesson for lesson in listed if lesson.kind == LessonKind.LESSON]
    taught = {q.outcome for lesson in lessons for q in lesson.questions if q.kind.is_graded}
    bank = [q.outcome for q in final.questions if q.kind.is_graded]
    for outcome in outcomes:
        if outcome.name not in taught:
            source.fault(outcome.line, f"Inget avsnitt har någon fråga om målet ”{outcome.name}”.")
        least = DECISIVE_BANK if outcome.is_decisive else BANK
        if bank.count(outcome.name) < least:
            source.fault(
                outcome.line,
                f"Slutprovet har {bank.count(outcome.name)} frågor om målet ”{outcome.name}”. Det ska ha "
                f"minst {least}.",
            )
    if final.draw is not None and final.draw < len(outcomes):
        final.source.fault(
            final.source.line_of("dra"),
            f"Provet frågar efter varje mål, och kursen har {len(outcomes)}. Höj ”dra”.",
        )


def _check_list(source: Source, outcomes: list[RawOutcome]) -> None:
    if not FEWEST <= len(outcomes) <= MOST:
        source.fault(outcomes[0].line, f"Kursen har {len(outcomes)} mål. Den ska ha {FEWEST} till {MOST}.")
    decisive = [outcome for outcome in outcomes if outcome.is_decisive]
    if len(decisive) > MOST_DECISIVE:
        source.fault(decisive[MOST_DECISIVE].line, f"Högst {MOST_DECISIVE} mål kan vara {DECISIVE}.")


def _check_question(
    source: Source, lesson: RawLesson, question: RawQuestion, known: Mapping[str, RawOutcome]
) -> None:
    where = question.name_line or question.line
    if not question.outcome:
        if question.id:  # without a name it is told of that first
            lesson.source.fault(
                where,
                f"Frågan säger inte vilket mål den prövar. Skriv <!-- id: {question.id}, mål: namnet -->",
            )
    elif question.outcome not in known:
        lesson.source.fault(
            where,
            f"Målet ”{question.outcome}” finns inte i {source.path}. Där finns: {', '.join(known)}.",
        )


def _check_final(final: RawLesson) -> None:
    for question in final.questions:
        if question.must_be_right:
            final.source.fault(
                question.line,
                f"Kursen har mål, och då är det ”{DECISIVE}” som avgör i slutprovet. Ta bort ({MUST}).",
            )
    if final.draw_must is not None:
        final.source.fault(
            final.source.line_of("dra måste"),
            "Kursen har mål, och provet frågar efter vart och ett. Ta bort raden.",
        )
