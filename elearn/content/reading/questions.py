"""A question as an author writes it: what its heading says, and what is refused about it (course-format.md,
"Questions")."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from elearn.content.course import SEVERAL, Field, QuestionKind
from elearn.content.reading.sources import Source

KIND_BY_HEADING = {(kind.traits.keyword, kind.traits.mark): kind for kind in QuestionKind}
KEYWORDS = tuple(dict.fromkeys(keyword for keyword, _ in KIND_BY_HEADING))
HEADING = re.compile(rf"^({'|'.join(KEYWORDS)})\b\s*((?:\([^()]*\)\s*)*)(:?)\s*(.*)$")
# A keyword that is misspelt, or written small; and brackets without a space before them.
LIKE_HEADING = re.compile(r"^(?P<word>[^\W\d_]+(?: [^\W\d_]+)?)\s*(?P<brackets>(?:\([^()]*\)\s*)*)(?=:)")
CLOSE = 0.75  # of 1: Scenarie is Scenario, but Frågor and Reflektion are words of their own
MUST = "måste vara rätt"
MARK = re.compile(rf"\((?:{SEVERAL}|{MUST})\)", re.IGNORECASE)


@dataclass(slots=True)
class Option:
    line: int
    text: str
    is_right: bool
    feedback: list[str] = field(default_factory=list)
    feedback_lines: list[int] = field(
        default_factory=list
    )  # their numbers, where it is certain that they are its own


@dataclass(slots=True)
class RawQuestion:
    """A question as it stands in the file: Markdown, not yet HTML. ``rows`` are (line, left, right); an
    ordering has no right."""

    line: int
    kind: QuestionKind
    prompt: str
    must_be_right: bool
    id: str = ""
    outcome: str = ""  # mål: the name of what it asks for
    name_line: int = 0
    is_misnamed: bool = (
        False  # its heading or its name is mistyped, or something like a name stands elsewhere
    )
    is_torn: bool = (
        False  # a line in its list was refused and passed over, so that its options cannot be counted
    )
    lines: set[int] = field(
        default_factory=set
    )  # those that it has read: its heading, name, list and explanation
    situation: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    rows: list[tuple[int, str, str]] = field(default_factory=list)
    explanation: list[str] = field(default_factory=list)
    explanation_line: int = 0


def is_heading(text: str) -> bool:
    """Whether a third-level heading begins a question, well written or nearly."""
    return bool(HEADING.match(_as_meant(text)))


def _as_meant(heading: str) -> str:
    """The heading with its keyword spelled right, when it is nearly one of ours."""
    found = LIKE_HEADING.match(heading)
    if not found:
        return heading
    keywords = {keyword.casefold(): keyword for keyword in KEYWORDS}
    close = difflib.get_close_matches(found["word"].casefold(), keywords, n=1, cutoff=CLOSE)
    if not close:
        return heading
    brackets = re.sub(r"\s*\)\s*(?=\()", ") ", found["brackets"].strip())
    return f"{keywords[close[0]]}{' ' if brackets else ''}{brackets}{heading[found.end() :]}"


def begin(source: Source, line: int, heading: str) -> RawQuestion | None:
    """The question that a third-level heading begins; None when the heading is an ordinary one."""
    meant = _as_meant(heading)
    found = HEADING.match(meant)
    if not found:
        return None
    if meant != heading:
        source.fault(line, f"Så skrivs ingen fråga. Skriv ”### {meant.partition(':')[0].strip()}: …”.")
    keyword, brackets, colon, prompt = found.groups()
    if not colon and not brackets and meant.strip() not in KEYWORDS:
        return None
    if not colon:
        source.fault(line, f"En fråga skrivs ”### {keyword}: …”, med kolon.")
    marks = [mark.strip().lower() for mark in re.findall(r"\(([^()]*)\)", brackets)]
    kind = next(
        (KIND_BY_HEADING[keyword, mark] for mark in marks if (keyword, mark) in KIND_BY_HEADING),
        KIND_BY_HEADING[keyword, ""],
    )
    for mark in marks:
        if (mark != MUST and (keyword, mark) not in KIND_BY_HEADING) or marks.count(mark) > 1:
            source.fault(
                line, f"”({mark})” kan inte stå här. En fråga kan ha ({SEVERAL}) och ({MUST}), varje för sig."
            )
    if MUST in marks and not kind.is_graded:
        source.fault(line, f"{keyword} räknas inte och kan därför inte vara ({MUST}).")
    if misplaced := MARK.search(prompt):
        source.fault(
            line, f"Skriv {misplaced[0].lower()} före kolonet: ### {keyword} {misplaced[0].lower()}: …"
        )
    if colon and not prompt.strip():
        source.fault(line, "Frågan är tom. Skriv den efter kolonet.")
    return RawQuestion(line, kind, prompt.strip(), MUST in marks, is_misnamed=meant != heading)


def check(source: Source, question: RawQuestion) -> None:
    """What is refused about a question that was read."""
    if question.kind.has_rows:
        _check_rows(source, question)
    elif question.kind.is_answered:
        _check_options(source, question)
    elif not any(line.strip() for line in question.situation):
        source.fault(question.line, "Skriv under rubriken vad läsaren kan tänka på.")


def _check_options(source: Source, question: RawQuestion) -> None:
    if not question.is_torn:
        _check_right_ones(source, question)
    _refuse_alike(source, ((option.line, option.text) for option in question.options), "Två svar är lika.")
    for option in question.options:
        if not any(line.strip() for line in option.feedback):
            source.fault(
                option.line,
                "Svaret saknar återkoppling. Skriv den på raden under, indragen två mellanslag: "
                "”  > texten”.",
            )


def _check_right_ones(source: Source, question: RawQuestion) -> None:
    right_count, count = sum(option.is_right for option in question.options), len(question.options)
    if count < 2:
        source.fault(question.line, "Frågan behöver minst två svar: ”- [ ] svaret” på varje rad.")
    elif not question.kind.is_graded and right_count:
        source.fault(
            question.line, "Ett scenario har inget rätt svar. Ta bort [x] och skriv följden under varje svar."
        )
    elif question.kind.is_graded and not right_count:
        source.fault(question.line, "Inget svar är märkt som rätt. Skriv [x] i stället för [ ] på det rätta.")
    elif question.kind.is_graded and right_count == count:
        source.fault(question.line, "Alla svar är märkta som rätta. Lämna [ ] på dem som är fel.")
    elif question.kind.is_graded and not question.kind.takes_several and right_count > 1:
        source.fault(
            question.line, "Två svar är märkta som rätta. Lämna ett, eller skriv ”Fråga (flera svar)”."
        )


def _check_rows(source: Source, question: RawQuestion) -> None:
    is_ordering = question.kind.field == Field.POSITIONS
    least = 3 if is_ordering else 2
    if len(question.rows) < least and not question.is_torn:
        what = "numrerade rader" if is_ordering else "rader i tabellen, utöver rubrikraden"
        source.fault(question.line, f"Frågan behöver minst {'tre' if least == 3 else 'två'} {what}.")
    _refuse_alike(source, ((line, left) for line, left, _ in question.rows), "Två rader är lika.")
    if not is_ordering:
        _refuse_alike(
            source,
            ((line, right) for line, _, right in question.rows),
            "Två rutor i den högra kolumnen är lika.",
        )
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
