"""The columns of a report, told once: the CSV, the JSON, the spreadsheet and the data dictionary read them
(measure.md, "Files"; R43). Here are the coverage report's; another report has its own."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from elearn.people.models import LEVEL_WORDS, UnitKind
from elearn.reports.coverage import Coverage, UnitCoverage, percent
from elearn.reports.workbook import Cell, Kind, Sheet

Value: TypeAlias = str | int | bool | Decimal | dt.date | UnitKind | None
Report = TypeVar("Report")
Row = TypeVar("Row")


class Told(StrEnum):
    """In which rows of the public form a column is told; in the full form in every row."""

    ALWAYS = "always"
    UNLESS_HIDDEN = "unless-hidden"
    IN_FULL = "in-full"  # never in the public form


@dataclass(frozen=True, slots=True)
class Column(Generic[Report, Row]):
    """``name`` in the CSV and the spreadsheet, ``key`` in a row of the JSON (None: it stands once for the
    whole report there, or not at all), and what the data dictionary says that it means. Names and keys are
    for ever."""

    name: str
    key: str | None
    value: Callable[[Report, Row], Value]
    meaning: str
    kind: Kind = Kind.TEXT
    told: Told = Told.ALWAYS


COLUMNS: tuple[Column[Coverage, UnitCoverage], ...] = (
    Column("mätdatum", None, lambda report, _: report.on, "Dagen som siffrorna gäller.", Kind.DATE),
    Column("nivå", "level", lambda _, row: row.kind, "Förvaltning, område, enhet eller extern."),
    Column("enhetskod", "code", lambda _, row: row.code, "Enhetens kod i personalsystemet."),
    Column("enhet", "name", lambda _, row: row.name, "Enhetens namn."),
    Column("överordnad", "parent", lambda _, row: row.parent, "Koden för enheten närmast över."),
    Column("nämnd", "committee", lambda _, row: row.committee, "Nämnden som ansvarar."),
    Column(
        "anställda",
        "employees",
        lambda _, row: row.employees,
        "Personer med en aktiv anställning i enheten eller under den.",
        Kind.COUNT,
        Told.IN_FULL,
    ),
    Column(
        "målgrupp",
        "target",
        lambda _, row: row.target,
        "De av dem som ska ha kursen: de har en yrkesroll med en kurs, arbetar inte i en extern organisation "
        "och är inte undantagna.",
        Kind.COUNT,
        Told.UNLESS_HIDDEN,
    ),
    Column(
        "utbildade",
        "trained",
        lambda _, row: row.trained,
        "De i målgruppen som har en giltig kurs för varje jobb där.",
        Kind.COUNT,
        Told.UNLESS_HIDDEN,
    ),
    Column(
        "utgångna",
        "expired",
        lambda _, row: row.expired,
        "De som har gått kursen, men den gäller inte längre.",
        Kind.COUNT,
        Told.IN_FULL,
    ),
    Column(
        "påbörjade",
        "started",
        lambda _, row: row.started,
        "De som har börjat men inte är klara.",
        Kind.COUNT,
        Told.IN_FULL,
    ),
    Column(
        "ej påbörjade",
        "not_started",
        lambda _, row: row.not_started,
        "De som inte har börjat.",
        Kind.COUNT,
        Told.IN_FULL,
    ),
    Column(
        "andel",
        "percent",
        lambda _, row: row.percent,
        "Utbildade av målgruppen, i procent med en decimal. Tom om det inte finns någon målgrupp.",
        Kind.DECIMAL,
        Told.UNLESS_HIDDEN,
    ),
    Column(
        "säkerställd",
        "secured",
        lambda report, row: row.has_secured(report.threshold),
        "Ja, om andelen exakt räknat är minst lika stor som tröskeln.",
        told=Told.UNLESS_HIDDEN,
    ),
    Column(
        "tröskel",
        None,
        lambda report, _: percent(report.threshold),
        "Gränsen för att ha säkerställt kunskapen, i procent.",
        Kind.DECIMAL,
    ),
)
# Beside them in the spreadsheet. In the JSON the reasons stand together, as ``outside``.
MORE_COLUMNS: tuple[Column[Coverage, UnitCoverage], ...] = (
    Column(
        "erbjudna",
        "offered",
        lambda _, row: row.offered,
        "De i målgruppen som hade fått veta om utbildningen senast den dagen.",
        Kind.COUNT,
        Told.IN_FULL,
    ),
    Column(
        "undantagna",
        None,
        lambda _, row: row.exempt,
        "Utanför målgruppen: ett beslut undantar dem.",
        Kind.COUNT,
        Told.IN_FULL,
    ),
    Column(
        "externa",
        None,
        lambda _, row: row.external,
        "Utanför målgruppen: de arbetar i en extern organisation.",
        Kind.COUNT,
        Told.IN_FULL,
    ),
    Column(
        "yrkesroll utan kurs",
        None,
        lambda _, row: row.without_course,
        "Utanför målgruppen: deras yrkesroll har ingen kurs.",
        Kind.COUNT,
        Told.IN_FULL,
    ),
    Column(
        "utan yrkesroll",
        None,
        lambda _, row: row.without_role,
        "Utanför målgruppen: de har ingen yrkesroll.",
        Kind.COUNT,
        Told.IN_FULL,
    ),
)


def in_csv(value: Value) -> str:
    """A value as the CSV writes it: in Swedish, empty where there is none.

    >>> in_csv(Decimal("87.5")), in_csv(True), in_csv(None)
    ('87,5', 'ja', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, UnitKind):
        return LEVEL_WORDS[value]
    return decimal_comma(value) if isinstance(value, Decimal) else str(value)


def in_json(value: Value) -> str | int | float | bool | None:
    """A value as the JSON writes it."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, UnitKind | dt.date):
        return str(value)
    return value


def in_sheet(value: Value) -> Cell:
    """A value as a spreadsheet's cell has it: a level in Swedish, all else by its type."""
    return LEVEL_WORDS[value] if isinstance(value, UnitKind) else value


def sheet_of(name: str, columns: Iterable[Column[Report, Row]], report: Report, rows: Iterable[Row]) -> Sheet:
    """A report's rows as a sheet of a workbook."""
    asked = tuple(columns)
    return Sheet(name, asked, [[in_sheet(column.value(report, row)) for column in asked] for row in rows])


def decimal_comma(number: Decimal) -> str:
    return str(number).replace(".", ",")
