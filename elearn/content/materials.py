"""What a course has to print beside its lessons: a file of its own each, in the course's folder. Nothing in
them is graded."""

from dataclasses import dataclass
from enum import StrEnum

from elearn.content.prose import Prose


class Paper(StrEnum):
    """What it is printed on."""

    A4 = "a4"
    A6 = "a6"


@dataclass(frozen=True, slots=True)
class MaterialTraits:
    """What a kind of material is. A new kind is a row of ``MATERIALS``; other rooms go by these."""

    name: str  # as readers meet it
    paper: Paper = Paper.A4
    is_for_managers: bool = False  # not shown on the course page
    unwanted: str = ""  # a word that its title must not hold


class MaterialKind(StrEnum):
    """By the name of its file: ``apt`` is ``apt.md``."""

    STAFF_MEETING = "apt"
    REPORT = "orosanmalan"
    CARD = "kort"
    LESSON_PLAN = "lektion"
    PARENTS_MEETING = "foraldramote"
    GROUNDS = "underlag"

    @property
    def traits(self) -> MaterialTraits:
        """The kind's row in the table."""
        return MATERIALS[self]

    @property
    def file_name(self) -> str:
        return f"{self}.md"


MATERIALS = {
    MaterialKind.STAFF_MEETING:   MaterialTraits("Samtal på arbetsplatsträffen", is_for_managers=True),
    MaterialKind.REPORT:          MaterialTraits("Exempel på en orosanmälan"),
    MaterialKind.CARD:            MaterialTraits("Kort att ha med sig", Paper.A6, unwanted="heder"),
    MaterialKind.LESSON_PLAN:     MaterialTraits("Lektionsplan"),
    MaterialKind.PARENTS_MEETING: MaterialTraits("Föräldramöte"),
    MaterialKind.GROUNDS:         MaterialTraits("Exempel på ett underlag"),
}  # fmt: skip
FILE_NAMES = frozenset(kind.file_name for kind in MaterialKind)
FOR_EVERYBODY = tuple(kind for kind in MaterialKind if not kind.traits.is_for_managers)


@dataclass(frozen=True, slots=True)
class Material:
    """One of them, as a page shows it."""

    kind: MaterialKind
    title: str  # inline HTML
    text: Prose
