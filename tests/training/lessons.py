"""A small course to send forms in: two lessons, one to read and a final test; and a readable way to send."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from elearn.content.course import Course, Lesson, LessonKind
from elearn.training import actions, drawing, grading
from elearn.training.actions import Submitted
from elearn.training.drawing import SignedAttempt
from tests import builders

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

ASK_RIGHT: grading.Answers = {"q": "q-a", "w": "w-a"}
SORT_RIGHT: grading.Answers = {
    "o": {"o-r1": "1", "o-r2": "2", "o-r3": "3"},
    "p": {"p-r1": "p-c1", "p-r2": "p-c2", "p-r3": "p-c3"},
}
FINAL_RIGHT: grading.Answers = {f"t{n}": f"t{n}-a" for n in range(5)}
FINAL_WRONG: grading.Answers = {f"t{n}": f"t{n}-b" for n in range(5)}


@dataclass(frozen=True)
class Learner:
    """A person at a moment; ``at`` is the same person later."""

    session: Session
    person_id: int
    now: dt.datetime = builders.NOW
    course: Course = COURSE

    def at(self, **later: int) -> "Learner":
        return Learner(self.session, self.person_id, self.now + dt.timedelta(**later), self.course)

    def send(
        self, lesson: Lesson, answers: grading.Answers, number: int = 1, signed: SignedAttempt | None = None
    ) -> Submitted:
        return actions.submit_attempt(
            self.session,
            self.course,
            lesson,
            self.person_id,
            signed or sign(lesson, number),
            answers,
            today=self.now.date(),
            now=self.now,
            renewal_days=RENEWAL_DAYS,
        )

    def read(self, lesson: Lesson = READ) -> None:
        actions.mark_read(
            self.session, self.course, lesson, self.person_id, today=self.now.date(), now=self.now
        )

    def do_all_lessons(self) -> None:
        self.send(ASK, ASK_RIGHT)
        self.send(SORT, SORT_RIGHT)
        self.read()


def sign(lesson: Lesson, number: int = 1) -> SignedAttempt:
    """What the lesson's form carries for this attempt, when every question is asked."""
    drawn = drawing.Drawn(lesson.key, number, lesson.blocks)
    return SignedAttempt(lesson.key, number, lesson.edition, lesson.hash, drawn.question_ids)
