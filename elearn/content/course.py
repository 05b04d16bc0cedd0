"""What is taught, as values that never change: the reader makes them, every other room only reads them.

HTML in these objects is finished and safe (``markup`` made it), and knows no address of any page: that is for
those who show it. Keys are stable for ever (course-format.md).
"""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from elearn import clock
from elearn.content.materials import FOR_EVERYBODY, Material, MaterialKind
from elearn.content.prose import NOTHING, Prose


class CourseStep(StrEnum):
    """``steg``. Only the base course is required, and only it is counted by the measure."""

    INTRODUCTION = "introduktion"
    BASE = "grundutbildning"
    ADVANCED = "fördjupning"
    REMINDER = "påminnelse"


class LessonKind(StrEnum):
    """``typ``."""

    LESSON = "avsnitt"
    PRETEST = "förtest"
    FINAL_TEST = "slutprov"


class Field(StrEnum):
    """How a question is answered in a form; ``NOTHING``: it asks for no answer."""

    RADIO = "radio"
    CHECK_BOXES = "check_boxes"
    POSITIONS = "positions"  # a number for every row
    CHOICE_LISTS = "choice_lists"  # one of the choices for every row
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class KindTraits:
    """What a kind of question is. A new kind is a row of ``KIND_TRAITS``; other rooms go by these."""

    keyword: str  # what its heading begins with
    name: str  # in tables for authors
    field: Field
    is_graded: bool
    mark: str = ""  # in brackets after the keyword, where two kinds share it


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    ORDER = "order"
    MATCH = "match"
    SCENARIO = "scenario"
    REFLECT = "reflect"

    @property
    def traits(self) -> KindTraits:
        """The kind's row in the table."""
        return KIND_TRAITS[self]

    @property
    def field(self) -> Field:
        """How it is answered."""
        return self.traits.field

    @property
    def is_graded(self) -> bool:
        """Whether an answer is right or wrong, and counts."""
        return self.traits.is_graded

    @property
    def is_answered(self) -> bool:
        """Whether there is something to fill in."""
        return self.field != Field.NOTHING

    @property
    def has_rows(self) -> bool:
        """Whether an answer is given for every row, and not for the question as a whole."""
        return self.field in (Field.POSITIONS, Field.CHOICE_LISTS)

    @property
    def takes_several(self) -> bool:
        """Whether several choices may be chosen together."""
        return self.field == Field.CHECK_BOXES


SEVERAL = "flera svar"
KIND_TRAITS = {
    QuestionKind.SINGLE:   KindTraits("Fråga",      "Ett svar",   Field.RADIO,        True),
    QuestionKind.MULTIPLE: KindTraits("Fråga",      "Flera svar", Field.CHECK_BOXES,  True, mark=SEVERAL),
    QuestionKind.ORDER:    KindTraits("Ordna",      "Ordna",      Field.POSITIONS,    True),
    QuestionKind.MATCH:    KindTraits("Para ihop",  "Para ihop",  Field.CHOICE_LISTS, True),
    QuestionKind.SCENARIO: KindTraits("Scenario",   "Scenario",   Field.RADIO,        False),
    QuestionKind.REFLECT:  KindTraits("Reflektera", "Reflektera", Field.NOTHING,      False),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """An option. ``key``: first 8 hex digits of SHA-256 over question id and text: it tells nothing and
    survives reordering."""

    key: str
    text: str  # inline HTML
    feedback: Prose
    is_right: bool
    line: int = field(default=0, compare=False)  # of its file, 1…


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an ordering (``answer`` is its position, "1"…) or of a matching (``answer`` is the key of its
    choice)."""

    key: str
    text: str  # inline HTML
    answer: str
    line: int = field(default=0, compare=False)  # of its file, 1…


@dataclass(frozen=True, slots=True)
class Question:
    """One question of any kind. SINGLE, MULTIPLE, SCENARIO and MATCH have choices; ORDER and MATCH have
    rows."""

    id: str
    kind: QuestionKind
    prompt: str  # inline HTML
    situation: Prose
    choices: tuple[Choice, ...]
    rows: tuple[Row, ...]
    explanation: Prose
    must_be_right: bool
    outcome: str = ""  # mål: the name of what it asks for, or ""
    line: int = field(default=0, compare=False)  # of its heading in the file, 1…

    @property
    def is_graded(self) -> bool:
        """As its kind is."""
        return self.kind.is_graded


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson, the same in every course that has it."""

    key: str  # path without suffix: "gemensamt/konsstympning"
    title: str
    kind: LessonKind
    minutes: int
    subjects: frozenset[str]  # ämne
    parts: frozenset[str]  # del
    edition: int
    draw: int | None  # how many questions an attempt asks; None = all
    draw_must: int | None  # how many of those are "måste vara rätt"; None = all that are
    is_shuffled: bool
    blocks: tuple[Prose | Question, ...]  # in the author's order
    hash: str  # SHA-256 of the file

    @property
    def path(self) -> str:
        """Its file, below the folder of the courses."""
        return f"{self.key}.md"

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Question))

    @property
    def has_outcomes(self) -> bool:
        """Whether it is a final test that asks for learning outcomes: its graded questions then name one
        each."""
        return self.kind == LessonKind.FINAL_TEST and any(question.outcome for question in self.questions)

    @property
    def has_form(self) -> bool:
        """Whether there is something to answer; if not, the lesson is done by the button "Jag har läst"."""
        return any(question.kind.is_answered for question in self.questions)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``lärandemål``: what a person can do afterwards. ``is_decisive``: a mistake could harm a child, so that
    it must be right."""

    name: str
    text: str  # inline HTML
    is_decisive: bool


@dataclass(frozen=True, slots=True)
class Course:
    """A course: a folder with a ``kurs.md``; ``slug`` is the folder's name, for ever."""

    slug: str
    title: str  # titel: what a completion and the intyg show
    heading: str  # the page's own heading
    job_roles: tuple[str, ...]
    step: CourseStep
    validity_months: int
    pass_mark: Fraction
    edition: int
    activity: str  # aktivitet, the plan's sentence, or ""
    committees: str  # ansvarig nämnd, or ""
    intro: Prose
    lessons: tuple[Lesson, ...]  # in order; the last is the final test
    hash: str  # SHA-256 over kurs.md and its lessons
    materials: tuple[Material, ...] = ()  # in the order of their kinds
    introduced_on: dt.date | None = None  # införd: the day from which it is demanded
    outcomes: tuple[Outcome, ...] = ()  # lärandemål, in the author's order
    renewed_on: tuple[int, int] | None = None  # förnyas: (month, day) on which everybody's ends
    competence: str = ""  # kompetens: the personnel system's code
    revised_on: dt.date | None = None  # reviderad
    written_by: str = ""  # skriven av
    reviewed_by: str = ""  # granskad av: nobody yet when empty
    read_on: Prose = NOTHING  # läs vidare
    timeline: Prose = NOTHING  # tidslinjen

    @property
    def renewal_day(self) -> str:
        """The day of the year on which everybody's ends, in words, or nothing."""
        return f"{self.renewed_on[1]} {clock.MONTHS[self.renewed_on[0] - 1]}" if self.renewed_on else ""

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def lesson_keys(self) -> tuple[str, ...]:
        """In order: the first is number 1."""
        return tuple(lesson.key for lesson in self.lessons)

    def material(self, kind: str) -> Material | None:
        """What the course has of this kind, or None."""
        return next((material for material in self.materials if material.kind == kind), None)

    @property
    def guide(self) -> Material | None:
        """``apt.md``: what a unit talks about at its staff meeting."""
        return self.material(MaterialKind.STAFF_MEETING)

    @property
    def to_print(self) -> tuple[Material, ...]:
        """What is for everybody who may read the course."""
        return tuple(material for material in self.materials if material.kind in FOR_EVERYBODY)

    @property
    def final_test(self) -> Lesson:
        return self.lessons[-1]

    def number(self, lesson_key: str) -> int | None:
        """The lesson's number in this course (1…), or None."""
        return next(
            (number for number, lesson in enumerate(self.lessons, 1) if lesson.key == lesson_key), None
        )
