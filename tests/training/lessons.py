"""A small course to send forms in: two lessons, one to read and a final test; and a readable way to send."""

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.content.course import Course, Lesson, LessonKind
from elearn.journal.deed import Deed
from elearn.journal.deed import person as journal_person
from elearn.training import actions, drawing, queries, replies
from elearn.training.drawing import SignedAttempt
from elearn.training.models import Attempt, Completion
from elearn.training.submission import Submission
from tests import builders
from tests.builders import Answers

ASK = builders.lesson("f/fragor", builders.question("q"), builders.question("w", must_be_right=True))
SORT = builders.lesson("f/ordna", builders.ordering("o"), builders.matching("p"))
READ = builders.lesson("f/lasa")
FINAL = builders.lesson(
    "f/prov",
    *(builders.question(f"t{n}", must_be_right=n == 0) for n in range(5)),
    kind=LessonKind.FINAL_TEST,
)
COURSE = builders.course("f", "förskola", ASK, SORT, READ, FINAL)
RENEWAL_DAYS = 90

ASK_RIGHT: Answers = {"q": "q-a", "w": "w-a"}
SORT_RIGHT: Answers = {
    "o": {"o-r1": "1", "o-r2": "2", "o-r3": "3"},
    "p": {"p-r1": "p-c1", "p-r2": "p-c2", "p-r3": "p-c3"},
}
FINAL_RIGHT: Answers = {f"t{n}": f"t{n}-a" for n in range(5)}
FINAL_WRONG: Answers = {f"t{n}": f"t{n}-b" for n in range(5)}


@dataclass(frozen=True)
class Outcome:
    """What stands stored of an attempt; ``is_stored``: whether it is what was sent now."""

    attempt_id: int
    number: int
    right_count: int
    asked_count: int
    has_passed: bool
    completion_id: int | None
    is_stored: bool = field(compare=False, default=True)


@dataclass(frozen=True)
class Learner:
    """A person at a moment; ``at`` is the same person later."""

    session: Session
    person_id: int
    now: dt.datetime = builders.NOW
    course: Course = COURSE

    def at(self, **later: int) -> "Learner":
        return Learner(self.session, self.person_id, self.now + dt.timedelta(**later), self.course)

    def deed(self) -> Deed:
        return Deed(journal_person(self.person_id), self.now, self.now.date())

    def send(
        self, lesson: Lesson, answers: Answers, number: int = 1, signed: SignedAttempt | None = None
    ) -> Outcome:
        """Read the form, submit it, and look up what stands stored."""
        form = signed or sign(lesson, number)
        record = queries.training_record(self.session, self.person_id)
        draft = queries.draft(self.session, self.person_id, lesson, record.attempt_count(lesson.key) + 1)
        reply = replies.parse(lesson.questions, builders.form(answers))
        sent = Submission(self.course, lesson, form, reply, draft)
        is_stored = actions.submit_attempt(self.session, self.deed(), record, sent, renewal_days=RENEWAL_DAYS)
        return self._outcome(lesson, form.number, is_stored)

    def _outcome(self, lesson: Lesson, number: int, is_stored: bool) -> Outcome:
        attempt = self.session.scalars(
            sa.select(Attempt).where(
                Attempt.person_id == self.person_id, Attempt.lesson == lesson.key, Attempt.number == number
            )
        ).one()
        completion_id = self.session.scalar(
            sa.select(Completion.id).where(Completion.attempt_id == attempt.id)
        )
        counts = attempt.right_count, attempt.asked_count
        return Outcome(attempt.id, number, *counts, attempt.has_passed, completion_id, is_stored)

    def read(self, lesson: Lesson = READ) -> None:
        record = queries.training_record(self.session, self.person_id)
        actions.mark_read(self.session, self.deed(), record, self.course, lesson)

    def do_all_lessons(self) -> None:
        self.send(ASK, ASK_RIGHT)
        self.send(SORT, SORT_RIGHT)
        self.read()


def sign(lesson: Lesson, number: int = 1) -> SignedAttempt:
    """What the lesson's form carries for this attempt, when every question is asked."""
    drawn = drawing.Drawn(number, lesson.blocks)
    return SignedAttempt(lesson.key, number, lesson.edition, lesson.hash, drawn.question_ids)
