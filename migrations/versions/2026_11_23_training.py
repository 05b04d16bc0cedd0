"""What they have done: attempts, completions, recalls, and answers that name nobody."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_training"
down_revision = "2026_11_23_people"


# A completion is evidence: it is corrected by a row in completion_recall, never by changing it (S45).
SQLITE_TRIGGERS = [
    f"CREATE TRIGGER completion_no_{verb} BEFORE {verb.upper()} ON completion "
    "BEGIN SELECT RAISE(ABORT, 'a completion is never changed'); END"
    for verb in ("update", "delete")
]
POSTGRESQL_TRIGGERS = [
    "CREATE FUNCTION refuse_completion_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'a completion is never changed'; END $$",
    "CREATE TRIGGER completion_unchanged BEFORE UPDATE OR DELETE ON completion FOR EACH ROW EXECUTE FUNCTION refuse_completion_change()",
]


def upgrade() -> None:
    op.create_table(
        "answer_tally",
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("choice_key", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("is_first_attempt", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "question_id", "choice_key", "course", "is_first_attempt", name=op.f("pk_answer_tally")
        ),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("lesson_hash", sa.Text(), nullable=False),
        sa.Column("right_count", sa.Integer(), nullable=False),
        sa.Column("asked_count", sa.Integer(), nullable=False),
        sa.Column("has_passed", sa.Boolean(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("answers_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attempt_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("person_id", "lesson", "number", name=op.f("uq_attempt_person_id_lesson_number")),
    )
    op.create_index(
        "ix_attempt_answers_due",
        "attempt",
        ["answers_due_at"],
        unique=False,
        sqlite_where=sa.text("answers IS NOT NULL"),
        postgresql_where=sa.text("answers IS NOT NULL"),
    )
    op.create_table(
        "lesson_completion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_lesson_completion_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_completion")),
        sa.UniqueConstraint(
            "person_id", "lesson", "edition", name=op.f("uq_lesson_completion_person_id_lesson_edition")
        ),
    )
    op.create_table(
        "completion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("course_title", sa.Text(), nullable=False),
        sa.Column("course_edition", sa.Integer(), nullable=False),
        sa.Column("course_hash", sa.Text(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(attempt_id IS NULL) = (source IS NOT NULL)", name=op.f("ck_completion_attempt_or_source")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_completion_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_completion_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_completion_attempt_id")),
        sa.UniqueConstraint(
            "person_id",
            "course",
            "completed_on",
            "source",
            name=op.f("uq_completion_person_id_course_completed_on_source"),
        ),
    )
    op.create_table(
        "completion_recall",
        sa.Column("completion_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recalled_by", sa.Text(), nullable=False),
        sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completion.id"], name=op.f("fk_completion_recall_completion_id_completion")
        ),
        sa.PrimaryKeyConstraint("completion_id", name=op.f("pk_completion_recall")),
    )

    triggers = SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_TRIGGERS
    for statement in triggers:
        op.execute(statement)
