"""The start page, which is the one next thing by role, and the course page."""

import contextlib
from enum import StrEnum

from flask import Blueprint, render_template

from elearn.errors import Refused
from elearn.people.access import Permission, reported_departments
from elearn.people.models import AccessRole
from elearn.reports.remembered import Report
from elearn.training import curriculum, overdue, start
from elearn.training.obligations import Terms
from elearn.training.overdue import ManagedPeople
from elearn.training.start import CourseCard, StartPage
from elearn.web import intro, menu
from elearn.web.pages import learn, report
from elearn.web.request import access, catalog, may, person_id, session, settings, today
from elearn.web.security import requires

blueprint = Blueprint("start", __name__)


class Panel(StrEnum):
    """What the start page asks for first. The first that holds is shown."""

    COURSE = "course"  # a required course, unfinished or to be renewed
    PEOPLE = "people"  # a manager's, of whom some are overdue
    MEASURE = "measure"  # for who follows the measure up
    COMMANDS = "commands"  # the administrator's work has no page
    DONE = "done"
    NOTHING = "nothing"  # no course is required


@blueprint.get("/")
@requires(Permission.TAKE_COURSES)
def start_page() -> str:
    page = start.start_page(session(), catalog(), learn.learner())
    menu.remember(page.own_course, has_certificates=bool(page.certificates))
    people, followed = managed_people(), followed_report()
    return render_template(
        "start/start.html",
        page=page,
        panel=panel_of(page, people, followed),
        people=people,
        followed=followed,
        is_whole=reported_departments(access()) is None,
        administers=AccessRole.ADMINISTRATOR in access().roles,
        **for_vpc(),
    )


def for_vpc() -> dict[str, object]:
    """What must be confirmed before everything is told to those who read."""
    if AccessRole.VPC not in access().roles:
        return {"missing": (), "undecided": ()}
    return {"missing": catalog().missing_contacts, "undecided": settings().undecided()}


@blueprint.get("/kurs/<slug>")
@requires(Permission.TAKE_COURSES)
def course_page(slug: str) -> str:
    return show_course(start.course_page(session(), catalog(), slug, learn.learner()))


def show_course(card: CourseCard) -> str:
    """The page of this course, with or without somebody who takes it."""
    course = card.course
    return render_template(
        "start/course.html",
        page=card,
        intro=intro.split(course.intro),
        terms=start.pass_terms(course),
    )


def managed_people() -> ManagedPeople | None:
    """How the visitor's own people stand; None for who manages nobody, and is not asked for."""
    if not may(Permission.SEE_OWN_UNITS):
        return None
    terms = Terms(today(), settings().due_days, settings().renewal_days)
    return overdue.managed_people(session(), curriculum.from_catalog(catalog()), person_id(), terms)


def followed_report() -> Report | None:
    """Today's coverage, or the latest measurement, as the visitor may see it; None for who may not, for whom
    nothing is counted, and where the measurement is no longer what was frozen: its own page says so."""
    if not may(Permission.SEE_COVERAGE):
        return None
    with contextlib.suppress(Refused):
        return report.report_on(today())
    return None


def panel_of(page: StartPage, people: ManagedPeople | None, followed: Report | None) -> Panel:
    """The one next thing: one's own course, then one's people, then what one follows up."""
    if page.next_card:
        return Panel.COURSE
    if people and people.overdue_count:
        return Panel.PEOPLE
    if followed:
        return Panel.MEASURE
    if AccessRole.ADMINISTRATOR in access().roles:
        return Panel.COMMANDS
    return Panel.DONE if page.done_until else Panel.NOTHING
