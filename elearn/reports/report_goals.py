"""A report's goals and surveys (R42): what the committees have set out to reach, and what the employees
answered themselves. They stand beside the figures and are in none of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from elearn import clock
from elearn.reports.committee_report import CommitteeReport
from elearn.reports.comparison import points
from elearn.reports.goals import Goal, Standing, Survey
from elearn.reports.report_sentences import HIDDEN
from elearn.reports.report_tables import Bar, Heading, Row, Table
from elearn.reports.suppression import is_forbidden
from elearn.reports.words import share_in_words, thousands, threshold_in_words

GOALS = (
    Heading("Förvaltning"),
    Heading("Mål", True),
    Heading("Senast"),
    Heading("Andel"),
    Heading("Läge"),
)
SURVEYS = (
    Heading("År"),
    Heading("Förvaltningar", True),
    Heading("Svarade", True),
    Heading("Ja", True),
    Heading("Andel"),
)


@dataclass(frozen=True, slots=True)
class SurveyYear:
    """The answers of a year, of so many departments together."""

    year: int
    department_count: int
    answered: int
    yes: int

    @property
    def share(self) -> Fraction:
        """Of those who answered."""
        return Fraction(self.yes, self.answered)


def with_goals(report: CommitteeReport, standings: Iterable[Standing]) -> CommitteeReport:
    """The report with what is known of its departments, in its order. In public without the answers of a
    department that point at persons: nothing is told of them, so nothing is left when others are
    subtracted."""
    by_code = {one.row.code: one for one in standings}
    own = []
    for branch in report.departments:
        if known := by_code.get(branch.row.code):
            told = tuple(survey for survey in known.surveys if _is_told(report, survey))
            own.append(replace(known, row=branch.row, surveys=told))
    return replace(report, standings=tuple(own))


def _is_told(report: CommitteeReport, survey: Survey) -> bool:
    return report.public is None or not is_forbidden(survey.answered, survey.yes, report.public.small_group)


def survey_years(report: CommitteeReport) -> list[SurveyYear]:
    """The answers of the report's departments together, by year."""
    every = [survey for one in report.standings for survey in one.surveys]
    years = sorted({survey.year for survey in every})
    of_year = [(year, [survey for survey in every if survey.year == year]) for year in years]
    return [
        SurveyYear(year, len(found), sum(one.answered for one in found), sum(one.yes for one in found))
        for year, found in of_year
    ]


def goals(report: CommitteeReport) -> Table | None:
    """Each department's own goal beside its share; None where none is set."""
    rows = tuple(_goal(report, one, one.goal) for one in report.standings if one.goal)
    return (
        Table("Nämndens mål", "Andel utbildade av målgruppen, bredvid målet.", GOALS, rows) if rows else None
    )


def surveys(report: CommitteeReport) -> Table | None:
    """The answers by year; None where there are none."""
    rows = tuple(
        Row(
            (
                str(one.year),
                thousands(one.department_count),
                thousands(one.answered),
                thousands(one.yes),
                share_in_words(one.share),
            ),
            bar=Bar(float(100 * one.share), None, True),
        )
        for one in survey_years(report)
    )
    note = (
        "Medarbetarnas egna svar i enkäten. De räknas inte in i någon annan siffra. År 2022 är nollmätningen."
    )
    return Table("Enkät: har du erbjudits utbildning?", note, SURVEYS, rows, is_wide=True) if rows else None


def _goal(report: CommitteeReport, one: Standing, goal: Goal) -> Row:
    told = (one.row.name, threshold_in_words(goal.share), clock.in_words(goal.by))
    if report.is_hidden(one.row):
        return Row((*told, HIDDEN, HIDDEN))
    bar = None
    if one.row.share is not None:
        bar = Bar(float(100 * one.row.share), float(100 * goal.share), bool(one.is_reached))
    return Row((*told, share_in_words(one.row.share), _state(one)), bar=bar)


def _state(one: Standing) -> str:
    if one.missing is None:
        return "Ingen målgrupp"
    return (
        "Målet nått" if one.missing <= 0 else f"{points(one.missing).removeprefix('+')} procentenheter kvar"
    )
