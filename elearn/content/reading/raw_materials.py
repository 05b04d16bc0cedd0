"""``apt.md`` and the other files of a course that are printed: what only they are asked for."""

from collections.abc import Iterable, Mapping

from elearn.content.materials import MaterialKind
from elearn.content.reading.raw_courses import RawCourse
from elearn.content.reading.sources import Source


def check_places(found: Mapping[str, Source], courses: Iterable[RawCourse]) -> None:
    """``apt.md`` and the others belong to a course."""
    slugs = {course.slug for course in courses}
    for path, source in found.items():
        folder, _, name = path.rpartition("/")
        if folder not in slugs:
            source.fault(1, f"{name} hör till en kurs. Lägg den i samma mapp som kurs.md.")


def check_text(source: Source) -> None:
    """A page to print has something on it, and no head as a lesson has: it would be printed."""
    name, lines = source.path.rpartition("/")[2], [line for _, line in source.prose_lines() if line.strip()]
    if lines and set(lines[0].strip()) == {"-"}:
        source.fault(1, f"{name} har inget huvud. Börja med rubriken.")
    elif lines and all(line.startswith("# ") for line in lines):
        source.fault(1, f"{name} har bara en rubrik. Skriv en text, eller ta bort filen.")


def check_title(source: Source, title: str) -> None:
    """What others may see over a shoulder says nothing of why it is carried."""
    name = source.path.rpartition("/")[2]
    unwanted = MaterialKind(name.removesuffix(".md")).traits.unwanted
    if unwanted and unwanted in title.casefold():
        line = next((number for number, level, _ in source.headings() if level == 1), 1)
        source.fault(line, f"Rubriken i {name} kan läsas av andra. Skriv den utan ordet ”{unwanted}”.")
