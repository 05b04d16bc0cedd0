"""Three years of training in the invented municipality: most units are done, some are on the way, a few have
not begun.

Written in bulk, in the same tables and by the same rules as if everybody had sent their tests: an attempt at
the final test, a lesson completion for each lesson, a completion with its validity. Dates are counted back
from today.
"""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.content.catalog import Catalog
from elearn.content.course import Course
from elearn.people import queries
from elearn.training import curriculum, obligations
from elearn.training.models import Attempt, Completion, LessonCompletion

SEED = 20240601
DAYS = 3 * 365
RECOGNISED_SOURCE = "Heldag på plats"
# How far a unit has come: the share of its staff that is trained, and how many units of a hundred are like
# that.
UNIT_KINDS = (0.985, 0.84, 0.62, 0.12)
WEIGHTS = {"SOC": (86, 10, 4, 0), "KOF": (74, 16, 8, 2), "AVUX": (56, 20, 16, 8), "UTB": (64, 16, 14, 6)}


@dataclass(slots=True)
class History:
    """The rows to write, table by table."""

    chance: random.Random
    today: dt.date
    attempts: list[dict[str, Any]] = field(default_factory=list)
    lessons: list[dict[str, Any]] = field(default_factory=list)
    completions: list[dict[str, Any]] = field(default_factory=list)

    def moment(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(
            day, dt.time(8 + self.chance.randrange(8), self.chance.randrange(60)), dt.UTC
        )

    def add_lessons(self, person_id: int, course: Course, count: int, day: dt.date) -> None:
        for lesson in course.lessons[:count]:
            self.lessons.append(
                {
                    "person_id": person_id,
                    "course": course.slug,
                    "lesson": lesson.key,
                    "edition": lesson.edition,
                    "completed_on": day,
                    "completed_at": self.moment(day),
                }
            )

    def add_completion(self, person_id: int, course: Course, day: dt.date) -> None:
        """Its own, with the final test; those of the first year were a day on site, which VPC has
        recognised."""
        attempt_id = None
        if day > self.today - dt.timedelta(days=DAYS * 2 // 3):
            attempt_id = self.add_attempt(person_id, course, day)
            self.add_lessons(person_id, course, len(course.lessons) - 1, day)
        self.completions.append(
            {
                "person_id": person_id,
                "course": course.slug,
                "course_title": course.title,
                "course_edition": course.edition,
                "course_hash": course.hash,
                "completed_on": day,
                "valid_until": curriculum.valid_until(course, day),
                "attempt_id": attempt_id,
                "source": None if attempt_id else RECOGNISED_SOURCE,
                "recorded_at": self.moment(day),
            }
        )

    def add_attempt(self, person_id: int, course: Course, day: dt.date) -> int:
        test = course.final_test
        asked = test.draw or len(test.questions)
        id = len(self.attempts) + 1
        self.attempts.append(
            {
                "id": id,
                "person_id": person_id,
                "course": course.slug,
                "lesson": test.key,
                "number": 1,
                "edition": test.edition,
                "lesson_hash": test.hash,
                "right_count": self.chance.choice((asked, asked, asked - 1)),
                "asked_count": asked,
                "has_passed": True,
                "submitted_on": day,
                "submitted_at": self.moment(day),
                "answers": None,
            }
        )
        return id

    def days_ago(self, earliest: int, latest: int) -> dt.date:
        return self.today - dt.timedelta(days=self.chance.randrange(latest, earliest))

    def add_person(self, person_id: int, course: Course, share: float) -> None:
        """One person's way: trained, else expired, started or nothing at all."""
        if self.chance.random() < share:
            day = self.days_ago(690, 3)
            if day > self.today - dt.timedelta(days=300) and self.chance.random() < 0.3:
                # A day on site two years earlier, renewed here.
                self.add_completion(
                    person_id, course, self.today - dt.timedelta(days=self.chance.randrange(735, DAYS))
                )
            self.add_completion(person_id, course, day)
        elif (turn := self.chance.random()) < 0.3:
            self.add_completion(person_id, course, self.days_ago(DAYS, 760))
        elif turn < 0.65:
            self.add_lessons(
                person_id, course, self.chance.randrange(1, len(course.lessons)), self.days_ago(200, 1)
            )


def record(session: Session, catalog: Catalog, today: dt.date, untouched: frozenset[int]) -> None:
    """Write the history of everybody in the target group but ``untouched``, whose course is theirs to do."""
    history = History(random.Random(SEED), today)
    terms = obligations.Terms(today, due_days=0, renewal_days=0)
    duties = obligations.of_everybody(session, curriculum.from_catalog(catalog), terms)
    shares: dict[int, float] = {}
    seen: set[int] = set(untouched)
    codes = {id: code for code, id in queries.unit_ids(session).items()}
    for duty in sorted(duties, key=lambda duty: (duty.unit_id, duty.person_id)):
        weights = WEIGHTS.get(codes[duty.unit_id].partition("-")[0], (1, 1, 1, 1))
        share = shares.setdefault(duty.unit_id, history.chance.choices(UNIT_KINDS, weights)[0])
        course = catalog.course(duty.course or "")
        if duty.outside is None and course and duty.person_id not in seen:
            seen.add(duty.person_id)
            history.add_person(duty.person_id, course, share)
    for model, rows in (
        (Attempt, history.attempts),
        (LessonCompletion, history.lessons),
        (Completion, history.completions),
    ):
        if rows:
            session.execute(sa.insert(model), rows)
