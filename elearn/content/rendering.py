"""From a lesson as it stands in its file to the lesson that pages show."""

import dataclasses
import hashlib
import re

from elearn.content.course import NOTHING, Choice, Lesson, Prose, Question, QuestionKind, Row
from elearn.content.lessons import RawLesson
from elearn.content.markup import SHORT_VERSION, Markup, Place
from elearn.content.questions import Option, RawQuestion

ANNOUNCEMENT_LINK = f'<p><a class="go" href="#{SHORT_VERSION}">Läs den korta versionen</a></p>'
QUESTIONS_LINK = '<p><a class="go" href="#fragor">Hoppa till frågorna</a></p>'
AFTER_BOX = f'</div>\n<h2 id="{SHORT_VERSION}">'
LESSON_LINK = re.compile(r'<a href="lesson:([^"]+)">(.*?)</a>', re.DOTALL)
COURSE_LINK = re.compile(r'href="course:([^"]+)"')


def make_lesson(raw: RawLesson, markup: Markup, place: Place) -> Lesson:
    """The lesson with its HTML. Links to other lessons still say ``lesson:<key>``: each course has numbers of its own."""
    blocks: list[Prose | Question] = []
    has_heading = False
    for block in raw.blocks:
        if isinstance(block, RawQuestion):
            blocks.append(make_question(block, markup, place))
            continue
        here = Place(place.resolve, place.pictures, box_level=3 if has_heading else 2)
        blocks.append(markup.prose([*block, *_belonging(raw, block)], here))
        has_heading = has_heading or any(line.startswith("## ") for line in block)
    has_short_version = _mark_short_version(blocks)
    return Lesson(
        key=raw.key, title=raw.title, kind=raw.kind, minutes=raw.minutes, subjects=raw.subjects, parts=raw.parts,
        edition=raw.edition, draw=raw.draw, draw_must=raw.draw_must, is_shuffled=raw.is_shuffled,
        has_short_version=has_short_version, blocks=tuple(blocks), hash=raw.hash,
    )  # fmt: skip


def _belonging(raw: RawLesson, block: list[str]) -> list[str]:
    """The definitions, and the footnotes that this piece of text refers to."""
    text = "\n".join(block)
    notes = [lines for name, lines in raw.notes.items() if f"[^{name}]" in text]
    return ["", *raw.definitions, *(line for lines in notes for line in lines)]


def _mark_short_version(blocks: list[Prose | Question]) -> bool:
    """``## Kort version`` directly after the first box: the box leads to it, and it ends by leading to the questions."""
    first = blocks[0] if blocks and isinstance(blocks[0], Prose) else NOTHING
    before, found, after = first.html.partition(AFTER_BOX)
    if not found or '<div class="box' not in before or "<h2" in before.partition('<div class="box')[0]:
        return False
    has_questions = any(isinstance(block, Question) for block in blocks)
    version, heading, rest = after.partition("\n<h2")
    html = before + ANNOUNCEMENT_LINK + found + version + (f"\n{QUESTIONS_LINK}" if has_questions else "") + heading + rest
    blocks[0] = dataclasses.replace(first, html=html)
    return True


def make_question(raw: RawQuestion, markup: Markup, place: Place) -> Question:
    choices: tuple[Choice, ...] = tuple(_make_choice(raw, option, markup, place) for option in raw.options)
    rows: tuple[Row, ...] = ()
    if raw.kind == QuestionKind.ORDER:
        rows = tuple(
            Row(choice_key(raw.id, text), markup.inline(text, place), str(position))
            for position, (_, text, _right) in enumerate(raw.rows, 1)
        )
    if raw.kind == QuestionKind.MATCH:
        choices = tuple(Choice(choice_key(raw.id, right), markup.inline(right, place), NOTHING, True) for _, _, right in raw.rows)
        rows = tuple(Row(choice_key(raw.id, left), markup.inline(left, place), choice_key(raw.id, right)) for _, left, right in raw.rows)
    return Question(
        id=raw.id, kind=raw.kind, prompt=markup.inline(raw.prompt, place), situation=markup.prose(raw.situation, place),
        choices=choices, rows=rows, explanation=markup.prose(raw.explanation, place), must_be_right=raw.must_be_right,
    )  # fmt: skip


def _make_choice(raw: RawQuestion, option: Option, markup: Markup, place: Place) -> Choice:
    return Choice(choice_key(raw.id, option.text), markup.inline(option.text, place), markup.prose(option.feedback, place), option.is_right)


def choice_key(question_id: str, text: str) -> str:
    """The first 8 hex digits of SHA-256 over question id and text: it tells nothing and survives reordering."""
    return hashlib.sha256(f"{question_id}\n{text}".encode()).hexdigest()[:8]


def in_course(lesson: Lesson, slug: str, numbers: dict[str, int]) -> Lesson:
    """The lesson as one course shows it: a link to a lesson that is not in the course becomes plain text."""

    def resolved(prose: Prose) -> Prose:
        return resolve_prose(prose, slug, numbers)

    def resolved_question(question: Question) -> Question:
        choices = tuple(dataclasses.replace(choice, feedback=resolved(choice.feedback)) for choice in question.choices)
        situation, explanation = resolved(question.situation), resolved(question.explanation)
        return dataclasses.replace(question, choices=choices, situation=situation, explanation=explanation)

    blocks = (resolved(block) if isinstance(block, Prose) else resolved_question(block) for block in lesson.blocks)
    return dataclasses.replace(lesson, blocks=tuple(blocks))


def resolve_prose(prose: Prose, slug: str, numbers: dict[str, int]) -> Prose:
    """``lesson:<key>`` and ``course:<slug>`` as this course's addresses."""

    def address(found: re.Match[str]) -> str:
        key, _, anchor = found[1].partition("#")
        number = numbers.get(key)
        if number is None:
            return found[2]
        return f'<a href="/kurs/{slug}/{number}{"#" + anchor if anchor else ""}">{found[2]}</a>'

    return dataclasses.replace(prose, html=COURSE_LINK.sub(r'href="/kurs/\1"', LESSON_LINK.sub(address, prose.html)))
