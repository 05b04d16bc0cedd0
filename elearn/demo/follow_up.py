"""What the coordinators and VPC have done in the invented municipality: decisions about the target group, a
measurement frozen at each half-year's end, the committees' goals and the surveys' answers."""

import datetime as dt
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from elearn.demo.town import CAST, FIRST_NUMBER, Town
from elearn.journal.deed import Deed, person
from elearn.people import queries
from elearn.people.models import AccessRole, Person
from elearn.reports import goals, measurement_actions
from elearn.training.curriculum import Curriculum
from elearn.training.models import Attempt, Completion, LessonCompletion

FIRST_HALF, YEAR = (6, 30), (12, 31)
THRESHOLD = Fraction(9, 10)
MEASUREMENTS = 6  # three years of half-years
TOLD_BEFORE = dt.timedelta(days=14)
# (department, per cent, at the end of which year from this one)
GOALS = (("UTB", "80", 0), ("SOC", "95", 0), ("UTB", "90", 1), ("AVUX", "90", 1), ("KOF", "90", 2))
# (department, year, how many answered, how many had been offered training)
SURVEYS = (
    ("UTB", 2022, 2980, 417), ("SOC", 2022, 640, 301), ("AVUX", 2022, 212, 38), ("KOF", 2022, 330, 43), ("KLF", 2022, 158, 14),
    ("UTB", 2024, 3105, 1242), ("SOC", 2024, 655, 491), ("AVUX", 2024, 220, 81), ("KOF", 2024, 341, 126), ("KLF", 2024, 161, 30),
)  # fmt: skip
COORDINATOR, VPC = "Elif Nordin", "Karin Ståhl, VPC"


def decisions(town: Town) -> list[tuple[str, ...]]:
    """Rows of malgrupp.csv: one of each kind, of some that are over and one that is to come."""

    def day(offset: int) -> str:
        return (town.today + dt.timedelta(days=offset)).isoformat()

    away, back = [job for job in town.jobs if job.unit == "UTB-G1-03" and job.ends_on is None][1:3]
    return [
        ("KLF-T-01", "", "", "ingår", "socialtjänst", day(-700), "", "", VPC),
        ("KLF-K-01", "", "Kommunvägledare", "ingår", "socialtjänst", day(-400), "", "", VPC),
        ("KOF-I", "", "Vaktmästare", "undantagen", "", day(-300), "", "Annan utbildning", VPC),
        ("UTB-F2-07", "", "", "undantagen", "", day(-500), day(-320), "Stängd för ombyggnad", COORDINATOR),
        ("UTB-F3-11", "", "", "undantagen", "", day(30), day(210), "Stängd för ombyggnad", COORDINATOR),
        ("", away.number, "", "undantagen", "", day(-60), day(90), "Föräldraledig", COORDINATOR),
        ("", back.number, "", "undantagen", "", day(-200), day(20), "Tjänstledig", COORDINATOR),
        (back.unit, back.number, "", "ingår", "", day(-30), "", "", COORDINATOR),
    ]


def measured_days(today: dt.date) -> list[dt.date]:
    """The last days of the half-years that are over, the earliest first."""
    ends = [
        dt.date(year, *end) for year in range(today.year - 4, today.year + 1) for end in (FIRST_HALF, YEAR)
    ]
    return [day for day in ends if day < today][-MEASUREMENTS:]


def freeze(session: Session, deed: Deed, curriculum: Curriculum) -> None:
    """Each measurement as if VPC had frozen it the day after its date."""
    vpc = next(str(FIRST_NUMBER + place) for place, one in enumerate(CAST) if one.role == AccessRole.VPC)
    actor = person(queries.person_by_number(session, vpc).person_id)
    for day in measured_days(deed.today):
        kind = "Årsuppföljning" if (day.month, day.day) == YEAR else "Halvårsuppföljning"
        then = Deed(actor, dt.datetime.combine(day, dt.time(9), dt.UTC) + dt.timedelta(days=1), day)
        name = f"{kind} {day.year}"
        measurement_actions.freeze_measurement(session, then, curriculum, day, THRESHOLD, name)


def set_goals(session: Session, deed: Deed) -> None:
    """The committees' own goals, one of them set higher since, and the surveys that VPC has typed in."""
    for department, percent, years in GOALS:
        goals.set_goal(
            session, deed, department, percent, dt.date(deed.today.year + years, *YEAR).isoformat()
        )
    for department, year, answered, yes in SURVEYS:
        goals.record_survey(session, deed, department, str(year), str(answered), str(yes))


def offer(session: Session, today: dt.date) -> None:
    """Whoever has begun was told a fortnight before; of the others, four of five this autumn."""
    begun = sa.union_all(
        sa.select(Attempt.person_id, Attempt.submitted_on.label("day")),
        sa.select(LessonCompletion.person_id, LessonCompletion.completed_on),
        sa.select(Completion.person_id, Completion.completed_on),
    ).subquery()
    first = sa.select(begun.c.person_id, sa.func.min(begun.c.day, type_=sa.Date)).group_by(begun.c.person_id)
    told = {id: day - TOLD_BEFORE for id, day in session.execute(first)}
    for id in session.scalars(sa.select(Person.id).order_by(Person.id)):
        if id % 5 or id <= len(CAST):
            told.setdefault(id, today - dt.timedelta(days=21 + id % 60))
    table = sa.table("person", sa.column("id", sa.Integer), sa.column("offered_on", sa.Date))
    rows = [{"of": id, "day": day} for id, day in told.items()]
    update = sa.update(table).where(table.c.id == sa.bindparam("of"))
    session.execute(update.values(offered_on=sa.bindparam("day")), rows)
