"""The register of meetings, for VPC and for coordinators (own department); staff meetings by department.

Nothing that changes a figure is written before it has been shown: a list of numbers, a recognition and what
is taken back stand on a page of their own first, and the same form comes again with ``bekrafta``."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from elearn.content.reading.lessons import SUBJECTS
from elearn.errors import Invalid, NotFound
from elearn.people.access import Permission, deciding_departments
from elearn.people.queries import PersonRef
from elearn.reports import meeting_figures
from elearn.reports.words import in_a_row, persons_in_words
from elearn.training import apt, curriculum, meeting_actions, meeting_files, meeting_reach, meetings
from elearn.training.meeting_credits import Credits
from elearn.training.meeting_reach import Reach
from elearn.training.meetings import Preview
from elearn.web import forms
from elearn.web.meeting_forms import MeetingForm, ReasonForm, read_meeting, read_reason
from elearn.web.pages import report
from elearn.web.request import access, catalog, deed, session, today
from elearn.web.security import requires

blueprint = Blueprint("meetings", __name__)

MONTHS = (6, 12, 24, 36)
USUAL_MONTHS = 24
SHOWN_AT_ONCE = 50  # meetings
ONE = "/moten/<int(max=2147483647):meeting_id>"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before an act is done: the heading, what will come of it, and the form that does it."""

    heading: str
    button: str
    path: str
    fields: tuple[tuple[str, str], ...]
    preview: Preview | None = None
    persons: tuple[PersonRef, ...] = ()
    there_count: int = 0


def reach() -> Reach:
    return deciding_departments(access())


@blueprint.get("/moten")
@requires(Permission.REGISTER_MEETINGS)
def overview() -> str:
    asked, listed = asked_months(), meetings.meeting_list(session(), reach())
    coverage = report.report_of(today(), reach()).coverage
    required = curriculum.from_catalog(catalog())
    since = meeting_figures.since(today(), asked)
    return render_template(
        "meetings/overview.html",
        figures=meeting_figures.department_figures(session(), required, coverage, reach(), asked),
        meetings=listed if request.args.get("visa") == "alla" else listed[:SHOWN_AT_ONCE],
        meeting_count=len(listed),
        recent_count=sum(one.withdrawn_on is None and one.held_on >= since for one in listed),
        **choice_of_months(asked),
    )


def asked_months() -> int:
    """``manader`` of the address, if it is one of those that can be chosen."""
    return next((one for one in MONTHS if str(one) == request.args.get("manader")), USUAL_MONTHS)


def choice_of_months(asked: int) -> dict[str, object]:
    return {"months": asked, "choices": MONTHS, "subjects": SUBJECTS}


@blueprint.get("/moten/apt")
@requires(Permission.REGISTER_MEETINGS)
def staff_meetings() -> str:
    asked = asked_months()
    since = meeting_figures.since(today(), asked)
    held = apt.held_since(session(), reach(), since, today())
    return render_template("meetings/apt.html", departments=held, **choice_of_months(asked))


@blueprint.get("/moten/nytt")
@requires(Permission.REGISTER_MEETINGS)
def new_meeting() -> str:
    return meeting_form(MeetingForm())


@blueprint.post("/moten/nytt")
@requires(Permission.REGISTER_MEETINGS)
def register() -> Response | tuple[str, int]:
    form = MeetingForm(request.form)
    codes = {one.code for one in meetings.departments(session(), reach(), today())}
    new = read_meeting(form, codes, today())
    if new is None:
        return meeting_form(form), 422
    meeting_id = meeting_actions.register_meeting(session(), deed(), reach(), new)
    flash("Mötet är registrerat. Lägg till dem som var med.")
    return redirect(f"/moten/{meeting_id}", 303)


def meeting_form(form: MeetingForm) -> str:
    return render_template(
        "meetings/new.html",
        form=form,
        faults=forms.faults(form),
        departments=meetings.departments(session(), reach(), today()),
        subjects=SUBJECTS,
    )


@blueprint.get(ONE)
@requires(Permission.REGISTER_MEETINGS)
def meeting(meeting_id: int) -> str:
    return meeting_page(meeting_id)


def meeting_page(
    meeting_id: int,
    faults: list[tuple[str, str]] | None = None,
    sent: Mapping[str, object] | None = None,
) -> str:
    """``sent``: what was sent and is to be put right, by field."""
    page = meetings.meeting_page(session(), reach(), meeting_id)
    text = request.args.get("sok", "")
    return render_template(
        "meetings/meeting.html",
        page=page,
        meeting=page.meeting,
        text=text,
        found=meetings.find_people(session(), reach(), meeting_id, text),
        faults=faults or [],
        sent=sent or {},
    )


@blueprint.post(f"{ONE}/narvaro")
@requires(Permission.REGISTER_MEETINGS)
def attend(meeting_id: int) -> Response | str | tuple[str, int]:
    """A list of numbers in ``nummer``: checked and shown, and recorded with ``bekrafta``. Or one ``person``
    who was found: by id, since a number may have been given to somebody else."""
    if "person" in request.form:
        return attend_as(meeting_id, [read_person()])
    text, held = request.form.get("nummer", ""), meeting_reach.meeting_in(session(), reach(), meeting_id)
    listed = meeting_files.read_list(text)
    persons = meeting_files.find_persons(session(), listed, reach(), held)
    if listed.faults.count:
        told = [("nummer", sentence_of(row, fault)) for row, fault in sorted(listed.faults.told)]
        return meeting_page(meeting_id, told, {"nummer": text}), 422
    if not is_confirmed():
        return ask_attendance(meeting_id, text, persons)
    return attend_as(meeting_id, [one.person_id for one in persons])


def attend_as(meeting_id: int, ids: list[int]) -> Response:
    done = meeting_actions.record_attendance(session(), deed(), catalog(), reach(), meeting_id, ids)
    return after(meeting_id, attended_in_words(done.new_count, done.there_count), done.credits)


def read_person() -> int:
    """An id. Raises ``NotFound`` for what is none."""
    text = request.form.get("person", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound
    return int(text)


def sentence_of(row: int, fault: str) -> str:
    return f"Rad {row}: {fault}" if row else fault


def is_confirmed() -> bool:
    return request.form.get("bekrafta") == "1"


def ask_attendance(meeting_id: int, text: str, persons: tuple[PersonRef, ...]) -> str:
    there = {one.person_id for one in meetings.meeting_page(session(), reach(), meeting_id).attendees}
    new = tuple(one for one in persons if one.person_id not in there)
    return ask(
        Question(
            f"Lägg till {persons_in_words(len(new))}?" if new else "Alla i listan finns redan",
            "Spara närvaron",
            f"/moten/{meeting_id}/narvaro",
            (("nummer", text),),
            persons=new,
            there_count=len(persons) - len(new),
        ),
        meeting_id,
    )


def ask(question: Question, meeting_id: int) -> str:
    return render_template("meetings/confirm.html", question=question, meeting_id=meeting_id)


def attended_in_words(new_count: int, there_count: int) -> str:
    told = f"{persons_in_words(new_count).capitalize()} är tillagd{'' if new_count == 1 else 'a'}."
    if not new_count:
        return "Ingen är ny: alla fanns redan."
    return f"{told} {persons_in_words(there_count).capitalize()} fanns redan." if there_count else told


def after(meeting_id: int, sentence: str, given: Credits) -> Response:
    """Back to the meeting, with what was done and what it gave and took."""
    told = [sentence]
    got = len({one.person_id for one in given.new})
    lost = len({one.person_id for one in given.ended.values()})
    if got:
        told.append(f"{persons_in_words(got).capitalize()} får basutbildningen tillgodoräknad.")
    if lost:
        told.append(f"{persons_in_words(lost).capitalize()} har den inte längre tillgodoräknad.")
    flash(" ".join(told))
    return redirect(f"/moten/{meeting_id}", 303)


@blueprint.post(f"{ONE}/narvaro/bort")
@requires(Permission.REGISTER_MEETINGS)
def unattend(meeting_id: int) -> Response:
    person_id = read_person()
    given = meeting_actions.withdraw_attendance(session(), deed(), catalog(), reach(), meeting_id, person_id)
    return after(meeting_id, "Personen är borttagen från mötet.", given)


@blueprint.post(f"{ONE}/tillgodorakna")
@requires(Permission.RECOGNISE_MEETINGS)
def recognise(meeting_id: int) -> Response | str | tuple[str, int]:
    form, chosen = ReasonForm(request.form), request.form.getlist("amne")
    reason, faults = read_reason(form), forms.faults(form)
    try:
        meeting_actions.refuse_subjects(
            meeting_reach.meeting_in(session(), None, meeting_id).subjects, chosen
        )
    except Invalid as refusal:
        faults.insert(0, ("amne", str(refusal)))
    if reason is None or faults:
        return meeting_page(meeting_id, faults, {"amne": chosen, "skal": form.skal.data}), 422
    if not is_confirmed():
        return ask_recognition(meeting_id, chosen, reason)
    given = meeting_actions.recognise_meeting(session(), deed(), catalog(), meeting_id, chosen, reason)
    return after(meeting_id, "Mötet är tillgodoräknat i de valda ämnena.", given)


def ask_recognition(meeting_id: int, chosen: list[str], reason: str) -> str:
    return ask(
        Question(
            f"Tillgodoräkna mötet i {in_a_row(chosen)}?",
            "Tillgodoräkna",
            f"/moten/{meeting_id}/tillgodorakna",
            (*(("amne", subject) for subject in chosen), ("skal", reason)),
            meetings.preview(session(), catalog(), meeting_id, chosen, is_recognised=True),
        ),
        meeting_id,
    )


@blueprint.post(f"{ONE}/tillgodorakna/bort")
@requires(Permission.RECOGNISE_MEETINGS)
def unrecognise(meeting_id: int) -> Response | str | tuple[str, int]:
    form, subject = ReasonForm(request.form), request.form.get("amne", "")
    if subject not in SUBJECTS:
        raise NotFound
    reason = read_reason(form)
    if reason is None:
        place = SUBJECTS.index(subject) + 1
        told = [(f"bort{place}", sentence) for _field, sentence in forms.faults(form)]
        return meeting_page(meeting_id, told), 422
    if not is_confirmed():
        preview = meetings.preview(session(), catalog(), meeting_id, [subject], is_recognised=False)
        return ask_withdrawal(f"Ta tillbaka {subject}?", meeting_id, "tillgodorakna/bort", reason, preview)
    given = meeting_actions.withdraw_recognition(session(), deed(), catalog(), meeting_id, subject, reason)
    return after(meeting_id, "Tillgodoräknandet är tillbakataget.", given)


def ask_withdrawal(heading: str, meeting_id: int, act: str, reason: str, preview: Preview) -> str:
    fields = (("amne", request.form.get("amne", "")), ("skal", reason))
    return ask(Question(heading, "Ta bort", f"/moten/{meeting_id}/{act}", fields, preview), meeting_id)


@blueprint.post(f"{ONE}/bort")
@requires(Permission.REGISTER_MEETINGS)
def withdraw(meeting_id: int) -> Response | str | tuple[str, int]:
    form = ReasonForm(request.form)
    reason = read_reason(form)
    if reason is None:
        return meeting_page(meeting_id, [("bort", sentence) for _field, sentence in forms.faults(form)]), 422
    if not is_confirmed():
        meeting_actions.withdrawable(session(), reach(), meeting_id)
        preview = meetings.preview(session(), catalog(), meeting_id, SUBJECTS, is_recognised=False)
        return ask_withdrawal("Ta bort mötet?", meeting_id, "bort", reason, preview)
    given = meeting_actions.withdraw_meeting(session(), deed(), catalog(), reach(), meeting_id, reason)
    return after(meeting_id, "Mötet är borttaget.", given)
