"""What a machine can mend in a course file (course-format.md): names for questions without one, feedback in the two-space form,
anchors as the headings spell them. Everything else stays as the author wrote it."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from elearn.content import questions
from elearn.content import source as sources
from elearn.content.course import QuestionKind
from elearn.content.lessons import RawLesson
from elearn.content.links import Library
from elearn.content.reader import Reading
from elearn.content.source import Source

WITH_FEEDBACK = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.SCENARIO})
OPENING = re.compile(r"(\]\(\s*<?)([^)\s>]+)")


@dataclass(slots=True)
class _Names:
    """The questions' names in the whole folder, so that a new one is nobody else's."""

    taken: set[str]

    def new(self, proposal: str) -> str:
        name, number = proposal, 2
        while name in self.taken:
            name, number = f"{proposal[:56]}-{number}", number + 1
        self.taken.add(name)
        return name


def formatted(reading: Reading) -> dict[str, list[str]]:
    """The lines of every file that changes, by path. Mending twice is mending once."""
    names = _Names({question.id for lesson in reading.lessons.values() for question in lesson.questions if question.id})
    found = {}
    for path, source in reading.sources.items():
        lesson = reading.lessons.get(path)
        body = _with_questions_mended(source, lesson, names) if lesson else source.lines[source.body - 1 :]
        lines = [*source.lines[: source.body - 1], *body]
        if reading.library:
            lines = _with_anchors_spelled(path, lines, reading.library)
        if lines != source.lines:
            found[path] = lines
    return found


def _with_questions_mended(source: Source, lesson: RawLesson, names: _Names) -> list[str]:
    asked = {question.line: question for question in lesson.questions}
    explained = {question.explanation_line for question in lesson.questions}  # an indented quotation after it is the lesson's own
    plain = {number for number, _ in source.prose_lines()}
    mended: list[str] = []
    is_among_options = False
    for number, line in enumerate(source.lines[source.body - 1 :], source.body):
        feedback = questions.FEEDBACK.match(line) if is_among_options else None
        if feedback:
            while not mended[-1].strip() and _is_option(mended):
                mended.pop()
        mended.append(f"  > {feedback[1]}".rstrip() if feedback else line)
        question = asked.get(number)
        if question:
            is_among_options = question.kind in WITH_FEEDBACK
            if not question.id and question.kind != QuestionKind.REFLECT:
                mended.append(f"<!-- id: {names.new(questions.propose(lesson.key, question.prompt))} -->")
        elif number in explained or (number in plain and sources.HEADING.match(line)):
            is_among_options = False
    return mended


def _is_option(lines: list[str]) -> bool:
    """Whether the last line that is not blank is an option: then the blank ones stand between it and its feedback."""
    last = next((line for line in reversed(lines) if line.strip()), "")
    return bool(questions.OPTION.match(last))


def _with_anchors_spelled(path: str, lines: list[str], library: Library) -> list[str]:
    is_fenced = False
    spelled = []
    for line in lines:
        if sources.FENCE.match(line):
            is_fenced = not is_fenced
        spelled.append(line if is_fenced else OPENING.sub(lambda found: found[1] + _spelled(path, found[2], library), line))
    return spelled


def _spelled(path: str, target: str, library: Library) -> str:
    """The target with its anchor as the heading spells it; unknown ones stay (``check`` tells of them)."""
    file, mark, anchor = target.partition("#")
    if not mark:
        return target
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(file))) if file else path
    known: Mapping[str, object] | frozenset[str] = library.entries.get(place) or library.anchors.get(place, frozenset())
    return f"{file}#{sources.find_anchor(unquote(anchor), known) or anchor}"
