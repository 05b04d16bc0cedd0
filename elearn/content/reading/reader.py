"""A folder of courses -> the catalogue, or every fault of every file at once (course-format.md)."""

from dataclasses import dataclass, field
from pathlib import Path

from elearn.content import materials
from elearn.content.course import CourseStep
from elearn.content.faults import CourseFault, CourseFaults, telling_unreadable
from elearn.content.reading import (
    activities,
    anchors,
    avoided,
    entries,
    file_rules,
    files,
    footnotes,
    lessons,
    links,
    plan,
    question_names,
    raw_courses,
    raw_materials,
    signs,
    sources,
)
from elearn.content.reading.avoided import Avoided
from elearn.content.reading.entries import RawEntry
from elearn.content.reading.lessons import RawLesson
from elearn.content.reading.links import ENTRY_FILES, Library
from elearn.content.reading.raw_courses import RawCourse
from elearn.content.reading.sources import Source

NO_COURSE = CourseFault("kurs.md", 1, "Här finns ingen kurs. En kurs är en mapp med en fil kurs.md.")


@dataclass(slots=True)
class Reading:
    """Everything of one reading of the folder, before it is HTML: what ``check`` looks at too."""

    root: Path
    faults: list[CourseFault] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    lessons: dict[str, RawLesson] = field(default_factory=dict)  # by path
    courses: list[RawCourse] = field(default_factory=list)
    materials: dict[str, Source] = field(default_factory=dict)  # apt.md and the others, by path
    entries: dict[str, dict[str, RawEntry]] = field(default_factory=dict)
    avoided: list[Avoided] = field(default_factory=list)  # undvik.md
    activities: list[RawEntry] = field(default_factory=list)  # aktiviteter.md
    library: Library | None = None


@telling_unreadable()
def read_heads(folder: Path) -> list[RawCourse]:
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
def read(folder: Path, *, as_planned: bool = False) -> Reading:
    """Read and check every file. ``Reading.faults`` holds what is wrong. ``as_planned``: the base courses
    must hold what the municipality's plan demands of them."""
    reading = Reading(folder)
    if not folder.is_dir():
        reading.faults.append(CourseFault(str(folder), 1, "Mappen med kurser finns inte."))
        return reading
    strays = [*files.stray_files(folder)]
    reading.faults += [CourseFault(path, 1, message) for path, message in strays]
    unread = {files.word_as_text(path) for path, _ in strays}
    for file in files.course_files(folder):
        found = sources.read_source(folder, file, reading.faults)
        if found:
            reading.sources[found.path] = found
        else:
            unread.add(files.meant_path(files.place_of(folder, file)))
    unread -= {"", *reading.sources}
    for path, source in reading.sources.items():
        _read_file(reading, path, source)
    reading.library = _library(reading, frozenset(unread))
    for course in reading.courses:
        raw_courses.read_list(course, reading.library)
        raw_courses.check_course(course, reading.lessons)
    for path, source in reading.sources.items():
        if Path(path).name != "README.md":
            links.check_links(source, reading.library)
            footnotes.check(source, reading.lessons.get(path))
    raw_courses.check_together(reading.courses)
    if as_planned:
        plan.check(reading.courses, reading.lessons)
    raw_materials.check_places(reading.materials, reading.courses)
    if listed := reading.sources.get(activities.FILE_NAME):
        activities.check_courses(listed, reading.activities, {course.slug for course in reading.courses})
    question_names.check_names(reading.lessons.values())
    if not reading.courses and not any(Path(path).name == "kurs.md" for path in unread):
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
    elif name == avoided.FILE_NAME:
        file_rules.check_lines(source)
        if "/" in path:
            source.fault(1, "undvik.md gäller alla kurser. Lägg den direkt i mappen med kurser.")
        reading.avoided += avoided.read(source)
    elif name == activities.FILE_NAME:
        file_rules.check_lines(source)
        file_rules.check_headings(source)
        reading.activities += activities.read(source)
    elif name in materials.FILE_NAMES:
        file_rules.check_lines(source)
        raw_materials.check_title(source, file_rules.check_headings(source))
        raw_materials.check_text(source)
        reading.materials[path] = source
    elif name not in files.OWN_NAMES:
        reading.lessons[path] = lessons.read_lesson(source)


def _library(reading: Reading, unread: frozenset[str]) -> Library:
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
        unread,
    )
