"""The report as a spreadsheet: the same data set as the PDF, with every row."""

from dataclasses import replace

from elearn.reports import export, report_goals, report_sentences, report_trend
from elearn.reports.charts import Point
from elearn.reports.committee_report import CommitteeReport, InNeed
from elearn.reports.coverage import Coverage, percent
from elearn.reports.goals import Standing
from elearn.reports.report_goals import SurveyYear
from elearn.reports.report_sentences import HIDDEN
from elearn.reports.table import Column, sheet_of
from elearn.reports.workbook import About, Cell, Kind, write_workbook

IN_NEED_COLUMNS: tuple[Column[Coverage, InNeed], ...] = (
    Column("enhetskod", None, lambda _, one: one.row.code, "Enhetens kod i personalsystemet."),
    Column("enhet", None, lambda _, one: one.row.name, "Enhetens namn."),
    Column("hör till", None, lambda _, one: one.place, "Området eller förvaltningen närmast över enheten."),
    Column("målgrupp", None, lambda _, one: one.row.target, "De som ska ha kursen.", Kind.COUNT),
    Column(
        "utbildade",
        None,
        lambda _, one: one.row.trained,
        "De i målgruppen som har giltigt intyg.",
        Kind.COUNT,
    ),
    Column(
        "andel", None, lambda _, one: one.row.percent, "Utbildade av målgruppen, i procent.", Kind.DECIMAL
    ),
    Column(
        "saknas till gränsen",
        None,
        lambda _, one: one.missing,
        "Så många fler som behöver ha giltigt intyg för att enheten ska ha säkerställt kunskapen.",
        Kind.COUNT,
    ),
)
GOAL_COLUMNS: tuple[Column[CommitteeReport, Standing], ...] = (
    Column("förvaltning", None, lambda _, one: one.row.name, "Förvaltningens namn."),
    Column(
        "mål",
        None,
        lambda _, one: percent(one.goal.share) if one.goal else None,
        "Nämndens eget mål för andelen utbildade av målgruppen, i procent.",
        Kind.DECIMAL,
    ),
    Column(
        "senast",
        None,
        lambda _, one: one.goal.by if one.goal else None,
        "Dagen då målet ska vara nått.",
        Kind.DATE,
    ),
    Column(
        "andel",
        None,
        lambda report, one: HIDDEN if report.is_hidden(one.row) else one.row.percent,
        "Utbildade av målgruppen, i procent.",
        Kind.DECIMAL,
    ),
)
SURVEY_COLUMNS: tuple[Column[None, SurveyYear], ...] = (
    Column("år", None, lambda _, one: one.year, "Året då enkäten gjordes. År 2022 är nollmätningen."),
    Column(
        "förvaltningar",
        None,
        lambda _, one: one.department_count,
        "Hur många förvaltningar som svaren är från.",
        Kind.COUNT,
    ),
    Column("svarade", None, lambda _, one: one.answered, "Hur många som svarade i enkäten.", Kind.COUNT),
    Column("ja", None, lambda _, one: one.yes, "Hur många av dem som hade erbjudits utbildning.", Kind.COUNT),
    Column(
        "andel ja", None, lambda _, one: percent(one.share), "Ja av dem som svarade, i procent.", Kind.DECIMAL
    ),
)
TREND_COLUMNS: tuple[Column[None, Point], ...] = (
    Column("mätdatum", None, lambda _, point: point.on, "Dagen som siffrorna gäller.", Kind.DATE),
    Column(
        "mätning", None, lambda _, point: point.name, "Mätningens namn; tomt för siffror som inte är frysta."
    ),
    Column(
        "säkerställda",
        None,
        lambda _, point: point.part,
        "Hur många som hade säkerställt kunskapen, alla dagar räknat med rapportens tröskel.",
        Kind.COUNT,
    ),
    Column(
        "med målgrupp",
        None,
        lambda _, point: point.whole,
        "Hur många som hade någon i målgruppen.",
        Kind.COUNT,
    ),
    Column("andel", None, lambda _, point: percent(point.share), "Säkerställda, i procent.", Kind.DECIMAL),
)


def to_xlsx(report: CommitteeReport) -> bytes:
    """Sheets with every row of the coverage, the measure at each threshold, the units that have not secured
    the knowledge and, where there are any, the trend, the goals and the surveys; and one with what everything
    means."""
    sheets = export.sheets(report.public or report.coverage)
    sheets.append(sheet_of("Behöver stöd", IN_NEED_COLUMNS, report.coverage, report.in_need))
    trend = report_trend.trend(report, report_sentences.subject(report))
    if trend:
        points = [spot.point for spot in (*trend.spots, *([trend.live] if trend.live else []))]
        sheets.append(sheet_of("Utveckling", TREND_COLUMNS, None, points))
    with_goal = [one for one in report.standings if one.goal]
    if with_goal:
        sheets.append(sheet_of("Mål", GOAL_COLUMNS, report, with_goal))
    if years := report_goals.survey_years(report):
        sheets.append(sheet_of("Enkät", SURVEY_COLUMNS, None, years))
    return write_workbook(_about(report), sheets)


def _about(report: CommitteeReport) -> About:
    origin = report.origin
    about = export.about(report.name, origin.municipality, report.public or report.coverage)
    facts: list[tuple[str, Cell]] = [("Framtagen", origin.made_on), ("Av", origin.made_by)]
    if origin.frozen:
        facts += [
            ("Mätning", origin.frozen.name),
            ("Fryst", origin.frozen.frozen_on),
            ("Kontrollsumma", origin.frozen.checksum),
        ]
    notes = (report_sentences.measure(report), report_sentences.source(report))
    return replace(about, facts=(*about.facts, *facts), notes=(*notes, *about.notes))
