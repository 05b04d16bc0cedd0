"""From a lesson as it stands in its file to the lesson that pages show."""

import dataclasses
import hashlib
import re
from dataclasses import dataclass

from elearn.content import prose
from elearn.content.course import Choice, Field, Lesson, Question, Row
from elearn.content.prose import NOTHING, Jump, Part, Prose
from elearn.content.reading.lessons import RawLesson
from elearn.content.reading.links import Target
from elearn.content.reading.questions import Option, RawQuestion
from elearn.content.rendering.house_style import Place
from elearn.content.rendering.markup import SHORT_VERSION, Markup

MARK = re.compile("\x00(\\d+)\x00")
AFTER_BOX = re.compile(rf'</div>\n(?:\x00\d+\x00\n)?<h2 id="{SHORT_VERSION}">')  # and the box's facts
NO_PICTURE = "Här kan ingen bild stå: raden är en del av frågan eller svaret. Skriv bilden före svaren."
NO_LINK = "Här kan ingen länk stå: raden är en del av frågan eller svaret. Skriv länken i förklaringen."


def make_lesson(raw: RawLesson, markup: Markup, place: Place) -> Lesson:
    """The lesson with its HTML."""
    blocks: list[Prose | Question] = []
    has_heading, first_note = False, 1
    after = _after_answering(raw.key, place)
    for block in raw.blocks:
        if isinstance(block, RawQuestion):
            blocks.append(_QuestionMaker(raw, block, markup, place, after).make())
            continue
        notes = _notes(raw, block)
        here = dataclasses.replace(
            place, box_level=3 if has_heading else 2, first_note=first_note, has_lead=not blocks
        )
        blocks.append(
            markup.prose([*block, "", *raw.definitions, *(line for note in notes for line in note)], here)
        )
        has_heading = has_heading or any(line.startswith("## ") for line in block)
        first_note += len(notes)
    _mark_short_version(blocks)
    return Lesson(
        key=raw.key,
        title=markup.text(raw.title),
        kind=raw.kind,
        minutes=raw.minutes,
        subjects=raw.subjects,
        parts=raw.parts,
        edition=raw.edition,
        draw=raw.draw,
        draw_must=raw.draw_must,
        is_shuffled=raw.is_shuffled,
        blocks=tuple(piece for block in blocks for piece in _pieces(block)),
        hash=raw.hash,
    )


def _pieces(block: Prose | Question) -> tuple[Prose | Question, ...]:
    return prose.sections(block) if isinstance(block, Prose) else (block,)


def _notes(raw: RawLesson, block: list[str]) -> list[list[str]]:
    """The footnotes that this piece of text refers to."""
    text = "\n".join(block)
    return [lines for name, lines in raw.notes.items() if f"[^{name}]" in text]


def _after_answering(key: str, place: Place) -> Place:
    """Feedback and explanations stand on a page of their own: what links within the lesson is a link to the
    lesson from there."""

    def resolve(href: str) -> Target | None:
        target = place.resolve(href)
        if target and target.href.startswith("#"):
            return Target(lesson=key, anchor=target.href.removeprefix("#"))
        return target

    return dataclasses.replace(place, resolve=resolve, anchors={})


def _mark_short_version(blocks: list[Prose | Question]) -> None:
    """``## Kort version`` directly after the first box: the box leads to it and to the questions."""
    first = blocks[0] if blocks and isinstance(blocks[0], Prose) else NOTHING
    known: list[Part] = [*first.parts, Jump.TO_SHORT_VERSION, Jump.TO_QUESTIONS]
    html = "".join(part if isinstance(part, str) else _mark(place) for place, part in enumerate(first.parts))
    found = AFTER_BOX.search(html)
    before, after = (html[: found.start()], html[found.end() :]) if found else ("", "")
    if not found or '<div class="box' not in before or "<h2" in before.partition('<div class="box')[0]:
        return
    has_questions = any(isinstance(block, Question) for block in blocks)
    jumps = _mark(len(known) - 2) + (_mark(len(known) - 1) if has_questions else "")
    pieces = MARK.split(before + jumps + found[0] + after)
    parts = (known[int(piece)] if place % 2 else piece for place, piece in enumerate(pieces))
    blocks[0] = Prose(tuple(part for part in parts if part))


def _mark(number: int) -> str:
    return f"\x00{number}\x00"


@dataclass(frozen=True, slots=True)
class _QuestionMaker:
    """One question as pages show it: ``asked`` is where it stands, ``answered`` where its feedback does."""

    lesson: RawLesson
    raw: RawQuestion
    markup: Markup
    asked: Place
    answered: Place

    def make(self) -> Question:
        raw = self.raw
        choices, rows = tuple(self._choice(option) for option in raw.options), tuple[Row, ...]()
        if raw.kind.field == Field.POSITIONS:
            rows = tuple(
                Row(self._key(text), self._line(line, text), str(place), line)
                for place, (line, text, _) in enumerate(raw.rows, 1)
            )
        if raw.kind.field == Field.CHOICE_LISTS:
            choices = tuple(
                Choice(self._key(right), self._line(line, right), NOTHING, True, line)
                for line, _, right in raw.rows
            )
            rows = tuple(
                Row(self._key(left), self._line(line, left), self._key(right), line)
                for line, left, right in raw.rows
            )
        return Question(
            id=raw.id,
            kind=raw.kind,
            prompt=self._line(raw.line, raw.prompt),
            situation=self._text(raw.situation, self.asked),
            choices=choices,
            rows=rows,
            explanation=self._text(raw.explanation, self.answered),
            must_be_right=raw.must_be_right,
            outcome=raw.outcome,
            line=raw.line,
        )

    def _choice(self, option: Option) -> Choice:
        feedback, text = self._text(option.feedback, self.answered), self._line(option.line, option.text)
        return Choice(self._key(option.text), text, feedback, option.is_right, option.line)

    def _text(self, lines: list[str], place: Place) -> Prose:
        return self.markup.prose([*lines, "", *self.lesson.definitions], place)

    def _line(self, number: int, text: str) -> str:
        """What the learner chooses by. A link there would be a button inside a button, and no page looks for
        its fact."""

        def refuse(_href: str) -> None:
            self.lesson.source.fault(number, NO_LINK)

        def refuse_picture(_text: str, _href: str) -> None:
            self.lesson.source.fault(number, NO_PICTURE)

        here = dataclasses.replace(self.asked, resolve=refuse, picture=refuse_picture)
        return self.markup.inline(text, here)

    def _key(self, text: str) -> str:
        return choice_key(self.raw.id, text)


def choice_key(question_id: str, text: str) -> str:
    """The first 8 hex digits of SHA-256 over question id and text: it tells nothing and survives
    reordering."""
    return hashlib.sha256(f"{question_id}\n{text}".encode()).hexdigest()[:8]
