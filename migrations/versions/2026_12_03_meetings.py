"""Training on site: meetings, who attended, what VPC recognises, the completions that come of it; and staff
meetings."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_03_meetings"
down_revision = "2026_12_03_malgrupp"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _meetings()
    _recognitions()
    op.create_table(
        "staff_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("participant_count", sa.Integer(), nullable=False),
        *_recorded(),
        sa.Column("recalled_at", MOMENT),
        sa.Column("recalled_by", sa.Text()),
        sa.CheckConstraint("participant_count > 0", name=op.f("ck_staff_meeting_somebody")),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_staff_meeting_unit_id_org_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_meeting")),
    )
    _one_that_holds("staff_meeting", ["unit_id", "held_on"], "recalled_at")


def _meetings() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        *_recorded(),
        *_withdrawn(),
        sa.Column("withdrawal_reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index(op.f("ix_meeting_held_on"), "meeting", ["held_on"])
    op.create_table(
        "meeting_department",
        _of_meeting("meeting_department"),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_meeting_department_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "unit_id", name=op.f("pk_meeting_department")),
    )
    op.create_index(op.f("ix_meeting_department_unit_id"), "meeting_department", ["unit_id"])
    op.create_table(
        "meeting_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        _of_meeting("meeting_attendance"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        *_recorded(),
        *_withdrawn(),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_meeting_attendance_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_attendance")),
    )
    op.create_index(op.f("ix_meeting_attendance_person_id"), "meeting_attendance", ["person_id"])
    _one_that_holds("meeting_attendance", ["meeting_id", "person_id"])


def _recognitions() -> None:
    op.create_table(
        "meeting_recognition",
        sa.Column("id", sa.Integer(), nullable=False),
        _of_meeting("meeting_recognition"),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_recorded(),
        *_withdrawn(),
        sa.Column("withdrawal_reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_recognition")),
    )
    _one_that_holds("meeting_recognition", ["meeting_id", "subject"])
    op.create_table(
        "meeting_completion",
        sa.Column("completion_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completion.id"], name=op.f("fk_meeting_completion_completion_id_completion")
        ),
        sa.PrimaryKeyConstraint("completion_id", name=op.f("pk_meeting_completion")),
    )


def _of_meeting(table: str) -> sa.Column[int]:
    key = sa.ForeignKey("meeting.id", name=op.f(f"fk_{table}_meeting_id_meeting"))
    return sa.Column("meeting_id", sa.Integer(), key, nullable=False)


def _recorded() -> list[sa.Column[object]]:
    return [
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
    ]


def _withdrawn() -> list[sa.Column[object]]:
    return [sa.Column("withdrawn_at", MOMENT), sa.Column("withdrawn_by", sa.Text())]


def _one_that_holds(table: str, columns: list[str], ended: str = "withdrawn_at") -> None:
    holds = sa.text(f"{ended} IS NULL")
    op.create_index(
        f"uq_{table}_holds", table, columns, unique=True, sqlite_where=holds, postgresql_where=holds
    )
