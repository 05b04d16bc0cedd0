"""The columns of the coverage report, told once: the CSV, the JSON and the page's list of what they mean read
them (measure.md, "Files")."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from elearn.people.models import LEVEL_WORDS, UnitKind
from elearn.reports.coverage import Coverage, UnitCoverage, percent

Value: TypeAlias = str | int | bool | Decimal | dt.date | UnitKind | None


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` in the CSV, ``key`` in a row of the JSON (None: it stands once for the whole report there),
    and what the page says that it means. Names and keys are for ever."""

    name: str
    key: str | None
    value: Callable[[Coverage, UnitCoverage], Value]
    meaning: str


COLUMNS = (
    Column("mätdatum", None, lambda report, _: report.on, "Dagen som siffrorna gäller."),
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
    ),
    Column(
        "målgrupp",
        "target",
        lambda _, row: row.target,
        "De av dem som ska ha kursen: de har en yrkesroll med en kurs, arbetar inte i en extern organisation "
        "och är inte undantagna.",
    ),
    Column(
        "utbildade",
        "trained",
        lambda _, row: row.trained,
        "De i målgruppen som har en giltig kurs för varje jobb där.",
    ),
    Column(
        "utgångna",
        "expired",
        lambda _, row: row.expired,
        "De som har gått kursen, men den gäller inte längre.",
    ),
    Column("påbörjade", "started", lambda _, row: row.started, "De som har börjat men inte är klara."),
    Column("ej påbörjade", "not_started", lambda _, row: row.not_started, "De som inte har börjat."),
    Column(
        "andel",
        "percent",
        lambda _, row: row.percent,
        "Utbildade av målgruppen, i procent med en decimal. Tom om det inte finns någon målgrupp.",
    ),
    Column(
        "säkerställd",
        "secured",
        lambda report, row: row.has_secured(report.threshold),
        "Ja, om andelen exakt räknat är minst lika stor som tröskeln.",
    ),
    Column(
        "tröskel",
        None,
        lambda report, _: percent(report.threshold),
        "Gränsen för att ha säkerställt kunskapen.",
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


def decimal_comma(number: Decimal) -> str:
    return str(number).replace(".", ",")
