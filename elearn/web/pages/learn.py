"""The learner's way through a course: lesson and answers."""

from collections.abc import Iterable

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from elearn.content.course import Course, Lesson
from elearn.content.prose import Contact, Fact, Prose
from elearn.errors import NotFound
from elearn.people.access import Permission
from elearn.training import actions, drawing, grading, pages, queries, replies
from elearn.training.progress import TrainingRecord
from elearn.training.replies import Reply
from elearn.web.request import catalog, deed, person_id, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("learn", __name__)


def learner() -> pages.Learner:
    key = settings().secret_key.get_secret_value().encode()
    return pages.Learner(person_id(), today(), settings().renewal_days, settings().due_days, key)


@blueprint.get("/kurs/<slug>/<int(max=999):number>")
@requires(Permission.TAKE_COURSES)
def lesson(slug: str, number: int) -> str:
    record = queries.training_record(session(), person_id())
    return show_lesson(pages.lesson_page(find_course(slug), number, learner(), record))


@blueprint.post("/kurs/<slug>/<int(max=999):number>")
@requires(Permission.TAKE_COURSES)
def submit(slug: str, number: int) -> Response | tuple[str, int]:
    course = find_course(slug)
    lesson = pages.find_lesson(course, number)
    if not lesson.has_form:
        return mark_read(course, lesson)
    signed = drawing.read_attempt(request.form.get("attempt", ""), person_id(), learner().key)
    if signed.lesson != lesson.key:
        return redirect_to_lesson(course, signed.lesson)
    sent = actions.Submission(course, lesson, signed, replies.parse(lesson.questions, request.form))
    return send(sent, number)


@blueprint.get("/kurs/<slug>/<int(max=999):number>/svar")
@requires(Permission.TAKE_COURSES)
def answers(slug: str, number: int) -> str:
    page = pages.review_page(session(), find_course(slug), number, learner())
    return show_answers(page, is_earlier="tidigare" in request.args)


@blueprint.get("/kursbilder/<path:name>")
@requires(Permission.TAKE_COURSES)
def picture(name: str) -> Response:
    return show_picture(name)


def find_course(slug: str) -> Course:
    """The catalogue's course, or the 404 of one that does not exist."""
    return pages.find_course(catalog(), slug)


def send(sent: actions.Submission, number: int) -> Response | tuple[str, int]:
    """Store what was sent and lead to the answer page, or show the form again. A form that was sent before
    with other answers leads there too, and the page says which answers stand."""
    record = queries.training_record(session(), person_id())
    renewal_days = settings().renewal_days
    try:
        is_stored = actions.submit_attempt(session(), deed(), record, sent, renewal_days=renewal_days)
    except (actions.ReplyRefused, actions.LessonChanged) as refusal:
        return show_again(sent, number, record, refusal)
    told = None if is_stored else "1"
    return redirect(url_for(".answers", slug=sent.course.slug, number=number, tidigare=told), 303)


def mark_read(course: Course, lesson: Lesson) -> Response:
    record = queries.training_record(session(), person_id())
    actions.mark_read(session(), deed(), record, course, lesson)
    return redirect(url_for("start.course_page", slug=course.slug), 303)


def redirect_to_lesson(course: Course, lesson_key: str) -> Response:
    """The author has put the lesson elsewhere in the course: the same answers go to its right number."""
    number = course.number(lesson_key)
    if number is None:
        raise NotFound
    return redirect(url_for(".submit", slug=course.slug, number=number), 307)


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
    page: pages.LessonPage,
    reply: Reply = replies.NO_REPLY,
    faults: Iterable[grading.AnswerFault] = (),
    *,
    has_changed: bool = False,
) -> str:
    """``reply``: what was chosen in a form that is shown again."""
    texts = [block for block in page.drawn.blocks if isinstance(block, Prose)]
    texts += [question.situation for question in page.drawn.questions]
    return render_template(
        "learn/lesson.html",
        page=page,
        notes=notes(texts),
        reply=reply,
        faults={fault.question_id: fault for fault in faults},
        has_changed=has_changed,
    )


def show_again(
    sent: actions.Submission,
    number: int,
    record: TrainingRecord,
    refusal: actions.ReplyRefused | actions.LessonChanged,
) -> tuple[str, int]:
    """The form once more with what was chosen: unanswered questions marked (422), or the new text of a
    changed lesson (409)."""
    if isinstance(refusal, actions.LessonChanged):
        page = pages.lesson_page(sent.course, number, learner(), record)
        return show_lesson(page, sent.reply, has_changed=True), 409
    page = pages.lesson_page(sent.course, number, learner(), record, again=sent.signed)
    return show_lesson(page, sent.reply, refusal.answer_faults), 422


def show_answers(page: pages.ReviewPage, *, is_earlier: bool = False) -> str:
    """``is_earlier``: the reader has just sent other answers to an attempt that was sent before."""
    texts = [
        prose
        for question, _ in page.answered
        for prose in (question.explanation, *(c.feedback for c in question.choices))
    ]
    return render_template("learn/answers.html", page=page, notes=notes(texts), is_earlier=is_earlier)


def notes(texts: Iterable[Prose]) -> list[Fact | Contact]:
    """The facts and contacts that these texts link to and do not show whole, once each, for the end of the
    page."""
    shown = list(texts)
    cards = {key for prose in shown for key in prose.cards}
    return catalog().entries(key for prose in shown for key in prose.entries if key not in cards)
