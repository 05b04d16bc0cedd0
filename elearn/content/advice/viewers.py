"""What an editor's preview shows otherwise than the page does: dialects of Markdown differ, and the author
has seen only one of them."""

import re
from collections.abc import Iterator, Set
from itertools import pairwise

from elearn.content.reading.box_kinds import BOX_TITLE, BOXES
from elearn.content.reading.sources import HEADING

QUOTED_LINE = re.compile(r"^[ >]*> ?(.*)$")
LIST_ITEM = re.compile(r"^ *(?:[-*+]|\d{1,9}[.)]) +\S")
INTERRUPTING_ITEM = re.compile(
    r"^ {0,3}(?:[-*+]|1[.)]) +\S"
)  # a list that begins with another number is text to every viewer
BRACKET_ITEM = re.compile(r"^ *\d{1,9}\) +\S")
TERM_DEFINITION = re.compile(r"^ {0,3}: ")
TABLE_RULE = re.compile(r"^(?=.*\|) {0,3}\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$")
UNDERLINE = re.compile(r"^ {0,3}(?:-+|=+) *$")
ALONE = re.compile(HEADING.pattern + r"|^ {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$")
INDENTED_HEADING = re.compile(r"^ {1,3}#{1,6} ")
BOX_WORDS = "|".join((*BOXES, "obs"))
LIKE_A_BOX = re.compile(rf"(?:[*_]+ *({BOX_WORDS})\b|({BOX_WORDS}) *[:!])", re.IGNORECASE)
BOLD_ALONE = re.compile(r"(\*\*|__)((?:(?!\1).)+)\1")
BOX = "Så här blir det ingen ruta. Skriv ”> **{}: Rubrik**”, sedan en rad med bara ”>”, och sedan texten."
STEP = 4  # spaces to what belongs to a list item

LIST = "Skriv en tom rad före listan. Annars blir den vanlig text."
QUOTATION = "Skriv en tom rad före citatet. Annars hör det till listan ovanför."
TABLE = "Skriv en tom rad före tabellen. Annars blir den vanlig text."
AFTER_TABLE = "Skriv en tom rad efter tabellen. Annars blir raden här en rad i den."
NO_RULE = "Under tabellens rubriker saknas raden |---|---|. Utan den blir tabellen vanlig text."
IN_ITEM = "Skriv fyra mellanslag före en lista eller ett stycke som hör till punkten ovanför."
BRACKET = "Skriv 1. och inte 1). Annars blir listan vanlig text."
HEADED = "Texten ovanför blir en rubrik. Skriv en tom rad emellan, eller ## före rubriken."
HEADING_LEFT = "Skriv rubriken längst till vänster. Annars visas den som text, med sina #."
CODE = "Raden är indragen och visas som kod. Skriv den längst till vänster, eller mellan två rader med ```."


Run = list[tuple[int, str]]  # neighbouring lines with their numbers


def differences(lines: Run, own: Set[int]) -> Iterator[tuple[int, str]]:
    """(line, what to write instead). ``own`` are the lines that our readers take before Markdown does:
    options, rows, an entry's items."""
    for (before, text), (number, line) in pairwise(lines):
        if UNDERLINE.match(line) and number == before + 1 and text.strip() and not ALONE.match(text):
            yield number, HEADED
    items: int | None = None  # how far in the list stands that we are in
    above: Run = [(-1, "")]
    for run in _runs(lines):
        is_quoted = bool(QUOTED_LINE.match(run[0][1]))
        if above[-1][0] == run[0][0] - 1 and own.isdisjoint((above[-1][0], run[0][0])):
            yield from _between(above, run, items)
        yield from _in_quotation(run, own) if is_quoted else _in_run(run, own, items)
        items, above = items if is_quoted else _items(run, items), run


def _between(above: Run, run: Run, items: int | None) -> Iterator[tuple[int, str]]:
    """Two blocks without a blank line between them."""
    number, first = run[0]
    if _is_table(above):
        yield number, AFTER_TABLE
    elif QUOTED_LINE.match(above[0][1]) and LIST_ITEM.match(first):
        yield number, LIST
    elif QUOTED_LINE.match(first) and items is not None and _indent(first) < 2:
        yield number, QUOTATION


def _is_table(run: Run) -> bool:
    return len(run) > 1 and bool(TABLE_RULE.match(run[1][1]))


def _items(run: Run, before: int | None) -> int | None:
    """How far in the list stands that goes on after these lines, or None when they are no part of one."""
    first = run[0][1]
    if before is not None and first.startswith("  "):
        return before
    return (
        _indent(first)
        if LIST_ITEM.match(first) or any(TERM_DEFINITION.match(line) for _, line in run)
        else None
    )


def _runs(lines: Run) -> Iterator[Run]:
    """Lines without a blank one between them, quotations by themselves, and what is a block of its own
    wherever it stands."""
    run: Run = []
    for number, line in lines:
        if run and _is_apart(*run[-1], number, line):
            yield run
            run = []
        if line.strip():
            run.append((number, line))
    if run:
        yield run


def _is_apart(before: int, above: str, number: int, line: str) -> bool:
    if not line.strip() or number != before + 1 or ALONE.match(line) or ALONE.match(above):
        return True
    return bool(QUOTED_LINE.match(line)) != bool(QUOTED_LINE.match(above))


def _in_quotation(run: Run, own: Set[int]) -> Iterator[tuple[int, str]]:
    number, first = run[0]
    inner = [(number, QUOTED_LINE.sub(r"\1", line)) for number, line in run]
    if number not in own and not first.startswith("  ") and (found := LIKE_A_BOX.match(inner[0][1])):
        title = " ".join(line for _, line in next(_runs(inner))).strip()
        bold = BOLD_ALONE.fullmatch(title)
        if not bold or not BOX_TITLE.match(bold[2]):
            kind = found[found.lastindex or 0].capitalize().replace("Obs", "Viktigt")
            yield number, BOX.format(kind)
    yield from differences(inner, own)


def _in_run(run: Run, own: Set[int], items: int | None) -> Iterator[tuple[int, str]]:
    number, first = run[0]
    indent = _indent(first)
    if indent >= STEP and items is None:
        yield number, CODE
        return
    if indent >= STEP:
        yield from ((number, LIST) for number, line in run if LIST_ITEM.match(line) and _indent(line) < 2)
        run = [(number, line.removeprefix(" " * STEP)) for number, line in run]
    elif items is not None and indent >= items + 2 and number not in own:
        yield number, IN_ITEM
    yield from ((number, HEADING_LEFT) for number, line in run if INDENTED_HEADING.match(line))
    yield from [(number, BRACKET) for number, line in run if BRACKET_ITEM.match(line) and number not in own][
        :1
    ]
    yield from _in_list(run, own) if LIST_ITEM.match(run[0][1]) else _in_paragraph(run, own)


def _in_list(run: Run, own: Set[int]) -> Iterator[tuple[int, str]]:
    start = run[0][1]
    least = min(_indent(line) for _, line in run if LIST_ITEM.match(line))
    for number, line in run[1:]:
        if not LIST_ITEM.match(line) or number in own:
            continue
        if _indent(line) > least and _indent(line) % STEP >= 2:
            yield number, IN_ITEM
        elif _indent(line) < 2 and line.lstrip()[0].isdigit() != start.lstrip()[0].isdigit():
            yield number, LIST


def _in_paragraph(run: Run, own: Set[int]) -> Iterator[tuple[int, str]]:
    is_table = _is_table(run)
    if run[0][1].lstrip().startswith("|") and not is_table and not any(number in own for number, _ in run):
        yield run[0][0], NO_RULE
    for place, (number, line) in enumerate(run[1:], 1):
        if (LIST_ITEM if is_table else INTERRUPTING_ITEM).match(line) and number not in own:
            yield number, LIST
            return
        if place + 1 < len(run) and TABLE_RULE.match(run[place + 1][1]) and not is_table:
            yield number, TABLE


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
