"""A question's explanation: where it begins and ends, and what stands after it for all to see."""

import re

from elearn.content.reading.box_kinds import BOXES
from elearn.content.reading.questions import RawQuestion
from elearn.content.reading.sources import BOX_LIKE, BOX_SIGN, INDENTED_QUOTE, Source

Lines = list[tuple[int, str]]  # with their numbers
QUOTE_MARK = re.compile(r"^ *> ?")
ANY_BOX = re.compile(rf"{BOX_LIKE.pattern}|{BOX_SIGN.pattern}")
BLOCK = re.compile(r"^ {0,3}(?:[-*+] |\d{1,9}[.)] |#{1,6} |[|`~>]|!\[|<!--|\[\^|(?:[-*_] *){3,}$)")
STRUCTURE = re.compile(r"#{1,6} |[|`~]")  # a quotation that ends so has no paragraph to go on with
BOX_START = re.compile(rf"^> ?(?:\*\*|__)\s*(?:{'|'.join(BOXES)})\b", re.IGNORECASE)
# How an author begins an explanation who has not marked it as one.
EXPLAINS = re.compile(
    r"^[*_\s]*(?:(?:förklaring(?:en)?|facit|källa|källor|kommentar|motivering|svar(?:et)?)[*_\s]*(?::|$)"
    r"|(?:därför|(?:det )?rätta? svar(?:et)?)\b)",
    re.IGNORECASE,
)
UNQUOTED = "Det här ser alla innan de svarar. Skriv > först på varje rad i förklaringen: ”> texten”."
SECOND_QUOTE = (
    "Citatet står efter förklaringens slut, så att alla ser det innan de svarar. Skriv > på den tomma raden "
    "emellan, eller en rubrik före det som inte hör till frågan."
)


def read(source: Source, question: RawQuestion, lines: Lines, place: int) -> int:
    """A quotation that is not indented, after the list; what comes after it belongs to the lesson."""
    begin = skip_blank(lines, place)
    if begin < len(lines) and EXPLAINS.match(lines[begin][1]):
        source.fault(lines[begin][0], UNQUOTED)
        question.explanation.append(lines[begin][1])
    if begin == len(lines) or not is_quote(lines[begin][1]):
        return place
    if not is_explanation(lines[begin][1]):
        source.fault(lines[begin][0], "Förklaringen ska stå längst till vänster: ”> texten”.")
    end = begin
    while end < len(lines) and (is_quote(lines[end][1]) or _is_lazy(lines[end - 1][1], lines[end][1])):
        end += 1
    question.explanation_line = lines[begin][0]
    question.explanation = [QUOTE_MARK.sub("", line) for _, line in lines[begin:end]]
    return end


def _is_lazy(above: str, line: str) -> bool:
    """Whether the line goes on with the quotation above it, as every viewer shows it, without its mark."""
    quoted = QUOTE_MARK.sub("", above) if is_quote(above) else above
    return bool(quoted.strip() and line.strip()) and not STRUCTURE.match(quoted) and not BLOCK.match(line)


def refuse_rest(source: Source, question: RawQuestion, rest: Lines) -> None:
    """What looks like a part of the question after its end would be the lesson's own text, for all to see."""
    first = rest[skip_blank(rest, 0) :][:1]
    if (
        question.explanation_line
        and first
        and is_explanation(first[0][1])
        and not BOX_START.match(first[0][1])
    ):
        source.fault(first[0][0], SECOND_QUOTE)
    elif question.explanation_line and first and EXPLAINS.match(first[0][1]):
        source.fault(first[0][0], UNQUOTED)
    boxes = [number for number, line in rest if ANY_BOX.match(line)]
    quotes = [number for number, line in rest if INDENTED_QUOTE.match(line)]
    for number in boxes or quotes:
        advice = "Flytta upp raden, eller skriv en rubrik före det som inte hör till frågan."
        source.fault(
            number, f"Här står {'ett svar' if boxes else 'ett indraget citat'} efter frågans slut. {advice}"
        )
    question.lines |= set(boxes)


def is_quote(line: str) -> bool:
    return bool(QUOTE_MARK.match(line))


def is_explanation(line: str) -> bool:
    return is_quote(line) and not INDENTED_QUOTE.match(line)


def skip_blank(lines: Lines, place: int) -> int:
    while place < len(lines) and not lines[place][1].strip():
        place += 1
    return place
