"""What stands under a question's heading, line by line: its name, its situation, its list and its
explanation.

A line that is not quite right is told, and read as it was meant where that is plain: one slip is one fault.
"""

import re
from collections.abc import Callable, Collection

from elearn.content.course import Field
from elearn.content.reading import explanations, signs, sources
from elearn.content.reading.explanations import ANY_BOX, BLOCK, Lines
from elearn.content.reading.questions import Option, RawQuestion
from elearn.content.reading.sources import (
    BOX_LIKE,
    BOX_SIGN,
    INDENTED,
    INDENTED_QUOTE,
    NAME_LIKE,
    Source,
    is_of_option,
)

# What does not name an outcome is a part of the name, and told as one that is wrong.
NAME = re.compile(r"^\s*<!--\s*id:\s*(.*?)\s*(?:,\s*mål:\s*(.*?)\s*)?-->\s*$")
OPTION = re.compile(r"^ ?[-*+] \[[ xX]\] .*\S")
ROW = re.compile(r"^ ?(\d{1,3})[.)] (.*\S.*)$")
TABLE_ROW = re.compile(r"^ {0,3}\|")
RULE = re.compile(r"^:?-+:?$")
EDGES = re.compile(r"^\||(?<!\\)\|$")  # of a row
FIRST_ROW = re.compile(rf"{ROW.pattern}|^ *1[.)]")
BEGINS = {
    Field.POSITIONS: FIRST_ROW,
    Field.CHOICE_LISTS: TABLE_ROW,
    Field.NOTHING: re.compile(r"(?!)"),
}  # the list; else a box
ONE_TEXT = (
    "{} är en enda text, utan lista, tabell, bild eller kod. Skriv sådant före svaren, eller i förklaringen."
)
QUOTE_EACH_LINE = "Skriv > först på raden, indraget två mellanslag som raden ovanför: ”  > texten”."
CODE = "```"  # what a reader of lists sees of each line of fenced code: nothing that a list may hold


def read(source: Source, question: RawQuestion, body: Lines, prose: Collection[int]) -> int:
    """Read the lines under the heading into the question; how many of them belong to it. Faults go to the
    source."""
    lines = [(number, line if number in prose else CODE) for number, line in body]
    start = _read_name(question, lines)
    begins = BEGINS.get(question.kind.field, ANY_BOX)
    place = next((place for place in range(start, len(lines)) if begins.match(lines[place][1])), len(lines))
    question.situation = [line for _, line in body[start:place]]
    question.lines |= {question.line, question.name_line}
    if not question.kind.is_answered:
        return place
    lines = [(number, "" if NAME_LIKE.search(line) else line) for number, line in lines]
    reader = {Field.POSITIONS: _read_ordering, Field.CHOICE_LISTS: _read_table}.get(
        question.kind.field, _read_options
    )
    end = explanations.read(source, question, lines, reader(source, question, lines, place))
    question.lines |= {number for number, line in lines[place:end] if line.strip()}
    explanations.refuse_rest(source, question, lines[end:])
    return end


def _read_name(question: RawQuestion, lines: Lines) -> int:
    place = explanations.skip_blank(lines, 0)
    if place < len(lines) and (found := NAME.match(lines[place][1])):
        question.name_line, question.id, question.outcome = lines[place][0], found[1], found[2] or ""
        return place + 1
    question.is_misnamed |= any(
        NAME_LIKE.search(line) for line in [question.prompt, *(line for _, line in lines)]
    )
    return 0


def _read_options(source: Source, question: RawQuestion, lines: Lines, place: int) -> int:
    """Task list with feedback. A blank line before the feedback and deeper indentation are read too."""
    last = _last(lines, is_of_option)
    while place < len(lines):
        number, line = lines[place]
        is_joined = place > 0 and bool(lines[place - 1][1].strip())
        if _read_box(source, question, number, line):
            pass
        elif found := INDENTED_QUOTE.match(line):
            _add_feedback(question, number, found[1], is_joined)
        elif is_joined and (found := INDENTED.match(line)):
            _continue_option(source, question.options[-1], number, found[1])
        elif explanations.is_explanation(line):
            end = _end_of_quote(lines, place)
            is_among_options = end < len(lines) and is_of_option(lines[end][1])
            if not is_joined or (question.options[-1].feedback and not is_among_options):
                return place
            source.fault(
                number, "Återkopplingen ska vara indragen två mellanslag under sitt svar: ”  > texten”."
            )
            question.options[-1].feedback += [line for _, line in lines[place:end]]
            place = end - 1
        elif line.strip() and (is_joined or place < last or INDENTED.match(line)):
            advice = (
                "Dra in raden två mellanslag om den hör till den ovanför. Annars: flytta den, "
                "eller skriv en rubrik före den."
            )
            place = _pass_over(
                source, question, lines, place, f"Här bryts listan med svar. {advice}", is_of_option
            )
        elif line.strip():
            return place
        place += 1
    return place


def _read_box(source: Source, question: RawQuestion, number: int, line: str) -> bool:
    """Whether the line is an option, well written or not."""
    found = BOX_LIKE.match(sources.without_sign(line))
    if not found:
        return False
    if sign := BOX_SIGN.match(line):
        source.fault(number, sources.WORD_BOX.format(sign["sign"]))
    elif not OPTION.match(line):
        source.fault(number, signs.spoilt_box(line, "”- [ ] svaret”"))
    question.options.append(Option(number, found["text"].strip(), bool(found["tick"])))
    return True


def _add_feedback(question: RawQuestion, number: int, text: str, is_joined: bool) -> None:
    option = question.options[-1]
    if option.feedback and not is_joined:
        option.feedback.append("")
    option.feedback.append(text)
    if not question.is_torn:
        option.feedback_lines.append(number)


def _continue_option(source: Source, option: Option, number: int, text: str) -> None:
    """A long option, or a long line of feedback, may go on in the next line."""
    if BLOCK.match(text):
        source.fault(number, QUOTE_EACH_LINE if option.feedback else ONE_TEXT.format("Ett svar"))
    if option.feedback:
        option.feedback.append(text)
    else:
        option.text = f"{_without_break(option.text)} {text.strip()}"


def _without_break(text: str) -> str:
    """A backslash at the line's end breaks the line, which an option does not do."""
    return text.removesuffix("\\").rstrip()


def _read_ordering(source: Source, question: RawQuestion, lines: Lines, place: int) -> int:
    last = _last(lines, explanations.is_quote)
    numbers = []
    while place < len(lines):
        number, line = lines[place]
        indented = INDENTED.match(line)
        if found := ROW.match(line):
            if BLOCK.match(found[2]):
                source.fault(number, ONE_TEXT.format("En rad"))
            question.rows.append((number, found[2].strip(), ""))
            numbers.append(int(found[1]))
        elif explanations.is_quote(line):
            break
        elif indented and question.rows and not ROW.match(indented[1]):
            if BLOCK.match(indented[1]):
                source.fault(number, ONE_TEXT.format("En rad"))
            start, text, _ = question.rows[-1]
            question.rows[-1] = start, f"{_without_break(text)} {indented[1].strip()}", ""
        elif line.strip() and place > last:
            break
        elif line.strip():
            advice = (
                "Skriv den längst till vänster: ”4. texten”. Fortsätter den raden ovanför "
                "drar du in den två mellanslag."
            )
            place = _pass_over(
                source, question, lines, place, f"Raden hör inte till listan. {advice}", ROW.match
            )
        place += 1
    _check_numbers(source, question, numbers)
    return place


def _check_numbers(source: Source, question: RawQuestion, numbers: list[int]) -> None:
    """A viewer shows the rows as they stand, whatever their numbers: an author who numbers them otherwise
    means another order."""
    if question.is_torn or set(numbers) == {1}:
        return
    for place, (line, _, _) in enumerate(question.rows):
        if numbers[place] != place + 1:
            source.fault(line, "Numrera raderna 1, 2, 3 i rätt ordning, uppifrån och ner.")
            return


def _read_table(source: Source, question: RawQuestion, lines: Lines, place: int) -> int:
    last = _last(lines, explanations.is_quote)
    rows: Lines = []
    while place < len(lines):
        number, line = lines[place]
        if TABLE_ROW.match(line):
            if rows and not lines[place - 1][1].strip():
                source.fault(number, "En tom rad delar tabellen. Ta bort den.")
            rows.append((number, line))
        elif line.strip() and (explanations.is_quote(line) or place > last):
            break
        elif line.strip():
            advice = "Skriv den så här: ”| till vänster | till höger |”."
            place = _pass_over(
                source, question, lines, place, f"Raden hör inte till tabellen. {advice}", TABLE_ROW.match
            )
        place += 1
    for row, (number, line) in enumerate(rows):
        cells = [
            cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", EDGES.sub("", line.strip()))
        ]
        is_rule = all(RULE.match(cell) for cell in cells)
        if len(cells) != 2:
            source.fault(
                number, "Tabellen ska ha två kolumner: det till vänster, och det som hör ihop till höger."
            )
        elif row == 1 and not is_rule:
            source.fault(number, "Tabellen ska börja med en rubrikrad, och |---|---| på raden under den.")
        if len(cells) == 2 and row and not (row == 1 and is_rule):
            question.rows.append((number, cells[0], cells[1]))
    return place


def _pass_over(
    source: Source,
    question: RawQuestion,
    lines: Lines,
    place: int,
    message: str,
    goes_on: Callable[[str], object],
) -> int:
    """Tell of the line that tears the list; the last place before the list goes on, or its explanation
    comes."""
    source.fault(lines[place][0], message)
    question.is_torn = True
    while place + 1 < len(lines) and not (
        goes_on(lines[place + 1][1]) or explanations.is_quote(lines[place + 1][1])
    ):
        place += 1
    return place


def _end_of_quote(lines: Lines, place: int) -> int:
    while place < len(lines) and explanations.is_quote(lines[place][1]):
        place += 1
    return place


def _last(lines: Lines, is_part: Callable[[str], bool]) -> int:
    return max((place for place, (_, line) in enumerate(lines) if is_part(line)), default=-1)
