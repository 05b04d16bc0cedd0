"""The question syntax, read line by line before Markdown sees it, so that every fault has its line (course-format.md, "Questions")."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from elearn.content.course import QuestionKind
from elearn.content.source import Source, folded, refuse_hidden_question

HEADING = re.compile(r"^(Fråga|Ordna|Para ihop|Scenario|Reflektera)\b\s*((?:\([^()]*\)\s*)*)(:?)\s*(.*)$")
ID_LINE = re.compile(r"^\s*<!--\s*id:\s*(.*?)\s*-->\s*$")
ID = re.compile(r"^[a-z][a-z0-9-]{2,59}$")
OPTION = re.compile(r"^\s{0,1}[-*+] \[([ xX])\] (.*\S.*)$")
ROW = re.compile(r"^\s{0,1}\d{1,3}[.)] (.*\S.*)$")
TABLE_ROW = re.compile(r"^\s{0,3}\|.*")
RULE = re.compile(r"^:?-+:?$")
FEEDBACK = re.compile(r"^(?: {2,}|\t)\s*> ?(.*)$")
QUOTE = re.compile(r"^ {0,1}> ?(.*)$")
INDENTED = re.compile(r"^ {2,}(\S.*)$")
KINDS = {
    "Fråga": QuestionKind.SINGLE,
    "Ordna": QuestionKind.ORDER,
    "Para ihop": QuestionKind.MATCH,
    "Scenario": QuestionKind.SCENARIO,
    "Reflektera": QuestionKind.REFLECT,
}
SEVERAL, MUST = "flera svar", "måste vara rätt"


@dataclass(slots=True)
class Option:
    line: int
    text: str
    is_right: bool
    feedback: list[str] = field(default_factory=list)


@dataclass(slots=True)
class RawQuestion:
    """A question as it stands in the file: Markdown, not yet HTML. ``rows`` are (line, left, right); an ordering has no right."""

    line: int
    kind: QuestionKind
    prompt: str
    must_be_right: bool
    id: str = ""
    situation: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    rows: list[tuple[int, str, str]] = field(default_factory=list)
    explanation: list[str] = field(default_factory=list)
    explanation_line: int = 0


def begin(source: Source, line: int, heading: str) -> RawQuestion | None:
    """The question that a third-level heading begins; None when the heading is an ordinary one."""
    found = HEADING.match(heading)
    if not found:
        return None
    keyword, brackets, colon, prompt = found.groups()
    if not colon:
        if brackets or heading.strip() in KINDS:
            source.fault(line, f"En fråga skrivs ”### {keyword}: …”, med kolon.")
        return None
    marks = [mark.strip().lower() for mark in re.findall(r"\(([^()]*)\)", brackets)]
    kind = QuestionKind.MULTIPLE if keyword == "Fråga" and SEVERAL in marks else KINDS[keyword]
    for mark in marks:
        if mark not in (SEVERAL, MUST) or (mark == SEVERAL and keyword != "Fråga") or marks.count(mark) > 1:
            source.fault(line, f"”({mark})” kan inte stå här. En fråga kan ha ({SEVERAL}) och ({MUST}), varje för sig.")
    if MUST in marks and kind in (QuestionKind.SCENARIO, QuestionKind.REFLECT):
        source.fault(line, f"{keyword} räknas inte och kan därför inte vara ({MUST}).")
    if not prompt.strip():
        source.fault(line, "Frågan är tom. Skriv den efter kolonet.")
    return RawQuestion(line, kind, prompt.strip(), MUST in marks)


def read(source: Source, question: RawQuestion, lines: list[tuple[int, str]], proposal: str) -> int:
    """Read the lines under the heading into the question; how many of them belong to it. Faults go to the source."""
    place = _read_id(source, question, lines, proposal)
    starts = {QuestionKind.ORDER: ROW, QuestionKind.MATCH: TABLE_ROW}.get(question.kind, OPTION)
    while place < len(lines) and (question.kind == QuestionKind.REFLECT or not starts.match(lines[place][1])):
        refuse_hidden_question(source, *lines[place])
        question.situation.append(lines[place][1])
        place += 1
    reader = {QuestionKind.ORDER: _read_ordering, QuestionKind.MATCH: _read_table}.get(question.kind, _read_options)
    place = reader(source, question, lines, place)
    place = _read_explanation(question, lines, place)
    check(source, question)
    return place


def _read_id(source: Source, question: RawQuestion, lines: list[tuple[int, str]], proposal: str) -> int:
    place = _skip_blank(lines, 0)
    found = ID_LINE.match(lines[place][1]) if place < len(lines) else None
    if found:
        question.id = found[1]
        if not ID.match(question.id):
            source.fault(lines[place][0], "Namnet ska vara 3 till 60 små bokstäver a–z, siffror och bindestreck, med en bokstav först.")
        return place + 1
    if question.kind != QuestionKind.REFLECT:
        source.fault(question.line, f"Frågan saknar namn. Skriv på raden under rubriken: <!-- id: {proposal} -->")
    return 0


def propose(lesson_key: str, prompt: str) -> str:
    """A name for a question that has none."""
    words = re.findall(r"[a-z0-9]+", folded(prompt))
    start = re.sub(r"[^a-z0-9-]", "", folded(lesson_key.replace("/", "-")))
    return "-".join([start, *[word for word in words if len(word) > 3][:3]])[:60].strip("-")


def _read_options(source: Source, question: RawQuestion, lines: list[tuple[int, str]], place: int) -> int:
    """Task list with feedback. A blank line before the feedback and deeper indentation are read too."""
    while place < len(lines):
        number, line = lines[place]
        ahead = _skip_blank(lines, place)
        if found := OPTION.match(line):
            question.options.append(Option(number, found[2].strip(), found[1] in "xX"))
        elif question.options and (found := FEEDBACK.match(line)):
            question.options[-1].feedback.append(found[1])
        elif question.options and QUOTE.match(line) and not question.options[-1].feedback and lines[place - 1][1].strip():
            source.fault(number, "Återkopplingen ska vara indragen två steg under sitt svar: ”  > texten”.")
            return place
        elif question.options and line.strip() and (found := INDENTED.match(line)) and lines[place - 1][1].strip():
            _continue_option(question.options[-1], found[1])
        elif not line.strip() and ahead < len(lines) and (OPTION.match(lines[ahead][1]) or FEEDBACK.match(lines[ahead][1])):
            if question.options and question.options[-1].feedback and FEEDBACK.match(lines[ahead][1]):
                question.options[-1].feedback.append("")
        else:
            return place
        place += 1
    return place


def _continue_option(option: Option, text: str) -> None:
    """A long option, or a long line of feedback, may go on in the next line."""
    if option.feedback:
        option.feedback.append(text)
    else:
        option.text += " " + text.strip()


def _read_ordering(_source: Source, question: RawQuestion, lines: list[tuple[int, str]], place: int) -> int:
    while place < len(lines):
        number, line = lines[place]
        if found := ROW.match(line):
            question.rows.append((number, found[1].strip(), ""))
        elif question.rows and (found := INDENTED.match(line)) and not QUOTE.match(found[1]):
            last, text, _ = question.rows[-1]
            question.rows[-1] = last, f"{text} {found[1].strip()}", ""
        elif line.strip() or not _goes_on(lines, place, ROW):
            return place
        place += 1
    return place


def _goes_on(lines: list[tuple[int, str]], place: int, pattern: re.Pattern[str]) -> bool:
    ahead = _skip_blank(lines, place)
    return ahead < len(lines) and bool(pattern.match(lines[ahead][1]))


def _read_table(source: Source, question: RawQuestion, lines: list[tuple[int, str]], place: int) -> int:
    start = place
    while place < len(lines) and TABLE_ROW.match(lines[place][1]):
        number, line = lines[place]
        cells = [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if len(cells) != 2:
            source.fault(number, "Tabellen ska ha två kolumner: det till vänster, och det som hör ihop till höger.")
        elif place > start and not all(RULE.match(cell) for cell in cells):
            question.rows.append((number, cells[0], cells[1]))
        place += 1
    return place


def _read_explanation(question: RawQuestion, lines: list[tuple[int, str]], place: int) -> int:
    """A quotation that is not indented, after the list; what comes after it belongs to the lesson."""
    ahead = _skip_blank(lines, place)
    if question.kind == QuestionKind.REFLECT or ahead >= len(lines) or not QUOTE.match(lines[ahead][1]):
        return place
    question.explanation_line = lines[ahead][0]
    while ahead < len(lines) and (found := QUOTE.match(lines[ahead][1])):
        question.explanation.append(found[1])
        ahead += 1
    return ahead


def _skip_blank(lines: list[tuple[int, str]], place: int) -> int:
    while place < len(lines) and not lines[place][1].strip():
        place += 1
    return place


def check(source: Source, question: RawQuestion) -> None:
    """What is refused about a question that was read."""
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE | QuestionKind.SCENARIO:
            _check_options(source, question)
        case QuestionKind.ORDER | QuestionKind.MATCH:
            _check_rows(source, question)
        case QuestionKind.REFLECT:
            if not any(line.strip() for line in question.situation):
                source.fault(question.line, "Skriv under rubriken vad läsaren kan tänka på.")


def _check_options(source: Source, question: RawQuestion) -> None:
    right_count, count = sum(option.is_right for option in question.options), len(question.options)
    if count < 2:
        source.fault(question.line, "Frågan behöver minst två svar: ”- [ ] svaret” på varje rad.")
    elif question.kind == QuestionKind.SCENARIO and right_count:
        source.fault(question.line, "Ett scenario har inget rätt svar. Ta bort [x] och skriv följden under varje svar.")
    elif question.kind != QuestionKind.SCENARIO and not right_count:
        source.fault(question.line, "Inget svar är märkt som rätt. Skriv [x] i stället för [ ] på det rätta.")
    elif question.kind != QuestionKind.SCENARIO and right_count == count:
        source.fault(question.line, "Alla svar är märkta som rätta. Lämna [ ] på dem som är fel.")
    elif question.kind == QuestionKind.SINGLE and right_count > 1:
        source.fault(question.line, "Två svar är märkta som rätta. Lämna ett, eller skriv ”Fråga (flera svar)”.")
    _refuse_alike(source, ((option.line, option.text) for option in question.options), "Två svar är lika.")
    for option in question.options:
        if not any(line.strip() for line in option.feedback):
            source.fault(option.line, "Svaret saknar återkoppling. Skriv den på raden under, indragen två steg: ”  > texten”.")


def _check_rows(source: Source, question: RawQuestion) -> None:
    least = 3 if question.kind == QuestionKind.ORDER else 2
    if len(question.rows) < least:
        what = "numrerade rader" if question.kind == QuestionKind.ORDER else "rader i tabellen, utöver rubrikraden"
        source.fault(question.line, f"Frågan behöver minst {'tre' if least == 3 else 'två'} {what}.")
    _refuse_alike(source, ((line, left) for line, left, _ in question.rows), "Två rader är lika.")
    if question.kind == QuestionKind.MATCH:
        _refuse_alike(source, ((line, right) for line, _, right in question.rows), "Två rutor i den högra kolumnen är lika.")
        for line, left, right in question.rows:
            if not left or not right:
                source.fault(line, "En ruta i tabellen är tom.")
    if not any(line.strip() for line in question.explanation):
        source.fault(question.line, "Frågan saknar förklaring. Skriv den efter listan: ”> texten”.")


def _refuse_alike(source: Source, texts: Iterable[tuple[int, str]], sentence: str) -> None:
    seen: set[str] = set()
    for line, text in texts:
        plain = " ".join(re.sub(r"[*_`]", "", text).casefold().split())
        if plain in seen:
            source.fault(line, sentence)
        seen.add(plain)
