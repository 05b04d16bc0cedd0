"""Answers that a lesson's form sent and that could not be received: they follow the reader in the page, and
nothing is stored (pages.md, rule 5)."""

import json
import re

from flask import request
from flask import session as cookie

from elearn.content.course import Lesson
from elearn.errors import Invalid
from elearn.training import drawing
from elearn.web.request import catalog, settings

Fields = list[tuple[str, str]]

LOGIN_PATHS = frozenset({"/logga-in", "/logga-in/konto", "/logga-in/kod"})
PREFIX = "svar-"  # through the login form, where the fields stand beside those of the login
LESSON_PATH = re.compile(r"/kurs/(?P<slug>[^/]+)/(?P<number>[1-9][0-9]{0,2})")
BUTTONS = ("sida", "svara", "spara", "vidare", "hoppa")  # what was asked, and from which page
LONGEST_ATTEMPT = 4000
LONGEST_ANSWER = 60  # a question's name; a choice's key has 8 characters, a place in an order at most 2
MOST_ANSWERS = 200
KEPT = "pa_vag"
LARGEST_KEPT = 2500  # a cookie holds 4 kB, signed and in base 64; the session packs it
LONGEST_PATH = 500


def on_their_way() -> tuple[str, Fields]:
    """Where this request's answers are to go, and the answers: from a lesson's form, or from a login that
    carried them. Without answers: ``("", [])``."""
    if request.path in LOGIN_PATHS:
        path = request.form.get("vidare", "") if request.method == "POST" else ""
        fields = from_login(path)
    else:
        path, fields = request.path, from_lesson()
    return (path, fields) if fields else ("", [])


def from_lesson() -> Fields:
    """The fields of the lesson's form that this request posted, without its token; none for other forms."""
    return _fields_of(request.path, "") if request.method == "POST" else []


def from_login(path: str | None) -> Fields:
    """The fields that follow through the login form to the lesson at ``path``, by the lesson's own names."""
    return _fields_of(path or "", PREFIX)


def keep(path: str | None) -> None:
    """Let what this request's login form carries follow in the signed cookie, to a login that leaves the
    page: where it leads, and the answers as far as a cookie can hold them."""
    fields = from_login(path)
    has_room = len(json.dumps(fields)) <= LARGEST_KEPT
    cookie[KEPT] = {"vidare": (path or "")[:LONGEST_PATH], "svar": fields if has_room else []}


def kept() -> tuple[str, Fields]:
    """What ``keep`` put in the cookie: where the login leads, and the answers."""
    found = cookie.get(KEPT) or {}
    return found.get("vidare", ""), [(name, value) for name, value in found.get("svar", ())]


def belong_to(fields: Fields, person_id: int) -> bool:
    """Whether these answers were asked of this person: the form's signed ``attempt`` says whose it is."""
    try:
        drawing.read_attempt(dict(fields).get("attempt", ""), person_id, settings().signing_key)
    except Invalid:
        return False
    return True


def _fields_of(path: str, prefix: str) -> Fields:
    """Only what the lesson at this address asks for, and no more than somebody can have answered (S21)."""
    lesson = _lesson_at(path)
    if lesson is None or not request.form.get(prefix + "attempt"):
        return []
    fields = [("attempt", request.form[prefix + "attempt"][:LONGEST_ATTEMPT])]
    for name in (*BUTTONS, *_answer_names(lesson)):
        values = dict.fromkeys(request.form.getlist(prefix + name))
        fields += [(name, value) for value in values if 0 < len(value) <= LONGEST_ANSWER]
    return fields[: MOST_ANSWERS + 1]


def address(path: str | None) -> tuple[str, int] | None:
    """The course and the lesson's number that an address of a lesson's form names."""
    found = LESSON_PATH.fullmatch(path or "")
    return (found["slug"], int(found["number"])) if found else None


def _lesson_at(path: str) -> Lesson | None:
    slug, number = address(path) or ("", 0)
    course = catalog().course(slug)
    return course.lessons[number - 1] if course and 0 < number <= len(course.lessons) else None


def _answer_names(lesson: Lesson) -> list[str]:
    """The form's field names, as they stand on the page: a question's id, or its id and a row's key."""
    return [
        name
        for question in lesson.questions
        for name in (
            [f"{question.id}.{row.key}" for row in question.rows] if question.rows else [question.id]
        )
    ]
