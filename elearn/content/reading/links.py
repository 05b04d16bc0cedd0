"""What a link in a file means: a page, a lesson, a fact, a contact, a picture; and every one that means
nothing, with its line."""

import difflib
import posixpath
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from elearn.content.reading import files, sources
from elearn.content.reading.entries import RawEntry
from elearn.content.reading.sources import Source

ENTRY_FILES = frozenset({"fakta.md", "kontakter.md"})
JPEG = re.compile(rb"\A\xff\xd8\xff")
PICTURES = {  # how the file begins, by the name's ending
    ".svg": re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:svg\b|[?!].*?<svg\b)", re.DOTALL),
    ".png": re.compile(rb"\A\x89PNG\r\n\x1a\n"),
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".webp": re.compile(rb"\ARIFF....WEBP", re.DOTALL),
}
EXTERNAL = re.compile(r"^(?:https?://[^\s/]+|mailto:[^\s@]+@[^\s@]+)", re.IGNORECASE)
ADDRESS_ALONE = re.compile(r"^(?:www\.|[\w.-]+\.(?:se|nu|eu|com|org|net)(?:[/?#]|$))", re.IGNORECASE)
MAIL_ALONE = re.compile(r"^[^\s@/]+@[^\s@/]+$")
QUESTION = re.compile(r"^(?:fr[åa]ga|ordna|para-ihop|scenario|reflektera)-")
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
SVG_SIZE = re.compile(rb'<svg\b[^>]*?\bviewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')
PNG_SIZE = slice(16, 24)
PICTURE_HEAD = 4096  # bytes: what the picture is, and mostly its size, stands there
LARGEST_PICTURE = 1_000_000
LONGEST_NAME = 255  # bytes; longer ones are no file's name anywhere
NOT_FOUND = "Länken leder till en fil som inte finns."
OUTSIDE = "Länken leder ut ur mappen med kurser."
FROM_ENTRY = (
    "Uppgiften visas på många sidor och kan bara länka till en adress som börjar med https:// eller mailto:."
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a link in a file means: an address, a lesson (its key, and a heading's anchor), a course (its
    slug) or a fact or contact (its key)."""

    href: str = ""
    lesson: str = ""
    anchor: str = ""
    course: str = ""
    entry: str = ""
    is_unread: bool = False  # a file that could not be read: what it holds cannot be known


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's file, its place in the courses' folder, and its size where the file tells it."""

    file: Path
    path: str
    width: str = ""
    height: str = ""


@dataclass(frozen=True, slots=True)
class Library:
    """All that can be linked to: files by path, each with its entries' slugs or its headings' anchors."""

    root: Path
    lessons: frozenset[str]  # paths
    courses: frozenset[str]  # slugs
    entries: Mapping[str, Mapping[str, RawEntry]]  # path of fakta.md or kontakter.md -> slug -> entry
    anchors: Mapping[str, frozenset[str]]  # path -> the anchors of its headings
    unread: frozenset[str] = frozenset()  # paths of files that are there and could not be read


def check_links(source: Source, library: Library) -> None:
    """Every link and picture that a line shows and that leads nowhere."""
    for line, is_picture, text, target in source.links():
        if is_picture:
            check_picture(source, line, text, target, library.root)
        elif isinstance(found := find(source.path, target, library), str):
            source.fault(line, found)


def line_of(source: Source, target: str) -> int:
    """The line of an address that Markdown has met, perhaps in a form that no single line shows."""
    for line, _, _, seen in source.links():
        if seen == target:
            return line
    start = (target.split() or ["]("])[0]
    return next((line for line, text in source.prose_lines() if start in text), source.body)


def find(path: str, target: str, library: Library) -> Target | str:
    """What a link in this file means, or a Swedish sentence on why it means nothing."""
    if reason := _malformed(target):
        return reason
    if EXTERNAL.match(target):
        return Target(href=target)
    if SCHEME.match(target) or target.startswith(("/", "\\")):
        return "Länken ska börja med https:// eller mailto:, eller leda till en fil bland kurserna."
    if path in library.entries:
        return FROM_ENTRY
    file, _, anchor = unicodedata.normalize("NFC", unquote(target)).partition("#")
    if not file:
        found = sources.find_anchor(anchor, library.anchors.get(path, frozenset()))
        return Target(href=f"#{found}") if found else _no_heading(anchor, "filen")
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
    if place.startswith("..") or "\x00" in place or "\\" in place:
        return OUTSIDE
    return _find_file(place, anchor, library)


def _malformed(target: str) -> str:
    """What is wrong with the address whatever it leads to, or nothing."""
    if not target:
        return "Adressen saknas. Skriv den inom parentesen."
    if re.search(r"\s", target):
        return (
            "En adress har inga mellanslag eller radbrytningar. Skriv bindestreck i stället, "
            "också i filens namn."
        )
    if ADDRESS_ALONE.match(target):
        return f"Skriv hela adressen, med https:// först: https://{target}"
    if MAIL_ALONE.match(target) and not SCHEME.match(target):
        return f"Skriv mailto: före e-postadressen: mailto:{target}"
    return ""


def _no_entry(anchor: str, place: str, library: Library) -> str:
    """Proposes the same anchor in another file of that name, else the nearest in this one."""
    entries = library.entries[place]
    if not anchor:
        return "Skriv vilken uppgift länken gäller: fakta.md#rubriken."
    for other, found in library.entries.items():
        if posixpath.basename(other) == posixpath.basename(place) and sources.find_anchor(anchor, found):
            return f"”#{anchor}” finns inte i {place}, men i {other}. Länka dit."
    by_spelling = {sources.folded(known): known for known in entries}
    close = difflib.get_close_matches(sources.folded(anchor), by_spelling, n=1)
    advice = f" Menar du #{by_spelling[close[0]]}?" if close else ""
    return f"”#{anchor}” finns inte i {place}.{advice}"


def _no_heading(anchor: str, where: str) -> str:
    told = f"Rubriken ”#{anchor}” finns inte i {where}."
    return f"{told} Det går inte att länka till en fråga." if QUESTION.match(anchor) else told


def _find_file(place: str, anchor: str, library: Library) -> Target | str:
    name = posixpath.basename(place)
    if place in library.unread:
        return Target(is_unread=True)
    if place in library.entries:
        entries = library.entries[place]
        found = sources.find_anchor(anchor, entries)
        if found is None:
            return _no_entry(anchor, place, library)
        return Target(entry=entries[found].key)
    if place in library.lessons:
        if not anchor:
            return Target(lesson=place.removesuffix(".md"))
        found = sources.find_anchor(anchor, library.anchors[place])
        return (
            Target(lesson=place.removesuffix(".md"), anchor=found)
            if found
            else _no_heading(anchor, "avsnittet")
        )
    if name == "kurs.md" and posixpath.dirname(place) in library.courses:
        return Target(course=posixpath.dirname(place))
    return NOT_FOUND


def check_picture(source: Source, line: int, text: str, target: str, root: Path) -> Picture | None:
    """The picture with its place and size. What is wrong with it goes to the source."""
    if not text.strip():
        source.fault(line, "Bilden saknar text. Skriv inom hakparenteserna vad bilden visar.")
    file = picture_file(source.file.parent, target)
    if isinstance(file, str):
        source.fault(line, file)
        return None
    return Picture(file, files.place_of(root, file), *picture_size(file))


def picture_file(folder: Path, target: str) -> Path | str:
    """The picture in the lesson's folder, or why there is none."""
    name = unquote(target).removeprefix("./")
    if SCHEME.match(target) or any(mark in name for mark in "/\\\x00"):
        return "Bilden ska ligga i samma mapp som avsnittet."
    if reason := _malformed(target):
        return reason
    if Path(name).suffix.lower() not in PICTURES:
        return "Bilden ska vara SVG, PNG, JPEG eller WebP."
    file = files.find_file(folder, name) if len(name.encode()) <= LONGEST_NAME else None
    if file is None or file.is_symlink() or not file.is_file():
        return "Bilden finns inte i mappen."
    return _spoiled(file) or file


def _spoiled(file: Path) -> str:
    """Why the file cannot be shown, or nothing."""
    size, ending = file.stat().st_size, file.suffix.lower()
    if not size:
        return "Bildens fil är tom. Spara bilden igen."
    if size > LARGEST_PICTURE:
        return "Bilden är större än 1 MB. Spara den i mindre format."
    if not PICTURES[ending].match(_head(file)):
        return (
            f"Filen är ingen bild av det slag som {ending} betyder. Spara den som SVG, PNG, "
            "JPEG eller WebP, med rätt ändelse."
        )
    return ""


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(PICTURE_HEAD)


def picture_size(file: Path) -> tuple[str, str]:
    """Width and height in pixels where the file tells them cheaply, so that the page does not jump; else
    empty."""
    head = _head(file)
    if file.suffix.lower() == ".svg" and (found := SVG_SIZE.search(head)):
        return found[1].decode(), found[2].decode()
    if file.suffix.lower() == ".png" and len(head) >= PNG_SIZE.stop:
        data = head[PNG_SIZE]
        return str(int.from_bytes(data[:4])), str(int.from_bytes(data[4:]))
    return "", ""
