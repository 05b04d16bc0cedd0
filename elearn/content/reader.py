"""A folder of courses -> the catalogue, or every fault of every file at once (course-format.md)."""

import contextlib
import dataclasses
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from elearn.content import (
    anchors,
    entries,
    file_rules,
    files,
    footnotes,
    lessons,
    links,
    question_names,
    rendering,
    signs,
)
from elearn.content import courses as raw_courses
from elearn.content import source as sources
from elearn.content.catalog import Catalog
from elearn.content.course import Course, CourseStep, Guide, Lesson
from elearn.content.courses import RawCourse
from elearn.content.entries import RawEntry
from elearn.content.faults import CourseFault, CourseFaults, telling_unreadable
from elearn.content.house_style import Picture, Place, Target
from elearn.content.lessons import RawLesson
from elearn.content.links import ENTRY_FILES, Library
from elearn.content.markup import Markup
from elearn.content.source import Source

NO_COURSE = CourseFault("kurs.md", 1, "Här finns ingen kurs. En kurs är en mapp med en fil kurs.md.")


@dataclass(slots=True)
class Reading:
    """Everything of one reading of the folder, before it is HTML: what ``check`` looks at too."""

    root: Path
    faults: list[CourseFault] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    lessons: dict[str, RawLesson] = field(default_factory=dict)  # by path
    courses: list[RawCourse] = field(default_factory=list)
    guides: dict[str, Source] = field(default_factory=dict)  # apt.md, by the course's slug
    entries: dict[str, dict[str, RawEntry]] = field(default_factory=dict)
    library: Library | None = None


def read_catalog(folder: Path) -> Catalog:
    """Read everything. Raises ``CourseFaults`` with every fault."""
    return build(read(folder))


@telling_unreadable()
def read_heads(folder: Path) -> list[raw_courses.RawCourse]:
    """The courses without their lessons, by slug, from the files ``kurs.md`` alone: a tenth of the work of
    ``read_catalog``. Raises ``CourseFaults`` with what is wrong in them."""
    faults: list[CourseFault] = []
    read = (sources.read_source(folder, file, faults) for file in sorted(folder.glob("*/kurs.md")))
    courses = [raw_courses.read_course(source) for source in read if source]
    raw_courses.check_together(courses)
    if not courses:
        faults.append(NO_COURSE)
    if faults:
        raise CourseFaults(faults)
    return courses


def read_roles(folder: Path) -> dict[str, str]:
    """Job role -> slug of its base course (measure.md, rule 3). Raises ``CourseFaults`` as ``read_heads``."""
    base = (course for course in read_heads(folder) if course.step == CourseStep.BASE)
    return {role: course.slug for course in base for role in course.job_roles}


@telling_unreadable()
def read(folder: Path) -> Reading:
    """Read and check every file. ``Reading.faults`` holds what is wrong."""
    reading = Reading(folder)
    if not folder.is_dir():
        reading.faults.append(CourseFault(str(folder), 1, "Mappen med kurser finns inte."))
        return reading
    reading.faults += [CourseFault(path, 1, message) for path, message in files.stray_files(folder)]
    for file in files.course_files(folder):
        found = sources.read_source(folder, file, reading.faults)
        if found:
            reading.sources[found.path] = found
    for path, source in reading.sources.items():
        _read_file(reading, path, source)
    reading.library = _library(reading)
    for course in reading.courses:
        raw_courses.read_list(course, reading.library)
        raw_courses.check_course(course, reading.lessons)
    for path, source in reading.sources.items():
        if Path(path).name != "README.md":
            links.check_links(source, reading.library)
            footnotes.check(source, reading.lessons.get(path))
    raw_courses.check_together(reading.courses)
    raw_courses.check_guides(reading.guides, reading.courses)
    question_names.check_names(reading.lessons.values())
    if not reading.courses:
        reading.faults.append(NO_COURSE)
    return reading


def _read_file(reading: Reading, path: str, source: Source) -> None:
    name = Path(path).name
    if name != "README.md":
        signs.check(source)
    if name in ENTRY_FILES:
        file_rules.check_lines(source)
        file_rules.check_headings(source)
        reading.entries[path] = entries.read_entries(source)
    elif name == "kurs.md":
        if path.count("/") == 1:
            reading.courses.append(raw_courses.read_course(source))
        else:
            source.fault(1, "kurs.md ska ligga i en mapp direkt under mappen med kurser.")
    elif name == "apt.md":
        file_rules.check_lines(source)
        file_rules.check_headings(source)
        reading.guides[path.rpartition("/")[0]] = source
    elif name not in files.OWN_NAMES:
        reading.lessons[path] = lessons.read_lesson(source)


def _library(reading: Reading) -> Library:
    taken = anchors.PAGE_IDS | anchors.check_entries(
        (reading.sources[path], entry) for path, found in reading.entries.items() for entry in found.values()
    )
    known = {}
    for path, source in reading.sources.items():
        if path not in reading.entries:
            lesson = reading.lessons.get(path)
            asked = {question.line for question in lesson.questions} if lesson else set[int]()
            known[path] = anchors.read_anchors(source, asked, taken)
    return Library(
        reading.root,
        frozenset(reading.lessons),
        frozenset(course.slug for course in reading.courses),
        reading.entries,
        known,
    )


@telling_unreadable()
def build(reading: Reading) -> Catalog:
    """The catalogue of a reading without faults; with faults, ``CourseFaults``: also what only shows when
    Markdown has read the text."""
    if reading.library is None:
        raise CourseFaults(reading.faults)
    markup = Markup()
    catalog = Catalog(courses={}, facts={}, contacts={}, images={})
    for path, found in reading.entries.items():
        place = dataclasses.replace(_place(reading, path, catalog), has_anchors=False)
        for entry in found.values():
            with _refusing_depth(reading, path):
                if path.endswith("kontakter.md"):
                    catalog.contacts[entry.key] = entries.make_contact(entry, markup, place)
                else:
                    catalog.facts[entry.key] = entries.make_fact(entry, markup, place)
    made = {}
    for path, lesson in reading.lessons.items():
        with _refusing_depth(reading, path):
            made[path] = rendering.make_lesson(lesson, markup, _place(reading, path, catalog))
    for raw in reading.courses:
        with _refusing_depth(reading, raw.source.path):
            course = _make_course(raw, made, markup, _place(reading, raw.source.path, catalog))
            catalog.courses[raw.slug] = dataclasses.replace(
                course, guide=_make_guide(reading, course, markup, catalog)
            )
    if reading.faults:
        raise CourseFaults(reading.faults)
    return catalog


@contextlib.contextmanager
def _refusing_depth(reading: Reading, path: str) -> Iterator[None]:
    """Markdown gives up on hundreds of levels inside each other."""
    try:
        yield
    except RecursionError:
        deep = CourseFault(
            path, 1, "Texten har för många nivåer: listor, citat eller stjärnor. Skriv plattare."
        )
        raise CourseFaults([*reading.faults, deep]) from None


def _make_guide(reading: Reading, course: Course, markup: Markup, catalog: Catalog) -> Guide | None:
    source = reading.guides.get(course.slug)
    if source is None:
        return None
    title_line, _, title = next(source.headings(), (0, 1, ""))
    with _refusing_depth(reading, source.path):
        text = markup.prose(source.lines[title_line:], _place(reading, source.path, catalog))
    return Guide(markup.text(title), text)


def _place(reading: Reading, path: str, catalog: Catalog) -> Place:
    """What this file's links and pictures mean; what means nothing is a fault. Facts and contacts are those
    made so far."""
    source = reading.sources[path]

    @functools.cache
    def resolve(target: str) -> Target | None:
        found = links.find(path, target, reading.library) if reading.library else ""
        if isinstance(found, str):
            source.fault(links.line_of(source, target), found)
            return None
        return found

    @functools.cache
    def picture(text: str, target: str) -> Picture | None:
        found = links.check_picture(source, links.line_of(source, target), text, target, reading.root)
        if found:
            catalog.images[files.place_of(reading.root, found.file)] = found.file
        return found

    titles = [text for _, level, text in source.headings() if level == 1][:1]
    return Place(resolve, catalog.entry, picture, anchors={sources.slug(title): 0 for title in titles})


def _make_course(raw: RawCourse, made: dict[str, Lesson], markup: Markup, place: Place) -> Course:
    listed = [made[path] for _, path in raw.lessons]
    return Course(
        slug=raw.slug,
        title=raw.source.value("titel"),
        heading=markup.text(raw.heading),
        job_roles=raw.job_roles,
        step=raw.step or CourseStep.BASE,
        validity_months=raw.validity_months,
        pass_mark=raw.pass_mark,
        edition=raw.edition,
        introduced_on=raw.introduced_on,
        activity=raw.source.value("aktivitet"),
        committees=raw.source.value("ansvarig nämnd"),
        intro=markup.prose(raw.intro, place),
        lessons=tuple(listed),
        hash=raw_courses.course_hash(raw, [lesson.hash for lesson in listed]),
    )
