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
OWN_DAYS = 2 * 365  # since the first tests here; what is older was a day on site
RECOGNISED_SOURCE = "Heldag på plats"
# How far a unit has come: the share of its staff that is trained, and how many units of a hundred are like
# that.
UNIT_KINDS = (0.985, 0.84, 0.62, 0.12)
# One unit after the other has begun, and each takes some months; a certificate holds for two years.
BEGAN_DAYS_AGO, PACE_DAYS, RENEWED_AFTER = (40, DAYS - 60), 150, (640, 720)
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
        if day > self.today - dt.timedelta(days=OWN_DAYS):
            attempt_id = self.add_attempt(person_id, course, day)
            self.add_lessons(person_id, course, len(course.lessons) - 1, day)
        recorded_at = self.moment(day)
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
                # An own one is recorded in the moment that its test is sent.
                "recorded_at": self.attempts[-1]["submitted_at"] if attempt_id else recorded_at,
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

    def add_person(self, person_id: int, course: Course, unit: "UnitPace") -> None:
        """One person's way: trained, else expired, started or nothing at all."""
        if self.chance.random() < unit.share:
            self.add_training(person_id, course, unit.began_days_ago)
        elif (turn := self.chance.random()) < 0.3:
            self.add_completion(person_id, course, self.days_ago(DAYS, 760))
        elif turn < 0.65:
            self.add_lessons(
                person_id, course, self.chance.randrange(1, len(course.lessons)), self.days_ago(200, 1)
            )

    def add_training(self, person_id: int, course: Course, began_days_ago: int) -> None:
        """Within some months of when the unit began, and renewed before it ran out."""
        days = max(3, began_days_ago - self.chance.randrange(PACE_DAYS))
        if days >= OWN_DAYS:
            self.add_completion(person_id, course, self.today - dt.timedelta(days=days))
            days -= self.chance.randrange(*RENEWED_AFTER)
        self.add_completion(person_id, course, self.today - dt.timedelta(days=max(3, days)))


@dataclass(frozen=True, slots=True)
class UnitPace:
    """How a unit has taken it on: the share of its staff that is trained, and since when."""

    share: float
    began_days_ago: int


def record(session: Session, catalog: Catalog, today: dt.date, untouched: frozenset[int]) -> None:
    """Write the history of everybody in the target group but ``untouched``, whose course is theirs to do."""
    history = History(random.Random(SEED), today)
    terms = obligations.Terms(today, due_days=0, renewal_days=0)
    duties = obligations.of_everybody(session, curriculum.from_catalog(catalog), terms)
    paces: dict[int, UnitPace] = {}
    seen: set[int] = set(untouched)
    codes = {id: code for code, id in queries.unit_ids(session).items()}
    for duty in sorted(duties, key=lambda duty: (duty.unit_id, duty.person_id)):
        weights = WEIGHTS.get(codes[duty.unit_id].partition("-")[0], (1, 1, 1, 1))
        if duty.unit_id not in paces:
            share = history.chance.choices(UNIT_KINDS, weights)[0]
            paces[duty.unit_id] = UnitPace(share, history.chance.randrange(*BEGAN_DAYS_AGO))
        course = catalog.course(duty.course or "")
        if duty.outside is None and course and duty.person_id not in seen:
            seen.add(duty.person_id)
            history.add_person(duty.person_id, course, paces[duty.unit_id])
    for model, rows in (
        (Attempt, history.attempts),
        (LessonCompletion, history.lessons),
        (Completion, history.completions),
    ):
        if rows:
            session.execute(sa.insert(model), rows)
