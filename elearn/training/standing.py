"""What everybody has done in each course on a date, as a select: coverage and the manager's list both join
it."""

import datetime as dt

import sqlalchemy as sa

from elearn.training.models import Attempt, Completion, CompletionRecall, LessonCompletion


def course_standing(on: dt.date) -> sa.Subquery:
    """A row per person and course in which anything was done on or before the date: ``valid_until`` is the
    last day of the completion that holds longest, null if there is none.

    Progress is a completion, a sent attempt or a lesson completion made in that course (measure.md, rule 6);
    a recalled completion is nothing at all."""
    is_recalled = sa.exists().where(CompletionRecall.completion_id == Completion.id)
    completed = sa.select(Completion.person_id, Completion.course, Completion.valid_until).where(
        Completion.completed_on <= on, ~is_recalled
    )
    nothing = sa.cast(sa.null(), sa.Date)
    begun = [
        sa.select(model.person_id, model.course, nothing).where(day <= on)
        for model, day in ((Attempt, Attempt.submitted_on), (LessonCompletion, LessonCompletion.completed_on))
    ]
    done = sa.union_all(completed, *begun).subquery("done")
    return (
        sa.select(done.c.person_id, done.c.course, sa.func.max(done.c.valid_until).label("valid_until"))
        .group_by(done.c.person_id, done.c.course)
        .subquery("standing")
    )
