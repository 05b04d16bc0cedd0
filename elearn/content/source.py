"""A course file as lines: decoding, headings and links, each with the line that it stands on, and what no file may hold."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from elearn.content.faults import CourseFault

LARGEST_FILE = 1_000_000
FENCE = re.compile(r"^(`{3,}|~{3,}) *(?:\{.*\}|[\w#.+-]*) *$")
HEADING = re.compile(r"^(#{1,6})\s+(.*[^\s#]|)[\s#]*$")
NOT_A_HEADING = re.compile(r"^\s{0,3}#{1,6}[^\s#]")
NOT_A_QUESTION = re.compile(r"^\s*#{1,6}\s+(?:fråga|ordna|para ihop|scenario|reflektera)\s*(?:\([^()]*\)\s*)*:", re.IGNORECASE)
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)\s>]*)>?(?:\s+\"[^\"]*\")?\s*\)")
DEFINITION = re.compile(r"^\s{0,3}\[(?!\^)[^\]]+\]:\s*<?(\S+?)>?(?:\s+\"[^\"]*\")?\s*$")
CODE_SPAN = re.compile(r"`[^`]*`")
HTML = re.compile(r"<(?:!--|/?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>|[!?])")
AUTOLINK = re.compile(r"<(?:https?|mailto):[^<>\s]*>")
ID_COMMENT = re.compile(r"^\s*<!--\s*id:.*-->\s*$")
NOT_A_BOX = re.compile(
    r"^\s*(?:-\[[ xX]?\]|[-*+]\s+\[(?:[ \t]+[xX]|[xX][ \t]+|[ \t]{2,}|)\]|[–—]\s*\[[ xX]?\]|[-*+]\s+\[[ xX]\](?:\u00a0|[^\s(\[]))"
)
FOLDED = str.maketrans("åäöéü", "aaoeu")


@dataclass(slots=True)
class Source:
    """One file and what is wrong with it. ``lines[0]`` is line 1; ``body``: the first line's number after the front matter."""

    path: str
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
        return ((number, line) for number, line in enumerate(self.lines[self.body - 1 :], self.body) if number not in code)

    def endless_fences(self) -> list[int]:
        """The lines that begin fenced code without an end. They and what follows are text, here as on the page."""
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
            if defined := DEFINITION.match(plain):
                yield number, False, "", defined[1]


def read_source(root: Path, file: Path, faults: list[CourseFault]) -> Source | None:
    """The file's lines, or None (with the fault) when it is not readable text."""
    path = file.relative_to(root).as_posix()
    if file.is_symlink() or not file.resolve().is_relative_to(root.resolve()):
        faults.append(CourseFault(path, 1, "Filen är en genväg ut ur mappen. Lägg själva filen här."))
        return None
    if not file.is_file():
        faults.append(CourseFault(path, 1, "Det här är ingen fil. Ge mappen ett namn utan .md."))
        return None
    if not path.isprintable():
        faults.append(CourseFault(ascii(path)[1:-1], 1, "Filens namn har tecken som inte går att läsa. Döp om den."))
        return None
    if file.stat().st_size > LARGEST_FILE:
        faults.append(CourseFault(path, 1, "Filen är större än 1 MB. Dela den i flera avsnitt."))
        return None
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.append(CourseFault(path, line, "Filen är inte UTF-8. Spara den som UTF-8 i din redigerare."))
        return None
    if "\x00" in text:
        faults.append(CourseFault(path, 1, "Filen är inte text."))
        return None
    lines = re.split(r"\r\n|\r|\n", unicodedata.normalize("NFC", text).expandtabs(4))
    return Source(path, lines, faults)


def check_lines(source: Source) -> None:
    """What no course file may hold anywhere: raw HTML, an open code block, and check boxes and headings that viewers show as text."""
    for number in source.endless_fences():
        source.fault(number, "Kodblocket som börjar här har inget slut. Skriv ``` på en egen rad efter det, eller ta bort raden.")
    for number, line in source.prose_lines():
        if NOT_A_BOX.match(line):
            source.fault(number, "Så här blir det ingen ruta. Skriv ”- [ ] svaret” eller ”- [x] svaret”, med vanliga mellanslag.")
        if NOT_A_HEADING.match(line):
            source.fault(number, "Så här blir det ingen rubrik. Skriv ett mellanslag efter #.")
        plain = AUTOLINK.sub("", CODE_SPAN.sub("", line))
        if HTML.search(plain) and not ID_COMMENT.match(plain):
            source.fault(number, "HTML går inte att använda. Skriv vanlig text och Markdown.")


def refuse_hidden_question(source: Source, number: int, line: str) -> None:
    """A question with a mistyped heading would be plain text, with its right answer ticked for all to see."""
    if NOT_A_QUESTION.match(line):
        source.fault(number, "Så här blir det ingen fråga. Skriv rubriken längst till vänster, så här: ### Fråga: Vad gör du?")
    elif ID_COMMENT.match(line):
        source.fault(number, "Namnet ska stå direkt under en frågas rubrik. Skriv rubriken så här: ### Fråga: Vad gör du?")


def check_headings(source: Source, is_question: re.Pattern[str]) -> str:
    """One ``#`` first, and no level left out (question headings apart). The title."""
    title, last = "", 0
    for number, level, text in source.headings():
        if level == 3 and is_question.match(text):
            continue
        if level == 1 and title:
            source.fault(number, "Filen har två rubriker med #. Använd ## för rubrikerna i texten.")
        if level > last + 1:
            source.fault(number, f"Rubriken hoppar en nivå. Använd {'#' * (last + 1)} här.")
        title, last = title or text, level
    if not title:
        source.fault(source.body, "Rubriken saknas. Börja texten med # och en rubrik.")
    return title


def slug(heading: str) -> str:
    """The code hosts' anchor: lower case, spaces to hyphens, å ä ö kept, marks dropped."""
    plain = re.sub(r"[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", heading.lower())
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", plain).strip())


def folded(anchor: str) -> str:
    return anchor.lower().translate(FOLDED)


def find_anchor(anchor: str, known: Mapping[str, object] | Collection[str]) -> str | None:
    """The known anchor that this one means: itself, or its folded form."""
    if anchor in known:
        return anchor
    return next((name for name in known if folded(name) == folded(anchor)), None)
