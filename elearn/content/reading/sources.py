"""A course file as lines: decoding, headings and links, each with the line that it stands on, and what no
file may hold."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from elearn.content.faults import CourseFault
from elearn.content.reading import files

LARGEST_FILE = 1_000_000
LINE_END = r"\r\n|\r|\n"
FENCE = re.compile(r"^(`{3,}|~{3,}) *(?:\{.*\}|[\w#.+-]*) *$")
HEADING = re.compile(r"^(#{1,6})\s+(.*[^\s#]|)[\s#]*$")
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)\s>]*)>?(?:\s+\"[^\"]*\")?\s*\)")
LINK_DEFINITION = re.compile(r"^\s{0,3}\[(?!\^)[^\]]+\]:\s*<?(\S+?)>?(?:\s+\"[^\"]*\")?\s*$")
CODE_SPAN = re.compile(r"`[^`]*`")
NAME_LIKE = re.compile(
    r"[<‹«](?:\W*id\s*[:=]|!\W*id\b)|^\W*id\s*[:=]\s*[a-z0-9]+(?:-[a-z0-9]+)+\W*$", re.IGNORECASE
)
# Whatever an author may take for a box, with its tick and its text: a word processor's dash, no dash, round
# brackets, other signs.
BOX_LIKE = re.compile(
    r"^\s*(?:(?:[-*+•·‐‑–—−]|\d{1,3}[.)])\s*\\?[\[(]|\\?\[)\s*(?P<tick>[xXхХvV✓✔√*]?)\s*\\?[\])](?![(\[:])"
    r"\s*(?P<text>.*)$"
)
# Word processors' own boxes are signs.
BOX_SIGN = re.compile(r"^(?P<before>\s*(?:[-*+•·‐‑–—−]\s*)?)(?P<sign>[☐☑☒🗹🗷⬜✅])\s*(?=\S)")
INDENTED = re.compile(r"^ {2,}(\S.*)$")
INDENTED_QUOTE = re.compile(r"^ {2,}> ?(.*)$")
WORD_BOX = (
    "{} är en ordbehandlares ruta. Skriv ”- [ ] texten”, och [x] i stället för [ ] på det rätta svaret."
)
NOT_UTF8 = (
    "Filen är inte UTF-8. I Anteckningar väljer du Arkiv, Spara som, och UTF-8 i listan Kodning. Spara i ett "
    "annat program som vanlig text med kodningen UTF-8."
)
FOLDED = str.maketrans("åäöéü", "aaoeu")


@dataclass(slots=True)
class Source:
    """One file and what is wrong with it. ``lines[0]`` is line 1; ``body``: the first line's number after the
    front matter.

    ``written``: the file to the letter, byte order mark and line endings included; ``lines`` are the same in
    one form (NFC, no tabs).
    """

    path: str
    file: Path
    written: str
    lines: list[str]
    faults: list[CourseFault]
    body: int = 1
    front: dict[str, tuple[str, int]] = field(default_factory=dict)

    def fault(self, line: int, message: str) -> None:
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        self.faults.append(CourseFault(self.path, line, message, text))

    def value(self, key: str) -> str:
        return self.front.get(key, ("", 1))[0]

    def line_of(self, key: str) -> int:
        return self.front.get(key, ("", 1))[1]

    def prose_lines(self) -> Iterator[tuple[int, str]]:
        """(number, line) of the body outside fenced code."""
        code, _ = self._fences()
        return (
            (number, line)
            for number, line in enumerate(self.lines[self.body - 1 :], self.body)
            if number not in code
        )

    def endless_fences(self) -> list[int]:
        """The lines that begin fenced code without an end. They and what follows are text, here as on the
        page."""
        return self._fences()[1]

    def _fences(self) -> tuple[set[int], list[int]]:
        """(the lines of fenced code, the lines that begin it without an end)"""
        lines = list(enumerate(self.lines[self.body - 1 :], self.body))
        last = {line.rstrip(): number for number, line in lines if line.startswith(("```", "~~~"))}
        code, endless, fence = set(), [], ""
        for number, line in lines if last else ():
            if fence:
                code.add(number)
                fence = "" if line.rstrip() == fence else fence
            elif found := FENCE.match(line):
                if last.get(found[1], 0) > number:
                    code.add(number)
                    fence = found[1]
                else:
                    endless.append(number)
        return code, endless

    def headings(self) -> Iterator[tuple[int, int, str]]:
        """(line, level, text)"""
        for number, line in self.prose_lines():
            if found := HEADING.match(line):
                yield number, len(found[1]), found[2]

    def links(self) -> Iterator[tuple[int, bool, str, str]]:
        """(line, is an image, text, target) of every link, reference definitions included."""
        for number, line in self.prose_lines():
            plain = CODE_SPAN.sub("", line)
            for found in LINK.finditer(plain):
                yield number, bool(found[1]), found[2], found[3]
            if defined := LINK_DEFINITION.match(plain):
                yield number, False, "", defined[1]


def read_source(root: Path, file: Path, faults: list[CourseFault]) -> Source | None:
    """The file's lines, or None (with the fault) when it is not readable text."""
    path = files.place_of(root, file)
    if file.is_symlink() or not file.resolve().is_relative_to(root.resolve()):
        faults.append(CourseFault(path, 1, "Filen är en genväg ut ur mappen. Lägg själva filen här."))
        return None
    if not file.is_file():
        faults.append(CourseFault(path, 1, "Det här är ingen fil. Ge mappen ett namn utan .md."))
        return None
    if not path.isprintable():
        faults.append(
            CourseFault(ascii(path)[1:-1], 1, "Filens namn har tecken som inte går att läsa. Döp om den.")
        )
        return None
    if file.stat().st_size > LARGEST_FILE:
        faults.append(CourseFault(path, 1, "Filen är större än 1 MB. Dela den i flera avsnitt."))
        return None
    data = file.read_bytes()
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.append(CourseFault(path, line, NOT_UTF8))
        return None
    if "\x00" in text:
        faults.append(CourseFault(path, 1, "Filen är inte text."))
        return None
    lines = re.split(LINE_END, unicodedata.normalize("NFC", text.removeprefix("\ufeff")).expandtabs(4))
    return Source(files.meant_path(path), file, text, lines, faults)


def without_sign(line: str) -> str:
    """The line with a word processor's box as the box that was meant."""
    return BOX_SIGN.sub(lambda found: f"- [{' ' if found['sign'] in '☐⬜' else 'x'}] ", line)


def is_of_option(line: str) -> bool:
    """Whether the line looks like an option or like feedback, well written or not."""
    return bool(BOX_LIKE.match(line) or BOX_SIGN.match(line) or INDENTED_QUOTE.match(line))


def slug(heading: str) -> str:
    """The code hosts' anchor: lower case, spaces to hyphens, å ä ö kept, other signs dropped in place."""
    plain = re.sub(r"[*`]|(?<!\w)_+|_+(?!\w)|\[([^\]]*)\]\([^)]*\)", r"\1", heading.lower().strip())
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", plain))


def numbered(anchor: str, counts: dict[str, int]) -> str:
    """The anchor that the code hosts give a heading whose words stand above it already: with -1, -2 …
    ``counts`` are the anchors of the file so far."""
    name = anchor
    while name in counts:
        counts[anchor] += 1
        name = f"{anchor}-{counts[anchor]}"
    counts[name] = 0
    return name


def folded(anchor: str) -> str:
    return anchor.lower().translate(FOLDED)


def find_anchor(anchor: str, known: Mapping[str, object] | Collection[str]) -> str | None:
    """The known anchor that this one means: itself, or its folded form."""
    if anchor in known:
        return anchor
    return next((name for name in known if _likeness(name) == _likeness(anchor)), None)


def _likeness(anchor: str) -> str:
    """What two spellings of an anchor share: some hosts keep what others drop at its ends."""
    return re.sub(r"[^\w-]", "", folded(anchor)).strip("-")
