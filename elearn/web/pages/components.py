"""Every component in every state on one page, for whoever changes how pages look (docs/design.md). It exists
in the demonstration alone, is for everybody and asks no database."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import Blueprint, render_template

from elearn.content.course import Course, Field, LessonKind, Question, QuestionKind
from elearn.errors import NotFound
from elearn.people.models import UnitKind
from elearn.reports.coverage import UnitCoverage
from elearn.training import grading, replies
from elearn.training.replies import Reply
from elearn.web import forms
from elearn.web.request import catalog, settings

blueprint = Blueprint("components", __name__)


@dataclass(frozen=True, slots=True)
class Sample:
    """A question in one state, in the course that it is taken from."""

    state: str
    course: Course
    question: Question
    reply: Reply
    fault: grading.AnswerFault | None = None
    result: grading.QuestionResult | None = None


@blueprint.get("/_komponenter")
def show() -> str:
    if not settings().demo:
        raise NotFound
    samples = list(sample_questions())
    contacts = list(catalog().contacts.values())
    return render_template(
        "components.html",
        fields=sample_fields(),
        rows=sample_rows(),
        samples=samples,
        reviewed=[(in_review(one.question), one) for one in samples if one.result],
        facts=list(catalog().facts.values())[:2],
        contacts=[contact for contact in contacts if contact.is_reachable][:3],
    )


def sample_fields() -> list[tuple[str, forms.LoginForm]]:
    """A form that is empty, filled in, and wrong."""
    known = {"anstallningsnr": "100001"}
    empty = forms.LoginForm(prefix="tom")
    filled = forms.LoginForm(prefix="ifylld", data=known)
    wrong = forms.LoginForm(prefix="fel", data=known)
    wrong.losenord.errors = ["Skriv ditt lösenord."]
    return [("Tomt", empty), ("Ifyllt", filled), ("Fel", wrong)]


def sample_rows() -> list[UnitCoverage]:
    """A department, a division and units that have reached the threshold, have not, and have nobody to
    train."""
    return [
        sample_row("Utbildningsförvaltningen", UnitKind.DEPARTMENT, 0, 1200, 1080),
        sample_row("Förskolor norr", UnitKind.DIVISION, 1, 100, 89),
        sample_row("Förskolan Ängen", UnitKind.UNIT, 2, 18, 18),
        sample_row("Förskolan Åsen", UnitKind.UNIT, 2, 21, 0),
        sample_row("Måltidsservice", UnitKind.UNIT, 2, 0, 0),
        sample_row("Jouren", UnitKind.EXTERNAL, 0, 4, 4),
    ]


def sample_row(name: str, kind: UnitKind, depth: int, target: int, trained: int) -> UnitCoverage:
    left = target - trained
    return UnitCoverage(
        0, name, name, kind, None, None, depth, target, target, trained, 0, 0, left, target, 0, 0, 0, 0
    )


def sample_questions() -> Iterator[Sample]:
    """The first question of each kind in the courses: empty, filled in, not filled in, and answered."""
    for kind in QuestionKind:
        if kind.is_answered and (found := first_question(kind)):
            yield from sample_states(*found)


def first_question(kind: QuestionKind) -> tuple[Course, Question] | None:
    all_questions = (
        (course, question)
        for course in catalog().courses.values()
        for lesson in course.lessons
        for question in lesson.questions
    )
    return next((found for found in all_questions if found[1].kind == kind), None)


def sample_states(course: Course, question: Question) -> Iterator[Sample]:
    """Each state's question has an id of its own, as everything on a page has."""
    empty, chosen = named(question, "tom"), named(question, "vald")
    missing, told = named(question, "fel"), named(question, "svar")
    yield Sample("tom", course, empty, replies.NO_REPLY)
    yield Sample("ifylld", course, chosen, some_reply(chosen))
    for fault in grading.faults(LessonKind.LESSON, [missing], replies.NO_REPLY):  # none: a scenario
        yield Sample("utan svar", course, missing, replies.NO_REPLY, fault=fault)
    reply = some_reply(told)
    yield Sample("besvarad", course, told, reply, result=grading.result(told, reply))


def named(question: Question, state: str) -> Question:
    return replace(question, id=f"{question.id}-{state}")


def in_review(question: Question) -> Question:
    """With the longest label that one has on an answer page."""
    return replace(named(question, "sedd"), must_be_right=True)


def some_reply(question: Question) -> Reply:
    """Something in every place, seldom right."""
    match question.kind.field:
        case Field.POSITIONS:
            given = [(row.key, str(number)) for number, row in enumerate(question.rows, 1)]
        case Field.CHOICE_LISTS:
            given = [(row.key, question.choices[0].key) for row in question.rows]
        case _:
            wrong = [choice for choice in question.choices if not choice.is_right] or question.choices
            given = [("", wrong[0].key)]
    return Reply(frozenset((question.id, row, value) for row, value in given))
