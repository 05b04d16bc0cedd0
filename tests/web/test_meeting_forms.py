"""The fields of the register of meetings: what is read, and each fault at its own field."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from elearn.training.meeting_actions import NewMeeting
from elearn.web.meeting_forms import (
    MeetingForm,
    ReasonForm,
    StaffMeetingForm,
    read_count,
    read_day,
    read_meeting,
    read_reason,
)

TODAY = dt.date(2026, 11, 23)
SENT = [
    ("titel", "  Heldag "),
    ("datum", "2026-11-23"),
    ("ordnat", "VPC"),
    ("amne", "könsstympning"),
    ("forvaltning", "U"),
    ("forvaltning", "S"),
]


def test_a_meeting_is_read_from_its_fields() -> None:
    form = MeetingForm(MultiDict(SENT))
    assert read_meeting(form, {"U", "S"}, TODAY) == NewMeeting(
        "Heldag", TODAY, "VPC", ("könsstympning",), ("U", "S")
    )
    assert form.errors == {}


def test_every_fault_is_at_its_field() -> None:
    form = MeetingForm(MultiDict([("datum", "igår"), ("amne", "dans"), ("forvaltning", "X")]))
    assert read_meeting(form, {"U"}, TODAY) is None
    assert {name: len(told) for name, told in form.errors.items()} == {
        "titel": 1,
        "datum": 1,
        "ordnat": 1,
        "amne": 1,
        "forvaltning": 1,
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" Samma\n innehåll ", "Samma innehåll"),
        ("x" * 200, "x" * 200),
        ("x" * 201, None),
        (" ", None),
        ("", None),
    ],
)
def test_a_reason_is_one_line_and_not_a_long_one(text: str, reason: str | None) -> None:
    form = ReasonForm(MultiDict([("skal", text)]))
    assert read_reason(form) == reason
    assert bool(form.errors) == (reason is None)


@given(st.text())
def test_any_text_is_a_day_and_a_number_or_a_fault(text: str) -> None:
    form = StaffMeetingForm(MultiDict([("datum", text), ("antal", text)]))
    assert (read_day(form.datum) is None) == bool(form.datum.errors)
    count = read_count(form.antal)
    assert (count is None) == bool(form.antal.errors)
    assert count is None or 1 <= count <= 999
