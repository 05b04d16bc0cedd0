"""A lesson: its pages, what is sent from them, and the answers.

Every form of a lesson posts to the lesson's own address. ``sida`` says which page it stood on; the button
says what is asked: one answer at once (``svara``), to keep it for later (``spara``), the next page
(``vidare``), or nothing more: then the lesson is sent (pages.md, "Addresses and fields").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from elearn.content.course import Course, Lesson, LessonKind
from elearn.errors import NotFound
from elearn.people.access import Permission
from elearn.training import (
    actions,
    draft_actions,
    drawing,
    grading,
    lesson_pages,
    pages,
    queries,
    replies,
    review_pages,
    steps,
)
from elearn.training.lesson_pages import Asked, LessonPage
from elearn.training.progress import TrainingRecord
from elearn.training.replies import Reply
from elearn.training.review_pages import ReviewPage
from elearn.training.steps import Step
from elearn.training.submission import LessonChanged, ReplyRefused, Submission
from elearn.web.pages.learn import find_course, learner
from elearn.web.request import deed, person_id, session, settings
from elearn.web.security import requires

blueprint = Blueprint("lesson", __name__)
Form: TypeAlias = MultiDict[str, str]

SHORT = "kort"
BY_HAND = "1"  # of "spara": by the button, and not by the page's script as one chooses
ADDRESS = "/kurs/<slug>/<int(max=999):number>"
LONGEST_PLACE = 120


@dataclass(frozen=True, slots=True)
class Sent:
    """A form of this lesson as it came in: ``step`` and ``is_short`` are the page that it stood on."""

    submission: Submission
    record: TrainingRecord
    number: int
    step: Step
    is_short: bool
    form: Form


@blueprint.get(ADDRESS)
@requires(Permission.TAKE_COURSES)
def first_page(slug: str, number: int) -> str:
    lesson = pages.find_lesson(find_course(slug), number)
    return page_at(slug, Asked(number, steps.steps_of(lesson)[0], is_short=SHORT in request.args))


@blueprint.get(f"{ADDRESS}/<any({Step.PRACTISE}, {Step.CHECK}):step>")
@requires(Permission.TAKE_COURSES)
def later_page(slug: str, number: int, step: str) -> str:
    return page_at(slug, Asked(number, Step(step)))


@blueprint.get(f"{ADDRESS}/fortsatt")
@requires(Permission.TAKE_COURSES)
def resume(slug: str, number: int) -> Response:
    lesson = pages.find_lesson(find_course(slug), number)
    record = queries.training_record(session(), person_id())
    draft = queries.draft(session(), person_id(), lesson, record.attempt_count(lesson.key) + 1)
    return redirect(address(slug, number, lesson_pages.step_reached(lesson, draft)), 303)


@blueprint.post(ADDRESS)
@requires(Permission.TAKE_COURSES)
def submit(slug: str, number: int) -> Response | tuple[str, int]:
    return receive(slug, number, request.form)


@blueprint.get(f"{ADDRESS}/svar")
@requires(Permission.TAKE_COURSES)
def answers(slug: str, number: int) -> str:
    page = review_pages.review_page(session(), find_course(slug), number, learner())
    return show_answers(page, is_earlier="tidigare" in request.args)


def page_at(slug: str, asked: Asked) -> str:
    course = find_course(slug)
    lesson = pages.find_lesson(course, asked.number)
    record = queries.training_record(session(), person_id())
    draft = queries.draft(session(), person_id(), lesson, record.attempt_count(lesson.key) + 1)
    page = lesson_pages.lesson_page(course, learner(), record, draft, asked)
    return show_lesson(page, draft.chosen, is_earlier="tidigare" in request.args)


def receive(slug: str, number: int, form: Form) -> Response | tuple[str, int]:
    """What a lesson's form says, sent to the lesson or carried through a login. An author may have put the
    lesson elsewhere in the course: then it is taken by its right number."""
    course = find_course(slug)
    lesson = pages.find_lesson(course, number)
    draft_actions.take_turn(session(), person_id())
    if not lesson.has_form:
        return leave_unasked(course, lesson, form)
    if form.get("sida") == Step.READ:
        return leave_text(course, lesson, number, form)
    signed = drawing.read_attempt(form.get("attempt", ""), person_id(), learner().key)
    if signed.lesson != lesson.key:
        return receive(slug, find_number(course, signed.lesson), form)
    return act_on(read_form(course, lesson, number, signed, form))


def read_form(course: Course, lesson: Lesson, number: int, signed: drawing.SignedAttempt, form: Form) -> Sent:
    """What was sent, with what is stored of it already."""
    record = queries.training_record(session(), person_id())
    draft = queries.draft(session(), person_id(), lesson, record.attempt_count(lesson.key) + 1)
    reply = replies.parse(lesson.questions, form)
    step, is_short = page_sent_from(lesson, form)
    shown = steps.questions_at(step, lesson.questions)
    return Sent(Submission(course, lesson, signed, reply, draft, shown), record, number, step, is_short, form)


def page_sent_from(lesson: Lesson, form: Form) -> tuple[Step, bool]:
    """The page that the form stood on; one that does not say has every question."""
    sent_from = form.get("sida", "")
    known = [step for step in steps.steps_of(lesson) if step == sent_from]
    is_short = sent_from == SHORT and bool(steps.short_version(lesson.blocks))
    return (known[0] if known else Step.WHOLE), is_short


def act_on(sent: Sent) -> Response | tuple[str, int]:
    """Do what the button asks. What cannot be received is shown again with what was chosen."""
    try:
        if question_id := sent.form.get("svara"):
            return answer_at_once(sent, question_id)
        if "spara" in sent.form or "vidare" in sent.form:
            return keep(sent)
        return send(sent)
    except (ReplyRefused, LessonChanged) as refusal:
        return show_again(sent, refusal)


def answer_at_once(sent: Sent, question_id: str) -> Response:
    is_new = draft_actions.answer_question(session(), deed(), sent.record, sent.submission, question_id)
    step = step_with(sent, question_id)
    here = address(sent.submission.course.slug, sent.number, step, is_short=sent.is_short)
    told = "" if is_new else ("&" if sent.is_short else "?") + "tidigare=1"
    return redirect(f"{here}{told}#q-{question_id}", 303)


def keep(sent: Sent) -> Response:
    """Keep what is chosen, and lead to the lesson's next page or back to the course."""
    has_read = sent.step != Step.WHOLE
    draft_actions.save_draft(session(), deed(), sent.record, sent.submission, has_read=has_read)
    if sent.form.get("spara") == BY_HAND:
        flash(f"Det du har valt i avsnitt {sent.number} är sparat.")
    submission = sent.submission
    here = (submission.course.slug, sent.number)
    return redirect(onwards(*here, submission.lesson, sent.step, sent.form), 303)


def onwards(slug: str, number: int, lesson: Lesson, step: Step, form: Form) -> str:
    """The page after this one, or the course."""
    all_steps = steps.steps_of(lesson)
    after = all_steps[all_steps.index(step) + 1 :] if step in all_steps else ()
    if "vidare" in form and after:
        return address(slug, number, after[0])
    return f"/kurs/{slug}"


def leave_text(course: Course, lesson: Lesson, number: int, form: Form) -> Response:
    """The text is read, or, with ``spara``, read as far as ``plats``."""
    record = queries.training_record(session(), person_id())
    draft = queries.draft(session(), person_id(), lesson, record.attempt_count(lesson.key) + 1)
    has_read = "vidare" in form
    place = form.get("plats", "")[:LONGEST_PLACE]
    draft_actions.save_place(session(), deed(), record, course, lesson, draft, has_read, place)
    return redirect(onwards(course.slug, number, lesson, Step.READ, form), 303)


def send(sent: Sent) -> Response | tuple[str, int]:
    """Store the lesson and lead to its answer page. A form that was sent before with other answers leads
    there too, and the page says which answers stand."""
    submission = sent.submission
    is_skipped = submission.lesson.kind == LessonKind.PRETEST and not submission.reply
    if is_skipped and "hoppa" not in sent.form:
        return show_lesson(page_of(sent), asks_to_skip=True), 422
    renewal_days = settings().renewal_days
    is_stored = actions.submit_attempt(session(), deed(), sent.record, submission, renewal_days=renewal_days)
    told = "" if is_stored else "?tidigare=1"
    return redirect(f"/kurs/{submission.course.slug}/{sent.number}/svar{told}", 303)


def leave_unasked(course: Course, lesson: Lesson, form: Form) -> Response:
    """A lesson without questions is done by its one button. A form from before they were taken away that
    keeps something for later does not say that."""
    if "spara" not in form and "svara" not in form:
        record = queries.training_record(session(), person_id())
        actions.mark_read(session(), deed(), record, course, lesson)
    return redirect(f"/kurs/{course.slug}", 303)


def find_number(course: Course, lesson_key: str) -> int:
    """The lesson's number, or the 404 of one that is no longer in the course."""
    number = course.number(lesson_key)
    if number is None:
        raise NotFound
    return number


def address(slug: str, number: int, step: Step, *, is_short: bool = False) -> str:
    """A lesson's page. The first has the lesson's own address."""
    first = f"/kurs/{slug}/{number}"
    if is_short:
        return f"{first}?{SHORT}=1"
    return first if step in (Step.READ, Step.WHOLE) else f"{first}/{step}"


def step_with(sent: Sent, question_id: str = "") -> Step:
    """The page that the form stood on. If the lesson has it no more: the page with this question, or the
    last."""
    lesson = sent.submission.lesson
    all_steps = steps.steps_of(lesson)
    if sent.is_short or sent.step in all_steps:
        return sent.step
    asked = {step: [q.id for q in steps.questions_at(step, lesson.questions)] for step in all_steps}
    return next((step for step in all_steps if question_id in asked[step]), all_steps[-1])


def page_of(sent: Sent, question_id: str = "", *, is_changed: bool = False) -> LessonPage:
    """The page that the form stood on, with the questions that it asked."""
    submission = sent.submission
    again = None if is_changed else submission.signed
    asked = Asked(sent.number, step_with(sent, question_id), sent.is_short, again)
    return lesson_pages.lesson_page(submission.course, learner(), sent.record, submission.draft, asked)


def show_again(sent: Sent, refusal: ReplyRefused | LessonChanged) -> tuple[str, int]:
    """The form once more with what was chosen: unanswered questions marked (422), or the new text of a
    changed lesson (409)."""
    submission = sent.submission
    reply = submission.draft.with_reply(submission.on_page, submission.reply).chosen
    if isinstance(refusal, LessonChanged):
        return show_lesson(page_of(sent, is_changed=True), reply, has_changed=True), 409
    faults = refusal.answer_faults
    return show_lesson(page_of(sent, faults[0].question_id), reply, faults), 422


def show_lesson(
    page: LessonPage,
    reply: Reply = replies.NO_REPLY,
    faults: Iterable[grading.AnswerFault] = (),
    *,
    has_changed: bool = False,
    is_earlier: bool = False,
    asks_to_skip: bool = False,
) -> str:
    """``reply``: what is chosen already; ``is_earlier``: another reply to a question stands since before."""
    return render_template(
        "learn/lesson.html",
        page=page,
        reply=reply,
        faults={fault.question_id: fault for fault in faults},
        has_changed=has_changed,
        is_earlier=is_earlier,
        asks_to_skip=asks_to_skip,
    )


def show_answers(page: ReviewPage, *, is_earlier: bool = False) -> str:
    """``is_earlier``: the reader has just sent other answers to an attempt that was sent before."""
    return render_template("learn/answers.html", page=page, is_earlier=is_earlier)
