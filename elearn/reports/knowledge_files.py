"""Knowledge as files: one table in Swedish as CSV, the same in English as JSON (R43)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from elearn import csv_out
from elearn.reports.coverage import percent
from elearn.reports.knowledge import Answer, CourseKnowledge, Knowledge, QuestionKnowledge, Share
from elearn.reports.table import Value, in_csv
from elearn.training.tallies import SMALLEST_GROUP


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: what it tells of, and its figures."""

    what: str
    course: str
    name: str
    text: str
    share: Share | None = None
    answered_count: int | None = None
    is_right: bool | None = None
    file: str = ""
    line: int | None = None
    older_count: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` in the CSV, for ever, and what it means."""

    name: str
    value: Callable[[Line], Value]
    meaning: str


COLUMNS = (
    Column(
        "slag",
        lambda row: row.what,
        "Förtest, slutprov, tröskeln före eller efter, lärandemål, fråga, svar på frågan ovanför, eller "
        "borttagen fråga.",
    ),
    Column("kurs", lambda row: row.course, "Kursen, eller kurserna med blanksteg emellan."),
    Column("namn", lambda row: row.name, "Frågans eller lärandemålets namn."),
    Column("text", lambda row: row.text, "Frågan, svaret eller lärandemålet som det står i kursen."),
    Column(
        "svar",
        lambda row: row.share.of if row.share else row.answered_count,
        f"Hur många som svarade vid sitt första försök. Tom när färre än {SMALLEST_GROUP} har svarat.",
    ),
    Column(
        "varav",
        lambda row: row.share.count if row.share else None,
        "Av svaren: de rätta, de som skulle anmäla redan vid misstanke (tröskeln) eller de som valde svaret.",
    ),
    Column(
        "andel",
        lambda row: percent(row.share.share) if row.share else None,
        "Varav av svaren, i procent med en decimal.",
    ),
    Column("rätt", lambda row: row.is_right, "Om svaret är rätt. Tom om inget är rätt eller fel."),
    Column("fil", lambda row: row.file, "Filen i kursmappen där texten står."),
    Column("rad", lambda row: row.line, "Raden i filen."),
    Column(
        "äldre svar",
        lambda row: row.older_count,
        "Svar som frågan inte har kvar, eftersom den har fått en annan lydelse.",
    ),
)


def to_csv(found: Knowledge) -> bytes:
    """First what each course has given, then each question, the hardest first, with its answers below it."""
    rows = [[in_csv(column.value(row)) for column in COLUMNS] for row in lines(found)]
    return csv_out.write_csv([column.name for column in COLUMNS], rows)


def lines(found: Knowledge) -> Iterator[Line]:
    """The rows of the table."""
    for course in found.courses:
        yield from _course_lines(course)
    for question in (*found.questions, *found.decisions):
        yield from _question_lines(question)
    for gone in found.gone:
        yield Line("borttagen fråga", "", gone.id, "", answered_count=gone.answered_count)


def _course_lines(course: CourseKnowledge) -> Iterator[Line]:
    told = {
        "förtest": course.pretest,
        "slutprov": course.final,
        "tröskeln före": course.before,
        "tröskeln efter": course.after,
    }
    for what, share in told.items():
        yield Line(what, course.slug, "", course.title, share)
    for outcome in course.outcomes:
        yield Line("lärandemål", course.slug, outcome.name, outcome.text, outcome.right)


def _question_lines(one: QuestionKnowledge) -> Iterator[Line]:
    courses, id, path = " ".join(one.courses), one.question.id, one.lesson.path
    count, line = one.answered_count, one.question.line
    yield Line("fråga", courses, id, one.prompt, one.right, count, None, path, line, one.gone_count)
    for answer in one.answers:
        chosen = Share(answer.count, count)
        yield Line("svar", courses, id, answer.text, chosen, None, answer.is_right, path, answer.line)


def to_json(found: Knowledge) -> str:
    """Keys are for ever. A share is null until ten have answered."""
    document = {
        "smallest_group": SMALLEST_GROUP,
        "courses": [_course(course) for course in found.courses],
        "questions": [_question(question) for question in found.questions],
        "decisions": [_question(question) for question in found.decisions],
        "gone": [{"id": gone.id, "answered": gone.answered_count} for gone in found.gone],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _share(share: Share | None) -> dict[str, Any] | None:
    if share is None:
        return None
    return {"count": share.count, "answered": share.of, "percent": float(percent(share.share) or 0)}


def _course(course: CourseKnowledge) -> dict[str, Any]:
    return {
        "course": course.slug,
        "title": course.title,
        "job_roles": list(course.job_roles),
        "pretest": _share(course.pretest),
        "final_test": _share(course.final),
        "threshold_before": _share(course.before),
        "threshold_after": _share(course.after),
        "outcomes": [
            {
                "name": outcome.name,
                "text": outcome.text,
                "decisive": outcome.is_decisive,
                "right": _share(outcome.right),
            }
            for outcome in course.outcomes
        ],
    }


def _question(one: QuestionKnowledge) -> dict[str, Any]:
    return {
        "id": one.question.id,
        "courses": list(one.courses),
        "file": one.lesson.path,
        "line": one.question.line,
        "prompt": one.prompt,
        "kind": one.question.kind.value,
        "answered": one.answered_count,
        "right": _share(one.right),
        "answers": [_answer(answer) for answer in one.answers],
        "temptation": _answer(one.temptation) if one.temptation else None,
        "reworded": one.gone_count,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {"text": answer.text, "count": answer.count, "right": answer.is_right, "line": answer.line}
