"""The aktivitetslista with its status: the figures are those of the needs, of the committees that answer."""

import csv
import datetime as dt
import io
from fractions import Fraction

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from elearn.content.activities import Activity, Organiser
from elearn.content.prose import NOTHING
from elearn.people.models import UnitKind
from elearn.reports import activities_files
from elearn.reports.activities import ActivityStatus, statuses
from elearn.reports.needs import Needs, needs
from tests import builders

TODAY = dt.date(2026, 11, 30)
LIMIT = Fraction(1, 2)


def activity(
    *courses: str,
    lead: str = "",
    committees: tuple[str, ...] = (),
    organiser: Organiser | None = None,
    is_education: bool = True,
) -> Activity:
    return Activity(
        "=Alla utbildas",
        NOTHING,
        "4.4",
        lead,
        committees,
        "",
        courses,
        "Andelen.",
        is_education,
        organiser,
        "planen",
        TODAY,
        "",
    )


@pytest.fixture
def counted(session: Session) -> Needs:
    """Three departments of two committees: in U one of two has forskola, nobody skola; in V and in K, which has
    no committee, nobody has forskola."""
    for code, committee, roles in (
        ("U", "Utbildningsnämnden", ("förskola", "förskola", "skola")),
        ("V", "Socialnämnden", ("förskola",)),
        ("K", None, ("förskola",)),
    ):
        top = builders.unit(session, code, UnitKind.DEPARTMENT, committee=committee)
        for number, role in enumerate(roles):
            someone = builders.person(session)
            builders.employ(session, someone, top, role)
            if (code, number) == ("U", 0):
                builders.recognise(session, someone, "forskola", dt.date(2026, 1, 1), dt.date(2028, 1, 1))
    required = builders.curriculum({"förskola": "forskola", "skola": "skola"})
    return needs(session, required, {"forskola": 10, "skola": 10}, LIMIT, TODAY)


def status(counted: Needs, one: Activity) -> ActivityStatus:
    [found] = statuses([one], counted, 2, 3)
    return found


def told(found: ActivityStatus) -> list[tuple[str, str, int, int]]:
    return [
        (one.department.code, one.course.course, one.course.need.trained, one.course.need.target)
        for one in found.progress
    ]


def test_the_figures_are_those_of_the_committees_that_answer(counted: Needs) -> None:
    own = status(counted, activity("forskola", lead="utbildningsnämnden "))
    assert told(own) == [("U", "forskola", 1, 2)]
    assert own.progress[0].has_secured(Fraction(1, 2))
    assert not own.progress[0].has_secured(Fraction(51, 100))
    both = status(counted, activity("forskola", lead="Socialnämnden", committees=("Utbildningsnämnden",)))
    assert told(both) == [("U", "forskola", 1, 2), ("V", "forskola", 0, 1)]
    everybody = status(counted, activity("forskola", "skola", committees=("samtliga nämnder",)))
    assert told(everybody) == [
        ("K", "forskola", 0, 1),
        ("U", "forskola", 1, 2),
        ("U", "skola", 0, 1),
        ("V", "forskola", 0, 1),
    ]


def test_who_arranges_is_told_by_all_departments_that_have_the_course(counted: Needs) -> None:
    assert status(counted, activity("forskola", lead="Socialnämnden")).organiser == Organiser.VPC
    assert status(counted, activity("skola", lead="Socialnämnden")).organiser == Organiser.COMMITTEE
    named = activity(committees=("A", "B"))
    assert (status(counted, named).department_count, status(counted, named).organiser) == (
        2,
        Organiser.TOGETHER,
    )
    assert status(counted, activity(committees=("samtliga nämnder",))).department_count == 3
    assert status(counted, activity(lead="A", is_education=False)).organiser is None


def test_another_organiser_than_the_rule_s_is_told(counted: Needs) -> None:
    assert status(counted, activity("forskola", organiser=Organiser.TOGETHER)).is_arranged_otherwise
    assert not status(counted, activity("forskola", organiser=Organiser.VPC)).is_arranged_otherwise
    assert not status(counted, activity("forskola")).is_arranged_otherwise


def test_what_has_no_figure_says_so_and_the_files_say_the_same(counted: Needs) -> None:
    listed = [activity("forskola", committees=("samtliga nämnder",)), activity(lead="Socialnämnden")]
    found = statuses(listed, counted, 2, 3)
    data = activities_files.to_file(found, LIMIT, "csv", "Botkyrka kommun").decode("utf-8-sig")
    rows = [*csv.DictReader(io.StringIO(data), delimiter=";")]
    names = "förvaltning", "målgrupp", "utbildade", "andel", "status", "ska arrangeras av"
    assert [[row[name] for name in names] for row in rows] == [
        ["Enhet K", "1", "0", "0,0", "inte säkerställt", "VPC"],
        ["Enhet U", "2", "1", "50,0", "säkerställt", "VPC"],
        ["Enhet V", "1", "0", "0,0", "inte säkerställt", "VPC"],
        ["", "", "", "", "ingen siffra", "nämnden"],
    ]
    assert rows[0]["aktivitet"] == "'=Alla utbildas"  # no spreadsheet runs it
    book = activities_files.to_file(found, LIMIT, "xlsx", "Botkyrka kommun")
    header, *cells = (
        CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name("Aktiviteter").to_python()
    )
    assert header == [*rows[0]]
    assert [row[header.index("andel")] for row in cells] == [0.0, 50.0, 0.0, ""]
    assert cells[0][header.index("aktivitet")] == "=Alla utbildas"
