"""``kurs.md``: who the course is for, what it demands, and its lessons in order."""

import calendar
import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from fractions import Fraction

from elearn import clock
from elearn.content.course import CourseStep, LessonKind
from elearn.content.reading import file_rules, front_matter, lessons, links, outcomes, sources
from elearn.content.reading.lessons import PARTS, SUBJECTS, RawLesson
from elearn.content.reading.links import Library
from elearn.content.reading.outcomes import RawOutcome
from elearn.content.reading.sources import Source

REQUIRED_KEYS = ("titel", "yrkesroll", "steg", "giltighet", "godkänt", "utgåva")
BASE_KEYS = ("aktivitet", "ansvarig nämnd")
OTHER_KEYS = ("införd", "förnyas", "kompetens", "reviderad", "skriven av", "granskad av")
COMMON_YEAR = 2027  # not a leap year
LIST, OUTCOMES, READ_ON, TIMELINE = "avsnitt", "lärandemål", "läs vidare", "tidslinjen"
SECTION = re.compile(rf"^## +({LIST}|{OUTCOMES}|{READ_ON}|{TIMELINE})\s*$", re.IGNORECASE)
LESSON_ITEM = re.compile(r"^\s{0,3}\d+[.)] +(.*)$")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(slots=True)
class RawCourse:
    """A course as it stands in its file. ``lessons``: (line, path), in order; ``is_whole``: every line of the
    list is one of them."""

    source: Source
    slug: str
    heading: str = ""
    job_roles: tuple[str, ...] = ()
    step: CourseStep | None = None
    validity_months: int = 1
    pass_mark: Fraction = Fraction(1)
    edition: int = 1
    introduced_on: dt.date | None = None
    revised_on: dt.date | None = None
    renewed_on: tuple[int, int] | None = None  # (month, day)
    competence: str = ""  # the personnel system's code
    intro: list[str] = field(default_factory=list)
    read_on: list[tuple[int, str]] = field(default_factory=list)  # (line, text), its heading first
    timeline: list[tuple[int, str]] = field(default_factory=list)
    outcomes: list[RawOutcome] = field(default_factory=list)
    lessons: list[tuple[int, str]] = field(default_factory=list)
    is_whole: bool = True


def read_course(source: Source) -> RawCourse:
    course = RawCourse(source, source.path.rpartition("/")[0])
    if not SLUG.fullmatch(course.slug):
        source.fault(
            1,
            (
                "Mappens namn blir kursens adress. Skriv det med små bokstäver a–z, siffror och "
                "bindestreck emellan."
            ),
        )
    front_matter.read(source, REQUIRED_KEYS, {*REQUIRED_KEYS, *BASE_KEYS, *OTHER_KEYS})
    _read_values(source, course)
    file_rules.check_lines(source)
    course.heading = file_rules.check_headings(source)
    return course


def _read_values(source: Source, course: RawCourse) -> None:
    roles = [" ".join(role.split()) for role in source.value("yrkesroll").split(",")]
    course.job_roles = tuple(dict.fromkeys(role for role in roles if role))
    if source.value("yrkesroll") and (not course.job_roles or ";" in source.value("yrkesroll")):
        source.fault(
            source.line_of("yrkesroll"),
            "Skriv yrkesrollen som i personalsystemet. Flera roller skrivs med komma emellan.",
        )
    if source.value("steg") in list(CourseStep):
        course.step = CourseStep(source.value("steg"))
    elif source.value("steg"):
        source.fault(source.line_of("steg"), f"steg ska vara {', '.join(CourseStep)}.")
    course.validity_months = (
        lessons.whole_number(source, "giltighet", r"^(\d{1,3}) månad(?:er)?$", "Skriv som 24 månader.") or 1
    )
    percent = lessons.whole_number(source, "godkänt", r"^(\d{1,3}) ?%$", "Skriv som 80 %.") or 100
    if percent > 100:
        source.fault(source.line_of("godkänt"), "Gränsen kan vara högst 100 %.")
    course.pass_mark = Fraction(percent, 100)
    course.edition = (
        lessons.whole_number(source, "utgåva", r"^(\d{1,4})$", "Utgåvan är ett heltal från 1.") or 1
    )
    course.introduced_on = _date(source, "införd")
    course.revised_on = _date(source, "reviderad")
    course.renewed_on = _day_of_year(source, "förnyas")
    course.competence = source.value("kompetens")
    if course.step == CourseStep.BASE:
        for key in BASE_KEYS:
            if key not in source.front:
                source.fault(1, f"Nyckeln ”{key}” saknas i huvudet. En grundutbildning ska ha den.")


def _date(source: Source, key: str) -> dt.date | None:
    if not source.value(key):
        return None
    try:
        return clock.parse_date(source.value(key))
    except ValueError as error:
        source.fault(source.line_of(key), str(error))
        return None


def _day_of_year(source: Source, key: str) -> tuple[int, int] | None:
    """31 augusti as (8, 31). 29 februari is a day that most years do not have."""
    if not source.value(key):
        return None
    day, _, month = source.value(key).partition(" ")
    month = month.casefold()
    number = clock.MONTHS.index(month) + 1 if month in clock.MONTHS else 0
    last = calendar.monthrange(COMMON_YEAR, number)[1] if number else 0
    if not re.fullmatch(r"[1-9]\d?", day) or int(day) > last:
        advice = "ska vara en dag som finns varje år, till exempel 31 augusti."
        source.fault(source.line_of(key), f"{key} {advice}")
        return None
    return number, int(day)


def check_dates(courses: list[RawCourse], today: dt.date) -> None:
    """Nobody has revised a course tomorrow. For ``check`` alone: a server must not go by its clock here."""
    for course in courses:
        if course.revised_on and course.revised_on > today:
            course.source.fault(
                course.source.line_of("reviderad"),
                f"Reviderad {course.revised_on} är ett datum som inte har varit än. Skriv dagen då kursen "
                "senast sågs över.",
            )


def read_list(course: RawCourse, library: Library) -> None:
    """The introduction, the numbered list of links under ``## Avsnitt``, and the sections with a name of
    their own, in any order."""
    section, has_items = "", False
    for number, line in course.source.prose_lines():
        if found := SECTION.match(line):
            section = found[1].casefold()
        elif section != LIST and line.startswith("## "):
            section = ""
        if section == READ_ON:
            course.read_on.append((number, line))
        elif section == TIMELINE:
            course.timeline.append((number, line))
        elif found:
            continue
        elif section == OUTCOMES:
            _read_outcome(course, number, line)
        elif section == LIST and line.strip():
            has_items = True
            course.is_whole = _read_item(course, library, number, line) and course.is_whole
        elif section != LIST and not line.startswith("# "):
            course.intro.append(line)
    if not has_items:
        course.source.fault(
            1, "Kursen har inga avsnitt. Skriv ”## Avsnitt” och en numrerad lista med länkar."
        )
    _check_section(
        course.source,
        course.read_on,
        False,
        "Under ”## Läs vidare” ska det stå länkar: - [Sidans namn](https://adressen)",
    )
    _check_section(
        course.source,
        course.timeline,
        True,
        "Under ”## Tidslinjen” ska det stå en bild: ![Det som händer, i ordning](tidslinjen.svg)",
    )


def _check_section(source: Source, section: list[tuple[int, str]], wants_picture: bool, advice: str) -> None:
    """A section that is there holds what it is for."""
    lines = {number for number, _ in section}
    kinds = {is_picture for number, is_picture, _, _ in source.links() if number in lines}
    if section and wants_picture not in kinds:
        source.fault(section[0][0], advice)


def _read_outcome(course: RawCourse, number: int, line: str) -> None:
    if line.strip() and (found := outcomes.read_item(course.source, number, line, course.outcomes)):
        course.outcomes.append(found)


def _read_item(course: RawCourse, library: Library, number: int, line: str) -> bool:
    """Whether the line is a lesson of the course; if not, it is told why."""
    item = LESSON_ITEM.match(line)
    link = sources.LINK.fullmatch(item[1].strip()) if item else None
    if not link:
        course.source.fault(
            number, "Under ”## Avsnitt” står bara en numrerad lista: 1. [Avsnittets namn](fil.md)"
        )
        return False
    found = links.find(course.source.path, link[3], library)
    if isinstance(found, str) or found.is_unread:
        return False  # told by check_links, or where the file is
    path = f"{found.lesson}.md"
    if path not in library.lessons:
        course.source.fault(number, "Länken leder inte till ett avsnitt.")
    elif path in [earlier for _, earlier in course.lessons]:
        course.source.fault(number, "Avsnittet står redan i listan.")
    else:
        course.lessons.append((number, path))
        return True
    return False


def check_course(course: RawCourse, found: dict[str, RawLesson]) -> None:
    """One final test, last; and a base course covers what the plan demands (R3, R46)."""
    listed = [(line, found[path]) for line, path in course.lessons if path in found]
    for line, lesson in listed[:-1]:
        if lesson.kind == LessonKind.FINAL_TEST:
            course.source.fault(line, "Slutprovet ska stå sist i listan.")
    if not listed or not course.is_whole:
        return  # what a missing lesson would have been cannot be known
    if listed[-1][1].kind != LessonKind.FINAL_TEST:
        course.source.fault(
            listed[-1][0], "Sist i listan ska slutprovet stå: ett avsnitt med ”typ: slutprov”."
        )
    outcomes.check(course.source, course.outcomes, [lesson for _, lesson in listed])
    if course.step != CourseStep.BASE:
        return
    counted = [lesson for _, lesson in listed if lesson.kind == LessonKind.LESSON]
    for names, what, covered in (
        (SUBJECTS, "ämne", {subject for lesson in counted for subject in lesson.subjects}),
        (PARTS, "del", {part for lesson in counted for part in lesson.parts}),
    ):
        if missing := [name for name in names if name not in covered]:
            course.source.fault(
                1, f"Inget avsnitt i kursen har ”{what}: {', '.join(missing)}”. Handlingsplanen kräver det."
            )


def check_together(courses: list[RawCourse]) -> None:
    """What only shows when all courses are seen: one base course per role, and a final test in one course
    only."""
    base: dict[str, RawCourse] = {}
    tests: dict[str, RawCourse] = {}
    for course in courses:
        for role in course.job_roles if course.step == CourseStep.BASE else ():
            if role.casefold() in base:
                other = base[role.casefold()].slug
                course.source.fault(
                    course.source.line_of("yrkesroll"),
                    f"Rollen ”{role}” har redan en grundutbildning: {other}.",
                )
            base.setdefault(role.casefold(), course)
        if course.lessons:
            line, path = course.lessons[-1]
            if path in tests:
                course.source.fault(
                    line, f"Slutprovet står redan i kursen {tests[path].slug}. Varje kurs har ett eget."
                )
            tests.setdefault(path, course)


def course_hash(course: RawCourse, lesson_hashes: list[str]) -> str:
    return hashlib.sha256("\n".join([*course.source.lines, *lesson_hashes]).encode()).hexdigest()
