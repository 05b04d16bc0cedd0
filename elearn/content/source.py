"""A course file as lines: decoding, headings and links, each with the line that it stands on, and what no
file may hold."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from elearn.content import files
from elearn.content.faults import CourseFault

LARGEST_FILE = 1_000_000
LINE_END = r"\r\n|\r|\n"
FENCE = re.compile(r"^(`{3,}|~{3,}) *(?:\{.*\}|[\w#.+-]*) *$")
HEADING = re.compile(r"^(#{1,6})\s+(.*[^\s#]|)[\s#]*$")
NOT_A_HEADING = re.compile(r"^\s{0,3}#{1,6}[^\s#]")
# Their lists look like any list, so that only the heading can tell that a question was meant.
NOT_A_QUESTION = re.compile(
    r"^[\s>*+-]*#{1,6}\s+\W{0,9}(?:ordna|para ihop)\b[\W\d]{0,9}(?:\([^()]{0,40}\)\W{0,9}){0,2}:",
    re.IGNORECASE,
)
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)\s>]*)>?(?:\s+\"[^\"]*\")?\s*\)")
DEFINITION = re.compile(r"^\s{0,3}\[(?!\^)[^\]]+\]:\s*<?(\S+?)>?(?:\s+\"[^\"]*\")?\s*$")
CODE_SPAN = re.compile(r"`[^`]*`")
HTML = re.compile(r"<(?:!--|/?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>|[!?])")
AUTOLINK = re.compile(r"<(?:https?|mailto):[^<>\s]*>")
NAME_LIKE = re.compile(
    r"[<‹«](?:\W*id\s*[:=]|!\W*id\b)|^\W*id\s*[:=]\s*[a-z0-9]+(?:-[a-z0-9]+)+\W*$", re.IGNORECASE
)
BOX = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s+\[[ xX]\][ \t]+\S")
# Whatever an author may take for a box, with its tick and its text: a word processor's dash, no dash, round
# brackets, other signs.
BOX_LIKE = re.compile(
    r"^\s*(?:(?:[-*+•·‐‑–—−]|\d{1,3}[.)])\s*\\?[\[(]|\\?\[)\s*([xXхХvV✓✔√*]?)\s*\\?[\])](?![(\[:])\s*(.*)$"
)
INDENTED = re.compile(r"^ {2,}(\S.*)$")
INDENTED_QUOTE = re.compile(r"^ {2,}> ?(.*)$")
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
            if defined := DEFINITION.match(plain):
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
        faults.append(CourseFault(path, line, "Filen är inte UTF-8. Spara den som UTF-8 i din redigerare."))
        return None
    if "\x00" in text:
        faults.append(CourseFault(path, 1, "Filen är inte text."))
        return None
    lines = re.split(LINE_END, unicodedata.normalize("NFC", text.removeprefix("\ufeff")).expandtabs(4))
    return Source(files.meant_path(path), file, text, lines, faults)


def is_of_option(line: str) -> bool:
    """Whether the line looks like an option or like feedback, well written or not."""
    return bool(BOX_LIKE.match(line) or INDENTED_QUOTE.match(line))


def check_lines(source: Source, read: Collection[int] | None = None) -> None:
    """What no course file may hold anywhere: raw HTML, an open code block, answers outside a question, and
    what viewers show as text.

    ``read``: the lines of a lesson that its questions have read; None for a file that has no questions.
    """
    for number in source.endless_fences():
        source.fault(
            number,
            (
                "Kodblocket som börjar här har inget slut. Skriv ``` på en egen rad efter det, eller "
                "ta bort raden."
            ),
        )
    for number, line in source.prose_lines():
        plain = AUTOLINK.sub("", CODE_SPAN.sub("", line))
        if NOT_A_HEADING.match(line):
            source.fault(number, "Så här blir det ingen rubrik. Skriv ett mellanslag efter #.")
        if HTML.search(plain) and (read is None or not NAME_LIKE.search(plain)):
            source.fault(number, "HTML går inte att använda. Skriv vanlig text och Markdown.")
        if read is None:
            _check_box(source, number, line)
    if read is not None:
        _refuse_hidden_questions(source, read)


def _check_box(source: Source, number: int, line: str) -> None:
    found = BOX_LIKE.match(line.lstrip(" >"))
    if found and found[1]:
        source.fault(
            number,
            (
                "Här står en förkryssad ruta. Skriv ”- [ ] texten” i en lista att bocka av. Frågor "
                "står i avsnitten."
            ),
        )
    elif found and not BOX.match(line.lstrip(" >")):
        source.fault(number, "Så här blir det ingen ruta. Skriv ”- [ ] texten”, med vanliga mellanslag.")


def _refuse_hidden_questions(source: Source, read: Collection[int]) -> None:
    """What no question has read would be plain text, with the right answer for all to see. One fault under
    each heading: it is one slip."""
    lines = list(source.prose_lines())
    is_told = False  # since the last heading
    for place, (number, line) in enumerate(lines):
        is_heading = bool(HEADING.match(line))
        is_told = is_told and not is_heading
        found = BOX_LIKE.match(line.lstrip(" >"))
        if NAME_LIKE.search(CODE_SPAN.sub("", line)) and (is_heading or number not in read):
            source.fault(
                number,
                (
                    "Namnet ska stå direkt under en frågas rubrik (### Fråga: Vad gör du?), så här: "
                    "<!-- id: namnet -->"
                ),
            )
            is_told = True
        elif number in read:
            continue
        elif NOT_A_QUESTION.match(line):
            source.fault(
                number,
                "Så här blir det ingen fråga. Skriv längst till vänster ### Ordna: … eller ### Para ihop: …",
            )
        elif found and (found[1] or _has_feedback(lines, place)):
            what = "förkryssat svar" if found[1] else "svar med återkoppling"
            advice = "Skriv rubriken längst till vänster, så här: ### Fråga: Vad gör du?"
            if not is_told:
                source.fault(
                    number,
                    f"Här står ett {what} som inte hör till någon fråga, så att alla ser det. {advice}",
                )
            is_told = True
        else:
            _check_box(source, number, line)


def _has_feedback(lines: Sequence[tuple[int, str]], place: int) -> bool:
    """Whether an indented quotation comes next, after the rest of a long line and blank ones."""
    for after in range(place + 1, len(lines)):
        line = lines[after][1]
        if line.strip() and (is_of_option(line) or not INDENTED.match(line)):
            return bool(INDENTED_QUOTE.match(line))
    return False


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
