"""Small builders: a unit, a person, a course, in one readable line each."""

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from elearn.content.catalog import Catalog
from elearn.content.course import Choice, Course, CourseStep, Lesson, LessonKind, Question, QuestionKind, Row
from elearn.content.prose import NOTHING, Prose
from elearn.journal.deed import Actor, Deed, operator
from elearn.people import positions
from elearn.people.models import Employment, OrgUnit, Person, UnitKind, UnitManager
from elearn.reports.coverage import UnitCoverage
from elearn.swedish import folded
from elearn.training.curriculum import Curriculum, OfferedCourse, RequiredCourse
from elearn.training.models import Completion, TargetDecision

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
_numbers = itertools.count(5000)


def deed(now: dt.datetime = NOW, today: dt.date = TODAY, by: Actor | None = None) -> Deed:
    """An act of an operator's, if nobody else is named."""
    return Deed(by or operator("anna"), now, today)


Answers: TypeAlias = Mapping[str, str | Sequence[str] | Mapping[str, str] | None]


def form(answers: Answers) -> MultiDict[str, str]:
    """A lesson's form as a browser sends it: a question's choice, its choices, or its rows."""
    fields: list[tuple[str, str]] = []
    for name, answer in answers.items():
        if isinstance(answer, Mapping):
            fields += [(f"{name}.{row}", value) for row, value in answer.items()]
        else:
            fields += [(name, value) for value in ([answer] if isinstance(answer, str) else answer or ())]
    return MultiDict(fields)


def unit(
    session: Session,
    code: str,
    kind: UnitKind = UnitKind.UNIT,
    parent: OrgUnit | None = None,
    job_role: str | None = None,
    name: str = "",
    ends_on: dt.date | None = None,
    committee: str | None = None,
) -> OrgUnit:
    row = OrgUnit(
        code=code,
        name=name or f"Enhet {code}",
        kind=kind,
        parent_id=parent.id if parent else None,
        job_role=job_role,
        ends_on=ends_on,
        committee=committee,
    )
    session.add(row)
    session.flush()
    return row


def person(
    session: Session,
    first_name: str = "Sara",
    last_name: str = "Lind",
    number: str = "",
    email: str | None = None,
    *,
    is_protected: bool = False,
) -> Person:
    row = Person(
        number=number or str(next(_numbers)),
        first_name=first_name,
        last_name=last_name,
        email=email,
        is_protected=is_protected,
    )
    session.add(row)
    session.flush()
    return row


def employ(
    session: Session,
    someone: Person,
    at: OrgUnit,
    job_role: str | None = None,
    starts_on: dt.date = dt.date(2020, 1, 1),
    ends_on: dt.date | None = None,
    position: str | None = "Barnskötare",
) -> Employment:
    """``position``: those of several contracts stand on a line each."""
    row = Employment(
        person_id=someone.id,
        unit_id=at.id,
        job_role=job_role,
        position=position.replace("\n", ", ") if position else None,
        position_key=positions.key((position or "").split("\n")),
        starts_on=starts_on,
        ends_on=ends_on,
        reported_from=starts_on,
    )
    session.add(row)
    session.flush()
    return row


def manage(session: Session, someone: Person, managed: OrgUnit) -> None:
    session.add(UnitManager(unit_id=managed.id, person_id=someone.id))
    session.flush()


def exempt(
    session: Session,
    someone: Person,
    at: OrgUnit | None = None,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    reason: str = "Tjänstledig",
) -> TargetDecision:
    row = TargetDecision(
        person_id=someone.id,
        unit_id=at.id if at else None,
        covers_below=False,
        is_included=False,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        decided_by=None,
        recorded_at=NOW,
    )
    session.add(row)
    session.flush()
    return row


def decide(
    session: Session,
    at: OrgUnit | None = None,
    someone: Person | None = None,
    position: str | None = None,
    *,
    is_included: bool = False,
    job_role: str | None = None,
    starts_on: dt.date | None = dt.date(2026, 1, 1),
    ends_on: dt.date | None = None,
    recorded_at: dt.datetime = NOW,
) -> TargetDecision:
    """A decision as malgrupp.csv makes them."""
    row = TargetDecision(
        person_id=someone.id if someone else None,
        unit_id=at.id if at else None,
        covers_below=True,
        position=position,
        position_key=folded(position) or None,
        is_included=is_included,
        job_role=job_role,
        starts_on=starts_on,
        ends_on=ends_on,
        reason="",
        decided_by="VPC",
        recorded_at=recorded_at,
    )
    session.add(row)
    session.flush()
    return row


def recognise(
    session: Session,
    someone: Person,
    course: str,
    completed_on: dt.date,
    valid_until: dt.date,
    source: str = "Heldag på plats",
    recorded_at: dt.datetime = NOW,
) -> Completion:
    row = Completion(
        person_id=someone.id,
        course=course,
        course_title=f"Kursen {course}",
        course_edition=1,
        course_hash="0" * 64,
        completed_on=completed_on,
        valid_until=valid_until,
        attempt_id=None,
        source=source,
        recorded_at=recorded_at,
    )
    session.add(row)
    session.flush()
    return row


def choice(key: str, is_right: bool = False) -> Choice:
    return Choice(
        key=key, text=f"Val {key}", feedback=Prose((f"<p>Återkoppling {key}.</p>",)), is_right=is_right
    )


def question(id: str, kind: QuestionKind = QuestionKind.SINGLE, must_be_right: bool = False) -> Question:
    """A question with the choices ``a`` (right), ``b`` and ``c``."""
    choices = (
        choice(f"{id}-a", is_right=kind != QuestionKind.SCENARIO),
        choice(f"{id}-b"),
        choice(f"{id}-c"),
    )
    return Question(
        id=id,
        kind=kind,
        prompt=f"Vad gör du, {id}?",
        situation=NOTHING,
        choices=choices,
        rows=(),
        explanation=Prose((f"<p>Förklaring {id}.</p>",)),
        must_be_right=must_be_right,
    )


def ordering(id: str, row_count: int = 3, must_be_right: bool = False) -> Question:
    """An ordering of ``<id>-r1``, ``<id>-r2``…, which is the right order."""
    rows = tuple(Row(key=f"{id}-r{n}", text=f"Rad {n}", answer=str(n)) for n in range(1, row_count + 1))
    return Question(
        id=id,
        kind=QuestionKind.ORDER,
        prompt=f"I vilken ordning, {id}?",
        situation=NOTHING,
        choices=(),
        rows=rows,
        explanation=Prose((f"<p>Förklaring {id}.</p>",)),
        must_be_right=must_be_right,
    )


def matching(id: str, row_count: int = 3, must_be_right: bool = False) -> Question:
    """A matching of ``<id>-r1`` with ``<id>-c1``, and so on."""
    numbers = range(1, row_count + 1)
    rows = tuple(Row(key=f"{id}-r{n}", text=f"Rad {n}", answer=f"{id}-c{n}") for n in numbers)
    return Question(
        id=id,
        kind=QuestionKind.MATCH,
        prompt=f"Vad hör ihop, {id}?",
        situation=NOTHING,
        choices=tuple(choice(f"{id}-c{n}") for n in numbers),
        rows=rows,
        explanation=Prose((f"<p>Förklaring {id}.</p>",)),
        must_be_right=must_be_right,
    )


def lesson(
    key: str,
    *questions: Question,
    kind: LessonKind = LessonKind.LESSON,
    draw: int | None = None,
    draw_must: int | None = None,
    edition: int = 1,
    hash: str = "1" * 64,
    is_shuffled: bool = True,
) -> Lesson:
    return Lesson(
        key=key,
        title=key.rpartition("/")[2].capitalize(),
        kind=kind,
        minutes=10,
        subjects=frozenset({"könsstympning"}),
        parts=frozenset({"fakta"}),
        edition=edition,
        draw=draw,
        draw_must=draw_must,
        is_shuffled=is_shuffled,
        blocks=(Prose(("<p>Text.</p>",)), *questions),
        hash=hash,
    )


def course(
    slug: str,
    job_role: str,
    *lessons: Lesson,
    step: CourseStep = CourseStep.BASE,
    validity_months: int = 24,
    pass_mark: Fraction = Fraction(4, 5),
    edition: int = 1,
) -> Course:
    return Course(
        slug=slug,
        title=f"Kursen {slug}",
        heading=f"Kursen {slug}",
        job_roles=(job_role,),
        step=step,
        validity_months=validity_months,
        pass_mark=pass_mark,
        edition=edition,
        activity="4.4",
        committees="Kommunstyrelsen",
        intro=Prose(("<p>Inledning.</p>",)),
        lessons=lessons,
        hash="2" * 64,
    )


def curriculum(
    required: Mapping[str, str],
    offered: Iterable[tuple[str, str]] = (),
    introduced_on: dt.date | None = None,
) -> Curriculum:
    """Job role -> slug of its base course, and (job role, slug) of what is offered beside it."""
    return Curriculum(
        tuple(
            RequiredCourse(role, slug, 24, Fraction(4, 5), introduced_on) for role, slug in required.items()
        ),
        tuple(OfferedCourse(role, slug) for role, slug in offered),
    )


def catalog(*courses: Course) -> Catalog:
    return Catalog(courses={course.slug: course for course in courses}, facts={}, contacts={})


def unit_coverage(
    code: str,
    target: int,
    trained: int,
    kind: UnitKind = UnitKind.UNIT,
    parent: str | None = None,
    depth: int = 0,
) -> UnitCoverage:
    """A row of coverage where everybody is in the target group and the rest have not begun."""
    return UnitCoverage(
        unit_id=1,
        code=code,
        name=code,
        kind=kind,
        parent=parent,
        committee=None,
        depth=depth,
        employees=target,
        target=target,
        trained=trained,
        expired=0,
        started=0,
        not_started=target - trained,
        offered=target,
        exempt=0,
        external=0,
        without_course=0,
        without_role=0,
    )
