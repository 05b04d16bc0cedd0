"""A small municipality behind the pages, and people who are logged in."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn import clock, database
from elearn.app import create_app
from elearn.identity import actions, logins
from elearn.people.models import AccessRole, OrgUnit, Person, UnitKind
from elearn.settings import Settings
from tests import builders

KEY = "k3yThatIsLongEnough-0123456789-abcdefg"
TODAY = dt.date(2026, 11, 23)


@dataclass(frozen=True)
class Town:
    """The ids of everybody, by what they are."""

    people: dict[str, int]


def settings(url: str, courses: Path, **more: object) -> Settings:
    return Settings(database_url=url, courses_dir=courses, secret_key=KEY, **{"today": TODAY, **more})


def build(engine: sa.Engine) -> Town:
    """Two departments, three units, an external; one of each role, somebody else's unit, and one who has
    left."""
    with database.transaction(engine) as session:
        u = builders.unit(
            session, "U", UnitKind.DEPARTMENT, name="Utbildningsförvaltningen", committee="Utbildningsnämnden"
        )
        s = builders.unit(session, "S", UnitKind.DEPARTMENT, name="Socialförvaltningen")
        uf1 = builders.unit(session, "UF1", parent=u, job_role="förskola", name="Förskolan Ängen")
        uf2 = builders.unit(session, "UF2", parent=u, job_role="förskola", name="Förskolan Åsen")
        s1 = builders.unit(session, "S1", parent=s, job_role="socialtjänst", name="Mottagningen")
        x = builders.unit(session, "X", UnitKind.EXTERNAL, job_role="förskola", name="Jouren")
        places = {
            "employee": ("Sara", uf1),
            "manager": ("Johan", uf1),
            "coordinator": ("Elif", u),
            "vpc": ("Karin", s),
            "working-group": ("Per", s),
            "administrator": ("Mirjam", s),
            "auditor": ("Greta", s),
            "ex-employee": ("Leo", uf1),
            "neighbour": ("Nadja", uf2),
            "social": ("Mona", s1),
            "external": ("Vera", x),
        }
        people = {}
        for what, (first_name, at) in places.items():
            someone = builders.person(
                session, first_name, what.capitalize(), number=f"n-{what}", email=f"{what}@kommun.example"
            )
            ends_on = TODAY - dt.timedelta(days=1) if what == "ex-employee" else None
            builders.employ(session, someone, at, ends_on=ends_on)
            people[what] = someone.id
            if what == "manager":
                builders.manage(session, someone, uf1)
        for role in ("coordinator", "vpc", "working-group", "administrator", "auditor"):
            unit = "U" if role == "coordinator" else None
            actions.grant_role(
                session, builders.deed(now=clock.now(), today=TODAY), f"n-{role}", AccessRole(role), unit
            )
    return Town(people)


def add_units(engine: sa.Engine, manager_id: int, division_count: int = 8, unit_count: int = 240) -> None:
    """Divisions under the department U, which this person now manages, and units shared out among them: in
    unit n there work 1 + n % 3 persons, of whom the first n % 4 are trained (as many as there are)."""
    with database.transaction(engine) as session:
        department = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "U")).one()
        builders.manage(session, session.get_one(Person, manager_id), department)
        divisions = [
            builders.unit(session, f"D{number}", UnitKind.DIVISION, department, name=f"Område {number}")
            for number in range(division_count)
        ]
        for number in range(unit_count):
            above = divisions[number % division_count]
            place = builders.unit(session, f"N{number}", parent=above, job_role="förskola")
            for turn in range(1 + number % 3):
                someone = builders.person(session, f"P{turn}", f"I{number}", number=f"p{number}-{turn}")
                builders.employ(session, someone, place)
                if turn < number % 4:
                    builders.recognise(session, someone, "forskola", TODAY, TODAY.replace(year=2028))


def login(app: Flask, person_id: int) -> FlaskClient:
    """A client in a real login session."""
    client = app.test_client()
    with database.transaction(app.extensions["elearn"].engine) as session:
        token = logins.begin_session(session, person_id, clock.now())
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["seen_at"] = int(clock.now().timestamp())
    return client


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def as_seen(response: TestResponse) -> tuple[int, str, list[tuple[str, str]]]:
    """Everything that somebody can tell two answers apart by. A form's token is another one each time, the
    menu marks the part of the address that the reader has written, and the login's seconds run."""
    told = r'name="csrf_token" value="[^"]+"| aria-current="true"| data-seconds-left="\d+"'
    page = re.sub(told, "", response.text)
    headers = sorted(header for header in response.headers if header[0] != "Content-Length")
    return response.status_code, page, headers


def application(url: str, courses: Path, **more: object) -> Flask:
    return create_app(settings(url, courses, **more), as_planned=False)
