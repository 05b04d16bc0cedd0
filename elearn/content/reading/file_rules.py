"""What no file of a course may hold, whatever its kind: raw HTML, open code, answers outside a question,
headings that leave out a level, and what viewers show as text."""

import difflib
import re
from collections.abc import Callable, Collection, Sequence

from elearn.content.reading import signs, sources
from elearn.content.reading.box_kinds import BOXES
from elearn.content.reading.sources import (
    BOX_LIKE,
    BOX_SIGN,
    CODE_SPAN,
    HEADING,
    INDENTED,
    INDENTED_QUOTE,
    NAME_LIKE,
    Source,
)

NOT_A_HEADING = re.compile(r"^\s{0,3}#{1,6}[^\s#]")
# Their lists look like any list, so that only the heading can tell that a question was meant.
NOT_A_QUESTION = re.compile(
    r"^[\s>*+-]*#{1,6}\s+\W{0,9}(?:ordna|para ihop)\b[\W\d]{0,9}(?:\([^()]{0,40}\)\W{0,9}){0,2}:",
    re.IGNORECASE,
)
HTML = re.compile(r"<(?:!--|/?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>|[!?])")
OUTCOMES = re.compile(r"^## +Lärandemål\s*$", re.IGNORECASE)
OUTCOME = re.compile(r"^ ?[-*+] [^<>]*<!--\s*mål:[^<>]*-->\s*$")
AUTOLINK = re.compile(r"<(?:https?|mailto):[^<>\s]*>")
BOX = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s+\[[ xX]\][ \t]+\S")
ALERT = re.compile(r"^[ >]*>\s*\[!(?P<kind>\w+)\]")
BOX_TITLE_LIKE = re.compile(r"^[ >]*>\s*(?:\*\*|__)\s*(?P<kind>[^\W\d_]+)\s*(?::|\*\*|__)")
BOX_CLOSE = 0.85  # of 1: Viktig is Viktigt, but Exempelvis is a word of its own


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
    outcomes = _lines_of_outcomes(source) if read is None else set()
    for number, line in source.prose_lines():
        plain = AUTOLINK.sub("", CODE_SPAN.sub("", line))
        if NOT_A_HEADING.match(line):
            source.fault(number, "Så här blir det ingen rubrik. Skriv ett mellanslag efter #.")
        is_ours = (
            NAME_LIKE.search(plain) if read is not None else number in outcomes and OUTCOME.search(plain)
        )
        if HTML.search(plain) and not is_ours:
            source.fault(number, "HTML går inte att använda. Skriv vanlig text och Markdown.")
        if ALERT.match(line):
            source.fault(
                number,
                "Så här blir det ingen ruta. Skriv ”> **Viktigt: Rubrik**”, en rad med ”>”, och texten.",
            )
        if message := _nearly_a_box(line):
            source.fault(number, message)
        if read is None:
            _check_box(source, number, line)
    if read is not None:
        _refuse_hidden_questions(source, read)


def _lines_of_outcomes(source: Source) -> set[int]:
    """The lines under ``## Lärandemål``, whose names stand in comments."""
    found, is_under = set(), False
    for number, line in source.prose_lines():
        if HEADING.match(line):
            is_under = bool(OUTCOMES.match(line))
        elif is_under:
            found.add(number)
    return found


def _nearly_a_box(line: str) -> str:
    """What to write instead of a box's kind that is misspelt, or nothing."""
    found = BOX_TITLE_LIKE.match(line)
    if not found or found["kind"].casefold() in BOXES:
        return ""
    close = difflib.get_close_matches(found["kind"].casefold(), BOXES, n=1, cutoff=BOX_CLOSE)
    return f"”{found['kind']}” är ingen ruta. Skriv ”> **{close[0].capitalize()}: Rubrik**”." if close else ""


def _check_box(source: Source, number: int, line: str) -> None:
    line = line.lstrip(" >")
    found = BOX_LIKE.match(line)
    if sign := BOX_SIGN.match(line):
        source.fault(number, sources.WORD_BOX.format(sign["sign"]))
    elif found and found["tick"]:
        source.fault(
            number,
            (
                "Här står en förkryssad ruta. Skriv ”- [ ] texten” i en lista att bocka av. Frågor "
                "står i avsnitten."
            ),
        )
    elif found and not BOX.match(line):
        source.fault(number, signs.spoilt_box(line, "”- [ ] texten”"))


def _refuse_hidden_questions(source: Source, read: Collection[int]) -> None:
    """What no question has read would be plain text, with the right answer for all to see. One fault under
    each heading: it is one slip."""
    lines = list(source.prose_lines())
    is_reported = False  # since the last heading
    for place, (number, line) in enumerate(lines):
        is_heading = bool(HEADING.match(line))
        is_reported = is_reported and not is_heading
        found = BOX_LIKE.match(sources.without_sign(line.lstrip(" >")))
        if NAME_LIKE.search(CODE_SPAN.sub("", line)) and (is_heading or number not in read):
            source.fault(
                number,
                (
                    "Namnet ska stå direkt under en frågas rubrik (### Fråga: Vad gör du?), så här: "
                    "<!-- id: namnet -->"
                ),
            )
            is_reported = True
        elif number in read:
            continue
        elif NOT_A_QUESTION.match(line):
            source.fault(
                number,
                "Så här blir det ingen fråga. Skriv längst till vänster ### Ordna: … eller ### Para ihop: …",
            )
        elif (
            found and not BOX_SIGN.match(line.lstrip(" >")) and (found["tick"] or _has_feedback(lines, place))
        ):
            what = "förkryssat svar" if found[1] else "svar med återkoppling"
            advice = "Skriv rubriken längst till vänster, så här: ### Fråga: Vad gör du?"
            if not is_reported:
                source.fault(
                    number,
                    f"Här står ett {what} som inte hör till någon fråga, så att alla ser det. {advice}",
                )
            is_reported = True
        else:
            _check_box(source, number, line)


def _has_feedback(lines: Sequence[tuple[int, str]], place: int) -> bool:
    """Whether an indented quotation comes next, after the rest of a long line and blank ones."""
    for after in range(place + 1, len(lines)):
        line = lines[after][1]
        if line.strip() and (sources.is_of_option(line) or not INDENTED.match(line)):
            return bool(INDENTED_QUOTE.match(line))
    return False


def check_headings(source: Source, is_question: Callable[[str], bool] = lambda _text: False) -> str:
    """One ``#`` first, and no level left out (question headings apart). The title."""
    title, last = "", 0
    for number, level, text in source.headings():
        if level == 3 and is_question(text):
            continue
        if level == 1 and title:
            source.fault(number, "Filen har två rubriker med #. Använd ## för rubrikerna i texten.")
        if level > last + 1:
            source.fault(number, f"Rubriken hoppar en nivå. Använd {'#' * (last + 1)} här.")
        title, last = title or text, level
    if not title:
        source.fault(source.body, "Rubriken saknas. Börja texten med # och en rubrik.")
    return title
