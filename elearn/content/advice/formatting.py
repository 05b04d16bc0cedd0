"""What a machine can mend in a course file (course-format.md): names for questions without one, feedback in
the two-space form, anchors as the headings spell them. Every other line stays to the letter, its ending
included."""

import posixpath
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from elearn.content.reading import question_names, sources
from elearn.content.reading.lessons import RawLesson
from elearn.content.reading.links import Library
from elearn.content.reading.questions import Option
from elearn.content.reading.reader import Reading
from elearn.content.reading.sources import Source

OPENING = re.compile(rf"{sources.CODE_SPAN.pattern}|(?P<opening>\]\(\s*<?)(?P<target>[^)\s>]+)")


def formatted(reading: Reading) -> dict[str, str]:
    """The text of every file that changes, by path. Mending twice is mending once."""
    if reading.library is None:
        return {}
    names: dict[str, dict[int, str]] = {path: {} for path in reading.sources}
    for lesson, question, name in question_names.missing_names(reading.lessons.values()):
        names[lesson.source.path][question.line] = name
    found = {}
    for path, source in reading.sources.items():
        text = _mended(source, reading.lessons.get(path), names[path], reading.library)
        if text != source.written:
            found[path] = text
    return found


def _mended(source: Source, lesson: RawLesson | None, names: Mapping[int, str], library: Library) -> str:
    pieces = re.split(f"({sources.LINE_END})", source.written)
    lines, ends = dict(enumerate(pieces[::2], 1)), dict(enumerate([*pieces[1::2], ""], 1))
    for option in (
        option for question in (lesson.questions if lesson else ()) for option in question.options
    ):
        lines |= _feedback_in_its_form(source, option)
        for number in _blanks_above_feedback(source, option):
            lines[number] = ends[number] = ""
    for number, _ in source.prose_lines():
        lines[number] = _with_anchors_spelled(source.path, lines[number], library)
    for number, name in names.items():
        lines[number] += (ends[number] or ends[1] or "\n") + f"<!-- id: {name} -->"
    return "".join(line + ends[number] for number, line in lines.items())


def _feedback_in_its_form(source: Source, option: Option) -> dict[int, str]:
    """The lines of feedback that are not indented two steps, as they should be."""
    mended = {}
    for number in option.feedback_lines:
        text = source.lines[number - 1].partition(">")[2]
        line = "  >" + (text if text[:1] in ("", " ") else f" {text}")
        if line != source.lines[number - 1]:
            mended[number] = line
    return mended


def _blanks_above_feedback(source: Source, option: Option) -> Iterator[int]:
    """Feedback begins directly under its option."""
    number = option.feedback_lines[0] - 1 if option.feedback_lines else option.line
    while not source.lines[number - 1].strip():
        yield number
        number -= 1


def _with_anchors_spelled(path: str, line: str, library: Library) -> str:
    """Code spans are left alone."""
    return OPENING.sub(
        lambda found: (
            found["opening"] + _spelled(path, found["target"], library) if found["target"] else found[0]
        ),
        line,
    )


def _spelled(path: str, target: str, library: Library) -> str:
    """The target with its anchor as the heading spells it; unknown ones stay (``check`` tells of them)."""
    file, mark, anchor = target.partition("#")
    if not mark:
        return target
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(file))) if file else path
    known: Mapping[str, object] | frozenset[str] = library.entries.get(place) or library.anchors.get(
        place, frozenset()
    )
    return f"{file}#{sources.find_anchor(unquote(anchor), known) or anchor}"


def write(file: Path, text: str) -> None:
    """The whole text or none of it: nobody reads half a file, and a full disk costs nothing."""
    new = file.with_name(f".{file.name}.tmp")
    try:
        new.write_bytes(text.encode())
        shutil.copymode(file, new)
        new.replace(file)
    except OSError:
        new.unlink(missing_ok=True)
        raise
