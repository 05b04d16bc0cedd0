"""The tables of a printed report, every cell as the text that stands there."""

from dataclasses import dataclass
from fractions import Fraction

from elearn import clock
from elearn.people.models import UnitKind
from elearn.reports import report_sentences
from elearn.reports.charts import Trend
from elearn.reports.committee_report import CommitteeReport, InNeed
from elearn.reports.coverage import UnitCoverage
from elearn.reports.report_sentences import HIDDEN
from elearn.reports.suppression import PublicMeasure
from elearn.reports.tree import Branch
from elearn.reports.words import share_in_words, thousands, threshold_in_words


@dataclass(frozen=True, slots=True)
class Heading:
    """A column. The first one of a table names its rows; numbers stand to the right."""

    name: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A share drawn under its figure, in percent. ``limit``: the threshold's line, or None."""

    share: float
    limit: float | None
    is_reached: bool


@dataclass(frozen=True, slots=True)
class Row:
    """``level``: how far its name is indented. ``bar``: drawn in the column of shares, if there is one."""

    cells: tuple[str, ...]
    level: int = 0
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """``note``: a sentence below the caption. ``rest``: a sentence about what is left out, after the rows.
    ``is_bold``: whether the names at the top level stand out. ``is_wide``: whether the shares have the room
    and not the names."""

    caption: str
    note: str
    columns: tuple[Heading, ...]
    rows: tuple[Row, ...]
    rest: str = ""
    is_bold: bool = False
    is_wide: bool = False


SHARE = Heading("Andel")
LIMITS = (Heading("Gräns"), Heading("Förvaltningar", True), Heading("Enheter", True), SHARE)
TREND = (Heading("Dag"), Heading("Mätning"), Heading("Antal", True), SHARE)
DEPARTMENTS = (
    Heading("Namn"),
    Heading("Enheter som når gränsen", True),
    Heading("Målgrupp", True),
    Heading("Erbjudna", True),
    Heading("Utbildade", True),
    SHARE,
    Heading("Läge"),
)
IN_NEED = (
    Heading("Enhet"),
    Heading("Hör till"),
    Heading("Målgrupp", True),
    Heading("Utbildade", True),
    SHARE,
    Heading("Saknas till gränsen", True),
)


def limits(report: CommitteeReport) -> Table | None:
    """The measure at the chosen threshold and at 80, 90 and 100 % (measure.md, rule 8); None where nobody
    has a target group and where nothing is told exactly."""
    single, coverage = report.single is not None, report.coverage
    if all(report.counted(tallies).share is None for _, tallies in report.sensitivity):
        return None
    return Table(
        "Så blir måttet med en annan gräns",
        "Andelen enheter." if single else "Andelen förvaltningar och enheter tillsammans.",
        tuple(column for column in LIMITS if not single or column.name != "Förvaltningar"),
        tuple(_limit(at, measure, at == coverage.threshold, single) for at, measure in report.sensitivity),
        is_wide=True,
    )


def trend(trend: Trend, most: int) -> Table:
    """The points of a trend, the latest at most so many, by day."""
    points = [spot.point for spot in trend.spots]
    rows = [(point, point.name) for point in points] + (
        [(trend.live.point, "I dag, inte fryst")] if trend.live else []
    )
    return Table(
        "Utveckling",
        trend.sentence,
        TREND,
        tuple(
            Row(
                (
                    clock.in_words(point.on),
                    name,
                    f"{thousands(point.part)} av {thousands(point.whole)}",
                    point.shown,
                ),
                bar=Bar(float(100 * point.share), None, True),
            )
            for point, name in rows[-most:]
        ),
        is_wide=True,
    )


def departments(report: CommitteeReport, most: int) -> Table:
    """The departments; where there is a single one also the divisions directly below it, if they are at most
    so many."""
    limit = threshold_in_words(report.coverage.threshold)
    shown = [one for one in report.branches if one.row.kind == UnitKind.DEPARTMENT or _is_division(one)]
    has_divisions = report.single is not None and 0 < len(shown) - len(report.departments) <= most
    caption = "Förvaltningen" if report.single else "Förvaltningar"
    return Table(
        "Förvaltning och områden" if has_divisions else caption,
        f"Strecket i stapeln är gränsen, {limit}.",
        tuple(column for column in DEPARTMENTS if not report.public or column.name != "Erbjudna"),
        tuple(_department(one, report) for one in (shown if has_divisions else report.departments)),
        is_bold=has_divisions,
    )


def in_need(report: CommitteeReport, most: int) -> Table | None:
    """The units that have not secured the knowledge, at most so many; None where every one has."""
    found = report.in_need
    if not found:
        return None
    return Table(
        "Enheter som behöver stöd",
        f"{_units_in_need(len(found), report)} Lägst andel står först.",
        IN_NEED,
        tuple(_in_need(one, report.coverage.threshold) for one in found[:most]),
        rest(report, most),
    )


def rest(report: CommitteeReport, shown: int) -> str:
    """A sentence about the units that have not secured the knowledge and are not shown; empty when all
    are."""
    left = len(report.in_need) - shown
    if left <= 0:
        return ""
    units = "enhet" if left == 1 else "enheter"
    return (
        f"Ytterligare {thousands(left)} {units} har inte nått gränsen. Alla finns i rapporten som kalkylblad."
    )


def _limit(at: Fraction, measure: PublicMeasure, is_chosen: bool, single: bool) -> Row:
    bounds = measure.units if single else measure.both
    counts = [measure.units] if single else [measure.departments, measure.units]
    name = threshold_in_words(at) + (", vald gräns" if is_chosen else "")
    bar = Bar(float(100 * bounds.share), None, is_chosen) if bounds.share is not None else None
    return Row(
        (
            name,
            *map(report_sentences.tally, counts),
            HIDDEN if bounds.secured is None else share_in_words(bounds.share),
        ),
        bar=bar,
    )


def _is_division(branch: Branch) -> bool:
    return branch.row.kind == UnitKind.DIVISION and branch.row.depth == 1


def _department(branch: Branch, report: CommitteeReport) -> Row:
    row, below = branch.row, report.units_below(branch)
    units = report_sentences.tally(below) if below.with_target else "–"
    state = "Område" if row.kind == UnitKind.DIVISION else _state(row, report.coverage.threshold)
    counts = [row.target, row.trained] if report.public else [row.target, row.offered, row.trained]
    if report.is_hidden(row):
        return Row((row.name, *[HIDDEN] * (len(counts) + 3)), row.depth)
    return Row(
        (row.name, units, *map(thousands, counts), share_in_words(row.share), state),
        row.depth,
        _bar(row, report.coverage.threshold),
    )


def _state(row: UnitCoverage, threshold: Fraction) -> str:
    has_secured = row.has_secured(threshold)
    return "Ingen målgrupp" if has_secured is None else "Säkerställt" if has_secured else "Inte än"


def _in_need(one: InNeed, threshold: Fraction) -> Row:
    row = one.row
    figures = (
        thousands(row.target),
        thousands(row.trained),
        share_in_words(row.share),
        thousands(one.missing),
    )
    return Row((row.name, one.place, *figures), bar=_bar(row, threshold))


def _bar(row: UnitCoverage, threshold: Fraction) -> Bar | None:
    if row.share is None:
        return None
    return Bar(float(100 * row.share), float(100 * threshold), bool(row.has_secured(threshold)))


def _units_in_need(count: int, report: CommitteeReport) -> str:
    units = "En enhet" if count == 1 else f"{thousands(count)} enheter"
    if report.public and report.public.hidden:
        return f"{units} av dem vars siffror visas har inte nått gränsen."
    return f"{units} har inte nått gränsen."
