"""Signs that do not belong in a course's file, each refused by its name and its place in the line: those that
nobody can see, and those that a word processor puts in."""

import re
import unicodedata
from collections.abc import Iterator

from elearn.content.reading.sources import BOX_LIKE, CODE_SPAN, LINE_END, Source

NAMES = {
    "\u00ad": "mjukt bindestreck",
    "\u200b": "nollbrett mellanslag",
    "\u200c": "nollbrett skiljetecken",
    "\u200d": "nollbrett fogtecken",
    "\u200e": "märke för skrivriktning",
    "\u200f": "märke för skrivriktning",
    "\u061c": "märke för skrivriktning",
    "\u2028": "osynligt radslut",
    "\u2029": "osynligt styckeslut",
    "\u202f": "smalt hårt mellanslag",
    "\u2060": "ordfog",
    "\u2800": "tomt tecken",
    "\u3000": "brett mellanslag",
    "\u3164": "tomt tecken",
    "\ufeff": "byteordningsmärke",
    "\ufffc": "tecken för ett infogat objekt",
    "\ufffd": "tecken som inte gick att läsa",
    "\x0b": "lodrätt radslut",
    "\x0c": "sidbyte",
}
KINDS_OF_SIGN = {
    "Cc": "styrtecken",
    "Cf": "osynligt tecken",
    "Cn": "tecken som inte finns",
    "Co": "eget tecken ur ett typsnitt",
    "Zl": "osynligt radslut",
    "Zp": "osynligt styckeslut",
    "Zs": "ovanligt mellanslag",
}
SEEN = frozenset("\t \u00a0")  # a no-break space stands in good Swedish: 24 månader
EMPTY = frozenset(
    "\u034f\u115f\u1160\u2800\u3164\uffa0\ufffc\ufffd"
)  # seen as nothing, whatever their category
JOINERS = frozenset("\u200c\u200d")  # right within emoji and within Persian words
FIRST_JOINED = "\u0600"  # from Arabic on
ORDINARY = frozenset(map(chr, (*range(32, 127), *range(0xA1, 0xAD), *range(0xAE, 0x180), 10, 13))) | set(
    "–’”…€"
)

WORD_SIGNS = frozenset("\t\u00a0•·●○▪■□◦‣⁃‐‑‒–—―−“‘„‚‟‛")  # all that is looked for below
DASHES = frozenset("‐‑‒–—―−")
BULLETS = frozenset("•·●○▪■□◦‣⁃")
MARKER_SPACE = re.compile(
    r"^[ >]*(?:#{1,6}|[-*+]|\d{1,9}[.)])?(?P<sign>\u00a0)|^[ >\u00a0]*(?P<second>\u00a0)"
)
BULLET = re.compile(r"^[\s>]*(?P<sign>[•·●○▪■□◦‣⁃]|o(?=\t))\s")
DASH = re.compile(r"^[\s>]*(?P<sign>[‐‑‒–—―−])\s+\S")
ENGLISH_QUOTE = re.compile("(?P<sign>[“‘„‚‟‛])")
TAB = re.compile(r"(?<=[^\s|>])(?P<sign>\t)\s*(?=[^\s|])")
LIST_MARKER = re.compile(r"[\s>]*(?:[-*+o•·]|\d{1,9}[.)])")

HARD_SPACE = "Här står ett hårt mellanslag (tecken {place} på raden). Skriv ett vanligt mellanslag."
WORD_BULLET = (
    "{sign} är en ordbehandlares punkt (tecken {place} på raden). Skriv ett bindestreck: ”- texten”."
)
WORD_DASH = (
    "{sign} är ett tankstreck (tecken {place} på raden), och raderna blir ett enda stycke. Skriv ett "
    "bindestreck om det är en lista: ”- texten”. Är det repliker sätter du en tom rad emellan."
)
QUOTE = "{sign} är ett engelskt citattecken (tecken {place} på raden). På svenska skrivs {right}."
COLUMN = (
    "Här står en tabb mellan orden (tecken {place} på raden). En tabell skrivs | så här | på varje rad |."
)


def spoilt_box(line: str, right: str) -> str:
    """What keeps a line that looks like a box from being one: the sign with its place, or how it is written.
    ``right``: the line as it should be."""
    return f"Så här blir det ingen ruta. {_what_spoils(line, right)}"


def _what_spoils(line: str, right: str) -> str:
    start = len(line) - len(line.lstrip(" >"))
    first, end = line[start : start + 1], line.find("]")
    if first in DASHES or first in BULLETS:
        what = "ett tankstreck" if first in DASHES else "en ordbehandlares punkt"
        return f"{first} är {what} (tecken {start + 1} på raden). Skriv ett bindestreck: {right}."
    place = line.find("\u00a0")
    if 0 <= place <= end + 1:
        where = "Mellan ] och texten" if place == end + 1 else "Här"
        what = f"{where} står ett hårt mellanslag (tecken {place + 1} på raden)."
        return f"{what} Radera det och skriv ett vanligt: {right}."
    return f"Skriv längst till vänster, med vanliga mellanslag: {right}."


def check(source: Source) -> None:
    """Faults go to the source: at most one of each kind on a line."""
    text = unicodedata.normalize("NFC", source.written.removeprefix("\ufeff"))
    raw, signs = re.split(LINE_END, text), set(text)
    if signs - ORDINARY - SEEN:
        for number, line in enumerate(raw, 1):
            if message := _unseen(line):
                source.fault(number, message)
    prose = {number for number, _ in source.prose_lines()} if signs & WORD_SIGNS else set[int]()
    for number in sorted(prose):
        line = CODE_SPAN.sub(lambda span: " " * len(span[0]), raw[number - 1])
        if not BOX_LIKE.match(line):
            after = raw[number] if number + 1 in prose else ""
            for message in _left_by_word_processor(line, after):
                source.fault(number, message)


def _unseen(line: str) -> str:
    """The first sign that nobody can see, or nothing."""
    for place, sign in enumerate(line):
        category = unicodedata.category(sign)
        if sign in SEEN or (category not in KINDS_OF_SIGN and sign not in EMPTY):
            continue
        if (
            sign in JOINERS
            and min(line[place - 1 : place] or " ", line[place + 1 : place + 2] or " ") >= FIRST_JOINED
        ):
            continue
        name = NAMES.get(sign) or KINDS_OF_SIGN.get(category, "tomt tecken")
        advice = "Skriv ett vanligt mellanslag." if category == "Zs" else "Ta bort det."
        return (
            f"Här står ett {name} (tecken {place + 1} på raden, U+{ord(sign):04X}), som inte syns. {advice}"
        )
    return ""


def _left_by_word_processor(line: str, after: str) -> Iterator[str]:
    if found := MARKER_SPACE.match(line):
        yield HARD_SPACE.format(place=1 + max(found.start("sign"), found.start("second")))
    if found := BULLET.match(line):
        yield WORD_BULLET.format(sign=found["sign"], place=found.start("sign") + 1)
    elif (found := DASH.match(line)) and DASH.match(after):
        yield WORD_DASH.format(sign=found["sign"], place=found.start("sign") + 1)
    if found := ENGLISH_QUOTE.search(line):
        right = "”så här”" if found["sign"] in "“„‟" else "’så här’"
        yield QUOTE.format(sign=found["sign"], place=found.start("sign") + 1, right=right)
    found = TAB.search(line)
    if found and not LIST_MARKER.fullmatch(line[: found.start()]):
        yield COLUMN.format(place=found.start() + 1)
