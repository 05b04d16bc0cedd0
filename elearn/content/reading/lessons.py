"""A lesson's file: its front matter, its text and its questions in the author's order."""

import hashlib
import re
from dataclasses import dataclass, field

from elearn.content.course import LessonKind
from elearn.content.reading import explanations, file_rules, front_matter, question_lists, questions, sources
from elearn.content.reading.questions import RawQuestion
from elearn.content.reading.sources import Source

SUBJECTS = ("våld i nära relationer", "könsstympning", "hedersrelaterat våld och förtryck")
PARTS = ("fakta", "upptäcka", "agera", "stöd", "förhindra upprepning")
REQUIRED_KEYS = ("tid", "utgåva")
ALLOWED_KEYS = {"tid", "utgåva", "ämne", "del", "typ", "dra", "dra måste", "blanda"}
NOTE = re.compile(r"^\[\^([^\]]+)\]:")
ABBREVIATION = re.compile(r"^\*\[[^\]]+\]:")


@dataclass(slots=True)
class RawLesson:
    """A lesson as it stands in its file."""

    source: Source
    key: str
    title: str = ""
    kind: LessonKind = LessonKind.LESSON
    minutes: int = 1
    edition: int = 1
    subjects: frozenset[str] = frozenset()
    first_subject: str = ""  # what it is about, the others beside it
    parts: frozenset[str] = frozenset()
    draw: int | None = None
    draw_must: int | None = None
    is_shuffled: bool = True
    blocks: list[RawQuestion | list[str]] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)  # footnotes by name
    definitions: list[str] = field(
        default_factory=list
    )  # link references and abbreviations: they hold in every piece of text
    hash: str = ""

    @property
    def questions(self) -> list[RawQuestion]:
        return [block for block in self.blocks if isinstance(block, RawQuestion)]


def read_lesson(source: Source) -> RawLesson:
    """Everything about the lesson but its HTML. Faults go to the source."""
    lesson = RawLesson(source, source.path.removesuffix(".md"))
    lesson.hash = hashlib.sha256("\n".join(source.lines).encode()).hexdigest()
    front_matter.read(source, REQUIRED_KEYS, ALLOWED_KEYS)
    _read_values(source, lesson)
    lesson.title = file_rules.check_headings(source, questions.is_heading)
    _read_blocks(source, lesson)
    file_rules.check_lines(source, {line for question in lesson.questions for line in question.lines})
    _check_draw(source, lesson)
    return lesson


def _read_values(source: Source, lesson: RawLesson) -> None:
    lesson.minutes = whole_number(source, "tid", r"^(\d{1,3}) min$", "Skriv tiden som 10 min.") or 1
    lesson.edition = whole_number(source, "utgåva", r"^(\d{1,4})$", "Utgåvan är ett heltal från 1.") or 1
    lesson.draw = whole_number(
        source, "dra", r"^(\d{1,3})$", "Skriv hur många frågor som ska dras, till exempel 10."
    )
    lesson.draw_must = whole_number(
        source, "dra måste", r"^(\d{1,3})$", "Skriv hur många av dem som måste vara rätt."
    )
    subjects = _listed(source, "ämne", SUBJECTS)
    lesson.subjects, lesson.first_subject = frozenset(subjects), (subjects or [""])[0]
    lesson.parts = frozenset(_listed(source, "del", PARTS))
    if ("ämne" in source.front) != ("del" in source.front):
        source.fault(
            source.line_of("ämne" if "ämne" in source.front else "del"),
            "”ämne” och ”del” ska stå båda två, eller ingen.",
        )
    if source.value("typ"):
        if source.value("typ") in list(LessonKind):
            lesson.kind = LessonKind(source.value("typ"))
        else:
            source.fault(source.line_of("typ"), "typ ska vara avsnitt, förtest eller slutprov.")
    if source.value("blanda") not in ("", "ja", "nej"):
        source.fault(source.line_of("blanda"), "blanda ska vara ja eller nej.")
    lesson.is_shuffled = source.value("blanda") != "nej"


def whole_number(source: Source, key: str, pattern: str, advice: str) -> int | None:
    """A value of the front matter as a number from 1; None when it is missing or (with a fault) wrong."""
    if not source.value(key):
        return None
    found = re.match(pattern, source.value(key))
    if not found or int(found[1]) < 1:
        source.fault(source.line_of(key), advice)
        return None
    return int(found[1])


def _listed(source: Source, key: str, allowed: tuple[str, ...]) -> list[str]:
    values = [value.strip() for value in source.value(key).split(",") if value.strip()]
    for value in values:
        if value not in allowed:
            source.fault(source.line_of(key), f"”{value}” finns inte. Välj bland: {', '.join(allowed)}.")
    return values


def _read_blocks(source: Source, lesson: RawLesson) -> None:
    """The text between questions, and the questions, in order. The title's own line belongs to neither."""
    lines = list(enumerate(source.lines[source.body - 1 :], source.body))
    plain = {number for number, _ in source.prose_lines()}
    text: list[str] = []
    place, has_title = 0, False
    while place < len(lines):
        number, line = lines[place]
        heading = sources.HEADING.match(line) if number in plain else None
        question = questions.begin(source, number, heading[2]) if heading and len(heading[1]) == 3 else None
        if (
            heading
            and lesson.blocks
            and not "".join(text).strip()
            and explanations.EXPLAINS.match(heading[2])
        ):
            source.fault(number, explanations.UNQUOTED)
        if question:
            lesson.blocks += [text, question]
            place += 1 + question_lists.read(
                source, question, _until_heading(lines[place + 1 :], plain), plain
            )
            questions.check(source, question)
            text = []
            continue
        if heading and len(heading[1]) == 1 and not has_title:
            has_title = True
        elif number in plain and (found := NOTE.match(line)):
            place = _read_note(lesson, lines, place, found[1])
        elif number in plain and (sources.LINK_DEFINITION.match(line) or ABBREVIATION.match(line)):
            lesson.definitions.append(line)
        else:
            text.append(line)
        place += 1
    lesson.blocks = [
        block
        for block in [*lesson.blocks, text]
        if isinstance(block, RawQuestion) or any(line.strip() for line in block)
    ]


def _until_heading(lines: list[tuple[int, str]], plain: set[int]) -> list[tuple[int, str]]:
    for place, (number, line) in enumerate(lines):
        if number in plain and sources.HEADING.match(line):
            return lines[:place]
    return lines


def _read_note(lesson: RawLesson, lines: list[tuple[int, str]], place: int, name: str) -> int:
    """A footnote with its indented lines; it goes with the piece of text that refers to it."""
    end = place + 1
    while end < len(lines) and re.match(r"^ {2,}\S", lines[end][1]):
        end += 1
    lesson.notes[name] = ["", *(line for _, line in lines[place:end])]
    return end - 1


def _check_draw(source: Source, lesson: RawLesson) -> None:
    graded = [question for question in lesson.questions if question.kind.is_graded]
    must_count = sum(question.must_be_right for question in graded)
    if lesson.kind == LessonKind.FINAL_TEST and not graded:
        source.fault(1, "Slutprovet har inga frågor som räknas.")
    if lesson.draw_must is not None and lesson.draw is None:
        source.fault(source.line_of("dra måste"), "”dra måste” behöver ”dra”.")
    if lesson.draw is None:
        return
    line = source.line_of("dra")
    if lesson.draw > len(graded):
        source.fault(line, f"Här finns bara {len(graded)} frågor som räknas. Skriv fler, eller dra färre.")
    if lesson.draw_must is not None and lesson.draw_must > must_count:
        source.fault(source.line_of("dra måste"), f"Bara {must_count} frågor är märkta (måste vara rätt).")
    if (must_count if lesson.draw_must is None else lesson.draw_must) > lesson.draw:
        source.fault(
            line, "Fler frågor är märkta (måste vara rätt) än som dras. Höj ”dra”, eller skriv ”dra måste”."
        )
