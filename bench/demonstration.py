"""The demonstration as the walk and the screenshots use it: a server of its own, a browser, and people who
are made as they are needed."""

import datetime as dt
import itertools
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from elearn import clock, database
from elearn.content.catalog import Catalog
from elearn.content.course import Course
from elearn.content.rendering import builder
from elearn.identity import passwords
from elearn.people.models import OrgUnit, Person, UnitKind
from tests import browsing, builders
from tests.browsing import PASSWORD, PHONE
from tests.conftest import FLAGS
from tests.web import town

SARA, JOHAN, ELIF, KARIN, PER, MIRJAM = (str(number) for number in range(100_001, 100_007))
WORKPLACE = "UTB-F1-01"
COURSES = Path(__file__).parent.parent / "courses"


@dataclass
class Demonstration:
    """A running one. ``browser`` is Chromium."""

    address: str
    engine: sa.Engine
    browser: Browser
    catalog: Catalog
    password_hash: str = field(default_factory=lambda: passwords.hash_password(PASSWORD))
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @contextmanager
    def page(self, number: str | None = None, viewport: ViewportSize = PHONE) -> Iterator[Page]:
        """A browser of its own (nothing in its cache but what the login loads), logged in if a number is
        given."""
        context = self.browser.new_context(viewport=viewport, locale="sv-SE")
        try:
            page = context.new_page()
            if number:
                browsing.log_in(page, self.address, number)
            yield page
        finally:
            context.close()

    def newcomer(self, course: Course | None = None, first_name: str = "Nima") -> str:
        """The number of somebody who has done nothing, in a job that asks for this course."""
        with database.transaction(self.engine) as session:
            place = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == WORKPLACE)).one()
            number = f"ny-{next(self.numbers)}"
            someone = builders.person(session, first_name, "Sandberg", number=number)
            someone.password_hash = self.password_hash
            builders.employ(session, someone, place, job_role=course.job_roles[0] if course else None)
        return number

    def holder(self, slug: str, until_days: int) -> str:
        """The number of somebody whose certificate ends in so many days (negative: has ended)."""
        number = self.newcomer(self.catalog.courses[slug], "Mehmet")
        today = clock.today()
        with database.transaction(self.engine) as session:
            someone = session.scalars(sa.select(Person).where(Person.number == number)).one()
            until = today + dt.timedelta(days=until_days)
            builders.recognise(session, someone, slug, until.replace(year=until.year - 2), until)
        return number

    def manager_of_many(self) -> str:
        """The number of a manager of 240 units in eight divisions."""
        number = self.newcomer(first_name="Hanna")
        with database.transaction(self.engine) as session:
            builders.unit(session, "U", UnitKind.DEPARTMENT, name="Stadsdelsförvaltningen")
            person_id = session.scalars(sa.select(Person.id).where(Person.number == number)).one()
        town.add_units(self.engine, person_id)
        return number


@contextmanager
def running() -> Iterator[Demonstration]:
    """A demonstration with a database in a temporary folder, and a browser."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not executable:
        sys.exit("Chromium is needed: apt install chromium")
    with tempfile.TemporaryDirectory() as folder, browsing.demonstration(Path(folder)) as address:
        engine = database.make_engine(f"sqlite:///{Path(folder) / browsing.DATABASE}")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
            yield Demonstration(address, engine, browser, builder.read_catalog(COURSES))
            browser.close()
        engine.dispose()
