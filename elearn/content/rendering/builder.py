"""What was read -> the catalogue, or every fault of every file at once."""

import contextlib
import dataclasses
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from elearn.content.activities import Activity
from elearn.content.catalog import Catalog
from elearn.content.course import Course, CourseStep, Lesson, Outcome, Question
from elearn.content.faults import CourseFault, CourseFaults, telling_unreadable
from elearn.content.materials import Material, MaterialKind
from elearn.content.prose import Contact, Fact
from elearn.content.reading import (
    activities,
    entries,
    files,
    links,
    raw_courses,
    reader,
    sources,
)
from elearn.content.reading.entries import RawEntry
from elearn.content.reading.links import Picture, Target
from elearn.content.reading.raw_courses import RawCourse
from elearn.content.reading.reader import Reading
from elearn.content.rendering import rendered_lessons
from elearn.content.rendering.house_style import Place
from elearn.content.rendering.markup import Markup

CompleteContacts = Callable[[Iterable[Contact]], Iterable[Contact]]
LONGEST_PURPOSE = 80  # signs: two lines of a row on a telephone


def read_catalog(folder: Path, complete: CompleteContacts = list, *, as_planned: bool = False) -> Catalog:
    """Read everything. Raises ``CourseFaults`` with every fault. ``complete``: fills in what the contacts
    lack; the texts show what it gives. ``as_planned``: see ``reader.read``."""
    return build(reader.read(folder, as_planned=as_planned), complete)


@telling_unreadable()
def build(reading: Reading, complete: CompleteContacts = list) -> Catalog:
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
                    catalog.contacts[entry.key] = make_contact(entry, markup, place)
                else:
                    catalog.facts[entry.key] = make_fact(entry, markup, place)
    for activity in reading.activities:
        with _refusing_depth(reading, activities.FILE_NAME):
            place = _place(reading, activities.FILE_NAME, catalog)
            catalog.activities.append(make_activity(activity, markup, place))
    catalog.contacts.update((contact.key, contact) for contact in complete([*catalog.contacts.values()]))
    made = {}
    for path, lesson in reading.lessons.items():
        with _refusing_depth(reading, path):
            made[path] = rendered_lessons.make_lesson(lesson, markup, _place(reading, path, catalog))
    for raw in reading.courses:
        with _refusing_depth(reading, raw.source.path):
            course = _make_course(raw, made, markup, _place(reading, raw.source.path, catalog))
            made_of_it = tuple(_make_materials(reading, raw.slug, markup, catalog))
            catalog.courses[raw.slug] = dataclasses.replace(course, materials=made_of_it)
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


def _make_materials(reading: Reading, slug: str, markup: Markup, catalog: Catalog) -> Iterator[Material]:
    for kind in MaterialKind:
        if not (source := reading.materials.get(f"{slug}/{kind.file_name}")):
            continue
        title_line, _, title = next(source.headings(), (0, 1, ""))
        with _refusing_depth(reading, source.path):
            text = markup.prose(source.lines[title_line:], _place(reading, source.path, catalog))
        yield Material(kind, markup.text(title), text)


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
    outcomes = tuple(
        Outcome(found.name, markup.inline(found.text, place), found.is_decisive) for found in raw.outcomes
    )
    if outcomes:
        listed[-1] = _with_decisive_musts(listed[-1], outcomes)
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
        outcomes=outcomes,
        renewed_on=raw.renewed_on,
        competence=raw.competence,
        revised_on=raw.revised_on,
        written_by=raw.source.value("skriven av"),
        reviewed_by=raw.source.value("granskad av"),
        read_on=markup.prose([line for _, line in raw.read_on[1:]], place),
        timeline=markup.prose([line for _, line in raw.timeline[1:]], place),
        hash=raw_courses.course_hash(raw, [lesson.hash for lesson in listed]),
    )


def _with_decisive_musts(final: Lesson, outcomes: tuple[Outcome, ...]) -> Lesson:
    """In a final test it is a decisive outcome that makes a question one that must be right."""
    decisive = {outcome.name for outcome in outcomes if outcome.is_decisive}
    blocks = (
        dataclasses.replace(block, must_be_right=True)
        if isinstance(block, Question) and block.is_graded and block.outcome in decisive
        else block
        for block in final.blocks
    )
    return dataclasses.replace(final, blocks=tuple(blocks))


def make_fact(entry: RawEntry, markup: Markup, place: Place) -> Fact:
    return Fact(
        key=entry.key,
        anchor=entry.anchor,
        title=markup.text(entry.title),
        body=markup.prose(entry.text, place),
        source=entry.value("källa"),
        valid_from=entry.value("gäller från"),
        checked_on=entries.checked_on(entry.value("kontrollerad")),
        todo=entry.value("att göra"),
    )


def make_activity(entry: RawEntry, markup: Markup, place: Place) -> Activity:
    return Activity(
        title=entry.title,
        text=markup.prose(entry.text, dataclasses.replace(place, has_anchors=False)),
        goal=entry.value("mål"),
        lead=activities.lead(entry),
        committees=activities.committees(entry),
        schedule=activities.schedule(entry),
        courses=activities.courses(entry),
        indicator=entry.value("mått"),
        is_education="kurs" in entry.items or "arrangör" in entry.items,
        organiser=activities.ORGANISERS.get(entry.value("arrangör")),
        source=entry.value("källa"),
        checked_on=entries.checked_on(entry.value("kontrollerad")),
        todo=entry.value("att göra"),
    )


def purpose(text: str) -> str:
    """The first sentence of a contact's text, where it is short."""
    first = re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]
    return first if len(first) <= LONGEST_PURPOSE else ""


def make_contact(entry: RawEntry, markup: Markup, place: Place) -> Contact:
    return Contact(
        key=entry.key,
        anchor=entry.anchor,
        title=markup.text(entry.title),
        body=markup.prose(entry.text, place),
        source=entry.value("källa"),
        phone=entry.value("telefon"),
        hours=entry.value("öppet"),
        web=entry.value("webb"),
        checked_on=entries.checked_on(entry.value("kontrollerad")),
        todo=entry.value("att göra"),
        is_required=entry.value("krävs") == "ja",
        group=entries.group_of(entry.value("grupp")),
        line=entry.line,
        purpose=purpose(markup.text(" ".join(entry.text))),
    )
