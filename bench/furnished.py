"""A municipality with everything that the follow-up pages show: decisions, three years of measurements,
meetings, and answers. Made by ``bench/large.py`` and the program's own actions."""

import datetime as dt
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from bench import decisions, large, pages
from elearn import clock, database
from elearn.app import create_app
from elearn.content.rendering import builder
from elearn.identity import actions
from elearn.journal.deed import Deed, operator
from elearn.people.models import AccessRole, Employment
from elearn.reports import measurement_actions
from elearn.reports.models import ChangeCount
from elearn.settings import Settings
from elearn.training import curriculum, meeting_actions
from elearn.training.meeting_actions import NewMeeting
from elearn.training.meeting_reach import EVERYTHING

THRESHOLD = Fraction(9, 10)
DECISIONS, MEETINGS, CAME = 100, 40, 30
MEASURED_DAYS_AGO = range(12 * 91, 0, -91)  # every quarter of three years
VPC = large.FIRST_NUMBER + 60


def make(url: str, persons: int, measured: range = MEASURED_DAYS_AGO) -> None:
    """Fill an empty database."""
    large.make(url, persons)
    with tempfile.TemporaryDirectory() as folder:
        decisions.decide(url, DECISIONS, Path(folder))
    engine = database.make_engine(url)
    deed = Deed(operator("bench"), clock.now(), clock.today())
    catalog = builder.read_catalog(large.COURSES)
    required = curriculum.from_catalog(catalog)
    with database.transaction(engine) as session:
        actions.grant_role(session, deed, str(VPC), AccessRole.VPC, None)
        for days in measured:
            day = deed.today - dt.timedelta(days=days)
            measurement_actions.freeze_measurement(session, deed, required, day, THRESHOLD)
        for number in range(MEETINGS):
            held_on = deed.today - dt.timedelta(days=5 + 17 * number)
            subjects = ("könsstympning", "våld i nära relationer")[: 1 + number % 2]
            new = NewMeeting(f"Temadag {number}", held_on, "Regionen", subjects, (f"D{number % 6}",))
            meeting_id = meeting_actions.register_meeting(session, deed, EVERYTHING, new)
            working = sa.select(Employment.person_id).where(Employment.starts_on <= held_on).distinct()
            some = session.scalars(working.order_by(Employment.person_id).offset(7 * number).limit(CAME))
            meeting_actions.record_attendance(session, deed, catalog, EVERYTHING, meeting_id, some)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def open_as_vpc(url: str) -> tuple[Flask, str]:
    """The server's application, and the cookie of somebody at VPC."""
    app = create_app(Settings(database_url=url, courses_dir=large.COURSES, secret_key=pages.KEY))
    with database.transaction(app.extensions["elearn"].engine) as session:
        client = pages.log_in(app, session, VPC)
        pages.record_answers(app, session)
    return app, pages.cookie_of(client)


def change(engine: database.Engine) -> None:
    """As a change of any row does: what was counted before it is counted anew."""
    with database.transaction(engine) as session:
        session.execute(sa.update(ChangeCount).values(count=ChangeCount.count + 1))


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]))
