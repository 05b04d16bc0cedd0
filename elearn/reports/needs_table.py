"""The columns of the kompetensförsörjningsplan, told once: CSV, JSON, XLSX and the list of what they mean
read them (R33, R43)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from elearn.reports.coverage import UnitCoverage, percent
from elearn.reports.forecast import MONTHS, Forecast
from elearn.reports.needs import CourseNeed, Need, Needs
from elearn.reports.table import Value
from elearn.reports.workbook import Kind


@dataclass(frozen=True)
class Plan:
    """What is needed today, and how coverage will stand: a forecast for each of ``MONTHS``."""

    needs: Needs
    forecasts: tuple[Forecast, ...]

    def lines(self) -> "Iterator[Line]":
        """Each OrgUnit in the order of the report: all roles together, then each course."""
        for row in self.needs.coverage.rows:
            yield Line(self, row, None)
            for course in self.needs.of(row).courses:
                yield Line(self, row, course)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the files. ``course`` None: all roles together."""

    plan: Plan
    row: UnitCoverage
    course: CourseNeed | None

    @property
    def need(self) -> Need:
        """The persons that the line counts."""
        return self.course.need if self.course else self.plan.needs.of(self.row).need

    @property
    def hours(self) -> Decimal:
        """How long the courses take that are lacking."""
        return hours(self.course.minutes if self.course else self.plan.needs.of(self.row).minutes)

    def ahead(self, place: int, *, is_renewed: bool) -> UnitCoverage | None:
        """The same OrgUnit on a day ahead; None where it is closed then, or the line is of one course."""
        forecast = self.plan.forecasts[place]
        report = forecast.if_renewed if is_renewed else forecast.if_nothing
        return None if self.course else report.by_id.get(self.row.unit_id)


def hours(minutes: int) -> Decimal:
    """Minutes as hours with one decimal, rounded half up.

    >>> hours(90), hours(93)
    (Decimal('1.5'), Decimal('1.6'))
    """
    return (Decimal(minutes) / 60).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class NeedColumn:
    """As ``table.Column``: ``name`` in CSV and XLSX, ``key`` in a row of the JSON (None: it stands once
    there). Names and keys are for ever."""

    name: str
    key: str | None
    value: Callable[[Line], Value]
    meaning: str
    kind: Kind = Kind.TEXT


def _ending(place: int, months: int) -> NeedColumn:
    return NeedColumn(
        f"går ut inom {months} månader",
        f"ending_in_{months}",
        lambda line: line.need.ending[place],
        f"De av de utbildade som inte har en giltig kurs om {months} månader, om de inte gör om den. Den som "
        "går ut tidigare räknas också här.",
        Kind.COUNT,
    )


def _share(place: int, months: int, *, is_renewed: bool) -> NeedColumn:
    def value(line: Line) -> Value:
        found = line.ahead(place, is_renewed=is_renewed)
        return found.percent if found else None

    words, key = _if(is_renewed)
    meaning = (
        f"Prognos: andelen utbildade om {months} månader, {words}. Bara för alla yrkesroller tillsammans."
    )
    name = f"andel om {months} månader, {words}"
    return NeedColumn(name, f"percent_in_{months}_{key}", value, meaning, Kind.DECIMAL)


def _secured(place: int, months: int, *, is_renewed: bool) -> NeedColumn:
    def value(line: Line) -> Value:
        found = line.ahead(place, is_renewed=is_renewed)
        return found.has_secured(line.plan.needs.coverage.threshold) if found else None

    words, key = _if(is_renewed)
    meaning = f"Prognos: om andelen då är minst lika stor som tröskeln, {words}."
    return NeedColumn(
        f"säkerställd om {months} månader, {words}", f"secured_in_{months}_{key}", value, meaning
    )


def _if(is_renewed: bool) -> tuple[str, str]:
    return ("om alla förnyar", "if_renewed") if is_renewed else ("om inget görs", "if_nothing")


GROUP = (
    NeedColumn(
        "mätdatum", None, lambda line: line.plan.needs.coverage.on, "Dagen som planen gäller.", Kind.DATE
    ),
    NeedColumn("nivå", "level", lambda line: line.row.kind, "Förvaltning, område, enhet eller extern."),
    NeedColumn("enhetskod", "code", lambda line: line.row.code, "Enhetens kod i personalsystemet."),
    NeedColumn("enhet", "name", lambda line: line.row.name, "Enhetens namn."),
    NeedColumn("överordnad", "parent", lambda line: line.row.parent, "Koden för enheten närmast över."),
    NeedColumn("nämnd", "committee", lambda line: line.row.committee, "Nämnden som ansvarar."),
)
COURSE = (
    NeedColumn(
        "yrkesroll",
        "job_roles",
        lambda line: ", ".join(line.course.job_roles) if line.course else None,
        "Yrkesrollen. Roller med samma kurs står tillsammans. Tom: alla roller, var person en gång.",
    ),
    NeedColumn(
        "kurs",
        "course",
        lambda line: line.course.course if line.course else None,
        "Kursen som rollen ska ha.",
    ),
)
NEEDED = (
    NeedColumn(
        "målgrupp", "target", lambda line: line.need.target, "Personer som ska ha kursen.", Kind.COUNT
    ),
    NeedColumn(
        "utbildade",
        "trained",
        lambda line: line.need.trained,
        "De av dem som har en giltig kurs för varje jobb där.",
        Kind.COUNT,
    ),
    NeedColumn(
        "saknar kursen",
        "lacking",
        lambda line: line.need.lacking,
        "Resten: de har inte gått kursen, eller också har den slutat gälla.",
        Kind.COUNT,
    ),
    *(_ending(place, months) for place, months in enumerate(MONTHS)),
    NeedColumn(
        "kurstimmar",
        "hours",
        lambda line: line.hours,
        "De som saknar kursen gånger kursens egen tid. Den som har gått den förut behöver bara göra om "
        "slutprovet, så tiden är det mesta som behövs.",
        Kind.DECIMAL,
    ),
)
AHEAD = (
    NeedColumn(
        "andel",
        "percent",
        lambda line: None if line.course else line.row.percent,
        "Utbildade av målgruppen i dag, i procent med en decimal.",
        Kind.DECIMAL,
    ),
    *(
        column(place, months, is_renewed=is_renewed)
        for place, months in enumerate(MONTHS)
        for is_renewed in (False, True)
        for column in (_share, _secured)
    ),
    NeedColumn(
        "tröskel",
        None,
        lambda line: percent(line.plan.needs.coverage.threshold),
        "Gränsen för att ha säkerställt kunskapen.",
        Kind.DECIMAL,
    ),
)
COLUMNS = (*GROUP, *COURSE, *NEEDED, *AHEAD)
