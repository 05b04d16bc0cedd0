"""What they have done. An attempt is one sent form; a completion is never changed, only recalled by a row of
its own (S45)."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Base, UtcMoment
from elearn.training import certificate_codes

ANSWERS_KEPT = dt.timedelta(days=30)


def _answers_due(context: Any) -> dt.datetime:  # SQLAlchemy's execution context, whose method has no types
    submitted_at: dt.datetime = context.get_current_parameters()["submitted_at"]
    return submitted_at + ANSWERS_KEPT


class Attempt(Base):
    """A sent form of one lesson, made in one course.

    ``answers`` (question id -> what was sent, for the drawn questions in the order shown) is for the
    learner's own review and is erased early (architecture.md, "What is stored"), at ``answers_due_at`` at the
    latest; the score stays.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "lesson", "number"),
        sa.Index(
            "ix_attempt_answers_due",
            "answers_due_at",
            sqlite_where=sa.text("answers IS NOT NULL"),
            postgresql_where=sa.text("answers IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(sa.Text)
    lesson: Mapped[str] = mapped_column(sa.Text)
    number: Mapped[int]
    edition: Mapped[int]
    lesson_hash: Mapped[str] = mapped_column(sa.Text)
    right_count: Mapped[int]
    asked_count: Mapped[int]
    has_passed: Mapped[bool]
    submitted_on: Mapped[dt.date]
    submitted_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    answers: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    answers_due_at: Mapped[dt.datetime] = mapped_column(UtcMoment, default=_answers_due)


class LessonDraft(Base):
    """Where a person is in a lesson that has not been sent: at most one for each lesson.

    ``answers`` is what was chosen last and ``first_answers`` the first reply to each question whose feedback
    has been shown, both question id -> [row, value] … as an attempt keeps them. ``kept_ids`` were right in
    the attempt before; ``asked_ids`` are asked (a final test's retry, or one that was put by; empty: as
    drawn). ``place`` is the id of the last heading reached. Erased as an attempt's answers are, at
    ``answers_due_at``.
    """

    __tablename__ = "lesson_draft"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    course: Mapped[str] = mapped_column(sa.Text)
    number: Mapped[int]  # of the attempt that it will be
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    first_answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    kept_ids: Mapped[list[str]] = mapped_column(sa.JSON)
    asked_ids: Mapped[list[str]] = mapped_column(sa.JSON)
    has_read: Mapped[bool]
    place: Mapped[str] = mapped_column(sa.Text)
    answers_due_at: Mapped[dt.datetime] = mapped_column(UtcMoment, index=True)


class LessonCompletion(Base):
    """A lesson done in one edition, in whichever course: it holds in all of them and never expires."""

    __tablename__ = "lesson_completion"
    __table_args__ = (sa.UniqueConstraint("person_id", "lesson", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(sa.Text)
    lesson: Mapped[str] = mapped_column(sa.Text)
    edition: Mapped[int]
    completed_on: Mapped[dt.date]
    completed_at: Mapped[dt.datetime] = mapped_column(UtcMoment)


class Completion(Base):
    """A course completed and passed, or recognised (then ``source`` says where from and there is no attempt).

    Title, edition and hash are the course's at that time: history outlives edits.
    """

    __tablename__ = "completion"
    __table_args__ = (
        sa.UniqueConstraint("attempt_id"),
        sa.UniqueConstraint("person_id", "course", "completed_on", "source"),
        sa.CheckConstraint("(attempt_id IS NULL) = (source IS NOT NULL)", name="attempt_or_source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(sa.Text)
    course_title: Mapped[str] = mapped_column(sa.Text)
    course_edition: Mapped[int]
    course_hash: Mapped[str] = mapped_column(sa.Text)
    completed_on: Mapped[dt.date]
    valid_until: Mapped[dt.date]
    attempt_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attempt.id"))
    source: Mapped[str | None] = mapped_column(sa.Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    # None: recorded before this was kept.
    recorded_on: Mapped[dt.date | None]
    # None: an own completion, or recorded before this was kept.
    recorded_by: Mapped[str | None] = mapped_column(sa.Text)
    # What the certificate can be checked by; it tells nothing of the person.
    code: Mapped[str] = mapped_column(sa.Text, unique=True, index=True, default=certificate_codes.new)


class CompletionRecall(Base):
    """Takes a wrongly recognised completion out of every count (``återkallad``)."""

    __tablename__ = "completion_recall"

    completion_id: Mapped[int] = mapped_column(sa.ForeignKey("completion.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    recalled_by: Mapped[str] = mapped_column(sa.Text)
    recalled_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    # None: recalled before this was kept.
    recalled_on: Mapped[dt.date | None]


class AnswerTally(Base):
    """How often a choice was made, by nobody in particular. ``choice_key`` is ``row=choice`` for orderings
    and matchings."""

    __tablename__ = "answer_tally"

    question_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    choice_key: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    course: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    is_first_attempt: Mapped[bool] = mapped_column(primary_key=True)
    count: Mapped[int]


class QuestionTally(Base):
    """How many answered a question at their first attempt, and how many of them rightly (0 where nothing is
    right or wrong), by nobody in particular."""

    __tablename__ = "question_tally"

    question_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    course: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    answered_count: Mapped[int]
    right_count: Mapped[int]


class ShownTally(Base):
    """The copy of both tallies that somebody may look at, of one question in one course: first attempts
    alone. Made when ten have answered, and anew when ten more have. ``choices``: how many chose each, by
    choice key. It has no moment: that would tell who was the tenth."""

    __tablename__ = "shown_tally"

    question_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    course: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    answered_count: Mapped[int]
    right_count: Mapped[int]
    choices: Mapped[dict[str, int]] = mapped_column(sa.JSON)


class TargetDecision(Base):
    """``målgruppsbeslut``: these employments are, or are not, to be trained (measure.md, "Decisions about the
    target group"). Never changed and never deleted; ``ended_on`` is set once.

    ``person_id`` alone: the person everywhere; ``unit_id``: in that unit and, if ``covers_below``, below it;
    ``position_key``: those with this position, as ``Employment.position_key`` has it. ``job_role``: given to
    covered employments that have none of their own. Dates inclusive; None = open. A row of undantag.csv is
    one that takes a person out of exactly one unit, or everywhere.
    """

    __tablename__ = "target_decision"
    __table_args__ = (
        sa.CheckConstraint("person_id IS NOT NULL OR unit_id IS NOT NULL", name="covers_somebody"),
        sa.CheckConstraint("position_key IS NULL OR person_id IS NULL", name="position_in_unit"),
        sa.CheckConstraint("job_role IS NULL OR is_included", name="role_when_included"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("org_unit.id"), index=True)
    covers_below: Mapped[bool]
    position: Mapped[str | None] = mapped_column(sa.Text)
    position_key: Mapped[str | None] = mapped_column(sa.Text)
    is_included: Mapped[bool]
    job_role: Mapped[str | None] = mapped_column(sa.Text)
    starts_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]
    reason: Mapped[str] = mapped_column(sa.Text)
    decided_by: Mapped[str | None] = mapped_column(sa.Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcMoment)
    # None: recorded before this was kept.
    recorded_by: Mapped[str | None] = mapped_column(sa.Text)
    # Ended before its time: its last day, and who said so.
    ended_on: Mapped[dt.date | None]
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcMoment)
    ended_by: Mapped[str | None] = mapped_column(sa.Text)
    # Taken back, or corrected by a later row: then it holds on no date.
    recalled_at: Mapped[dt.datetime | None] = mapped_column(UtcMoment)
    recalled_by: Mapped[str | None] = mapped_column(sa.Text)
    recall_reason: Mapped[str | None] = mapped_column(sa.Text)
    # Of the form that it was sent with, so that a form sent twice makes one decision. None: from a file.
    form_key: Mapped[str | None] = mapped_column(sa.Text, unique=True, index=True)
