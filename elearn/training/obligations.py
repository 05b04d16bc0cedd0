"""Who must take what, by when, and how far they have come: the one select that everything which counts
people starts from (measure.md, rules 1-6 and "Due").

All pages and reports read it and nothing else, so they cannot disagree. Status is told in Python and in SQL.
"""

import datetime as dt
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.people import access, org_tree
from elearn.people.models import Employment
from elearn.training import target_group
from elearn.training.curriculum import Curriculum
from elearn.training.models import Attempt, Completion, CompletionRecall, LessonCompletion

ON = sa.bindparam("on", type_=sa.Date)


class Status(StrEnum):
    """How far an obligation, or a person's obligations together, has come. In the target group the best
    comes first; outside it the reasons stand in the order in which the first that holds is counted."""

    TRAINED = "trained"
    EXPIRED = "expired"
    STARTED = "started"
    NOT_STARTED = "not_started"
    EXEMPT = "exempt"
    EXTERNAL = "external"
    WITHOUT_COURSE = "without_course"
    WITHOUT_ROLE = "without_role"


RANK = {status: rank for rank, status in enumerate(Status)}
OUTSIDE = (Status.EXEMPT, Status.EXTERNAL, Status.WITHOUT_COURSE, Status.WITHOUT_ROLE)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an obligation is judged by: the date, and the settings' days (``ELEARN_DUE_DAYS``,
    ``ELEARN_RENEWAL_DAYS``)."""

    on: dt.date
    due_days: int
    renewal_days: int


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Whose employments are asked for: a condition on ``Employment`` that is applied before anything is
    joined, so that one person's page costs the same in a village and in a county. None: everybody's."""

    condition: sa.ColumnElement[bool] | None


EVERYBODY = Scope(None)
ONE_PERSON = Scope(Employment.person_id == sa.bindparam("person_id", type_=sa.Integer))
ONE_UNIT = Scope(Employment.unit_id == sa.bindparam("unit_id", type_=sa.Integer))
UNITS = Scope(Employment.unit_id.in_(sa.bindparam("unit_ids", type_=sa.Integer, expanding=True)))


def in_units(unit_ids: sa.Select[int]) -> Scope:
    """The employments in these units themselves."""
    return Scope(Employment.unit_id.in_(unit_ids))


@dataclass(frozen=True, slots=True)
class Obligation:
    """One employment's duty on a date. ``outside``: why it is not in the target group; None when it is.
    ``valid_until``: the last day of the completion that holds longest; it may be past. ``due_on``: None
    outside the target group. ``exempt_until``: None also for an exemption without an end."""

    employment_id: int
    person_id: int
    unit_id: int
    job_role: str | None
    course: str | None
    outside: Status | None
    valid_until: dt.date | None
    has_begun: bool
    due_on: dt.date | None
    exempt_until: dt.date | None


def status(obligation: Obligation, terms: Terms) -> Status:
    """By measure.md rule 6, of one employment. Its twin in SQL is ``rank``."""
    return obligation.outside or standing(obligation.valid_until, obligation.has_begun, terms.on)


def standing(valid_until: dt.date | None, has_begun: bool, on: dt.date) -> Status:
    """How far somebody has come in a course on a date, whether or not it is required."""
    if valid_until is not None:
        return Status.TRAINED if on <= valid_until else Status.EXPIRED
    return Status.STARTED if has_begun else Status.NOT_STARTED


def together(statuses: Iterable[Status]) -> Status:
    """By measure.md rule 6, of one person's (at least one). Its twin in SQL is ``rank_together``."""
    ranks = [RANK[status] for status in statuses]
    best = min(ranks)
    if best >= RANK[Status.EXEMPT]:
        return tuple(Status)[best]
    worst = max(rank for rank in ranks if rank < RANK[Status.EXEMPT])
    if worst <= RANK[Status.EXPIRED]:
        return tuple(Status)[worst]
    return Status.STARTED if best < RANK[Status.NOT_STARTED] else Status.NOT_STARTED


def is_overdue(obligation: Obligation, terms: Terms) -> bool:
    """In the target group, not trained, and the last day has passed (measure.md, "Due")."""
    is_lacking = obligation.outside is None and status(obligation, terms) != Status.TRAINED
    return is_lacking and obligation.due_on is not None and obligation.due_on < terms.on


def rank(duty: sa.FromClause) -> sa.ColumnElement[int]:
    """``status`` of a row of ``obligations`` as its rank."""
    outside = ((duty.c.outside == reason.value, RANK[reason]) for reason in OUTSIDE)
    return sa.case(
        *outside,
        (duty.c.valid_until >= ON, RANK[Status.TRAINED]),
        (duty.c.valid_until.is_not(None), RANK[Status.EXPIRED]),
        (duty.c.has_begun == 1, RANK[Status.STARTED]),
        else_=RANK[Status.NOT_STARTED],
    )


def rank_together(ranked: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """``together`` of a group of rows as its rank, from each row's rank."""
    best = sa.func.min(ranked)
    worst = sa.func.max(sa.case((ranked < RANK[Status.EXEMPT], ranked)))
    return sa.case(
        (best >= RANK[Status.EXEMPT], best),
        (worst <= RANK[Status.EXPIRED], worst),
        (best < RANK[Status.NOT_STARTED], RANK[Status.STARTED]),
        else_=RANK[Status.NOT_STARTED],
    )


def obligations(curriculum: Curriculum, scope: Scope) -> sa.CTE:
    """THE select: a row per employment in scope that is active on the date ``on`` (a parameter of the
    statement), with the columns of ``Obligation``, but ``due_from`` for ``due_on``, and ``decision_id``
    of the decision that holds."""
    # Both engines would otherwise make a column anew in each place that uses it.
    known = _with_validity(_required(curriculum, active_jobs(scope))).cte("known").prefix_with("MATERIALIZED")
    has_begun = sa.or_(known.c.valid_until.is_not(None), _has_begun(known))
    return sa.select(*known.c, sa.case((has_begun, 1), else_=0).label("has_begun")).cte("duty")


def of_person(
    session: Session, curriculum: Curriculum, person_id: int, terms: Terms
) -> tuple[Obligation, ...]:
    """This person's obligations on the date of the terms, by employment."""
    return _find(session, _prepared(curriculum, ONE_PERSON), terms, person_id=person_id)


def of_everybody(session: Session, curriculum: Curriculum, terms: Terms) -> tuple[Obligation, ...]:
    """Everybody's obligations on the date of the terms, by employment."""
    return _find(session, _prepared(curriculum, EVERYBODY), terms)


def of_unit(session: Session, curriculum: Curriculum, unit_id: int, terms: Terms) -> tuple[Obligation, ...]:
    """Those of the employments in exactly this unit on the date of the terms, by employment."""
    return _find(session, _prepared(curriculum, ONE_UNIT), terms, unit_id=unit_id)


def _find(
    session: Session, statement: sa.Select[Any], terms: Terms, **parameters: int
) -> tuple[Obligation, ...]:
    rows = session.connection().execute(statement, {"on": terms.on, **parameters})
    return tuple(from_row(row, terms) for row in rows)


def from_row(row: sa.Row[Any], terms: Terms) -> Obligation:
    """A row of ``obligations`` judged by the terms."""
    outside = Status(row.outside) if row.outside else None
    return Obligation(
        row.employment_id,
        row.person_id,
        row.unit_id,
        row.job_role,
        row.course,
        outside,
        row.valid_until,
        bool(row.has_begun),
        None if outside else _due_on(row.valid_until, row.due_from, terms.due_days),
        row.exempt_until,
    )


def _due_on(valid_until: dt.date | None, due_from: dt.date, due_days: int) -> dt.date:
    """By measure.md, "Due": after a first completion the day after its last, before it so many days after the
    employment began or the course was introduced."""
    return valid_until + dt.timedelta(days=1) if valid_until else due_from + dt.timedelta(days=due_days)


@functools.lru_cache(maxsize=16)
def _prepared(curriculum: Curriculum, scope: Scope) -> sa.Select[Any]:
    """Built once: building it takes longer than asking for one person."""
    duty = obligations(curriculum, scope)
    return sa.select(*duty.c).order_by(duty.c.employment_id)


def active_jobs(scope: Scope) -> sa.CTE:
    """The employments in scope that are active on the date ``on``."""
    columns = (
        Employment.person_id,
        Employment.unit_id,
        Employment.job_role,
        Employment.position_key,
        Employment.starts_on,
    )
    active = sa.select(Employment.id.label("employment_id"), *columns).where(access.is_active(ON))
    return (active if scope.condition is None else active.where(scope.condition)).cte("jobs")


def _required(curriculum: Curriculum, jobs: sa.CTE) -> sa.Select[Any]:
    """What each of these employments must take, and why it need not (rules 2-4)."""
    taught = _taught(curriculum)
    inherited = org_tree.inherited(sa.select(jobs.c.unit_id))
    decision = target_group.holding(jobs, ON)
    job_role = sa.func.coalesce(jobs.c.job_role, decision.c.job_role, inherited.c.job_role)
    outside = sa.case(
        (decision.c.is_included == sa.false(), Status.EXEMPT.value),
        (inherited.c.is_external == 1, Status.EXTERNAL.value),
        (job_role.is_(None), Status.WITHOUT_ROLE.value),
        (taught.c.course.is_(None), Status.WITHOUT_COURSE.value),
    )
    is_included = decision.c.is_included == sa.true()
    changes_role = job_role.is_distinct_from(sa.func.coalesce(jobs.c.job_role, inherited.c.job_role))
    puts_in = sa.and_(is_included, sa.or_(changes_role, decision.c.lifts_exemption))
    put_in_on = sa.case((puts_in, decision.c.starts_on))
    return (
        sa.select(
            jobs.c.employment_id,
            jobs.c.person_id,
            jobs.c.unit_id,
            job_role.label("job_role"),
            taught.c.course.label("course"),
            outside.label("outside"),
            decision.c.decision_id,
            _latest(jobs.c.starts_on, taught.c.introduced_on, put_in_on).label("due_from"),
            sa.case((~is_included, decision.c.exempt_until)).label("exempt_until"),
        )
        .join(inherited, inherited.c.unit_id == jobs.c.unit_id)
        .outerjoin(decision, decision.c.employment_id == jobs.c.employment_id)
        .outerjoin(taught, taught.c.job_role == job_role)
    )


def _latest(
    first: sa.ColumnElement[dt.date], *others: sa.ColumnElement[dt.date]
) -> sa.ColumnElement[dt.date]:
    """The latest of these days; of the others, any may be null."""
    latest = first
    for day in others:
        latest = sa.case((day > latest, day), else_=latest)
    return latest


def _taught(curriculum: Curriculum) -> sa.CTE:
    """The curriculum's roles as rows, and one that no role can have, so that there is a row. Not ``VALUES``:
    SQLAlchemy would compile the whole select anew each time."""

    def row(job_role: str, course: str | None, introduced_on: dt.date | None) -> sa.Select[str, str, dt.date]:
        role, slug = sa.literal(job_role).label("job_role"), sa.literal(course, sa.Text).label("course")
        return sa.select(role, slug, sa.literal(introduced_on, sa.Date).label("introduced_on"))

    taught = (row(one.job_role, one.course, one.introduced_on) for one in curriculum.required)
    return sa.union_all(row("", None, None), *taught).cte("taught")


def _with_validity(required: sa.Select[Any]) -> sa.Select[Any]:
    """With the last day of the person's completion of the course that holds longest; recalled ones are none
    (rule 5). Looked up for each row, so that nobody else's completions are read."""
    job = required.cte("required")
    is_recalled = sa.exists().where(CompletionRecall.completion_id == Completion.id)
    valid_until = (
        sa.select(sa.func.max(Completion.valid_until))
        .where(Completion.person_id == job.c.person_id, Completion.course == job.c.course)
        .where(Completion.completed_on <= ON, ~is_recalled)
        .scalar_subquery()
    )
    return sa.select(*job.c, valid_until.label("valid_until"))


def _has_begun(known: sa.CTE) -> sa.ColumnElement[bool]:
    """Whether an attempt was sent or a lesson done in that course: progress without a completion."""
    days = ((Attempt, Attempt.submitted_on), (LessonCompletion, LessonCompletion.completed_on))
    return sa.or_(
        *(
            sa.exists().where(model.person_id == known.c.person_id, model.course == known.c.course, day <= ON)
            for model, day in days
        )
    )
