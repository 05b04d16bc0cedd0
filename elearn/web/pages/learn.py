"""The learner's way: start, course, lesson, answers, certificate."""

from collections.abc import Iterable

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from elearn import clock
from elearn.content.course import Contact, Fact, Prose
from elearn.errors import Invalid, NotFound
from elearn.people.access import Permission
from elearn.training import actions, drawing, grading, pages, queries
from elearn.web import forms
from elearn.web.request import catalog, person_id, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("learn", __name__)
lesson_forms = forms.LessonForms()


def learner() -> pages.Learner:
    key = settings().secret_key.get_secret_value().encode()
    return pages.Learner(person_id(), today(), settings().renewal_days, key, settings().due_days)


@blueprint.get("/")
@requires(Permission.TAKE_COURSES)
def start() -> str:
    return render_template("learn/start.html", page=pages.start_page(session(), catalog(), learner()))


@blueprint.get("/kurs/<slug>")
@requires(Permission.TAKE_COURSES)
def course(slug: str) -> str:
    page = pages.course_page(session(), catalog(), slug, learner())
    return render_template("learn/course.html", page=page, notes=notes([page.course.intro]))


@blueprint.get("/kurs/<slug>/<int(max=999):number>")
@requires(Permission.TAKE_COURSES)
def lesson(slug: str, number: int) -> str:
    return show_lesson(pages.lesson_page(session(), catalog(), slug, number, learner()))


@blueprint.post("/kurs/<slug>/<int(max=999):number>")
@requires(Permission.TAKE_COURSES)
def submit(slug: str, number: int) -> Response | tuple[str, int]:
    here = pages.lesson_page(session(), catalog(), slug, number, learner())
    if not here.lesson.has_form:
        return mark_read(here)
    signed = drawing.read_attempt(request.form.get("attempt", ""), person_id(), learner().key)
    if signed.lesson != here.lesson.key:
        return moved(here, signed)
    answers = lesson_forms.parse(here.lesson)
    try:
        send(here, signed, answers)
    except (Invalid, actions.LessonChanged) as refusal:
        return show_again(here, signed, answers, refusal)
    return redirect(url_for(".answers", slug=slug, number=number), 303)


@blueprint.get("/kurs/<slug>/<int(max=999):number>/svar")
@requires(Permission.TAKE_COURSES)
def answers(slug: str, number: int) -> str:
    return show_answers(pages.review_page(session(), catalog(), slug, number, learner()))


@blueprint.get("/intyg/<int(max=2147483647):id>")
@requires(Permission.TAKE_COURSES)
def certificate(id: int) -> str:
    found = queries.certificate(session(), id, person_id())
    if found is None:
        raise NotFound
    return render_template("learn/certificate.html", certificate=found, course=catalog().course(found.course))


@blueprint.get("/kursbilder/<path:name>")
@requires(Permission.TAKE_COURSES)
def picture(name: str) -> Response:
    return show_picture(name)


def send(here: pages.LessonPage, signed: drawing.SignedAttempt, answers: grading.Answers) -> None:
    actions.submit_attempt(
        session(),
        here.course,
        here.lesson,
        person_id(),
        signed,
        answers,
        today=today(),
        now=clock.now(),
        renewal_days=settings().renewal_days,
    )


def mark_read(here: pages.LessonPage) -> Response:
    actions.mark_read(session(), here.course, here.lesson, person_id(), today=today(), now=clock.now())
    return redirect(url_for(".course", slug=here.course.slug), 303)


def moved(here: pages.LessonPage, signed: drawing.SignedAttempt) -> Response:
    """The author has put the lesson elsewhere in the course: the same answers go to its right number."""
    number = here.course.number(signed.lesson)
    if number is None:
        raise NotFound
    return redirect(url_for(".submit", slug=here.course.slug, number=number), 307)


def show_picture(name: str) -> Response:
    """A picture of the catalogue, if its file is still there: the catalogue may be the one before the last
    change."""
    file = catalog().images.get(name)
    if file is None:
        raise NotFound
    try:
        return send_file(file.absolute())
    except OSError:
        raise NotFound from None


def show_lesson(
    here: pages.LessonPage,
    status: str = "",
    faults: Iterable[grading.Fault] = (),
    answers: grading.Answers | None = None,
) -> str:
    texts = [block for block in here.drawn.blocks if isinstance(block, Prose)]
    texts += [question.situation for question in here.drawn.questions]
    return render_template(
        "learn/lesson.html",
        page=here,
        notes=notes(texts),
        status=status,
        faults={fault.question_id: fault for fault in faults},
        answers=answers or {},
    )


def show_again(
    here: pages.LessonPage,
    signed: drawing.SignedAttempt,
    answers: grading.Answers,
    refusal: Invalid | actions.LessonChanged,
) -> tuple[str, int]:
    """The form once more with what was chosen: unanswered questions marked (422), or the new text of a
    changed lesson (409)."""
    if isinstance(refusal, actions.LessonChanged):
        return show_lesson(here, status=str(refusal), answers=refusal.answers), 409
    same = pages.lesson_page(
        session(), catalog(), here.course.slug, here.here.number, learner(), again=signed
    )
    faults = grading.faults(here.lesson.kind, same.drawn.questions, answers)
    return show_lesson(same, faults=faults, answers=answers), 422


def show_answers(page: pages.ReviewPage) -> str:
    texts = [
        prose
        for question, _ in page.answered
        for prose in (question.explanation, *(c.feedback for c in question.choices))
    ]
    return render_template("learn/answers.html", page=page, notes=notes(texts))


def notes(texts: Iterable[Prose]) -> list[Fact | Contact]:
    """The facts and contacts that these texts link to and do not show whole, once each, for the end of the
    page."""
    shown = list(texts)
    cards = {key for prose in shown for key in prose.cards}
    return catalog().entries(key for prose in shown for key in prose.entries if key not in cards)
