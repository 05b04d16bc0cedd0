"""The forms of the register of meetings and of staff meetings, parsed. What a meeting must have is
``training/meeting_actions.py``'s to say; here each fault gets its field."""

import datetime as dt
from collections.abc import Collection

from wtforms import Form, SelectMultipleField, StringField
from wtforms.fields.core import Field

from elearn import clock
from elearn.training import apt, meeting_actions
from elearn.training.meeting_actions import NewMeeting
from elearn.web.forms import trimmed


class MeetingForm(Form):
    """A meeting that has been held. ``amne`` and ``forvaltning`` repeat; the latter is a code."""

    titel = StringField("Vad hette mötet?", filters=[trimmed])
    datum = StringField("Vilken dag hölls det?", filters=[trimmed])
    ordnat = StringField("Vem ordnade det?", filters=[trimmed])
    amne = SelectMultipleField("Vilka ämnen tog det upp?", validate_choice=False, choices=())
    forvaltning = SelectMultipleField("För vilka förvaltningar hölls det?", validate_choice=False, choices=())


class ReasonForm(Form):
    """Why something is recognised or taken back. It is kept."""

    skal = StringField("Varför?", filters=[trimmed])


class StaffMeetingForm(Form):
    """A staff meeting that has been held: its day and how many took part."""

    datum = StringField("Vilken dag?", filters=[trimmed])
    antal = StringField("Hur många var med?", filters=[trimmed])


def read_meeting(form: MeetingForm, departments: Collection[str], today: dt.date) -> NewMeeting | None:
    """The meeting, or None when something is wrong: then each field has its faults."""
    held_on = read_day(form.datum)
    new = NewMeeting(
        form.titel.data or "",
        held_on or today,
        form.ordnat.data or "",
        tuple(form.amne.data or ()),
        tuple(form.forvaltning.data or ()),
    )
    for name, sentence in meeting_actions.faults(new, departments, today):
        form[name].errors = [*form[name].errors, sentence]
    return None if form.errors else new


def read_day(field: Field) -> dt.date | None:
    """The day as it was typed, or None and a fault of the field."""
    try:
        return clock.read_day(field.data or "")
    except ValueError as error:
        field.errors = [str(error) if field.data else "Skriv dagen som 2026-12-31."]
        return None


def read_held_on(field: Field, today: dt.date) -> dt.date | None:
    """The day of a staff meeting, or None and a fault of the field."""
    held_on = read_day(field)
    if held_on and held_on > today:
        field.errors = [apt.NOT_YET]
        return None
    return held_on


def read_reason(form: ReasonForm) -> str | None:
    """The reason in one line, or None and a fault of its field."""
    reason = " ".join((form.skal.data or "").split())
    if not reason:
        form.skal.errors = ["Skriv varför. Det sparas."]
    elif len(reason) > meeting_actions.MOST_CHARACTERS:
        form.skal.errors = [meeting_actions.TOO_LONG]
    elif not reason.isprintable():
        form.skal.errors = [meeting_actions.UNSEEN]
    return None if form.skal.errors else reason


def read_count(field: Field) -> int | None:
    """A number of persons, or None and a fault of the field."""
    text = field.data or ""
    is_number = text.isascii() and text.isdigit() and len(text) < 6
    if not (is_number and 1 <= int(text) <= apt.MOST_PARTICIPANTS):
        field.errors = [f"Skriv antalet med siffror, 1 till {apt.MOST_PARTICIPANTS}."]
        return None
    return int(text)
