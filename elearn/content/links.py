"""What a link in a file means: a page, a lesson, a fact, a contact, a picture; and every one that means nothing, with its line."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from elearn.content import source as sources
from elearn.content.entries import RawEntry
from elearn.content.markup import Target
from elearn.content.source import Source

NOT_LESSONS = frozenset({"kurs.md", "fakta.md", "kontakter.md", "apt.md", "README.md"})
ENTRY_FILES = frozenset({"fakta.md", "kontakter.md"})
PICTURES = frozenset({".svg", ".png", ".jpg", ".jpeg", ".webp"})
EXTERNAL = re.compile(r"^(?:https?://[^\s/]+|mailto:[^\s@]+@[^\s@]+)", re.IGNORECASE)
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
SVG_SIZE = re.compile(rb'<svg\b[^>]*?\bviewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')
PNG_SIZE = slice(16, 24)
LONGEST_NAME = 255  # bytes; longer ones are no file's name anywhere
NOT_FOUND = "Länken leder till en fil som inte finns."
OUTSIDE = "Länken leder ut ur mappen med kurser."


@dataclass(frozen=True, slots=True)
class Library:
    """All that can be linked to: files by path, each with its entries' slugs or its headings' anchors."""

    root: Path
    lessons: frozenset[str]  # paths
    courses: frozenset[str]  # slugs
    entries: Mapping[str, Mapping[str, RawEntry]]  # path of fakta.md or kontakter.md -> slug -> entry
    anchors: Mapping[str, frozenset[str]]  # path -> the anchors of its headings


def check_links(source: Source, library: Library) -> None:
    """Every link and picture of the file that leads nowhere."""
    for line, is_picture, text, target in source.links():
        if is_picture:
            _check_picture(source, library, line, text, target)
        elif isinstance(found := find(source.path, target, library), str):
            source.fault(line, found)


def find(path: str, target: str, library: Library) -> Target | str:
    """What a link in this file means, or a Swedish sentence on why it means nothing."""
    if EXTERNAL.match(target):
        return Target(target)
    if SCHEME.match(target) or target.startswith(("/", "\\")):
        return "Länken ska börja med https:// eller mailto:, eller leda till en fil bland kurserna."
    file, _, anchor = unquote(target).partition("#")
    if not file:
        found = sources.find_anchor(anchor, library.anchors.get(path, frozenset()))
        return Target(f"#{found}") if found else f"Rubriken ”#{anchor}” finns inte i filen."
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
    if place.startswith("..") or "\x00" in place or "\\" in place:
        return OUTSIDE
    return _find_file(place, anchor, library)


def _find_file(place: str, anchor: str, library: Library) -> Target | str:
    name = posixpath.basename(place)
    if place in library.entries:
        entries = library.entries[place]
        found = sources.find_anchor(anchor, entries)
        if found is None:
            return f"”#{anchor}” finns inte i {name}." if anchor else "Skriv vilken uppgift länken gäller: fakta.md#rubriken."
        return Target(f"#{entries[found].anchor}", entry=entries[found].key)
    if place in library.lessons:
        if not anchor:
            return Target(f"lesson:{place.removesuffix('.md')}")
        found = sources.find_anchor(anchor, library.anchors[place])
        return Target(f"lesson:{place.removesuffix('.md')}#{found}") if found else f"Rubriken ”#{anchor}” finns inte i avsnittet."
    if name == "kurs.md" and posixpath.dirname(place) in library.courses:
        return Target(f"course:{posixpath.dirname(place)}")
    return NOT_FOUND


def _check_picture(source: Source, library: Library, line: int, text: str, target: str) -> None:
    if not text.strip():
        source.fault(line, "Bilden saknar text. Skriv inom hakparenteserna vad bilden visar.")
    file = picture_file(source.path, target, library.root)
    if isinstance(file, str):
        source.fault(line, file)


def picture_file(path: str, target: str, root: Path) -> Path | str:
    """The picture beside the lesson, or why there is none."""
    name = unquote(target).removeprefix("./")
    if SCHEME.match(target) or any(mark in name for mark in "/\\\x00"):
        return "Bilden ska ligga i samma mapp som avsnittet."
    file = root / posixpath.dirname(path) / name
    if file.suffix.lower() not in PICTURES:
        return "Bilden ska vara SVG, PNG, JPEG eller WebP."
    if len(name.encode()) > LONGEST_NAME or file.is_symlink() or not file.is_file():
        return "Bilden finns inte i mappen."
    return file


def picture_size(file: Path) -> tuple[str, str]:
    """Width and height in pixels where the file tells them cheaply, so that the page does not jump; else empty."""
    head = file.read_bytes()[:4096]
    if file.suffix.lower() == ".svg" and (found := SVG_SIZE.search(head)):
        return found[1].decode(), found[2].decode()
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= PNG_SIZE.stop:
        data = head[PNG_SIZE]
        return str(int.from_bytes(data[:4])), str(int.from_bytes(data[4:]))
    return "", ""
