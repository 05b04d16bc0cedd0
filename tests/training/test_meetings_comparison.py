"""Random meetings, attendance, recognitions and corrections, in any order: after each act the completions are
what a plain loop over the days gives, on both engines."""

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from elearn import database
from elearn.people.models import Person, UnitKind
from elearn.training import meeting_actions, recognition_actions
from elearn.training.meeting_reach import EVERYTHING
from elearn.training.models import Completion, CompletionRecall
from tests import builders
from tests.conftest import EXAMPLES
from tests.training.registers import ALL, CATALOG, attend, held, recognise

D = dt.date
DAYS = (
    D(2024, 2, 29),
    D(2024, 3, 10),
    D(2025, 6, 1),
    D(2026, 2, 28),
    D(2026, 3, 1),
    D(2026, 3, 10),
    D(2026, 3, 11),
)
YEARS = {"forskola": 2, "skola": 1}
# By person: course, first day, last day.
JOBS = (
    (("forskola", D(2020, 1, 1), None),),
    (("forskola", D(2020, 1, 1), D(2026, 2, 28)), ("skola", D(2026, 2, 28), None)),
)
ACTS = ("attend", "leave", "recognise", "unrecognise", "withdraw", "recall")


@dataclass
class Plain:
    """The register as sets, and what somebody has recalled by hand."""

    meetings: list[tuple[dt.date, tuple[str, ...]]]
    attended: set[tuple[int, int]] = field(default_factory=set)  # meeting, person
    recognised: set[tuple[int, str]] = field(default_factory=set)
    withdrawn: set[int] = field(default_factory=set)
    refused: set[tuple[int, str, dt.date]] = field(default_factory=set)

    def completions(self) -> set[tuple[int, str, dt.date]]:
        return {
            (person, course, day)
            for person, jobs in enumerate(JOBS)
            for day in self.days(person)
            for course, first, last in jobs
            if first <= day and (last is None or day <= last)
        } - self.refused

    def days(self, person: int) -> list[dt.date]:
        """Every day of the calendar is asked in turn."""
        found: list[dt.date] = []
        for day in sorted(set(DAYS)):
            after = found[-1] if found else D.min
            heard = {
                subject
                for meeting, subject in self.recognised
                if meeting not in self.withdrawn
                and (meeting, person) in self.attended
                and after < self.meetings[meeting][0] <= day
                and day <= later(self.meetings[meeting][0], 2)
            }
            if len(heard) == 3:
                found.append(day)
        return found


def later(day: dt.date, years: int) -> dt.date:
    """None of the years that come is a leap year."""
    return D(day.year + years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


MEETINGS = st.lists(
    st.tuples(
        st.sampled_from(DAYS), st.sets(st.sampled_from(ALL), min_size=1).map(lambda s: tuple(sorted(s)))
    ),
    min_size=1,
    max_size=5,
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(ACTS + ACTS[:1] * 3 + ACTS[2:3] * 3),
        st.integers(0, 4),
        st.integers(0, 1),
        st.sampled_from(ALL),
    ),
    max_size=25,
)


class Run:
    """The same acts on the database and on the plain sets."""

    def __init__(self, session: Session, meetings: list[tuple[dt.date, tuple[str, ...]]]) -> None:
        self.session, self.plain = session, Plain(meetings)
        department = builders.unit(session, "U", UnitKind.DEPARTMENT)
        places = {
            "forskola": builders.unit(session, "U1", parent=department, job_role="förskola"),
            "skola": builders.unit(session, "U2", parent=department, job_role="skola"),
        }
        self.people: list[Person] = []
        for number, jobs in enumerate(JOBS):
            someone = builders.person(session, number=f"p{number}")
            for course, first, last in jobs:
                builders.employ(session, someone, places[course], starts_on=first, ends_on=last)
            self.people.append(someone)
        self.ids = [
            held(session, day, subjects, title=f"Möte {turn}")
            for turn, (day, subjects) in enumerate(meetings)
        ]

    def do(self, act: str, meeting: int, person: int, subject: str) -> None:
        meeting %= len(self.ids)
        if act == "recall":
            self.recall(meeting)
        elif meeting not in self.plain.withdrawn:
            getattr(self, act)(meeting, person, subject)

    def attend(self, meeting: int, person: int, _subject: str) -> None:
        self.plain.attended.add((meeting, person))
        attend(self.session, self.ids[meeting], self.people[person])

    def leave(self, meeting: int, person: int, _subject: str) -> None:
        if (meeting, person) in self.plain.attended:
            self.plain.attended.remove((meeting, person))
            meeting_actions.withdraw_attendance(
                self.session,
                builders.deed(),
                CATALOG,
                EVERYTHING,
                self.ids[meeting],
                self.people[person].id,
            )

    def recognise(self, meeting: int, _person: int, subject: str) -> None:
        """All that it had, when it did not have this one."""
        had = self.plain.meetings[meeting][1]
        chosen = (subject,) if subject in had and meeting % 2 else had
        self.plain.recognised |= {(meeting, one) for one in chosen}
        recognise(self.session, self.ids[meeting], chosen)

    def unrecognise(self, meeting: int, _person: int, subject: str) -> None:
        if (meeting, subject) in self.plain.recognised:
            self.plain.recognised.remove((meeting, subject))
            meeting_actions.withdraw_recognition(
                self.session, builders.deed(), CATALOG, self.ids[meeting], subject, "Fel"
            )

    def withdraw(self, meeting: int, _person: int, _subject: str) -> None:
        self.plain.withdrawn.add(meeting)
        meeting_actions.withdraw_meeting(
            self.session, builders.deed(), CATALOG, EVERYTHING, self.ids[meeting], "Fel"
        )

    def recall(self, which: int) -> None:
        there = sorted(self.plain.completions())
        if there:
            person, course, day = there[which % len(there)]
            self.plain.refused.add((person, course, day))
            recognition_actions.recall_completion(
                self.session, builders.deed(), f"p{person}", course, day, None, "För hand"
            )

    def compare(self) -> None:
        recalled = sa.exists().where(CompletionRecall.completion_id == Completion.id)
        rows = self.session.execute(
            sa.select(Person.number, Completion.course, Completion.completed_on, Completion.valid_until)
            .join(Person, Person.id == Completion.person_id)
            .where(~recalled)
        ).all()
        found = [(int(number[1:]), course, day) for number, course, day, _until in rows]
        assert len(found) == len(set(found))
        assert set(found) == self.plain.completions()
        for _number, course, day, until in rows:
            assert until == later(day, YEARS[course])


def test_after_each_act_the_completions_are_what_a_plain_loop_gives(engine: sa.Engine) -> None:
    @settings(max_examples=EXAMPLES[engine.dialect.name])
    @given(MEETINGS, STEPS)
    def check(
        meetings: list[tuple[dt.date, tuple[str, ...]]], steps: list[tuple[str, int, int, str]]
    ) -> None:
        with Session(database.writing(engine)) as session:  # rolled back
            run = Run(session, meetings)
            for step in steps:
                run.do(*step)
                run.compare()

    check()
